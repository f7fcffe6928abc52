//! The rule book: every rule, its words and its weight, one module a subject.

pub(crate) mod annex;
pub(crate) mod attachment;
pub(crate) mod because;
pub(crate) mod encoding;
pub(crate) mod item;
pub(crate) mod name;
pub(crate) mod party;
pub(crate) mod picture;
pub(crate) mod plan;
pub(crate) mod record;
pub(crate) mod sending;
pub(crate) mod shape;
pub(crate) mod slip;
mod statements;
pub(crate) mod unit;
pub(crate) mod version;

pub use statements::{Statement, statements};

use crate::{FileKind, FileName, Layout, Rule, Text, row::FileRule};

/// Every rule, in the order in which a reader meets them.
pub static RULES: &[&Rule] = &[
    &encoding::UTF8,
    &encoding::UTF16,
    &encoding::EUC_JP_RULE,
    &encoding::ISO_2022_JP_RULE,
    &encoding::BYTE_ORDER_MARK,
    &encoding::BROKEN,
    &encoding::USER_DEFINED,
    &shape::EMPTY_FILE,
    &shape::SEPARATOR,
    &shape::STRAY_QUOTE,
    &shape::UNCLOSED_QUOTE,
    &shape::BLANK_LINE,
    &shape::TEXT_UNQUOTED,
    &shape::HEADER_LINE,
    &shape::ITEM_COUNT,
    &shape::IMAGE_NOT_JPEG,
    &name::EXTENSION,
    &name::PREFIX,
    &name::PARTS,
    &name::MONTH,
    &name::OFFICE,
    &name::SERVICE_KIND,
    &name::SERVICE_KIND_UNKNOWN,
    &name::SEQUENCE,
    &name::SEQUENCE_NOT_A_TIME,
    &name::BRANCH,
    &name::UNUSUAL_FORM,
    &name::MONTH_DIFFERS,
    &name::FORM_DIFFERS,
    &name::CASE_ONLY_DIFFERS,
    &name::SAME_OFFICE,
    &name::ROLE,
    &name::UNUSUAL_ROLE,
    &version::UNKNOWN,
    &version::MIXED,
    &version::LAYOUT_MISSING,
    &version::AS_PRINTED,
    &version::BEFORE_SERVICE_MONTH,
    &item::MISSING,
    &item::WANTED,
    &item::LENGTH,
    &item::LEADING_ZEROS_LOST,
    &item::TOO_LONG,
    &item::FORM,
    &item::SPREADSHEET_FORM,
    &item::NOT_REAL,
    &item::CODE_NOT_LISTED,
    &item::SERVICE_NOT_CARRIED,
    &item::UNUSED_FILLED,
    &item::UNUSUAL_FORM,
    &record::DAY_OUTSIDE_MONTH,
    &record::DAY_MAP_BEYOND_MONTH,
    &record::DAY_MAP_EMPTY,
    &record::ONE_TIME_MISSING,
    &record::END_BEFORE_START,
    &record::EQUIPMENT_CODE_MISSING,
    &record::EQUIPMENT_CODE_STRAY,
    &record::EQUIPMENT_CODES_BOTH,
    &record::DETAIL_CODE_STRAY,
    &record::OVER_30_DAYS_UNLIKELY,
    &record::SUPPLEMENT_DAY,
    &record::PERIOD_REVERSED,
    &record::LIMIT_UNUSUAL,
    &record::LIMIT_SLOT_GAP,
    &record::LIMIT_SLOT_KIND,
    &record::OTHER_TEXT_MISSING,
    &record::OTHER_TEXT_STRAY,
    &record::WEEK_GROUPS,
    &record::WEEK_TIME_MISSING,
    &plan::NOT_SORTED,
    &plan::FIRST_TEXT_MISSING,
    &plan::TEXT_DIFFERS,
    &plan::TEXT_REPEATED,
    &party::OTHER_OFFICE,
    &party::OTHER_OFFICE_PLAIN,
    &party::UPDATER_DIFFERS,
    &party::PLANNER_DIFFERS,
    &party::MANAGER_DIFFERS,
    &party::WITHDRAWAL_OFFICE,
    &party::WITHDRAWAL_KIND,
    &slip::NOT_FOR_DESTINATION,
    &slip::NOT_FOR_DESTINATION_PLAIN,
    &slip::NOT_FOR_DESTINATION_KIND,
    &slip::DETAIL_CODE_MISSING,
    &annex::TOTAL_MISSING,
    &annex::SUBTOTAL_MISSING,
    &annex::SUBTOTAL_OVER_OFFICES,
    &annex::SUM_LINE_UNITS,
    &annex::SUM_LINE_DISCOUNT,
    &annex::TOTAL_OFFICE,
    &annex::TOTAL_OFFICE_ELSEWHERE,
    &annex::AMOUNT_DIFFERS,
    &annex::SUM_DIFFERS,
    &attachment::TYPE,
    &attachment::CONTENT,
    &attachment::NOT_OF_THE_STANDARD,
    &unit::UNKNOWN,
    &unit::MEMBER_MISSING,
    &unit::MEMBER_WANTED,
    &unit::MEMBER_TWICE,
    &unit::PARTIES_DIFFER,
    &unit::MONTH_DIFFERS,
    &unit::VERSION_DIFFERS,
    &unit::KEY_NOT_IN_BASE,
    &unit::BASE_WITHOUT_DEPENDENT,
    &unit::SERVICE_NOT_IN_ANNEX,
    &unit::SERVICE_NOT_IN_SLIP,
    &unit::TIMES_DIFFER,
    &unit::UNITS_DIFFER,
    &picture::NAME_DIFFERS,
    &picture::MISSING,
    &picture::NOT_NAMED,
    &picture::UNUSUAL_BRANCH,
    &sending::KEY_TWICE,
    &sending::WITHDRAWN,
    &sending::WITHDRAWAL_NOT_NEEDED,
    &sending::SLIP_NOT_ATTACHED,
];

/// What the rules are about, in the order of the book: the first word of their identifiers.
pub static SUBJECTS: &[(&str, Text)] = &[
    ("encoding", Text { ja: "文字コード", en: "Encoding" }),
    ("csv", Text { ja: "CSVの形", en: "The shape of a CSV" }),
    ("name", Text { ja: "ファイル名", en: "File names" }),
    ("version", Text { ja: "CSVバージョン", en: "CSV versions" }),
    ("item", Text { ja: "項目", en: "Items" }),
    ("record", Text { ja: "1件のレコード", en: "One record" }),
    ("image", Text { ja: "画像の中身", en: "What a picture holds" }),
    ("party", Text { ja: "事業所どうし", en: "The offices concerned" }),
    ("results", Text { ja: "実績", en: "実績" }),
    ("results-withdrawal", Text { ja: "実績の削除", en: "Withdrawals of 実績" }),
    (
        "plan",
        Text {
            ja: "番号と内容（第2表・別表）", en: "Numbers and words (第2表, 別表)"
        },
    ),
    ("slip", Text { ja: "予定（第6表）", en: "Planned services (第6表)" }),
    ("annex", Text { ja: "第7表", en: "第7表" }),
    ("attachment", Text { ja: "添付ファイル", en: "Attachments" }),
    ("picture", Text { ja: "家族構成の画像", en: "Family pictures" }),
    ("unit", Text { ja: "送信単位", en: "What travels together" }),
    ("sending", Text { ja: "送信単位どうし", en: "Units of one sending" }),
];

/// Whether a breach in one record has the same cause as those in the others, so that one place
/// says it all.
pub(crate) fn is_of_a_column(rule: &Rule) -> bool {
    [item::LEADING_ZEROS_LOST.id, item::SPREADSHEET_FORM.id].contains(&rule.id)
}

/// The rules about the records of a file of this name and layout, taken together.
pub(crate) fn file_rules(name: &FileName, layout: &Layout) -> Vec<Box<dyn FileRule>> {
    let mut rules: Vec<Box<dyn FileRule>> = vec![Box::new(party::Claims::new(name, layout))];
    if matches!(name.kind, FileKind::Slip | FileKind::Results) {
        rules.extend(slip::Leases::new(layout).map(|rule| Box::new(rule) as Box<dyn FileRule>));
    }
    match name.kind {
        FileKind::Slip => rules.push(Box::new(slip::Services::new(name, layout))),
        FileKind::SlipAnnex => rules.push(Box::new(annex::Lines::new(layout))),
        FileKind::PersonRecord => rules.push(Box::new(picture::Named::new(name, layout))),
        FileKind::PlanTable2 | FileKind::PreventionPlanAnnex => {
            rules.push(Box::new(plan::Rows::new(name.kind, layout)));
        }
        _ => {}
    }
    rules
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        FileName, Finding, Place, SendingFile, Severity, Standard, check_sending,
        example::{Edit, ExampleFile},
    };

    #[test]
    fn an_identifier_stands_once_and_is_of_words() {
        let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
        for id in ids {
            let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            assert!(id.bytes().all(|byte| is_word(byte) || b".-".contains(&byte)), "{id}");
        }
    }

    #[test]
    fn every_rule_reports_its_refused_example_and_lets_its_accepted_one_pass() {
        let faults: Vec<_> = RULES.iter().filter_map(|rule| fault_of_example(rule)).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }

    fn fault_of_example(rule: &Rule) -> Option<String> {
        let accepted = findings(rule.example.accepted());
        let speaks_against =
            |finding: &&Finding| finding.rule.id == rule.id || finding.severity == Severity::Error;
        if let Some(finding) = accepted.iter().find(speaks_against) {
            return Some(format!("{} is accepted, but: {}", rule.id, finding.rule.id));
        }
        let refused = findings(rule.example.refused());
        match refused.iter().find(|finding| finding.rule.id == rule.id) {
            None => Some(format!("{} is not reported by its example", rule.id)),
            Some(found) if found.severity != rule.severity => Some(format!("{found:?}")),
            Some(found) if !is_placed(found, rule.example.refused) => Some(format!("{found:?}")),
            Some(_) => None,
        }
    }

    fn findings(files: Vec<ExampleFile>) -> Vec<Finding> {
        let files: Vec<_> = files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
        check_sending(Standard::bundled(), &files).findings
    }

    /// What one item says is found in that item; what one file says, in that file.
    fn is_placed(finding: &Finding, edits: &[Edit]) -> bool {
        let Place { file, record, .. } = &finding.place;
        let is_in = |kind: FileKind| {
            let name = file.as_deref().map(FileName::parse);
            name.is_none_or(|name| name.is_ok_and(|name| name.kind == kind))
        };
        let subject = finding.rule.id.split('.').next().unwrap_or_default();
        match (subject, edits) {
            ("item", [Edit::Set(kind, at, name, _)]) => {
                is_in(*kind) && *record == Some(*at) && finding.item_name.as_deref() == Some(*name)
            }
            ("encoding", [Edit::SetBytes(kind, at, name, _)]) => {
                is_in(*kind) && *record == Some(*at) && finding.item_name.as_deref() == Some(*name)
            }
            ("record", [Edit::Set(kind, at, ..)]) => is_in(*kind) && *record == Some(*at),
            ("encoding" | "csv" | "version", [Edit::Content(kind, _) | Edit::Recode(kind, _)]) => {
                file.is_some() && is_in(*kind)
            }
            ("name" | "attachment", _) => file.is_some(),
            _ => true,
        }
    }

    #[test]
    fn every_rule_has_a_subject_and_every_subject_a_rule() {
        let subject = |rule: &Rule| rule.id.split('.').next().unwrap_or_default();
        let used: BTreeSet<_> = RULES.iter().map(|rule| subject(rule)).collect();
        let known: BTreeSet<_> = SUBJECTS.iter().map(|(subject, _)| *subject).collect();
        assert_eq!(used, known);
    }

    #[test]
    fn every_rule_says_what_and_what_next_in_both_languages() {
        for rule in RULES {
            assert!(!rule.clause.is_empty(), "{}", rule.id);
            for text in [rule.text.ja, rule.advice.ja, rule.states.ja, rule.because.ja] {
                assert!(text.ends_with('。'), "{}: {text}", rule.id);
            }
            for text in [rule.text.en, rule.advice.en, rule.states.en, rule.because.en] {
                assert!(text.ends_with('.'), "{}: {text}", rule.id);
            }
        }
    }
}
