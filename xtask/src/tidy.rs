//! `cargo xtask tidy`: the house rules that a machine can check.
//!
//! Each check is a function from text or metadata to [`Fault`]s. An exception stands in a list here
//! with its reason, and an exception that nothing needs any more is a fault itself.

mod dependencies;
mod documents;
mod files;
mod functions;
mod items;
mod layers;
mod markdown;
mod unsafety;
mod words;

use std::{fmt, path::Path};

use crate::{Outcome, rust_source, say, tree::Tree};

/// Files of more than [`files::LINES_ASK_FOR_A_REASON`] lines, each with the reason.
const LONG_FILES: &[(&str, &str)] =
    &[("protocol/src/problem.rs", "one catalogue, five lines a problem")];

/// Functions of more than [`functions::LINES_MAX`] lines, as `path::name`, with their length. An
/// entry may shrink or go, never grow, and none may be added.
const LONG_FUNCTIONS: &[(&str, usize)] = &[];

/// A breach of a house rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    path: String,
    line: usize,
    what: String,
}

impl Fault {
    /// `what` says what is wrong, and what to do; lines count from 1.
    pub(crate) fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Prints every fault of the tree.
pub(crate) fn run(root: &Path) -> Outcome {
    let faults = faults(&Tree::read(root)?);
    for fault in &faults {
        say(&fault.to_string());
    }
    match faults.len() {
        0 => say("tidy: nothing to mend"),
        count => say(&format!("tidy: {count} to mend; the rules are in CONTRIBUTING.md")),
    }
    Ok(faults.is_empty())
}

/// Every fault of the tree, by path and line.
fn faults(tree: &Tree) -> Vec<Fault> {
    let (sources, broken) = rust_source::parse_all(&tree.texts);
    let mut faults: Vec<Fault> = broken
        .into_iter()
        .map(|(path, line, error)| Fault::new(&path, line, format!("{error}; mend the syntax")))
        .collect();
    let text = |path| tree.text(path).unwrap_or_default();
    faults.extend(layers::check(text(layers::DOCUMENT), &tree.members));
    faults.extend(dependencies::unused(text("Cargo.toml"), &tree.members));
    faults.extend(dependencies::idle(&tree.members, &tree.texts));
    faults.extend(dependencies::unexplained(text("Cargo.toml"), text(dependencies::REASONS)));
    faults.extend(unsafety::check(tree));
    faults.extend(files::check(&sources, LONG_FILES));
    faults.extend(functions::check(&sources, LONG_FUNCTIONS));
    faults.extend(sources.iter().flat_map(words::check));
    faults.extend(
        sources.iter().filter(|source| is_library(tree, &source.path)).flat_map(items::check),
    );
    faults.extend(documents::check(tree));
    faults.sort();
    faults
}

fn is_library(tree: &Tree, path: &str) -> bool {
    tree.members
        .iter()
        .filter(|member| member.is_library && member.folder != "src")
        .any(|member| path.starts_with(&format!("{}/src/", member.folder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repository_keeps_its_rules() {
        let tree = Tree::read(crate::root()).expect("the repository can be read");
        let faults: Vec<String> = faults(&tree).iter().map(Fault::to_string).collect();
        assert!(faults.is_empty(), "cargo xtask tidy:\n{}", faults.join("\n"));
    }

    #[test]
    fn a_fault_is_one_line_that_an_editor_can_follow() {
        let fault = Fault::new("a/src/lib.rs", 7, "too long; split it");
        assert_eq!(fault.to_string(), "a/src/lib.rs:7: too long; split it");
    }
}
