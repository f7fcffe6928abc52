//! What values of an item are sure to be good, told by a glance.
//!
//! Invariant: what is accepted here, [`item_check`](crate::item_check) finds nothing wrong with. The
//! reverse need not hold: what is not sure is left to the rules.

use std::sync::LazyLock;

use crate::{
    Date, FileKind, FileName, Item, ItemKind, Layout, Length, Required, ServiceKind, item_check,
};

/// An item's values, as far as they are sure to be good in any file of the layout.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    shape: Shape,
    may_be_empty: bool,
}

/// What a value that is there looks like. Numbers are lengths in bytes.
#[derive(Debug, Clone)]
enum Shape {
    /// Nothing is sure.
    Unsure,
    /// The file's own version.
    Version,
    /// The file's own month.
    Month,
    /// One value alone.
    Exactly(Box<[u8]>),
    /// Free text, which stands in quotes.
    Quoted,
    /// Anything so short.
    Short(usize),
    /// Digits, so many.
    Digits(usize),
    /// Digits, so many at most.
    FewDigits(usize),
    /// Digits, so many at most, and not 0 alone.
    Counted(usize),
    Decimal(usize),
    Alphanumeric(usize),
    /// Ten digits, or H and nine.
    Insured,
    Office,
    /// And perhaps 00000000, which stands for none.
    Date {
        may_be_zero: bool,
    },
    /// And perhaps 9999, which stands for none.
    Time {
        may_be_none: bool,
    },
    /// Six characters of a kind that is carried.
    Service(Carried),
    Kind(Carried),
    DayMap,
    /// Letters, digits and hyphens.
    Equipment(usize),
    PostalCode,
    Telephone(usize),
    ImageName,
    Code(Vec<Box<[u8]>>),
}

/// What one file alone has in all its records.
#[derive(Debug)]
pub(crate) struct Own {
    version: Box<[u8]>,
    /// The one month that a monthly file is of, if its name says one; it is a value of the item.
    month: Option<Box<[u8]>>,
}

impl Own {
    /// Of files of this name, whose records have this for a version.
    pub(crate) fn new(name: &FileName, layout: &Layout, version: &[u8]) -> Self {
        let month = name.month.filter(|_| name.kind.has_month()).map(|month| month.to_string());
        let is_value = |month: &String| {
            let mut items = layout.items.iter().filter(|item| item.is_service_month());
            items.all(|item| item_check::check(item, month.as_bytes(), name.kind).is_none())
        };
        let month = month.filter(is_value).map(|month| month.into_bytes().into());
        Self { version: version.into(), month }
    }
}

impl Form {
    /// What is sure of the values of an item in files of this kind.
    pub(crate) fn new(item: &Item, file: FileKind) -> Self {
        let shape = if item.is_version() {
            Shape::Version
        } else if item.is_service_month() {
            Shape::Month
        } else {
            shape_of(item, file)
        };
        Self { shape, may_be_empty: item.required == Required::Optional }
    }

    /// Whether the value, with the quotes that it may have, is sure to be good in a file that has
    /// this of its own.
    #[inline]
    pub(crate) fn accepts(&self, value: &[u8], own: &Own) -> bool {
        let (inner, is_quoted) = match value {
            [b'"', inner @ .., b'"'] => (inner, true),
            bare => (bare, false),
        };
        if inner.is_empty() {
            return self.may_be_empty;
        }
        match &self.shape {
            Shape::Unsure => false,
            Shape::Version => *own.version == *inner,
            Shape::Month => own.month.as_deref() == Some(inner),
            Shape::Exactly(only) => **only == *inner,
            Shape::Quoted => is_quoted,
            Shape::Short(max) => inner.len() <= *max,
            Shape::Digits(count) => inner.len() == *count && are_digits(inner),
            Shape::FewDigits(max) => inner.len() <= *max && are_digits(inner),
            Shape::Counted(max) => {
                inner.len() <= *max && are_digits(inner) && inner.iter().any(|digit| *digit != b'0')
            }
            Shape::Decimal(max) => inner.len() <= *max && is_decimal(inner),
            Shape::Alphanumeric(count) => {
                inner.len() == *count && inner.iter().all(u8::is_ascii_alphanumeric)
            }
            Shape::Insured => is_insured(inner),
            Shape::Office => is_office(inner),
            Shape::Date { may_be_zero } => is_date(inner) || *may_be_zero && inner == b"00000000",
            Shape::Time { may_be_none } => is_time(inner) || *may_be_none && inner == b"9999",
            Shape::Service(carried) => is_service(inner, carried),
            Shape::Kind(carried) => {
                <&[u8; 2]>::try_from(inner).is_ok_and(|kind| carried.has(*kind))
            }
            Shape::DayMap => {
                inner.len() == 31 && inner.iter().all(|day| matches!(day, b'0' | b'1'))
            }
            Shape::Equipment(count) => {
                let is_code = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
                inner.len() == *count && inner.iter().all(is_code)
            }
            Shape::PostalCode => match inner {
                [area @ .., b'-', a, b, c, d] => {
                    area.len() == 3 && are_digits(area) && are_digits(&[*a, *b, *c, *d])
                }
                _ => false,
            },
            Shape::Telephone(max) => {
                let is_usual = |byte: &u8| byte.is_ascii_digit() || *byte == b'-';
                inner.len() <= *max && inner.iter().all(is_usual)
            }
            Shape::ImageName => std::str::from_utf8(inner)
                .is_ok_and(|name| FileName::parse(name).is_ok_and(|name| name.kind.is_image())),
            Shape::Code(listed) => listed.iter().any(|code| **code == *inner),
        }
    }
}

fn shape_of(item: &Item, file: FileKind) -> Shape {
    let is_text = item.is_text();
    let length = match item.length {
        Length::Chars(count) => usize::from(count),
        Length::Unlimited => 0,
    };
    match (item.kind, length) {
        (ItemKind::Text, _) if is_text => Shape::Quoted,
        (ItemKind::ImageName, _) => Shape::ImageName,
        // The tables say of every other item how long it is.
        (_, 0) => Shape::Unsure,
        (ItemKind::Text, max) => Shape::Short(max),
        (ItemKind::Date, 8) => Shape::Date { may_be_zero: item.may_be_zero() },
        (ItemKind::Time, 4) => Shape::Time { may_be_none: item.may_have_no_time() },
        (ItemKind::Insurer, count) => Shape::Digits(count),
        (ItemKind::Insured, 10) => Shape::Insured,
        (ItemKind::Office, 10) => Shape::Office,
        (ItemKind::ServiceCode, 6) => Shape::Service(Carried::new(file)),
        (ItemKind::ServiceKind, 2) => Shape::Kind(Carried::new(file)),
        (ItemKind::Branch, count) => Shape::Alphanumeric(count),
        (ItemKind::Equipment, count) => Shape::Equipment(count),
        (ItemKind::Code, _) => {
            let codes = item.values.iter().map(|(code, _)| code.as_bytes().into());
            Shape::Code(codes.collect())
        }
        (ItemKind::Sequence, max) => Shape::Counted(max),
        (ItemKind::Integer, max) => Shape::FewDigits(max),
        (ItemKind::Decimal, max) => Shape::Decimal(max),
        (ItemKind::DayMap, 31) => Shape::DayMap,
        (ItemKind::PostalCode, 8) => Shape::PostalCode,
        (ItemKind::Telephone, max) => Shape::Telephone(max),
        (ItemKind::Fixed, _) => Shape::Exactly(item.note.as_bytes().into()),
        _ => Shape::Unsure,
    }
}

/// The kinds of service that are carried, by their two characters.
static CARRIED: LazyLock<Vec<[u8; 2]>> = LazyLock::new(|| {
    let carried = ServiceKind::all().filter(|kind| kind.scope().is_carried());
    carried.filter_map(|kind| kind.as_str().as_bytes().try_into().ok()).collect()
});

/// Which kinds of service a kind of file has.
#[derive(Debug, Clone)]
struct Carried {
    kinds: &'static [[u8; 2]],
    /// 第7表 has a total, of no kind.
    has_total: bool,
}

impl Carried {
    fn new(file: FileKind) -> Self {
        Self { kinds: &CARRIED, has_total: file == FileKind::SlipAnnex }
    }

    fn has(&self, kind: [u8; 2]) -> bool {
        self.kinds.contains(&kind)
    }
}

fn is_service(value: &[u8], carried: &Carried) -> bool {
    let Ok([a, b, rest @ ..]) = <&[u8; 6]>::try_from(value) else { return false };
    let is_code = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    rest.iter().all(is_code) && carried.has([*a, *b]) || carried.has_total && value == b"999999"
}

fn is_insured(value: &[u8]) -> bool {
    match value {
        [b'H', digits @ ..] => digits.len() == 9 && are_digits(digits),
        digits => digits.len() == 10 && are_digits(digits),
    }
}

fn is_office(value: &[u8]) -> bool {
    let Ok(value) = <&[u8; 10]>::try_from(value) else { return false };
    are_digits(value) || value[2] == b'A' && are_digits(&value[..2]) && are_digits(&value[3..])
}

fn is_date(value: &[u8]) -> bool {
    let Ok(value) = <[u8; 8]>::try_from(value) else { return false };
    let digits = u64::from_le_bytes(value) ^ ZEROS;
    if (digits.wrapping_add(NINES_TO_TOP) | digits) & TOPS != 0 {
        return false;
    }
    let two = |at: usize| (value[at] & 0xF) * 10 + (value[at + 1] & 0xF);
    let (month, day) = (two(4), two(6));
    let is_plain = (1..=12).contains(&month) && (1..=28).contains(&day) && value[..4] != *b"0000";
    is_plain || Date::from_bytes(&value).is_ok()
}

fn is_time(value: &[u8]) -> bool {
    let Ok(value) = <&[u8; 4]>::try_from(value) else { return false };
    are_digits(value) && value[..2] < b"24"[..] && value[2..] < b"60"[..]
}

fn is_decimal(value: &[u8]) -> bool {
    match value.iter().position(|byte| *byte == b'.') {
        None => are_digits(value),
        Some(at) => {
            let (whole, fraction) = (&value[..at], &value[at + 1..]);
            0 < at && (1..=2).contains(&fraction.len()) && are_digits(whole) && are_digits(fraction)
        }
    }
}

/// Eight times the digit 0, what lifts a digit's place above 9 to the top bit, and the top bits.
const ZEROS: u64 = 0x3030_3030_3030_3030;
const NINES_TO_TOP: u64 = 0x7676_7676_7676_7676;
const TOPS: u64 = 0x8080_8080_8080_8080;

/// Whether all are ASCII digits, eight at a time.
#[inline]
fn are_digits(value: &[u8]) -> bool {
    let (eights, rest) = value.as_chunks::<8>();
    let is_eight = |eight: &[u8; 8]| {
        let digits = u64::from_le_bytes(*eight) ^ ZEROS;
        (digits.wrapping_add(NINES_TO_TOP) | digits) & TOPS == 0
    };
    eights.iter().all(is_eight) && rest.iter().all(u8::is_ascii_digit)
}
