//! 居宅サービス計画書: 第1表, 第2表 and 第3表 with 補足.

use careplan_standard::FileKind::{PlanTable1, PlanTable2, PlanTable3, Supplement};

use crate::{
    cast::{DAY, HELPER, LENDER, PLANNER, Person, ichiro},
    edit::{Edit, set},
    expected::found,
    plan::{Help, care_plan, habit, help, not_weekly, weekly},
    sheet::{Line, Sheet},
    situation::{Situation, situation, wrong},
    unit::sheets,
};

pub(super) fn situations() -> Vec<Situation> {
    vec![
        whole_plan(),
        repeated_texts(),
        help_beside_the_insurance(),
        three_groups(),
        housework_reason(),
        certification_pending(),
        changed_plan(),
        supplement_of_a_plan(),
    ]
}

/// The plan of others' chapters: one 課題, one service, one habit.
pub(super) fn short_plan(person: &Person) -> Vec<Sheet> {
    care_plan(
        person,
        vec![bath()],
        vec![weekly(3, "0930-1630", "通所介護"), habit("0600-0600", "起床")],
    )
}

fn bath() -> Line {
    help(1, 1, 1).need("入浴が一人では不安", "安全に入浴できる", "見守りで入浴する").by(
        DAY,
        "入浴介助",
        "通所介護",
        "週1回",
    )
}

fn whole_plan() -> Situation {
    situation("plan.whole", "居宅サービス計画書をそろえて送る", "A whole care plan")
        .story(
            "新しい計画ができたので、第1表～第3表と補足を通所介護事業所へ送る。",
            "第2表だけ、または第1表と第2表だけを送るソフトがある。3.2には第3表がないので、版によって枚数が違う。",
            "送信単位(1): 第1表＋第2表＋第3表（4.1から）＋利用者補足情報（年月は000000）を1つの連番で送る。",
        )
        .look(PlanTable1, &["居宅サービス計画作成（変更）日", "計画書区分", "認定状況区分", "要介護状態区分"])
        .look(PlanTable2, &["課題ＮＯ", "課題", "援助目標ＮＯ", "援助内容ＮＯ", "サービス内容"])
        .correct([sheets(PLANNER, DAY, short_plan(&ichiro()))])
        .wrong(
            wrong("no-supplement", "補足を送らない", "No 補足")
                .edit(Edit::DropFile(Supplement.into()))
                .finds([found("unit.member-missing")]),
        )
        .wrong(
            wrong("no-table-3", "4.1なのに第3表を送らない", "No 第3表 in 4.1")
                .edit(Edit::DropFile(PlanTable3.into()))
                .finds([found("unit.member-missing")]),
        )
        .wrong(
            wrong("table-3-in-version-3", "3.2の送信に第3表を入れる", "第3表 in 3.2")
                .in_version("202208")
                .edit(Edit::AddFile(
                    "UP3KYO_2770100012_2770300042_20250428171502.CSV",
                    b"202208,271004,0000201001,20250320,20250320,,,,,,,,\r\n".to_vec(),
                ))
                .finds([found("version.layout-missing").file(PlanTable3)]),
        )
        .wrong(
 wrong("another-manager", "介護支援事業者コードが別の事業所", "Another manager").edit(set(PlanTable1, 1, "介護支援事業者コード", "2770100129")).finds([found("party.manager-differs").at(PlanTable1, 1, "介護支援事業者コード")]),
)
}

fn repeated_texts() -> Situation {
    situation("plan.repeated-texts", "同じ課題の2行目以降の文を空にする", "Repeated texts are left empty")
        .story(
            "1つの課題に援助内容が3つあり、第2表は3行になる。紙では課題の欄を1つにまとめて書く。",
            "2行目以降の課題を空にしたデータを、課題のない行として捨てるソフトがある。番号を付けずに並びだけで表すソフトもある。",
            "第2表は 課題ＮＯ・援助目標ＮＯ・援助内容ＮＯ の順に並べる（No.6・8・13、1～99）。同じ課題・目標の文は、最初の行だけに書き、後の行では空でよい。番号は省かない。",
        )
        .look(PlanTable2, &["課題ＮＯ", "課題", "援助目標ＮＯ", "長期目標", "援助内容ＮＯ", "サービス内容"])
        .correct([sheets(PLANNER, DAY, care_plan(
            &ichiro(),
            vec![
                bath(),
                help(1, 1, 2).by(HELPER, "掃除,洗濯", "訪問介護", "週1回"),
                help(1, 2, 1)
                    .put("長期目標", "家の中を安全に歩ける")
                    .put("短期目標", "手すりを使って歩く")
                    .by(LENDER, "手すりの貸与", "福祉用具貸与", "毎日"),
                help(2, 1, 1)
                    .need("外出の機会が少ない", "友人と会う", "月1回集まりに出る")
                    .by(DAY, "送迎と交流", "通所介護", "週1回"),
            ],
            vec![weekly(3, "0930-1630", "通所介護"), habit("0600-0600", "起床")],
        ))])
        .wrong(
            wrong("zero-for-a-number", "番号を0から始める", "Numbers from zero")
                .edit(set(PlanTable2, 1, "援助内容ＮＯ", "0"))
                .finds([found("item.form").at(PlanTable2, 1, "援助内容ＮＯ")]),
        )
        .wrong(
            wrong("circled-numbers", "番号を丸数字で書く", "Circled numbers")
                .edit(set(PlanTable2, 2, "援助内容ＮＯ", "②"))
                .finds([found("item.form").at(PlanTable2, 2, "援助内容ＮＯ")]),
        )
        .wrong(
 wrong("rows-out-of-order", "行が番号の順に並んでいない", "Rows out of order").edit(Edit::SwapRecords(PlanTable2.into(), 2, 3)).finds([found("plan.not-sorted").at(PlanTable2, 3, "援助目標ＮＯ"), found("plan.first-text-missing").at(PlanTable2, 3, "援助目標ＮＯ")]),
)
        .wrong(
 wrong("first-row-without-its-text", "最初の行の課題まで空にする", "The first row lacks its text").edit(set(PlanTable2, 4, "課題", "")).finds([found("plan.first-text-missing").at(PlanTable2, 4, "課題ＮＯ")]),
)
        .wrong(
 wrong("another-text-under-one-number", "同じ番号に別の課題を書く", "Another text under one number").edit(set(PlanTable2, 2, "課題", "掃除が大変")).finds([found("plan.text-differs").at(PlanTable2, 2, "課題")]),
)
}

fn help_beside_the_insurance() -> Situation {
    situation("plan.help-beside-the-insurance", "家族や地域の支え（保険対象外）", "Help beside the insurance")
        .story(
            "第2表に、長女の見守りと配食サービスも書く。介護保険の対象ではない。",
            "保険対象区分に○を入れる、事業者コードに適当な番号を入れるなど、紙の書き方のまま出力される。",
            "第2表 No.15 保険対象区分は Y か N（対象でないときは空の例もある）。No.17 事業者コードは任意なので、番号のない支えでは空にする。",
        )
        .look(PlanTable2, &["課題ＮＯ", "保険対象区分", "サービス種別", "サービス事業者コード", "頻度"])
        .correct([sheets(PLANNER, DAY, care_plan(
            &ichiro(),
            vec![
                bath(),
                help(2, 1, 1)
                    .need("食事が偏る", "三食とれる", "昼を配食でとる")
                    .by_others("配食サービス", "昼食の配達", "週5回"),
                help(2, 1, 2).by_others("長女", "夕食の見守り", "毎日"),
            ],
            vec![weekly(3, "0930-1630", "通所介護"), not_weekly("配食（平日）、通院（月1回）")],
        ))])
        .wrong(
            wrong("circle-for-yes", "保険対象区分を○で書く", "A circle for yes")
                .edit(set(PlanTable2, 1, "保険対象区分", "○"))
                .finds([found("item.code-not-listed").at(PlanTable2, 1, "保険対象区分")]),
        )
        .wrong(
            wrong("made-up-office", "番号のない支えに9桁の番号を入れる", "A number for somebody without one")
                .edit(set(PlanTable2, 3, "サービス事業者コード", "000000000"))
                .finds([found("item.unusual-form").at(PlanTable2, 3, "サービス事業者コード")]),
        )
}

fn three_groups() -> Situation {
    situation("plan.three-groups", "第3表の3つのまとまり", "The three groups of 第3表")
        .story(
            "週間サービス計画表に、曜日ごとのサービス、毎日の生活、週単位以外のサービスを載せる。",
            "紙の1行に合わせて3つを同じレコードに詰めるソフトがあり、受け取る側で起床に通所介護の曜日が付く。",
            "第3表の1件は、サービス（No.6～9）、日常生活（No.10～12）、週単位以外（No.13）のどれか1つだけを持つ。項目名の同じ開始時間・終了時間が2組ある。",
        )
        .only_newest("第3表は4.1からで、3.2にはない。3.2で送るときは第3表を除いた組になる。")
        .look(PlanTable3, &["介護サービス内容", "曜日", "開始時間", "主な日常生活上の活動", "開始時間(2)", "週単位以外のサービス"])
        .correct([sheets(PLANNER, DAY, care_plan(
            &ichiro(),
            vec![bath()],
            vec![
                weekly(3, "0930-1630", "通所介護"),
                weekly(1, "1000-1100", "訪問介護"),
                habit("0600-0600", "起床"),
                habit("1200-1230", "昼食"),
                habit("2100-2100", "就寝"),
                not_weekly("通院（月1回）、福祉用具貸与（手すり）"),
            ],
        ))])
        .wrong(
            wrong("weekday-in-words", "曜日を「水」と書く", "水 for the weekday")
                .edit(set(PlanTable3, 1, "曜日", "水"))
                .finds([found("item.code-not-listed").at(PlanTable3, 1, "曜日")]),
        )
        .wrong(
            wrong("sunday-is-zero", "曜日を0（日曜）から数える", "Weekdays from zero")
                .edit(set(PlanTable3, 2, "曜日", "0"))
                .finds([found("item.code-not-listed").at(PlanTable3, 2, "曜日")]),
        )
        .wrong(
 wrong("three-groups-in-a-row", "1件に2つのまとまりを詰める", "Two groups in one row").edit(set(PlanTable3, 1, "主な日常生活上の活動", "起床")).finds([found("record.week-groups").record(PlanTable3, 1)]),
)
        .wrong(
 wrong("start-without-end", "終了時間が空", "A start without its end").edit(set(PlanTable3, 2, "終了時間", "")).finds([found("record.week-time-missing").at(PlanTable3, 2, "終了時間")]),
)
}

fn housework_reason() -> Situation {
    situation("plan.housework-reason", "生活援助中心型の算定理由", "Why housework is charged")
        .story(
            "生活援助中心型の訪問介護を計画する。同居の家族がいるが、夜勤で日中は家事ができないので理由は「その他」になる。",
            "理由を文だけで書いて番号を空にする、番号3なのに文を空にする、のどちらも見られる。",
            "第1表 No.25 算定理由は 1＝一人暮らし、2＝家族等が障害・疾病等、3＝その他。3のときは No.26 その他理由に書く。",
        )
        .look(PlanTable1, &["生活援助中心型の算定理由", "その他理由"])
        .correct([sheets(PLANNER, DAY, short_plan(&ichiro()))
            .with(PlanTable1, 1, "生活援助中心型の算定理由", "3")
            .with(PlanTable1, 1, "その他理由", "同居の長男が夜勤で、日中は家事ができない")])
        .wrong(
            wrong("reason-in-words", "番号の欄に文を書く", "Words where the code belongs")
                .edit(set(PlanTable1, 1, "生活援助中心型の算定理由", "その他"))
                .finds([
                    found("item.code-not-listed").at(PlanTable1, 1, "生活援助中心型の算定理由"),
                    found("record.other-text-stray").at(PlanTable1, 1, "その他理由"),
                ]),
        )
        .wrong(
 wrong("three-without-words", "3と書いて、その他理由が空", "3 without its words").edit(set(PlanTable1, 1, "その他理由", "")).finds([found("record.other-text-missing").at(PlanTable1, 1, "その他理由")]),
)
}

fn certification_pending() -> Situation {
    situation("plan.certification-pending", "認定申請中の暫定プラン", "Certification is pending")
        .story(
            "新規の要介護認定を申請中で、結果を待たずに暫定の計画でサービスを始める。認定日も有効期間もまだない。",
            "空の日付を 00000000 や 99999999 で埋めるソフトがある。要介護度に見込みを入れるかどうかも揺れる。",
            "第1表 No.17・補足 No.16 認定状況区分は 1＝申請中。認定日・有効期間・要介護状態区分は任意なので、まだ決まらなければ空にする。",
        )
        .look(PlanTable1, &["計画書区分", "認定状況区分", "認定日", "要介護状態区分"])
        .look(Supplement, &["認定日", "認定状況区分", "要介護状態区分", "区分支給限度基準額"])
        .correct([pending(&["認定日", "認定有効期間開始日", "認定有効期間終了日", "要介護状態区分"])])
        .wrong(
            wrong("nines-for-no-day", "認定日を99999999で埋める", "Nines for no day")
                .edit(set(PlanTable1, 1, "認定日", "99999999"))
                .finds([found("item.date-not-real").at(PlanTable1, 1, "認定日")]),
        )
        .wrong(
            wrong("status-zero", "認定状況区分を0と書く", "A status of 0")
                .edit(set(Supplement, 1, "認定状況区分", "0"))
                .finds([found("item.code-not-listed").at(Supplement, 1, "認定状況区分")]),
        )
}

fn pending(unknown: &[&'static str]) -> crate::unit::Unit {
    let unit = sheets(PLANNER, DAY, short_plan(&ichiro()))
        .with(PlanTable1, 1, "計画書区分", "11")
        .with(PlanTable1, 1, "認定状況区分", "1")
        .with(Supplement, 1, "認定状況区分", "1")
        .with(Supplement, 1, "認定日", "")
        .with(Supplement, 1, "限度額適用開始年月日", "")
        .with(Supplement, 1, "限度額適用終了年月日", "")
        .with(Supplement, 1, "要介護状態区分", "")
        .with(Supplement, 1, "区分支給限度基準額", "");
    unknown.iter().fold(unit, |unit, item| unit.with(PlanTable1, 1, item, ""))
}

fn changed_plan() -> Situation {
    situation("plan.changed", "月の途中で計画を変更する", "The plan changes within the month")
        .story(
            "4月18日に計画を変更し、変更後の計画書を送り直す。前の計画はその日まで有効である。",
            "変更日を作成年月日だけに入れて、作成（変更）日を前のままにすると、前の計画が上書きされて消える。",
            "計画は 保険者番号＋被保険者番号＋居宅サービス計画作成（変更）日 で見分ける。第1表 No.14、第2表 No.5、第3表 No.5、補足 No.4 を同じ変更日にそろえる。",
        )
        .look(PlanTable1, &["作成年月日", "居宅サービス計画作成（変更）日", "初回居宅サービス計画作成日"])
        .look(PlanTable2, &["居宅計画書作成年月日", "居宅サービス計画作成（変更）日"])
        .correct([[PlanTable1, PlanTable2, PlanTable3, Supplement].into_iter().fold(
            sheets(PLANNER, DAY, short_plan(&ichiro())),
            |unit, kind| unit.with_all(kind, "居宅サービス計画作成（変更）日", "20250418"),
        )])
        .wrong(
            wrong("old-day-in-table-2", "第2表だけ前の計画の日のまま", "第2表 keeps the old day")
                .edit(set(PlanTable2, 1, "居宅サービス計画作成（変更）日", "20250320"))
                .finds([
                    found("unit.base-without-dependent").record(PlanTable1, 1),
                    found("unit.key-not-in-base").record(PlanTable2, 1),
                ]),
        )
}

fn supplement_of_a_plan() -> Situation {
    situation("plan.supplement-zeros", "補足の000000と00000000", "The zeros of 補足")
        .story(
            "補足は、計画書と送るときと予定と送るときで、日付と年月の書き方が逆になる。ここは計画書と送る場合。",
            "両方の項目に値を入れるソフトや、ファイル名の000000を年月にしてしまうソフトがある。",
            "計画書と送る: No.4 は作成（変更）日、No.63 とファイル名は 000000。予定と送る: No.4 は 00000000、No.63 とファイル名は対象年月。",
        )
        .look(Supplement, &["居宅サービス計画作成（変更）日", "対象年月"])
        .correct([sheets(PLANNER, DAY, short_plan(&ichiro()))])
        .wrong(
            wrong("month-in-the-name", "ファイル名に年月を入れる", "A month in the name")
                .edit(crate::edit::rename(Supplement, "_000000_", "_202504_"))
                .finds([
                    found("name.month-differs").at(Supplement, 1, "対象年月"),
                    found("unit.unknown"),
                ]),
        )
        .wrong(
            wrong("month-in-the-record", "レコードの対象年月に年月を入れる", "A month in the record")
                .edit(set(Supplement, 1, "対象年月", "202504"))
                .finds([
                    found("name.month-differs").at(Supplement, 1, "対象年月"),
                    found("record.supplement-day").at(Supplement, 1, "居宅サービス計画作成（変更）日"),
                ]),
        )
}
