//! Records of 利用者基本情報 and 介護予防サービス・支援計画書, each with its 別表.

use careplan_standard::{Date, ServiceKind, Version};

use crate::{
    cast::{Cast, Office},
    person::{CareLevel, last_day, months_after},
    prevention::Prevention,
    sheet::Line,
    week::{Client, WeeklyService},
};

/// What the records of one person's papers are made from.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) version: &'a Version,
    pub(crate) cast: &'a Cast,
    pub(crate) client: &'a Client,
    pub(crate) prevention: &'a Prevention,
}

/// The picture of a person's family: everybody's is the same drawing, and no two are the same bytes.
pub(crate) fn family_picture(client: &Client) -> Vec<u8> {
    // Behind what every JFIF begins with.
    let (start, rest) = DRAWING.split_at(20);
    let note = format!("{} {}", client.person.key.insured, client.person.sex.code());
    let length = u16::try_from(note.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
    [start, b"\xFF\xFE", &length, note.as_bytes(), rest].concat()
}

const DRAWING: &[u8] = include_bytes!("../assets/family.jpg");

impl Subject<'_> {
    fn record_line(&self) -> Line {
        Line::new(self.version, &self.client.person.key)
            .code("相談日", self.prevention.consulted_on)
    }

    fn plan_line(&self) -> Line {
        Line::new(self.version, &self.client.person.key)
            .code("計画作成(変更)日", self.client.care_plan.written_on)
    }

    /// 計画種類 and 委託の有無, which both papers say.
    fn kinds(&self, line: Line) -> Line {
        let is_management = self.prevention.centre.kind == ServiceKind::PREVENTION_CARE_MANAGEMENT;
        line.code("計画種類", if is_management { 2 } else { 1 })
            .code("委託の有無", if self.prevention.entrusted.is_some() { 2 } else { 1 })
    }

    /// The record of 利用者基本情報, without the name of its picture.
    pub(crate) fn record(&self) -> Line {
        let person = &self.client.person;
        let is_eligible = person.care_level == CareLevel::Eligible;
        let line = self.kinds(self.record_line());
        let line = line
            .text("作成担当者", &self.cast.planner)
            .code("相談方法", "01")
            .code("相談回数", "01")
            .code("利用者の現況", "01")
            .text("利用者氏名ﾌﾘｶﾞﾅ", &person.kana)
            .text("利用者氏名", &person.name)
            .code("利用者性別", person.sex.code())
            .code("利用者生年月日", person.birthday)
            .text("利用者住所", &person.address)
            .code("利用者電話番号", &person.phone)
            .code("障害高齢者の日常生活自立度", "11")
            .code("認知症高齢者の日常生活自立度", "01");
        let line = if is_eligible {
            // 事業対象者 are 非該当, and found by the check list.
            line.code("要介護状態区分", "01")
                .code("基本チェックリスト記入結果", 1)
                .code("基本チェックリスト記入日", self.prevention.consulted_on)
        } else {
            line.code("要介護状態区分", person.care_level.code())
                .code("認定有効期限開始日", person.valid_from)
                .code("認定有効期間終了日", person.valid_to)
        };
        line.code("居住形態", "05")
            .code("住宅改修の有無", 2)
            .text("家族関係等の状況", "長女が隣町に住み、週末に来る")
            .text("今までの生活", "農業一筋\r\n①60歳で隠居")
            .text("１日の生活・すごし方(生活全般)", "午前は畑、午後は\"お茶の間\"ですごす")
            .text("趣味・楽しみ・特技", "園芸、囲碁")
            .code("同意日", self.prevention.consulted_on)
            .text("同意者氏名", &person.name)
    }

    /// The records of 別表1: the day, by the hour.
    pub(crate) fn day(&self) -> Vec<Line> {
        let line = |(time, own, family): &(&str, &str, &str)| {
            self.record_line()
                .text("時間", time)
                .text("本人の生活状況", own)
                .text("介護者・家族の生活状況", family)
        };
        DAY.iter().map(line).collect()
    }

    /// The records of 別表2: illnesses.
    pub(crate) fn illnesses(&self) -> Vec<Line> {
        let line = |(since, name, treatment): &(&str, &str, &str)| {
            self.record_line()
                .text("年月日", since)
                .text("病名", name)
                .text("医療機関・医師名", "架空クリニック　内科")
                .code("主治医・意見作成者フラグ", 1)
                .code("医療機関・医師電話番号", "000-0000-1111")
                .code("経過", "01")
                .text("治療中の内容", treatment)
        };
        ILLNESSES.iter().map(line).collect()
    }

    /// The record of 介護予防サービス・支援計画書.
    pub(crate) fn plan(&self) -> Line {
        let (person, plan) = (&self.client.person, &self.client.care_plan);
        let Prevention { centre, .. } = self.prevention;
        let level = match person.care_level {
            CareLevel::SupportOne => 1,
            CareLevel::SupportTwo => 2,
            _ => 3,
        };
        let planner = self.prevention.planner();
        self.kinds(self.plan_line())
            .text("利用者名", &person.name)
            .code("認定年月日", person.certified_on)
            .code("認定有効期間開始日", person.valid_from)
            .code("認定有効期間終了日", person.valid_to)
            .code("計画書区分", 11)
            .code("認定状況区分", 2)
            .code("要支援状態区分", level)
            .text("計画作成者氏名（地域包括支援センター担当者名）", "包括　担当")
            .text("計画作成者氏名（担当介護支援専門員名）", &self.cast.planner)
            .text("計画作成者事業者・事業所名", &planner.name)
            .code("初回作成日", plan.first_written_on)
            .text("担当地域包括支援センター", &centre.name)
            .text("目標とする生活(1日)", "毎朝散歩する")
            .text("目標とする生活(1年)", "町内会の旅行に行く")
            .text("【運動・移動】現在の状況", "歩行は安定しているが、段差でつまずく")
            .text("【運動・移動】本人・家族の意欲・意向", "続けて歩きたい")
            .code("【運動・移動】領域における課題の有無", 1)
            .text("【運動・移動】領域における課題（背景・原因）", "膝の痛み")
            .text("総合的な方針", "①転倒を防ぐ\r\n②人と会う機会をつくる")
            .code("同意日", plan.written_on)
            .text("同意者氏名", &person.name)
    }

    /// The records of its 別表: one 支援計画 for each service, and one of the neighbours.
    pub(crate) fn annex(&self) -> Vec<Line> {
        let services = self.client.care_plan.services.iter().map(Help::of_service);
        let all: Vec<Help<'_>> = services.chain([Help::NEIGHBOURS]).collect();
        all.iter().zip(1_u8..).map(|(help, no)| self.help_line(help, no)).collect()
    }

    fn help_line(&self, help: &Help<'_>, no: u8) -> Line {
        // 課題 and 目標 stand in the first row alone.
        let line = self.plan_line().code("課題ＮＯ", 1);
        let line = if no == 1 {
            line.text("総合的課題", "転びやすい")
                .text("課題に対する目標と具体策の提案", "週1回の体操")
                .text("具体策についての意向本人・家族", "やってみたい")
                .text("目標", "転ばずに歩く")
        } else {
            line
        };
        line.code("支援計画ＮＯ", no)
            .text("【支援計画】目標についての支援のポイント", help.point)
            .text(
                "【支援計画】本人等のセルフケアや家族の支援、インフォーマルサービス（民間サービス）",
                "毎朝の散歩",
            )
            .text(
                "【支援計画】介護保険サービス又は地域支援事業（総合事業のサービス）",
                if help.is_insured { help.kind } else { "" },
            )
            .code("利用サービスＮＯ", 1)
            .text("【利用サービス】サービス種別", help.kind)
            .text("【利用サービス】事業所(利用先)", help.place)
            .text("【利用サービス】期間", &period(self.client.person.valid_from))
    }
}

/// One 利用サービス: what it is called, who does it, and what to mind.
struct Help<'a> {
    kind: &'a str,
    place: &'a str,
    point: &'static str,
    is_insured: bool,
}

impl<'a> Help<'a> {
    const NEIGHBOURS: Self = Self {
        kind: "地域の集まり",
        place: "練習町いきいきサロン",
        point: "誘い合って出かける",
        is_insured: false,
    };

    fn of_service(service: &'a WeeklyService) -> Self {
        let Office { kind, name, .. } = &service.office;
        Self {
            kind: kind.name().unwrap_or_default(),
            place: name,
            point: "声をかけ、できることは自分でしてもらう",
            is_insured: true,
        }
    }
}

/// Half a year from a day on, as people write it.
fn period(from: Date) -> String {
    let to = last_day(months_after(from.month(), 5)).month();
    let said = |month: careplan_standard::Month| format!("{}年{}月", month.year(), month.month());
    format!("{}～{}", said(from.month()), said(to))
}

const DAY: [(&str, &str, &str); 4] = [
    ("6:00", "起床、体操", ""),
    ("9:00", "畑仕事", "長女が電話をかける"),
    ("12:30", "昼食、昼寝", ""),
    ("21:00", "就寝", ""),
];

const ILLNESSES: [(&str, &str, &str); 2] =
    [("H12年10月", "高血圧症", "内服"), ("令和3年春ごろ", "変形性膝関節症", "湿布、月1回の通院")];

#[cfg(test)]
mod tests {
    use careplan_standard::{FileKind, Month, Standard};

    use super::*;

    #[test]
    fn every_name_is_an_item_of_its_layout() {
        let version = Standard::bundled().version("202407").expect("4.1 is bundled");
        let april = Month::new(2025, 4).expect("April exists");
        let cast = Cast::default();
        for place in 0..30 {
            let client = Client::invent_prevention(1, place, april, (&cast, None));
            let prevention = client.prevention.as_ref().expect("is of 介護予防");
            let of = Subject { version, cast: &cast, client: &client, prevention };
            for (kind, lines) in [
                (FileKind::PersonRecord, vec![of.record()]),
                (FileKind::PersonRecordDay, of.day()),
                (FileKind::PersonRecordIllness, of.illnesses()),
                (FileKind::PreventionPlan, vec![of.plan()]),
                (FileKind::PreventionPlanAnnex, of.annex()),
            ] {
                let layout = version.layout(kind).expect("4.1 has the layout");
                assert!(!lines.is_empty());
                for line in lines {
                    assert_eq!(line.unknown_names(layout), [""; 0]);
                }
            }
        }
    }

    #[test]
    fn no_two_pictures_are_the_same_bytes_and_each_begins_and_ends_as_a_jpeg() {
        let april = Month::new(2025, 4).expect("April exists");
        let cast = Cast::default();
        let picture =
            |place| family_picture(&Client::invent_prevention(1, place, april, (&cast, None)));
        assert_ne!(picture(0), picture(1));
        assert_eq!(picture(0), picture(0));
        assert!(picture(0).starts_with(b"\xFF\xD8\xFF") && picture(0).ends_with(b"\xFF\xD9"));
    }
}
