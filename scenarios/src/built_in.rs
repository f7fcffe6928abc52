//! The features that come with the harness.

/// Names, and the texts of the files of those names under `features`.
macro_rules! features {
    ($($name:literal)*) => { &[$(($name, include_str!(concat!("../features/", $name)))),*] };
}

/// The features that come with the harness, by family: the name below `features`, and the text.
pub const BUILT_IN: &[(&str, &str)] = features![
    "monthly/round-trip.feature"
    "monthly/plan.feature"
    "monthly/change.feature"
    "monthly/results.feature"
    "monthly/shown.feature"
    "monthly/partners.feature"

    "entrusted/plan.feature"
    "entrusted/results.feature"
    "entrusted/both-ways.feature"
    "entrusted/deletion.feature"
    "entrusted/withdrawn-results.feature"
    "entrusted/municipal.feature"
    "entrusted/without-layouts.feature"
    "entrusted/roles.feature"

    "versions/matrix.feature"
    "versions/before-sending.feature"
    "versions/mixing.feature"
    "versions/conversion.feature"
    "versions/changeover.feature"
    "versions/wrong-values.feature"
    "versions/routing.feature"

    "terminals/first-come.feature"
    "terminals/sent-list.feature"
    "terminals/two-services.feature"
    "terminals/shared-folder.feature"
    "terminals/race.feature"
    "terminals/lost-terminal.feature"
    "terminals/replaced-computer.feature"
    "terminals/sharing.feature"

    "troubles/entrance.feature"
    "troubles/accounts.feature"
    "troubles/certificates.feature"
    "troubles/licences.feature"
    "troubles/files.feature"
    "troubles/attachments.feature"
    "troubles/destinations.feature"
    "troubles/outage.feature"

    "town/month.feature"

    "hub/samples.feature"
    "hub/durability.feature"
    "hub/faults.feature"
    "hub/two-hubs.feature"
    "hub/wire.feature"
];

/// The built-in features that are meant: one by its name with or without folder and `.feature`, or
/// all of a folder.
pub(crate) fn named(name: &str) -> Vec<(&'static str, &'static str)> {
    let name = name.replace('\\', "/");
    let name = bare(name.trim_end_matches('/'));
    let is_meant = |file: &str| {
        let (folder, last) = bare(file).split_once('/').unwrap_or(("", file));
        name == bare(file) || name == last || name == folder
    };
    BUILT_IN.iter().filter(|(file, _)| is_meant(file)).copied().collect()
}

/// A feature's name without `.feature`.
pub(crate) fn bare(file: &str) -> &str {
    file.trim_end_matches(".feature")
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn a_name_may_leave_out_folder_and_suffix_and_a_folder_stands_for_all_in_it() {
        let found = |name| named(name).iter().map(|(file, _)| *file).collect::<Vec<_>>();
        for name in
            ["round-trip", "round-trip.feature", "monthly/round-trip", r"monthly\round-trip"]
        {
            assert_eq!(found(name), ["monthly/round-trip.feature"], "{name}");
        }
        assert!(found("terminals").contains(&"terminals/sharing.feature"));
        assert!(found("terminals/").iter().all(|file| file.starts_with("terminals/")));
        assert_eq!(found("round"), [""; 0]);
    }

    #[test]
    fn every_feature_that_lies_there_is_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("features");
        let mut lying = Vec::new();
        for family in fs::read_dir(folder).expect("is there") {
            let family = family.expect("reads");
            for file in fs::read_dir(family.path()).expect("features lie in folders") {
                let name = file.expect("reads").file_name();
                lying.push(format!("{}/{}", family.file_name().display(), name.display()));
            }
        }
        let mut known: Vec<_> = BUILT_IN.iter().map(|(file, _)| (*file).to_owned()).collect();
        lying.sort();
        known.sort();
        assert_eq!(lying, known);
    }
}
