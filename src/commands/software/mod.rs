//! `careplan software …`: the reference care software of one office, in a folder.

mod amend;
mod edition;
mod entrust;
mod export;
mod import;
mod month;
mod person;
mod plan;
mod print;
mod reconcile;
mod record;
mod sendings;
mod take_on;
mod withdraw;

use care_software::SoftwareError;
use careplan_protocol::{CheckReport, Lang};

use crate::ui::{CommandResult, End, Format, Stop, Ui};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 架空の利用者と月の予定を作る（居宅介護支援事業所） / invent people and a month's 予定
    Plan(plan::Args),
    /// 月の予定を変更する（追加・中止・短期入所など） / change somebody's month that is planned
    Amend(amend::Args),
    /// 介護予防の利用者を作り、居宅に委託する（地域包括支援センター） / invent people of 介護予防, and
    /// entrust them to a 居宅
    Entrust(entrust::Args),
    /// 委託された利用者を受け持ち、月の予定を作る（委託先居宅） / take on whom a centre has entrusted
    TakeOn(take_on::Args),
    /// 受信したファイルを取り込む / import what was received
    Import(import::Args),
    /// 予定から実績を記録する（サービス事業所） / record 実績 from the 予定
    Record(record::Args),
    /// 送るファイルを送信先ごとに書き出す / write what is to be sent, a folder a destination
    Export(export::Args),
    /// 送ったものを取り下げる（計画書・予定・実績・帳票） / take back what was sent
    Withdraw(withdraw::Args),
    /// 予定と実績を突き合わせる（予実突合） / compare 予定 and 実績
    Reconcile(reconcile::Args),
    /// 介護ソフトの版（どの版のファイルを読み書きできるか） / which versions the software knows
    Edition(edition::Args),
    /// 月の一覧を見る（利用者・単位数・限度額の超過） / show a month: people, units, who is over the limit
    Month(month::Args),
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    match &args.command {
        Command::Plan(args) => plan::run(args, ui),
        Command::Amend(args) => amend::run(args, ui),
        Command::Entrust(args) => entrust::run(args, ui),
        Command::TakeOn(args) => take_on::run(args, ui),
        Command::Import(args) => import::run(args, ui),
        Command::Record(args) => record::run(args, ui),
        Command::Export(args) => export::run(args, ui),
        Command::Withdraw(args) => withdraw::run(args, ui),
        Command::Reconcile(args) => reconcile::run(args, ui),
        Command::Edition(args) => edition::run(args, ui),
        Command::Month(args) => month::run(args, ui),
    }
}

/// A refusal is told and ends with 1; anything else is a matter of set-up.
fn fail(error: &SoftwareError, ui: &Ui) -> CommandResult {
    if !error.is_refusal() {
        return Err(stop(error));
    }
    let report = match error {
        SoftwareError::Refused { check, names } => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Some(CheckReport::new(check, &names, ui.lang))
        }
        _ => None,
    };
    if let (Format::Json, Some(report)) = (ui.format, &report) {
        ui.json(report)?;
    }
    ui.note(&error.line(ui.lang));
    if ui.format == Format::Human {
        for finding in report.iter().flat_map(|report| &report.findings) {
            let file = finding.file.as_deref().unwrap_or("-");
            ui.note(&format!("  {file}: {} [{}]", finding.message, finding.rule));
        }
    }
    Ok(End::Bad)
}

fn stop(error: &SoftwareError) -> Stop {
    Stop::setup(error.line(Lang::Ja), error.line(Lang::En))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use clap::Parser;

    use super::*;
    use crate::ui::Language;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    /// Runs one command line in a folder: words that begin with `@` are paths below it.
    fn software(dir: &Path, line: &str) -> CommandResult {
        let word = |word: &str| match word.strip_prefix('@') {
            Some(path) => dir.join(path).into_os_string(),
            None => word.into(),
        };
        let words = ["software"].into_iter().chain(line.split(' ')).map(word);
        let line = Line::try_parse_from(words).expect("the arguments are right");
        run(&line.args, &Ui::new(Some(Language::Ja), Format::Json))
    }

    fn is_good(result: &CommandResult) -> bool {
        matches!(result, Ok(End::Good))
    }

    #[test]
    fn a_month_goes_out_and_comes_back() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for line in [
            "plan --home @m --month 202504 --people 8",
            "export --home @m --out @out --sequence 20250328171502",
            "import --home @s --office 2770200036 @out/2770200036_11",
            "record --home @s --seed 3",
            "export --home @s --out @back --sequence 20250501090000",
            "import --home @m @back/2770100012_43",
            "reconcile --home @m --month 202504",
            "edition --home @m",
            "month --home @m --month 202504",
            "month --home @s --month 202504",
        ] {
            assert!(is_good(&software(dir.path(), line)), "{line}");
        }
        let name = "UPJSK_202504_2770200036_11_2770100012_43_20250501090000.CSV";
        assert!(dir.path().join("back").join("2770100012_43").join(name).is_file());
    }

    #[test]
    fn what_the_caller_can_mend_is_a_matter_of_set_up() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        assert!(is_good(&software(dir.path(), "plan --home @m --month 202504 --people 3")));
        for line in [
            "import --home @m @nothing-here",
            "import --home @new @m",
            "reconcile --home @m --month 202505",
            "record --home @m",
            "export --home @m --out @out --csv-version 202504",
            "edition --home @m 4.0",
            "plan --home @m --month 202504 --people 0",
            "plan --home @m --month 202504 --cast @no-such-file",
        ] {
            let result = software(dir.path(), line);
            assert!(matches!(result, Err(Stop::Setup { .. })), "{line}: {result:?}");
        }
    }

    #[test]
    fn a_refused_file_ends_with_findings_not_with_a_fault() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let name = "UPJSK_202504_2770200036_11_2770100012_43_20250501090000.CSV";
        fs::write(dir.path().join(name), "202407,wrong\r\n").expect("the folder can be written");
        assert!(is_good(&software(dir.path(), "plan --home @m --month 202504 --people 3")));
        let result = software(dir.path(), &format!("import --home @m @{name}"));
        assert!(matches!(result, Ok(End::Bad)), "{result:?}");
    }
}
