//! All files that lie on the desk, sorted into what becomes one form: by 送信単位, person and day or
//! month.

use std::collections::{BTreeMap, HashMap, HashSet};

use careplan_standard::{FileKind, SendingFile, Sequence};

use super::{
    blocks::{Source, Whose},
    rows::{Row, Sheet},
};
use crate::person::PersonKey;

/// The files.
#[derive(Debug, Default)]
pub(super) struct Desk {
    sheets: Vec<Sheet>,
    /// Where each person's 補足 are: sheet and row.
    supplements: HashMap<PersonKey, Vec<(usize, usize)>>,
    pictures: HashMap<(usize, String), Vec<u8>>,
}

/// Which 送信単位: the sending and its ファイル連番.
pub(super) type UnitAt = (usize, Option<Sequence>);

/// A record with the file that it stands in.
pub(super) type Found<'a> = (&'a Sheet, &'a Row);

/// What belongs on the forms of one person and one day or month.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// Where it is from.
    pub(super) unit: UnitAt,
    /// What it is about.
    pub(super) family: Family,
    /// Whose it is.
    pub(super) person: PersonKey,
    /// The day or month that its records share, as it is written.
    pub(super) key: String,
    rows: BTreeMap<FileKind, Vec<Found<'a>>>,
}

/// Kinds of file that are read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Family {
    /// 第1表, 第2表, 第3表.
    Plan,
    /// 第6表 予定, 第7表.
    Month,
    /// 第6表 実績.
    Results,
    /// 利用者基本情報 and 別表.
    Record,
    /// 介護予防サービス・支援計画書 and 別表.
    Prevention,
    /// Everything that withdraws, and a 補足 that goes with nothing.
    Single(FileKind),
}

impl Family {
    /// The family of a kind of file and the item by which its records belong together.
    fn of(kind: FileKind) -> (Self, &'static str) {
        match kind {
            FileKind::PlanTable1 | FileKind::PlanTable2 | FileKind::PlanTable3 => {
                (Self::Plan, "居宅サービス計画作成（変更）日")
            }
            FileKind::Slip | FileKind::SlipAnnex => (Self::Month, "対象年月"),
            FileKind::Results => (Self::Results, "対象年月"),
            FileKind::PersonRecord | FileKind::PersonRecordDay | FileKind::PersonRecordIllness => {
                (Self::Record, "相談日")
            }
            FileKind::PreventionPlan | FileKind::PreventionPlanAnnex => {
                (Self::Prevention, "計画作成(変更)日")
            }
            // A notice has all of its file's people on it.
            other => (Self::Single(other), ""),
        }
    }
}

impl<'a> Group<'a> {
    /// The records of this kind, in the order of the file.
    pub(super) fn found(&self, kind: FileKind) -> &[Found<'a>] {
        self.rows.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The records of this kind, without their files.
    pub(super) fn rows(&self, kind: FileKind) -> Vec<&'a Row> {
        self.found(kind).iter().map(|(_, row)| *row).collect()
    }
}

impl Desk {
    /// Puts a sending on the desk. Returns the names of what cannot be shown: attachments, files
    /// whose name says nothing, files without a record.
    pub(super) fn put(&mut self, files: &[SendingFile<'_>], sending: usize) -> Vec<String> {
        let mut not_shown = vec![];
        for file in files {
            match Sheet::read(file.name, file.bytes, sending) {
                Some(sheet) if sheet.kind.is_image() => {
                    let key = (sending, file.name.to_ascii_lowercase());
                    self.pictures.insert(key, file.bytes.to_vec());
                }
                Some(sheet) if !sheet.rows.is_empty() => self.put_sheet(sheet),
                _ => not_shown.push(super::rows::clean(file.name)),
            }
        }
        not_shown
    }

    fn put_sheet(&mut self, sheet: Sheet) {
        if sheet.kind == FileKind::Supplement {
            for (at, row) in sheet.rows.iter().enumerate() {
                self.supplements.entry(row.person()).or_default().push((self.sheets.len(), at));
            }
        }
        self.sheets.push(sheet);
    }

    /// The picture of this name, in the same sending.
    pub(super) fn picture(&self, unit: UnitAt, name: &str) -> Option<&[u8]> {
        self.pictures.get(&(unit.0, name.to_ascii_lowercase())).map(Vec::as_slice)
    }

    /// Everything in groups: sending by sending, 連番 by 連番, person by person as the files have
    /// them.
    pub(super) fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = vec![];
        let mut places = HashMap::new();
        for sheet in &self.sheets {
            let unit = (sheet.sending, sheet.sequence());
            let (family, item) = Family::of(sheet.kind);
            for row in &sheet.rows {
                let (person, key) = match family {
                    Family::Single(_) => (nobody(), String::new()),
                    _ => (row.person(), row.text(item).to_owned()),
                };
                let at = *places.entry((unit, family, person.clone(), key.clone())).or_insert_with(
                    || {
                        groups.push(Group { unit, family, person, key, rows: BTreeMap::new() });
                        groups.len() - 1
                    },
                );
                groups[at].rows.entry(sheet.kind).or_default().push((sheet, row));
            }
        }
        // Stable: within a unit people keep their order; a person's forms then lie together.
        let mut order: HashMap<(UnitAt, PersonKey), usize> = HashMap::new();
        for (at, group) in groups.iter().enumerate() {
            order.entry((group.unit, group.person.clone())).or_insert(at);
        }
        groups.sort_by_key(|group| {
            (group.unit, order[&(group.unit, group.person.clone())], group.family)
        });
        groups
    }

    /// The person's 補足: of the same unit if there is one, else of the same month, else the first.
    pub(super) fn supplement(&self, group: &Group<'_>) -> Option<Found<'_>> {
        let places = self.supplements.get(&group.person)?.iter();
        let found =
            places.map(|(sheet, row)| (&self.sheets[*sheet], &self.sheets[*sheet].rows[*row]));
        let distance = |(sheet, row): &Found<'_>| {
            let is_near = (sheet.sending, sheet.sequence()) == group.unit;
            let is_of_month = row.text("対象年月") == group.key;
            (!is_near, !is_of_month)
        };
        found.min_by_key(distance)
    }

    /// Whose forms the group becomes.
    pub(super) fn whose(&self, group: &Group<'_>) -> Whose {
        let near = self.supplement(group).map(|(_, row)| row.text("利用者氏名").to_owned());
        let name = near.filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| self.name(&group.person));
        Whose { key: group.person.clone(), name }
    }

    /// What any file calls the person; empty where none does.
    pub(super) fn name(&self, person: &PersonKey) -> String {
        let of = |kind: FileKind, item: &str| {
            let sheets = self.sheets.iter().filter(|sheet| sheet.kind == kind);
            let mut rows = sheets.flat_map(|sheet| &sheet.rows);
            let row = rows.find(|row| row.person() == *person && !row.text(item).is_empty());
            row.map(|row| row.text(item).to_owned())
        };
        of(FileKind::Supplement, "利用者氏名")
            .or_else(|| of(FileKind::PersonRecord, "利用者氏名"))
            .or_else(|| of(FileKind::PreventionPlan, "利用者名"))
            .unwrap_or_default()
    }
}

/// The files that these records stand in, each once.
pub(super) fn sources<'a>(found: impl IntoIterator<Item = Found<'a>>) -> Vec<Source> {
    let mut seen = HashSet::new();
    let mut sources = vec![];
    for (sheet, _) in found {
        if seen.insert((sheet.sending, &sheet.file)) {
            let sequence = sheet.sequence().map(|sequence| sequence.to_string());
            sources
                .push(Source { file: sheet.file.clone(), sequence: sequence.unwrap_or_default() });
        }
    }
    sources
}

fn nobody() -> PersonKey {
    PersonKey { insurer: String::new(), insured: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM_TO: &str = "2770100012_43_2770200036_11";

    fn desk(files: &[(&str, &str)]) -> (Desk, Vec<String>) {
        let files: Vec<SendingFile<'_>> =
            files.iter().map(|(name, text)| SendingFile { name, bytes: text.as_bytes() }).collect();
        let mut desk = Desk::default();
        let not_shown = desk.put(&files, 0);
        (desk, not_shown)
    }

    #[test]
    fn a_persons_tables_become_one_group_and_people_keep_their_order() {
        let (one, two) = (
            format!("UP1KYO_{FROM_TO}_20250428171502.CSV"),
            format!("UP2KYO_{FROM_TO}_20250428171502.CSV"),
        );
        let first = "202407,1,B,,,,,,,,,,,20250320\n202407,1,A,,,,,,,,,,,20250320\n";
        let second = "202407,1,A,20250320,20250320\n202407,1,B,20250320,20250320\n";
        let (desk, _) = desk(&[(&one, first), (&two, second)]);
        let groups = desk.groups();
        let people: Vec<&str> = groups.iter().map(|group| group.person.insured.as_str()).collect();
        assert_eq!(people, ["B", "A"]);
        assert!(groups.iter().all(|group| group.rows(FileKind::PlanTable2).len() == 1));
    }

    #[test]
    fn units_stand_in_the_order_of_their_sequence() {
        let name = |sequence: &str| format!("DLT1KYO_{FROM_TO}_{sequence}.CSV");
        let (late, early) = (name("20250428171503"), name("20250428171502"));
        let (desk, _) =
            desk(&[(&late, "202407,1,L,20250320\n"), (&early, "202407,1,E,20250320\n")]);
        let first = &desk.groups()[0];
        assert_eq!(first.rows(FileKind::PlanWithdrawal)[0].person().insured, "E");
    }

    #[test]
    fn what_cannot_be_shown_is_named() {
        let empty = format!("UP1KYO_{FROM_TO}_20250428171502.CSV");
        let (_, not_shown) = desk(&[("memo.pdf", "x"), ("plan.csv", "1"), (&empty, "")]);
        assert_eq!(not_shown, ["memo.pdf", "plan.csv", &empty]);
    }

    #[test]
    fn the_nearest_supplement_is_taken() {
        let supplement = |month: &str, sequence: &str, name: &str| {
            let cells: Vec<&str> = (1..=63)
                .map(|no| match no {
                    1 => "202407",
                    2 => "1",
                    3 => "A",
                    6 => name,
                    63 => month,
                    _ => "",
                })
                .collect();
            (format!("UPHOSOKU_{month}_{FROM_TO}_{sequence}.CSV"), cells.join(","))
        };
        let (march, april) = (
            supplement("202503", "20250328171502", "march"),
            supplement("202504", "20250428171502", "april"),
        );
        let slip = format!("UPPLAN_202504_{FROM_TO}_20250501000000.CSV");
        let (desk, _) =
            desk(&[(&march.0, &march.1), (&april.0, &april.1), (&slip, "202407,1,A,,202504\n")]);
        let groups = desk.groups();
        let month = groups.iter().find(|group| group.family == Family::Month).expect("a month");
        assert_eq!(desk.whose(month).name, "april");
    }
}
