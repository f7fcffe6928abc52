//! 第7表 サービス利用票別表: units and money by service, then the limits by kind of service.

use careplan_standard::{FileKind, LineKind};

use super::{
    blocks::{Block, Column, Form, Table, TableRow, field, t},
    desk::{Desk, Group, sources},
    plan::{filled, whose},
    rows::Row,
};

/// A column and the item that stands in it.
type Of = (Column, &'static str);

/// Everything to the right of office and service.
const MONEY: [Of; 17] = [
    (Column::number(6, t("単位数", "units")), "単位数"),
    (Column::number(5, t("割引後率%", "discount %")), "割引後率"),
    (Column::number(6, t("割引後単位数", "discounted")), "割引後単位数"),
    (Column::number(4, t("回数", "times")), "回数／日数"),
    (Column::number(8, t("サービス単位／金額", "units, yen")), "サービス単位金額"),
    (Column::number(8, t("給付管理単位数", "managed units")), "給付管理単位数"),
    (
        Column::number(6, t("種類支給限度基準を超える単位数", "over kind's limit")),
        "種類支給限度基準超単位数",
    ),
    (
        Column::number(6, t("種類支給限度基準内単位数", "in kind's limit")),
        "種類支給限度基準内単位数",
    ),
    (
        Column::number(6, t("区分支給限度基準を超える単位数", "over limit")),
        "区分支給限度基準超単位数",
    ),
    (Column::number(6, t("区分支給限度基準内単位数", "in limit")), "区分支給限度基準内単位数"),
    (Column::number(5, t("単位数単価", "yen a unit")), "単位数単価"),
    (Column::number(8, t("費用総額（保険／事業対象分）", "cost")), "費用総額保険／事業対象分"),
    (Column::number(4, t("給付率%", "benefit %")), "給付率"),
    (Column::number(7, t("保険／事業費請求額", "claimed")), "保険／事業費請求額"),
    (Column::number(6, t("定額利用者負担単価金額", "fixed share")), "定額利用者負担単価金額"),
    (
        Column::number(7, t("利用者負担（保険／事業対象分）", "person's share")),
        "利用者負担保険／事業対象分",
    ),
    (Column::number(6, t("利用者負担（全額負担分）", "paid in full")), "利用者負担（全額負担分）"),
];

/// The annex of the group's person and month; none where it has none.
pub(super) fn form(desk: &Desk, group: &Group<'_>) -> Option<Form> {
    let found = group.found(FileKind::SlipAnnex);
    let row = found.first()?.1;
    let supplement = desk.supplement(group);
    let words = [
        Column::words(18, t("事業所名", "office")),
        Column::words(16, t("サービス内容・種類", "service")),
    ];
    let columns = words.into_iter().chain(MONEY.map(|(column, _)| column)).collect();
    let rows = found.iter().map(|(_, row)| line(row)).collect();
    let mut blocks = vec![whose(desk, group), Block::Table(Table { title: None, columns, rows })];
    blocks.extend(supplement.and_then(|(_, row)| limits(row)));
    blocks.extend(short_stays(found.iter().map(|(_, row)| *row)));
    let month = row.show("対象年月");
    Some(Form {
        slug: "annex",
        mark: "第７表",
        title: t("サービス利用票別表", "Annex to the service slip"),
        aside: Some(field(1, t("対象年月", "month"), format!("{month}分"))),
        person: Some(desk.whose(group)),
        month,
        blocks,
        sources: sources(found.iter().copied().chain(supplement)),
    })
}

fn line(row: &Row) -> TableRow {
    let code = row.text("サービスコード");
    let subtotal = |of: &str| format!("{} 小計{of}", row.show("サービスコード"));
    let (service, is_sum) = match LineKind::of(code.as_bytes()) {
        LineKind::Total => ("合計".to_owned(), true),
        LineKind::Limited => (subtotal(""), true),
        LineKind::Outside => (subtotal("（限度額対象外）"), true),
        LineKind::Over30Days => (subtotal("（30日超）"), true),
        LineKind::Service => (row.show("サービスコード"), false),
    };
    let over = if row.text("３０日超区分") == "1" { "30日超" } else { "" };
    let text = |item: &str| row.text(item).to_owned();
    let equipment = ["用具名称（機種名）", "TAISコード", "福祉用具届出コード"].map(text);
    let branch = match row.text("サテライト枝番") {
        "" => String::new(),
        branch => format!("サテライト{branch}"),
    };
    let office = match row.text("サービス事業所コード") {
        "9999999999" => text("サービス事業所名"),
        number => filled(&[text("サービス事業所名"), number.to_owned(), branch]),
    };
    let [name, tais, other] = equipment;
    let words = [office, filled(&[service, name, tais, other, over.to_owned()])];
    let money = MONEY.map(|(_, item)| row.show(item));
    TableRow { is_sum, ..TableRow::of(words.into_iter().chain(money)) }
}

/// 種類別支給限度管理; none where no kind of service has a limit of its own.
fn limits(row: &Row) -> Option<Block> {
    let slots = ["１", "２", "３", "４", "５", "６", "７", "８", "９"];
    let of_slot = |slot: &str| {
        let items = ["サービス種類コード", "支給限度基準額", "合計単位数", "限度超単位数"];
        items.map(|item| row.show(&format!("{slot}{item}")))
    };
    let filled = slots.map(of_slot).into_iter().filter(|cells| cells.iter().any(|c| !c.is_empty()));
    let mut rows: Vec<TableRow> = filled.map(TableRow::of).collect();
    let total = row.show("合計限度超単位数");
    if !total.is_empty() {
        let cells = ["合計".to_owned(), String::new(), String::new(), total];
        rows.push(TableRow { is_sum: true, ..TableRow::of(cells) });
    }
    let columns = vec![
        Column::words(24, t("サービス種類", "kind of service")),
        Column::number(14, t("種類支給限度基準額（単位）", "limit, units")),
        Column::number(14, t("合計単位数", "units")),
        Column::number(14, t("限度基準を超える単位数", "over the limit")),
    ];
    let title = Some(t("種類別支給限度管理", "limits by kind of service"));
    (!rows.is_empty()).then_some(Block::Table(Table { title, columns, rows }))
}

/// 短期入所利用日数; none where nobody stays.
fn short_stays<'a>(mut rows: impl Iterator<Item = &'a Row>) -> Option<Block> {
    let items = ["前月までの利用日数", "当月の計画利用日数", "累積利用日数"];
    let is_stay = |row: &&Row| items.iter().any(|item| !["", "0"].contains(&row.text(item)));
    let row = rows.find(is_stay)?;
    let labels = [
        t("前月までの利用日数", "before this month"),
        t("当月の計画利用日数", "planned this month"),
        t("累積利用日数", "together"),
    ];
    let table = Table {
        title: Some(t(
            "要介護認定期間中の短期入所利用日数",
            "short-stay days of the certification",
        )),
        columns: labels.map(|label| Column::number(22, label)).to_vec(),
        rows: vec![TableRow::of(items.map(|item| row.show(item)))],
    };
    Some(Block::Table(table))
}
