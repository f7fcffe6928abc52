//! A file is what its name says.

use crate::{
    Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// A file is what its name says.
pub(crate) static RULE: Rule = Rule {
    id: "attachment.content",
    severity: Severity::Error,
    because: Text {
        ja: "名前だけ変えたファイルは、相手が開けないか、開くと危険です。基盤も中身と種類の違うファイルを断ります。",
        en: "A file that was only renamed cannot be opened by the partner, or is a danger when it is. The hub refuses content of another type.",
    },
    clause: "システムの案内: 添付ファイル（PDF等）",
    states: Text {
        ja: "添付ファイルの中身は、拡張子の種類のものです。",
        en: "An attachment's content is of the type that its name says.",
    },
    text: Text {
        ja: "ファイルの中身が拡張子の種類ではありません。",
        en: "The file's content is not of the type that its name says.",
    },
    advice: Text {
        ja: "正しい形式で保存し直してください。",
        en: "Save it again in the right format.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[Edit::AddFile("写真.jpg", b"\xFF\xD8\xFF\xE0")],
        refused: &[Edit::AddFile("写真.jpg", b"\x89PNG\r\n\x1a\n")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_renamed_file_is_found_out() {
        for (name, content) in [
            ("a.pdf", &b"PK\x03\x04"[..]),
            ("a.pdf", b""),
            ("a.png", b"\xFF\xD8\xFF"),
            ("a.txt", b"MZ\x90\0"),
            ("a.gif", b"GIF90a"),
        ] {
            let found = found(Base::Results, &[Edit::AddFile(name, content)]);
            assert_eq!(found, ["attachment.content"], "{name}");
        }
    }
}
