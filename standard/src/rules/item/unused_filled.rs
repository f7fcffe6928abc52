//! 識別子 is not used.

use crate::{
    FileKind, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
};

/// 識別子 is not used.
pub(crate) static RULE: Rule = Rule {
    id: "item.unused-filled",
    severity: Severity::Info,
    because: Text {
        ja: "使わない項目の値は読まれません。空にせよとまでは定められていないので、知らせるだけです。",
        en: "Nobody reads an item that is not used. The standard does not say that it must be empty, so this is for knowing only.",
    },
    clause: "標準仕様 各レイアウトの項目定義: 識別子",
    states: Text { ja: "識別子は使わない項目です。", en: "識別子 is not used." },
    text: Text {
        ja: "{item}は使わない項目ですが、値があります。",
        en: "There is a value in {item}, which is not used.",
    },
    advice: Text { ja: "そのまま送れます。", en: "It can be sent as it is." },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::Set(FileKind::Slip, 1, "識別子", "1")],
    },
};

/// A value of an item that is not used.
pub(crate) fn check() -> Option<Breach> {
    Some(Breach::new(&RULE, Wanted::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item_check::tests::check_item;

    #[test]
    fn a_value_that_nobody_reads_is_for_knowing_only() {
        for kind in [FileKind::PlanTable1, FileKind::Slip, FileKind::SlipAnnex] {
            assert_eq!(check_item(kind, "識別子", ""), "");
            assert_eq!(check_item(kind, "識別子", "0"), "~item.unused-filled");
            assert_eq!(check_item(kind, "識別子", "12"), "item.too-long");
        }
    }

    #[test]
    fn the_check_tells_it_too() {
        let filled = Edit::Set(FileKind::Slip, 1, "識別子", "0");
        let found = crate::example::tests::found(Base::Slip, &[filled]);
        assert!(found.iter().any(|id| id.contains(RULE.id)), "{found:?}");
    }
}
