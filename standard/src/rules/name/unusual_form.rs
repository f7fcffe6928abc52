//! The published text contradicts itself: a UPKIHON example carries `000000`.

use crate::{Rule, Severity, Text, example::Example};

/// The published text contradicts itself: a UPKIHON example carries `000000`.
pub(crate) static RULE: Rule = Rule {
    id: "name.unusual-form",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名に、例示だけに見られる「000000」があります。",
        en: "The name carries a 000000 that stands only in an example.",
    },
    advice: Text {
        ja: "そのまま送れます。相手のソフトが読めないときは提供元に連絡してください。",
        en: "It can be sent; tell the vendor if the partner's software cannot read it.",
    },
    example: Example::NONE,
};
