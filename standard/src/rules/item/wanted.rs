//! 必要: an item of the 介護予防 layouts marked W is filled in where it is known.

use crate::{
    FileKind, Item, Required, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
};

/// 必要: an item of the 介護予防 layouts marked W is filled in where it is known.
pub(crate) static RULE: Rule = Rule {
    id: "item.wanted",
    severity: Severity::Warning,
    because: Text {
        ja: "標準仕様は「必須」と「必要」を分けています。「必要」は空でも拒む定めではありません。",
        en: "The standard tells 必要 from 必須: that a wanted item is empty is no reason to refuse.",
    },
    clause: "標準仕様 介護予防の各レイアウトの項目定義: 必要",
    states: Text {
        ja: "介護予防のレイアウトで「必要」とされた項目は、わかるかぎり入力します。",
        en: "Items that the 介護予防 layouts mark as wanted (必要) are filled in where they are known.",
    },
    text: Text {
        ja: "{item}は必要な項目ですが空です。",
        en: "There is nothing in {item}, which is wanted.",
    },
    advice: Text {
        ja: "わかるときは介護ソフトで入力してください。",
        en: "Fill it in in the care software if it is known.",
    },
    example: Example {
        of: Base::PersonRecord,
        accepted: &[Edit::Set(FileKind::PersonRecord, 1, "委託の有無", "1")],
        refused: &[Edit::Set(FileKind::PersonRecord, 1, "委託の有無", "")],
    },
};

/// Of an item that is empty.
pub(crate) fn check(item: &Item) -> Option<Breach> {
    (item.required == Required::Wanted).then(|| Breach::new(&RULE, Wanted::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item_check::tests::check_item;

    #[test]
    fn what_is_wanted_may_be_empty_but_is_named() {
        for kind in [FileKind::PersonRecord, FileKind::PreventionPlan] {
            assert_eq!(check_item(kind, "委託の有無", ""), "?item.wanted");
            assert_eq!(check_item(kind, "委託の有無", "2"), "");
            assert_eq!(check_item(kind, "同意日", ""), "");
        }
    }
}
