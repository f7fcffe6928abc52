//! The whole file is UTF-16 ("Unicode" of Windows): one finding, not one a character.

use encoding_rs::{UTF_16BE, UTF_16LE};

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Encoding, Example},
    rules::because::STATED,
};

/// The whole file is UTF-16 ("Unicode" of Windows): one finding, not one a character.
pub(crate) static RULE: Rule = Rule {
    id: "encoding.utf-16",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: 文字コード（Shift-JIS、MS932）",
    states: Text {
        ja: "ファイルはMS932で書きます。UTF-16では書きません。",
        en: "A file is written in MS932, not in UTF-16.",
    },
    text: Text {
        ja: "ファイルがUTF-16で書かれています。", en: "The file is written in UTF-16."
    },
    advice: Text {
        ja: "介護ソフトの出力をShift-JIS（MS932）にして出力し直してください。",
        en: "Set the care software to write Shift-JIS (MS932) and export again.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::Recode(FileKind::Results, Encoding::Utf16)],
    },
};

/// Which of the two the file is in, by its first bytes: a mark, or ASCII with every other byte nil.
pub(super) fn of(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] | [1..=0x7F, 0, 1..=0x7F, 0, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, 1..=0x7F, 0, 1..=0x7F, ..] => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::encoding::tests::is_named_once_and_read_as_meant;

    #[test]
    fn a_file_in_utf_16_is_one_finding_and_is_read_as_meant() {
        is_named_once_and_read_as_meant(Encoding::Utf16, &RULE);
    }

    #[test]
    fn either_order_is_told_with_or_without_a_mark() {
        for bytes in [&b"\xFF\xFE1\x00,\x00"[..], b"1\x00,\x00"] {
            assert_eq!(of(bytes), Some(UTF_16LE), "{bytes:?}");
        }
        for bytes in [&b"\xFE\xFF\x001\x00,"[..], b"\x001\x00,"] {
            assert_eq!(of(bytes), Some(UTF_16BE), "{bytes:?}");
        }
        assert_eq!([of(b"1,2,3"), of(b"")], [None, None]);
    }
}
