//! Documents name what exists, and the two READMEs stay short and true.

use super::{
    Fault,
    markdown::{self, Piece},
};
use crate::tree::Tree;

/// How the words of a language are counted.
type WordCount = fn(&str) -> usize;

/// The READMEs, each with the count of its language.
const READMES: [(&str, WordCount); 2] = [("README.md", words_ja), ("README.en.md", words_en)];

/// Longer, and nobody reads to the end.
const README_WORDS_MAX: usize = 600;

/// Ends of names that are files of a repository wherever they are named.
const EXTENSIONS: [&str; 6] = ["rs", "md", "toml", "tsv", "feature", "sh"];

/// Checks every Markdown file, and the READMEs against the manifest and `.ci/run`.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let documents = tree.texts.iter().filter(|text| text.path.ends_with(".md"));
    let mut faults: Vec<Fault> =
        documents.flat_map(|document| names(tree, &document.path, &document.text)).collect();
    let script = tree.text(".ci/run").unwrap_or_default();
    let manifest = tree.text("Cargo.toml").unwrap_or_default();
    for (path, words) in READMES {
        let Some(readme) = tree.text(path) else {
            faults.push(Fault::new(path, 1, "is missing; write it"));
            continue;
        };
        faults.extend(length(path, words(readme)));
        faults.extend(test_command(path, readme, script));
        faults.extend(rust_version(path, readme, manifest));
    }
    faults
}

/// Links and names that lead nowhere.
fn names(tree: &Tree, path: &str, document: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (line, piece) in markdown::pieces(document) {
        match piece {
            Piece::Link(to) if !link_holds(tree, path, &to) => {
                faults.push(Fault::new(path, line, format!("link to {to} leads nowhere; mend it")));
            }
            Piece::Code(name) if !name_holds(tree, path, &name) => {
                faults.push(Fault::new(
                    path,
                    line,
                    format!("`{name}` does not exist; mend the name"),
                ));
            }
            Piece::Link(_) | Piece::Code(_) => {}
        }
    }
    faults
}

fn link_holds(tree: &Tree, document: &str, to: &str) -> bool {
    let to = to.split_whitespace().next().unwrap_or_default();
    let file = to.split('#').next().unwrap_or_default();
    to.contains(':') || file.is_empty() || exists(tree, &beside(document, file))
}

/// Whether a piece of code names something that exists, or no path at all. `path::name` means that
/// the file at the path holds the name.
fn name_holds(tree: &Tree, document: &str, code: &str) -> bool {
    let (path, name) = code.split_once("::").unwrap_or((code, ""));
    if !is_repository_path(tree, path) {
        return true;
    }
    let path = fixed_part(path);
    [path.to_owned(), beside(document, path)].iter().any(|path| {
        let path = path.trim_end_matches('/');
        exists(tree, path)
            && (name.is_empty() || tree.text(path).is_some_and(|text| text.contains(name)))
    })
}

fn is_repository_path(tree: &Tree, text: &str) -> bool {
    let Some((first, rest)) = text.split_once('/') else { return false };
    let plain = |c: char| c.is_alphanumeric() || "_-./*…<>{}".contains(c);
    if first.is_empty() || !text.chars().all(plain) || tree.made.iter().any(|made| made == first) {
        return false;
    }
    let extension = rest.rsplit_once('.').map(|(_, extension)| extension);
    tree.paths.contains(first) || extension.is_some_and(|found| EXTENSIONS.contains(&found))
}

/// The part before the first place-holder: `docs/decisions/*.md` names `docs/decisions`.
fn fixed_part(path: &str) -> &str {
    match path.find(['*', '…', '<', '{']) {
        Some(at) => path[..at].rsplit_once('/').map_or("", |(folder, _)| folder),
        None => path,
    }
}

/// A path as it is seen from the document's folder, without `.` and `..`.
fn beside(document: &str, path: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in path.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn exists(tree: &Tree, path: &str) -> bool {
    path.is_empty() || tree.paths.contains(path)
}

fn length(path: &str, words: usize) -> Option<Fault> {
    let what = format!("{words} words, at most {README_WORDS_MAX}; move the rest to docs/");
    (words > README_WORDS_MAX).then(|| Fault::new(path, 1, what))
}

/// English: whatever stands between spaces.
fn words_en(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Japanese has no spaces between words. A word is taken as two kana or kanji, which is near what
/// dictionaries cut; what stands in Latin letters or digits between them counts as in English.
/// Punctuation and marks count nothing.
fn words_ja(text: &str) -> usize {
    let is_cjk = |c: char| matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '々');
    let cjk = text.chars().filter(|&c| is_cjk(c)).count();
    let latin = text
        .split(|c: char| c.is_whitespace() || is_cjk(c) || "、。「」（）・→".contains(c))
        .filter(|word| word.contains(|c: char| c.is_ascii_alphanumeric()))
        .count();
    cjk.div_ceil(2) + latin
}

/// The command that the README gives is the one that CI runs.
fn test_command(path: &str, readme: &str, script: &str) -> Vec<Fault> {
    let commands = markdown::commands(readme);
    let tests: Vec<_> =
        commands.into_iter().filter(|(_, command)| command.starts_with("cargo test")).collect();
    if tests.is_empty() {
        return vec![Fault::new(path, 1, "names no `cargo test` command; give the one of .ci/run")];
    }
    tests
        .into_iter()
        .filter(|(_, command)| !script.lines().any(|line| line.trim() == *command))
        .map(|(line, command)| {
            Fault::new(path, line, format!("`{command}` is not what .ci/run runs; make them one"))
        })
        .collect()
}

/// The Rust version that the README asks for is the manifest's.
fn rust_version(path: &str, readme: &str, manifest: &str) -> Vec<Fault> {
    let wanted = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .unwrap_or_default()
        .trim_matches('"');
    let named: Vec<(usize, String)> = readme
        .lines()
        .enumerate()
        .flat_map(|(at, line)| line.split("Rust ").skip(1).map(move |rest| (at + 1, rest)))
        .map(|(line, rest)| (line, rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.')))
        .map(|(line, version)| (line, version.collect::<String>()))
        .filter(|(_, version)| !version.is_empty())
        .collect();
    if named.is_empty() {
        let what = format!("names no Rust version; say `Rust {wanted}`, as Cargo.toml does");
        return vec![Fault::new(path, 1, what)];
    }
    named
        .into_iter()
        .filter(|(_, version)| version.trim_end_matches('.') != wanted)
        .map(|(line, version)| {
            let what =
                format!("Rust {version} is not rust-version of Cargo.toml ({wanted}); mend it");
            Fault::new(path, line, what)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::tree::Text;

    fn tree() -> Tree {
        let paths =
            ["README.md", "docs", "docs/a.md", "hub", "hub/src", "hub/src/lib.rs", "report"];
        Tree {
            paths: paths.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(),
            texts: vec![Text {
                path: "hub/src/lib.rs".to_owned(),
                text: "fn decide() {}".to_owned(),
            }],
            members: Vec::new(),
            made: vec!["report".to_owned()],
        }
    }

    #[test]
    fn names_of_what_exists_are_accepted() {
        let text = "[a](docs/a.md#part) [b](https://example.invalid/x) [c](#here) [d](hub/)\n\
                    `hub/src/lib.rs` `hub/src/lib.rs::decide` `docs/*.md` `report/index.html`\n\
                    `GET /v1/office` `application/json` `careplan check` `a/b`\n";
        assert_eq!(names(&tree(), "README.md", text), []);
        assert_eq!(names(&tree(), "docs/a.md", "[up](../README.md) [here](./a.md)"), []);
    }

    #[test]
    fn names_of_what_does_not_exist_are_refused() {
        for text in [
            "[a](docs/gone.md)",
            "`hub/src/gone.rs`",
            "`hub/gone`",
            "`gone/src/lib.rs`",
            "`hub/src/lib.rs::gone`",
            "`hub/gone/*.rs`",
        ] {
            assert_eq!(names(&tree(), "README.md", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn words_are_counted_in_both_languages() {
        assert_eq!(words_en("cargo run -- a\n\nb"), 5);
        assert_eq!(words_ja("予定と実績"), 3);
        assert_eq!(words_ja("`cargo test` で試す。"), 4);
    }

    #[test]
    fn a_long_readme_is_refused() {
        assert_eq!(length("README.md", README_WORDS_MAX), None);
        assert!(length("README.md", README_WORDS_MAX + 1).is_some());
    }

    #[test]
    fn the_readme_and_ci_run_the_same_tests() {
        let readme = "```sh\ncargo test --workspace\n```\n";
        assert_eq!(test_command("README.md", readme, "set -e\ncargo test --workspace\n"), []);
        assert_eq!(test_command("README.md", readme, "cargo test\n").len(), 1);
        assert_eq!(test_command("README.md", "", "cargo test\n").len(), 1);
    }

    #[test]
    fn the_readme_asks_for_the_manifests_rust() {
        let manifest = "[workspace.package]\nrust-version = \"1.95\"\n";
        assert_eq!(rust_version("README.md", "Rust 1.95.", manifest), []);
        assert_eq!(rust_version("README.md", "Rust 1.80 以降", manifest).len(), 1);
        assert_eq!(rust_version("README.md", "Rust", manifest).len(), 1);
    }
}
