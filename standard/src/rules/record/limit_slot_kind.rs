//! 22 stands for every 短期入所療養介護.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
};

use super::limit_slots::SLOTS;

/// 22 stands for every 短期入所療養介護.
pub(crate) static RULE: Rule = Rule {
    id: "record.limit-slot-kind",
    severity: Severity::Warning,
    because: Text {
        ja: "22で代表させるとありますが、ほかの種類を書いたファイルも読めるので、拒みません。",
        en: "The text has 22 stand for all of them; a file with another kind can still be read.",
    },
    clause: "標準仕様 利用者補足情報: 項目20～55 １～９サービス種類コード",
    states: Text {
        ja: "短期入所療養介護の種類支給限度額は、どの施設のものも22で表します。",
        en: "22 stands for every 短期入所療養介護 in the limits of single kinds.",
    },
    text: Text {
        ja: "{item}が「{found}」です。短期入所療養介護は{wanted}で表します。",
        en: "{item} is {found}; {wanted} stands for every 短期入所療養介護.",
    },
    advice: Text {
        ja: "介護ソフトの提供元に知らせてください。",
        en: "Tell the care software's vendor.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Supplement, 1, "１サービス種類コード", "22")],
        refused: &[Edit::Set(FileKind::Supplement, 1, "１サービス種類コード", "2A")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let mut slots = SLOTS.iter().filter_map(|slot| row.named(slot));
    let (item, kind) =
        slots.find(|(_, kind)| [b"23", b"2A"].map(|kind| &kind[..]).contains(kind))?;
    Some(row.breach(&RULE, item, kind).wanted("22"))
}
