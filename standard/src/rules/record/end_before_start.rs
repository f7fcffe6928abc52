//! A service ends after it starts, unless it lasts over midnight.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
};

use super::week::times;

/// A service ends after it starts, unless it lasts over midnight.
pub(crate) static RULE: Rule = Rule {
    id: "record.end-before-start",
    severity: Severity::Warning,
    because: Text {
        ja: "夜間をまたぐサービスは翌日に終わるので、拒みません。",
        en: "A service over midnight ends on the day after, so it never refuses.",
    },
    clause: "標準仕様 第6表: 項目12・13 サービス開始時刻・終了時刻、第3表: 開始時間・終了時間",
    states: Text {
        ja: "終了時刻は、夜間をまたがないかぎり開始時刻より後です。",
        en: "The end is after the start, unless the service lasts over midnight.",
    },
    text: Text {
        ja: "{item}「{found}」が開始時刻（{wanted}）より前です。",
        en: "The service ends ({item}, {found}) before it starts ({wanted}).",
    },
    advice: Text {
        ja: "夜間をまたぐサービスなら、このまま送れます。",
        en: "It can be sent as it is if the service lasts over midnight.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 1, "サービス終了時刻", "1000")],
        refused: &[Edit::Set(FileKind::Slip, 1, "サービス終了時刻", "0930")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let [start, end] = ["サービス開始時刻", "サービス終了時刻"].map(|item| row.no_of(item));
    reversed(row, start, end)
}

/// Of the two pairs of 第3表.
pub(super) fn check_week(row: &Row<'_>) -> Option<Breach> {
    times(row).into_iter().find_map(|[start, end]| reversed(row, start, end))
}

fn reversed(row: &Row<'_>, start_no: u16, end_no: u16) -> Option<Breach> {
    let (start, end) = (row.value(start_no), row.value(end_no));
    let is_time =
        |value: &[u8]| value.len() == 4 && value != b"9999" && value.iter().all(u8::is_ascii_digit);
    let is_before = is_time(start) && is_time(end) && end < start;
    let item = row.layout.item(end_no).filter(|_| is_before)?;
    Some(row.breach(&RULE, item, end).wanted(String::from_utf8_lossy(start)))
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn both_pairs_of_the_week_are_looked_at() {
        let week = |from, to| found(Base::Plan, &[Edit::Replace(FileKind::PlanTable3, from, to)]);
        assert_eq!(week("1000,1030", "2200,0700"), ["?record.end-before-start@1.9"]);
        assert_eq!(week("0600,0600", "0600,0559"), ["?record.end-before-start@2.12"]);
        assert_eq!(week("0600,0600", "0600,0700"), [""; 0]);
    }
}
