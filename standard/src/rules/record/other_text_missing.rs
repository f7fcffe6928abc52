//! A code for "other" wants its words.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
};

use super::other_text::OTHERS;

/// A code for "other" wants its words.
pub(crate) static RULE: Rule = Rule {
    id: "record.other-text-missing",
    severity: Severity::Warning,
    because: Text {
        ja: "書くことは任意の項目なので、拒みません。",
        en: "The item is optional, so it never refuses.",
    },
    clause: "標準仕様 第1表: 項目25・26、4.1 利用者基本情報: 項目8・9、項目12・13",
    states: Text {
        ja: "「その他」などを選んだときは、その内容を次の項目に書きます。",
        en: "Where a code says \"other\" or the like, the item after it says what.",
    },
    text: Text {
        ja: "{wanted}を選んでいますが、{item}が空です。",
        en: "{wanted} is chosen, and {item} is empty.",
    },
    advice: Text {
        ja: "介護ソフトで内容を書き足してください。このままでも送れます。",
        en: "Add the words in the care software; it can be sent as it is, too.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[
            Edit::Set(FileKind::PlanTable1, 1, "生活援助中心型の算定理由", "3"),
            Edit::Set(FileKind::PlanTable1, 1, "その他理由", "同居の家族が日中不在"),
        ],
        refused: &[Edit::Set(FileKind::PlanTable1, 1, "生活援助中心型の算定理由", "3")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    OTHERS.iter().find_map(|(code, other, words)| {
        let (of, code) = row.named(code)?;
        let (item, words) = row.named(words)?;
        let wanted = format!("{}={}", of.name, String::from_utf8_lossy(code));
        (code == *other && words.is_empty()).then(|| row.breach(&RULE, item, b"").wanted(wanted))
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn words_and_the_code_for_other_stand_together() {
        let how = |code, words| {
            let set = |item, value| Edit::Set(FileKind::PersonRecord, 1, item, value);
            let edits = [set("相談方法", code), set("相談方法(その他の内容)", words)];
            found(Base::PersonRecord, &edits)
        };
        assert_eq!(how("03", "訪問"), [""; 0]);
        assert_eq!(how("03", ""), ["?record.other-text-missing@1.9"]);
        assert_eq!(how("02", "訪問"), ["~record.other-text-stray@1.9"]);
        assert_eq!(how("", ""), [""; 0]);
    }
}
