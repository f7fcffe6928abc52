//! The types that the system carries.

use crate::{
    Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// The types that the system carries.
pub(crate) static RULE: Rule = Rule {
    id: "attachment.type",
    severity: Severity::Error,
    because: Text {
        ja: "実システムの案内が種類を限っており、ほかは送信できません。",
        en: "The real system's guide limits the types; others cannot be sent.",
    },
    clause: "システムの案内: 添付ファイル（PDF等）",
    states: Text {
        ja: "添付できるのは PDF・CSV・JPEG・JPG・PNG・GIF・TXT です。Word・Excel・PowerPoint は添付できません。",
        en: "Attachments are PDF, CSV, JPEG, JPG, PNG, GIF or TXT; Word, Excel and PowerPoint files are not.",
    },
    text: Text {
        ja: "この種類のファイルは送信できません（PDF, CSV, JPEG, JPG, PNG, GIF, TXT だけです）。",
        en: "Files of this type cannot be sent (PDF, CSV, JPEG, JPG, PNG, GIF, TXT only).",
    },
    advice: Text {
        ja: "Word・Excel・PowerPoint はPDFに書き出してください。",
        en: "Export Word, Excel and PowerPoint as PDF.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[Edit::AddFile("8月の連絡.pdf", b"%PDF-1.7\n")],
        refused: &[Edit::AddFile("8月の連絡.docx", b"PK\x03\x04")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn types_that_are_carried_go_through_and_others_do_not() {
        for name in
            ["a.docx", "a.xlsx", "a.pptx", "a.doc", "a.zip", "a.exe", "a.heic", "a", "a.pdf.lnk"]
        {
            let found = found(Base::Results, &[Edit::AddFile(name, b"PK\x03\x04")]);
            assert_eq!(found, ["attachment.type"], "{name}");
        }
        for (name, content) in [
            ("写真.jpg", &b"\xFF\xD8\xFF\xE0"[..]),
            ("図.PNG", b"\x89PNG\r\n\x1a\n"),
            ("覚え.txt", b"\x82\xa0"),
            ("動き.gif", b"GIF89a"),
        ] {
            assert_eq!(found(Base::Results, &[Edit::AddFile(name, content)]), [""; 0], "{name}");
        }
    }
}
