//! 文字コード: MS932, no 外字, nothing else.

use crate::{Rule, Severity, Text};

/// Where the standard speaks of it.
const CLAUSE: &str = "標準仕様: 文字コード";

/// The whole file is UTF-8: one finding, not one a character.
pub(crate) static UTF8: Rule = Rule {
    id: "encoding.utf-8",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイルがUTF-8で書かれています。", en: "The file is written in UTF-8."
    },
    advice: Text {
        ja: "介護ソフトの出力をShift-JIS（MS932）にして出力し直してください。",
        en: "Set the care software to write Shift-JIS (MS932) and export again.",
    },
};

/// A byte order mark never stands in MS932.
pub(crate) static BYTE_ORDER_MARK: Rule = Rule {
    id: "encoding.byte-order-mark",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイルの先頭にBOM（UTF-8の印）があります。",
        en: "The file begins with a byte order mark.",
    },
    advice: Text {
        ja: "表計算ソフトなどで保存し直さず、介護ソフトが出力したファイルをそのまま送ってください。",
        en: "Send the file as the care software wrote it, not as a spreadsheet saved it.",
    },
};

/// Bytes that are no character of MS932.
pub(crate) static BROKEN: Rule = Rule {
    id: "encoding.broken",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}に、MS932として読めない文字があります（{found}）。",
        en: "There are bytes in {item} that are no MS932 character ({found}).",
    },
    advice: Text {
        ja: "介護ソフトで入力し直し、出力し直してください。",
        en: "Type the text again in the care software and export again.",
    },
};

/// 外字, lead bytes F0–F9.
pub(crate) static USER_DEFINED: Rule = Rule {
    id: "encoding.user-defined",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}に外字があります（{found}）。",
        en: "There is a user-defined character in {item} ({found}).",
    },
    advice: Text {
        ja: "外字は相手の画面で別の字になります。標準の字かかなに置き換えてください。",
        en: "It shows as another character elsewhere: replace it by a standard one or by kana.",
    },
};
