//! The published text contradicts itself: an example shows 202404.

use crate::{
    FileKind, Rule, Severity, Standard, Text, Version,
    example::{Base, Edit, Example},
};

/// The published text contradicts itself: an example shows 202404.
pub(crate) static RULE: Rule = Rule {
    id: "version.as-printed",
    severity: Severity::Warning,
    because: Text {
        ja: "標準仕様の例示がこの値を使っているので、拒みません。",
        en: "The published text uses the value in an example: no reason to refuse.",
    },
    clause: "標準仕様 CSVバージョンと記載例の食い違い（202404）",
    states: Text {
        ja: "バージョン4.1のCSVバージョン値は202407です。",
        en: "The value of version 4.1 is 202407.",
    },
    text: Text {
        ja: "CSVバージョン「{found}」は例示だけに見られる値です（{wanted} として検査しました）。",
        en: "The CSV version {found} stands only in an example (checked as {wanted}).",
    },
    advice: Text {
        ja: "そのまま送れます。相手のソフトが読めないときは提供元に連絡してください。",
        en: "It can be sent; tell the vendor if the partner's software cannot read it.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Set(FileKind::ResultsWithdrawal, 1, "CSVバージョン", "202404")],
    },
};

/// A value of 202407's own examples; it means that version.
const PRINTED: (&str, &str) = ("202404", "202407");

/// The version that an example of the published text means by this value.
pub(super) fn meant<'s>(standard: &'s Standard, value: &str) -> Option<&'s Version> {
    let (printed, meant) = PRINTED;
    (value == printed).then(|| standard.version(meant)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn the_value_of_an_example_is_named_and_checked_as_what_it_means() {
        let printed = Edit::Set(FileKind::ResultsWithdrawal, 1, "CSVバージョン", "202404");
        assert_eq!(found(Base::ResultsWithdrawal, &[printed]), ["?version.as-printed@1.1"]);
        let stray = Edit::Set(FileKind::ResultsWithdrawal, 1, "保険者番号", "27100X");
        let both = found(Base::ResultsWithdrawal, &[printed, stray]);
        assert_eq!(both, ["?version.as-printed@1.1", "item.form@1.2"]);
        assert!(meant(Standard::bundled(), "202408").is_none());
    }
}
