//! The files of 予実突合, read by the names of their items, whatever the version.

use std::collections::BTreeMap;

use crate::{
    Date, FileKind, FileName, FileRole, Layout, LineKind, Month, NameMonth, OfficeNumber, Party,
    Record, Sequence, Standard, read_records,
    reconcile::{Lot, PersonKey, SlipRow},
};

/// Something that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unused {
    /// A file that has no part in it.
    File {
        /// Its name.
        name: String,
    },
    /// A row that the check let pass, with an item whose value cannot be told for certain.
    Row {
        /// The file.
        name: String,
        /// The record, from 1.
        record: u32,
        /// The item's name.
        item: &'static str,
    },
    /// Rows in the place of which later ones came.
    Replaced {
        /// The file.
        name: String,
        /// How many rows.
        rows: u32,
    },
}

/// A line of 第7表, as far as limits go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AnnexLine {
    pub(super) office: OfficeNumber,
    pub(super) code: String,
    /// 給付管理単位数.
    pub(super) units: Option<u32>,
    /// 区分支給限度基準超単位数.
    pub(super) units_over: Option<u32>,
}

/// What 補足 says of a person's limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Supplement {
    pub(super) name: String,
    /// 要介護状態区分.
    pub(super) level: String,
    /// 前回要介護状態区分.
    pub(super) level_before: String,
    /// 要介護状態変更日.
    pub(super) changed_on: Option<Date>,
    /// 区分支給限度基準額.
    pub(super) limit: Option<u32>,
}

/// All that was read, by person and month; of what was sent again, the last.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    planned: BTreeMap<Of, Held<SlipRow>>,
    annex: BTreeMap<Of, Held<AnnexLine>>,
    supplements: BTreeMap<Of, Held<Supplement>>,
    provided: BTreeMap<Of, Vec<Held<SlipRow>>>,
    pub(super) has_slip: bool,
    pub(super) has_results: bool,
    pub(super) unused: Vec<Unused>,
}

type Of = (PersonKey, Month);

/// The rows that one file has of one person and month.
#[derive(Debug, Clone)]
struct Held<T> {
    sequence: Sequence,
    from: Party,
    file: String,
    rows: Vec<T>,
}

impl AnnexLine {
    pub(super) fn is_total(&self) -> bool {
        LineKind::of(self.code.as_bytes()) == LineKind::Total
    }

    /// Whether it is of a service, and sums no others.
    pub(super) fn is_service(&self) -> bool {
        LineKind::of(self.code.as_bytes()) == LineKind::Service
    }
}

impl Sheets {
    /// Reads a sending of 予定, which passed the check.
    pub(super) fn read_plan(&mut self, standard: &Standard, lot: &Lot<'_>) {
        for sheet in sheets(standard, lot, &mut self.unused) {
            match sheet.name.kind {
                FileKind::Slip => {
                    self.has_slip = true;
                    let rows = sheet.by_person(slip_row, &mut self.unused);
                    keep_last(&mut self.planned, rows, &mut self.unused);
                }
                FileKind::SlipAnnex => {
                    let lines = sheet.by_person(annex_line, &mut self.unused);
                    keep_last(&mut self.annex, lines, &mut vec![]);
                }
                FileKind::Supplement if sheet.name.month != Some(NameMonth::Zero) => {
                    let known = sheet.by_person(supplement, &mut self.unused);
                    keep_last(&mut self.supplements, known, &mut vec![]);
                }
                _ => self.unused.push(Unused::File { name: sheet.file.to_owned() }),
            }
        }
    }

    /// Reads a sending of 実績, which passed the check.
    pub(super) fn read_results(&mut self, standard: &Standard, lot: &Lot<'_>) {
        for sheet in sheets(standard, lot, &mut self.unused) {
            if sheet.name.kind != FileKind::Results {
                self.unused.push(Unused::File { name: sheet.file.to_owned() });
                continue;
            }
            self.has_results = true;
            for (of, rows) in sheet.by_person(slip_row, &mut self.unused) {
                let held = self.provided.entry(of).or_default();
                match held.iter_mut().find(|known| is_same_sender(known.from, rows.from)) {
                    Some(known) => replace(known, rows, &mut self.unused),
                    None => held.push(rows),
                }
            }
        }
    }

    pub(super) fn planned(&self) -> Vec<SlipRow> {
        self.planned.values().flat_map(|held| held.rows.clone()).collect()
    }

    pub(super) fn provided(&self) -> Vec<SlipRow> {
        self.provided.values().flatten().flat_map(|held| held.rows.clone()).collect()
    }

    pub(super) fn annex_of(&self, person: &PersonKey, month: Month) -> Vec<&AnnexLine> {
        let held = self.annex.get(&(person.clone(), month));
        held.into_iter().flat_map(|held| &held.rows).collect()
    }

    pub(super) fn supplement_of(&self, person: &PersonKey, month: Month) -> Option<&Supplement> {
        self.supplements.get(&(person.clone(), month))?.rows.first()
    }
}

/// A V3 name does not say for which service its office speaks: it speaks for all.
fn is_same_sender(one: Party, other: Party) -> bool {
    let is_same_kind = one.kind.is_none() || other.kind.is_none() || one.kind == other.kind;
    one.office == other.office && is_same_kind
}

fn keep_last<T: PartialEq>(
    all: &mut BTreeMap<Of, Held<T>>,
    read: BTreeMap<Of, Held<T>>,
    unused: &mut Vec<Unused>,
) {
    for (of, held) in read {
        match all.get_mut(&of) {
            Some(known) => replace(known, held, unused),
            None => {
                all.insert(of, held);
            }
        }
    }
}

/// The later of two stays. 予定 goes to several receivers, each with the whole month: the same rows
/// once more are no news.
fn replace<T: PartialEq>(known: &mut Held<T>, held: Held<T>, unused: &mut Vec<Unused>) {
    let is_again = known.rows == held.rows;
    let earlier =
        if known.sequence <= held.sequence { std::mem::replace(known, held) } else { held };
    if !is_again {
        let rows = u32::try_from(earlier.rows.len()).unwrap_or(u32::MAX);
        unused.push(Unused::Replaced { name: earlier.file, rows });
    }
}

/// A file that can be read.
struct Sheet<'a> {
    file: &'a str,
    bytes: &'a [u8],
    name: FileName,
    layout: &'a Layout,
}

/// The files of the standard; the others are named as not looked at.
fn sheets<'a>(standard: &'a Standard, lot: &Lot<'a>, unused: &mut Vec<Unused>) -> Vec<Sheet<'a>> {
    let mut sheets = vec![];
    for (file, facts) in lot.files.iter().zip(&lot.check.files) {
        let version = facts.version.as_deref().and_then(|value| standard.version(value));
        let (&FileRole::Member(name), Some(version)) = (&facts.role, version) else {
            unused.push(Unused::File { name: file.name.to_owned() });
            continue;
        };
        match version.layout(name.kind) {
            Some(layout) => {
                sheets.push(Sheet { file: file.name, bytes: file.bytes, name, layout });
            }
            None => unused.push(Unused::File { name: file.name.to_owned() }),
        }
    }
    sheets
}

impl Sheet<'_> {
    /// The rows, by person and month.
    fn by_person<T>(
        &self,
        read: fn(&Values<'_>) -> Result<T, &'static str>,
        unused: &mut Vec<Unused>,
    ) -> BTreeMap<Of, Held<T>> {
        let mut people: BTreeMap<Of, Held<T>> = BTreeMap::new();
        for record in read_records(self.bytes).records() {
            let values = Values { layout: self.layout, record };
            let row = values.parse("対象年月").and_then(|month| Ok((month, read(&values)?)));
            let (month, row) = match row {
                Ok(row) => row,
                Err(item) => {
                    let (name, record) = (self.file.to_owned(), values.record.number());
                    unused.push(Unused::Row { name, record, item });
                    continue;
                }
            };
            let held = people.entry((values.person(), month)).or_insert_with(|| Held {
                sequence: self.name.sequence,
                from: self.name.from,
                file: self.file.to_owned(),
                rows: vec![],
            });
            held.rows.push(row);
        }
        people
    }
}

fn slip_row(values: &Values<'_>) -> Result<SlipRow, &'static str> {
    Ok(SlipRow {
        person: values.person(),
        day: values.parse("サービス利用日")?,
        start: values.text("サービス開始時刻"),
        end: values.text("サービス終了時刻"),
        count: values.parse("サービス回数")?,
        units: values.parse("単位数")?,
        code: values.text("サービスコード"),
        running_number: values.text("明細判別コード"),
        office: values.parse("サービス事業者コード")?,
        office_name: values.text("サービス事業所名"),
        satellite: values.text("サテライト枝番"),
    })
}

fn annex_line(values: &Values<'_>) -> Result<AnnexLine, &'static str> {
    Ok(AnnexLine {
        office: values.parse("サービス事業所コード")?,
        code: values.text("サービスコード"),
        units: values.parse("給付管理単位数").ok(),
        units_over: values.parse("区分支給限度基準超単位数").ok(),
    })
}

fn supplement(values: &Values<'_>) -> Result<Supplement, &'static str> {
    Ok(Supplement {
        name: values.text("利用者氏名"),
        level: values.text("要介護状態区分"),
        level_before: values.text("前回要介護状態区分"),
        changed_on: values.parse("要介護状態変更日").ok(),
        // Software writes 0 where nothing is stated; a limit of nothing at all there is not.
        limit: values.parse("区分支給限度基準額").ok().filter(|units| *units != 0),
    })
}

/// The values of a record, by the items' names.
struct Values<'a> {
    layout: &'a Layout,
    record: Record<'a>,
}

impl Values<'_> {
    fn text(&self, item: &str) -> String {
        let field = self.layout.named(item).and_then(|item| self.record.field(item.no));
        field.map_or_else(String::new, |field| field.text())
    }

    /// The value, or the name of the item that does not say it.
    fn parse<T: std::str::FromStr>(&self, item: &'static str) -> Result<T, &'static str> {
        self.text(item).parse().map_err(|_| item)
    }

    fn person(&self) -> PersonKey {
        PersonKey {
            insurer: self.text("保険者番号"), insured: self.text("被保険者番号")
        }
    }
}
