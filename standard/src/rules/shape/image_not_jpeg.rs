//! UPKIHON_IMAGE is a JPEG.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// UPKIHON_IMAGE is a JPEG.
pub(crate) static RULE: Rule = Rule {
    id: "image.not-jpeg",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル一覧: UPKIHON_IMAGE（jpg）",
    states: Text {
        ja: "利用者基本情報の家族構成の画像は、JPEG形式のファイルです。",
        en: "The family picture of 利用者基本情報 is a JPEG file.",
    },
    text: Text {
        ja: "画像がJPEG形式ではありません。", en: "The picture is not a JPEG."
    },
    advice: Text {
        ja: "JPEG形式で保存し直してください。名前だけ .jpg に変えても送れません。",
        en: "Save it as JPEG; a change of name is not enough.",
    },
    example: Example {
        of: Base::PersonRecord,
        accepted: &[],
        refused: &[Edit::Content(FileKind::PersonRecordImage, b"\x89PNG\r\n\x1a\n")],
    },
};

pub(crate) fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xFF\xD8\xFF")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn a_picture_is_a_jpeg_and_not_called_so_alone() {
        for content in [&b"\x89PNG\r\n\x1a\n"[..], b"", b"GIF89a", b"%PDF-1.7", b"\xFF\xD8"] {
            let edit = Edit::Content(FileKind::PersonRecordImage, content);
            assert_eq!(found(Base::PersonRecord, &[edit]), ["image.not-jpeg"], "{content:?}");
        }
        let exif = Edit::Content(FileKind::PersonRecordImage, b"\xFF\xD8\xFF\xE1\0\x10Exif");
        assert_eq!(found(Base::PersonRecord, &[exif]), [""; 0]);
    }
}
