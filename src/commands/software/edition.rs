//! `careplan software edition`: which versions of the standard an office's care software knows.

use std::path::PathBuf;

use care_software::{Edition, home};
use serde::Serialize;

use super::stop;
use crate::ui::{CommandResult, End, Format, Ui};

#[derive(clap::Args)]
pub(super) struct Args {
    /// 事業所のフォルダ（なければ作る） / the office's folder, made if missing
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// この版までを読み書きするようにする（3.2、4.1、またはCSVバージョン値）。省略すると見るだけ
    /// let it know the versions up to this one; without it, only look
    #[arg(value_name = "VERSION")]
    up_to: Option<String>,
}

#[derive(Serialize)]
struct Summary {
    newest: &'static str,
    versions: Vec<&'static str>,
}

pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let edition = match &args.up_to {
        Some(version) => Edition::up_to(version)
            .and_then(|edition| home::install(&args.home, edition).map(|()| edition)),
        None => home::edition_of(&args.home),
    };
    let edition = edition.map_err(|error| stop(&error))?;
    let versions: Vec<&str> = edition.versions().iter().map(|known| known.value.as_str()).collect();
    let newest = edition.newest().label.as_str();
    match ui.format {
        Format::Human => ui.line(&ui.pick(
            format!("この介護ソフトは{newest}版まで（{}）を読み書きします", versions.join("、")),
            format!(
                "this software reads and writes versions up to {newest} ({})",
                versions.join(", ")
            ),
        )),
        Format::Json => ui.json(&Summary { newest, versions })?,
    }
    Ok(End::Good)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{Language, Stop};

    fn edition(home: &std::path::Path, up_to: Option<&str>) -> CommandResult {
        let args = Args { home: home.to_owned(), up_to: up_to.map(str::to_owned) };
        run(&args, &Ui::new(Some(Language::Ja), Format::Json))
    }

    #[test]
    fn what_is_set_is_kept_before_the_folder_is_an_office_s() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let home = dir.path().join("office");
        assert!(matches!(edition(&home, Some("3.2")), Ok(End::Good)));
        assert!(matches!(edition(&home, None), Ok(End::Good)));
        assert_eq!(
            home::edition_of(&home).expect("reads"),
            Edition::up_to("202208").expect("is one")
        );
        assert!(matches!(edition(&home, Some("4.0")), Err(Stop::Setup { .. })));
    }
}
