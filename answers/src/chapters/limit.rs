//! Limits: of the care level, of a kind of service, and what goes beyond.

use careplan_standard::FileKind::{Slip, SlipAnnex, Supplement};

use crate::{
    cast::{DAY, DEMENTIA_DAY, HELPER, LOCAL_DAY, NIGHT, PLANNER, hanayo, ichiro},
    edit::set,
    expected::found,
    service::{month_of, visit},
    situation::{Situation, situation, wrong},
    unit::slip,
};

const WEEK: &str = "月火水木金土日";

pub(super) fn situations() -> Vec<Situation> {
    vec![
        over_the_limit(),
        exactly_the_limit(),
        over_the_kind(),
        two_kinds_limited(),
        level_changed(),
        community_services(),
        night_service(),
        hundred_times(),
    ]
}

fn over_the_limit() -> Situation {
    situation("limit.over", "区分支給限度基準額を超える", "Over the limit of the care level")
        .story(
            "要介護２（19,705単位）の利用者が、通所介護を週5回、訪問介護を毎日使い、24,414単位になる。超えた分は全額が利用者の負担になる。",
            "紙では第7表を見れば分かったが、どのサービスで超えたかの割り振りを持たないソフトがある。事業所はメッセージに超過単位数を書いて補っている。",
            "第7表 No.21 区分支給限度基準超単位数・No.22 基準内単位数・No.29 全額負担分、補足 No.19 区分支給限度基準額・No.56 合計限度超単位数。",
        )
        .look(SlipAnnex, &["サービスコード", "給付管理単位数", "区分支給限度基準超単位数", "区分支給限度基準内単位数", "利用者負担（全額負担分）"])
        .look(Supplement, &["要介護状態区分", "区分支給限度基準額", "合計限度超単位数"])
        .correct([slip(PLANNER, HELPER, [month_of(
            ichiro(),
            [
                visit(DAY, "152442", 777, "0930-1630").every("月火水木金"),
                visit(HELPER, "111111", 244, "1730-1800").every(WEEK),
            ],
        )])])
        .wrong(
            wrong("yen-in-words", "全額負担分に「￥」や桁区切りを付ける", "A separator in the yen")
                .edit(set(SlipAnnex, 2, "利用者負担（全額負担分）", "47,090"))
                .finds([found("item.spreadsheet-form").at(SlipAnnex, 2, "利用者負担（全額負担分）")]),
        )
        .wrong(
 wrong("sum-that-does-not-add-up", "合計行の給付管理単位数が合わない", "A total that does not add up").edit(set(SlipAnnex, 3, "給付管理単位数", "19705")).finds([found("annex.sum-differs").at(SlipAnnex, 3, "給付管理単位数")]),
)
}

fn exactly_the_limit() -> Situation {
    situation("limit.exactly", "限度額ちょうど", "Exactly the limit")
        .story(
            "要介護２の限度額19,705単位ちょうどになるよう計画する（777単位×22回＋387単位×6回＋289単位）。",
            "超過が0のとき、空にするソフトと0を書くソフトがある。どちらでも受け取れなければならない。",
            "No.19～22 は任意の数字。超過がなければ0（または空）。限度額内は超過にしない。",
        )
        .illustrative()
        .look(SlipAnnex, &["サービスコード", "給付管理単位数", "区分支給限度基準超単位数", "区分支給限度基準内単位数"])
        .correct([slip(PLANNER, DAY, [month_of(
            ichiro(),
            [
                visit(DAY, "152442", 777, "0930-1630").every("月火水木金"),
                visit(HELPER, "111211", 387, "1730-1830").on([5, 6, 12, 13, 19, 20]),
                visit(HELPER, "117211", 289, "1730-1815").on([27]),
            ],
        )])])
        .wrong(
            wrong("dash-for-none", "超過なしを「－」と書く", "A dash for none")
                .edit(set(SlipAnnex, 1, "区分支給限度基準超単位数", "－"))
                .finds([found("item.form").at(SlipAnnex, 1, "区分支給限度基準超単位数")]),
        )
        .wrong(
 wrong("limit-of-another-level", "限度額が前の要介護度のまま", "The limit of another level").edit(set(Supplement, 1, "区分支給限度基準額", "16765")).finds([found("record.limit-unusual").at(Supplement, 1, "区分支給限度基準額")]),
)
}

fn over_the_kind() -> Situation {
    situation("limit.over-the-kind", "種類支給限度基準額を超える", "Over the limit of a kind of service")
        .story(
            "保険者が条例で、通所介護の月の限度額を6,000単位と定めている。計画は777単位×8回＝6,216単位である。",
            "種類ごとの限度額がある保険者は少なく、補足の20番からの9組を空のままにするソフトが多い。",
            "補足 No.20～23（1組目）に種類コード・限度額・合計・超過を、1組目から詰めて書く。第7表 No.19・20 に種類支給限度基準の超過と基準内を書く。",
        )
        .look(SlipAnnex, &["サービスコード", "給付管理単位数", "種類支給限度基準超単位数", "種類支給限度基準内単位数", "利用者負担（全額負担分）"])
        .look(Supplement, &["１サービス種類コード", "１支給限度基準額", "１合計単位数", "１限度超単位数"])
        .correct([slip(PLANNER, DAY, [month_of(
            ichiro().limited("15", 6000),
            [visit(DAY, "152442", 777, "0930-1630").every("月木")],
        )])])
        .wrong(
            wrong("name-for-the-code", "種類コードの欄に種類の名前を書く", "A name for the kind's code")
                .edit(set(Supplement, 1, "１サービス種類コード", "通所"))
                .finds([found("item.form").at(Supplement, 1, "１サービス種類コード")]),
        )
        .wrong(
            wrong("service-code-for-the-kind", "種類コードの欄にサービスコードを書く", "A service code for the kind")
                .edit(set(Supplement, 1, "１サービス種類コード", "152442"))
                .finds([found("item.length").at(Supplement, 1, "１サービス種類コード")]),
        )
}

fn two_kinds_limited() -> Situation {
    situation("limit.two-kinds", "2つの種類に限度額がある", "Two kinds are limited")
        .story(
            "訪問介護と通所介護の両方に種類ごとの限度額がある。訪問介護は収まり、通所介護だけ超える。",
            "超えていない種類を飛ばすと、2組目から書き始めることになる。",
            "限度額のある種類はすべて、1組目から詰めて書く（No.20～）。超過のない種類は限度超単位数を0にする。",
        )
        .look(Supplement, &["１サービス種類コード", "１限度超単位数", "２サービス種類コード", "２限度超単位数"])
        .correct([slip(PLANNER, DAY, [month_of(
            ichiro().limited("11", 3000).limited("15", 3500),
            [
                visit(HELPER, "111111", 244, "1000-1030").every("火金"),
                visit(DAY, "152442", 777, "0930-1630").every("水"),
            ],
        )])])
        .wrong(
            wrong("facility-in-a-slot", "対象外の種類（33）を書く", "A kind out of scope in a slot")
                .edit(set(Supplement, 1, "２サービス種類コード", "33"))
                .finds([found("item.service-kind-not-carried").at(Supplement, 1, "２サービス種類コード")]),
        )
        .wrong(
 wrong("second-slot-alone", "2組目から書き始める", "The second slot alone").edit(set(Supplement, 1, "１サービス種類コード", "")).edit(set(Supplement, 1, "１支給限度基準額", "")).edit(set(Supplement, 1, "１合計単位数", "")).edit(set(Supplement, 1, "１限度超単位数", "")).finds([found("record.limit-slot-gap").at(Supplement, 1, "２サービス種類コード")]),
)
        .wrong(
 wrong("health-facility-of-its-own", "短期入所療養介護を2Aで書く", "2A for a stay in a medical home").edit(set(Supplement, 1, "２サービス種類コード", "2A")).finds([found("record.limit-slot-kind").at(Supplement, 1, "２サービス種類コード")]),
)
}

fn level_changed() -> Situation {
    situation("limit.level-changed", "月の途中で要介護度が変わる", "The care level changes within the month")
        .story(
            "区分変更の認定により、4月15日に要介護２から要介護４になる。通所介護の単位数は日によって変わり、その月の限度額は重いほうの30,938単位になる。",
            "1か月を1つの要介護度で計算するソフトでは、前半の単位数か限度額のどちらかが誤る。",
            "補足: No.17 要介護状態変更日、No.18 要介護状態区分は変更後、No.59 前回要介護状態区分、No.19 はその月の限度額。第6表は利用日の要介護度のコードで書き、第7表はコードごとに行が分かれる。",
        )
        .look(Slip, &["サービス利用日", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "給付管理単位数"])
        .look(Supplement, &["要介護状態変更日", "要介護状態区分", "区分支給限度基準額", "前回要介護状態区分"])
        .correct([slip(PLANNER, DAY, [month_of(
            hanayo(),
            [
                visit(DAY, "152442", 777, "0930-1630").on([2, 4, 9, 11]),
                visit(DAY, "152444", 1023, "0930-1630").on([16, 18, 23, 25, 30]),
            ],
        )])
        .with(Supplement, 1, "要介護状態変更日", "20250415")
        .with(Supplement, 1, "前回要介護状態区分", "22")])
        .wrong(
            wrong("level-by-its-number", "要介護状態区分に「4」と書く", "4 for the care level")
                .edit(set(Supplement, 1, "要介護状態区分", "4"))
                .finds([found("item.code-not-listed").at(Supplement, 1, "要介護状態区分")]),
        )
        .wrong(
            wrong("date-in-the-japanese-era", "変更日を和暦で書く", "A date in the Japanese era")
                .edit(set(Supplement, 1, "要介護状態変更日", "R7.04.15"))
                .finds([found("item.form").at(Supplement, 1, "要介護状態変更日")]),
        )
}

fn community_services() -> Situation {
    situation("limit.community-services", "地域密着型のサービス（78・72）", "Community-based services (78, 72)")
        .story(
            "地域密着型通所介護（78）と認知症対応型通所介護（72）を別の曜日に使う。",
            "定員18人以下の通所介護は15ではなく78である。事業所の規模が変わると種類コードが変わり、ファイル名の種類コードも変わる。",
            "サービスコードの上2桁とファイル名の送信先サービス種類コードは同じ種類（78）にする。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービスコード", "サービス事業者コード"])
        .correct([slip(PLANNER, LOCAL_DAY, [month_of(
            ichiro(),
            [
                visit(LOCAL_DAY, "782442", 890, "0930-1630").every("火"),
                visit(DEMENTIA_DAY, "721542", 1102, "0930-1630").every("金"),
            ],
        )])])
        .wrong(
            wrong("kind-15-in-the-name", "ファイル名の種類が15のまま", "Kind 15 in the name")
                .edit(crate::edit::rename_all("_78_", "_15_"))
                .finds([found("slip.not-for-destination-kind").record(Slip, 1)]),
        )
}

fn night_service() -> Situation {
    situation("limit.night-service", "夜間対応型訪問介護（71）", "夜間対応型訪問介護 (71)")
        .story(
            "夜間対応型訪問介護の基本（月額）と定期巡回の訪問（1回ごと）を組み合わせる。",
            "月額の行は時刻が 9999、訪問の行は時刻があり、同じ種類の中で混じる。",
            "No.12・13 は行ごとに、両方 9999 か両方時刻。同じ種類が2行以上なので小計行（71AAAA）が要る。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービス開始時刻", "サービス終了時刻", "サービスコード"])
        .look(SlipAnnex, &["サービスコード", "回数／日数", "給付管理単位数"])
        .correct([slip(PLANNER, NIGHT, [month_of(
            hanayo(),
            [
                visit(NIGHT, "711111", 989, "").on([1]),
                visit(NIGHT, "711112", 372, "2200-2220").every("月水金"),
            ],
        )])])
        .wrong(
            wrong("midnight-as-2400", "24時を2400と書く", "2400 for midnight")
                .edit(set(Slip, 2, "サービス終了時刻", "2400"))
                .finds([found("item.unusual-form").at(Slip, 2, "サービス終了時刻")]),
        )
}

fn hundred_times() -> Situation {
    situation("limit.hundred-times", "月に100回以上になる", "A hundred times a month")
        .story(
            "要介護４の利用者に、短い身体介護を1日4回、毎日計画する。月に120回になる。",
            "第7表の回数は3.2では2桁までなので、120回を書けない。4.1で3桁になった。",
            "第7表 No.16 回数／日数: 4.1は3桁、3.2（No.13）は2桁。",
        )
        .illustrative()
        .only_newest("3.2では第7表の回数が2桁までで、この計画を1行で書けない。PDFなどで伝える。")
        .look(Slip, &["サービス利用日", "サービス開始時刻", "サービス回数", "サービスコード"])
        .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "区分支給限度基準超単位数"])
        .correct([slip(
            PLANNER,
            HELPER,
            [month_of(
                hanayo(),
                [
                    visit(HELPER, "111010", 163, "0700-0715").every(WEEK),
                    visit(HELPER, "111010", 163, "1130-1145").every(WEEK),
                    visit(HELPER, "111010", 163, "1700-1715").every(WEEK),
                    visit(HELPER, "111010", 163, "2030-2045").every(WEEK),
                ],
            )],
        )])
        .wrong(
            wrong("four-digits", "回数を4桁で書く", "Four digits of times")
                .edit(set(SlipAnnex, 1, "回数／日数", "0120"))
                .finds([found("item.too-long").at(SlipAnnex, 1, "回数／日数")]),
        )
}
