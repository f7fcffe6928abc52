//! The check of one file: its name, its encoding, its shape, its version, and every item.

use std::borrow::Cow;

use crate::{
    FileFacts, FileName, FileRole, Finding, Item, Layout, NameFault, NameMonth, Place, Reading,
    Record, Rule, SendingFile, ServiceKind, ServiceScope, ShapeKind, Standard, Version, Wanted,
    item_check,
    keys::Keys,
    ms932,
    people::People,
    read_records, record_check, roles,
    rules::{encoding, name as names, shape, version as versions},
};

/// A value of 202407's own examples; it means that version.
const PRINTED_IN_AN_EXAMPLE: (&str, &str) = ("202404", "202407");

/// How many characters of a value a message shows.
const SHOWN_CHARS_MAX: usize = 40;

/// What was learned of a file, for the check of its unit too.
pub(crate) struct FileCheck {
    pub(crate) facts: FileFacts,
    pub(crate) findings: Vec<Finding>,
    pub(crate) keys: Keys,
}

/// Checks one file.
pub(crate) fn check(standard: &Standard, file: &SendingFile<'_>) -> FileCheck {
    let mut report = Report { file: file.name, findings: vec![] };
    let mut facts = FileFacts { role: FileRole::Attachment, version: None, records: 0 };
    let mut keys = Keys::default();
    match FileName::parse(file.name) {
        Ok(name) => {
            facts.role = FileRole::Member(name);
            check_name(&name, &mut report);
            if name.kind.is_image() {
                if !file.bytes.starts_with(b"\xFF\xD8\xFF") {
                    report.add(&shape::IMAGE_NOT_JPEG, "", Wanted::default());
                }
            } else {
                keys = check_records(standard, &name, file.bytes, &mut facts, &mut report);
            }
        }
        Err(fault) if is_meant_for_the_standard(file.name) => {
            facts.role = FileRole::Misnamed;
            report.add(name_rule(fault), file.name, wanted_extension(file.name));
        }
        Err(_) => {}
    }
    FileCheck { facts, findings: report.findings, keys }
}

/// Findings of one file.
pub(crate) struct Report<'a> {
    file: &'a str,
    pub(crate) findings: Vec<Finding>,
}

impl Report<'_> {
    /// A finding about the file as a whole.
    fn add(&mut self, rule: &'static Rule, found: &str, wanted: Wanted) {
        self.push(rule, None, None, found, wanted);
    }

    fn push(
        &mut self,
        rule: &'static Rule,
        record: Option<u32>,
        item: Option<(u16, Option<&str>)>,
        found: &str,
        wanted: Wanted,
    ) {
        let place =
            Place { file: Some(self.file.to_owned()), record, item: item.map(|(no, _)| no) };
        let item_name = item.and_then(|(_, name)| name).map(str::to_owned);
        let severity = rule.severity;
        self.findings.push(Finding {
            rule,
            severity,
            place,
            item_name,
            found: shown(found),
            wanted,
        });
    }
}

/// The value on one line, cut where it is long.
fn shown(value: &str) -> String {
    let mut characters = value.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut text: String = characters.by_ref().take(SHOWN_CHARS_MAX).collect();
    if characters.next().is_some() {
        text.push('…');
    }
    text
}

/// A CSV, or anything that begins like a picture of the standard; all else is an attachment.
fn is_meant_for_the_standard(name: &str) -> bool {
    let is_csv = name.rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("csv"));
    is_csv
        || crate::FileKind::ALL
            .iter()
            .any(|kind| name.strip_prefix(kind.prefix()).is_some_and(|rest| rest.starts_with('_')))
}

fn name_rule(fault: NameFault) -> &'static Rule {
    match fault {
        NameFault::Extension => &names::EXTENSION,
        NameFault::Prefix => &names::PREFIX,
        NameFault::Parts => &names::PARTS,
        NameFault::Month => &names::MONTH,
        NameFault::Office => &names::OFFICE,
        NameFault::ServiceKind => &names::SERVICE_KIND,
        NameFault::Sequence => &names::SEQUENCE,
        NameFault::Branch => &names::BRANCH,
    }
}

fn wanted_extension(name: &str) -> Wanted {
    Wanted::same(if name.starts_with("UPKIHON_IMAGE") { ".jpg" } else { ".CSV" })
}

fn check_name(name: &FileName, report: &mut Report<'_>) {
    if !name.sequence.is_real_time() {
        report.add(&names::SEQUENCE_NOT_A_TIME, name.sequence.as_str(), Wanted::default());
    }
    let kinds = [name.from.kind, name.to.kind].into_iter().flatten();
    let is_outside =
        |kind: &ServiceKind| !kind.scope().is_carried() && kind.scope() != ServiceScope::Planner;
    for kind in kinds.filter(is_outside) {
        report.add(&names::SERVICE_KIND_UNKNOWN, kind.as_str(), Wanted::default());
    }
    for breach in roles::check(name) {
        report.add(breach.rule, &breach.found, breach.wanted);
    }
    if name.month == Some(NameMonth::Zero) && !name.kind.has_month() {
        report.add(&names::UNUSUAL_FORM, "000000", Wanted::default());
    }
}

fn check_records(
    standard: &Standard,
    name: &FileName,
    bytes: &[u8],
    facts: &mut FileFacts,
    report: &mut Report<'_>,
) -> Keys {
    let bytes = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => {
            report.add(&encoding::BYTE_ORDER_MARK, "", Wanted::default());
            rest
        }
        None => bytes,
    };
    // One cause, one finding: the rest of the check goes on with the text that was meant.
    let bytes = match utf8_text(bytes) {
        Some(text) => {
            report.add(&encoding::UTF8, "", Wanted::default());
            Cow::Owned(ms932::encode_lossy(text))
        }
        None => Cow::Borrowed(bytes),
    };
    let reading = read_records(&bytes);
    facts.records = u32::try_from(reading.len()).unwrap_or(u32::MAX);
    if reading.is_empty() {
        report.add(&shape::EMPTY_FILE, "", Wanted::default());
        return Keys::default();
    }
    let mut keys = Keys::default();
    let mut people = People::new(name);
    let mut file = RecordCheck { name, has_bare_text: false, has_month_fault: false, report };
    let first = file.first_data_record(standard, &reading);
    facts.version = file.check_versions(standard, &reading, first);
    file.check_shape(standard, &reading);
    for record in reading.records().skip(first) {
        if let Some(version) = file.version_of(standard, &record)
            && let Some(layout) = version.layout(name.kind)
        {
            file.check_record(layout, &record);
            if record.len() == layout.items.len() {
                keys.add(name, layout, &record);
                people.add(layout, &record);
            }
        }
    }
    for breach in people.breaches() {
        let item = breach.item.as_ref().map(|(no, name)| (*no, Some(name.as_str())));
        report.push(breach.rule, Some(breach.record), item, &breach.found, breach.wanted);
    }
    keys
}

/// The text, if it can only be UTF-8: pairs of half-width kana are both, and taken for MS932.
fn utf8_text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let has_wide = text.chars().any(|character| character >= '\u{800}');
    (has_wide || (!text.is_ascii() && ms932::fault(bytes).is_some())).then_some(text)
}

struct RecordCheck<'a, 'b> {
    name: &'a FileName,
    has_bare_text: bool,
    has_month_fault: bool,
    report: &'a mut Report<'b>,
}

impl RecordCheck<'_, '_> {
    /// 1 after a header line, else 0.
    fn first_data_record(&mut self, standard: &Standard, reading: &Reading<'_>) -> usize {
        let Some(header) = reading.records().next().and_then(|record| record.field(1)) else {
            return 0;
        };
        let text = header.text();
        let is_item_name = |version: &Version| {
            let layout = version.layout(self.name.kind);
            layout.and_then(|layout| layout.item(1)).is_some_and(|item| item.name == text.trim())
        };
        if !standard.versions().iter().any(is_item_name) {
            return 0;
        }
        self.report.push(&shape::HEADER_LINE, Some(1), None, &text, Wanted::default());
        1
    }

    /// The one version of all records, if there is one, and what is wrong with the versions.
    fn check_versions(
        &mut self,
        standard: &Standard,
        reading: &Reading<'_>,
        first: usize,
    ) -> Option<String> {
        let mut seen: Vec<String> = vec![];
        for record in reading.records().skip(first) {
            let value = record.field(1).map(|field| field.text()).unwrap_or_default();
            if value.is_empty() || seen.contains(&value) {
                continue;
            }
            self.check_version(standard, &record, &value, seen.first());
            seen.push(value);
        }
        match &seen[..] {
            [one] => known_version(standard, one).map(|version| version.value.clone()),
            _ => None,
        }
    }

    fn check_version(
        &mut self,
        standard: &Standard,
        record: &Record<'_>,
        value: &str,
        before: Option<&String>,
    ) {
        let item = Some((1, None));
        let at = Some(record.number());
        if let Some(before) = before {
            self.report.push(&versions::MIXED, at, item, value, Wanted::same(before.as_str()));
        }
        let Some(version) = known_version(standard, value) else {
            let carried: Vec<_> = standard.versions().iter().map(|v| v.value.as_str()).collect();
            let wanted = Wanted::same(carried.join(", "));
            self.report.push(&versions::UNKNOWN, at, item, value, wanted);
            return;
        };
        if version.value != value {
            let wanted = Wanted::same(version.value.as_str());
            self.report.push(&versions::AS_PRINTED, at, item, value, wanted);
        }
        if version.names_have_kinds != self.name.has_kinds() {
            self.report.add(&names::FORM_DIFFERS, value, Wanted::default());
        }
        if self.name.month.and_then(NameMonth::month).is_some_and(|month| month < version.since) {
            let since = Wanted::same(version.since.to_string());
            self.report.add(&versions::BEFORE_SERVICE_MONTH, value, since);
        }
        if !version.has(self.name.kind) {
            self.report.add(&versions::LAYOUT_MISSING, value, Wanted::default());
        }
    }

    /// The version that a record is checked by: its own, else what the name's form suggests.
    fn version_of<'s>(&self, standard: &'s Standard, record: &Record<'_>) -> Option<&'s Version> {
        let value = record.field(1).map(|field| field.text()).unwrap_or_default();
        known_version(standard, &value).or_else(|| standard.newest(self.name.has_kinds()))
    }

    fn check_shape(&mut self, standard: &Standard, reading: &Reading<'_>) {
        let layout = standard
            .newest(self.name.has_kinds())
            .and_then(|version| version.layout(self.name.kind));
        for fault in &reading.faults {
            let rule = match fault.kind {
                ShapeKind::StrayQuote => &shape::STRAY_QUOTE,
                ShapeKind::UnclosedQuote => &shape::UNCLOSED_QUOTE,
                ShapeKind::BlankLine => &shape::BLANK_LINE,
            };
            let item_name = layout.and_then(|l| l.item(fault.item)).map(|item| item.name.as_str());
            let item = (fault.kind != ShapeKind::BlankLine).then_some((fault.item, item_name));
            self.report.push(rule, Some(fault.record), item, "", Wanted::default());
        }
    }

    fn check_record(&mut self, layout: &Layout, record: &Record<'_>) {
        if record.len() != layout.items.len() {
            let found = record.len().to_string();
            let wanted = Wanted::same(layout.items.len().to_string());
            self.report.push(&shape::ITEM_COUNT, Some(record.number()), None, &found, wanted);
            return;
        }
        for (item, field) in layout.items.iter().zip(record.fields()) {
            let bytes = field.bytes();
            if self.check_encoding(item, record, &bytes) {
                continue;
            }
            let is_bare_text = item.is_text() && !field.is_quoted() && !field.is_empty();
            if is_bare_text && !std::mem::replace(&mut self.has_bare_text, true) {
                self.item(&shape::TEXT_UNQUOTED, item, record, &bytes, Wanted::default());
            }
            if let Some(breach) = item_check::check(item, &bytes, self.name.kind) {
                self.item(breach.rule, item, record, &bytes, breach.wanted);
                if let Some(finding) = self.report.findings.last_mut() {
                    finding.severity = breach.severity;
                }
            } else if item.is_service_month() {
                self.check_month(item, record, &bytes);
            }
        }
        for breach in record_check::check(self.name.kind, layout, record) {
            let item = Some((breach.item.no, Some(breach.item.name.as_str())));
            let at = Some(record.number());
            self.report.push(breach.rule, at, item, &breach.found, breach.wanted);
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
        let item = Some((item.no, Some(item.name.as_str())));
        self.report.push(rule, Some(record.number()), item, &hex.join(" "), Wanted::default());
        true
    }

    /// Once a file: the month chosen for export is one cause, however many records there are.
    fn check_month(&mut self, item: &Item, record: &Record<'_>, bytes: &[u8]) {
        let Some(month) = self.name.month.filter(|_| self.name.kind.has_month()) else { return };
        if bytes != month.to_string().as_bytes()
            && !std::mem::replace(&mut self.has_month_fault, true)
        {
            let wanted = Wanted::same(month.to_string());
            self.item(&names::MONTH_DIFFERS, item, record, bytes, wanted);
        }
    }

    fn item(
        &mut self,
        rule: &'static Rule,
        item: &Item,
        record: &Record<'_>,
        bytes: &[u8],
        wanted: Wanted,
    ) {
        let found = ms932::decode_lossy(bytes);
        let item = Some((item.no, Some(item.name.as_str())));
        self.report.push(rule, Some(record.number()), item, &found, wanted);
    }
}

/// The version of this value, or the one that an example of the published text means by it.
fn known_version<'s>(standard: &'s Standard, value: &str) -> Option<&'s Version> {
    let (printed, meant) = PRINTED_IN_AN_EXAMPLE;
    let meant = || (value == printed).then(|| standard.version(meant)).flatten();
    standard.version(value).or_else(meant)
}
