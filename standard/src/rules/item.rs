//! Items: requiredness, length, form, code lists.

use crate::{Rule, Severity, Text};

/// Where the standard speaks of it.
const CLAUSE: &str = "標準仕様: 項目定義";

/// Y: 必須.
pub(crate) static MISSING: Rule = Rule {
    id: "item.missing",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}は必須ですが空です。",
        en: "There is nothing in {item}, which is required.",
    },
    advice: Text {
        ja: "介護ソフトで入力し、出力し直してください。",
        en: "Fill it in in the care software and export again.",
    },
};

/// W: the 必要 column of the 介護予防 layouts.
pub(crate) static WANTED: Rule = Rule {
    id: "item.wanted",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "{item}は必要な項目ですが空です。",
        en: "There is nothing in {item}, which is wanted.",
    },
    advice: Text {
        ja: "わかるときは介護ソフトで入力してください。",
        en: "Fill it in in the care software if it is known.",
    },
};

/// Exact for codes and dates.
pub(crate) static LENGTH: Rule = Rule {
    id: "item.length",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」の桁数が違います（正しくは{wanted}）。",
        en: "The value of {item} ({found}) is not {wanted} long.",
    },
    advice: Text {
        ja: "先頭の0が消えていないか確かめてください。表計算ソフトで開いて保存すると消えます。",
        en: "Look for lost leading zeros: a spreadsheet drops them when it saves.",
    },
};

/// A maximum for numbers, telephone numbers and limited text.
pub(crate) static TOO_LONG: Rule = Rule {
    id: "item.too-long",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」が長すぎます（{wanted}まで）。",
        en: "The value of {item} ({found}) is longer than {wanted}.",
    },
    advice: Text {
        ja: "介護ソフトで値を確かめてください。",
        en: "Check the value in the care software.",
    },
};

/// Each kind of item has its form.
pub(crate) static FORM: Rule = Rule {
    id: "item.form",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」の書き方が違います（正しくは{wanted}）。",
        en: "The value of {item} ({found}) is not of the form: {wanted}.",
    },
    advice: Text {
        ja: "介護ソフトで値を確かめ、出力し直してください。",
        en: "Check the value in the care software and export again.",
    },
};

/// Months, days and times exist.
pub(crate) static NOT_REAL: Rule = Rule {
    id: "item.date-not-real",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」は実在しません。",
        en: "The value of {item} ({found}) does not exist.",
    },
    advice: Text { ja: "日付を確かめてください。", en: "Check the date." },
};

/// A code stands in its item's list.
pub(crate) static CODE_NOT_LISTED: Rule = Rule {
    id: "item.code-not-listed",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」は決められた値ではありません（{wanted}）。",
        en: "The value of {item} ({found}) is not a listed value ({wanted}).",
    },
    advice: Text {
        ja: "介護ソフトで選び直してください。",
        en: "Choose again in the care software.",
    },
};

/// The first two characters are a service kind in scope.
pub(crate) static SERVICE_NOT_CARRIED: Rule = Rule {
    id: "item.service-kind-not-carried",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」は標準仕様の対象外のサービス種類です。",
        en: "The value of {item} ({found}) is of a service kind that the standard does not carry.",
    },
    advice: Text {
        ja: "対象外のサービス（施設系など）は外し、種類コードの誤りなら介護ソフトで直してください。",
        en: "Leave services out of scope (facilities) out; mend the code if it is a mistake.",
    },
};

/// 識別子 is not used.
pub(crate) static UNUSED_FILLED: Rule = Rule {
    id: "item.unused-filled",
    severity: Severity::Info,
    clause: CLAUSE,
    text: Text {
        ja: "{item}は使わない項目ですが、値があります。",
        en: "There is a value in {item}, which is not used.",
    },
    advice: Text { ja: "そのまま送れます。", en: "It can be sent as it is." },
};

/// The published text contradicts itself, or does not say; such values never refuse.
pub(crate) static UNUSUAL_FORM: Rule = Rule {
    id: "item.unusual-form",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」は項目の定義と違う書き方です（定義は{wanted}）。",
        en: "The value of {item} ({found}) is written otherwise than defined ({wanted}).",
    },
    advice: Text {
        ja: "例示に見られる書き方なので送れますが、相手のソフトが読めないことがあります。",
        en: "The standard's examples write so, and it can be sent; the partner's software may not read it.",
    },
};
