//! 利用者基本情報 and 介護予防サービス・支援計画書, which 4.1 alone has.

use careplan_standard::FileKind;

use crate::{
    cast::{CENTRE, Person},
    sheet::{Line, Sheet},
    unit::of_person,
};

/// 相談日 of every 利用者基本情報 here.
pub(crate) const ASKED_ON: &str = "20250301";
/// 計画作成(変更)日 of every 支援計画書 here.
pub(crate) const WRITTEN_ON: &str = "20250320";
/// The smallest picture that is a JPEG by its look.
pub(crate) const PICTURE: &[u8] =
    b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xFF\xD9";
/// Stands for the name of the first picture of the unit.
pub(crate) const FIRST_PICTURE: &str = "{picture}";

/// 利用者基本情報 with 別表1 and 別表2.
pub(crate) fn person_record(person: &Person) -> Vec<Sheet> {
    let own = || of_person(Line::default(), person).put("相談日", ASKED_ON);
    let day = |time: &str, what: &str| own().put("時間", time).put("本人の生活状況", what);
    let illness = |since: &str, name: &str| {
        own()
            .put("年月日", since)
            .put("病名", name)
            .put("医療機関・医師名", "架空クリニック　内科")
            .put("主治医・意見作成者フラグ", "1")
            .put("経過", "01")
            .put("治療中の内容", "内服")
    };
    vec![
        Sheet { kind: FileKind::PersonRecord, lines: vec![record(person)] },
        Sheet {
            kind: FileKind::PersonRecordDay,
            lines: vec![day("6:00", "起床、体操"), day("9:00", "畑仕事"), day("21:00", "就寝")],
        },
        Sheet {
            kind: FileKind::PersonRecordIllness,
            lines: vec![
                illness("H12年10月", "高血圧症"),
                illness("令和3年春ごろ", "変形性膝関節症"),
            ],
        },
    ]
}

fn record(person: &Person) -> Line {
    of_person(Line::default(), person)
        .put("相談日", ASKED_ON)
        .put("計画種類", "1")
        .put("委託の有無", "1")
        .put("作成担当者", "包括　担当")
        .put("相談方法", "01")
        .put("相談回数", "01")
        .put("利用者の現況", "01")
        .put("利用者氏名ﾌﾘｶﾞﾅ", person.kana)
        .put("利用者氏名", person.name)
        .put("利用者性別", person.sex)
        .put("利用者生年月日", person.birthday)
        .put("利用者住所", "大阪府見本市練習町１－２")
        .put("利用者電話番号", "000-0000-0000")
        .put("障害高齢者の日常生活自立度", "11")
        .put("認知症高齢者の日常生活自立度", "01")
        .put("要介護状態区分", person.level)
        .put("認定有効期限開始日", "20250201")
        .put("認定有効期間終了日", "20270131")
        .put("居住形態", "05")
        .put("住宅改修の有無", "2")
        .put("家族関係等の状況", "長女が隣町に住む")
        .put("今までの生活", "農業一筋")
        .put("趣味・楽しみ・特技", "園芸")
        .put("同意日", ASKED_ON)
        .put("同意者氏名", person.name)
}

/// 介護予防サービス・支援計画書 with 別表: one 課題 with two 支援計画, the second with two services.
pub(crate) fn prevention_plan(person: &Person) -> Vec<Sheet> {
    let plan = of_person(Line::default(), person)
        .put("計画作成(変更)日", WRITTEN_ON)
        .put("計画種類", "1")
        .put("委託の有無", "1")
        .put("利用者名", person.name)
        .put("認定年月日", "20250110")
        .put("認定有効期間開始日", "20250201")
        .put("認定有効期間終了日", "20270131")
        .put("計画書区分", "11")
        .put("認定状況区分", "2")
        .put("要支援状態区分", "1")
        .put("計画作成者氏名（地域包括支援センター担当者名）", "包括　担当")
        .put("計画作成者事業者・事業所名", CENTRE.name)
        .put("初回作成日", WRITTEN_ON)
        .put("担当地域包括支援センター", CENTRE.name)
        .put("目標とする生活(1日)", "毎朝散歩する")
        .put("目標とする生活(1年)", "町内会の旅行に行く")
        .put("【運動・移動】現在の状況", "歩行は安定しているが、段差でつまずく")
        .put("【運動・移動】領域における課題の有無", "1")
        .put("【運動・移動】領域における課題（背景・原因）", "膝の痛み")
        .put("同意日", WRITTEN_ON)
        .put("同意者氏名", person.name);
    vec![
        Sheet { kind: FileKind::PreventionPlan, lines: vec![plan] },
        Sheet { kind: FileKind::PreventionPlanAnnex, lines: annex(person) },
    ]
}

fn annex(person: &Person) -> Vec<Line> {
    let row = |need: u8, support: u8, service: u8| {
        of_person(Line::default(), person)
            .put("計画作成(変更)日", WRITTEN_ON)
            .put("課題ＮＯ", need)
            .put("支援計画ＮＯ", support)
            .put("利用サービスＮＯ", service)
    };
    let by = |line: Line, kind: &str, office: &str| {
        line.put("【利用サービス】サービス種別", kind)
            .put("【利用サービス】事業所(利用先)", office)
            .put("【利用サービス】期間", "2025年4月～9月")
    };
    let first = row(1, 1, 1)
        .put("総合的課題", "転びやすい")
        .put("課題に対する目標と具体策の提案", "週1回の体操")
        .put("具体策についての意向本人・家族", "やってみたい")
        .put("目標", "転ばずに歩く")
        .put("【支援計画】目標についての支援のポイント", "声かけ");
    let second = row(1, 2, 1).put("【支援計画】目標についての支援のポイント", "見守り");
    vec![
        by(first, "通所型サービス", "見本町通所型サービス"),
        by(second, "訪問型サービス", "見本町訪問型サービス"),
        by(row(1, 2, 2), "地域の集まり", "練習町いきいきサロン"),
    ]
}
