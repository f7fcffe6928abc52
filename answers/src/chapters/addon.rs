//! Add-ons (加算), reductions, and what counts beside the limit.

use careplan_standard::FileKind::{Slip, SlipAnnex};

use crate::{
    cast::{DAY, DOCTOR, HELPER, HELPER_2, HOME_REHAB, LARGE_DAY, NURSE, PLANNER, REHAB, ichiro},
    edit::{Edit, set, set_all},
    expected::found,
    service::{Charge, month_of, monthly, visit},
    situation::{Situation, situation, wrong},
    unit::slip,
};

pub(super) fn situations() -> Vec<Situation> {
    vec![
        time_of_the_base(),
        combined(),
        first_visit(),
        percentage(),
        percentage_computed(),
        large_day_care(),
        same_building(),
        shared_service(),
        doctor(),
        nursing(),
        rehabilitation(),
        discount(),
    ]
}

fn time_of_the_base() -> Situation {
    situation("addon.time-of-the-base", "加算は基本の時刻を持つ", "An add-on carries the time of its base")
        .story(
            "通所介護に入浴介助加算が毎回付く。",
            "加算の時刻を 9999 にするソフトと、基本と同じにするソフトがあり、取り込む側で基本と結び付かない。",
            "第6表 No.12・13: 加算の行は、基本のサービスの開始・終了時刻を持つ。",
        )
        .look(Slip, &["サービス利用日", "サービス開始時刻", "サービス終了時刻", "サービスコード"])
        .correct([slip(PLANNER, DAY, [month_of(
            ichiro(),
            [visit(DAY, "152442", 777, "0930-1630").every("水").add_on("155301", 40)],
        )])])
        .wrong(
            wrong("half-a-time", "加算の終了時刻だけ9999", "9999 at the end of the add-on")
                .edit(set(Slip, 6, "サービス終了時刻", "9999"))
                .finds([found("record.one-time-missing").at(Slip, 6, "サービス終了時刻")]),
        )
        .wrong(
            wrong("colon-in-the-time", "時刻を 9:30 と書く", "9:30 for 0930")
                .edit(set(Slip, 1, "サービス開始時刻", "9:30"))
                .finds([found("item.spreadsheet-form").at(Slip, 1, "サービス開始時刻")]),
        )
        .wrong(
 wrong("tais-on-day-care", "通所介護の行にTAISコードが残る", "A TAISコード on day care").edit(set(Slip, 1, "TAISコード", "99001-000010")).finds([found("record.equipment-code-stray").at(Slip, 1, "TAISコード")]),
)
}

fn combined() -> Situation {
    situation("addon.combined", "いくつもの加算が重なる", "Several add-ons at once")
        .story(
            "通所介護に、入浴介助加算Ⅰ、個別機能訓練加算Ⅰイ、サービス提供体制強化加算Ⅰが毎回付く。",
            "加算を基本の行の単位数に足し込むソフトがあり、サービスコードと単位数が合わなくなる。",
            "加算は1つずつ別の行にし、それぞれのサービスコードと単位数を書く。サービス提供体制強化加算は限度額管理の対象外なので、第7表 No.18 給付管理単位数を空にし、小計は 15EEEE（任意）。",
        )
        .look(Slip, &["サービス利用日", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "回数／日数", "サービス単位金額", "給付管理単位数"])
        .correct([slip(PLANNER, DAY, [month_of(
            ichiro(),
            [
                visit(DAY, "152442", 777, "0930-1630")
                    .every("水")
                    .add_on("155301", 40)
                    .add_on("155051", 56),
                visit(DAY, "156099", 22, "0930-1630").every("水").counted(Charge::Outside),
            ],
        )])])
        .wrong(
            wrong("one-item-too-few", "第7表の空の項目を詰める", "An empty item is left out")
                .edit(Edit::DropItem(SlipAnnex.into(), "割引後率"))
                .finds((1..=7).map(|n| found("record.item-count").record(SlipAnnex, n)).collect::<Vec<_>>()),
        )
}

fn first_visit() -> Situation {
    situation("addon.first-visit", "月に1回だけの加算（初回加算）", "An add-on once a month")
        .story(
            "新しく訪問介護を始める月に、初回加算を1回計上する。",
            "毎回付く加算と同じ作りだと、訪問の回数だけ初回加算が並ぶ。",
            "初回加算は付く日の1行だけで、第7表の回数は1。時刻はその日の基本サービスと同じ。",
        )
        .look(Slip, &["サービス利用日", "サービス開始時刻", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "回数／日数", "給付管理単位数"])
        .correct([slip(
            PLANNER,
            HELPER,
            [month_of(
                ichiro(),
                [
                    visit(HELPER, "111211", 387, "0900-1000").every("木"),
                    visit(HELPER, "114001", 200, "0900-1000").on([3]),
                ],
            )],
        )])
        .wrong(
            wrong("no-subtotal", "加算を小計に数えない", "No subtotal for base and add-on")
                .edit(Edit::DropRecord(SlipAnnex.into(), 3))
                .finds([found("annex.subtotal-missing").record(SlipAnnex, 1)]),
        )
}

fn percentage() -> Situation {
    situation("addon.percentage", "率で決まる加算（処遇改善加算）", "An add-on by percentage")
        .story(
            "訪問介護に介護職員等処遇改善加算Ⅰ（24.5％）が付く。単位数は月の合計から決まり、1回の単位数はない。",
            "第6表に1回あたりの単位数を割り振るソフトがあり、端数が合わない。",
            "第6表 No.8: 率で計算する加算で求められないときは0。第7表では月の単位数を書き、限度額管理の対象外なので No.18 は空、小計は 11EEEE（任意）。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "給付管理単位数", "費用総額保険／事業対象分"])
        .correct([slip(PLANNER, HELPER, [month_of(
            ichiro(),
            [
                visit(HELPER, "111211", 387, "0900-1000").every("月木"),
                monthly(HELPER, "116275", 0).on([28]).counted(Charge::Share(245)),
            ],
        )])])
        .wrong(
            wrong("percent-in-the-units", "単位数に「24.5%」と書く", "24.5% for units")
                .edit(set(Slip, 9, "単位数", "24.5%"))
                .finds([found("item.form").at(Slip, 9, "単位数")]),
        )
        .wrong(
            wrong("total-left-out", "合計行に率の加算を入れ忘れ、行ごと落とす", "The total is lost")
                .edit(Edit::DropRecord(SlipAnnex.into(), 4))
                .finds([found("annex.total-missing").record(SlipAnnex, 1)]),
        )
}

fn percentage_computed() -> Situation {
    situation(
        "addon.percentage-computed",
        "率の加算をソフトが計算できるとき",
        "An add-on by percentage that the software computes",
    )
    .story(
        "通所介護の処遇改善加算を、ソフトが月の単位数（777×5回の9.2％＝357単位）まで計算している。",
        "計算できるのに0と書くか、計算した値を書くか、どちらも見られる。受け取る側はどちらも読めなければならない。",
        "第6表 No.8 の0は「求められないとき」。計算できるソフトは計算した値を書いてよい。第7表の値は同じになる。",
    )
    .illustrative()
    .look(Slip, &["サービス利用日", "サービスコード", "単位数"])
    .look(SlipAnnex, &["サービスコード", "単位数", "サービス単位金額", "給付管理単位数"])
    .correct([slip(PLANNER, DAY, [month_of(
        ichiro(),
        [
            visit(DAY, "152442", 777, "0930-1630").every("水"),
            monthly(DAY, "156108", 357).on([30]).counted(Charge::Outside),
        ],
    )])])
    .wrong(
        wrong("decimals", "単位数を小数で書く", "Units with decimals")
            .edit(set(Slip, 6, "単位数", "357.42"))
            .finds([found("item.form").at(Slip, 6, "単位数")]),
    )
}

fn large_day_care() -> Situation {
    situation("addon.large-day-care", "大規模型の通所介護と限度額", "Large-scale day care and the limit")
        .story(
            "大規模型の通所介護（7～8時間、要介護２）を週1回使う。支払いは大規模型の744単位、限度額の計算には通常規模の777単位を使う。",
            "支払う単位数で限度額を計算すると、通常規模の人より多く使えてしまう。2つの単位数を持てないソフトもある。",
            "第7表 No.13・17 は支払う単位数、No.18 給付管理単位数は通常規模の単位数で書く。第6表 No.8 は支払う単位数。",
        )
        .illustrative()
        .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "サービス単位金額", "給付管理単位数"])
        .correct([slip(PLANNER, LARGE_DAY, [month_of(
            ichiro(),
            [visit(LARGE_DAY, "153442", 744, "0930-1630").every("水").counted(Charge::LimitedAs(777))],
        )])])
        .wrong(
            wrong("no-total", "合計行を2つの単位数のどちらで作るか決められず、出さない", "No total")
                .edit(Edit::DropRecord(SlipAnnex.into(), 2))
                .finds([found("annex.total-missing").record(SlipAnnex, 1)]),
        )
}

fn same_building() -> Situation {
    situation("addon.same-building", "同じ建物に住む人の訪問介護（減算）", "A reduction for one building")
        .story(
            "事業所と同じ建物に住む利用者の訪問介護は10％減算される。限度額は減算前の387単位で計算する。",
            "減算を負の行にするか、減算後の単位数にするかが揺れる。負の数は書けない。",
            "第6表 No.8 は減算後の単位数（348）。第7表 No.18 給付管理単位数は減算前の単位数（387）で計算する。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "単位数", "サービス単位金額", "給付管理単位数"])
        .correct([slip(PLANNER, HELPER_2, [month_of(
            ichiro(),
            [visit(HELPER_2, "111211", 348, "0900-1000").every("月").counted(Charge::LimitedAs(387))],
        )])])
        .wrong(
            wrong("minus", "減算を「-39」の行にする", "A line of minus 39")
                .edit(Edit::RepeatRecord(Slip.into(), 4))
                .edit(set(Slip, 5, "単位数", "-39"))
                .finds([found("item.form").at(Slip, 5, "単位数")]),
        )
}

fn shared_service() -> Situation {
    situation("addon.shared-service", "共生型サービス", "A service shared with disability care")
        .story(
            "障害福祉の生活介護事業所が、共生型通所介護として高齢の利用者を受け入れる。",
            "共生型は別のサービス種類ではなく、通所介護（15）の中のコードである。障害福祉の種類コードを書いてしまうことがある。",
            "サービスコードの上2桁は介護保険のサービス種類（15）。ファイル名のサービス種類コードも15。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービスコード", "単位数", "サービス事業所名"])
        .correct([slip(PLANNER, DAY, [month_of(
            ichiro(),
            [visit(DAY, "152642", 723, "1000-1600").every("木")],
        )])])
        .wrong(
            wrong("disability-kind", "障害福祉の種類コード（22ではなく生活介護）を書く", "A code of disability care")
                .edit(set(Slip, 1, "サービスコード", "S21111"))
                .finds([found("item.service-kind-not-carried").at(Slip, 1, "サービスコード")]),
        )
}

fn doctor() -> Situation {
    situation("addon.doctor", "居宅療養管理指導（限度額の対象外）", "居宅療養管理指導, beside the limit")
        .story(
            "医師による居宅療養管理指導が月2回ある。限度額の対象外である。",
            "予定に載せないソフトと、限度額に数えてしまうソフトがある。",
            "種類31は標準仕様の対象。第7表では No.18 給付管理単位数を空にし、小計は 31EEEE（任意）。合計行の給付管理単位数には入らず、費用と請求額には入る。",
        )
        .look(Slip, &["サービス利用日", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "回数／日数", "給付管理単位数", "費用総額保険／事業対象分"])
        .correct([slip(PLANNER, HELPER, [month_of(
            ichiro(),
            [
                visit(HELPER, "111211", 387, "0900-1000").every("月"),
                visit(DOCTOR, "311111", 515, "1400-1420").on([9, 23]).counted(Charge::Outside),
            ],
        )])])
        .wrong(
            wrong("to-the-clinic-of-another", "別の診療所へ送る", "To another clinic")
                .instead([slip(PLANNER, NURSE, [month_of(
                    ichiro(),
                    [visit(DOCTOR, "311111", 515, "1400-1420").on([9, 23]).counted(Charge::Outside)],
                )])])
                .finds([found("slip.not-for-destination").record(Slip, 1)]),
        )
}

fn nursing() -> Situation {
    situation("addon.nursing", "訪問看護（医療保険の分は載せない）", "Home nursing, without the medical part")
        .story(
            "訪問看護を週1回使う。月の後半は特別指示書が出て、2週間は医療保険の訪問になる。",
            "医療保険の訪問も予定表には書きたくなるが、介護保険の給付ではないので限度額も請求も変わってしまう。",
            "第6表・第7表に載せるのは介護保険の行だけ。医療保険の期間の訪問は出力せず、メッセージで伝える。",
        )
        .look(Slip, &["サービス利用日", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "回数／日数", "給付管理単位数"])
        .correct([slip(PLANNER, NURSE, [month_of(
            ichiro(),
            [visit(NURSE, "131211", 823, "1300-1400").on([1, 8, 30])],
        )])])
        .wrong(
            wrong("zero-for-the-medical-part", "医療保険の日をコードなしで載せる", "Days without a code")
                .edit(Edit::RepeatRecord(Slip.into(), 2))
                .edit(set(Slip, 3, "サービス利用日", "20250415"))
                .edit(set(Slip, 3, "サービスコード", ""))
                .finds([found("item.missing").at(Slip, 3, "サービスコード")]),
        )
}

fn rehabilitation() -> Situation {
    situation("addon.rehabilitation", "通所リハと訪問リハ", "Rehabilitation, there and at home")
        .story(
            "通所リハビリテーションを週2回、訪問リハビリテーションを週1回（20分を2回＝40分）使う。",
            "訪問リハは20分を1回と数えるので、1日の回数が2になる。1回と書くと単位数が半分になる。",
            "サービス回数（No.14）は1日の回数。訪問リハ40分は2。第7表の回数は月の合計。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービスコード", "サービス回数", "単位数"])
        .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "給付管理単位数"])
        .correct([slip(
            PLANNER,
            REHAB,
            [month_of(
                ichiro(),
                [
                    visit(REHAB, "161142", 850, "1000-1600").every("月木"),
                    visit(HOME_REHAB, "141111", 308, "1400-1440").every("土").times(2),
                ],
            )],
        )])
        .wrong(
            wrong("no-count", "サービス回数が空", "No count")
                .edit(set(Slip, 9, "サービス回数", ""))
                .finds([found("item.missing").at(Slip, 9, "サービス回数")]),
        )
}

fn discount() -> Situation {
    situation("addon.discount", "割引を行う事業所", "An office that gives a discount")
        .story(
            "通所介護事業所が届け出て、昼の空いた時間帯を5％割り引いている。777単位が738単位になる。",
            "第6表と第7表のどちらに割引前・割引後を書くかで食い違う。",
            "第6表 No.8 は割引後の単位数。第7表は No.13 単位数に割引前、No.14 割引後率（95）、No.15 割引後単位数に割引後を書く。小計・合計の行では空。",
        )
        .look(Slip, &["サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "単位数", "割引後率", "割引後単位数", "サービス単位金額"])
        .correct([slip(PLANNER, DAY, [month_of(
            ichiro(),
            [visit(DAY, "152442", 777, "0930-1630").every("水").discounted(95)],
        )])])
        .wrong(
            wrong("rate-as-a-fraction", "割引後率を「0.95割」と書く", "A rate in words")
                .edit(set(SlipAnnex, 1, "割引後率", "95%"))
                .finds([found("item.form").at(SlipAnnex, 1, "割引後率")]),
        )
        .wrong(
 wrong("discount-on-the-total", "合計行にも割引後率を書く", "A discount on the total").edit(set(SlipAnnex, 2, "割引後率", "95")).finds([found("annex.sum-line-discount").at(SlipAnnex, 2, "割引後率")]),
)
        .wrong(
 wrong("full-units-in-the-slip", "第6表に割引前の単位数を書く", "Full units in 第6表").edit(set_all(Slip, "単位数", "777")).finds([found("unit.units-differ").record(SlipAnnex, 1)]),
)
}
