//! `careplan fix PATH… --out DIR`: corrected copies of files, the originals left alone.

use std::{collections::BTreeMap, path::PathBuf};

use careplan_protocol::{CheckReport, Lang};
use careplan_standard::{
    Check, FixedFile, SendingFile, Severity, Standard, Verdict, check_sending, fix_sending,
};
use serde::Serialize;

use crate::{
    copies,
    sendings::{Loaded, load},
    ui::{CommandResult, End, Format, Ui},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// フォルダ（1つの送信）またはファイル / a folder (one sending) or files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// 直した写しを置くフォルダ / the folder for the corrected copies
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// One sending, mended.
struct Fixed {
    /// Where its files were written.
    out: PathBuf,
    /// The names that its files had.
    before: Vec<String>,
    files: Vec<FixedFile>,
    check: Check,
}

#[derive(Serialize)]
struct Report {
    out: String,
    files: Vec<FileLine>,
    left: CheckReport,
}

#[derive(Serialize)]
struct FileLine {
    name: String,
    was: String,
    mends: Vec<MendLine>,
    /// The character that kept the file from being written in MS932.
    unencodable: Option<char>,
}

#[derive(Serialize)]
struct MendLine {
    mend: &'static str,
    places: u32,
    message: &'static str,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let sendings = load(&args.paths)?;
    let outs = copies::outs(&sendings, &args.out)?;
    let fixed: Vec<Fixed> =
        sendings.iter().zip(outs).map(|(sending, out)| fix(sending, out)).collect();
    // Nothing is written where not everything can be.
    for Fixed { out, files, .. } in &fixed {
        copies::find_room(out, files.iter().map(|file| file.name.as_str()))?;
    }
    // Every file of the sending is written, also those that needed nothing.
    for Fixed { out, files, .. } in &fixed {
        copies::write(out, files.iter().map(|file| (file.name.as_str(), &file.bytes[..])))?;
    }
    match ui.format {
        Format::Json => {
            let reports: Vec<_> = fixed.iter().map(|fixed| report(fixed, ui.lang)).collect();
            ui.json(&reports)?;
        }
        Format::Human => fixed.iter().for_each(|fixed| print(fixed, ui)),
    }
    let is_right = fixed.iter().all(|fixed| fixed.check.verdict() == Verdict::Pass);
    Ok(if is_right { End::Good } else { End::Bad })
}

fn fix(sending: &Loaded, out: PathBuf) -> Fixed {
    let files = fix_sending(Standard::bundled(), &sending.sending());
    let mended: Vec<SendingFile<'_>> =
        files.iter().map(|file| SendingFile { name: &file.name, bytes: &file.bytes }).collect();
    let check = check_sending(Standard::bundled(), &mended);
    let before = sending.names().into_iter().map(str::to_owned).collect();
    Fixed { out, before, files, check }
}

fn report(fixed: &Fixed, lang: Lang) -> Report {
    let names: Vec<&str> = fixed.files.iter().map(|file| file.name.as_str()).collect();
    let line = |(file, was): (&FixedFile, &String)| FileLine {
        name: file.name.clone(),
        was: was.clone(),
        mends: file
            .mends
            .iter()
            .map(|mend| MendLine {
                mend: mend.kind.word(),
                places: mend.places,
                message: mend.kind.text().get(lang),
            })
            .collect(),
        unencodable: file.unencodable.map(|fault| fault.character),
    };
    Report {
        out: fixed.out.display().to_string(),
        files: fixed.files.iter().zip(&fixed.before).map(line).collect(),
        left: CheckReport::new(&fixed.check, &names, lang),
    }
}

fn print(fixed: &Fixed, ui: &Ui) {
    for (file, was) in fixed.files.iter().zip(&fixed.before) {
        if file.mends.is_empty() && file.unencodable.is_none() {
            continue;
        }
        ui.line(was);
        for mend in &file.mends {
            let places = match mend.places {
                1 => String::new(),
                places => ui.pick(format!("（{places}か所）"), format!(" ({places} places)")),
            };
            ui.line(&format!("  ✔ {}{places}", mend.kind.text().get(ui.lang)));
        }
        if file.name != *was {
            ui.line(&format!("  → {}", file.name));
        }
        if let Some(fault) = file.unencodable {
            ui.line(&ui.pick(
                format!("  ✘ MS932にない文字「{}」があるので、文字コードは直していません。別の字かかなに置き換えてください。", fault.character),
                format!("  ✘ Not written in MS932: it does not have {}. Replace the character.", fault.character),
            ));
        }
    }
    print_left(&fixed.check, ui);
    let out = fixed.out.display();
    let mended = fixed.files.iter().filter(|file| !file.mends.is_empty()).count();
    let files = fixed.files.len();
    ui.line(&ui.pick(
        format!("{files}ファイルのうち {mended} を直し、{out} に書きました（元のファイルはそのままです）。"),
        format!("Mended {mended} of {files} files, written to {out}; the originals are as they were."),
    ));
}

/// What no machine can decide, by rule, with where it is first.
fn print_left(check: &Check, ui: &Ui) {
    let mut left: BTreeMap<(&str, &str), (u32, Option<u32>)> = BTreeMap::new();
    for finding in check.findings.iter().filter(|found| found.severity == Severity::Error) {
        let file = finding.place.file.as_deref().unwrap_or("-");
        let entry = left.entry((file, finding.rule.id)).or_insert((0, finding.place.record));
        entry.0 = entry.0.saturating_add(finding.more.saturating_add(1));
    }
    if left.is_empty() {
        return;
    }
    ui.line(ui.pick(
        "直さずに残したもの（くわしくは careplan check で）:",
        "Left as it is (careplan check tells more):",
    ));
    for ((file, rule), (count, record)) in left {
        let record = record.map(|number| {
            ui.pick(format!(" レコード{number}～"), format!(" from record {number}"))
        });
        ui.line(&format!("  ✘ {file}"));
        ui.line(&format!("      {rule} × {count}{}", record.unwrap_or_default()));
    }
}
