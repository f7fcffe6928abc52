//! `unsafe` stands in one package, which has the workspace's other lints all the same.
//!
//! The workspace forbids `unsafe`, and a package takes its lints over or lifts them, but cannot do
//! both: so the one that lifts them has a copy, and the copy is compared here.

use super::Fault;
use crate::tree::{Member, Tree};

/// The package that may have `unsafe`, for the index of commas, quotes and line ends.
const PACKAGE: &str = "careplan-scan";

/// The lint that it may have otherwise.
const LINT: &str = "unsafe_code";

/// Compares the lints of every package with the workspace's.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let workspace = tree.text("Cargo.toml").unwrap_or_default();
    let faults = |member: &Member| {
        member_faults(member, tree.text(&member.manifest).unwrap_or_default(), workspace)
    };
    tree.members.iter().flat_map(faults).collect()
}

fn member_faults(member: &Member, manifest: &str, workspace: &str) -> Vec<Fault> {
    let fault = |what: String| Fault::new(&member.manifest, 1, what);
    if member.package != PACKAGE {
        let inherits = section(manifest, "[lints]").any(|line| line == "workspace = true");
        let what = "lifts the workspace's lints, and `unsafe` with them; \
                    write `workspace = true` under [lints]";
        return if inherits { vec![] } else { vec![fault(what.to_owned())] };
    }
    let mut faults = Vec::new();
    for tool in ["rust", "clippy"] {
        let (here, there) = (format!("[lints.{tool}]"), format!("[workspace.lints.{tool}]"));
        let missing = section(workspace, &there)
            .filter(|line| !line.starts_with(LINT))
            .filter(|line| !section(manifest, &here).any(|own| own == *line));
        faults.extend(missing.map(|line| fault(format!("{here} lacks `{line}`; add it"))));
    }
    faults
}

/// The lines of a section of a manifest, without comments and empty ones.
fn section<'a>(manifest: &'a str, heading: &'a str) -> impl Iterator<Item = &'a str> {
    manifest
        .lines()
        .skip_while(move |line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str = "\
[workspace.lints.rust]
unsafe_code = \"forbid\"
missing_docs = \"warn\"

[workspace.lints.clippy]
todo = \"warn\"
";

    fn faults(package: &str, manifest: &str) -> Vec<String> {
        let member = Member {
            folder: "a".to_owned(),
            package: package.to_owned(),
            is_library: true,
            manifest: "a/Cargo.toml".to_owned(),
            dependencies: vec![],
        };
        member_faults(&member, manifest, WORKSPACE).iter().map(Fault::to_string).collect()
    }

    #[test]
    fn a_package_that_takes_the_lints_over_is_accepted() {
        assert!(faults("a", "[package]\n\n[lints]\nworkspace = true\n").is_empty());
    }

    #[test]
    fn a_package_that_lifts_the_ban_is_refused() {
        for lints in ["", "[lints.rust]\nunsafe_code = \"allow\"\n", "[lints]\n"] {
            let faults = faults("a", lints);
            assert_eq!(faults.len(), 1, "{lints}");
            assert!(faults[0].starts_with("a/Cargo.toml:1: lifts the workspace's lints"));
        }
    }

    #[test]
    fn the_one_package_may_lift_the_ban_and_nothing_else() {
        let all = "[lints.rust]\nmissing_docs = \"warn\"\n\n[lints.clippy]\ntodo = \"warn\"\n";
        assert!(faults(PACKAGE, all).is_empty());
        let few = "[lints.rust]\nunsafe_code = \"deny\"\n\n[lints.clippy]\ntodo = \"warn\"\n";
        let lacking = "a/Cargo.toml:1: [lints.rust] lacks `missing_docs = \"warn\"`; add it";
        assert_eq!(faults(PACKAGE, few), [lacking]);
    }
}
