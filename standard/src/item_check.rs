//! The check of one value against its item: which rules each kind of item has, in which order.
//!
//! A breach that rests on a cell marked `?` is a warning, and so is a way of writing that the
//! published text uses in its own examples.

use crate::{
    FileKind, Item, ItemKind, Length, Rule, Severity, Wanted,
    rules::item::{
        code_not_listed, form, leading_zeros_lost, length, missing, not_real, spreadsheet_form,
        too_long, unused_filled, unusual_form, wanted,
    },
};

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Breach {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) wanted: Wanted,
}

impl Breach {
    pub(crate) fn new(rule: &'static Rule, wanted: Wanted) -> Self {
        Self { rule, severity: rule.severity, wanted }
    }

    /// An error that rests on an uncertain cell is a warning.
    pub(crate) fn unless(self, uncertain: bool) -> Self {
        let severity = if uncertain { self.severity.min(Severity::Warning) } else { self.severity };
        Self { severity, ..self }
    }
}

/// The first thing that is wrong with the value, if anything is.
pub(crate) fn check(item: &Item, value: &[u8], file: FileKind) -> Option<Breach> {
    if value.is_empty() {
        return missing::check(item).or_else(|| wanted::check(item));
    }
    let mut breach = of_kind(item, value, file)?;
    if breach.severity == Severity::Error {
        let is_right = |value: &[u8]| of_kind(item, value, file).is_none();
        let cause = leading_zeros_lost::instead(item, value, is_right)
            .or_else(|| spreadsheet_form::instead(item, value, &breach));
        breach = cause.unwrap_or(breach);
    }
    Some(breach.unless(item.uncertain.values))
}

fn of_kind(item: &Item, value: &[u8], file: FileKind) -> Option<Breach> {
    match item.kind {
        ItemKind::Month => month(item, value),
        ItemKind::Date => date(item, value),
        ItemKind::Time => time(item, value),
        ItemKind::Insurer => form::digits(value).or_else(|| length::check(item, value)),
        ItemKind::Insured => form::insured(value).or_else(|| length::check(item, value)),
        ItemKind::Office => unusual_form::office(value)
            .or_else(|| length::check(item, value))
            .or_else(|| form::office(value)),
        ItemKind::ServiceCode => {
            length::check(item, value).or_else(|| form::service_code(value, file))
        }
        ItemKind::ServiceKind => length::check(item, value).or_else(|| form::service_kind(value)),
        ItemKind::Equipment => unusual_form::equipment(item, value)
            .or_else(|| length::check(item, value))
            .or_else(|| form::equipment(value)),
        ItemKind::Branch => length::check(item, value).or_else(|| form::alphanumeric(value)),
        ItemKind::Code => code_not_listed::check(item, value),
        ItemKind::Sequence => too_long::check(item, value).or_else(|| form::sequence(item, value)),
        ItemKind::Integer => too_long::check(item, value).or_else(|| form::digits(value)),
        ItemKind::Decimal => too_long::check(item, value).or_else(|| form::decimal(value)),
        ItemKind::DayMap => length::check(item, value).or_else(|| form::day_map(value)),
        ItemKind::PostalCode => length::check(item, value).or_else(|| form::postal_code(value)),
        ItemKind::Telephone => {
            too_long::check(item, value).or_else(|| unusual_form::telephone(value))
        }
        ItemKind::Fixed => code_not_listed::check_fixed(item, value),
        ItemKind::ImageName => form::image_name(value),
        ItemKind::Unused => too_long::check(item, value).or_else(unused_filled::check),
        ItemKind::Text => too_long::check(item, value),
    }
}

fn month(item: &Item, value: &[u8]) -> Option<Breach> {
    if item.is_version() || (value == b"000000" && item.may_be_zero()) {
        return None;
    }
    form::digits(value)
        .or_else(|| length::check(item, value))
        .or_else(|| not_real::check_month(value))
}

fn date(item: &Item, value: &[u8]) -> Option<Breach> {
    if value == b"00000000" && item.may_be_zero() {
        return None;
    }
    unusual_form::date(value)
        .or_else(|| form::digits(value))
        .or_else(|| length::check(item, value))
        .or_else(|| not_real::check_date(value))
}

fn time(item: &Item, value: &[u8]) -> Option<Breach> {
    unusual_form::time(value)
        .or_else(|| length::check(item, value))
        .or_else(|| form::time(value))
        .or_else(|| not_real::check_time(item, value))
}

impl Item {
    /// Whether it is free text, which stands in quotes.
    pub(crate) fn is_text(&self) -> bool {
        self.kind == ItemKind::Text && self.length == Length::Unlimited
    }

    /// CSVバージョン: which values there are is a matter of the versions.
    pub(crate) fn is_version(&self) -> bool {
        self.no == 1
    }

    /// 対象年月 and 削除対象年月: the month that a monthly file is of.
    pub(crate) fn is_service_month(&self) -> bool {
        self.kind == ItemKind::Month && self.name.ends_with("対象年月")
    }

    /// Whether the table lets 9999 stand for "no time".
    pub(crate) fn may_have_no_time(&self) -> bool {
        self.note.starts_with("9999") || self.note == "as the start time"
    }

    /// Whether the table lets all zeros stand for "none".
    pub(crate) fn may_be_zero(&self) -> bool {
        self.note.split(' ').next().is_some_and(|word| {
            !word.is_empty() && word.bytes().all(|byte| byte == b'0') && self.has_chars(word.len())
        })
    }

    fn has_chars(&self, count: usize) -> bool {
        self.length == Length::Chars(u16::try_from(count).unwrap_or(u16::MAX))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    //! How the rules' tests call the check of an item.

    use super::*;
    use crate::{Standard, ms932};

    /// The first item of this name in the layout of 4.1.
    pub(crate) fn item(kind: FileKind, name: &str) -> &'static Item {
        item_of("202407", kind, name)
    }

    /// What the check says of a value: nothing, or a rule, with `?` for a warning and `~` for a note.
    pub(crate) fn check_item(kind: FileKind, name: &str, value: &str) -> String {
        check_item_of("202407", kind, name, value)
    }

    /// The same, in another version.
    pub(crate) fn check_item_of(version: &str, kind: FileKind, name: &str, value: &str) -> String {
        let value = ms932::encode(value).expect("MS932");
        check_item_in(item_of(version, kind, name), kind, &value)
    }

    /// The same, of an item that is at hand.
    pub(crate) fn check_item_in(item: &Item, kind: FileKind, value: &[u8]) -> String {
        let Some(breach) = check(item, value, kind) else { return String::new() };
        let mark = match breach.severity {
            Severity::Error => "",
            Severity::Warning => "?",
            Severity::Info => "~",
        };
        format!("{mark}{}", breach.rule.id)
    }

    fn item_of(version: &str, kind: FileKind, name: &str) -> &'static Item {
        let version = Standard::bundled().version(version).expect("a version");
        version.layout(kind).and_then(|layout| layout.named(name)).expect("an item")
    }
}
