//! 福祉用具貸与: kinds 17 and 67.

use careplan_standard::FileKind::{Slip, SlipAnnex};

use crate::{
    cast::{CENTRE, HELPER, LENDER, PLANNER, hanayo, ichiro, otome},
    edit::{Edit, set, set_all},
    expected::found,
    service::{Service, Thing, lease, month_of, monthly, visit},
    situation::{Situation, situation, wrong},
    unit::slip,
};

const WHEELCHAIR: Thing = Thing::tais("99001-000010", "車いす　見本AB-1");
const BED: Thing = Thing::tais("99002-000020", "特殊寝台　見本CD-2");
const HANDRAIL_A: Thing = Thing::tais("99003-000031", "手すり　見本EF-①");
const HANDRAIL_B: Thing = Thing::tais("99003-000032", "手すり　見本EF-②");
const SLOPE: Thing = Thing::notified("999990000001", "スロープ　見本（届出）");

pub(super) fn situations() -> Vec<Situation> {
    vec![
        one_thing(),
        two_handrails_one_price(),
        several_things(),
        notified_code(),
        started_in_mid_month(),
        same_thing_twice(),
        prevention(),
    ]
}

/// 車いす, as other chapters use it.
pub(super) fn wheelchair() -> Service {
    lease("171001", 600, WHEELCHAIR)
}

fn one_thing() -> Situation {
    situation("equipment.one-thing", "車いすを1台貸す", "One wheelchair on loan")
        .story(
            "車いすを1台、月を通して貸与する。時刻はなく、月に1回分を計上する。",
            "利用日のない月額のサービスなので、利用日を空にしたり、毎日の行を30行出したりするソフトがある。",
            "第6表 No.10 サービス利用日は福祉用具や月額のサービスでも必須、No.12・No.13 は 9999、No.16 TAISコードか No.17 福祉用具届出コードのどちらかを入れる（4.1から。3.2にはこの項目がない）。",
        )
        .look(Slip, &["サービス利用日", "サービス開始時刻", "サービスコード", "TAISコード"])
        .look(SlipAnnex, &["サービスコード", "TAISコード", "用具名称（機種名）", "単位数"])
        .correct([slip(PLANNER, LENDER, [month_of(ichiro(), [wheelchair()])])])
        .wrong(
            wrong("no-day", "利用日が空", "No day")
                .edit(set(Slip, 1, "サービス利用日", ""))
                .finds([found("item.missing").at(Slip, 1, "サービス利用日")]),
        )
        .wrong(
            wrong("no-thing", "TAISコードも届出コードもない", "Neither code of the thing")
                .edit(set(Slip, 1, "TAISコード", ""))
                .edit(set(SlipAnnex, 1, "TAISコード", ""))
                .finds([
                    found("record.equipment-code-missing").at(Slip, 1, "サービスコード"),
                    found("record.equipment-code-missing").at(SlipAnnex, 1, "サービスコード"),
                ]),
        )
        .wrong(
            wrong("one-time-only", "開始だけ9999で、終了は空", "9999 and nothing")
                .edit(set(Slip, 1, "サービス終了時刻", ""))
                .finds([
                    found("item.missing").at(Slip, 1, "サービス終了時刻"),
                    found("record.one-time-missing").at(Slip, 1, "サービス開始時刻"),
                ]),
        )
}

fn two_handrails_one_price() -> Situation {
    situation(
        "equipment.two-handrails-one-price",
        "同じ単位数の手すりを2本貸す",
        "Two handrails at one price",
    )
    .story(
        "玄関と廊下に、商品は違うが単位数の同じ手すりを1本ずつ貸与する。",
        "サービスコードも単位数も同じなので、1行にまとめたり、受け取った側で片方がもう片方を上書きしたりする。",
        "第6表 No.19 明細判別コード: 17で、コードと単位数が同じで用具が違うときに連番を付ける。ほかは空にする。第7表は用具ごとに1行（No.10–12）で、2行あるので小計行（17AAAA）が要る。",
    )
    .look(Slip, &["サービスコード", "TAISコード", "明細判別コード", "用具名称（機種名）"])
    .look(SlipAnnex, &["サービスコード", "TAISコード", "回数／日数", "給付管理単位数"])
    .correct([slip(PLANNER, LENDER, [month_of(
        ichiro(),
        [
            lease("171007", 300, HANDRAIL_A).detail("1"),
            lease("171007", 300, HANDRAIL_B).detail("2"),
            visit(HELPER, "111111", 244, "1000-1030").every("火"),
        ],
    )])])
    .wrong(
        wrong("detail-code-on-a-visit", "訪問介護にも明細判別コードを付けた", "A running number on a visit")
            .edit(set(Slip, 3, "明細判別コード", "1"))
            .finds([found("record.detail-code-stray").at(Slip, 3, "明細判別コード")]),
    )
    .wrong(
        wrong("no-subtotal", "小計行（17AAAA）がない", "No subtotal")
            .edit(Edit::DropRecord(SlipAnnex.into(), 3))
            .finds([found("annex.subtotal-missing").record(SlipAnnex, 1)]),
    )
        .wrong(
 wrong("no-detail-code", "明細判別コードを付けない", "No running numbers").edit(set_all(Slip, "明細判別コード", "")).finds([found("slip.detail-code-missing").at(Slip, 2, "明細判別コード")]),
)
}

fn several_things() -> Situation {
    situation("equipment.several-things", "特殊寝台と付属品、車いすを貸す", "Several things on loan")
        .story(
            "特殊寝台、特殊寝台付属品（マットレスと柵）、車いすを1つの事業所が貸与する。",
            "付属品はコードが同じで単位数が違う。コードだけで束ねると、単位数の合わない1行になる。",
            "コードが同じでも単位数が違えば別の行であり、明細判別コードは要らない（No.19 はコードと単位数がともに同じときだけ）。",
        )
        .look(Slip, &["サービスコード", "単位数", "TAISコード", "明細判別コード"])
        .look(SlipAnnex, &["サービスコード", "TAISコード", "単位数", "給付管理単位数"])
        .correct([slip(PLANNER, LENDER, [month_of(
            hanayo(),
            [
                lease("171003", 1000, BED),
                lease("171004", 150, Thing::tais("99002-000021", "マットレス　見本CD-M")),
                lease("171004", 60, Thing::tais("99002-000022", "ベッド柵　見本CD-R")),
                wheelchair(),
            ],
        )])])
        .wrong(
            wrong("tais-without-a-hyphen", "TAISコードのハイフンを省く", "TAISコード without its hyphen")
                .edit(set(Slip, 1, "TAISコード", "99002000020"))
                .finds([found("item.length").at(Slip, 1, "TAISコード")]),
        )
        .wrong(
            wrong("full-width-hyphen", "TAISコードのハイフンが全角", "A full-width hyphen")
                .edit(set(Slip, 4, "TAISコード", "99001－000010"))
                .finds([
                    found("item.unusual-form").at(Slip, 4, "TAISコード"),
                ]),
        )
}

fn notified_code() -> Situation {
    situation("equipment.notified-code", "TAISコードのない用具を貸す", "A thing without a TAISコード")
        .story(
            "TAISコードのない商品（スロープ）を、届け出て付与された福祉用具届出コードで貸与する。",
            "届出コードをTAISコードの欄に入れるソフトや、両方を空にするソフトがある。",
            "第6表 No.17・第7表 No.11 福祉用具届出コード（12桁）。TAISコードがあればTAISコード、なければ届出コードを入れる。",
        )
        .look(Slip, &["サービスコード", "TAISコード", "福祉用具届出コード", "用具名称（機種名）"])
        .correct([slip(PLANNER, LENDER, [month_of(ichiro(), [lease("171008", 450, SLOPE)])])])
        .wrong(
            wrong("words-for-a-code", "届出コードの欄に「なし」と書く", "なし where the code belongs")
                .edit(set(Slip, 1, "福祉用具届出コード", "なし"))
                .finds([found("item.length").at(Slip, 1, "福祉用具届出コード")]),
        )
        .wrong(
            wrong("only-in-the-slip", "第7表に届出コードを出さない", "The code in 第6表 alone")
                .edit(set(SlipAnnex, 1, "福祉用具届出コード", ""))
                .finds([
                    found("record.equipment-code-missing").at(SlipAnnex, 1, "サービスコード"),
                ]),
        )
        .wrong(
 wrong("both-codes", "TAISコードと届出コードの両方を書く", "Both codes").edit(set(Slip, 1, "TAISコード", "99009-000099")).edit(set(SlipAnnex, 1, "TAISコード", "99009-000099")).finds([found("record.equipment-codes-both").at(Slip, 1, "福祉用具届出コード"), found("record.equipment-codes-both").at(SlipAnnex, 1, "福祉用具届出コード")]),
)
}

fn started_in_mid_month() -> Situation {
    situation(
        "equipment.started-in-mid-month",
        "月の途中から福祉用具を貸す（半月分）",
        "A loan that starts in mid-month",
    )
    .story(
        "16日から特殊寝台を借り始める。事業所の料金表では、半月のときは単位数を半分にする。",
        "1日の行として出力すると、いつから使うのかがわからない。日割対象日を埋めるソフトもあるが、福祉用具は日割コードではない。",
        "サービス利用日（No.10）に開始日を入れ、単位数（No.8）に半月分の単位数を入れる。日割対象日（No.11）は、日割で請求できるサービスだけに31桁で入れ、ほかは空にする。",
    )
    .look(Slip, &["サービス利用日", "日割対象日", "単位数"])
    .correct([slip(PLANNER, LENDER, [month_of(ichiro(), [lease("171003", 500, BED).on([16])])])])
    .wrong(
        wrong("day-map-of-thirty", "日割対象日を30桁で出力する", "A day map of thirty digits")
            .edit(set(Slip, 1, "日割対象日", "000000000000000111111111111111"))
            .finds([found("item.length").at(Slip, 1, "日割対象日")]),
    )
}

fn same_thing_twice() -> Situation {
    situation(
        "equipment.same-thing-twice",
        "まったく同じ用具を2つ貸す",
        "Two of the very same thing",
    )
    .story(
        "同じ商品の手すりを2本（トイレと浴室）貸与する。TAISコードも単位数も同じである。",
        "2行にして明細判別コードを付けるのか、1行で2回にするのかで、ソフトごとに違う。",
        "No.19 は「用具が違うとき」の連番なので、同じ商品なら1行とし、サービス回数（No.14）を2にする。第7表の回数（No.16）も2になる。",
    )
    .look(Slip, &["サービスコード", "TAISコード", "サービス回数", "明細判別コード"])
    .look(SlipAnnex, &["サービスコード", "TAISコード", "単位数", "回数／日数", "給付管理単位数"])
    .correct([slip(PLANNER, LENDER, [month_of(
        ichiro(),
        [lease("171007", 300, HANDRAIL_A).times(2)],
    )])])
    .wrong(
        wrong("times-in-words", "回数に「2本」と書く", "2本 for a number")
            .edit(set(Slip, 1, "サービス回数", "2本"))
            .finds([found("item.form").at(Slip, 1, "サービス回数")]),
    )
}

fn prevention() -> Situation {
    situation("equipment.prevention", "要支援の人に用具を貸す（67）", "Equipment for prevention (67)")
        .story(
            "要支援１の利用者に、地域包括支援センターが手すり2本の介護予防福祉用具貸与を計画する。",
            "17と同じつもりで明細判別コードを付けるソフトがあるが、明細判別コードは17だけの項目である。",
            "TAISコードか届出コードは67でも要る（No.16・No.17）。明細判別コード（No.19）は「17のみ」。",
        )
        .look(Slip, &["サービスコード", "TAISコード", "明細判別コード"])
        .look(SlipAnnex, &["サービスコード", "TAISコード", "給付管理単位数"])
        .correct([slip(CENTRE, LENDER.acting_as("67"), [month_of(
            otome(),
            [lend_for_prevention(HANDRAIL_A), lend_for_prevention(HANDRAIL_B)],
        )])])
        .wrong(
            wrong("detail-code-on-67", "67に明細判別コードを付ける", "A running number on kind 67")
                .edit(set(Slip, 1, "明細判別コード", "1"))
                .edit(set(Slip, 2, "明細判別コード", "2"))
                .finds([
                    found("record.detail-code-stray").at(Slip, 1, "明細判別コード"),
                    found("record.detail-code-stray").at(Slip, 2, "明細判別コード"),
                ]),
        )
        .wrong(
            wrong("spaces-in-the-kind", "サービスコードを小文字・空白入りで書く", "A code with a space")
                .edit(set_all(Slip, "サービスコード", "67 007"))
                .finds([
                    found("item.form").at(Slip, 1, "サービスコード"),
                    found("item.form").at(Slip, 2, "サービスコード"),
                ]),
        )
}

fn lend_for_prevention(thing: Thing) -> Service {
    Service { thing, ..monthly(LENDER.acting_as("67"), "671007", 300) }
}
