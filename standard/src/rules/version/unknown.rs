//! Only these versions are carried.

use crate::{
    FileKind, Rule, Severity, Standard, Text, Wanted,
    example::{Base, Edit, Example},
    rules::because::STATED,
};

/// Only these versions are carried.
pub(crate) static RULE: Rule = Rule {
    id: "version.unknown",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 共通項目: No.1 CSVバージョン",
    states: Text {
        ja: "CSVバージョンには、使われているバージョンの値（3.2は202208、4.1は202407）を書きます。202504（4.0）は有効な値ではなく、202410は公表の年月です。",
        en: "CSVバージョン holds the value of a version in use (202208 for 3.2, 202407 for 4.1). 202504 (4.0) is not valid, and 202410 is a month of publication.",
    },
    text: Text {
        ja: "CSVバージョン「{found}」は使えません（{wanted}）。",
        en: "The CSV version {found} is not carried ({wanted}).",
    },
    advice: Text {
        ja: "介護ソフトのバージョン設定を確かめてください。",
        en: "Check the version setting of the care software.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Set(FileKind::ResultsWithdrawal, 1, "CSVバージョン", "202410")],
    },
};

/// Values that are seen in the wild, and what they are.
const SEEN: [(&str, &str, &str); 4] = [
    (
        "202410",
        "202410は4.1が公表された年月で、4.1の値は202407です",
        "202410 is the month in which 4.1 was published; the value of 4.1 is 202407",
    ),
    (
        "202504",
        "202504は短い間だけあった4.0の値で、有効ではありません。4.1の値は202407です",
        "202504 was the value of the short-lived 4.0 and is not valid; the value of 4.1 is 202407",
    ),
    (
        "202003",
        "202003は202208より前のバージョンの値で、ここでは検査できません",
        "202003 is a version before 202208, which is not carried here",
    ),
    (
        "201910",
        "201910は202003より前のバージョンの値で、ここでは検査できません",
        "201910 is a version before 202003, which is not carried here",
    ),
];

/// What was probably meant by a value that is no version.
pub(super) fn wanted(standard: &Standard, value: &str) -> Wanted {
    if let Some((_, ja, en)) = SEEN.iter().find(|(seen, ..)| *seen == value) {
        return Wanted { ja: (*ja).to_owned(), en: (*en).to_owned() };
    }
    let carried: Vec<_> = standard.versions().iter().map(|v| v.value.as_str()).collect();
    let carried = carried.join(", ");
    Wanted { ja: format!("使えるのは {carried}"), en: format!("carried are {carried}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::{checked_alone, found, line_of};

    use crate::Lang;

    fn of(value: &'static str) -> Vec<String> {
        let set = Edit::Set(FileKind::ResultsWithdrawal, 1, "CSVバージョン", value);
        found(Base::ResultsWithdrawal, &[set])
    }

    #[test]
    fn a_value_that_is_no_version_is_one_finding() {
        for value in [
            "202410",
            "202504",
            "202003",
            "201910",
            "202412",
            "20240",
            "4.1",
            "V4",
            "2024071",
            "２０２４０７",
        ] {
            assert_eq!(of(value), ["version.unknown@1.1"], "{value}");
        }
        assert_eq!(of("202407"), [""; 0]);
    }

    #[test]
    fn it_says_what_was_meant() {
        let wanted = |value| wanted(Standard::bundled(), value);
        assert!(wanted("202410").en.ends_with("4.1 is 202407"));
        assert!(wanted("202504").ja.contains("4.0"));
        assert_eq!(wanted("1").en, "carried are 202208, 202407");
        assert!(RULE.text.get(Lang::Ja).contains("{wanted}"));
    }

    #[test]
    fn of_a_long_value_the_beginning_is_shown() {
        let long = "2024070000000000000000";
        let text = line_of(Base::ResultsWithdrawal, FileKind::ResultsWithdrawal, 1);
        let text = text.replacen("202407", long, 1);
        let check = checked_alone(Base::ResultsWithdrawal, FileKind::ResultsWithdrawal, &text);
        let found: Vec<_> = check.findings.iter().map(|f| (f.rule.id, f.found.as_str())).collect();
        assert_eq!(found, [("version.unknown", "2024070000000000…")]);
    }
}
