//! `--faults`: what a hub, a sandbox or a run is told to do wrong from the start.

use std::{fs, path::Path};

use careplan_protocol::faults::{FaultProfile, FaultsWanted};

use crate::ui::Stop;

/// What `--faults` says: the word of a profile, which `seed` goes with, or a file with a seed of its
/// own.
pub(crate) fn wanted(word: Option<&str>, seed: u64) -> Result<FaultsWanted, Stop> {
    let Some(word) = word else { return Ok(FaultsWanted::default()) };
    if let Some(profile) = FaultProfile::from_word(word) {
        return Ok(FaultsWanted::profile(profile, seed));
    }
    let path = Path::new(word);
    let text = fs::read_to_string(path).map_err(|error| {
        Stop::setup(
            format!(
                "--faults には quiet・realistic・hostile か、JSONファイルを指定してください（{word}: {error}）"
            ),
            format!("--faults takes quiet, realistic, hostile or a JSON file ({word}: {error})"),
        )
    })?;
    let form =
        r#"{"profile":"quiet","seed":1,"faults":[{"fault":"answer-lost","schedule":{"next":1}}]}"#;
    let wanted: FaultsWanted = serde_json::from_str(&text).map_err(|error| {
        Stop::setup(
            format!("{word} が読めません（{error}）。形は {form} です"),
            format!("{word} cannot be read ({error}); its form is {form}"),
        )
    })?;
    match wanted.armings() {
        Ok(_) => Ok(wanted),
        Err(error) => {
            let (ja, en) = error.lines();
            Err(Stop::setup(format!("{word}: {ja}"), format!("{word}: {en}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_or_a_file_and_nothing_is_nothing() {
        assert_eq!(wanted(None, 7).expect("nothing"), FaultsWanted::default());
        let hostile = wanted(Some("hostile"), 7).expect("a profile");
        assert_eq!(hostile, FaultsWanted::profile(FaultProfile::Hostile, 7));
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("faults.json");
        fs::write(&path, r#"{"faults":[{"fault":"answer-lost"}]}"#).expect("writes");
        let read = wanted(path.to_str(), 7).expect("a file");
        assert_eq!((read.faults.len(), read.profile), (1, FaultProfile::Quiet));
        fs::write(&path, r#"{"faults":[{"fault":"answer-lost","schedule":{"next":0}}]}"#)
            .expect("writes");
        assert!(wanted(path.to_str(), 7).is_err(), "it never fires");
        assert!(wanted(Some("no-such-file"), 7).is_err());
    }
}
