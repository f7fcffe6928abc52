//! A piece of equipment on loan is named by one of two codes.

use crate::{
    FileKind, LineKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::STATED,
    service_codes::is_piece_of_equipment,
};

use super::equipment::equipment_codes;

/// A piece of equipment on loan is named by one of two codes.
pub(crate) static RULE: Rule = Rule {
    id: "record.equipment-code-missing",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 4.1 第6表: 項目16・17、第7表: 項目10・11 TAISコード・福祉用具届出コード",
    states: Text {
        ja: "福祉用具貸与（17・67）の用具の行には、TAISコードか福祉用具届出コードのどちらかを書きます。",
        en: "A piece of equipment on loan (17, 67) has either TAISコード or 福祉用具届出コード.",
    },
    text: Text {
        ja: "福祉用具貸与（{found}）に、TAISコードも福祉用具届出コードもありません。",
        en: "Equipment on loan ({found}) has neither TAISコード nor 福祉用具届出コード.",
    },
    advice: Text {
        ja: "どちらかのコードを介護ソフトで入力し、出力し直してください。",
        en: "Enter one of the codes in the care software and export again.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::Set(FileKind::Slip, 3, "サービスコード", "171001"),
            Edit::Set(FileKind::Slip, 3, "TAISコード", "00001-000010"),
        ],
        refused: &[Edit::Set(FileKind::Slip, 3, "サービスコード", "171001")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (item, code) = row.named("サービスコード")?;
    let [(_, tais), (_, notified)] = equipment_codes(row)?;
    let is_service = LineKind::of(code) == LineKind::Service;
    let is_missing = tais.is_empty() && notified.is_empty();
    (is_piece_of_equipment(code) && is_service && is_missing).then(|| row.breach(&RULE, item, code))
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    fn row(code: &'static str, tais: &'static str, notified: &'static str) -> Vec<String> {
        let set = |item, value| Edit::Set(FileKind::Results, 1, item, value);
        let edits = [
            set("サービスコード", code),
            set("TAISコード", tais),
            set("福祉用具届出コード", notified),
        ];
        found(Base::Results, &edits)
    }

    #[test]
    fn equipment_has_one_of_its_codes_and_other_services_have_none() {
        let (tais, notified) = ("00001-000010", "F00001000010");
        assert_eq!(row("171001", tais, ""), [""; 0]);
        assert_eq!(row("671001", "", notified), [""; 0]);
        assert_eq!(row("171001", "", ""), ["record.equipment-code-missing@1.15"]);
        assert_eq!(row("671001", tais, notified), ["?record.equipment-codes-both@1.17"]);
        assert_eq!(row("178000", "", ""), [""; 0], "an add-on is no piece of equipment");
        assert_eq!(row("111111", tais, ""), ["record.equipment-code-stray@1.16"]);
        assert_eq!(row("A21111", "", notified), ["record.equipment-code-stray@1.17"]);
    }
}
