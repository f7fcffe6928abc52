//! 第6表 サービス利用票: the month's 予定 with the 実績 that is known of it.

use std::collections::HashMap;

use careplan_standard::{FileKind, Sequence};

use super::{
    blocks::{Block, Form, field, t},
    desk::{Desk, Family, Found, Group, sources},
    month_grid::{MonthGrid, Part},
    plan::{filled, with_kana},
    rows::Row,
};
use crate::person::PersonKey;

/// The records of 実績 by person and month. Of one office and kind of service those of the latest
/// file count alone: a correction carries everything again.
#[derive(Debug, Default)]
pub(super) struct KnownResults<'a> {
    by_month: HashMap<(PersonKey, String), Vec<Found<'a>>>,
}

impl<'a> KnownResults<'a> {
    /// What the groups know.
    pub(super) fn of(groups: &[Group<'a>]) -> Self {
        let mut by_month: HashMap<_, Vec<Found<'a>>> = HashMap::new();
        for group in groups.iter().filter(|group| group.family == Family::Results) {
            let key = (group.person.clone(), group.key.clone());
            by_month.entry(key).or_default().extend(group.found(FileKind::Results));
        }
        for found in by_month.values_mut() {
            keep_latest(found);
        }
        Self { by_month }
    }

    /// What is known of the group's person and month.
    pub(super) fn about(&self, group: &Group<'_>) -> &[Found<'a>] {
        let key = (group.person.clone(), group.key.clone());
        self.by_month.get(&key).map_or(&[], Vec::as_slice)
    }
}

fn keep_latest(found: &mut Vec<Found<'_>>) {
    fn service(row: &Row) -> (&str, &str) {
        let kind = row.text("サービスコード").get(..2).unwrap_or_default();
        (row.text("サービス事業者コード"), kind)
    }
    let age =
        |(sheet, _): &Found<'_>| -> (Option<Sequence>, usize) { (sheet.sequence(), sheet.sending) };
    let mut latest = HashMap::new();
    for one in found.iter() {
        let of_service = latest.entry(service(one.1)).or_insert_with(|| age(one));
        *of_service = (*of_service).max(age(one));
    }
    found.retain(|one| latest[&service(one.1)] == age(one));
}

/// The slip of the group's person and month; none where it has neither 予定 nor 実績.
pub(super) fn form(desk: &Desk, group: &Group<'_>, results: &[Found<'_>]) -> Option<Form> {
    let planned = group.found(FileKind::Slip);
    let row = planned.first().or_else(|| results.first())?.1;
    let supplement = desk.supplement(group);
    let blank = Row::blank(FileKind::Supplement);
    let person = supplement.map_or(&blank, |(_, row)| row);
    let whose = desk.whose(group);
    let planner = ["プラン担当業者コード", "プラン担当者名"].map(|item| row.text(item).to_owned());
    let fields = vec![
        vec![
            field(3, t("保険者番号", "insurer No"), row.text("保険者番号")),
            field(4, t("居宅介護支援事業者・担当者名", "planned by"), filled(&planner)),
            field(2, t("認定状況", "certification"), person.choice("認定状況区分")),
            field(3, t("作成年月日", "made on"), row.show("作成年月日")),
        ],
        vec![
            field(3, t("被保険者番号", "insured No"), row.text("被保険者番号")),
            field(4, t("被保険者氏名（フリガナ）", "name (kana)"), with_kana(&whose.name, person)),
            field(3, t("生年月日", "born"), person.show("利用者生年月日")),
            field(2, t("性別", "sex"), person.choice("利用者性別")),
        ],
        vec![
            field(8, t("要介護状態区分", "care level"), person.choice("要介護状態区分")),
            field(4, t("前回の要介護状態区分・変更日", "level before, changed on"), change(person)),
        ],
        vec![
            field(3, t("区分支給限度基準額", "limit a month"), limit(person)),
            field(
                5,
                t("限度額適用期間", "limit holds"),
                person.period("限度額適用開始年月日", "限度額適用終了年月日"),
            ),
            field(
                4,
                t("前月までの短期入所利用日数", "short-stay days before"),
                row.show("前月までの短期入所利用日数"),
            ),
        ],
    ];
    let records = planned.iter().map(|found| (Part::Planned, found.1));
    let records = records.chain(results.iter().map(|found| (Part::Provided, found.1)));
    let grid = MonthGrid::of(&group.key, records);
    let month = row.show("対象年月");
    let found = planned.iter().chain(results).copied().chain(supplement);
    Some(Form {
        slug: "slip",
        mark: "第６表",
        title: t("サービス利用票（兼居宅サービス計画）", "Service slip"),
        aside: Some(field(1, t("対象年月", "month"), format!("{month}分"))),
        person: Some(whose),
        month,
        blocks: vec![Block::Fields(fields), Block::Month(grid)],
        sources: sources(found),
    })
}

fn change(person: &Row) -> String {
    let level = person.show("前回要介護状態区分");
    let day = person.show("要介護状態変更日");
    filled(&[level, day])
}

fn limit(person: &Row) -> String {
    match person.show("区分支給限度基準額") {
        none if none.is_empty() => none,
        units => format!("{units} 単位／月"),
    }
}
