//! What the rows of one person say together: whom they concern, and whether 第7表 adds up to a whole.

use std::collections::BTreeMap;

use crate::{
    FileKind, FileName, OfficeNumber, Rule, ServiceScope, Wanted,
    row::{Breach, FileRule, Row},
    rules::person::{
        NOT_FOR_DESTINATION, NOT_FOR_DESTINATION_KIND, NOT_FOR_DESTINATION_PLAIN, OTHER_OFFICE,
        OTHER_OFFICE_PLAIN, SUBTOTAL_MISSING, TOTAL_MISSING,
    },
};

/// The service code of the total line of 第7表.
const TOTAL: &[u8] = b"999999";
/// What follows the kind in the service code of a subtotal within the limit.
const SUBTOTAL: &[u8] = b"AAAA";

/// The rows of a file, by person.
pub(crate) struct People {
    name: FileName,
    rows: BTreeMap<[Vec<u8>; 2], Rows>,
    strangers: Vec<Breach>,
}

/// What is kept of a person's rows.
struct Rows {
    first: u32,
    has_destination: bool,
    has_destination_kind: bool,
    has_total: bool,
    /// By service kind: lines within the limit, and whether there is their subtotal.
    kinds: BTreeMap<Vec<u8>, (u32, bool)>,
}

impl People {
    pub(crate) fn new(name: &FileName) -> Self {
        Self { name: *name, rows: BTreeMap::new(), strangers: vec![] }
    }

    /// 実績 carries the sender's own rows, unless a planner (委託先居宅) sends it on. Once a file: the
    /// choice of what to export is one cause.
    fn add_result(&mut self, row: &Row<'_>) {
        if !self.strangers.is_empty() {
            return;
        }
        let Some((item, office)) = row.named("サービス事業者コード") else { return };
        let own = self.name.from.office;
        let rule = match self.name.from.kind {
            Some(kind) if kind.scope() == ServiceScope::Planner => return,
            Some(_) => &OTHER_OFFICE,
            None => &OTHER_OFFICE_PLAIN,
        };
        // A code that is none is a finding of its own.
        if OfficeNumber::from_bytes(office).is_ok_and(|office| office != own) {
            self.strangers.push(row.breach(rule, item, office).wanted(own.to_string()));
        }
    }
}

impl FileRule for People {
    fn note(&mut self, row: &Row<'_>) {
        let value = |item: &str| row.named(item).map(|(_, value)| value);
        let (Some(insurer), Some(person)) = (value("保険者番号"), value("被保険者番号"))
        else {
            return;
        };
        let key = [insurer.to_vec(), person.to_vec()];
        let rows = self.rows.entry(key).or_insert_with(|| Rows {
            first: row.number(),
            has_destination: false,
            has_destination_kind: false,
            has_total: false,
            kinds: BTreeMap::new(),
        });
        let code = value("サービスコード").unwrap_or_default();
        match self.name.kind {
            FileKind::Slip => {
                let office = value("サービス事業者コード").unwrap_or_default();
                // A number that is none is a finding of its own, and may be meant for anybody.
                let is_destination = OfficeNumber::from_bytes(office)
                    .map_or(true, |office| office == self.name.to.office);
                let kind = self.name.to.kind;
                let is_kind = kind.is_none_or(|kind| code.starts_with(kind.as_str().as_bytes()));
                rows.has_destination |= is_destination;
                rows.has_destination_kind |= is_destination && is_kind;
            }
            FileKind::SlipAnnex => {
                // Software writes lines outside the limit as empty, as the standard has it, or as 0.
                let units = value("給付管理単位数").unwrap_or_default();
                let is_limited = units.iter().any(|digit| (b'1'..=b'9').contains(digit));
                rows.add_line(code, is_limited);
            }
            FileKind::Results => self.add_result(row),
            _ => {}
        }
    }

    fn breaches(&mut self) -> Vec<Breach> {
        let mut breaches = std::mem::take(&mut self.strangers);
        for rows in self.rows.values() {
            match self.name.kind {
                FileKind::Slip => breaches.extend(rows.not_for_destination(&self.name)),
                FileKind::SlipAnnex => breaches.extend(rows.lines_missing()),
                _ => {}
            }
        }
        breaches.sort_by_key(|breach| breach.record);
        breaches
    }
}

impl Rows {
    fn add_line(&mut self, code: &[u8], is_limited: bool) {
        if code == TOTAL {
            self.has_total = true;
        } else if let Some((kind, rest)) = code.split_at_checked(2) {
            let (lines, has_subtotal) = self.kinds.entry(kind.to_vec()).or_default();
            match rest {
                SUBTOTAL => *has_subtotal = true,
                b"EEEE" | b"ZZZZ" => {}
                _ => *lines += u32::from(is_limited),
            }
        }
    }

    fn not_for_destination(&self, name: &FileName) -> Option<Breach> {
        let to = name.to;
        if to.kind.is_some_and(|kind| !kind.scope().is_carried()) {
            return None;
        }
        let (rule, wanted) = match (self.has_destination, to.kind) {
            (false, Some(_)) => (&NOT_FOR_DESTINATION, to.office.to_string()),
            (false, None) => (&NOT_FOR_DESTINATION_PLAIN, to.office.to_string()),
            (true, Some(kind)) if !self.has_destination_kind => {
                (&NOT_FOR_DESTINATION_KIND, kind.to_string())
            }
            (true, _) => return None,
        };
        Some(self.breach(rule, String::new(), Wanted::same(wanted)))
    }

    fn lines_missing(&self) -> Vec<Breach> {
        let mut missing = vec![];
        for (kind, (lines, has_subtotal)) in &self.kinds {
            if 1 < *lines && !has_subtotal {
                let kind = String::from_utf8_lossy(kind).into_owned();
                missing.push(self.breach(&SUBTOTAL_MISSING, kind, Wanted::default()));
            }
        }
        if !self.has_total {
            missing.push(self.breach(&TOTAL_MISSING, String::new(), Wanted::default()));
        }
        missing
    }

    fn breach(&self, rule: &'static Rule, found: String, wanted: Wanted) -> Breach {
        Breach { wanted, ..Breach::new(rule).at(self.first).found(&found) }
    }
}
