//! A file of the standard holds at least one record.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// A file of the standard holds at least one record.
pub(crate) static RULE: Rule = Rule {
    id: "csv.empty-file",
    severity: Severity::Error,
    because: Text {
        ja: "レコードのないファイルは何も伝えず、実績は0件では送れないと案内されています。",
        en: "A file without a record tells nothing, and the real system's guide says that a 実績 without any row cannot be sent.",
    },
    clause: "システムの案内: 実績が0件のとき",
    states: Text {
        ja: "ファイルには1件以上のレコードがあります。実績が0件の月は、メッセージかPDFで伝えます。",
        en: "A file holds a record at least. That nothing was provided is said in a message or a PDF.",
    },
    text: Text {
        ja: "ファイルにレコードが1件もありません。", en: "The file holds no record."
    },
    advice: Text {
        ja: "出力の条件を確かめて、出力し直してください。実績が0件のときは、メッセージかPDFで伝えてください。",
        en: "Check what was chosen for export, and export again. If nothing was provided, say so in a message or a PDF.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::Content(FileKind::Results, b"")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_file_without_a_record_is_empty_whatever_else_is_in_it() {
        for content in [&b""[..], b"\r\n", b"\n\n\n", b"\xEF\xBB\xBF"] {
            let found = found(Base::Results, &[Edit::Content(FileKind::Results, content)]);
            assert!(found.contains(&"csv.empty-file".to_owned()), "{content:?}: {found:?}");
        }
    }
}
