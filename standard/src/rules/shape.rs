//! CSV: commas, quotes, records.

use crate::{Rule, Severity, Text};

/// Where the standard speaks of it.
const CLAUSE: &str = "標準仕様: CSV形式";

/// A file of the standard holds at least one record.
pub(crate) static EMPTY_FILE: Rule = Rule {
    id: "csv.empty-file",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイルにレコードが1件もありません。", en: "The file holds no record."
    },
    advice: Text {
        ja: "出力の条件を確かめて、出力し直してください。",
        en: "Check what was chosen for export, and export again.",
    },
};

/// Free text stands in quotes and doubles an inner one.
pub(crate) static STRAY_QUOTE: Rule = Rule {
    id: "csv.stray-quote",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}の引用符（\"）の使い方が正しくありません。",
        en: "A quote stands in {item} where none may stand.",
    },
    advice: Text {
        ja: "文字列は \" で囲み、中の \" は2つ重ねます。介護ソフトの提供元に連絡してください。",
        en: "Text stands in quotes and doubles the ones within; tell the care software's vendor.",
    },
};

/// A quote that opens a text closes it.
pub(crate) static UNCLOSED_QUOTE: Rule = Rule {
    id: "csv.unclosed-quote",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}の引用符（\"）が閉じていません。",
        en: "The quote that opens {item} is never closed.",
    },
    advice: Text {
        ja: "ファイルが途中で切れていないか確かめ、出力し直してください。",
        en: "Check whether the file was cut short, and export again.",
    },
};

/// The standard does not speak of blank lines, so they refuse nothing.
pub(crate) static BLANK_LINE: Rule = Rule {
    id: "csv.blank-line",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text { ja: "何もない行があります。", en: "There is a blank line." },
    advice: Text {
        ja: "読み飛ばしました。続くときは介護ソフトの提供元に連絡してください。",
        en: "It was skipped; tell the care software's vendor if it goes on.",
    },
};

/// Free text stands in quotes; bare text can be read all the same. Reported once a file.
pub(crate) static TEXT_UNQUOTED: Rule = Rule {
    id: "csv.text-unquoted",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "{item}の文字列が引用符（\"）で囲まれていません。",
        en: "The text in {item} does not stand in quotes.",
    },
    advice: Text {
        ja: "相手のソフトが読み違えることがあります。介護ソフトの提供元に連絡してください。",
        en: "Another office's software may misread it; tell the care software's vendor.",
    },
};

/// No header line.
pub(crate) static HEADER_LINE: Rule = Rule {
    id: "csv.header-line",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "1行目が見出しになっています。", en: "The first line is a header."
    },
    advice: Text {
        ja: "見出しのない形で出力し直してください。",
        en: "Export again without a header line.",
    },
};

/// A record has the items of its layout, no more and no fewer.
pub(crate) static ITEM_COUNT: Rule = Rule {
    id: "record.item-count",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "項目の数が{found}個です。正しくは{wanted}個です。",
        en: "The record has {found} items where {wanted} belong.",
    },
    advice: Text {
        ja: "CSVバージョンとファイルの種類を確かめ、出力し直してください。",
        en: "Check the CSV version and the kind of file, and export again.",
    },
};

/// UPKIHON_IMAGE is a JPEG.
pub(crate) static IMAGE_NOT_JPEG: Rule = Rule {
    id: "image.not-jpeg",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "画像がJPEG形式ではありません。", en: "The picture is not a JPEG."
    },
    advice: Text {
        ja: "JPEG形式で保存し直してください。名前だけ .jpg に変えても送れません。",
        en: "Save it as JPEG; a change of name is not enough.",
    },
};
