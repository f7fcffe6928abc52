//! A monthly file holds the one month that its name says. Reported once a file.

use crate::{
    FileKind, FileName, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
    rules::because::STATED,
};

/// A monthly file holds the one month that its name says. Reported once a file.
pub(crate) static RULE: Rule = Rule {
    id: "name.month-differs",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: ファイル名（年月）と対象年月・削除対象年月",
    states: Text {
        ja: "月のファイルはサービス提供年月1つ分で、レコードの対象年月（削除対象年月）はファイル名の年月と同じです。補足のNo.63も、000000 を含めてファイル名と同じです。",
        en: "A monthly file is of one service month: 対象年月 (削除対象年月) of its records is the month of its name. So is No.63 of 補足, 000000 included.",
    },
    text: Text {
        ja: "ファイル名の年月と、レコードの{item}「{found}」が違います（ファイル名は{wanted}）。",
        en: "The name says {wanted}, but {item} is {found}.",
    },
    advice: Text {
        ja: "対象年月を選び直して出力してください。ファイル名だけを直さないでください。",
        en: "Choose the month again and export; do not just rename the file.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Set(FileKind::ResultsWithdrawal, 1, "削除対象年月", "202504")],
    },
};

/// 対象年月 or 削除対象年月 of a record.
pub(crate) fn check(name: &FileName, value: &[u8]) -> Option<Breach> {
    let month = name.month.filter(|_| name.kind.has_month())?.to_string();
    (value != month.as_bytes()).then(|| Breach::new(&RULE, Wanted::same(month)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn records_are_of_the_month_of_their_file() {
        let set = |kind, item, month| Edit::Set(kind, 1, item, month);
        for (base, edit, place) in [
            (Base::Results, set(FileKind::Results, "対象年月", "202506"), "1.5"),
            (Base::SlipWithdrawal, set(FileKind::SlipWithdrawal, "削除対象年月", "202405"), "1.4"),
            (
                Base::ResultsWithdrawal,
                set(FileKind::ResultsWithdrawal, "削除対象年月", "202504"),
                "1.4",
            ),
            (Base::Slip, set(FileKind::SlipAnnex, "対象年月", "202504"), "1.5"),
            (Base::Slip, set(FileKind::Supplement, "対象年月", "202504"), "1.63"),
            (Base::Slip, set(FileKind::Supplement, "対象年月", "000000"), "1.63"),
            (Base::Plan, set(FileKind::Supplement, "対象年月", "202505"), "1.63"),
            (Base::SlipPlain, set(FileKind::Slip, "対象年月", "202504"), "1.5"),
        ] {
            let found = found(base, &[edit]);
            let wanted = format!("name.month-differs@{place}");
            assert!(found.contains(&wanted), "{edit:?}: {found:?}");
        }
    }

    #[test]
    fn the_month_of_the_whole_file_is_one_finding() {
        let edit = Edit::Rename(FileKind::Results, "_202505_", "_202506_");
        assert_eq!(found(Base::Results, &[edit]), ["name.month-differs@1.5"]);
    }
}
