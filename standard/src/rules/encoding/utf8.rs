//! The whole file is UTF-8: one finding, not one a character.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Encoding, Example},
    ms932,
    rules::because::STATED,
};

/// The whole file is UTF-8: one finding, not one a character.
pub(crate) static RULE: Rule = Rule {
    id: "encoding.utf-8",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: 文字コード（Shift-JIS、MS932）",
    states: Text {
        ja: "ファイルはMS932で書きます。UTF-8では書きません。",
        en: "A file is written in MS932, not in UTF-8.",
    },
    text: Text {
        ja: "ファイルがUTF-8で書かれています。", en: "The file is written in UTF-8."
    },
    advice: Text {
        ja: "介護ソフトの出力をShift-JIS（MS932）にして出力し直してください。",
        en: "Set the care software to write Shift-JIS (MS932) and export again.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::Recode(FileKind::Results, Encoding::Utf8)],
    },
};

/// Whether the bytes can only be UTF-8: pairs of half-width kana are both, and taken for MS932. They
/// may end within a character.
pub(super) fn is(bytes: &[u8]) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(fault) if fault.error_len().is_none() => {
            std::str::from_utf8(&bytes[..fault.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let has_wide = || text.chars().any(|character| '\u{800}' <= character);
    !text.is_ascii() && (has_wide() || ms932::fault(text.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::Encoding;
    use crate::rules::encoding::tests::is_named_once_and_read_as_meant;

    #[test]
    fn a_file_in_utf_8_is_one_finding_and_is_read_as_meant() {
        is_named_once_and_read_as_meant(Encoding::Utf8, &RULE);
    }

    #[test]
    fn what_ms932_can_be_is_not_taken_for_utf_8() {
        assert!(!is(b"\xC4\xB1"), "two half-width kana, or one letter");
        assert!(!is(b"202407"));
        assert!(is("介".as_bytes()) && is(b"\xE4\xBB\x8B\xE4"));
        assert!(!is(b"\x89\xEE"));
    }
}
