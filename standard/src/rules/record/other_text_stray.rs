//! Words for "other" stand beside the code for "other".

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    row::{Breach, Row},
    rules::because::NOT_STATED,
};

use super::other_text::OTHERS;

/// Words for "other" stand beside the code for "other".
pub(crate) static RULE: Rule = Rule {
    id: "record.other-text-stray",
    severity: Severity::Info,
    because: NOT_STATED,
    clause: "標準仕様 第1表: 項目25・26、4.1 利用者基本情報: 項目8・9、項目12・13",
    states: Text {
        ja: "「その他」などの内容は、その区分を選んだときに書きます。",
        en: "The words for \"other\" are written where the code says so.",
    },
    text: Text {
        ja: "{item}に内容がありますが、選ばれているのは{wanted}です。",
        en: "{item} is filled, but what is chosen is {wanted}.",
    },
    advice: Text {
        ja: "区分と内容のどちらが正しいかを確かめてください。",
        en: "Check which is right, the code or the words.",
    },
    example: Example {
        of: Base::Plan,
        accepted: &[
            Edit::Set(FileKind::PlanTable1, 1, "生活援助中心型の算定理由", "3"),
            Edit::Set(FileKind::PlanTable1, 1, "その他理由", "同居の家族が日中不在"),
        ],
        refused: &[Edit::Set(FileKind::PlanTable1, 1, "その他理由", "同居の家族が日中不在")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    OTHERS.iter().find_map(|(code, other, words)| {
        let (of, code) = row.named(code)?;
        let (item, words) = row.named(words)?;
        let chosen = if code.is_empty() { "-".into() } else { String::from_utf8_lossy(code) };
        let wanted = format!("{}={chosen}", of.name);
        (code != *other && !words.is_empty()).then(|| row.breach(&RULE, item, words).wanted(wanted))
    })
}
