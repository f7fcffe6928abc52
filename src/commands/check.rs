//! `careplan check PATH…`: files against the standard.

mod excerpt;
mod print;
mod progress;
mod read;
mod summary;

use std::path::PathBuf;

use careplan_protocol::CheckReport;
use careplan_standard::Verdict;

use crate::{
    sendings::list,
    ui::{CommandResult, End, Format, Ui},
};

use read::check_all;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// フォルダ（1つの送信）またはファイル / a folder (one sending) or files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// 同じ指摘もまとめずに全部表示する / show each finding, also those of one cause
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let sendings = check_all(list(&args.paths)?, ui)?;
    let passed = sendings.iter().all(|sending| sending.check.verdict() == Verdict::Pass);
    match ui.format {
        Format::Json => {
            let reports = sendings.iter().map(|sending| {
                let names = sending.names();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                CheckReport::new(&sending.check, &names, ui.lang)
            });
            // Of one sending the names are enough; of several each says which it is in.
            let several = 1 < sendings.len();
            let reports = reports.zip(&sendings).map(|(report, sending)| match &sending.folder {
                Some(folder) if several => {
                    report.renamed(|name| folder.join(name).display().to_string())
                }
                _ => report,
            });
            ui.json(&CheckReport::all(reports))?;
        }
        Format::Human => {
            for sending in &sendings {
                if 1 < sendings.len() {
                    print::heading(sending, ui);
                }
                print::report(sending, args.all, ui);
            }
        }
    }
    Ok(if passed { End::Good } else { End::Bad })
}
