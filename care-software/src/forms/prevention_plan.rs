//! 介護予防サービス・支援計画書, with its 別表.

use careplan_standard::{FileKind, Text};

use super::{
    blocks::{Block, Cell, Column, Field, Form, Table, TableRow, field, t},
    desk::{Desk, Group, sources},
    plan::{filled, honoured},
    rows::Row,
};

/// The plan of the group's person and day. Where only its 別表 is there, the rest is blank.
pub(super) fn form(desk: &Desk, group: &Group<'_>) -> Form {
    let blank = Row::blank(FileKind::PreventionPlan);
    let plans = group.found(FileKind::PreventionPlan);
    let row = plans.first().map_or(&blank, |(_, row)| row);
    let annex = group.found(FileKind::PreventionPlanAnnex);
    let blocks = vec![
        Block::Fields(head(row)),
        Block::Fields(vec![vec![
            field(
                6,
                t("目標とする生活（１日）", "life aimed at (a day)"),
                row.text("目標とする生活(1日)"),
            ),
            field(
                6,
                t("目標とする生活（１年）", "life aimed at (a year)"),
                row.text("目標とする生活(1年)"),
            ),
        ]]),
        assessment(row),
        support(&group.rows(FileKind::PreventionPlanAnnex)),
        Block::Fields(vec![vec![
            row.field(12, t("健康状態の留意点", "mind, for the person's health")),
        ]]),
        check_list(row),
        Block::Fields(vec![
            vec![row.field(12, t("妥当な支援の実施に向けた方針", "how to get there"))],
            vec![row.field(12, t("総合的な方針", "general policy"))],
            vec![row.field(12, t("地域包括支援センター意見", "the centre's opinion"))],
            vec![
                field(4, t("同意日", "agreed on"), row.show("同意日")),
                field(8, t("同意者氏名", "agreed by"), row.text("同意者氏名")),
            ],
        ]),
    ];
    let number = row.text("整理番号");
    Form {
        slug: "prevention",
        mark: "",
        title: t("介護予防サービス・支援計画書", "Prevention plan"),
        aside: Some(field(1, t("No.", "No."), number)),
        person: Some(desk.whose(group)),
        month: String::new(),
        blocks,
        sources: sources(plans.iter().chain(annex).copied()),
    }
}

fn head(row: &Row) -> Vec<Vec<Field>> {
    let office = [
        "計画作成者事業者・事業所名",
        "計画作成者事業者・事業所住所",
        "計画作成者事業者・事業所電話番号",
    ]
    .map(|item| row.text(item).to_owned());
    vec![
        vec![
            field(4, t("利用者名", "person"), honoured(row.text("利用者名"))),
            field(2, t("被保険者番号", "insured No"), row.text("被保険者番号")),
            field(3, t("認定年月日", "certified on"), row.show("認定年月日")),
            field(3, t("計画種類", "kind"), row.show("計画種類")),
        ],
        vec![
            field(
                6,
                t("認定の有効期間", "valid"),
                row.period("認定有効期間開始日", "認定有効期間終了日"),
            ),
            field(3, t("計画書区分", "kind of plan"), row.choice("計画書区分")),
            field(3, t("認定状況", "certification"), row.choice("認定状況区分")),
        ],
        vec![
            field(6, t("要支援状態区分", "level"), row.choice("要支援状態区分")),
            field(3, t("委託の有無", "entrusted"), row.choice("委託の有無")),
            field(3, t("初回作成日", "first written on"), row.show("初回作成日")),
        ],
        vec![
            field(
                4,
                t("計画作成者氏名", "planned by"),
                row.text("計画作成者氏名（地域包括支援センター担当者名）"),
            ),
            field(
                4,
                t("委託の場合：担当介護支援専門員", "if entrusted, by"),
                row.text("計画作成者氏名（担当介護支援専門員名）"),
            ),
            field(4, t("計画作成（変更）日", "plan written on"), row.show("計画作成(変更)日")),
        ],
        vec![
            field(
                7,
                t("計画作成者事業者・事業所名及び所在地（連絡先）", "office"),
                filled(&office),
            ),
            field(5, t("担当地域包括支援センター", "centre"), row.text("担当地域包括支援センター")),
        ],
    ]
}

fn assessment(row: &Row) -> Block {
    let areas = [
        ("運動・移動", "【運動・移動】"),
        ("日常生活（家庭生活）", "【日常生活(家庭生活)】"),
        ("社会参加、対人関係・コミュニケーション", "【社会参加、対人関係・コミュニケーション】"),
        ("健康管理", "【健康管理】"),
    ];
    let line = |(name, prefix): (&str, &str)| {
        TableRow::of([
            name.to_owned(),
            row.text(&format!("{prefix}現在の状況")).to_owned(),
            row.text(&format!("{prefix}本人・家族の意欲・意向")).to_owned(),
            row.show(&format!("{prefix}領域における課題の有無")),
            row.text(&format!("{prefix}領域における課題（背景・原因）")).to_owned(),
        ])
    };
    Block::Table(Table {
        title: None,
        columns: vec![
            Column::words(14, t("アセスメント領域", "area")),
            Column::words(20, t("現在の状況", "as it is")),
            Column::words(18, t("本人・家族の意欲・意向", "wishes")),
            Column::words(5, t("課題の有無", "problem")),
            Column::words(20, t("領域における課題（背景・原因）", "problem and cause")),
        ],
        rows: areas.map(line).into(),
    })
}

fn support(records: &[&Row]) -> Block {
    const SUPPORT: Text = t("支援計画", "plan of support");
    let columns = vec![
        Column::words(13, t("総合的課題", "problem")),
        Column::words(14, t("課題に対する目標と具体策の提案", "what is proposed")),
        Column::words(14, t("具体策についての意向 本人・家族", "wishes")),
        Column::words(13, t("目標", "goal")),
        Column::words(13, t("目標についての支援のポイント", "points")).under(SUPPORT),
        Column::words(14, t("本人等のセルフケアや家族の支援、インフォーマルサービス", "informal"))
            .under(SUPPORT),
        Column::words(14, t("介護保険サービス又は地域支援事業", "insured services")).under(SUPPORT),
        Column::words(12, t("サービス種別", "kind")).under(SUPPORT),
        Column::words(12, t("事業所（利用先）", "office")).under(SUPPORT),
        Column::words(9, t("期間", "period")).under(SUPPORT),
    ];
    let before = [None].into_iter().chain(records.iter().copied().map(Some));
    let rows = records.iter().zip(before).map(|(row, above)| support_row(row, above)).collect();
    Block::Table(Table { title: None, columns, rows })
}

fn support_row(row: &Row, above: Option<&Row>) -> TableRow {
    let same = |item: &str| {
        !row.text(item).is_empty() && above.is_some_and(|above| above.text(item) == row.text(item))
    };
    let same_problem = same("課題ＮＯ");
    let same_support = same_problem && same("支援計画ＮＯ");
    let cell = |item: &str, is_same: bool| {
        let text = row.text(item).to_owned();
        let continues = is_same && text.is_empty();
        Cell { text, continues }
    };
    TableRow {
        cells: vec![
            cell("総合的課題", same_problem),
            cell("課題に対する目標と具体策の提案", same_problem),
            cell("具体策についての意向本人・家族", same_problem),
            cell("目標", same_problem),
            cell("【支援計画】目標についての支援のポイント", same_support),
            cell(
                "【支援計画】本人等のセルフケアや家族の支援、インフォーマルサービス（民間サービス）",
                same_support,
            ),
            cell(
                "【支援計画】介護保険サービス又は地域支援事業（総合事業のサービス）",
                same_support,
            ),
            cell("【利用サービス】サービス種別", false),
            cell("【利用サービス】事業所(利用先)", false),
            cell("【利用サービス】期間", false),
        ],
        is_sum: false,
    }
}

fn check_list(row: &Row) -> Block {
    let areas = ["運動不足", "栄養改善", "口腔内ケア", "閉じこもり予防", "物忘れ予防", "うつ予防"];
    let line = |label: &str, item: &str| {
        let values = areas.map(|area| row.show(&format!("{item}({area})")));
        TableRow::of([label.to_owned()].into_iter().chain(values))
    };
    let labels = [
        t("運動不足", "exercise"),
        t("栄養改善", "nutrition"),
        t("口腔内ケア", "mouth"),
        t("閉じこもり予防", "going out"),
        t("物忘れ予防", "memory"),
        t("うつ予防", "mood"),
    ];
    let columns = [Column::words(22, t("基本チェックリスト", "check list"))];
    let columns = columns.into_iter().chain(labels.map(|label| Column::words(9, label))).collect();
    let rows = vec![
        line("該当した質問項目数", "基本チェックリストの該当数"),
        line("事業プログラムの要否", "事業プログラムの要否"),
    ];
    Block::Table(Table { title: None, columns, rows })
}
