//! Every Rust file says on top what it is, and is short enough to be read.

use super::Fault;
use crate::rust_source::RustSource;

/// Longer, and the file is in the list of [`check`] with a reason.
pub(crate) const LINES_ASK_FOR_A_REASON: usize = 500;
/// Longer, and no reason helps.
pub(crate) const LINES_MAX: usize = 1000;

/// Checks length and opening of every file; `excused` are long files, each with the reason.
pub(crate) fn check(sources: &[RustSource], excused: &[(&str, &str)]) -> Vec<Fault> {
    let mut faults: Vec<Fault> = sources
        .iter()
        .flat_map(|source| [opening(source), length(source, excused)])
        .flatten()
        .collect();
    let is_long = |path: &str| {
        sources.iter().any(|source| source.path == path && lines(source) > LINES_ASK_FOR_A_REASON)
    };
    for (path, _) in excused.iter().filter(|(path, _)| !is_long(path)) {
        faults.push(Fault::new(path, 1, "needs no reason for its length; drop it from LONG_FILES"));
    }
    faults
}

fn opening(source: &RustSource) -> Option<Fault> {
    let opens = source.text.lines().next().is_some_and(|line| line.starts_with("//! "));
    let what = "opens without `//!`; say in a sentence what the file is and promises";
    (!opens).then(|| Fault::new(&source.path, 1, what))
}

fn length(source: &RustSource, excused: &[(&str, &str)]) -> Option<Fault> {
    let is_excused = excused.iter().any(|(path, _)| *path == source.path);
    match lines(source) {
        long if long > LINES_MAX => {
            let what =
                format!("{long} lines, at most {LINES_MAX}; split the file by what it promises");
            Some(Fault::new(&source.path, LINES_MAX, what))
        }
        long if long > LINES_ASK_FOR_A_REASON && !is_excused => {
            let what = format!(
                "{long} lines, more than {LINES_ASK_FOR_A_REASON}; \
                 split the file, or give a reason in LONG_FILES (xtask/src/tidy.rs)"
            );
            Some(Fault::new(&source.path, LINES_ASK_FOR_A_REASON, what))
        }
        _ => None,
    }
}

fn lines(source: &RustSource) -> usize {
    source.text.lines().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust_source;

    fn file_of(lines: usize) -> RustSource {
        let text = format!("//! A file.\n{}", "\n".repeat(lines - 1));
        rust_source::parse("a/src/x.rs", &text).expect("it is Rust")
    }

    #[test]
    fn a_file_of_moderate_length_is_accepted() {
        assert_eq!(check(&[file_of(LINES_ASK_FOR_A_REASON)], &[]), []);
    }

    #[test]
    fn a_long_file_needs_a_reason() {
        let long = [file_of(LINES_ASK_FOR_A_REASON + 1)];
        assert_eq!(check(&long, &[]).len(), 1);
        assert_eq!(check(&long, &[("a/src/x.rs", "one table")]), []);
    }

    #[test]
    fn a_very_long_file_is_refused_whatever_the_reason() {
        assert_eq!(check(&[file_of(LINES_MAX + 1)], &[("a/src/x.rs", "one table")]).len(), 1);
    }

    #[test]
    fn a_reason_that_nothing_needs_is_refused() {
        assert_eq!(check(&[file_of(3)], &[("a/src/x.rs", "one table")]).len(), 1);
        assert_eq!(check(&[], &[("a/src/gone.rs", "one table")]).len(), 1);
    }

    #[test]
    fn a_file_without_an_opening_is_refused() {
        let source = rust_source::parse("a/src/x.rs", "// A file.\n").expect("it is Rust");
        let faults = check(&[source], &[]);
        assert!(faults[0].to_string().starts_with("a/src/x.rs:1: opens without"));
    }
}
