//! Free text stands in quotes and doubles an inner one.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// Free text stands in quotes and doubles an inner one.
pub(crate) static RULE: Rule = Rule {
    id: "csv.stray-quote",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: CSV形式（引用符）",
    states: Text {
        ja: "文字列は \" で囲み、改行とカンマはそのまま入れ、中の \" は2つ重ねます。囲まない値の中に \" を書きません。",
        en: "Free text stands in quotes, keeps its newlines and commas, and doubles a quote within. A bare value has no quote in it.",
    },
    text: Text {
        ja: "{item}の引用符（\"）の使い方が正しくありません。",
        en: "A quote stands in {item} where none may stand.",
    },
    advice: Text {
        ja: "文字列は \" で囲み、中の \" は2つ重ねます。介護ソフトの提供元に連絡してください。",
        en: "Text stands in quotes and doubles the ones within; tell the care software's vendor.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[Edit::SetBytes(
            FileKind::PlanTable1,
            1,
            "総合的な援助の方針",
            b"\"a\"\"b\"\",\r\nc\"",
        )],
        refused: &[Edit::SetBytes(FileKind::PlanTable1, 1, "総合的な援助の方針", b"\"a\"b\"")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_quote_within_stands_twice() {
        let of = |value| {
            found(
                Base::Plan,
                &[Edit::SetBytes(FileKind::PlanTable1, 1, "総合的な援助の方針", value)],
            )
        };
        for value in [&b"\"a\"b"[..], b"\"a\" ", b"\"a\"b\"c\"", b" \"a\""] {
            let found = of(value);
            assert!(found.contains(&"csv.stray-quote@1.24".to_owned()), "{value:?}: {found:?}");
        }
        for value in [&b"\"\"\"a\"\"\""[..], b"\"\"", b"\"a,\n\r\nb\"", b"\"\"\"\""] {
            assert_eq!(of(value), [""; 0], "{value:?}");
        }
    }
}
