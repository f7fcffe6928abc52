//! Bytes that are no character of MS932.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// Bytes that are no character of MS932.
pub(crate) static RULE: Rule = Rule {
    id: "encoding.broken",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: 文字コード（Shift-JIS、MS932）",
    states: Text {
        ja: "文字はすべてMS932（WindowsのShift-JIS）です。MS932にない文字やこわれた文字を含めません。NEC特殊文字・IBM拡張文字（①・㈱・髙・﨑）はMS932です。",
        en: "All text is MS932 (Shift-JIS of Windows): nothing outside it, and no half characters. NEC special and IBM extension characters (①, ㈱, 髙, 﨑) are MS932.",
    },
    text: Text {
        ja: "{item}に、MS932として読めない文字があります（{found}）。",
        en: "There are bytes in {item} that are no MS932 character ({found}).",
    },
    advice: Text {
        ja: "介護ソフトで入力し直し、出力し直してください。",
        en: "Type the text again in the care software and export again.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[Edit::Set(FileKind::Results, 1, "サービス事業所名", "㈱髙﨑①")],
        refused: &[Edit::SetBytes(FileKind::Results, 1, "サービス事業所名", b"\"\x89\xEE\x8C\"")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn what_is_no_character_of_ms932_is_found_where_it_stands() {
        let of = |value| {
            found(Base::Results, &[Edit::SetBytes(FileKind::Results, 2, "サービス事業所名", value)])
        };
        for value in [
            &b"\"\x89\xEE\x8C\""[..],
            b"\"\x80\"",
            b"\"\xA0\"",
            b"\"\xFD\xFE\xFF\"",
            b"\"\x85\x40\"",
            b"\"\x81\x00\"",
        ] {
            assert_eq!(of(value), ["encoding.broken@2.21"], "{value:?}");
        }
    }

    #[test]
    fn every_character_of_ms932_is_taken() {
        for text in ["㈱髙﨑①Ⅳ℡", "ﾃﾞｲｻｰﾋﾞｽ", "～－∥￢", "纊鍈蓜", "\\~", "表示ソ能"]
        {
            let edit = Edit::Set(FileKind::Results, 1, "サービス事業所名", text);
            assert_eq!(found(Base::Results, &[edit]), [""; 0], "{text}");
        }
    }
}
