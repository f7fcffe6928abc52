//! What the rows of one person say together.

use crate::{Rule, Severity, Text};

/// Where the standard speaks of it.
const CLAUSE: &str = "標準仕様: 第6表・第7表";

/// 実績 from a service office carries its own rows only. Sent on by a 委託先居宅 (43) it carries others'.
pub(crate) static OTHER_OFFICE: Rule = Rule {
    id: "results.other-office",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」は送信元の事業所（{wanted}）ではありません。",
        en: "The office of {item} ({found}) is not the sender ({wanted}).",
    },
    advice: Text {
        ja: "実績は自事業所の行だけを出力してください。",
        en: "Export the results of this office alone.",
    },
};

/// V3 names do not say whether the sender is a service or a 委託先居宅.
pub(crate) static OTHER_OFFICE_PLAIN: Rule = Rule {
    id: "results.other-office-v3",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」は送信元の事業所（{wanted}）ではありません。",
        en: "The office of {item} ({found}) is not the sender ({wanted}).",
    },
    advice: Text {
        ja: "委託先居宅が地域包括支援センターへ送る実績でなければ、自事業所の行だけを出力してください。",
        en: "Unless a 委託先居宅 sends them on to the centre, export the results of this office alone.",
    },
};

/// A person with no service of the destination does not go to a service office.
pub(crate) static NOT_FOR_DESTINATION: Rule = Rule {
    id: "slip.not-for-destination",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "この利用者に、送信先の事業所（{wanted}）のサービスがありません。",
        en: "This person has no service of the receiver ({wanted}).",
    },
    advice: Text {
        ja: "送信先のサービスを使う利用者だけを選んで出力してください。",
        en: "Export only persons who have a service of the receiver.",
    },
};

/// V3 names do not say whether the receiver is a service office.
pub(crate) static NOT_FOR_DESTINATION_PLAIN: Rule = Rule {
    id: "slip.not-for-destination-v3",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "この利用者に、送信先の事業所（{wanted}）のサービスがありません。",
        en: "This person has no service of the receiver ({wanted}).",
    },
    advice: Text {
        ja: "送信先が地域包括支援センターでなければ、利用者を選び直して出力してください。",
        en: "Unless the receiver is a 地域包括支援センター, choose the persons again and export.",
    },
};

/// One file per office number and service kind; which kinds may share a file is not said.
pub(crate) static NOT_FOR_DESTINATION_KIND: Rule = Rule {
    id: "slip.not-for-destination-kind",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "この利用者に、送信先の事業所のサービス種類{wanted}のサービスがありません。",
        en: "This person has no service of the receiver's service kind {wanted}.",
    },
    advice: Text {
        ja: "送信先のサービス種類を確かめてください。",
        en: "Check the receiver's service kind.",
    },
};

/// The grand total 999999 is required.
pub(crate) static TOTAL_MISSING: Rule = Rule {
    id: "annex.total-missing",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "この利用者の合計行（サービスコード999999）がありません。",
        en: "This person has no total line (service code 999999).",
    },
    advice: Text {
        ja: "第7表を介護ソフトで計算し直し、出力し直してください。",
        en: "Calculate the 第7表 again in the care software and export again.",
    },
};

/// kind + AAAA is required where a kind has several lines within the limit.
pub(crate) static SUBTOTAL_MISSING: Rule = Rule {
    id: "annex.subtotal-missing",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "この利用者に、サービス種類{found}の小計行（{found}AAAA）がありません。",
        en: "This person has no subtotal line ({found}AAAA) for service kind {found}.",
    },
    advice: Text {
        ja: "第7表を介護ソフトで計算し直し、出力し直してください。",
        en: "Calculate the 第7表 again in the care software and export again.",
    },
};
