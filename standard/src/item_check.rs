//! The check of one value against its item: requiredness, length, form, code list.
//!
//! A breach that rests on a cell marked `?` is a warning, and so is a way of writing that the
//! published text uses in its own examples.

use crate::{
    Date, FileKind, FileName, Item, ItemKind, Length, Month, OfficeNumber, Required, Rule,
    ServiceKind, Severity, Wanted, ms932,
    rules::item::{
        CODE_NOT_LISTED, FORM, LENGTH, MISSING, NOT_REAL, SERVICE_NOT_CARRIED, TOO_LONG,
        UNUSED_FILLED, UNUSUAL_FORM, WANTED,
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
    fn new(rule: &'static Rule, wanted: Wanted) -> Self {
        Self { rule, severity: rule.severity, wanted }
    }

    fn form(ja: &str, en: &str) -> Self {
        Self::new(&FORM, Wanted { ja: ja.to_owned(), en: en.to_owned() })
    }

    fn unusual(words: &str) -> Self {
        Self::new(&UNUSUAL_FORM, Wanted::same(words))
    }

    /// An error that rests on an uncertain cell is a warning.
    fn unless(self, uncertain: bool) -> Self {
        let severity = if uncertain { self.severity.min(Severity::Warning) } else { self.severity };
        Self { severity, ..self }
    }
}

/// The first thing that is wrong with the value, if anything is.
pub(crate) fn check(item: &Item, value: &[u8], file: FileKind) -> Option<Breach> {
    if value.is_empty() {
        return missing(item);
    }
    let breach = match item.kind {
        ItemKind::Month => month(item, value),
        ItemKind::Date => date(item, value),
        ItemKind::Time => time(item, value),
        ItemKind::Insurer => digits(value).or_else(|| exact(item, value)),
        ItemKind::Insured => insured(value).or_else(|| exact(item, value)),
        ItemKind::Office => office(item, value),
        ItemKind::ServiceCode => exact(item, value).or_else(|| service_code(value, file)),
        ItemKind::ServiceKind => exact(item, value).or_else(|| service_kind(value)),
        ItemKind::Equipment => equipment(item, value),
        ItemKind::Branch => exact(item, value).or_else(|| alphanumeric(value)),
        ItemKind::Code => code(item, value),
        ItemKind::Sequence => at_most(item, value).or_else(|| sequence(item, value)),
        ItemKind::Integer => at_most(item, value).or_else(|| digits(value)),
        ItemKind::Decimal => at_most(item, value).or_else(|| decimal(value)),
        ItemKind::DayMap => exact(item, value).or_else(|| day_map(value)),
        ItemKind::PostalCode => exact(item, value).or_else(|| postal_code(value)),
        ItemKind::Telephone => at_most(item, value).or_else(|| telephone(value)),
        ItemKind::Fixed => fixed(item, value),
        ItemKind::ImageName => image_name(value),
        ItemKind::Unused => {
            at_most(item, value).or_else(|| Some(Breach::new(&UNUSED_FILLED, Wanted::default())))
        }
        ItemKind::Text => at_most(item, value),
    };
    breach.map(|breach| breach.unless(item.uncertain.values))
}

impl Item {
    /// Whether it is free text, which stands in quotes.
    pub(crate) fn is_text(&self) -> bool {
        self.kind == ItemKind::Text
    }

    /// 対象年月 and 削除対象年月: the month that a monthly file is of.
    pub(crate) fn is_service_month(&self) -> bool {
        self.kind == ItemKind::Month && self.name.ends_with("対象年月")
    }

    /// Whether the table lets all zeros stand for "none".
    fn may_be_zero(&self) -> bool {
        self.note.split(' ').next().is_some_and(|word| {
            !word.is_empty() && word.bytes().all(|byte| byte == b'0') && self.has_chars(word.len())
        })
    }

    /// Whether the table lets 9999 stand for "no time".
    fn may_have_no_time(&self) -> bool {
        self.note.starts_with("9999") || self.note == "as the start time"
    }

    fn has_chars(&self, count: usize) -> bool {
        self.length == Length::Chars(u16::try_from(count).unwrap_or(u16::MAX))
    }
}

fn missing(item: &Item) -> Option<Breach> {
    match item.required {
        Required::Always => {
            Some(Breach::new(&MISSING, Wanted::default()).unless(item.uncertain.required))
        }
        Required::Wanted => Some(Breach::new(&WANTED, Wanted::default())),
        Required::Optional => None,
    }
}

fn exact(item: &Item, value: &[u8]) -> Option<Breach> {
    let Length::Chars(wanted) = item.length else { return None };
    (ms932::char_count(value) != usize::from(wanted)).then(|| {
        let words = Wanted { ja: format!("{wanted}桁"), en: format!("{wanted} characters") };
        Breach::new(&LENGTH, words).unless(item.uncertain.length)
    })
}

fn at_most(item: &Item, value: &[u8]) -> Option<Breach> {
    let Length::Chars(wanted) = item.length else { return None };
    (usize::from(wanted) < ms932::char_count(value)).then(|| {
        let words = Wanted { ja: format!("{wanted}桁"), en: format!("{wanted} characters") };
        Breach::new(&TOO_LONG, words).unless(item.uncertain.length)
    })
}

fn is_digits(value: &[u8]) -> bool {
    value.iter().all(u8::is_ascii_digit)
}

fn digits(value: &[u8]) -> Option<Breach> {
    (!is_digits(value)).then(|| Breach::form("半角数字", "ASCII digits"))
}

fn alphanumeric(value: &[u8]) -> Option<Breach> {
    (!value.iter().all(u8::is_ascii_alphanumeric))
        .then(|| Breach::form("半角英数字", "ASCII letters and digits"))
}

fn month(item: &Item, value: &[u8]) -> Option<Breach> {
    if item.may_be_zero() && value == b"000000" {
        return None;
    }
    if item.no == 1 {
        // CSVバージョン: which values there are is a matter of the versions.
        return digits(value).or_else(|| exact(item, value));
    }
    digits(value).or_else(|| exact(item, value)).or_else(|| {
        Month::from_bytes(value).is_err().then(|| Breach::new(&NOT_REAL, Wanted::default()))
    })
}

fn date(item: &Item, value: &[u8]) -> Option<Breach> {
    if item.may_be_zero() && value == b"00000000" {
        return None;
    }
    if Month::from_bytes(value).is_ok() {
        return Some(Breach::unusual("YYYYMMDD"));
    }
    digits(value).or_else(|| exact(item, value)).or_else(|| {
        Date::from_bytes(value).is_err().then(|| Breach::new(&NOT_REAL, Wanted::default()))
    })
}

fn time(item: &Item, value: &[u8]) -> Option<Breach> {
    let is_time = |hours: &[u8], minutes: &[u8]| {
        let both = [hours, minutes].concat();
        is_digits(&both) && (hours < b"24".as_slice() || both == b"2400") && minutes < b"60"
    };
    match value {
        b"9999" if item.may_have_no_time() => None,
        b"9999" | b"2400" => Some(Breach::unusual("HHMM（0000～2359）")),
        [h, i, b':', m, n] if is_time(&[*h, *i], &[*m, *n]) => Some(Breach::unusual("HHMM")),
        [h, i, m, n] if is_time(&[*h, *i], &[*m, *n]) => None,
        [_, _, _, _] if is_digits(value) => Some(Breach::new(&NOT_REAL, Wanted::default())),
        _ => exact(item, value).or_else(|| Some(Breach::form("HHMMの4桁", "4 digits, HHMM"))),
    }
}

fn insured(value: &[u8]) -> Option<Breach> {
    let number = value.strip_prefix(b"H").unwrap_or(value);
    (!is_digits(number))
        .then(|| Breach::form("数字10桁、またはHと数字9桁", "10 digits, or H and 9 digits"))
}

fn office(item: &Item, value: &[u8]) -> Option<Breach> {
    if value.len() == 9 && is_digits(value) {
        return Some(Breach::unusual("10桁 / 10 digits"));
    }
    exact(item, value).or_else(|| {
        OfficeNumber::from_bytes(value)
            .is_err()
            .then(|| Breach::form("数字10桁（3文字目のみAも可）", "10 digits (the third may be A)"))
    })
}

fn service_code(value: &[u8], file: FileKind) -> Option<Breach> {
    let is_code = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    if !value.iter().all(is_code) {
        return Some(Breach::form("半角英数字6桁", "6 digits or capital letters"));
    }
    if file == FileKind::SlipAnnex && value == b"999999" {
        return None;
    }
    value.get(..2).and_then(service_kind)
}

fn service_kind(value: &[u8]) -> Option<Breach> {
    match ServiceKind::from_bytes(value) {
        Err(_) => Some(Breach::form("英数字2文字", "2 digits or capital letters")),
        Ok(kind) if kind.scope().is_carried() => None,
        Ok(_) => Some(Breach::new(&SERVICE_NOT_CARRIED, Wanted::default())),
    }
}

fn equipment(item: &Item, value: &[u8]) -> Option<Breach> {
    // The published text prints its own examples with a full-width hyphen.
    const FULL_WIDTH_HYPHEN: &[u8] = b"\x81\x7C";
    if let Some(at) = value.windows(2).position(|pair| pair == FULL_WIDTH_HYPHEN) {
        let half = [&value[..at], b"-", &value[at + 2..]].concat();
        if equipment(item, &half).is_none() {
            return Some(Breach::unusual("00001-000010"));
        }
    }
    exact(item, value).or_else(|| {
        let is_code = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        (!value.iter().all(is_code))
            .then(|| Breach::form("半角の英数字とハイフン12桁", "12 letters, digits and hyphens"))
    })
}

fn code(item: &Item, value: &[u8]) -> Option<Breach> {
    if item.values.iter().any(|(listed, _)| listed.as_bytes() == value) {
        return None;
    }
    let listed: Vec<_> = item.values.iter().map(|(v, meaning)| format!("{v}={meaning}")).collect();
    Some(Breach::new(&CODE_NOT_LISTED, Wanted::same(listed.join(", "))))
}

fn sequence(item: &Item, value: &[u8]) -> Option<Breach> {
    let is_zero = value.iter().all(|byte| *byte == b'0');
    digits(value).or_else(|| {
        (is_zero && item.note.starts_with("1-")).then(|| Breach::form("1～99", "1 to 99"))
    })
}

fn decimal(value: &[u8]) -> Option<Breach> {
    let mut parts = value.splitn(2, |byte| *byte == b'.');
    let whole = parts.next().unwrap_or_default();
    let is_whole = !whole.is_empty() && is_digits(whole);
    let is_fraction =
        parts.next().is_none_or(|part| (1..=2).contains(&part.len()) && is_digits(part));
    (!(is_whole && is_fraction)).then(|| Breach::form("99.99", "99.99"))
}

fn day_map(value: &[u8]) -> Option<Breach> {
    (!value.iter().all(|byte| matches!(byte, b'0' | b'1')))
        .then(|| Breach::form("0と1の31桁", "31 digits, 0 or 1"))
}

fn postal_code(value: &[u8]) -> Option<Breach> {
    let is_postal = matches!(value, [a, b, c, b'-', rest @ ..]
        if is_digits(&[*a, *b, *c]) && rest.len() == 4 && is_digits(rest));
    (!is_postal).then(|| Breach::form("NNN-NNNN", "NNN-NNNN"))
}

/// What a telephone number consists of is not said.
fn telephone(value: &[u8]) -> Option<Breach> {
    let is_usual = |byte: &u8| byte.is_ascii_digit() || b"-()+ ".contains(byte);
    (!value.iter().all(is_usual)).then(|| Breach::unusual("000-0000-0000"))
}

fn fixed(item: &Item, value: &[u8]) -> Option<Breach> {
    (value != item.note.as_bytes())
        .then(|| Breach::new(&CODE_NOT_LISTED, Wanted::same(item.note.as_str())))
}

fn image_name(value: &[u8]) -> Option<Breach> {
    let is_image = std::str::from_utf8(value)
        .ok()
        .and_then(|name| FileName::parse(name).ok())
        .is_some_and(|name| name.kind.is_image());
    (!is_image).then(|| Breach::form("UPKIHON_IMAGE_…_0001.jpg", "UPKIHON_IMAGE_…_0001.jpg"))
}
