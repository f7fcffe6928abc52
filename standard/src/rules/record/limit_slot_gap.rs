//! The slots for limits of service kinds are filled from the first.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::STATED,
};

use super::limit_slots::SLOTS;

/// The slots for limits of service kinds are filled from the first.
pub(crate) static RULE: Rule = Rule {
    id: "record.limit-slot-gap",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 利用者補足情報: 項目20～55 １～９サービス種類コード",
    states: Text {
        ja: "種類支給限度額の欄は、1番目から順に詰めて書きます。",
        en: "The limits of single service kinds fill their slots from slot 1.",
    },
    text: Text {
        ja: "{item}に「{found}」がありますが、その前の欄（{wanted}）が空です。",
        en: "{item} holds {found}, and the slot before it ({wanted}) is empty.",
    },
    advice: Text {
        ja: "1番目の欄から詰めて出力し直してください。介護ソフトの提供元に連絡してください。",
        en: "Fill the slots from the first and export again; tell the care software's vendor.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::Set(FileKind::Supplement, 1, "１サービス種類コード", "11"),
            Edit::Set(FileKind::Supplement, 1, "２サービス種類コード", "15"),
        ],
        refused: &[Edit::Set(FileKind::Supplement, 1, "２サービス種類コード", "15")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let slots = SLOTS.map(|slot| row.named(slot));
    slots.windows(2).find_map(|pair| {
        let (Some((before, empty)), Some((item, kind))) = (pair[0], pair[1]) else { return None };
        let is_gap = empty.is_empty() && !kind.is_empty();
        is_gap.then(|| row.breach(&RULE, item, kind).wanted(before.name.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn slots_are_filled_without_a_gap() {
        let slots = |slots: &[(&'static str, &'static str)]| {
            let edits =
                slots.iter().map(|&(slot, kind)| Edit::Set(FileKind::Supplement, 1, slot, kind));
            found(Base::Slip, &edits.collect::<Vec<_>>())
        };
        let (first, second, third) = (
            ("１サービス種類コード", "11"),
            ("２サービス種類コード", "15"),
            ("３サービス種類コード", "22"),
        );
        assert_eq!(slots(&[first, second, third]), [""; 0]);
        assert_eq!(slots(&[first, third]), ["record.limit-slot-gap@1.28"]);
        assert_eq!(slots(&[second]), ["record.limit-slot-gap@1.24"]);
        assert_eq!(slots(&[("１サービス種類コード", "23")]), ["?record.limit-slot-kind@1.20"]);
    }
}
