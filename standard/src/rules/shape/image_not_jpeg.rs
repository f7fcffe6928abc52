//! UPKIHON_IMAGE is a JPEG.

use crate::{Rule, Severity, Text, example::Example};

/// UPKIHON_IMAGE is a JPEG.
pub(crate) static RULE: Rule = Rule {
    id: "image.not-jpeg",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSV形式",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "画像がJPEG形式ではありません。", en: "The picture is not a JPEG."
    },
    advice: Text {
        ja: "JPEG形式で保存し直してください。名前だけ .jpg に変えても送れません。",
        en: "Save it as JPEG; a change of name is not enough.",
    },
    example: Example::NONE,
};
