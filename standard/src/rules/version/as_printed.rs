//! The published text contradicts itself: an example shows 202404.

use crate::{Rule, Severity, Text, example::Example};

/// The published text contradicts itself: an example shows 202404.
pub(crate) static RULE: Rule = Rule {
    id: "version.as-printed",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSVバージョン",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "CSVバージョン「{found}」は例示だけに見られる値です（{wanted} として検査しました）。",
        en: "The CSV version {found} stands only in an example (checked as {wanted}).",
    },
    advice: Text {
        ja: "そのまま送れます。相手のソフトが読めないときは提供元に連絡してください。",
        en: "It can be sent; tell the vendor if the partner's software cannot read it.",
    },
    example: Example::NONE,
};
