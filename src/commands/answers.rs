//! `careplan answers`: the answer book (正解集), as a list, one situation, or a folder of files.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use careplan_answers::{
    AnswerFile, Edition, Situation, Summary, Telling, WrongEdition, book, export, findings, telling,
};
use careplan_standard::{FileName, Finding};
use serde::Serialize;

use crate::{
    table::{COLUMNS, fit, width, wrap},
    ui::{CommandResult, End, Format, Stop, Ui},
};

/// How many records of a file are shown.
const ROWS_MAX: usize = 10;
/// How wide one value is shown.
const VALUE_COLUMNS: usize = 26;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 場面の一覧 / list the situations
    List,
    /// 1つの場面: 説明、正しいファイル、誤ったファイル / one situation
    Show {
        /// 場面のID（list で見られます） / its identifier, as `list` prints it
        id: String,
    },
    /// すべての場面をフォルダに書き出す（index.html 付き） / write every situation into a folder
    Export {
        /// まだないか、空のフォルダ / a folder that does not exist or is empty
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Serialize)]
struct ListLine {
    id: &'static str,
    title: &'static str,
    title_en: &'static str,
    chapter: &'static str,
    versions: Vec<String>,
    wrong: Vec<&'static str>,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    match &args.command {
        Command::List => list(ui),
        Command::Show { id } => show(id, ui),
        Command::Export { folder } => write_book(folder, ui),
    }
}

fn list(ui: &Ui) -> CommandResult {
    let chapters = book();
    if ui.format == Format::Json {
        let situations = chapters.iter().flat_map(|chapter| &chapter.situations);
        ui.json(&situations.map(list_line).collect::<Vec<_>>())?;
        return Ok(End::Good);
    }
    for chapter in &chapters {
        ui.line(chapter.title.get(ui.lang));
        for situation in &chapter.situations {
            ui.line(&format!("  {}", situation.id));
            ui.line(&fit(&format!("      {}", situation.title.get(ui.lang)), COLUMNS));
        }
    }
    let count: usize = chapters.iter().map(|chapter| chapter.situations.len()).sum();
    ui.note(&ui.pick(
        format!("{count}の場面。詳しくは careplan answers show ID"),
        format!("{count} situations; careplan answers show ID tells more"),
    ));
    Ok(End::Good)
}

fn list_line(situation: &Situation) -> ListLine {
    ListLine {
        id: situation.id,
        title: situation.title.ja,
        title_en: situation.title.en,
        chapter: situation.chapter(),
        versions: situation.editions().iter().map(|e| e.version.label.clone()).collect(),
        wrong: situation.wrong_editions().iter().map(|wrong| wrong.id).collect(),
    }
}

fn show(id: &str, ui: &Ui) -> CommandResult {
    let mut situations = book().into_iter().flat_map(|chapter| chapter.situations);
    let Some(situation) = situations.find(|situation| situation.id == id) else {
        return Err(Stop::setup(
            format!("「{id}」という場面はありません。careplan answers list で確かめてください"),
            format!("there is no situation {id}; careplan answers list names them"),
        ));
    };
    if ui.format == Format::Json {
        ui.json(&Summary::of(&situation))?;
        return Ok(End::Good);
    }
    print_story(&situation, ui);
    for (at, edition) in situation.editions().iter().enumerate() {
        print_correct(&situation, edition, at == 0, ui);
    }
    for wrong in situation.wrong_editions() {
        print_wrong(&wrong, ui);
    }
    Ok(End::Good)
}

fn print_story(situation: &Situation, ui: &Ui) {
    wrapped("", situation.title.ja, ui);
    wrapped("", &format!("{} ({})", situation.title.en, situation.id), ui);
    ui.line("");
    wrapped("業務: ", situation.happens, ui);
    wrapped("難しさ: ", situation.hard, ui);
    wrapped("標準仕様: ", situation.says, ui);
    if let Some(only) = situation.only {
        wrapped("版: ", only, ui);
    }
    if situation.is_illustrative {
        wrapped("例示: ", "サービスコードと単位数は仮のものです。", ui);
    }
}

fn print_correct(situation: &Situation, edition: &Edition, is_first: bool, ui: &Ui) {
    let label = &edition.version.label;
    let heading = ui.pick(
        format!("\n✔ 正しいファイル（{label}版）"),
        format!("\n✔ Correct files (version {label})"),
    );
    ui.line(&heading);
    print_names(&edition.files, ui);
    if is_first {
        for telling in telling(situation, &edition.files, edition.version) {
            print_table(&telling, ui);
        }
    }
    for (finding, why) in &edition.accepted {
        wrapped("  ", &format!("[{}] は示されますが、正しい: {why}", finding.rule), ui);
    }
}

fn print_names(files: &[AnswerFile], ui: &Ui) {
    for file in files {
        ui.line(&fit(&format!("  {}", file.name), COLUMNS));
    }
}

/// The telling items: what each column is, then the records.
fn print_table(telling: &Telling, ui: &Ui) {
    ui.line(&fit(&format!("\n  {} {}", telling.kind.prefix(), telling.kind.title()), COLUMNS));
    let names: Vec<String> =
        telling.columns.iter().map(|(no, name)| format!("No.{no} {name}")).collect();
    wrapped("    ", &names.join("、"), ui);
    let mut rows: Vec<Vec<String>> = vec![vec!["件".to_owned()]];
    rows[0].extend(telling.columns.iter().map(|(no, _)| format!("No.{no}")));
    for (number, values) in telling.rows.iter().take(ROWS_MAX) {
        let one_line = |value: &String| value.replace("\r\n", "⏎").replace(['\r', '\n'], "⏎");
        let mut row = vec![number.to_string()];
        row.extend(values.iter().map(|value| fit(&one_line(value), VALUE_COLUMNS)));
        rows.push(row);
    }
    let widths: Vec<usize> = (0..rows[0].len())
        .map(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0))
        .collect();
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, columns)| format!("{cell}{}", " ".repeat(columns - width(cell))))
            .collect();
        ui.line(fit(&format!("    {}", cells.join("  ")), COLUMNS).trim_end());
    }
    if ROWS_MAX < telling.rows.len() {
        let more = telling.rows.len() - ROWS_MAX;
        ui.line(&ui.pick(format!("    ほか{more}件"), format!("    and {more} more")));
    }
}

fn print_wrong(wrong: &WrongEdition, ui: &Ui) {
    let label = &wrong.version.label;
    let heading = ui.pick(
        format!("{}（{label}版、{}）", wrong.title.ja, wrong.id),
        format!("{} (version {label}, {})", wrong.title.en, wrong.id),
    );
    ui.line("");
    wrapped("✘ ", &heading, ui);
    for change in &wrong.changes {
        wrapped("  - ", change, ui);
    }
    let findings = findings(&wrong.files);
    if findings.is_empty() {
        ui.line(ui.pick("  検査では見つかりません。", "  A check cannot find it."));
    }
    for finding in &findings {
        wrapped("  → ", &format!("[{}] {}", finding.rule.id, place(finding, ui)), ui);
        wrapped("     ", &finding.message(ui.lang), ui);
    }
}

fn place(finding: &Finding, ui: &Ui) -> String {
    let place = &finding.place;
    let Some(file) = &place.file else {
        return ui.pick("送信全体", "the sending").to_owned();
    };
    let shown = fit(file, COLUMNS / 2);
    let kind = FileName::parse(file).map_or(shown, |name| name.kind.prefix().to_owned());
    let record = place.record.map(|n| ui.pick(format!(" {n}件目"), format!(" record {n}")));
    let item = place.item.map(|n| format!(" No.{n}"));
    format!("{kind}{}{}", record.unwrap_or_default(), item.unwrap_or_default())
}

fn write_book(folder: &Path, ui: &Ui) -> CommandResult {
    if !is_empty(folder).map_err(|error| Stop::path(folder, &error))? {
        let folder = folder.display();
        return Err(Stop::setup(
            format!(
                "{folder} にはもう何かあります。上書きはしません。新しいフォルダを指定してください"
            ),
            format!("{folder} is not empty, and nothing is overwritten; name a new folder"),
        ));
    }
    let files = export();
    for file in &files {
        let path = file.path.iter().fold(folder.to_owned(), |path, part| path.join(part));
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, &file.bytes))
            .map_err(|error| Stop::path(&path, &error))?;
    }
    let index = folder.join("index.html").display().to_string();
    let situations: usize = book().iter().map(|chapter| chapter.situations.len()).sum();
    let count = files.len();
    match ui.format {
        Format::Json => ui.json(&Exported { index, situations, files: count })?,
        Format::Human => {
            ui.line(&index);
            ui.note(&ui.pick(
                format!("{situations}の場面を{count}ファイルに書き出しました。index.html を開いてください"),
                format!("wrote {situations} situations in {count} files; open index.html"),
            ));
        }
    }
    Ok(End::Good)
}

#[derive(Serialize)]
struct Exported {
    index: String,
    situations: usize,
    files: usize,
}

/// Whether nothing is there yet.
fn is_empty(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Prints a text that may take several lines.
fn wrapped(indent: &str, text: &str, ui: &Ui) {
    wrap(indent, text).iter().for_each(|line| ui.line(line));
}
