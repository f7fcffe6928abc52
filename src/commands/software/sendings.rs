//! What the commands that write files for others have in common: where to, under which 連番, and
//! what they say of it.

use std::path::PathBuf;

use care_software::{
    CareSoftware, OutFile, Sending, SoftwareError,
    home::{sha256, write_sendings},
    next_sequence, sequence_at,
};
use careplan_protocol::Clock;
use careplan_standard::{Month, OfficeNumber, Sequence};
use serde::Serialize;
use time::{PrimitiveDateTime, UtcOffset};

use super::{fail, print, stop};
use crate::ui::{CommandResult, End, Format, Stop, Ui};

/// Whose folder, and what is to be written where.
#[derive(clap::Args)]
pub(super) struct OutArgs {
    /// 事業所のフォルダ / the office's folder
    #[arg(long, value_name = "DIR")]
    pub(super) home: PathBuf,
    /// 書き出し先。下に送信先ごとのフォルダを作る / a folder a destination is made below it
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// サービス提供年月（省略すると最新） / service month, the latest if none
    #[arg(long, value_name = "YYYYMM")]
    pub(super) month: Option<Month>,
    /// CSVバージョン値（202407 か 202208） / CSV version
    #[arg(long, value_name = "VERSION")]
    pub(super) csv_version: Option<String>,
    /// この事業所宛だけ / to this office only
    #[arg(long, value_name = "OFFICE")]
    pub(super) to: Option<OfficeNumber>,
    /// ファイル連番14桁（省略すると現在時刻） / file sequence, the time now if none
    #[arg(long, value_name = "YYYYMMDDHHMMSS")]
    sequence: Option<Sequence>,
}

impl OutArgs {
    /// ファイル連番: what was asked for, or the time now. What this office writes in the same second
    /// comes behind: of two under one 連番, who imports them could not tell which is the later.
    pub(super) fn sequence(&self, own: &CareSoftware) -> Result<Sequence, Stop> {
        if let Some(sequence) = self.sequence {
            return Ok(sequence);
        }
        let now = sequence_now(&Clock::system());
        match own.home().last_sequence().map_err(|error| stop(&error))? {
            Some(last) if now <= last => next_sequence(last).map_err(|error| stop(&error)),
            _ => Ok(now),
        }
    }

    /// Papers are of no month, and of the newest version that has them: nothing is left unheard.
    pub(super) fn refuse_month_and_version(&self) -> Result<(), Stop> {
        if self.month.is_none() && self.csv_version.is_none() {
            return Ok(());
        }
        Err(Stop::setup(
            "利用者基本情報と支援計画書には --month と --csv-version を指定できません。外してください",
            "papers have no --month and no --csv-version; leave them out",
        ))
    }

    /// Writes sendings, each into a folder of its own, and says so.
    pub(super) fn write(
        &self,
        own: &CareSoftware,
        sendings: Result<Vec<Sending>, SoftwareError>,
        ui: &Ui,
    ) -> CommandResult {
        let written = sendings.and_then(|sendings| {
            let folders = write_sendings(&self.out, &sendings)?;
            Ok(sendings.into_iter().zip(folders).collect())
        });
        report(own, written, ui)
    }
}

#[derive(Serialize)]
struct WrittenFile {
    name: String,
    sha256: String,
}

#[derive(Serialize)]
struct WrittenSending {
    to: String,
    folder: PathBuf,
    files: Vec<WrittenFile>,
}

/// Says what was written, and into which folders.
pub(super) fn report(
    own: &CareSoftware,
    written: Result<Vec<(Sending, PathBuf)>, SoftwareError>,
    ui: &Ui,
) -> CommandResult {
    let sendings = match written {
        Ok(sendings) => sendings,
        Err(error) => return fail(&error, ui),
    };
    let files = sendings.iter().flat_map(|(sending, _)| &sending.files);
    if let Some(last) = files.map(|file| file.name.sequence).max() {
        own.home().note_sequence(last).map_err(|error| stop(&error))?;
    }
    let sendings: Vec<WrittenSending> = sendings.into_iter().map(told).collect();
    if ui.format == Format::Json {
        ui.json(&sendings)?;
        return Ok(End::Good);
    }
    for WrittenSending { to, folder, files } in &sendings {
        ui.line(&format!("{to} → {}", folder.display()));
        for file in files {
            print::file(&file.name, &file.sha256, ui);
        }
    }
    Ok(End::Good)
}

fn told((sending, folder): (Sending, PathBuf)) -> WrittenSending {
    let file =
        |file: &OutFile| WrittenFile { name: file.name.to_string(), sha256: sha256(&file.bytes) };
    let files = sending.files.iter().map(file).collect();
    WrittenSending { to: sending.to.to_string(), folder, files }
}

/// The time in Japan, where every office is.
fn sequence_now(clock: &Clock) -> Sequence {
    let japan = UtcOffset::from_hms(9, 0, 0).unwrap_or(UtcOffset::UTC);
    let now = clock.now().to_offset(japan);
    sequence_at(PrimitiveDateTime::new(now.date(), now.time()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_time_in_japan() {
        let clock = Clock::system();
        clock.set(time::macros::datetime!(2025-04-27 16:15:02 UTC));
        assert_eq!(&sequence_now(&clock).to_string()[..12], "202504280115");
    }
}
