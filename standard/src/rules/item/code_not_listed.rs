//! A code is one of those that its item lists.

use crate::{
    FileKind, Item, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
    rules::because::STATED,
};

/// A code is one of those that its item lists.
pub(crate) static RULE: Rule = Rule {
    id: "item.code-not-listed",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 各レイアウトの項目定義: コード値",
    states: Text {
        ja: "コードの項目には、その項目に並べられた値だけを書きます。",
        en: "An item with a list of codes holds one of the listed values.",
    },
    text: Text {
        ja: "{item}「{found}」は決められた値ではありません（{wanted}）。",
        en: "The value of {item} ({found}) is not a listed value ({wanted}).",
    },
    advice: Text {
        ja: "介護ソフトで選び直してください。",
        en: "Choose again in the care software.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[Edit::Set(FileKind::PlanTable1, 1, "要介護状態区分", "06")],
        refused: &[Edit::Set(FileKind::PlanTable1, 1, "要介護状態区分", "26")],
    },
};

/// A value of an item with a list.
pub(crate) fn check(item: &Item, value: &[u8]) -> Option<Breach> {
    if item.values.iter().any(|(listed, _)| listed.as_bytes() == value) {
        return None;
    }
    let listed: Vec<_> = item.values.iter().map(|(v, meaning)| format!("{v}={meaning}")).collect();
    Some(Breach::new(&RULE, Wanted::same(listed.join(", "))))
}

/// A value of an item that has but one.
pub(crate) fn check_fixed(item: &Item, value: &[u8]) -> Option<Breach> {
    (value != item.note.as_bytes()).then(|| Breach::new(&RULE, Wanted::same(item.note.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ItemKind, Standard,
        item_check::tests::{check_item, check_item_in},
    };

    #[test]
    fn every_listed_value_is_taken_and_no_other() {
        for version in Standard::bundled().versions() {
            for kind in FileKind::ALL {
                let items = version.layout(kind).into_iter().flat_map(|layout| &layout.items);
                for item in items.filter(|item| item.kind == ItemKind::Code) {
                    for (value, _) in &item.values {
                        assert_eq!(
                            check_item_in(item, kind, value.as_bytes()),
                            "",
                            "{}",
                            item.name
                        );
                    }
                    for value in ["99", "00", "x", "１", "1 ", "-"] {
                        let found = check_item_in(item, kind, value.as_bytes());
                        assert_eq!(found, "item.code-not-listed", "{}: {value}", item.name);
                    }
                }
            }
        }
    }

    #[test]
    fn lists_differ_from_layout_to_layout() {
        for (kind, name, listed, foreign) in [
            (FileKind::PersonRecord, "要介護状態区分", "01", "06"),
            (FileKind::PlanTable1, "要介護状態区分", "06", "01"),
            (FileKind::PreventionPlan, "要支援状態区分", "3", "4"),
            (FileKind::PlanTable2, "保険対象区分", "Y", "1"),
            (FileKind::PlanTable3, "曜日", "7", "0"),
            (FileKind::Slip, "３０日超区分", "0", "2"),
        ] {
            assert_eq!(check_item(kind, name, listed), "", "{name}");
            assert_eq!(check_item(kind, name, foreign), "item.code-not-listed", "{name}");
        }
    }

    #[test]
    fn an_item_of_one_value_has_it_or_nothing() {
        assert_eq!(check_item(FileKind::SlipAnnex, "事業所コード", "9999999999"), "");
        assert_eq!(check_item(FileKind::SlipAnnex, "事業所コード", ""), "");
        let other = check_item(FileKind::SlipAnnex, "事業所コード", "2770200036");
        assert_eq!(other, "item.code-not-listed");
    }
}
