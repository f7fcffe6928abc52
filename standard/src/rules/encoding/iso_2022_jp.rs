//! The whole file is ISO-2022-JP, as old mail has it: one finding, not one a character.

use encoding_rs::ISO_2022_JP;

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Encoding, Example},
    rules::because::STATED,
};

/// The whole file is ISO-2022-JP, as old mail has it: one finding, not one a character.
pub(crate) static RULE: Rule = Rule {
    id: "encoding.iso-2022-jp",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: 文字コード（Shift-JIS、MS932）",
    states: Text {
        ja: "ファイルはMS932で書きます。ISO-2022-JPでは書きません。",
        en: "A file is written in MS932, not in ISO-2022-JP.",
    },
    text: Text {
        ja: "ファイルがISO-2022-JPで書かれています。",
        en: "The file is written in ISO-2022-JP.",
    },
    advice: Text {
        ja: "介護ソフトの出力をShift-JIS（MS932）にして出力し直してください。",
        en: "Set the care software to write Shift-JIS (MS932) and export again.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::Recode(FileKind::Results, Encoding::Iso2022Jp)],
    },
};

/// Whether the bytes are ISO-2022-JP: seven bits, and sequences that turn kanji on.
pub(super) fn is(bytes: &[u8]) -> bool {
    let turns_on = |three: &[u8]| matches!(three, [0x1B, b'$', b'@' | b'B']);
    let is_turned_on = bytes.is_ascii() && bytes.contains(&0x1B) && bytes.windows(3).any(turns_on);
    is_turned_on && super::text_of(ISO_2022_JP, bytes).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::encoding::tests::is_named_once_and_read_as_meant;

    #[test]
    fn a_file_in_iso_2022_jp_is_one_finding_and_is_read_as_meant() {
        is_named_once_and_read_as_meant(Encoding::Iso2022Jp, &RULE);
    }

    #[test]
    fn an_escape_alone_is_none() {
        assert!(!is(b"202407,\x1B"));
        assert!(!is(b"202407,$B"));
    }
}
