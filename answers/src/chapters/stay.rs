//! Short stays (短期入所) and residences for a short while.

use careplan_standard::FileKind::{Slip, SlipAnnex, Supplement};

use crate::{
    cast::{DAY, HEALTH_STAY, PLANNER, RESIDENCE, STAY, hanayo, ichiro},
    edit::{Edit, set},
    expected::found,
    service::{month_of, monthly, visit},
    situation::{Situation, situation, wrong},
    unit::slip,
};

pub(super) fn situations() -> Vec<Situation> {
    vec![
        three_nights(),
        over_30_days(),
        days_before(),
        health_facility(),
        residence(),
        with_day_care(),
    ]
}

fn three_nights() -> Situation {
    situation("stay.three-nights", "3泊4日のショートステイ", "A short stay of three nights")
        .story(
            "短期入所生活介護を11日から14日まで、3泊4日で使う。入所した日も退所した日も数える。",
            "泊数で数えるソフトは3行、日数で数えるソフトは4行になる。",
            "第6表は利用日ごとに1行で4行（No.10）、時刻がなければ 9999。第7表の回数／日数は4、当月の計画利用日数（No.31）も4。",
        )
        .illustrative()
        .look(Slip, &["前月までの短期入所利用日数", "サービス利用日", "サービスコード", "３０日超区分"])
        .look(SlipAnnex, &["サービスコード", "回数／日数", "前月までの利用日数", "当月の計画利用日数", "累積利用日数"])
        .correct([slip(PLANNER, STAY, [month_of(
            ichiro(),
            [monthly(STAY, "211122", 672).each_day(11, 14).after_days(0)],
        )])])
        .wrong(
            wrong("no-flag", "３０日超区分が空", "No flag for over 30 days")
                .edit(set(Slip, 1, "３０日超区分", ""))
                .finds([found("item.missing").at(Slip, 1, "３０日超区分")]),
        )
}

fn over_30_days() -> Situation {
    situation("stay.over-30-days", "連続30日を超えるショートステイ", "A stay beyond thirty days")
        .story(
            "3月28日から続けて入所していて、4月27日で31日目になる。31日目からは全額が利用者の負担になる。",
            "30日を超えた日を保険で計算してしまう、区分を立てずに行だけ残す、行を消してしまうなどの違いがある。",
            "第6表 No.23 ３０日超区分を超えた日だけ1にする。第7表では別の行にして No.33 を1、全額を No.29 利用者負担（全額負担分）に書き、小計は 21ZZZZ（任意）。",
        )
        .illustrative()
        .look(Slip, &["前月までの短期入所利用日数", "サービス利用日", "サービスコード", "３０日超区分"])
        .look(SlipAnnex, &["サービスコード", "回数／日数", "給付管理単位数", "保険／事業費請求額", "利用者負担（全額負担分）", "３０日超区分"])
        .correct([slip(PLANNER, STAY, [month_of(
            hanayo(),
            [
                monthly(STAY, "211124", 815).each_day(1, 26).after_days(4),
                monthly(STAY, "211124", 815).each_day(27, 28).after_days(4).over_30_days(),
            ],
        )])])
        .wrong(
            wrong("flag-two", "３０日超区分に2を書く", "A flag of 2")
                .edit(set(Slip, 27, "３０日超区分", "2"))
                .finds([found("item.code-not-listed").at(Slip, 27, "３０日超区分")]),
        )
        .wrong(
            wrong("flag-as-true", "３０日超区分に true を書く", "A flag of true")
                .edit(set(Slip, 28, "３０日超区分", "true"))
                .finds([found("item.code-not-listed").at(Slip, 28, "３０日超区分")]),
        )
}

fn days_before() -> Situation {
    situation("stay.days-before", "前月までの利用日数を引き継ぐ", "Days used before this month")
        .story(
            "認定の有効期間の半分を超えないよう、短期入所の累積日数を数えている。前月までに41日使い、今月は5日使う。",
            "前月までの日数は、第6表・第7表・補足の3か所に出る。1か所だけ前月の値のままになる。",
            "第6表 No.9 と第7表 No.30 は前月までの日数（41）、第7表 No.31 は5、No.32 は46、補足 No.57 は41、No.58 は46。桁は5桁まで。",
        )
        .illustrative()
        .look(Slip, &["前月までの短期入所利用日数", "サービス利用日", "サービスコード"])
        .look(SlipAnnex, &["サービスコード", "前月までの利用日数", "当月の計画利用日数", "累積利用日数"])
        .look(Supplement, &["入所前月迄利用日数", "入所累積利用日数"])
        .correct([slip(PLANNER, STAY, [month_of(
            ichiro(),
            [monthly(STAY, "211122", 672).each_day(21, 25).after_days(41)],
        )])])
        .wrong(
            wrong("days-with-a-unit", "日数に「41日」と書く", "41日 for a number")
                .edit(set(Supplement, 1, "入所前月迄利用日数", "41日"))
                .finds([found("item.form").at(Supplement, 1, "入所前月迄利用日数")]),
        )
}

fn health_facility() -> Situation {
    situation("stay.health-facility", "老健の短期入所療養介護", "A short stay in a health facility")
        .story(
            "介護老人保健施設で短期入所療養介護（22）を使う。同じ事業所番号で通所リハビリ（16）も行っている。",
            "同じ番号に2つのサービスがあるので、どちらの担当が受け取るかは種類コードで決まる。3.2のファイル名には種類コードがない。",
            "4.1のファイル名には送信先のサービス種類コードが入る。予定は22として送る。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービスコード", "サービス事業者コード"])
        .correct([slip(PLANNER, HEALTH_STAY, [month_of(
            ichiro(),
            [monthly(HEALTH_STAY, "221122", 801).each_day(7, 9).after_days(0)],
        )])])
        .wrong(
            wrong("kind-of-the-other-service", "ファイル名の種類を16にする", "The other service's kind in the name")
                .edit(crate::edit::rename_all("_22_", "_16_"))
                .finds([found("slip.not-for-destination-kind").record(Slip, 1)]),
        )
}

fn residence() -> Situation {
    situation("stay.residence", "特定施設の短期利用（27）", "A short stay in a residence (27)")
        .story(
            "有料老人ホームの空いた部屋を、特定施設入居者生活介護（短期利用）として5日間使う。",
            "特定施設（33）は対象外だが、短期利用（27）は対象である。33のコードで出力すると送れない。",
            "対象のサービス種類: 27・28・38・68・79 は短期利用として対象、33・36・32 は対象外。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービスコード", "単位数"])
        .correct([slip(PLANNER, RESIDENCE, [month_of(
            ichiro(),
            [monthly(RESIDENCE, "271112", 609).each_day(14, 18)],
        )])])
        .wrong(
            wrong("kind-33-in-the-name", "ファイル名の種類を33にする", "Kind 33 in the name")
                .edit(crate::edit::rename_all("_27_", "_33_"))
                .finds([
                    found("name.service-kind-not-carried").file(Slip),
                    found("name.service-kind-not-carried").file(SlipAnnex),
                    found("name.service-kind-not-carried").file(Supplement),
                ]),
        )
}

fn with_day_care() -> Situation {
    situation("stay.with-day-care", "通所介護の翌日から入所する", "A stay after day care")
        .story(
            "水曜は通所介護、翌日から3日間は短期入所。入所の間は通所介護を休む。",
            "毎週の型から作ると、入所の間の通所介護が消えずに残る。残っていても検査ではわからない。",
            "第6表は実際に計画する日だけを載せる。重なりは標準仕様の誤りではないので、突合や人の目で確かめる。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービスコード", "サービス事業者コード"])
        .correct([slip(PLANNER, STAY, [month_of(
            ichiro(),
            [
                visit(DAY, "152442", 777, "0930-1630").on([2, 9, 23, 30]),
                monthly(STAY, "211122", 672).each_day(16, 18).after_days(0),
            ],
        )])])
        .wrong(
            wrong("stay-without-its-month", "対象年月が空の行がある", "A row without its month")
                .edit(set(Slip, 5, "対象年月", ""))
                .finds([found("item.missing").at(Slip, 5, "対象年月")]),
        )
        .wrong(
            wrong("stay-left-out", "送信先の短期入所の行を落とす", "The receiver's own rows are lost")
                .edit(Edit::DropRecord(Slip.into(), 7))
                .edit(Edit::DropRecord(Slip.into(), 6))
                .edit(Edit::DropRecord(Slip.into(), 5))
                .finds([found("slip.not-for-destination").record(Slip, 1)]),
        )
        .wrong(
 wrong("flag-on-day-care", "通所介護に３０日超区分を立てる", "The flag on day care").edit(set(Slip, 1, "３０日超区分", "1")).finds([found("record.over-30-days-unlikely").at(Slip, 1, "３０日超区分")]),
)
}
