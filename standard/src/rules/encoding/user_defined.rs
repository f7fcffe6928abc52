//! 外字, lead bytes F0–F9.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// 外字, lead bytes F0–F9.
pub(crate) static RULE: Rule = Rule {
    id: "encoding.user-defined",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: 文字コード（Shift-JIS、MS932） 外字",
    states: Text {
        ja: "外字（F0～F9で始まる文字）は使いません。",
        en: "User-defined characters (外字, lead bytes F0 to F9) are not used.",
    },
    text: Text {
        ja: "{item}に外字があります（{found}）。",
        en: "There is a user-defined character in {item} ({found}).",
    },
    advice: Text {
        ja: "外字は相手の画面で別の字になります。標準の字かかなに置き換えてください。",
        en: "It shows as another character elsewhere: replace it by a standard one or by kana.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::SetBytes(FileKind::Results, 1, "サービス事業所名", b"\"\xF0\x40\"")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn user_defined_characters_are_refused_and_extensions_are_not() {
        let of = |value| {
            found(Base::Results, &[Edit::SetBytes(FileKind::Results, 1, "サービス事業所名", value)])
        };
        for value in [&b"\"\xF0\x40\""[..], b"\"\xF9\xFC\"", b"\"a\xF5\x80b\""] {
            assert_eq!(of(value), ["encoding.user-defined@1.21"], "{value:?}");
        }
        for value in [&b"\"\xFA\x40\""[..], b"\"\xFC\x4B\"", b"\"\xED\x40\"", b"\"\x87\x40\""] {
            assert_eq!(of(value), [""; 0], "{value:?}");
        }
    }
}
