//! `careplan convert PATH… --to VERSION --out DIR`: sendings in another version of the standard.

use std::{
    fs,
    path::{Path, PathBuf},
};

use careplan_protocol::{CheckReport, Finding, Lang};
use careplan_standard::{
    ServiceKind, Standard, Version,
    convert::{Conversion, Note, NoteClass, Order, Refused, convert},
};
use serde::Serialize;

use super::convert_print;
use crate::{
    copies,
    sendings::{Loaded, load},
    ui::{CommandResult, End, Format, Stop, Ui},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// フォルダ（1つの送信）またはファイル / a folder (one sending) or files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// 変換先の版（3.2、4.1、またはCSVバージョン値） / the version to write
    #[arg(long, value_name = "VERSION", value_parser = version)]
    to: &'static Version,
    /// 変換したファイルを置くフォルダ / the folder for the converted files
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// ファイル名に書く送信元サービス種類コード（例: 43） / the sender's service kind
    #[arg(long, value_name = "KIND")]
    kind_from: Option<ServiceKind>,
    /// ファイル名に書く送信先サービス種類コード（例: 11） / the receiver's service kind
    #[arg(long, value_name = "KIND")]
    kind_to: Option<ServiceKind>,
    /// 第3表がないとき、サービスのない第3表を作る / add a 第3表 without services if there is none
    #[arg(long)]
    add_table3: bool,
}

/// One sending, converted or not.
pub(super) struct Done<'a> {
    pub(super) sending: &'a Loaded,
    /// Where its files were written.
    pub(super) out: PathBuf,
    pub(super) result: Result<Conversion, Refused>,
}

#[derive(Serialize)]
struct Report {
    to: &'static str,
    /// Whether every sending was converted and may go out as it is.
    complete: bool,
    sendings: Vec<SendingLine>,
}

#[derive(Serialize)]
struct SendingLine {
    /// `complete`, `incomplete` or `refused`.
    outcome: &'static str,
    source: Option<String>,
    /// Where the files are; none where nothing was written.
    out: Option<String>,
    files: Vec<FileLine>,
    notes: Vec<NoteLine>,
    /// Of a sending that was refused: what keeps its files from being read.
    findings: Vec<Finding>,
    /// What the standard says of the files that were written.
    check: Option<CheckReport>,
}

#[derive(Serialize)]
struct FileLine {
    name: String,
    /// The name that it had; none for a file that was added.
    was: Option<String>,
}

#[derive(Serialize)]
struct NoteLine {
    class: &'static str,
    note: &'static str,
    file: Option<String>,
    record: Option<u32>,
    item: Option<u16>,
    item_name: Option<String>,
    value: String,
    message: &'static str,
}

impl Done<'_> {
    pub(super) fn is_complete(&self) -> bool {
        self.result.as_ref().is_ok_and(Conversion::is_complete)
    }
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let sendings = load(&args.paths)?;
    let outs = copies::outs(&sendings, &args.out)?;
    for out in &outs {
        args.paths.iter().try_for_each(|path| is_elsewhere(path, out))?;
    }
    let order = Order {
        to: args.to,
        from_kind: args.kind_from,
        to_kind: args.kind_to,
        adds_table3: args.add_table3,
    };
    let convert = |(sending, out): (_, PathBuf)| {
        let sending: &Loaded = sending;
        let result = convert(Standard::bundled(), &sending.sending(), &order);
        Done { sending, out, result }
    };
    let done: Vec<Done<'_>> = sendings.iter().zip(outs).map(convert).collect();
    write(&done)?;
    let is_complete = done.iter().all(Done::is_complete);
    match ui.format {
        Format::Json => ui.json(&Report {
            to: &args.to.value,
            complete: is_complete,
            sendings: done.iter().map(|done| sending_line(done, ui.lang)).collect(),
        })?,
        Format::Human => {
            for one in &done {
                convert_print::sending(one, args.to, 1 < done.len(), ui);
            }
        }
    }
    Ok(if is_complete { End::Good } else { End::Bad })
}

/// The version of this label or CSVバージョン値.
fn version(text: &str) -> Result<&'static Version, String> {
    let versions = Standard::bundled().versions();
    let is_it = |version: &&Version| version.label == text || version.value == text;
    versions.iter().find(is_it).ok_or_else(|| {
        let known = |version: &Version| format!("{} ({})", version.label, version.value);
        let known: Vec<String> = versions.iter().map(known).collect();
        format!("版は {} です / one of these versions", known.join(", "))
    })
}

/// Converted files have other names, so they would settle among the originals without a word.
fn is_elsewhere(path: &Path, out: &Path) -> Result<(), Stop> {
    let folder = if path.is_dir() { Some(path) } else { path.parent() };
    let real = |path: &Path| fs::canonicalize(path).ok();
    let here = Path::new(".");
    let folder = folder.map(|folder| if folder.as_os_str().is_empty() { here } else { folder });
    match (folder.and_then(real), real(out)) {
        (Some(folder), Some(out)) if folder == out => {
            let out = out.display();
            Err(Stop::setup(
                format!(
                    "--out が元のファイルのフォルダ {out} です。別のフォルダを指定してください"
                ),
                format!("--out is {out}, where the originals are; name another folder"),
            ))
        }
        _ => Ok(()),
    }
}

/// Nothing is written where not everything has room.
fn write(done: &[Done<'_>]) -> Result<(), Stop> {
    let converted = || done.iter().filter_map(|one| Some((&one.out, one.result.as_ref().ok()?)));
    for (out, conversion) in converted() {
        copies::find_room(out, conversion.files.iter().map(|file| file.name.as_str()))?;
    }
    for (out, conversion) in converted() {
        let files = conversion.files.iter().map(|file| (file.name.as_str(), &file.bytes[..]));
        copies::write(out, files)?;
    }
    Ok(())
}

fn sending_line(done: &Done<'_>, lang: Lang) -> SendingLine {
    let source = done.sending.folder.as_ref().map(|folder| folder.display().to_string());
    let notes = |notes: &[Note]| notes.iter().map(|note| note_line(note, lang)).collect();
    match &done.result {
        Ok(conversion) => {
            let names: Vec<&str> = conversion.files.iter().map(|file| file.name.as_str()).collect();
            let was = done.sending.names();
            let was = |at: usize| was.get(at).map(|name| (*name).to_owned());
            let files = conversion.files.iter();
            SendingLine {
                outcome: if conversion.is_complete() { "complete" } else { "incomplete" },
                source,
                out: Some(done.out.display().to_string()),
                files: files
                    .map(|file| FileLine {
                        name: file.name.clone(),
                        was: file.source.and_then(was),
                    })
                    .collect(),
                notes: notes(&conversion.notes),
                findings: vec![],
                check: Some(CheckReport::new(&conversion.check, &names, lang)),
            }
        }
        Err(refused) => SendingLine {
            outcome: "refused",
            source,
            out: None,
            files: vec![],
            notes: notes(&refused.notes),
            findings: refused.findings.iter().map(|found| Finding::new(found, lang)).collect(),
            check: None,
        },
    }
}

fn note_line(note: &Note, lang: Lang) -> NoteLine {
    NoteLine {
        class: match note.kind.class() {
            NoteClass::Lost => "lost",
            NoteClass::Assumed => "assumed",
            NoteClass::Rewritten => "rewritten",
            NoteClass::Needed => "needed",
            NoteClass::Refused => "refused",
        },
        note: note.kind.word(),
        file: note.place.file.clone(),
        record: note.place.record,
        item: note.place.item,
        item_name: note.item_name.clone(),
        value: note.value.clone(),
        message: note.message(lang),
    }
}
