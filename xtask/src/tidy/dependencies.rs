//! A dependency that no package uses is one to download, to audit and to explain for nothing.

use super::Fault;
use crate::tree::Member;

const SECTION: &str = "[workspace.dependencies]";

/// Finds dependencies of the workspace that no package names. `manifest` is the root's.
pub(crate) fn check(manifest: &str, members: &[Member]) -> Vec<Fault> {
    named(manifest)
        .filter(|(_, name)| !members.iter().any(|member| uses(member, name)))
        .map(|(line, name)| {
            Fault::new(
                "Cargo.toml",
                line,
                format!("no package uses {name}; remove it from {SECTION}"),
            )
        })
        .collect()
}

fn uses(member: &Member, name: &str) -> bool {
    member.dependencies.iter().any(|used| used == name)
}

/// The names under the workspace's dependencies, each with its line.
fn named(manifest: &str) -> impl Iterator<Item = (usize, &str)> {
    manifest
        .lines()
        .enumerate()
        .skip_while(|(_, line)| line.trim() != SECTION)
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('['))
        .filter(|(_, line)| !line.starts_with('#'))
        .filter_map(|(at, line)| Some((at + 1, line.split_once('=')?.0.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "\
[workspace.dependencies]
# Others'.
serde = { version = \"1\", features = [\"derive\"] }
left-pad = \"1\"

[profile.dev]
debug = 1
";

    fn user_of(names: &[&str]) -> Member {
        Member {
            folder: "a".to_owned(),
            package: "a".to_owned(),
            is_library: true,
            dependencies: names.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    #[test]
    fn a_dependency_that_nobody_uses_is_refused() {
        let faults = check(MANIFEST, &[user_of(&["serde"])]);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].to_string().starts_with("Cargo.toml:4: no package uses left-pad"));
    }

    #[test]
    fn dependencies_that_are_used_are_accepted() {
        assert_eq!(check(MANIFEST, &[user_of(&["serde"]), user_of(&["left-pad"])]), []);
    }
}
