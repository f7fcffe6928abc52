//! `careplan hub office`: who takes part.

use std::{fs, path::PathBuf};

use careplan_protocol::{
    OfficeNumber, ServiceKind,
    admin::{OfficeChange, OfficeEntries, OfficeEntry},
};
use reference_hub::Method;

use super::{
    door::{DoorArgs, Reply},
    licence::standing,
};
use crate::{
    table::{fit, pad},
    ui::{CommandResult, End, Format, Stop, Ui},
};

/// How many offices are asked for at once.
const PAGE: usize = 1000;

#[derive(clap::Args)]
pub(super) struct OfficeArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// すべての事業所 / all offices
    List(Only),
    /// 1つの事業所 / one office
    Show(One),
    /// 事業所を登録する（あれば書き換える。ライセンスはそのまま） / register an office, or change it
    Add(Add),
    /// 事業所の登録を消す / remove an office
    Remove(One),
    /// 事業所を探す / look for offices
    Search(Search),
    /// 事業所の一覧をCSVで出す（Excel用） / the offices as CSV, for spreadsheets
    Export(Export),
}

#[derive(clap::Args)]
struct Only {
    #[command(flatten)]
    door: DoorArgs,
}

#[derive(clap::Args)]
struct One {
    #[command(flatten)]
    door: DoorArgs,
    /// 事業所番号 / the office number
    #[arg(value_name = "OFFICE")]
    office: OfficeNumber,
}

#[derive(clap::Args)]
struct Add {
    #[command(flatten)]
    door: DoorArgs,
    /// 事業所番号 / the office number
    #[arg(value_name = "OFFICE")]
    office: OfficeNumber,
    /// 事業所名称 / its name
    #[arg(long)]
    name: String,
    /// サービス種類コード（繰り返し可） / a service kind; may be repeated
    #[arg(long = "kind", value_name = "KIND", required = true)]
    kinds: Vec<ServiceKind>,
    /// 都道府県（番号か名称。なければ事業所番号から） / prefecture, else by the number
    #[arg(long)]
    prefecture: Option<String>,
    /// 受け取れるCSVバージョン値（繰り返し可） / a CSV version that it takes; may be repeated
    #[arg(long = "csv-version", value_name = "VERSION")]
    versions: Vec<String>,
}

#[derive(clap::Args)]
struct Search {
    #[command(flatten)]
    door: DoorArgs,
    #[command(flatten)]
    filter: Filter,
}

#[derive(clap::Args)]
struct Export {
    #[command(flatten)]
    door: DoorArgs,
    #[command(flatten)]
    filter: Filter,
    /// 書き出すファイル（なければ標準出力） / the file to write, else standard output
    #[arg(long, value_name = "FILE.csv")]
    out: Option<PathBuf>,
}

/// What is looked for.
#[derive(clap::Args, Default)]
struct Filter {
    /// 事業所番号の先頭 / how the office number begins
    #[arg(long)]
    number: Option<String>,
    /// 名称の一部（全角・半角、ひらがな・カタカナを問わない） / a part of the name
    #[arg(long)]
    name: Option<String>,
    /// 都道府県（番号か名称） / prefecture, by code or name
    #[arg(long)]
    prefecture: Option<String>,
    /// サービス種類コード / service kind
    #[arg(long)]
    kind: Option<ServiceKind>,
}

pub(super) fn run(args: &OfficeArgs, ui: &Ui) -> CommandResult {
    match &args.command {
        Command::List(args) => list(&args.door, &Filter::default(), ui),
        Command::Search(args) => list(&args.door, &args.filter, ui),
        Command::Show(args) => told(args.door.get(&path(args.office))?, ui),
        Command::Add(args) => {
            let change = OfficeChange {
                name: args.name.clone(),
                kinds: args.kinds.clone(),
                prefecture: args.prefecture.clone(),
                versions: args.versions.clone(),
            };
            told(args.door.ask(Method::PUT, &path(args.office), &change)?, ui)
        }
        Command::Remove(args) => {
            let path = path(args.office);
            match args.door.wait(async |client| client.tell(Method::DELETE, &path).await)? {
                Ok(()) => Ok(End::Good),
                Err(problem) => ui.problem(&problem),
            }
        }
        Command::Export(args) => export(args, ui),
    }
}

fn path(office: OfficeNumber) -> String {
    format!("/admin/offices/{office}")
}

/// All pages, one after the other.
fn list(door: &DoorArgs, filter: &Filter, ui: &Ui) -> CommandResult {
    let mut all = OfficeEntries { offices: Vec::new(), next: None };
    loop {
        let cursor = all.next.take().unwrap_or_default();
        let path = format!("{}&limit={PAGE}&cursor={cursor}", filter.address());
        let page: OfficeEntries = match door.get(&path)? {
            Ok(page) => page,
            Err(problem) => return ui.problem(&problem),
        };
        all.offices.extend(page.offices);
        all.next = page.next;
        if all.next.is_none() {
            break;
        }
    }
    match ui.format {
        Format::Json => ui.json(&all)?,
        Format::Human => {
            for entry in &all.offices {
                ui.line(&line(entry, ui));
            }
            let count = all.offices.len();
            ui.note(&ui.pick(format!("{count} 事業所"), format!("{count} offices")));
        }
    }
    Ok(End::Good)
}

fn export(args: &Export, ui: &Ui) -> CommandResult {
    let path = format!("{}&format=csv", args.filter.address());
    let table = match args.door.wait(async |client| client.text(&path).await)? {
        Ok(table) => table,
        Err(problem) => return ui.problem(&problem),
    };
    match &args.out {
        Some(file) => fs::write(file, table).map_err(|error| Stop::path(file, &error))?,
        None => ui.line(table.trim_end()),
    }
    Ok(End::Good)
}

fn told(reply: Reply<OfficeEntry>, ui: &Ui) -> CommandResult {
    match (reply, ui.format) {
        (Err(problem), _) => return ui.problem(&problem),
        (Ok(entry), Format::Json) => ui.json(&entry)?,
        (Ok(entry), Format::Human) => ui.line(&line(&entry, ui)),
    }
    Ok(End::Good)
}

fn line(entry: &OfficeEntry, ui: &Ui) -> String {
    let kinds: Vec<_> = entry.kinds.iter().map(ToString::to_string).collect();
    format!(
        "{}  {}  {}  {}",
        entry.office,
        pad(&fit(&entry.name, 30), 30),
        pad(&fit(&kinds.join(" "), 11), 11),
        standing(&entry.licence, ui)
    )
}

impl Filter {
    /// The address of what it finds, to which more may be added.
    fn address(&self) -> String {
        let kind = self.kind.map(|kind| kind.to_string());
        let members = [
            ("number", self.number.as_deref()),
            ("name", self.name.as_deref()),
            ("prefecture", self.prefecture.as_deref()),
            ("kind", kind.as_deref()),
        ];
        let given = members.iter().filter_map(|(name, value)| Some((name, (*value)?)));
        let members: Vec<_> =
            given.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        format!("/admin/offices?{}", members.join("&"))
    }
}

/// A value of a query, every byte but the plainest written as %XX.
fn encoded(value: &str) -> String {
    let byte = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    value.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_an_address() {
        let filter = Filter {
            number: Some("27".to_owned()),
            name: Some("陽 &1".to_owned()),
            kind: "15".parse().ok(),
            ..Filter::default()
        };
        assert_eq!(filter.address(), "/admin/offices?number=27&name=%E9%99%BD%20%261&kind=15");
    }
}
