//! The standard's tables, as data: versions, layouts, 送信単位.
//!
//! A version is a folder of tables under `data/`, compiled in. Nothing here knows a version by
//! name; a new one is a new folder and a line in `versions.tsv`.

use std::{collections::BTreeMap, fmt, sync::OnceLock};

use crate::{FileKind, Month, UnitKind, forms::Form, item_names::Names};

/// Every table: what a check is driven by.
#[derive(Debug, Clone)]
pub struct Standard {
    versions: Vec<Version>,
}

/// One CSVバージョン: its layouts and units.
#[derive(Debug, Clone)]
pub struct Version {
    /// CSVバージョン値: `202407`.
    pub value: String,
    /// What people call it: `4.1`.
    pub label: String,
    /// Whether its file names carry the service kinds (V4 names).
    pub names_have_kinds: bool,
    /// The first service month that it applies to.
    pub since: Month,
    layouts: BTreeMap<FileKind, Layout>,
    pub(crate) units: Vec<UnitTable>,
}

/// The items of one kind of file.
#[derive(Debug, Clone)]
pub struct Layout {
    /// In the order of the file; the first has No 1.
    pub items: Vec<Item>,
    names: Names,
    /// What is sure of each item.
    pub(crate) forms: Vec<Form>,
}

/// One item (項目) of a layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its No, from 1.
    pub no: u16,
    /// Its name in the standard.
    pub name: String,
    /// How long it may be.
    pub length: Length,
    /// Whether it must be there.
    pub required: Required,
    /// What stands in it.
    pub kind: ItemKind,
    /// For a code, what is listed: the value and what it means.
    pub values: Vec<(String, String)>,
    /// What else the table says.
    pub note: String,
    /// Cells that could not be read with certainty: breaches of them are warnings.
    pub uncertain: Uncertain,
}

/// How long an item may be. A maximum for numbers and tel, exact for codes and dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Free text without a limit.
    Unlimited,
    /// Characters of a code, digits of a number.
    Chars(u16),
}

/// Whether an item must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Required {
    /// Y: 必須.
    Always,
    /// W: 必要 (介護予防 layouts); missing is a warning.
    Wanted,
    /// N: 任意.
    Optional,
}

/// Which cells of an item's row are marked `?`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uncertain {
    /// The length.
    pub length: bool,
    /// Whether it is required.
    pub required: bool,
    /// The values.
    pub values: bool,
}

/// What stands in an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// 年月 YYYYMM.
    Month,
    /// 年月日 YYYYMMDD.
    Date,
    /// 時刻 HHMM.
    Time,
    /// 保険者番号: digits.
    Insurer,
    /// 被保険者番号: digits, or `H` and digits.
    Insured,
    /// 事業所番号.
    Office,
    /// サービスコード: two characters of kind, four of item.
    ServiceCode,
    /// サービス種類コード.
    ServiceKind,
    /// TAISコード or 福祉用具届出コード.
    Equipment,
    /// サテライト枝番.
    Branch,
    /// A value of the item's list.
    Code,
    /// A running number.
    Sequence,
    /// A whole number.
    Integer,
    /// A number with two decimals.
    Decimal,
    /// 31 digits, 1 on each day meant.
    DayMap,
    /// 郵便番号 NNN-NNNN.
    PostalCode,
    /// 電話番号.
    Telephone,
    /// The one value that the table names.
    Fixed,
    /// The name of a picture's file.
    ImageName,
    /// Not used.
    Unused,
    /// Free text.
    Text,
}

/// A 送信単位, as data.
#[derive(Debug, Clone)]
pub(crate) struct UnitTable {
    pub(crate) kind: UnitKind,
    pub(crate) must: Vec<Member>,
    pub(crate) wanted: Vec<Member>,
    pub(crate) may: Vec<Member>,
}

/// A kind of file in a 送信単位; 補足 stands with its `000000` or with its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) kind: FileKind,
    pub(crate) has_zero_month: bool,
}

/// A table that is not as tables are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFault {
    /// The table.
    pub table: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

impl fmt::Display for TableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}", self.table, self.line, self.what)
    }
}

impl std::error::Error for TableFault {}

/// Path below `data/` and text of each table that is compiled in.
pub(crate) const BUNDLED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/tables.rs"));

impl Standard {
    /// The versions that the real system carries.
    pub fn bundled() -> &'static Self {
        static STANDARD: OnceLock<Standard> = OnceLock::new();
        STANDARD
            .get_or_init(|| Self::from_tables(BUNDLED).expect("a test reads every bundled table"))
    }

    /// The tables of the given texts, each with its path: `versions.tsv`, `202407/UPPLAN.tsv`, …
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn from_tables(tables: &[(&str, &str)]) -> Result<Self, TableFault> {
        let text =
            |path: &str| tables.iter().find(|(name, _)| *name == path).map(|(_, text)| *text);
        let mut versions = vec![];
        for row in rows("versions.tsv", text("versions.tsv").unwrap_or_default())? {
            let [value, label, names, since] = row.cells()?;
            let mut version = Version {
                value: value.to_owned(),
                label: label.to_owned(),
                names_have_kinds: names == "with-kinds",
                since: since.parse().map_err(|_| row.fault("since is no month"))?,
                layouts: BTreeMap::new(),
                units: vec![],
            };
            for kind in FileKind::ALL {
                let path = format!("{value}/{}.tsv", table_of(kind).prefix());
                if let Some(text) = text(&path) {
                    version.layouts.insert(kind, layout(kind, &path, text)?);
                }
            }
            let path = format!("{value}/units.tsv");
            version.units = units(&path, text(&path).unwrap_or_default())?;
            versions.push(version);
        }
        Ok(Self { versions })
    }

    /// The versions, oldest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version of this CSVバージョン値.
    pub fn version(&self, value: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.value == value)
    }

    /// The newest version whose names have the form asked for.
    pub fn newest(&self, names_have_kinds: bool) -> Option<&Version> {
        self.versions.iter().rev().find(|version| version.names_have_kinds == names_have_kinds)
    }
}

impl Version {
    /// The layout of this kind of file; none for pictures and for kinds that the version lacks.
    pub fn layout(&self, kind: FileKind) -> Option<&Layout> {
        self.layouts.get(&kind)
    }

    /// Whether the version has files of this kind at all.
    pub fn has(&self, kind: FileKind) -> bool {
        let is_member = |member: &Member| member.kind == kind;
        self.units
            .iter()
            .any(|unit| unit.must.iter().chain(&unit.wanted).chain(&unit.may).any(is_member))
    }
}

impl Layout {
    /// The item of this No.
    #[inline]
    pub fn item(&self, no: u16) -> Option<&Item> {
        self.items.get(usize::from(no).checked_sub(1)?)
    }

    /// The first item of this name.
    pub fn named(&self, name: &str) -> Option<&Item> {
        self.names.places(name).find_map(|at| self.items.get(at).filter(|item| item.name == name))
    }

    /// The No of the first item of this name; 0, which no item has, if there is none.
    pub(crate) fn no_of(&self, name: &str) -> u16 {
        self.named(name).map_or(0, |item| item.no)
    }
}

/// 実績 has the layout of 予定.
fn table_of(kind: FileKind) -> FileKind {
    match kind {
        FileKind::Results => FileKind::Slip,
        other => other,
    }
}

struct Row<'a> {
    table: &'a str,
    line: usize,
    text: &'a str,
}

impl<'a> Row<'a> {
    fn cells<const N: usize>(&self) -> Result<[&'a str; N], TableFault> {
        let cells: Vec<&str> = self.text.split('\t').collect();
        cells.try_into().map_err(|_| self.fault("another number of cells than the header"))
    }

    fn fault(&self, what: &'static str) -> TableFault {
        TableFault { table: self.table.to_owned(), line: self.line, what }
    }
}

/// The rows below the header.
fn rows<'a>(table: &'a str, text: &'a str) -> Result<Vec<Row<'a>>, TableFault> {
    let lines = text.lines().zip(1..).skip(1);
    Ok(lines.map(|(text, line)| Row { table, line, text }).collect())
}

fn layout(file: FileKind, table: &str, text: &str) -> Result<Layout, TableFault> {
    let mut items = vec![];
    for row in rows(table, text)? {
        let [no, name, length, required, kind, values] = row.cells()?;
        let (length, length_uncertain) = certain(length);
        let (required, required_uncertain) = certain(required);
        let item = Item {
            no: no.parse().map_err(|_| row.fault("No is no number"))?,
            name: name.to_owned(),
            length: match length {
                "-" => Length::Unlimited,
                chars => Length::Chars(chars.parse().map_err(|_| row.fault("length"))?),
            },
            required: match required {
                "Y" => Required::Always,
                "W" => Required::Wanted,
                "N" => Required::Optional,
                _ => return Err(row.fault("required is none of Y, W, N")),
            },
            kind: item_kind(kind).ok_or_else(|| row.fault("unknown kind"))?,
            values: if kind == "code" { code_list(values) } else { vec![] },
            note: if kind == "code" { String::new() } else { values.to_owned() },
            uncertain: Uncertain {
                length: length_uncertain,
                required: required_uncertain,
                values: values == "?",
            },
        };
        if usize::from(item.no) != items.len() + 1 {
            return Err(row.fault("No does not follow the one before"));
        }
        items.push(item);
    }
    let forms = items.iter().map(|item| Form::new(item, file)).collect();
    Ok(Layout { names: Names::new(&items), items, forms })
}

/// A cell, and whether it is marked as uncertain.
fn certain(cell: &str) -> (&str, bool) {
    cell.strip_suffix('?').map_or((cell, false), |cell| (cell, true))
}

fn code_list(values: &str) -> Vec<(String, String)> {
    let pair = |entry: &str| {
        let (value, meaning) = entry.split_once('=')?;
        Some((value.to_owned(), meaning.to_owned()))
    };
    values.split(';').filter_map(pair).collect()
}

fn item_kind(word: &str) -> Option<ItemKind> {
    Some(match word {
        "yyyymm" => ItemKind::Month,
        "yyyymmdd" => ItemKind::Date,
        "hhmm" => ItemKind::Time,
        "insurer" => ItemKind::Insurer,
        "insured" => ItemKind::Insured,
        "office" => ItemKind::Office,
        "service_code" => ItemKind::ServiceCode,
        "service_kind" => ItemKind::ServiceKind,
        "tais" => ItemKind::Equipment,
        "branch" => ItemKind::Branch,
        "code" => ItemKind::Code,
        "seq" => ItemKind::Sequence,
        "int" => ItemKind::Integer,
        "dec" => ItemKind::Decimal,
        "daymap31" => ItemKind::DayMap,
        "postal" => ItemKind::PostalCode,
        "tel" => ItemKind::Telephone,
        "fixed" => ItemKind::Fixed,
        "image_name" => ItemKind::ImageName,
        "unused" => ItemKind::Unused,
        "text" => ItemKind::Text,
        _ => return None,
    })
}

fn units(table: &str, text: &str) -> Result<Vec<UnitTable>, TableFault> {
    let mut units = vec![];
    for row in rows(table, text)? {
        let [unit, must, wanted, may] = row.cells()?;
        let members = |cell: &str| -> Result<Vec<Member>, TableFault> {
            cell.split_whitespace()
                .map(|word| member(word).ok_or_else(|| row.fault("unknown prefix")))
                .collect()
        };
        units.push(UnitTable {
            kind: UnitKind::from_word(unit).ok_or_else(|| row.fault("unknown unit"))?,
            must: members(must)?,
            wanted: members(wanted)?,
            may: members(may)?,
        });
    }
    Ok(units)
}

fn member(word: &str) -> Option<Member> {
    let (prefix, has_zero_month) =
        word.strip_suffix("@000000").map_or((word, false), |prefix| (prefix, true));
    Some(Member { kind: FileKind::from_prefix(prefix)?, has_zero_month })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_table_is_read() {
        let standard = Standard::from_tables(BUNDLED).expect("the tables are sound");
        let counts = |value: &str| {
            let version = standard.version(value).expect(value);
            let count = |kind| version.layout(kind).map(|layout| layout.items.len());
            [
                FileKind::Slip,
                FileKind::Results,
                FileKind::SlipAnnex,
                FileKind::Supplement,
                FileKind::PlanTable3,
                FileKind::PersonRecord,
            ]
            .map(count)
        };
        assert_eq!(counts("202407"), [25, 25, 37, 63, 13, 71].map(Some));
        assert_eq!(counts("202208"), [Some(22), Some(22), Some(34), Some(63), None, None]);
        // Every table that is compiled in is one that somebody reads.
        let read: usize = standard.versions.iter().map(|v| v.layouts.len()).sum();
        let shared_by_slip_and_results = standard.versions.len();
        let units_and_versions = standard.versions.len() + 1;
        let statements = 1;
        let layouts = read - shared_by_slip_and_results;
        assert_eq!(BUNDLED.len(), layouts + units_and_versions + statements);
    }

    #[test]
    fn marks_of_uncertainty_are_kept() {
        let version = Standard::bundled().version("202407").expect("4.1");
        let item =
            |kind, no| version.layout(kind).and_then(|layout| layout.item(no)).expect("item");
        assert!(item(FileKind::Slip, 6).uncertain.required);
        assert_eq!(item(FileKind::Slip, 6).required, Required::Always);
        assert!(item(FileKind::Slip, 19).uncertain.length);
        assert_eq!(item(FileKind::Slip, 19).length, Length::Chars(2));
        assert!(item(FileKind::PersonRecord, 35).uncertain.values);
        assert!(!item(FileKind::Slip, 15).uncertain.required);
    }

    #[test]
    fn code_lists_are_read() {
        let version = Standard::bundled().version("202208").expect("3.2");
        let item = version.layout(FileKind::Supplement).and_then(|l| l.item(18)).expect("item");
        assert_eq!(item.name, "要介護状態区分");
        assert_eq!(item.values.len(), 8);
        assert_eq!(item.values[4], ("22".to_owned(), "要介護２".to_owned()));
    }

    #[test]
    fn an_invented_version_is_data_alone() {
        let tables = [
            ("versions.tsv", "value\tlabel\tnames\tsince\n203004\t9.0\twith-kinds\t203004\n"),
            ("203004/units.tsv", "unit\tmust\twanted\tmay\nresults\tUPJSK\t\t\n"),
            (
                "203004/UPPLAN.tsv",
                "no\tname\tlength\trequired\tkind\tvalues\n1\tCSVバージョン\t6\tY\tyyyymm\t\n",
            ),
        ];
        let standard = Standard::from_tables(&tables).expect("sound");
        let version = standard.version("203004").expect("there");
        assert!(version.has(FileKind::Results) && !version.has(FileKind::Slip));
        assert_eq!(version.layout(FileKind::Results).map(|layout| layout.items.len()), Some(1));
    }

    #[test]
    fn a_table_that_cannot_be_read_is_named_with_its_line() {
        let versions = ("versions.tsv", "value\tlabel\tnames\tsince\n203004\t9.0\tplain\t203004\n");
        for (rows, what) in [
            ("1\tx\t6\tY\tyyyymm", "another number of cells than the header"),
            ("1\tx\t6\tQ\tyyyymm\t", "required is none of Y, W, N"),
            ("1\tx\t6\tY\tcolour\t", "unknown kind"),
            ("2\tx\t6\tY\tyyyymm\t", "No does not follow the one before"),
        ] {
            let text = format!("no\tname\tlength\trequired\tkind\tvalues\n{rows}\n");
            let fault = Standard::from_tables(&[versions, ("203004/UPPLAN.tsv", &text)])
                .expect_err("refused");
            assert_eq!((fault.line, fault.what), (2, what));
        }
    }
}
