//! Notices: what is withdrawn, and a 補足 that goes with nothing.

use careplan_standard::{FileKind, Text};

use super::{
    blocks::{Block, Column, Form, Table, TableRow, field, t},
    desk::{Desk, Group, sources},
    rows::Row,
};

/// The notice of a file that withdraws what was sent before, about all of its people; none for
/// another kind of file.
pub(super) fn withdrawal(desk: &Desk, group: &Group<'_>, kind: FileKind) -> Option<Form> {
    let (title, what) = words(kind)?;
    let found = group.found(kind);
    let rows: Vec<&Row> = group.rows(kind);
    let named: Vec<(Text, &str)> = match kind {
        FileKind::PlanWithdrawal => {
            vec![(t("計画作成（変更）日", "plan of"), "居宅サービス計画作成（変更）日")]
        }
        FileKind::SlipWithdrawal => vec![(t("対象年月", "month"), "削除対象年月")],
        FileKind::ResultsWithdrawal => vec![
            (t("対象年月", "month"), "削除対象年月"),
            (t("事業所番号", "office"), "サービス事業者コード"),
            (t("サービス種類", "kind of service"), "サービス種類コード"),
        ],
        FileKind::PersonRecordWithdrawal => vec![(t("相談日", "consulted on"), "相談日")],
        _ => vec![(t("計画作成（変更）日", "plan of"), "計画作成(変更)日")],
    };
    let mut columns = vec![
        Column::words(12, t("保険者番号", "insurer No")),
        Column::words(14, t("被保険者番号", "insured No")),
        Column::words(18, t("氏名", "name")),
    ];
    columns.extend(named.iter().map(|(label, _)| Column::words(22, *label)));
    let line = |row: &&Row| {
        let person = row.person();
        let name = desk.name(&person);
        let what = named.iter().map(|(_, item)| row.show(item));
        TableRow::of([person.insurer, person.insured, name].into_iter().chain(what))
    };
    let table = Table { title: None, columns, rows: rows.iter().map(line).collect() };
    Some(Form {
        slug: "notice",
        mark: "削除",
        title,
        aside: None,
        person: None,
        month: String::new(),
        blocks: vec![Block::Note(what, vec![]), Block::Table(table)],
        sources: sources(found.iter().copied()),
    })
}

/// Everything that stands in a 補足 which goes with no form.
pub(super) fn supplement(row: &Row, group: &Group<'_>) -> Form {
    let items = row.items().skip(3).filter(|(_, value)| !value.is_empty());
    let table = Table {
        title: None,
        columns: vec![Column::words(30, t("項目", "item")), Column::words(46, t("内容", "value"))],
        rows: items.map(|(item, value)| TableRow::of([item.name.clone(), value])).collect(),
    };
    let found = group.found(FileKind::Supplement).iter().copied();
    let person = row.person();
    Form {
        slug: "supplement",
        mark: "",
        title: t("利用者補足情報", "Supplement about the person"),
        aside: Some(field(1, t("対象年月", "month"), row.show("対象年月"))),
        person: Some(super::blocks::Whose {
            name: row.text("利用者氏名").to_owned(),
            key: person.clone(),
        }),
        month: String::new(),
        blocks: vec![Block::Table(table)],
        sources: sources(found.filter(|(_, of)| of.person() == person)),
    }
}

fn words(kind: FileKind) -> Option<(Text, Text)> {
    Some(match kind {
        FileKind::PlanWithdrawal => (
            t("居宅サービス計画書の削除", "A care plan is withdrawn"),
            t(
                "次の利用者の居宅サービス計画書（第１表・第２表・第３表）を削除します。",
                "第1表, 第2表 and 第3表 of these people are withdrawn.",
            ),
        ),
        FileKind::SlipWithdrawal => (
            t("サービス利用票（予定）の削除", "A month's plan is withdrawn"),
            t(
                "次の利用者・月のサービス利用票（第６表の予定）と別表（第７表）を削除します。",
                "第6表 (planned) and 第7表 of these people and months are withdrawn.",
            ),
        ),
        FileKind::ResultsWithdrawal => (
            t("実績情報の削除", "実績 is withdrawn"),
            t(
                "次の利用者・月・事業所・サービス種類の実績情報を削除します。",
                "What was recorded as provided is withdrawn for these people, months, offices and kinds of service.",
            ),
        ),
        FileKind::PersonRecordWithdrawal => (
            t("利用者基本情報の削除", "A person's record is withdrawn"),
            t(
                "次の利用者の利用者基本情報（別表・画像を含む）を削除します。",
                "The records of these people, with annexes and pictures, are withdrawn.",
            ),
        ),
        FileKind::PreventionPlanWithdrawal => (
            t("介護予防サービス・支援計画書の削除", "A prevention plan is withdrawn"),
            t(
                "次の利用者の介護予防サービス・支援計画書（別表を含む）を削除します。",
                "The prevention plans of these people, with their annex, are withdrawn.",
            ),
        ),
        _ => return None,
    })
}
