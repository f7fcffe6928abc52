//! The published text contradicts itself: a UPKIHON example carries `000000`.

use crate::{
    FileKind, FileName, NameMonth, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::Breach,
};

/// The published text contradicts itself: a UPKIHON example carries `000000`.
pub(crate) static RULE: Rule = Rule {
    id: "name.unusual-form",
    severity: Severity::Warning,
    because: Text {
        ja: "ファイル名の定めにはありませんが、標準仕様の例示がこう書いているので、拒みません。",
        en: "It is against the rule for names, but an example of the published text writes so: no reason to refuse.",
    },
    clause: "標準仕様 ファイル仕様: ファイル名と記載例の食い違い（UPKIHON）",
    states: Text {
        ja: "利用者基本情報とその別表・画像のファイル名には、年月も 000000 も入りません。",
        en: "Names of 利用者基本情報, its 別表 and pictures carry neither a month nor 000000.",
    },
    text: Text {
        ja: "ファイル名に、例示だけに見られる「000000」があります。",
        en: "The name carries a 000000 that stands only in an example.",
    },
    advice: Text {
        ja: "そのまま送れます。相手のソフトが読めないときは提供元に連絡してください。",
        en: "It can be sent; tell the vendor if the partner's software cannot read it.",
    },
    example: Example {
        of: Base::PersonRecord,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::PersonRecord, "UPKIHON_", "UPKIHON_000000_")],
    },
};

pub(super) fn check(name: &FileName) -> Option<Breach> {
    let is_so = name.month == Some(NameMonth::Zero) && !name.kind.has_month();
    is_so.then(|| Breach::new(&RULE).found("000000"))
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn zeros_that_an_example_shows_are_named_and_refuse_nothing() {
        for (kind, from, to) in [
            (FileKind::PersonRecord, "UPKIHON_", "UPKIHON_000000_"),
            (FileKind::PersonRecordDay, "SUB1_", "SUB1_000000_"),
        ] {
            let found = found(Base::PersonRecord, &[Edit::Rename(kind, from, to)]);
            assert_eq!(found, ["?name.unusual-form"], "{to}");
        }
    }
}
