//! Free text stands in quotes; bare text can be read all the same. Reported once a file.

use crate::{
    Field, FileKind, Item, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// Free text stands in quotes; bare text can be read all the same. Reported once a file.
pub(crate) static RULE: Rule = Rule {
    id: "csv.text-unquoted",
    severity: Severity::Warning,
    because: Text {
        ja: "囲まなくても読み分けられるので、拒みません。",
        en: "It can be read all the same: no reason to refuse.",
    },
    clause: "標準仕様 ファイル仕様: CSV形式（引用符）",
    states: Text {
        ja: "文字列の項目は \" で囲みます。空の項目は囲まなくてもかまいません。",
        en: "Free text stands in quotes; an empty item needs none.",
    },
    text: Text {
        ja: "{item}の文字列が引用符（\"）で囲まれていません。",
        en: "The text in {item} does not stand in quotes.",
    },
    advice: Text {
        ja: "相手のソフトが読み違えることがあります。介護ソフトの提供元に連絡してください。",
        en: "Another office's software may misread it; tell the care software's vendor.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::SetBytes(FileKind::Results, 1, "サービス事業所名", b"abc")],
    },
};

pub(crate) fn is_bare(item: &Item, field: &Field<'_>) -> bool {
    item.is_text() && !field.is_quoted() && !field.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn bare_text_is_said_once_a_file_and_refuses_nothing() {
        let bare = |record| Edit::SetBytes(FileKind::Results, record, "サービス事業所名", b"abc");
        assert_eq!(found(Base::Results, &[bare(1), bare(2)]), ["?csv.text-unquoted@1.21"]);
        let empty = |value| Edit::SetBytes(FileKind::Results, 1, "サービス事業所名", value);
        assert_eq!(found(Base::Results, &[empty(b"")]), [""; 0]);
        assert_eq!(found(Base::Results, &[empty(b"\"\"")]), [""; 0]);
    }

    #[test]
    fn codes_may_stand_in_quotes_or_bare() {
        let quoted = Edit::SetBytes(FileKind::Results, 1, "サービスコード", b"\"111111\"");
        assert_eq!(found(Base::Results, &[quoted]), [""; 0]);
        let of_a_length = Edit::SetBytes(FileKind::SlipAnnex, 1, "入力者コード", b"A001");
        assert_eq!(found(Base::Slip, &[of_a_length]), [""; 0]);
    }
}
