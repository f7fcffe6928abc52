//! Files as rows of values by item name, ready to be shown.
//!
//! Invariant: a value holds no control character but newlines, so that neither a page nor a terminal
//! can be made to do anything by a text.

use careplan_standard::{
    Date, FileKind, FileName, Item, ItemKind, Layout, Month, Sequence, ServiceKind, Standard, Text,
    Version, read_records, readable,
};

use super::{
    blocks::{Alternative, Field, field},
    wareki,
};
use crate::person::PersonKey;

/// One file, read as far as it can be.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Its name.
    pub(super) file: String,
    /// What it carries.
    pub(super) kind: FileKind,
    /// Its name, taken apart; none where only its beginning could be read.
    pub(super) name: Option<FileName>,
    /// Which of the sendings it is of.
    pub(super) sending: usize,
    /// Its records.
    pub(super) rows: Vec<Row>,
}

/// One record.
#[derive(Debug, Clone)]
pub(super) struct Row {
    layout: Option<&'static Layout>,
    values: Vec<String>,
}

impl Sheet {
    /// Reads a file of records; none where its name begins like no kind of file.
    pub(super) fn read(file: &str, bytes: &[u8], sending: usize) -> Option<Self> {
        let name = FileName::parse(file).ok();
        let kind = name.map_or_else(|| kind_by_beginning(file), |name| Some(name.kind))?;
        let readable = readable(bytes);
        let rows = if kind.is_image() {
            vec![]
        } else {
            let records = read_records(&readable.bytes);
            let values = records.records().map(|record| {
                record.fields().map(|field| clean(&field.text())).collect::<Vec<_>>()
            });
            values.map(|values| Row { layout: layout(kind, name, &values), values }).collect()
        };
        Some(Self { file: clean(file), kind, name, sending, rows })
    }

    /// ファイル連番.
    pub(super) fn sequence(&self) -> Option<Sequence> {
        self.name.map(|name| name.sequence)
    }
}

impl Row {
    /// A record in which nothing stands.
    pub(super) fn blank(kind: FileKind) -> Self {
        Self { layout: layout(kind, None, &[]), values: vec![] }
    }

    /// The item of this No, as it is written; empty where there is none.
    pub(super) fn at(&self, no: u16) -> &str {
        let at = usize::from(no).checked_sub(1);
        at.and_then(|at| self.values.get(at)).map_or("", String::as_str)
    }

    /// The first item of this name, as it is written; empty where the version lacks it.
    pub(super) fn text(&self, name: &str) -> &str {
        self.item(name).map_or("", |item| self.at(item.no))
    }

    /// The items, each with what it says.
    pub(super) fn items(&self) -> impl Iterator<Item = (&'static Item, String)> + '_ {
        let items = self.layout.map_or(&[][..], |layout| &layout.items);
        items.iter().map(|item| (item, show(item, self.at(item.no))))
    }

    /// The first item of this name as people read it: a code as its meaning, a date in its era.
    /// What is no code or date is shown as it is written.
    pub(super) fn show(&self, name: &str) -> String {
        self.item(name).map_or_else(String::new, |item| show(item, self.at(item.no)))
    }

    /// A field of so many twelfths of its row, whose label is the item's name.
    pub(super) fn field(&self, share: u8, label: Text) -> Field {
        field(share, label, self.show(label.ja))
    }

    /// From one day to another; empty where neither is given.
    pub(super) fn period(&self, from: &str, to: &str) -> String {
        let (from, to) = (self.show(from), self.show(to));
        if from.is_empty() && to.is_empty() { String::new() } else { format!("{from} ～ {to}") }
    }

    /// The printed alternatives of a code, those that hold marked. A code of the list may mean
    /// several of them (`初回＆紹介`); one that is not in the list stands behind them, as it is.
    pub(super) fn choice(&self, name: &str) -> Vec<Alternative> {
        let Some(item) = self.item(name) else { return vec![] };
        let value = self.at(item.no);
        let meaning = item.values.iter().find(|(code, _)| code == value).map(|(_, words)| words);
        let parts = |words: &str| -> Vec<String> {
            words.split(['＆', '・']).map(str::to_owned).collect()
        };
        let chosen = meaning.map(|words| parts(words)).unwrap_or_default();
        let single = item.values.iter().filter(|(_, words)| parts(words).len() == 1);
        let mut alternatives: Vec<Alternative> = single
            .map(|(_, words)| Alternative { words: words.clone(), holds: chosen.contains(words) })
            .collect();
        if meaning.is_none() && !value.is_empty() {
            alternatives.push(Alternative { words: value.to_owned(), holds: true });
        }
        alternatives
    }

    /// Printed words, each of which holds where its item is `1`.
    pub(super) fn flags(&self, flags: &[(&str, &str)]) -> Vec<Alternative> {
        let mut alternatives = vec![];
        for (words, name) in flags {
            let value = self.text(name);
            alternatives.push(Alternative { words: (*words).to_owned(), holds: value == "1" });
            if !["", "0", "1"].contains(&value) {
                alternatives.push(Alternative { words: value.to_owned(), holds: true });
            }
        }
        alternatives
    }

    /// Whose record it is.
    pub(super) fn person(&self) -> PersonKey {
        PersonKey {
            insurer: self.text("保険者番号").to_owned(),
            insured: self.text("被保険者番号").to_owned(),
        }
    }

    fn item(&self, name: &str) -> Option<&'static Item> {
        self.layout?.named(name)
    }
}

/// A サービスコード as people read it: the name of its kind, then the code.
pub(super) fn service(code: &str) -> String {
    match kind_name(code.get(..2).unwrap_or_default()) {
        Some(name) => format!("{name} {code}"),
        None => code.to_owned(),
    }
}

/// HHMM as a clock shows it; 9999, which is no time, as a dash.
pub(super) fn clock(time: &str) -> String {
    match time.as_bytes() {
        b"9999" => "－".to_owned(),
        [_, _, _, _] if time.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{}:{}", &time[..2], &time[2..])
        }
        _ => time.to_owned(),
    }
}

/// The text with one kind of newline and no other control character.
pub(super) fn clean(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    let shown = |char: char| {
        // Marks that turn the direction of text reach us in file names only.
        let turns = matches!(char, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if turns || (char.is_control() && char != '\n') {
            char::REPLACEMENT_CHARACTER
        } else {
            char
        }
    };
    unified.chars().map(shown).collect()
}

fn show(item: &Item, value: &str) -> String {
    let meaning = || item.values.iter().find(|(code, _)| code == value).map(|(_, words)| words);
    let shown = match item.kind {
        ItemKind::Date => value.parse::<Date>().ok().map(wareki::date),
        ItemKind::Month => value.parse::<Month>().ok().map(wareki::month),
        ItemKind::Time => Some(clock(value)),
        ItemKind::ServiceCode => Some(service(value)),
        ItemKind::ServiceKind => kind_name(value).map(|name| format!("{name} {value}")),
        ItemKind::Integer => Some(grouped(value)),
        ItemKind::Code => meaning().cloned(),
        _ => None,
    };
    shown.unwrap_or_else(|| value.to_owned())
}

fn kind_name(kind: &str) -> Option<&'static str> {
    kind.parse::<ServiceKind>().ok()?.name()
}

/// A number with its thousands apart; anything else as it is.
fn grouped(number: &str) -> String {
    if number.starts_with('0') || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut out = String::new();
    for (at, digit) in number.chars().enumerate() {
        if 0 < at && (number.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The kind that a misnamed file can only be: the longest prefix that it begins with.
fn kind_by_beginning(file: &str) -> Option<FileKind> {
    let file = file.to_ascii_uppercase();
    let (stem, end) = file.rsplit_once('.')?;
    let fits = |kind: &FileKind| {
        let rest = stem.strip_prefix(kind.prefix());
        end.eq_ignore_ascii_case(kind.extension())
            && rest.is_some_and(|rest| !rest.starts_with(|char: char| char.is_ascii_alphabetic()))
    };
    FileKind::ALL.into_iter().filter(fits).max_by_key(|kind| kind.prefix().len())
}

/// The layout of the version that the record names, else of the newest that such names fit.
fn layout(kind: FileKind, name: Option<FileName>, values: &[String]) -> Option<&'static Layout> {
    let standard = Standard::bundled();
    let named = values.first().and_then(|value| standard.version(value));
    let newest = || standard.newest(name.is_none_or(|name| name.has_kinds()));
    let of = |version: &'static Version| version.layout(kind);
    named.and_then(of).or_else(|| newest().and_then(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "UP1KYO_2770100012_43_2770200036_11_20250428171502.CSV";

    fn row(file: &str, line: &str) -> Row {
        let sheet = Sheet::read(file, line.as_bytes(), 0).expect("a file of the standard");
        sheet.rows.into_iter().next().expect("one record")
    }

    fn holding(alternatives: &[Alternative]) -> Vec<&str> {
        let holds = alternatives.iter().filter(|alternative| alternative.holds);
        holds.map(|alternative| alternative.words.as_str()).collect()
    }

    /// 第1表 with only these items filled in.
    fn plan_with(items: &[(u16, &str)]) -> Row {
        let at = |no| items.iter().find(|(of, _)| *of == no).map_or("", |(_, value)| value);
        let cells: Vec<&str> = (1..=28).map(|no| if no == 1 { "202407" } else { at(no) }).collect();
        row(PLAN, &cells.join(","))
    }

    #[test]
    fn codes_and_dates_are_shown_with_their_meaning() {
        let row = plan_with(&[(14, "20250320"), (17, "2"), (21, "23")]);
        assert_eq!(row.show("居宅サービス計画作成（変更）日"), "令和7(2025)年3月20日");
        assert_eq!(row.show("認定状況区分"), "認定済");
        assert_eq!(row.show("要介護状態区分"), "要介護３");
        assert_eq!(row.show("認定日"), "");
    }

    #[test]
    fn what_is_no_code_or_date_is_shown_as_it_is() {
        let row = plan_with(&[(14, "20250230"), (17, "7"), (21, "x")]);
        assert_eq!(row.show("居宅サービス計画作成（変更）日"), "20250230");
        assert_eq!(row.show("認定状況区分"), "7");
        assert_eq!(holding(&row.choice("要介護状態区分")), ["x"]);
        assert_eq!(row.choice("要介護状態区分").len(), 9);
    }

    #[test]
    fn one_code_may_ring_several_alternatives() {
        let row = plan_with(&[(16, "54")]);
        assert_eq!(holding(&row.choice("計画書区分")), ["初回", "紹介", "継続"]);
        assert_eq!(holding(&plan_with(&[(16, "53")]).choice("計画書区分")), ["紹介", "継続"]);
        assert!(holding(&plan_with(&[]).choice("計画書区分")).is_empty());
        assert_eq!(plan_with(&[]).choice("計画書区分").len(), 3);
    }

    #[test]
    fn a_text_can_make_a_terminal_do_nothing() {
        let row = plan_with(&[(8, "\u{1b}[2J\u{7}\tend"), (9, "\"a\r\nb\rc\"")]);
        assert_eq!(row.text("居宅サービス計画作成者氏名"), "\u{fffd}[2J\u{fffd} end");
        assert_eq!(row.text("介護支援事業者名"), "a\nb\nc");
    }

    #[test]
    fn an_older_version_is_read_by_its_own_layout() {
        let slip = |line| row("UPPLAN_202504_2770100012_2770200036_20250428171502.CSV", line);
        let old = slip("202208,,,,202504,,,,,,,,,,111111,,2770200036,みどり");
        assert_eq!(old.text("サービス事業者コード"), "2770200036");
        assert_eq!(old.text("TAISコード"), "");
        // A version that nobody knows is read like the newest of such names.
        let unknown = slip("202410,,,,202504,,,,,,,,,,111111,,2770200036,みどり");
        assert_eq!(unknown.text("サービス事業者コード"), "2770200036");
    }

    #[test]
    fn a_misnamed_file_is_known_by_how_it_begins() {
        let kind = |file| Sheet::read(file, b"", 0).map(|sheet| sheet.kind);
        assert_eq!(kind("UPPLAN (1).csv"), Some(FileKind::Slip));
        assert_eq!(kind("upkihon_sub1_x.csv"), Some(FileKind::PersonRecordDay));
        assert_eq!(kind("UPPLANX.csv"), None);
        assert_eq!(kind("plan.csv"), None);
        assert_eq!(kind("UPPLAN.pdf"), None);
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        let written = ["0", "976", "9760", "1234567", "0012", "", "12a4"].map(grouped);
        assert_eq!(written, ["0", "976", "9,760", "1,234,567", "0012", "", "12a4"]);
    }

    #[test]
    fn service_codes_carry_the_name_of_their_kind() {
        assert_eq!(service("111111"), "訪問介護 111111");
        assert_eq!(service("ZZ1111"), "ZZ1111");
        assert_eq!(service("1"), "1");
        assert_eq!(service("①"), "①");
    }

    #[test]
    fn times_are_shown_as_a_clock_shows_them() {
        assert_eq!(["0930", "9999", "930", ""].map(clock), ["09:30", "－", "930", ""]);
    }
}
