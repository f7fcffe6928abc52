//! Records of 居宅サービス計画書: 第1表, 第2表 and 第3表.

use careplan_standard::{Date, Version};

use crate::{
    cast::{Cast, Office},
    person::{last_day, months_after},
    sheet::Line,
    week::{Client, WeeklyService},
};

/// The record of 第1表.
pub(crate) fn table_1(version: &Version, client: &Client, cast: &Cast) -> Line {
    let (person, plan) = (&client.person, &client.care_plan);
    let housework = plan.services.iter().any(|service| service.content == "生活援助");
    Line::new(version, &person.key)
        .code("作成年月日", plan.written_on)
        .text("利用者郵便番号", &person.postal)
        .text("利用者住所１", &person.address)
        .text("居宅サービス計画作成者氏名", &cast.planner)
        .text("介護支援事業者名", &cast.manager.name)
        .text("介護支援事業者郵便番号", "599-9998")
        .text("介護支援事業者住所１", "大阪府見本市練習町")
        .code("介護支援事業者コード", cast.manager.number)
        .code("居宅サービス計画作成（変更）日", plan.written_on)
        .code("初回居宅サービス計画作成日", plan.first_written_on)
        .code("計画書区分", 21)
        .code("認定状況区分", 2)
        .code("認定日", person.certified_on)
        .code("認定有効期間開始日", person.valid_from)
        .code("認定有効期間終了日", person.valid_to)
        .code("要介護状態区分", person.care_level.code())
        .text(
            "利用者及び家族の生活に対する意向を踏まえた課題分析の結果",
            "本人：住み慣れた家で暮らし続けたい。\r\n家族：\"無理のない\"範囲で手伝いたい、相談先がほしい。",
        )
        .text("介護認定審査会の意見及びサービスの種類の指定", "特になし")
        .text("総合的な援助の方針", "①転倒を防ぐ\r\n②人と会う機会をつくる")
        .code("生活援助中心型の算定理由", if housework { "1" } else { "" })
        .code("更新業者コード", cast.manager.number)
}

/// The records of 第2表: one 課題 for each service and for the leases, and one beside the insurance.
pub(crate) fn table_2(version: &Version, client: &Client, cast: &Cast) -> Vec<Line> {
    let plan = &client.care_plan;
    let mut helps: Vec<Help<'_>> = plan.services.iter().map(Help::of_service).collect();
    helps.extend(plan.leases.first().map(|lease| Help {
        problem: "室内の移動に不安がある",
        goal: "転ばずに動ける",
        content: format!("{}の貸与", lease.name),
        by: Some((&lease.office, "福祉用具貸与")),
        often: "毎日".to_owned(),
    }));
    helps.push(Help {
        problem: "外出の機会が少ない",
        goal: "友人と会う",
        content: "送り迎え,見守り".to_owned(),
        by: None,
        often: "月1回".to_owned(),
    });
    let numbered = helps.iter().zip(1..);
    numbered
        .map(|(help, no)| help.line(Line::new(version, &client.person.key), no, client, cast))
        .collect()
}

/// The records of 第3表: each service on each weekday, the day's habits, and what is not weekly.
pub(crate) fn table_3(version: &Version, client: &Client) -> Vec<Line> {
    let plan = &client.care_plan;
    let row = || {
        Line::new(version, &client.person.key)
            .code("週間サービス計画表作成年月日", plan.written_on)
            .code("居宅サービス計画作成（変更）日", plan.written_on)
    };
    let services = plan.services.iter().flat_map(|service| {
        service.weekdays.iter().map(move |weekday| {
            row()
                .text("介護サービス内容", &service.content)
                .code("曜日", weekday)
                .code("開始時間", &service.start)
                .code("終了時間", &service.end)
        })
    });
    // The day's habits have the second pair of times; the first stays empty.
    let habits = HABITS.iter().map(|(habit, start, end)| {
        row()
            .code("開始時間", "")
            .code("終了時間", "")
            .text("主な日常生活上の活動", habit)
            .code("開始時間", start)
            .code("終了時間", end)
    });
    let leases: Vec<&str> = plan.leases.iter().map(|lease| lease.name.as_str()).collect();
    let other = match leases[..] {
        [] => "通院（月1回）".to_owned(),
        _ => format!("通院（月1回）、{}", leases.join("、")),
    };
    services.chain(habits).chain([row().text("週単位以外のサービス", &other)]).collect()
}

const HABITS: [(&str, &str, &str); 3] =
    [("起床", "0630", "0630"), ("昼食", "1200", "1230"), ("就寝", "2100", "2100")];

/// One row of 第2表: a problem, its goal, and who helps.
struct Help<'a> {
    problem: &'static str,
    goal: &'static str,
    content: String,
    /// The office and サービス種別; none where it is not insured.
    by: Option<(&'a Office, &'static str)>,
    often: String,
}

impl<'a> Help<'a> {
    fn of_service(service: &'a WeeklyService) -> Self {
        let name = service.office.kind.name().unwrap_or_default();
        let (problem, goal) = match service.content.as_str() {
            "通所介護" => ("入浴が一人では不安", "安全に入浴できる"),
            "生活援助" => ("掃除や洗濯が難しい", "清潔な部屋で過ごす"),
            _ => ("着替えや排せつに手伝いが要る", "身の回りを整えて過ごす"),
        };
        Self {
            problem,
            goal,
            content: service.content.clone(),
            by: Some((&service.office, name)),
            often: format!("週{}回", service.weekdays.len()),
        }
    }

    fn line(&self, start: Line, no: u8, client: &Client, cast: &Cast) -> Line {
        let written_on = client.care_plan.written_on;
        let from = client.person.valid_from;
        let line = start
            .code("居宅計画書作成年月日", written_on)
            .code("居宅サービス計画作成（変更）日", written_on)
            .code("課題ＮＯ", no)
            .text("課題", self.problem)
            .code("援助目標ＮＯ", 1)
            .text("長期目標", self.goal)
            .text("短期目標", "手順を決め、見守りのもとで続ける")
            .text("長期期間", &period(from, 12))
            .text("短期期間", &period(from, 6))
            .code("援助内容ＮＯ", 1)
            .text("サービス内容", &self.content);
        let line = match self.by {
            Some((office, name)) => line
                .code("保険対象区分", "Y")
                .text("サービス種別", name)
                .code("サービス事業者コード", office.number)
                .text("サービス事業所名", &office.name),
            None => line.code("保険対象区分", "N").text("サービス種別", "家族"),
        };
        line.text("頻度", &self.often)
            .text("実施期間", &period(from, 6))
            .code("更新業者コード", cast.manager.number)
    }
}

/// So many months from a day on, as people write it.
fn period(from: Date, months: u32) -> String {
    let to = last_day(months_after(from.month(), months - 1));
    format!("{}～{}", slashed(from), slashed(to))
}

fn slashed(date: Date) -> String {
    format!("{:04}/{:02}/{:02}", date.month().year(), date.month().month(), date.day())
}

#[cfg(test)]
mod tests {
    use careplan_standard::{FileKind, Month, Standard, read_records};

    use super::*;
    use crate::sheet;

    fn newest() -> &'static Version {
        Standard::bundled().version("202407").expect("4.1 is bundled")
    }

    fn client(place: u32) -> Client {
        let april = Month::new(2025, 4).expect("April exists");
        Client::invent(1, place, april, &Cast::default())
    }

    #[test]
    fn every_name_is_an_item_of_its_layout() {
        let (client, cast) = (client(0), Cast::default());
        let layout = |kind| newest().layout(kind).expect("4.1 has the layout");
        let first = table_1(newest(), &client, &cast);
        assert_eq!(first.unknown_names(layout(FileKind::PlanTable1)), [""; 0]);
        for line in table_2(newest(), &client, &cast) {
            assert_eq!(line.unknown_names(layout(FileKind::PlanTable2)), [""; 0]);
        }
        for line in table_3(newest(), &client) {
            assert_eq!(line.unknown_names(layout(FileKind::PlanTable3)), [""; 0]);
        }
    }

    #[test]
    fn each_row_of_table_3_fills_one_of_its_three_groups() {
        let layout = newest().layout(FileKind::PlanTable3).expect("4.1 has 第3表");
        let bytes = sheet::write(layout, &table_3(newest(), &client(0))).expect("all is MS932");
        for record in read_records(&bytes).records() {
            let is_filled = |no| record.field(no).is_some_and(|field| !field.is_empty());
            let groups = [[6, 7, 8, 9].as_slice(), &[10, 11, 12], &[13]];
            let filled = groups.iter().filter(|group| group.iter().any(|no| is_filled(*no)));
            assert_eq!(filled.count(), 1, "record {}", record.number());
        }
    }

    #[test]
    fn table_2_numbers_its_problems_and_ends_with_what_is_not_insured() {
        let layout = newest().layout(FileKind::PlanTable2).expect("4.1 has 第2表");
        let lines = table_2(newest(), &client(0), &Cast::default());
        let bytes = sheet::write(layout, &lines).expect("all is MS932");
        let reading = read_records(&bytes);
        let at = |record: &careplan_standard::Record<'_>, no| {
            record.field(no).map(|field| field.text()).unwrap_or_default()
        };
        let records: Vec<_> = reading.records().collect();
        for (record, no) in records.iter().zip(1..) {
            assert_eq!(at(record, 6), no.to_string());
        }
        assert_eq!(at(&records[records.len() - 1], 15), "N");
    }
}
