//! 必須: an item marked Y is filled in.

use crate::{
    FileKind, Item, Required, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
    rules::because::STATED,
};

/// 必須: an item marked Y is filled in.
pub(crate) static RULE: Rule = Rule {
    id: "item.missing",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 各レイアウトの項目定義: 必須",
    states: Text {
        ja: "必須の項目は、どのレコードでも空にしません。\"\" は空です。",
        en: "A required item is empty in no record. \"\" is empty.",
    },
    text: Text {
        ja: "{item}は必須ですが空です。",
        en: "There is nothing in {item}, which is required.",
    },
    advice: Text {
        ja: "介護ソフトで入力し、出力し直してください。",
        en: "Fill it in in the care software and export again.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 1, "サービス事業所名", "")],
        refused: &[Edit::Set(FileKind::Slip, 1, "サービスコード", "")],
    },
};

/// Of an item that is empty.
pub(crate) fn check(item: &Item) -> Option<Breach> {
    let breach = || Breach::new(&RULE, Wanted::default()).unless(item.uncertain.required);
    (item.required == Required::Always).then(breach)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item_check::tests::{check_item, item};

    #[test]
    fn what_is_required_is_not_empty() {
        assert_eq!(check_item(FileKind::Slip, "サービスコード", ""), "item.missing");
        assert_eq!(check_item(FileKind::Supplement, "対象年月", ""), "item.missing");
        assert_eq!(
            check_item(FileKind::PlanTable1, "居宅サービス計画作成者氏名", ""),
            "item.missing"
        );
    }

    #[test]
    fn what_is_optional_may_be_empty() {
        for name in ["前月までの短期入所利用日数", "TAISコード", "サービス事業所名", "識別子"]
        {
            assert_eq!(check_item(FileKind::Slip, name, ""), "", "{name}");
        }
    }

    #[test]
    fn what_may_be_required_refuses_nothing() {
        for (kind, name) in [
            (FileKind::Slip, "プラン担当業者コード"),
            (FileKind::Slip, "単位数"),
            (FileKind::Supplement, "利用者氏名フリガナ"),
            (FileKind::Supplement, "利用者氏名"),
            (FileKind::Supplement, "利用者性別"),
            (FileKind::Supplement, "利用者生年月日"),
        ] {
            assert_eq!(check_item(kind, name, ""), "?item.missing", "{name}");
        }
        assert_eq!(item(FileKind::Slip, "プラン担当者名").required, Required::Optional);
    }
}
