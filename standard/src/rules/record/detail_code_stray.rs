//! 明細判別コード tells pieces of equipment apart; elsewhere it is empty.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::STATED,
};

/// 明細判別コード tells pieces of equipment apart; elsewhere it is empty.
pub(crate) static RULE: Rule = Rule {
    id: "record.detail-code-stray",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 4.1 第6表: 項目19 明細判別コード",
    states: Text {
        ja: "明細判別コードは福祉用具貸与（17）だけに付け、ほかのサービスでは空です。",
        en: "明細判別コード is of 福祉用具貸与 (17) only; it is empty on every other service.",
    },
    text: Text {
        ja: "{item}「{found}」は福祉用具貸与（17）だけの項目です（この行は{wanted}）。",
        en: "Only services of kind 17 have {item} ({found}); this one is of kind {wanted}.",
    },
    advice: Text {
        ja: "空にして出力し直してください。介護ソフトの提供元に連絡してください。",
        en: "Leave it empty and export again; tell the care software's vendor.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[],
        refused: &[Edit::Set(FileKind::Slip, 1, "明細判別コード", "1")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (item, detail) = row.named("明細判別コード")?;
    if detail.is_empty() {
        return None;
    }
    let kind = row.named("サービスコード")?.1.get(..2)?;
    let breach = || row.breach(&RULE, item, detail).wanted(String::from_utf8_lossy(kind));
    (kind != b"17").then(breach)
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn only_17_has_it_and_67_has_not() {
        let row = |code| {
            let set = |item, value| Edit::Set(FileKind::Results, 1, item, value);
            let edits = [
                set("サービスコード", code),
                set("TAISコード", "00001-000010"),
                set("明細判別コード", "1"),
            ];
            found(Base::Results, &edits)
        };
        assert_eq!(row("171001"), [""; 0]);
        assert_eq!(row("671001"), ["record.detail-code-stray@1.19"]);
    }
}
