//! The rules over one record after the other: the slow and readable check, which alone makes
//! findings. What the [filter](crate::filter) is sure of does not come here.

use crate::{
    FileName, Item, Layout, Record, ShapeKind, Standard, item_check, ms932,
    report::{Entry, Report},
    row::Row,
    rules::{
        encoding,
        name::month_differs,
        record::rules_of,
        shape::{self, header_line, item_count, text_unquoted},
        version,
    },
};

/// How many different versions of one file are looked at.
const VERSIONS_MAX: usize = 8;

/// How many bytes of a version are looked at: more than any has.
const VERSION_BYTES_MAX: usize = 16;

/// What is wrong with the records of one file.
pub(crate) struct Judge<'s> {
    standard: &'s Standard,
    name: FileName,
    pub(crate) report: Report,
    /// The different versions, in the order of their first records.
    versions: Vec<String>,
    has_bare_text: bool,
    has_blank_line: bool,
    has_month_fault: bool,
}

impl<'s> Judge<'s> {
    pub(crate) fn new(standard: &'s Standard, name: &FileName, report: Report) -> Self {
        Self {
            standard,
            name: *name,
            report,
            versions: vec![],
            has_bare_text: false,
            has_blank_line: false,
            has_month_fault: false,
        }
    }

    /// Whether the first record is a header line, which is a finding.
    pub(crate) fn is_header(&mut self, first: &Record<'_>, second: Option<&Record<'_>>) -> bool {
        let text = |record: &Record<'_>| record.field(1).map(|field| field.text());
        let (first, second) = (text(first).unwrap_or_default(), second.and_then(text));
        let kind = self.name.kind;
        let is_header = header_line::is_header(self.standard, kind, &first, second.as_deref());
        if is_header {
            self.report.add(Entry::new(&shape::HEADER_LINE, &first).at(1));
        }
        is_header
    }

    /// Says of a blank line that stands before this record. Once a file.
    pub(crate) fn blank_line(&mut self, record: u32) {
        if !std::mem::replace(&mut self.has_blank_line, true) {
            self.report.add(Entry::new(&shape::BLANK_LINE, "").at(record));
        }
    }

    /// The one version of all records, if there is one.
    pub(crate) fn version(&self) -> Option<String> {
        match self.versions.as_slice() {
            [value] => version::known(self.standard, value).map(|version| version.value.clone()),
            _ => None,
        }
    }

    /// Checks the version of a record, where it is new.
    pub(crate) fn check_version(&mut self, record: &Record<'_>) {
        let value = version_of(record);
        let is_new = !value.is_empty() && !self.versions.contains(&value);
        if is_new && self.versions.len() < VERSIONS_MAX {
            let (met, before) = ((value.as_str(), record.number()), self.versions.first());
            let before = before.map(String::as_str);
            for breach in version::check(self.standard, &self.name, met, before) {
                self.report.breach(breach);
            }
            self.versions.push(value);
        }
    }

    /// The layout that a record is checked by: its own version's, else that of the version that the
    /// name's form suggests.
    pub(crate) fn layout_of(&self, record: &Record<'_>) -> Option<&'s Layout> {
        let value = version_of(record);
        version::known(self.standard, &value)
            .or_else(|| self.standard.newest(self.name.has_kinds()))?
            .layout(self.name.kind)
    }

    /// Says what is wrong with quotes.
    pub(crate) fn check_shape(&mut self, layout: Option<&Layout>, record: &Record<'_>) {
        let faults = record.faults().iter();
        for fault in faults.filter(|fault| fault.kind != ShapeKind::BlankLine) {
            let name = layout.and_then(|l| l.item(fault.item)).map_or("", |item| &item.name);
            let entry = Entry::new(shape::rule_of(fault.kind), "").at(fault.record);
            self.report.add(Entry { item: Some((fault.item, name)), ..entry });
        }
    }

    /// Whether the record has as many items as the layout.
    pub(crate) fn has_all_items(&mut self, layout: &Layout, record: &Record<'_>) -> bool {
        let breach = item_count::check(layout, record);
        let has_all = breach.is_none();
        breach.into_iter().for_each(|breach| self.report.breach(breach));
        has_all
    }

    /// Checks the items, and then whether they agree.
    pub(crate) fn check_items(&mut self, layout: &Layout, record: &Record<'_>) {
        for (item, field) in layout.items.iter().zip(record.fields()) {
            let bytes = field.bytes();
            if self.check_encoding(item, record, &bytes) {
                continue;
            }
            let is_bare_text = text_unquoted::is_bare(item, &field);
            if is_bare_text && !std::mem::replace(&mut self.has_bare_text, true) {
                let found = ms932::decode_lossy(&bytes);
                let entry = Entry::new(&shape::TEXT_UNQUOTED, &found).at(record.number());
                self.report.add(entry.item(item));
            }
            if let Some(breach) = item_check::check(item, &bytes, self.name.kind) {
                let found = ms932::decode_lossy(&bytes);
                let entry = Entry::new(breach.rule, &found).at(record.number()).item(item);
                let (severity, wanted) = (breach.severity, breach.wanted);
                self.report.add(Entry { severity, wanted, ..entry });
            } else if item.is_service_month() {
                self.check_month(item, record, &bytes);
            }
        }
        let row = Row::new(layout, record);
        for rule in rules_of(self.name.kind) {
            if let Some(breach) = rule(&row) {
                self.report.breach(breach);
            }
        }
    }

    /// Whether the value's bytes are at fault.
    fn check_encoding(&mut self, item: &Item, record: &Record<'_>, bytes: &[u8]) -> bool {
        let Some(fault) = ms932::fault(bytes) else { return false };
        let rule = match fault.kind {
            ms932::FaultKind::Broken => &encoding::BROKEN,
            ms932::FaultKind::UserDefined => &encoding::USER_DEFINED,
        };
        let end = bytes.len().min(fault.at + 2);
        let hex: Vec<String> = bytes[fault.at..end].iter().map(|b| format!("{b:02X}")).collect();
        let hex = hex.join(" ");
        self.report.add(Entry::new(rule, &hex).at(record.number()).item(item));
        true
    }

    /// Once a file: the month chosen for export is one cause, however many records there are.
    fn check_month(&mut self, item: &Item, record: &Record<'_>, bytes: &[u8]) {
        let Some(breach) = month_differs::check(&self.name, bytes) else { return };
        if !std::mem::replace(&mut self.has_month_fault, true) {
            let found = ms932::decode_lossy(bytes);
            let entry = Entry::new(breach.rule, &found).at(record.number()).item(item);
            self.report.add(Entry { wanted: breach.wanted, ..entry });
        }
    }
}

/// The version that the record names, or the beginning of what is too long for one.
fn version_of(record: &Record<'_>) -> String {
    let value = record.field(1).map(|field| field.raw()).unwrap_or_default();
    match value.get(..VERSION_BYTES_MAX) {
        Some(start) if start.len() < value.len() => ms932::decode_lossy(start) + "…",
        _ => ms932::decode_lossy(value),
    }
}
