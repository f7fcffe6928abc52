//! `careplan show PATH…`: files as the paper forms that people know.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use care_software::{FormBook, FormEntry};
use serde::Serialize;

use crate::{
    sendings::{Loaded, load},
    ui::{CommandResult, End, Format, Stop, Ui},
};

/// What a page is called in a folder that is named instead of a file.
const PAGE: &str = "careplan-forms.html";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// フォルダ（1つの送信）またはファイル / folders (a sending each) or files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// 端末に表示せず、印刷できるHTML1枚に書き出す（フォルダなら careplan-forms.html） / write one page of HTML
    #[arg(long, value_name = "FILE.html")]
    out: Option<PathBuf>,
    /// すでにあるHTMLを上書きする / replace a page that is there
    #[arg(long, requires = "out")]
    force: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    out: Option<String>,
    errors: u32,
    not_shown: &'a [String],
    forms: Vec<FormEntry>,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let out = args.out.as_deref().map(page_file).transpose()?;
    let sendings = load(&args.paths)?;
    let book = FormBook::read(&sendings.iter().map(Loaded::sending).collect::<Vec<_>>());
    if book.is_empty() {
        let names = book.not_shown().join(", ");
        return Err(Stop::setup(
            format!(
                "帳票にできるファイルがありません（{names}）。ファイル名は標準仕様のもの（UPPLAN_… など）で、中身は空でないことが必要です"
            ),
            format!(
                "there is nothing to show ({names}); names have to be the standard's (UPPLAN_… and so on) and files not empty"
            ),
        ));
    }
    if let Some(out) = &out {
        write(out, &book.html(ui.lang), args.force)?;
    }
    match ui.format {
        Format::Json => ui.json(&Shown {
            out: out.map(|out| out.display().to_string()),
            errors: book.errors(),
            not_shown: book.not_shown(),
            forms: book.entries(),
        })?,
        Format::Human => print(&book, out.as_deref(), ui),
    }
    Ok(End::Good)
}

fn print(book: &FormBook, out: Option<&Path>, ui: &Ui) {
    let Some(out) = out else { return ui.line(book.text(ui.lang).trim_end()) };
    let (forms, out) = (book.entries().len(), out.display());
    ui.line(&ui.pick(
        format!("{out} に帳票 {forms}枚を書き出しました。ブラウザーで開き、A4横で印刷できます。"),
        format!("{forms} forms are in {out}; open it in a browser, it prints on A4 landscape."),
    ));
    if 0 < book.errors() {
        let errors = book.errors();
        ui.note(&ui.pick(
            format!("検査でエラー {errors}件。内容は careplan check で確かめてください。"),
            format!("the check finds {errors} errors; careplan check says what is wrong."),
        ));
    }
    if !book.not_shown().is_empty() {
        let names = book.not_shown().join(", ");
        ui.note(&ui.pick(
            format!("帳票にできないファイル: {names}"),
            format!("files on no form: {names}"),
        ));
    }
}

/// Where the page goes. Only what is called a page is written, so that `--out` before a forgotten
/// name replaces no file of a sending.
fn page_file(out: &Path) -> Result<PathBuf, Stop> {
    if out.is_dir() {
        return Ok(out.join(PAGE));
    }
    let end = out.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if ["html", "htm"].contains(&&*end) {
        return Ok(out.to_owned());
    }
    let out = out.display();
    Err(Stop::setup(
        format!(
            "--out {out} はHTMLの名前ではありません。.html で終わる名前か、フォルダを指定してください"
        ),
        format!("--out {out} is no name of a page; give one that ends with .html, or a folder"),
    ))
}

fn write(out: &Path, page: &str, force: bool) -> Result<(), Stop> {
    let written = if force {
        fs::write(out, page)
    } else {
        let file = OpenOptions::new().write(true).create_new(true).open(out);
        file.and_then(|mut file| file.write_all(page.as_bytes()))
    };
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            let out = out.display();
            Stop::setup(
                format!("{out} はすでにあります。上書きするには --force を付けてください"),
                format!("{out} exists; --force replaces it"),
            )
        }
        _ => Stop::path(out, &error),
    })
}
