//! CSVバージョン: which value a month has, and the change from 3.2 to 4.1.

use careplan_standard::FileKind::{Results, Slip, SlipAnnex, Supplement};

use crate::{
    cast::{HELPER, LENDER, PLANNER, ichiro},
    edit::{Edit, rename_all, set, set_all},
    expected::found,
    service::{month_of, visit},
    situation::{Situation, situation, wrong},
    unit::{Unit, results, slip},
};

pub(super) fn situations() -> Vec<Situation> {
    vec![
        march_2025(),
        may_2025(),
        value_of_the_version(),
        mixed(),
        equipment_items(),
        april_results(),
    ]
}

fn month() -> Unit {
    slip(
        PLANNER,
        HELPER,
        [month_of(ichiro(), [visit(HELPER, "111111", 244, "1000-1030").every("火")])],
    )
}

fn march_2025() -> Situation {
    situation("version.march-2025", "切替え前の月（2025年3月）", "The month before the change")
        .story(
            "2025年3月分の予定を出力する。4.1（202407）は2025年4月のサービスからである。",
            "ソフトを4.1に更新すると、3月分の送り直しまで4.1で出力される。",
            "版はサービス提供年月で決まる。202407は2025年4月から。3月分は202208で、種類のないファイル名にする。",
        )
        .only_in("202208", "2025年3月分は3.2で送る。4.1は2025年4月のサービスから。")
        .look(Slip, &["CSVバージョン", "対象年月", "サービス利用日"])
        .correct([month().in_month(2025, 3).sequence("20250225101500")])
        .wrong(
            wrong("newest-for-march", "3月分を4.1で送る", "March in 4.1")
                .instead([month().in_month(2025, 3).sequence("20250225101500")])
                .finds([
                    found("version.before-service-month").file(Slip),
                    found("version.before-service-month").file(SlipAnnex),
                    found("version.before-service-month").file(Supplement),
                ]),
        )
}

fn may_2025() -> Situation {
    situation("version.may-2025", "切替え後の月（2025年5月）", "The month after the change")
        .story(
            "2025年5月分の予定を、4.1に対応した相手には4.1で、まだの相手には3.2で送る。",
            "2025年4月30日以降は両方の版を送れる。どちらを使うかは、双方のソフトの対応で決まる。",
            "4.1は種類コード入りの名前と202407、3.2は種類のない名前と202208。1つの送信単位の中では混ぜない。",
        )
        .look(Slip, &["CSVバージョン", "対象年月", "サービス利用日"])
        .correct([month().in_month(2025, 5)])
        .wrong(
            wrong("old-value-in-a-new-name", "名前は4.1、値は202208", "202208 under a name of 4.1")
                .in_version("202208")
                .instead([month().in_month(2025, 5)])
                .edit(rename_all("_2770100012_2770200036_", "_2770100012_43_2770200036_11_"))
                .finds([
                    found("name.form-differs").file(Slip),
                    found("name.form-differs").file(SlipAnnex),
                    found("name.form-differs").file(Supplement),
                ]),
        )
}

fn value_of_the_version() -> Situation {
    situation("version.value", "CSVバージョンの値", "The value of the version")
        .story(
            "4.1のCSVバージョン値は202407である。仕様の公表は2024年10月、運用の始まりは2025年4月。",
            "公表の年月（202410）や、短い間だけ公表された4.0の値（202504）を書くソフトがある。",
            "No.1 CSVバージョン: 4.1は202407、3.2は202208。202404は仕様の例に見られる値なので警告にとどめる。",
        )
        .look(Slip, &["CSVバージョン", "被保険者番号", "対象年月"])
        .correct([month()])
        .wrong(
            wrong("month-of-publication", "202410と書く", "202410")
                .edit(set_all(Supplement, "CSVバージョン", "202410"))
                .finds([found("version.unknown").at(Supplement, 1, "CSVバージョン")]),
        )
        .wrong(
            wrong("value-of-4-0", "202504と書く", "202504")
                .edit(set_all(Supplement, "CSVバージョン", "202504"))
                .finds([found("version.unknown").at(Supplement, 1, "CSVバージョン")]),
        )
        .wrong(
            wrong("value-of-an-example", "例示の202404を書く", "202404, as an example has it")
                .edit(set_all(Supplement, "CSVバージョン", "202404"))
                .finds([found("version.as-printed").at(Supplement, 1, "CSVバージョン")]),
        )
}

fn mixed() -> Situation {
    situation("version.mixed", "1つの送信単位は1つの版", "One version a unit")
        .story(
            "第6表は4.1に対応し、第7表の出力は3.2のままというソフトがある。",
            "ファイル名の形はそろっているので、中身を見るまでわからない。",
            "1つのファイルのCSVバージョンは1つで、1つの送信単位の版もそろえる。",
        )
        .look(Slip, &["CSVバージョン", "サービス利用日"])
        .look(SlipAnnex, &["CSVバージョン", "サービスコード"])
        .correct([month()])
        .wrong(
            wrong("two-values-in-a-file", "1つのファイルに2つの値がある", "Two values in a file")
                .edit(set(Slip, 5, "CSVバージョン", "202404"))
                .finds([
                    found("version.mixed").at(Slip, 5, "CSVバージョン"),
                    found("version.as-printed").at(Slip, 5, "CSVバージョン"),
                ]),
        )
        .wrong(
            wrong("annex-of-version-3", "第7表だけ3.2の値と項目で書く", "第7表 of 3.2")
                .edit(Edit::DropItem(SlipAnnex.into(), "用具名称（機種名）"))
                .edit(Edit::DropItem(SlipAnnex.into(), "福祉用具届出コード"))
                .edit(Edit::DropItem(SlipAnnex.into(), "TAISコード"))
                .edit(set_all(SlipAnnex, "CSVバージョン", "202208"))
                .finds([found("name.form-differs").file(SlipAnnex), found("unit.version-differs")]),
        )
}

fn equipment_items() -> Situation {
    situation("version.equipment-items", "4.1で増えた福祉用具の3項目", "The three items of equipment in 4.1")
        .story(
            "福祉用具の予定を、4.1の相手と3.2の相手に送る。4.1にはTAISコード・届出コード・用具名称がある。",
            "3.2の並びのまま202407と書く、3.2に4.1の項目を残す、のどちらも項目の数が合わなくなる。",
            "第6表は4.1が25項目、3.2が22項目。第7表は37項目と34項目。3.2では用具を明細判別コードでしか区別できない。",
        )
        .look(Slip, &["サービスコード", "TAISコード", "福祉用具届出コード", "用具名称（機種名）", "明細判別コード"])
        .correct([slip(PLANNER, LENDER, [month_of(ichiro(), [super::equipment::wheelchair()])])])
        .wrong(
            wrong("items-of-version-3", "4.1の値で3.2の項目数", "22 items under the value of 4.1")
                .edit(Edit::DropItem(Slip.into(), "用具名称（機種名）"))
                .edit(Edit::DropItem(Slip.into(), "福祉用具届出コード"))
                .edit(Edit::DropItem(Slip.into(), "TAISコード"))
                .finds([found("record.item-count").record(Slip, 1)]),
        )
}

fn april_results() -> Situation {
    situation("version.april-results", "2025年4月分の実績の版", "The version of April's results")
        .story(
            "3.2で受け取った4月分の予定に対して、5月に実績を返す。ソフトは4.1に更新された。",
            "「4月分の実績はどちらの版か」に決まった答えはなく、双方のソフトで決まる。版が混じると取り込めない。",
            "2025年4月のサービスには4.1も3.2も使える（202407は2025年4月から、202208は2023年1月から）。ファイル名の形と値をそろえる。",
        )
        .look(Results, &["CSVバージョン", "対象年月", "サービス利用日"])
        .correct([results(HELPER, PLANNER, [month_of(
            ichiro(),
            [visit(HELPER, "111111", 244, "1000-1030").every("火")],
        )])
        .sequence("20250502091000")])
        .wrong(
            wrong("new-value-in-an-old-name", "3.2の名前で202407と書く", "202407 under a name of 3.2")
                .edit(rename_all("_2770200036_11_2770100012_43_", "_2770200036_2770100012_"))
                .finds([found("name.form-differs").file(Results)]),
        )
}
