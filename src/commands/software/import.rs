//! `careplan software import`: takes in one sending as it was received.

use std::path::PathBuf;

use care_software::{
    CareSoftware, LeftOut,
    home::{KeptFile, read_files},
};
use careplan_standard::OfficeNumber;
use serde::Serialize;

use super::{fail, print, stop};
use crate::ui::{CommandResult, End, Format, Ui};

#[derive(clap::Args)]
pub(super) struct Args {
    /// 事業所のフォルダ / the office's folder
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// 事業所の番号（最初の取込のとき） / the office's number, at the first import
    #[arg(long, value_name = "NUMBER")]
    office: Option<OfficeNumber>,
    /// 計画を作る事業所（居宅・地域包括支援センター）である（最初の取込のとき） / the office is one that
    /// plans, at the first import
    #[arg(long, requires = "office")]
    plans: bool,
    /// 受信したフォルダかファイル（1つの送信） / the folder or files received, one sending
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Serialize)]
struct ImportSummary<'a> {
    office: String,
    files: &'a [KeptFile],
    attachments: &'a [String],
    left_out: &'a [LeftOut],
}

pub(super) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let files = read_files(&args.paths).map_err(|error| stop(&error))?;
    let opened = match args.office {
        Some(office) if args.plans => CareSoftware::planning_office(&args.home, office),
        Some(office) => CareSoftware::service_office(&args.home, office),
        None => CareSoftware::open(&args.home),
    };
    let own = opened.map_err(|error| stop(&error))?;
    let imported = match own.import(&files) {
        Ok(imported) => imported,
        Err(error) => return fail(&error, ui),
    };
    let office = own.home().owner().office;
    match ui.format {
        Format::Json => ui.json(&ImportSummary {
            office: office.to_string(),
            files: &imported.files,
            attachments: &imported.attachments,
            left_out: &imported.left_out,
        })?,
        Format::Human => print::import(office, &imported, ui),
    }
    Ok(End::Good)
}
