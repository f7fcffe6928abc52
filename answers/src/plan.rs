//! 居宅サービス計画書 and what withdraws records: sheets from a few words.

use careplan_standard::FileKind;

use crate::{
    cast::{Office, PLANNER, Person},
    sheet::{Line, Sheet},
    unit::{of_person, supplement_of},
};

/// 居宅サービス計画作成（変更）日 of every plan here.
pub(crate) const WRITTEN_ON: &str = "20250320";

/// 第1表, 第2表, 第3表 and 補足 of a person. The rows of 第2表 and 第3表 bring their own items alone.
pub(crate) fn care_plan(person: &Person, table_2: Vec<Line>, table_3: Vec<Line>) -> Vec<Sheet> {
    let whole = |day: &'static str| {
        move |line: Line| {
            of_person(line, person)
                .put(day, WRITTEN_ON)
                .put("居宅サービス計画作成（変更）日", WRITTEN_ON)
        }
    };
    let updated = |line: Line| line.put("更新業者コード", PLANNER.number);
    let supplement = supplement_of(person, PLANNER)
        .put("居宅サービス計画作成（変更）日", WRITTEN_ON)
        .put("対象年月", "000000");
    vec![
        Sheet { kind: FileKind::PlanTable1, lines: vec![table_1(person)] },
        Sheet {
            kind: FileKind::PlanTable2,
            lines: table_2.into_iter().map(whole("居宅計画書作成年月日")).map(updated).collect(),
        },
        Sheet {
            kind: FileKind::PlanTable3,
            lines: table_3.into_iter().map(whole("週間サービス計画表作成年月日")).collect(),
        },
        Sheet { kind: FileKind::Supplement, lines: vec![supplement] },
    ]
}

fn table_1(person: &Person) -> Line {
    of_person(Line::default(), person)
        .put("作成年月日", WRITTEN_ON)
        .put("利用者郵便番号", "599-9999")
        .put("利用者住所１", "大阪府見本市練習町１－２")
        .put("居宅サービス計画作成者氏名", "見本　専門員")
        .put("介護支援事業者名", PLANNER.name)
        .put("介護支援事業者郵便番号", "599-9998")
        .put("介護支援事業者住所１", "大阪府見本市練習町９－９")
        .put("介護支援事業者コード", PLANNER.number)
        .put("居宅サービス計画作成（変更）日", WRITTEN_ON)
        .put("初回居宅サービス計画作成日", "20230401")
        .put("計画書区分", "21")
        .put("認定状況区分", "2")
        .put("認定日", "20250110")
        .put("認定有効期間開始日", "20250201")
        .put("認定有効期間終了日", "20270131")
        .put("要介護状態区分", person.level)
        .put(
            "利用者及び家族の生活に対する意向を踏まえた課題分析の結果",
            "本人：家で暮らし続けたい。",
        )
        .put("介護認定審査会の意見及びサービスの種類の指定", "特になし")
        .put("総合的な援助の方針", "①転倒を防ぐ、②人と会う機会をつくる")
        .put("更新業者コード", PLANNER.number)
}

/// A row of 第2表 by its three numbers.
pub(crate) fn help(need: u8, goal: u8, content: u8) -> Line {
    Line::default().put("課題ＮＯ", need).put("援助目標ＮＯ", goal).put("援助内容ＮＯ", content)
}

/// What a row of 第2表 says of the service: content, kind in words, how often.
pub(crate) trait Help {
    /// 課題 with its goals; the first row of a 課題 alone has them.
    fn need(self, need: &str, long: &str, short: &str) -> Self;
    /// A service of an office.
    fn by(self, office: Office, content: &str, kind: &str, often: &str) -> Self;
    /// Help beside the insurance.
    fn by_others(self, who: &str, content: &str, often: &str) -> Self;
}

impl Help for Line {
    fn need(self, need: &str, long: &str, short: &str) -> Self {
        self.put("課題", need)
            .put("長期目標", long)
            .put("短期目標", short)
            .put("長期期間", "2025/04/01～2026/03/31")
            .put("短期期間", "2025/04/01～2025/09/30")
    }

    fn by(self, office: Office, content: &str, kind: &str, often: &str) -> Self {
        self.put("サービス内容", content)
            .put("保険対象区分", "Y")
            .put("サービス種別", kind)
            .put("サービス事業者コード", office.number)
            .put("サービス事業所名", office.name)
            .put("頻度", often)
            .put("実施期間", "2025/04/01～2025/09/30")
    }

    fn by_others(self, who: &str, content: &str, often: &str) -> Self {
        self.put("サービス内容", content)
            .put("保険対象区分", "N")
            .put("サービス種別", who)
            .put("頻度", often)
    }
}

/// 第3表: a service on a day of the week, 1 is 月曜日.
pub(crate) fn weekly(weekday: u8, time: &str, service: &str) -> Line {
    let (start, end) = time.split_once('-').unwrap_or((time, time));
    Line::default()
        .put("介護サービス内容", service)
        .put("曜日", weekday)
        .put("開始時間", start)
        .put("終了時間", end)
}

/// 第3表: a daily activity.
pub(crate) fn habit(time: &str, activity: &str) -> Line {
    let (start, end) = time.split_once('-').unwrap_or((time, time));
    Line::default()
        .put("主な日常生活上の活動", activity)
        .put("開始時間(2)", start)
        .put("終了時間(2)", end)
}

/// 第3表: a service that is not weekly.
pub(crate) fn not_weekly(service: &str) -> Line {
    Line::default().put("週単位以外のサービス", service)
}

/// A record that withdraws what was sent: the person, and the rest of its key.
pub(crate) fn withdrawal(kind: FileKind, person: &Person, key: &[(&str, &str)]) -> Sheet {
    let line = of_person(Line::default(), person);
    let line = key.iter().fold(line, |line, (item, value)| line.put(item, value));
    Sheet { kind, lines: vec![line] }
}
