//! 割引後率 and 割引後単位数 are empty on subtotal and total lines.

use crate::{
    FileKind, LineKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::STATED,
};

/// 割引後率 and 割引後単位数 are empty on subtotal and total lines.
pub(crate) static RULE: Rule = Rule {
    id: "annex.sum-line-discount",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 第7表: 項目 割引後率、割引後単位数",
    states: Text {
        ja: "小計行と合計行の割引後率と割引後単位数は空です。",
        en: "割引後率 and 割引後単位数 are empty on subtotal and total lines.",
    },
    text: Text {
        ja: "小計行・合計行の{item}に「{found}」があります。空にします。",
        en: "{item} is {found} on a subtotal or total line; it is empty there.",
    },
    advice: Text {
        ja: "介護ソフトの提供元に連絡し、空で出力してください。",
        en: "Tell the care software's vendor, and export it empty.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::SlipAnnex, 1, "割引後単位数", "244")],
        refused: &[Edit::Set(FileKind::SlipAnnex, 4, "割引後単位数", "588")],
    },
};

pub(crate) fn check(row: &Row<'_>) -> Option<Breach> {
    let is_sum = LineKind::of(row.named("サービスコード")?.1) != LineKind::Service;
    let mut items = ["割引後率", "割引後単位数"].into_iter().filter_map(|item| row.named(item));
    let (item, found) = items.find(|(_, value)| is_sum && !value.is_empty())?;
    Some(row.breach(&RULE, item, found))
}
