//! 文字コード: MS932, no 外字, nothing else.

use std::borrow::Cow;

use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, UTF_8};

use crate::Rule;

mod broken;
mod byte_order_mark;
mod euc_jp;
mod iso_2022_jp;
mod user_defined;
mod utf16;
mod utf8;

pub(crate) use broken::RULE as BROKEN;
pub(crate) use byte_order_mark::RULE as BYTE_ORDER_MARK;
pub(crate) use euc_jp::RULE as EUC_JP_RULE;
pub(crate) use iso_2022_jp::RULE as ISO_2022_JP_RULE;
pub(crate) use user_defined::RULE as USER_DEFINED;
pub(crate) use utf8::RULE as UTF8;
pub(crate) use utf16::RULE as UTF16;

/// The encoding that a file is in by mistake, with the rule that this breaks. None for MS932, and for
/// bytes of no encoding at all. UTF-16 [begins](begun_as_utf16) otherwise. The beginning of the file is
/// enough, up to some characters that are not ASCII; it may end within one.
pub(crate) fn mistaken(bytes: &[u8]) -> Option<(&'static Encoding, &'static Rule)> {
    if iso_2022_jp::is(bytes) {
        Some((ISO_2022_JP, &ISO_2022_JP_RULE))
    } else if utf8::is(bytes) {
        Some((UTF_8, &UTF8))
    } else {
        euc_jp::is(bytes).then_some((EUC_JP, &EUC_JP_RULE))
    }
}

/// The one of the two UTF-16 that a file begins with, by its first four bytes.
pub(crate) fn begun_as_utf16(bytes: &[u8]) -> Option<(&'static Encoding, &'static Rule)> {
    utf16::of(bytes).map(|encoding| (encoding, &UTF16))
}

/// The text, if the bytes are of this encoding; without a character at the end that is not whole.
fn text_of<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Option<Cow<'a, str>> {
    let whole = |bytes| encoding.decode_without_bom_handling_and_without_replacement(bytes);
    whole(bytes).or_else(|| whole(bytes.get(..bytes.len().checked_sub(1)?)?))
}

#[cfg(test)]
pub(super) mod tests {
    use crate::{
        FileKind, Rule,
        example::{Base, Edit, Encoding, tests::found},
    };

    /// A file in an encoding is one finding, and what is wrong in it otherwise is found all the same.
    #[track_caller]
    pub(super) fn is_named_once_and_read_as_meant(encoding: Encoding, rule: &Rule) {
        let recode = Edit::Recode(FileKind::Results, encoding);
        assert_eq!(found(Base::Results, &[recode]), [rule.id]);
        let stray = Edit::Set(FileKind::Results, 2, "サービス利用日", "20250532");
        assert_eq!(found(Base::Results, &[stray, recode]), [rule.id, "item.date-not-real@2.10"]);
        let plan = Edit::Recode(FileKind::PlanTable2, encoding);
        assert_eq!(found(Base::Plan, &[plan]), [rule.id]);
    }
}
