//! 実績: what was provided, from the service office to the planner.

use careplan_standard::FileKind::{Results, Slip};

use crate::{
    cast::{DAY, HEALTH_STAY, HELPER, HELPER_2, PLANNER, REHAB, hanayo, ichiro},
    edit::{Edit, rename, rename_all, set, set_all},
    expected::{found, second},
    service::{month_of, monthly, visit},
    situation::{Situation, situation, wrong},
    unit::results,
};

pub(super) fn situations() -> Vec<Situation> {
    vec![
        as_planned(),
        none_at_all(),
        cancelled(),
        added(),
        moved(),
        satellites(),
        corrected(),
        two_kinds(),
        own_rows(),
    ]
}

fn as_planned() -> Situation {
    situation("results.as-planned", "予定どおりの実績", "Provided as planned")
        .story(
            "訪問介護事業所が、予定どおりに提供した4月分の実績を居宅介護支援事業所へ返す。",
            "実績に第7表や補足を付けるソフト、更新業者を居宅のままにするソフトがある。",
            "送信単位(5): UPJSK（第6表と同じ項目）だけ。更新業者コード（No.24）は実績ではサービス事業所、プラン担当業者コード（No.6）は居宅介護支援事業所。",
        )
        .look(Results, &["サービス利用日", "サービスコード", "サービス事業者コード", "更新業者コード"])
        .correct([results(HELPER, PLANNER, [month_of(
            ichiro(),
            [visit(HELPER, "111111", 244, "1000-1030").every("火")],
        )])])
        .wrong(
            wrong("named-as-a-plan", "ファイル名をUPPLANにする", "Named as 予定")
                .edit(rename(Results, "UPJSK_", "UPPLAN_"))
                .finds([
                    found("name.role").file(Slip),
                    found("name.unusual-role").file(Slip),
                    found("unit.member-missing"),
                    found("unit.member-missing"),
                ]),
        )
        .wrong(
            wrong("month-of-the-sending", "ファイル名の年月を送る月にする", "The month of sending in the name")
                .edit(rename(Results, "_202504_", "_202505_"))
                .finds([found("name.month-differs").at(Results, 1, "対象年月")]),
        )
        .wrong(
 wrong("planner-is-the-office-itself", "プラン担当業者を自事業所にする", "The office itself as planner").edit(set_all(Results, "プラン担当業者コード", "2770200036")).finds([found("party.planner-differs").at(Results, 1, "プラン担当業者コード")]),
)
        .wrong(
 wrong("updater-is-the-planner", "更新業者を居宅のままにする", "The planner as updater").edit(set_all(Results, "更新業者コード", "2770100012")).finds([found("party.updater-differs").at(Results, 1, "更新業者コード")]),
)
}

fn none_at_all() -> Situation {
    situation("results.none-at-all", "実績が1件もない月", "No results at all")
        .story(
            "利用者が入院し、4月は1回も提供しなかった。2人のうち1人には実績があるので、その人の分だけを送る。",
            "0件の人の行を回数0で出すソフトがある。全員が0件なら空のファイルになる。",
            "実績は提供した行だけを載せる。1件もない実績は送れないので、メッセージ（「4月のご利用はありません」）やPDFで知らせる。",
        )
        .look(Results, &["被保険者番号", "サービス利用日", "サービス回数"])
        .correct([results(HELPER, PLANNER, [month_of(
            hanayo(),
            [visit(HELPER, "111211", 387, "1100-1200").every("金")],
        )])])
        .wrong(
            wrong("empty-file", "空のファイルを送る", "An empty file")
                .edit(Edit::Empty(Results.into()))
                .finds([found("csv.empty-file").file(Results)]),
        )
        .wrong(
            wrong("no-day", "利用日のない行を送る", "A row without a day")
                .edit(set(Results, 1, "サービス利用日", "00000000"))
                .finds([found("item.date-not-real").at(Results, 1, "サービス利用日")]),
        )
}

fn cancelled() -> Situation {
    situation("results.cancelled", "キャンセルされたサービス", "Services that were cancelled")
        .story(
            "5回の予定のうち、15日は体調不良でキャンセルになった。",
            "キャンセルの行を回数0や単位数0で残すソフトでは、受け取る側が提供したと読む。",
            "提供しなかった日の行は出力しない。取り消しの理由はメッセージで伝える。",
        )
        .look(Results, &["サービス利用日", "サービス開始時刻", "サービスコード", "サービス回数"])
        .correct([results(
            HELPER,
            PLANNER,
            [month_of(ichiro(), [visit(HELPER, "111111", 244, "1000-1030").on([1, 8, 22, 29])])],
        )])
        .wrong(
            wrong("word-for-the-count", "回数に「欠」と書く", "A word for the count")
                .edit(Edit::RepeatRecord(Results.into(), 2))
                .edit(set(Results, 3, "サービス利用日", "20250415"))
                .edit(set(Results, 3, "サービス回数", "欠"))
                .finds([found("item.form").at(Results, 3, "サービス回数")]),
        )
}

fn added() -> Situation {
    situation("results.added", "予定にないサービスが増えた", "Services that were not planned")
        .story(
            "17日に急な依頼があり、予定にない訪問と緊急時訪問介護加算が増えた。",
            "予定の行に実績を書き込む作りのソフトでは、予定にない行を出せない。",
            "実績は予定との対応を求めない。提供したものを、加算も含めて1行ずつ載せる。",
        )
        .look(Results, &["サービス利用日", "サービス開始時刻", "サービスコード", "単位数"])
        .correct([results(
            HELPER,
            PLANNER,
            [month_of(
                ichiro(),
                [
                    visit(HELPER, "111111", 244, "1000-1030").every("火"),
                    visit(HELPER, "111111", 244, "1520-1550").on([17]).add_on("114000", 100),
                ],
            )],
        )])
        .wrong(
            wrong("no-service-code", "コードの決まらない行を空で出す", "A row without its code")
                .edit(set(Results, 7, "サービスコード", ""))
                .finds([found("item.missing").at(Results, 7, "サービスコード")]),
        )
}

fn moved() -> Situation {
    situation("results.moved", "日時を変えて提供した", "Provided at another time")
        .story(
            "22日10時の予定を、23日14時に振り替えて提供した。",
            "予定の日の行に実績を書くと、提供していない日に提供したことになる。",
            "実績の利用日・時刻（No.10・12・13）は実際のもの。予定の日の行は出さない。",
        )
        .look(Results, &["サービス利用日", "サービス開始時刻", "サービス終了時刻"])
        .correct([results(
            HELPER,
            PLANNER,
            [month_of(
                ichiro(),
                [
                    visit(HELPER, "111111", 244, "1000-1030").on([1, 8, 15, 29]),
                    visit(HELPER, "111111", 244, "1400-1430").on([23]),
                ],
            )],
        )])
        .wrong(
            wrong("end-without-its-zero", "時刻の先頭の0が落ちる", "A time without its zero")
                .edit(set(Results, 1, "サービス開始時刻", "930"))
                .finds([found("item.leading-zeros-lost").at(Results, 1, "サービス開始時刻")]),
        )
}

fn satellites() -> Situation {
    situation("results.satellites", "サテライトがある事業所", "An office with satellites")
        .story(
            "訪問介護事業所に2つのサテライトがあり、本体と合わせて3か所から提供した。",
            "サテライトごとにファイルを分けて送ると、後のファイルが先のファイルを置き換える。",
            "1つの事業所番号・サービス種類で1ファイルとし、サテライトの分も一緒に入れる。第6表 No.22 サテライト枝番は本体では空、サテライトでは2桁。",
        )
        .look(Results, &["サービス利用日", "サービス事業者コード", "サテライト枝番"])
        .correct([results(HELPER, PLANNER, [month_of(
            ichiro(),
            [
                visit(HELPER, "111111", 244, "1000-1030").every("月"),
                visit(HELPER, "111111", 244, "1000-1030").every("水").at_satellite("01"),
                visit(HELPER, "111111", 244, "1000-1030").every("金").at_satellite("02"),
            ],
        )])])
        .wrong(
            wrong("branch-of-one-digit", "枝番を1桁で書く", "A branch of one digit")
                .edit(set(Results, 5, "サテライト枝番", "1"))
                .finds([found("item.leading-zeros-lost").at(Results, 5, "サテライト枝番")]),
        )
        .wrong(
            wrong("a-file-for-each", "サテライトごとに分け、同じ連番で送る", "A file for each satellite")
                .edit(Edit::AddFile(
                    "UPJSK_202504_2770200036_11_2770100012_43_20250428171502.csv",
                    b"202407,271004,0000201001,20250325,202504,2770100012,,244,,20250402,,1000,1030,1,111111,,,,,2770200036,,01,0,2770200036,\r\n".to_vec(),
                ))
                .finds([
                    found("unit.member-twice"),
                    found("name.case-only-differs").file(second(Results)),
                ]),
        )
}

fn corrected() -> Situation {
    situation("results.corrected", "実績を訂正して送り直す", "Results are corrected")
        .story(
            "送った実績に1日分の誤りがあった。訂正して送り直す。",
            "直した行だけを送るソフトがある。受け取る側は月をまるごと置き換えるので、ほかの日が消える。",
            "訂正は、前に送ったサービス種類・サテライトのすべてを含めて、その月の全部をもう一度送る。削除を先に送る必要はない。連番は新しくする。",
        )
        .look(Results, &["サービス利用日", "サービス開始時刻", "サービスコード"])
        .correct([results(HELPER, PLANNER, [month_of(
            ichiro(),
            [
                visit(HELPER, "111111", 244, "1000-1030").on([1, 8, 15, 22]),
                visit(HELPER, "111211", 387, "1000-1100").on([29]),
            ],
        )])
        .sequence("20250512093000")])
        .wrong(
            wrong("sequence-that-is-no-time", "連番の末尾を通し番号にする", "A running number in the sequence")
                .edit(rename_all("20250512093000", "20250512093099"))
                .finds([found("name.sequence-not-a-time").file(Results)]),
        )
        .wrong(
            wrong("copied-with-a-number", "ファイルを写して「 (1)」が付いた", "A copy with (1)")
                .edit(rename(Results, "20250512093000", "20250512093000 (1)"))
                .finds([found("name.sequence").file(Results)]),
        )
}

fn two_kinds() -> Situation {
    situation("results.two-kinds", "1つの番号で2つのサービスを行う事業所", "One number, two services")
        .story(
            "老健が、通所リハビリ（16）と短期入所療養介護（22）の実績を返す。事業所番号は1つである。",
            "2つの種類を1つのファイルに入れると、どちらの担当が送ったのかがわからず、後の送信が先の送信を置き換える。",
            "4.1では、事業所番号とサービス種類ごとに1ファイルとし、別の連番で送る（ファイル名の送信元サービス種類コード）。",
        )
        .illustrative()
        .only_newest("3.2のファイル名には種類コードがないので、2つの種類を1つのファイルに入れる。")
        .look(Results, &["サービス利用日", "サービスコード", "サービス事業者コード"])
        .correct([
            results(REHAB, PLANNER, [month_of(
                ichiro(),
                [visit(REHAB, "161142", 850, "1000-1600").every("月")],
            )]),
            results(HEALTH_STAY, PLANNER, [month_of(
                ichiro(),
                [monthly(HEALTH_STAY, "221122", 801).each_day(16, 18).after_days(0)],
            )]),
        ])
        .wrong(
            wrong("one-sequence-for-both", "2つのファイルを同じ連番で送る", "One sequence for both")
                .edit(rename(second(Results), "20250428171503", "20250428171502"))
                .finds([found("unit.parties-differ"), found("unit.member-twice")]),
        )
}

fn own_rows() -> Situation {
    situation("results.own-rows", "自事業所の行だけを返す", "An office's own rows alone")
        .story(
            "受け取った予定には、ほかの事業所の行も入っている。通所介護事業所は、自分の行だけを実績として返す。",
            "受け取った予定をそのまま実績にして返すと、ほかの事業所の提供まで報告したことになる。",
            "サービス事業所の実績は自事業所の行だけ。委託先居宅が地域包括支援センターへ送るときは、サービス事業所の行をそのまま載せる。3.2では区別できないので警告になる。",
        )
        .look(Results, &["サービス利用日", "サービスコード", "サービス事業者コード"])
        .correct([results(DAY, PLANNER, [month_of(
            ichiro(),
            [visit(DAY, "152442", 777, "0930-1630").every("水")],
        )])])
        .wrong(
            wrong("the-whole-plan-back", "予定をそのまま返す", "The whole plan is sent back")
                .instead([results(DAY, PLANNER, [month_of(
                    ichiro(),
                    [
                        visit(DAY, "152442", 777, "0930-1630").every("水"),
                        visit(HELPER, "111111", 244, "1000-1030").every("火"),
                    ],
                )])])
                .finds([found("results.other-office").at(Results, 6, "サービス事業者コード")]),
        )
        .wrong(
            wrong("the-whole-plan-back-in-version-3", "同じことを3.2で", "The same in 3.2")
                .in_version("202208")
                .instead([results(DAY, PLANNER, [month_of(
                    ichiro(),
                    [
                        visit(DAY, "152442", 777, "0930-1630").every("水"),
                        visit(HELPER_2, "111111", 244, "1000-1030").every("火"),
                    ],
                )])])
                .finds([found("results.other-office-v3").at(Results, 6, "サービス事業者コード")]),
        )
}
