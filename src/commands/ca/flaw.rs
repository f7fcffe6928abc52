//! `careplan ca flaw list | issue`: the clinic, certificates with a flaw by name.

use std::path::{Path, PathBuf};

use careplan_protocol::{Clock, Lang, OfficeNumber};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use fake_ca::{FakeCa, Flaw, Keep, NoticedBy};
use serde::Serialize;

use super::{open_existing, stop};
use crate::{
    table::{pad, wrap},
    ui::{CommandResult, End, Format, Stop, Ui},
};

#[derive(clap::Args)]
pub(super) struct FlawArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// 欠陥の一覧 / list the flaws
    List,
    /// 欠陥のある証明書ファイルを作る / write files with a flaw
    Issue(IssueArgs),
}

#[derive(clap::Args)]
struct IssueArgs {
    /// 欠陥の名前（careplan ca flaw list） / the flaw's name
    #[arg(value_name = "NAME", hide_possible_values = true, value_parser = flaw_parser())]
    flaw: &'static Flaw,
    /// 事業所番号 / office number
    #[arg(long, value_name = "NUMBER")]
    office: OfficeNumber,
    /// 認証局のフォルダー（省略すると、その場で作った認証局。ルート証明書も書く）
    /// the CA's folder; without it a CA of the moment, whose root is written as well
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// ファイルを置くフォルダー / folder for the files
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// A flaw, as JSON.
#[derive(Serialize)]
struct FlawLine {
    name: &'static str,
    ja: &'static str,
    en: &'static str,
    /// `client`, `tls` or `hub`.
    noticed_by: &'static str,
    problem: &'static str,
}

#[derive(Serialize)]
struct Flaws {
    flaws: Vec<FlawLine>,
}

/// What `issue` wrote.
#[derive(Serialize)]
struct Issued<'a> {
    flaw: FlawLine,
    certificate: &'a Path,
    key: &'a Path,
    pkcs12: Option<&'a Path>,
    password_file: Option<PathBuf>,
    root: Option<PathBuf>,
}

pub(super) fn run(args: &FlawArgs, ui: &Ui) -> CommandResult {
    match &args.command {
        Command::List => list(ui),
        Command::Issue(args) => issue(args, ui),
    }
}

fn list(ui: &Ui) -> CommandResult {
    if ui.format == Format::Json {
        ui.json(&Flaws { flaws: Flaw::all().map(FlawLine::of).collect() })?;
        return Ok(End::Good);
    }
    for flaw in Flaw::all() {
        let (by, problem) = (noticer(flaw.noticed_by, ui), flaw.problem.id());
        ui.line(&format!("{} {} {problem}", pad(flaw.name, 26), pad(by, 14)));
        for line in wrap("    ", flaw.title(ui.lang)) {
            ui.line(&line);
        }
    }
    Ok(End::Good)
}

fn issue(args: &IssueArgs, ui: &Ui) -> CommandResult {
    let ca = match &args.dir {
        Some(dir) => open_existing(dir)?,
        None => FakeCa::open(Keep::Memory, Clock::system()).map_err(stop)?,
    };
    let files = ca.issue_flawed(args.flaw, args.office).map_err(stop)?;
    let saved = files.save(&args.out).map_err(stop)?;
    let root = args.dir.is_none().then(|| args.out.join("root.pem"));
    if let Some(path) = &root {
        std::fs::write(path, ca.root_pem()).map_err(|error| Stop::path(path, &error))?;
    }
    let password_file = saved.pkcs12.is_some().then(|| args.out.join("password.txt"));
    if ui.format == Format::Json {
        ui.json(&Issued {
            flaw: FlawLine::of(args.flaw),
            certificate: &saved.certificate,
            key: &saved.key,
            pkcs12: saved.pkcs12.as_deref(),
            password_file,
            root,
        })?;
        return Ok(End::Good);
    }
    let (problem, title) = (args.flaw.problem.id(), args.flaw.title(ui.lang));
    ui.line(&ui.pick(
        format!("欠陥のある証明書を作りました: {title}（{problem} として断られます）"),
        format!("a certificate with a flaw: it {title} (refused as {problem})"),
    ));
    let paths = match &saved.pkcs12 {
        Some(pkcs12) => [Some(pkcs12), password_file.as_ref(), root.as_ref()],
        None => [Some(&saved.certificate), Some(&saved.key), root.as_ref()],
    };
    for path in paths.into_iter().flatten() {
        ui.line(&format!("  {}", path.display()));
    }
    Ok(End::Good)
}

impl FlawLine {
    fn of(flaw: &Flaw) -> Self {
        Self {
            name: flaw.name,
            ja: flaw.title(Lang::Ja),
            en: flaw.title(Lang::En),
            noticed_by: flaw.noticed_by.word(),
            problem: flaw.problem.id(),
        }
    }
}

fn noticer(by: NoticedBy, ui: &Ui) -> &'static str {
    match by {
        NoticedBy::Client => ui.pick("端末", "client"),
        NoticedBy::Tls => ui.pick("TLS（基盤）", "TLS (hub)"),
        NoticedBy::Hub => ui.pick("基盤", "hub"),
    }
}

fn flaw_parser() -> impl TypedValueParser<Value = &'static Flaw> {
    PossibleValuesParser::new(Flaw::all().map(|flaw| flaw.name))
        .map(|name| Flaw::find(&name).expect("the names of all flaws alone are let through"))
}
