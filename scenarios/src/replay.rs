//! The line that runs one scenario again as it was run, in sh and in cmd.exe.

use std::num::NonZeroU32;

use careplan_protocol::hub::Profile;
use careplan_sandbox::reference_hub::CheckLevel;

use crate::Settings;

/// The command that runs the scenario that begins on this line of this file.
pub(crate) fn replay(file: &str, line: usize, settings: &Settings) -> String {
    let place = quoted(&format!("{file}:{line}"));
    let mut command = format!("careplan run {place} --seed {}", settings.seed);
    if let Some(faults) = &settings.faults_given {
        command.push_str(&format!(" --faults {}", quoted(faults)));
    }
    if settings.scale != NonZeroU32::MIN {
        command.push_str(&format!(" --scale {}", settings.scale));
    }
    if settings.profile == Profile::Plus {
        command.push_str(" --profile plus");
    }
    if settings.check != CheckLevel::Standard {
        command.push_str(&format!(" --check {}", settings.check.word()));
    }
    command
}

/// An argument as a shell takes it, in quotes only where it needs them: those of sh are none in
/// cmd.exe, but for these.
fn quoted(argument: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || "-_./:,@+=".contains(char);
    if argument.chars().all(is_plain) {
        return argument.to_owned();
    }
    let mut quoted = String::from('"');
    for char in argument.chars() {
        // Within these quotes sh still reads some characters, and cmd.exe none that a path may have.
        if cfg!(unix) && "\\\"$`".contains(char) {
            quoted.push('\\');
        }
        quoted.push(char);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use careplan_protocol::faults::{Arming, FaultKind, FaultsWanted};

    use super::*;

    fn settings(faults: FaultsWanted, faults_given: Option<&str>) -> Settings {
        Settings {
            careplan: "careplan".into(),
            profile: Profile::Plus,
            check: CheckLevel::Standard,
            seed: 7,
            scale: NonZeroU32::MIN.saturating_add(2),
            jobs: NonZeroUsize::MIN,
            keep: false,
            faults,
            faults_given: faults_given.map(str::to_owned),
        }
    }

    #[test]
    fn faults_are_given_again_as_they_were_given() {
        let quiet = settings(FaultsWanted::default(), None);
        let told = replay("monthly/plan.feature", 5, &quiet);
        assert_eq!(told, "careplan run monthly/plan.feature:5 --seed 7 --scale 3 --profile plus");
        let faults = FaultsWanted::these(vec![Arming::new(FaultKind::AnswerLost)]);
        let told = replay("a.feature", 5, &settings(faults, Some("my faults.json")));
        let wanted = "careplan run a.feature:5 --seed 7 --faults \"my faults.json\" --scale 3";
        assert_eq!(told, format!("{wanted} --profile plus"));
    }

    #[test]
    fn an_argument_is_quoted_where_a_shell_would_part_it() {
        for plain in ["取得の確認.feature:10", "monthly/plan.feature:5", "hostile"] {
            assert_eq!(quoted(plain), plain);
        }
        assert_eq!(quoted("it's here.feature:1"), "\"it's here.feature:1\"");
        let folders = if cfg!(unix) { r#""C:\\a\\b.json""# } else { r#""C:\a\b.json""# };
        assert_eq!(quoted(r"C:\a\b.json"), folders);
    }
}
