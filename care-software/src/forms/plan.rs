//! 居宅サービス計画書: 第1表, 第2表, 第3表.

use careplan_standard::FileKind;

use super::{
    blocks::{Block, Cell, Column, Field, Form, Table, TableRow, Value, field, t},
    desk::{Desk, Found, Group, sources},
    rows::Row,
    week_grid::WeekGrid,
};

/// The tables that the group has, in their order.
pub(super) fn forms(desk: &Desk, group: &Group<'_>) -> Vec<Form> {
    let first = group.found(FileKind::PlanTable1).iter().map(|found| table_1(desk, group, *found));
    let mut forms: Vec<Form> = first.collect();
    if !group.found(FileKind::PlanTable2).is_empty() {
        forms.push(table_2(desk, group));
    }
    if !group.found(FileKind::PlanTable3).is_empty() {
        forms.push(table_3(desk, group));
    }
    forms
}

fn table_1(desk: &Desk, group: &Group<'_>, found: Found<'_>) -> Form {
    let row = found.1;
    let supplement = desk.supplement(group);
    let whose = desk.whose(group);
    let blank = Row::blank(FileKind::Supplement);
    let mut fields = parties(row, supplement.map_or(&blank, |(_, row)| row), &whose.name);
    fields.extend(plan(row));
    Form {
        slug: "plan-1",
        mark: "第１表",
        title: t("居宅サービス計画書（１）", "Care plan (1)"),
        aside: Some(field(1, t("作成年月日", "made on"), row.show("作成年月日"))),
        person: Some(whose),
        month: String::new(),
        blocks: vec![Block::Fields(fields)],
        sources: sources([found].into_iter().chain(supplement)),
    }
}

/// Whose plan it is, and who wrote it.
fn parties(row: &Row, person: &Row, name: &str) -> Vec<Vec<Field>> {
    let address = match joined(row, ["利用者住所１", "利用者住所２"]) {
        none if none.is_empty() => joined(person, ["利用者住所１", "利用者住所２"]),
        address => address,
    };
    let office = [
        row.text("介護支援事業者名").to_owned(),
        row.text("介護支援事業者コード").to_owned(),
        row.text("介護支援事業者郵便番号").to_owned(),
        joined(row, ["介護支援事業者住所１", "介護支援事業者住所２"]),
    ];
    vec![
        vec![
            field(5, t("計画書区分", "kind of plan"), row.choice("計画書区分")),
            field(4, t("認定状況", "certification"), row.choice("認定状況区分")),
            row.field(3, t("被保険者番号", "insured No")),
        ],
        vec![
            field(4, t("利用者名", "person"), with_kana(name, person)),
            field(3, t("生年月日", "born"), person.show("利用者生年月日")),
            field(5, t("住所", "address"), address),
        ],
        vec![
            row.field(4, t("居宅サービス計画作成者氏名", "planned by")),
            field(8, t("居宅介護支援事業者・事業所名及び所在地", "office"), filled(&office)),
        ],
    ]
}

/// When it was written, for which level, and what it says.
fn plan(row: &Row) -> Vec<Vec<Field>> {
    let valid = row.period("認定有効期間開始日", "認定有効期間終了日");
    let reason = row.choice("生活援助中心型の算定理由");
    let label = t("生活援助中心型の算定理由", "reason for household help alone");
    let reason = match row.text("その他理由") {
        "" => vec![field(12, label, reason)],
        _ => vec![field(7, label, reason), row.field(5, t("その他理由", "other reason"))],
    };
    vec![
        vec![
            row.field(6, t("居宅サービス計画作成（変更）日", "plan written on")),
            row.field(6, t("初回居宅サービス計画作成日", "first plan written on")),
        ],
        vec![
            row.field(4, t("認定日", "certified on")),
            field(8, t("認定の有効期間", "valid"), valid),
        ],
        vec![field(12, t("要介護状態区分", "care level"), row.choice("要介護状態区分"))],
        vec![row.field(
            12,
            t("利用者及び家族の生活に対する意向を踏まえた課題分析の結果", "wishes and assessment"),
        )],
        vec![
            row.field(12, t("介護認定審査会の意見及びサービスの種類の指定", "the board's opinion")),
        ],
        vec![row.field(12, t("総合的な援助の方針", "general policy"))],
        reason,
    ]
}

fn table_2(desk: &Desk, group: &Group<'_>) -> Form {
    const GOALS: careplan_standard::Text = t("目標", "goals");
    const HELP: careplan_standard::Text = t("援助内容", "help");
    let columns = vec![
        Column::words(16, t("生活全般の解決すべき課題（ニーズ）", "needs")),
        Column::words(15, t("長期目標", "long-term")).under(GOALS),
        Column::words(12, t("（期間）", "(period)")).under(GOALS),
        Column::words(15, t("短期目標", "short-term")).under(GOALS),
        Column::words(12, t("（期間）", "(period)")).under(GOALS),
        Column::words(17, t("サービス内容", "what is done")).under(HELP),
        Column::words(4, t("※1", "※1")).under(HELP),
        Column::words(11, t("サービス種別", "kind")).under(HELP),
        Column::words(17, t("※2", "※2")).under(HELP),
        Column::words(7, t("頻度", "how often")).under(HELP),
        Column::words(12, t("期間", "period")).under(HELP),
    ];
    let records = group.rows(FileKind::PlanTable2);
    let before = [None].into_iter().chain(records.iter().copied().map(Some));
    let rows = records.iter().zip(before).map(|(row, above)| table_2_row(row, above)).collect();
    let table = Table { title: None, columns, rows };
    let notes = vec![
        "※1 保険給付の対象となるサービスに○印を付す。".to_owned(),
        "※2 当該サービスの提供を行う事業所。".to_owned(),
    ];
    let made_on = records.first().map(|row| row.show("居宅計画書作成年月日"));
    Form {
        slug: "plan-2",
        mark: "第２表",
        title: t("居宅サービス計画書（２）", "Care plan (2)"),
        aside: Some(field(1, t("作成年月日", "made on"), made_on.unwrap_or_default())),
        blocks: vec![whose(desk, group), Block::Table(table), Block::Note(t("", ""), notes)],
        ..head(desk, group, FileKind::PlanTable2)
    }
}

fn table_2_row(row: &Row, above: Option<&Row>) -> TableRow {
    let same = |item: &str| {
        !row.text(item).is_empty() && above.is_some_and(|above| above.text(item) == row.text(item))
    };
    let same_need = same("課題ＮＯ");
    let same_goal = same_need && same("援助目標ＮＯ");
    // A repeated text may be left out after its first row; where it is repeated, it is shown once.
    let cell = |item: &str, is_same: bool| {
        let text = row.text(item);
        let is_repeated = above.is_some_and(|above| above.text(item) == text);
        match is_same && (text.is_empty() || is_repeated) {
            true => Cell { text: String::new(), continues: true },
            false => Cell { text: text.to_owned(), continues: false },
        }
    };
    let plain = |text: String| Cell { text, continues: false };
    let insured = match row.text("保険対象区分") {
        "Y" => "○",
        "N" => "",
        other => other,
    };
    let office =
        [row.text("サービス事業所名"), row.text("サービス事業者コード")].map(str::to_owned);
    TableRow {
        cells: vec![
            cell("課題", same_need),
            cell("長期目標", same_goal),
            cell("長期期間", same_goal),
            cell("短期目標", same_goal),
            cell("短期期間", same_goal),
            cell("サービス内容", false),
            plain(insured.to_owned()),
            cell("サービス種別", false),
            plain(filled(&office)),
            cell("頻度", false),
            cell("実施期間", false),
        ],
        is_sum: false,
    }
}

fn table_3(desk: &Desk, group: &Group<'_>) -> Form {
    let records = group.rows(FileKind::PlanTable3);
    let grid = WeekGrid::of(&records);
    let made_on = records.first().map(|row| row.show("週間サービス計画表作成年月日"));
    Form {
        slug: "plan-3",
        mark: "第３表",
        title: t("週間サービス計画表", "Weekly plan"),
        aside: Some(field(1, t("作成年月日", "made on"), made_on.unwrap_or_default())),
        blocks: vec![whose(desk, group), Block::Week(grid)],
        ..head(desk, group, FileKind::PlanTable3)
    }
}

/// What the second and third table have in common; the rest is blank.
fn head(desk: &Desk, group: &Group<'_>, kind: FileKind) -> Form {
    let found = group.found(kind).iter().copied();
    Form {
        slug: "",
        mark: "",
        title: t("", ""),
        aside: None,
        person: Some(desk.whose(group)),
        month: String::new(),
        blocks: vec![],
        sources: sources(found.chain(desk.supplement(group))),
    }
}

/// Name and number, on forms that have no other field of the person.
pub(super) fn whose(desk: &Desk, group: &Group<'_>) -> Block {
    let whose = desk.whose(group);
    Block::Fields(vec![vec![
        field(6, t("利用者名", "person"), honoured(&whose.name)),
        field(3, t("保険者番号", "insurer No"), whose.key.insurer),
        field(3, t("被保険者番号", "insured No"), whose.key.insured),
    ]])
}

/// The name as the paper has it, with 様; nothing where no file tells it.
pub(super) fn honoured(name: &str) -> Value {
    if name.is_empty() { Value::Words(String::new()) } else { Value::Words(format!("{name} 様")) }
}

/// The name with its フリガナ above.
pub(super) fn with_kana(name: &str, supplement: &Row) -> Value {
    match (supplement.text("利用者氏名フリガナ"), honoured(name)) {
        (kana, Value::Words(name)) => Value::Words(filled(&[kana.to_owned(), name])),
        (_, other) => other,
    }
}

/// The lines in which something stands.
pub(super) fn filled(lines: &[String]) -> String {
    let filled = lines.iter().filter(|line| !line.is_empty());
    filled.map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// The items' texts in one line.
pub(super) fn joined<const N: usize>(row: &Row, items: [&str; N]) -> String {
    items.map(|item| row.text(item)).join(" ").trim().to_owned()
}
