//! 別表1 and 別表2 go with 利用者基本情報; whether they may be missing is not said.

use crate::{Rule, Severity, Text, example::Example};

/// 別表1 and 別表2 go with 利用者基本情報; whether they may be missing is not said.
pub(crate) static RULE: Rule = Rule {
    id: "unit.member-wanted",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: 送信単位",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "連番{found}の送信単位に「{wanted}」がありません。",
        en: "The unit of sequence {found} lacks {wanted}.",
    },
    advice: Text {
        ja: "別表に書くことがなければ、そのまま送れます。",
        en: "If there is nothing to say in it, it can be sent as it is.",
    },
    example: Example::NONE,
};
