//! A dependency is used by those who name it, and its reason is written down.
//!
//! One that nobody uses is one to download, to audit and to explain for nothing.

use super::{Fault, markdown};
use crate::tree::{Member, Text};

const SECTION: &str = "[workspace.dependencies]";

/// Where the reasons stand.
pub(crate) const REASONS: &str = "docs/decisions/0001-dependencies.md";

/// Finds dependencies of the workspace that no package names. `manifest` is the root's.
pub(crate) fn unused(manifest: &str, members: &[Member]) -> Vec<Fault> {
    named(manifest)
        .filter(|(_, name, _)| !members.iter().any(|member| uses(member, name)))
        .map(|(line, name, _)| {
            let what = format!("no package uses {name}; remove it from {SECTION}");
            Fault::new("Cargo.toml", line, what)
        })
        .collect()
}

/// Finds dependencies that a package names in its manifest and nowhere in its code.
pub(crate) fn idle(members: &[Member], texts: &[Text]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for member in members {
        let code: Vec<&str> = texts
            .iter()
            .filter(|text| text.path.ends_with(".rs") && member.holds(&text.path))
            .map(|text| text.text.as_str())
            .collect();
        for needed in &member.dependencies {
            let word = needed.key.replace('-', "_");
            if !code.iter().any(|text| mentions(text, &word)) {
                let what = format!("{} never says {word}; remove the dependency", member.package);
                faults.push(Fault::new(&member.manifest, needed.line, what));
            }
        }
    }
    faults
}

fn mentions(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}

/// Compares others' packages in `manifest` with the table in `reasons`, both ways.
pub(crate) fn unexplained(manifest: &str, reasons: &str) -> Vec<Fault> {
    let others: Vec<(usize, &str)> = named(manifest)
        .filter(|(_, _, value)| !value.contains("path ="))
        .map(|(line, name, _)| (line, name))
        .collect();
    let explained: Vec<(usize, String)> = markdown::table_under(reasons, "# 0001 Dependencies")
        .iter()
        .filter_map(|(line, cells)| Some((*line, markdown::code(cells.first()?))))
        .flat_map(|(line, names)| names.into_iter().map(move |name| (line, name)))
        .collect();
    let missing = others
        .iter()
        .filter(|(_, name)| !explained.iter().any(|(_, known)| known == name))
        .map(|(line, name)| {
            let what = format!("{name} has no reason; add a row to {REASONS}");
            Fault::new("Cargo.toml", *line, what)
        });
    let stale = explained
        .iter()
        .filter(|(_, name)| !others.iter().any(|(_, known)| known == name))
        .map(|(line, name)| {
            Fault::new(REASONS, *line, format!("{name} is no dependency; remove it from the table"))
        });
    missing.chain(stale).collect()
}

fn uses(member: &Member, name: &str) -> bool {
    member.dependencies.iter().any(|used| used.key == name)
}

/// The entries under the workspace's dependencies: line, name, value.
fn named(manifest: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    manifest
        .lines()
        .enumerate()
        .skip_while(|(_, line)| line.trim() != SECTION)
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('['))
        .filter(|(_, line)| !line.starts_with('#'))
        .filter_map(|(at, line)| {
            let (name, value) = line.split_once('=')?;
            Some((at + 1, name.trim(), value))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Dependency;

    const MANIFEST: &str = "\
[workspace.dependencies]
# Others'.
serde = { version = \"1\", features = [\"derive\"] }
left-pad = \"1\"

[profile.dev]
debug = 1
";

    fn dependency(name: &str) -> Dependency {
        Dependency { package: name.to_owned(), key: name.to_owned(), line: 1 }
    }

    fn user_of(names: &[&str]) -> Member {
        Member {
            folder: "a".to_owned(),
            package: "a".to_owned(),
            is_library: true,
            manifest: "a/Cargo.toml".to_owned(),
            dependencies: names.iter().map(|&name| dependency(name)).collect(),
        }
    }

    #[test]
    fn a_dependency_that_nobody_uses_is_refused() {
        let faults = unused(MANIFEST, &[user_of(&["serde"])]);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].to_string().starts_with("Cargo.toml:4: no package uses left-pad"));
    }

    #[test]
    fn dependencies_that_are_used_are_accepted() {
        assert_eq!(unused(MANIFEST, &[user_of(&["serde"]), user_of(&["left-pad"])]), []);
    }

    const REASON: &str =
        "# 0001 Dependencies\n\n| dependency | why |\n|---|---|\n| `serde` | – |\n";

    #[test]
    fn a_dependency_that_the_code_never_names_is_refused() {
        let code = |text: &str| [Text { path: "a/src/lib.rs".to_owned(), text: text.to_owned() }];
        let member = [user_of(&["left-pad"])];
        assert_eq!(idle(&member, &code("use left_pad::pad;")), []);
        assert_eq!(idle(&member, &code("#[left_pad::main]")), []);
        let faults = idle(&member, &code("use left_padding;"));
        assert_eq!(faults.len(), 1);
        assert!(faults[0].to_string().starts_with("a/Cargo.toml:1: a never says left_pad"));
    }

    #[test]
    fn a_dependency_without_a_reason_is_refused() {
        let faults = unexplained(MANIFEST, REASON);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].to_string().starts_with("Cargo.toml:4: left-pad has no reason"));
    }

    #[test]
    fn a_reason_without_a_dependency_is_refused() {
        let reasons = format!("{REASON}| `left-pad`, `is-odd` | – |\n");
        let faults = unexplained(MANIFEST, &reasons);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].to_string().contains(":6: is-odd is no dependency"));
    }

    #[test]
    fn our_own_packages_need_no_reason() {
        let manifest = "[workspace.dependencies]\nhub = { path = \"hub\" }\n";
        assert_eq!(unexplained(manifest, ""), []);
    }
}
