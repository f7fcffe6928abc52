//! A monthly file holds the one month that its name says. Reported once a file.

use crate::{Rule, Severity, Text, example::Example};

/// A monthly file holds the one month that its name says. Reported once a file.
pub(crate) static RULE: Rule = Rule {
    id: "name.month-differs",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名の年月と、レコードの{item}「{found}」が違います（ファイル名は{wanted}）。",
        en: "The name says {wanted}, but {item} is {found}.",
    },
    advice: Text {
        ja: "対象年月を選び直して出力してください。ファイル名だけを直さないでください。",
        en: "Choose the month again and export; do not just rename the file.",
    },
    example: Example::NONE,
};
