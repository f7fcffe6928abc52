//! The peer: a validator as one would write it in a day with `csv` and `encoding_rs`, driven by the
//! same tables. It checks the items of each record and knows nothing of people, units and roles.

use careplan_standard::{
    FileName, Item, ItemKind, Layout, Length, Required, ServiceKind, Standard,
};
use encoding_rs::SHIFT_JIS;

use crate::generate::Sheet;

/// Checks the items of one kind of file.
#[derive(Debug)]
pub struct Ordinary {
    layout: &'static Layout,
    month: Option<String>,
}

/// What it found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrdinaryFaults {
    /// How many records there are.
    pub records: u64,
    /// How many items, or whole records, are at fault.
    pub faults: u64,
    /// The record and the item of the first.
    pub first: Option<(u64, u16)>,
}

impl Ordinary {
    /// For files of version 4.1.
    pub fn of(sheet: Sheet) -> Self {
        let name = FileName::parse(&sheet.file_name(0)).expect("generated names are sound");
        let version = Standard::bundled().version("202407").expect("4.1 is bundled");
        let layout = version.layout(name.kind).expect("4.1 has every sheet");
        let month = name.month.and_then(|month| month.month());
        Self { layout, month: month.map(|month| month.to_string()) }
    }

    /// Goes through the file.
    pub fn check(&self, bytes: &[u8]) -> OrdinaryFaults {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut record = csv::ByteRecord::new();
        let mut found = OrdinaryFaults::default();
        while reader.read_byte_record(&mut record).expect("memory is read without a fault") {
            found.records += 1;
            if record.len() != self.layout.items.len() {
                found.add(0);
                continue;
            }
            for (item, value) in self.layout.items.iter().zip(&record) {
                if !self.is_sound(item, value) {
                    found.add(item.no);
                }
            }
        }
        found
    }

    fn is_sound(&self, item: &Item, value: &[u8]) -> bool {
        if value.is_empty() {
            return item.required != Required::Always;
        }
        let Some(text) = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(value)
        else {
            return false;
        };
        let text: &str = &text;
        match item.kind {
            // Decoding takes 外字 for characters of private use.
            ItemKind::Text => !text.contains(|c| matches!(c, '\u{E000}'..='\u{F8FF}')),
            ItemKind::Month if item.no == 1 => text == "202407",
            ItemKind::Month => match &self.month {
                Some(month) if item.name == "対象年月" => text == month,
                _ => text == "000000" || is_date(&[text, "01"].concat()),
            },
            ItemKind::Date => is_date(text) || text == "00000000",
            ItemKind::Time => is_time(text),
            ItemKind::Insurer => has_length(item, text) && is_digits(text),
            ItemKind::Insured => {
                has_length(item, text) && is_digits(text.strip_prefix('H').unwrap_or(text))
            }
            ItemKind::Office | ItemKind::Fixed => has_length(item, text) && is_office(text),
            ItemKind::ServiceCode => {
                has_length(item, text)
                    && (text == "999999" || text.get(..2).is_some_and(is_service))
            }
            ItemKind::ServiceKind => has_length(item, text) && is_service(text),
            ItemKind::Equipment => {
                has_length(item, text)
                    && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            }
            ItemKind::Branch => has_length(item, text),
            ItemKind::Code => item.values.iter().any(|(listed, _)| listed == text),
            ItemKind::Sequence | ItemKind::Integer => fits(item, text) && is_digits(text),
            ItemKind::Decimal => fits(item, text) && text.parse::<f64>().is_ok(),
            ItemKind::DayMap => {
                has_length(item, text) && text.bytes().all(|byte| byte == b'0' || byte == b'1')
            }
            ItemKind::PostalCode | ItemKind::Telephone => fits(item, text),
            ItemKind::ImageName => FileName::parse(text).is_ok(),
            ItemKind::Unused => false,
        }
    }
}

impl OrdinaryFaults {
    fn add(&mut self, item: u16) {
        self.faults += 1;
        self.first.get_or_insert((self.records, item));
    }
}

fn has_length(item: &Item, text: &str) -> bool {
    match item.length {
        Length::Unlimited => true,
        Length::Chars(wanted) => text.chars().count() == usize::from(wanted),
    }
}

fn fits(item: &Item, text: &str) -> bool {
    match item.length {
        Length::Unlimited => true,
        Length::Chars(most) => text.chars().count() <= usize::from(most),
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_date(text: &str) -> bool {
    text.parse::<careplan_standard::Date>().is_ok()
}

fn is_time(text: &str) -> bool {
    text == "9999" || (text.len() == 4 && is_digits(text) && text < "2400" && &text[2..] < "60")
}

fn is_office(text: &str) -> bool {
    let may_be_there = |(at, c): (usize, char)| c.is_ascii_digit() || (at == 2 && c == 'A');
    text.chars().enumerate().all(may_be_there)
}

fn is_service(text: &str) -> bool {
    text.parse::<ServiceKind>().is_ok_and(|kind| kind.scope().is_carried())
}
