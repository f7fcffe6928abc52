//! 予定: 第6表 and 第7表 of a month with 補足.

use careplan_standard::FileKind::{Slip, SlipAnnex, Supplement};

use crate::{
    cast::{BATH, DAY, HELPER, HELPER_2, LENDER, NIGHT, PLANNER, hanayo, ichiro},
    edit::{Edit, rename, set, set_all},
    expected::{found, second},
    service::{month_of, visit},
    situation::{Situation, situation, wrong},
    unit::slip,
};

pub(super) fn situations() -> Vec<Situation> {
    vec![
        one_service(),
        several_offices(),
        same_service_two_offices(),
        several_persons(),
        person_without_a_service_of_the_destination(),
        out_of_scope_left_out(),
        overnight(),
        several_times_a_day(),
        thirty_first_day(),
        leap_day(),
        bath(),
        two_months(),
    ]
}

fn one_service() -> Situation {
    situation("slip.one-service", "サービスが1つだけの予定", "One service")
        .story(
            "要介護２の利用者に、毎週火曜10時から30分の訪問介護（身体介護１）を1つだけ計画し、翌月分を訪問介護事業所へ送る。",
            "もっとも簡単な形なので、ほかの事例を読むときの土台になる。第7表はサービス1行と合計行だけで、小計行は要らない。",
            "送信単位(2): 第6表＋第7表＋利用者補足情報を1つの連番で送る。第6表は利用日ごとに1行（No.10）、第7表 No.9 の合計行は 999999 で必須、小計行（種類＋AAAA）は同じ種類が2行以上のときだけ必須。",
        )
        .look(Slip, &["サービス利用日", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "回数／日数", "給付管理単位数"])
        .correct([slip(PLANNER, HELPER, [month_of(
            ichiro(),
            [visit(HELPER, "111111", 244, "1000-1030").every("火")],
        )])])
        .wrong(
            wrong("no-total", "第7表の合計行を出力しない", "No total line")
                .edit(Edit::DropRecord(SlipAnnex.into(), 2))
                .finds([found("annex.total-missing").record(SlipAnnex, 1)]),
        )
        .wrong(
            wrong("no-annex", "第6表だけを送る", "第6表 without 第7表")
                .edit(Edit::DropFile(SlipAnnex.into()))
                .finds([found("unit.member-missing")]),
        )
        .wrong(
 wrong("own-office-on-the-total", "合計行に事業所の番号を書く", "An office on the total").edit(set(SlipAnnex, 2, "サービス事業所コード", "2770200036")).finds([found("annex.total-office").at(SlipAnnex, 2, "サービス事業所コード")]),
)
        .wrong(
 wrong("units-on-the-total", "合計行の単位数に合計を書く", "Units on the total").edit(set(SlipAnnex, 2, "単位数", "1220")).finds([found("annex.sum-line-units").at(SlipAnnex, 2, "単位数")]),
)
        .wrong(
 wrong("nines-on-every-line", "サービスの行も9999999999にする", "Nines on a service line").edit(set(SlipAnnex, 1, "サービス事業所コード", "9999999999")).finds([found("annex.total-office-elsewhere").at(SlipAnnex, 1, "サービス事業所コード"), found("unit.service-not-in-annex").record(Slip, 1), found("unit.service-not-in-slip").record(SlipAnnex, 1)]),
)
}

fn several_offices() -> Situation {
    situation("slip.several-offices", "3つの事業所が関わる予定", "Services of three offices")
        .story(
            "訪問介護、通所介護、福祉用具貸与を別々の事業所が受け持つ。予定は3事業所それぞれに送るが、どの送信にも全事業所の行を入れる。ここは通所介護事業所あて。",
            "送信先の行だけを抜き出して送るソフトがある。受け取った事業所はほかのサービスの曜日や、限度額の残りを知ることができない。",
            "第6表・第7表は、送信先にかかわらず、利用者に渡すものと同じく全事業所のサービスを載せる。",
        )
        .look(Slip, &["サービス利用日", "サービスコード", "サービス事業者コード"])
        .look(SlipAnnex, &["サービス事業所コード", "サービスコード", "給付管理単位数"])
        .correct([slip(PLANNER, DAY, [month_of(
            ichiro(),
            [
                visit(HELPER, "111211", 387, "0900-1000").every("月"),
                visit(DAY, "152442", 777, "0930-1630").every("水金"),
                super::equipment::wheelchair(),
            ],
        )])])
        .wrong(
            wrong("to-an-office-without-a-service", "関わりのない事業所へ送る", "To an office without a service")
                .instead([slip(PLANNER, LENDER, [month_of(
                    ichiro(),
                    [visit(HELPER, "111211", 387, "0900-1000").every("月")],
                )])])
                .finds([found("slip.not-for-destination").record(Slip, 1)]),
        )
}

fn same_service_two_offices() -> Situation {
    situation(
        "slip.one-kind-two-offices",
        "同じ種類のサービスを2つの事業所で使う",
        "The same kind of service by two offices",
    )
    .story(
        "人手の都合で、月曜と木曜の訪問介護を別々の事業所に頼む。コードも単位数も同じである。",
        "第7表で事業所が違う行を1行にまとめてしまうソフトがある。1行にすると、どちらの事業所が何回かがわからない。",
        "第7表は事業所・サービスコードごとに1行（No.7, No.9）。同じ種類が2行以上あるので、小計行（11AAAA）が要る。",
    )
    .look(SlipAnnex, &["サービス事業所コード", "サービスコード", "回数／日数", "給付管理単位数"])
    .correct([slip(PLANNER, HELPER, [month_of(
        ichiro(),
        [
            visit(HELPER, "111211", 387, "0900-1000").every("月"),
            visit(HELPER_2, "111211", 387, "0900-1000").every("木"),
        ],
    )])])
    .wrong(
        wrong("no-subtotal", "小計行がない", "No subtotal")
            .edit(Edit::DropRecord(SlipAnnex.into(), 4))
            .edit(Edit::DropRecord(SlipAnnex.into(), 2))
            .finds([found("annex.subtotal-over-offices").record(SlipAnnex, 1)]),
    )
}

fn several_persons() -> Situation {
    situation("slip.several-persons", "複数の利用者を1つのファイルで送る", "Several persons in one file")
        .story(
            "同じ訪問介護事業所を使う2人の予定をまとめて送る。",
            "利用者ごとにファイルを分けると、連番が利用者の数だけでき、受け取る側は何度も取り込むことになる。また、補足に1人分しか出さないソフトがある。",
            "1つのファイルに複数の利用者を入れられる。第7表と補足は、第6表と同じ利用者（保険者番号＋被保険者番号＋対象年月）を持つ。合計行は利用者ごとに1行。",
        )
        .look(Supplement, &["被保険者番号", "利用者氏名", "要介護状態区分", "区分支給限度基準額"])
        .correct([slip(PLANNER, HELPER, [
            month_of(ichiro(), [visit(HELPER, "111111", 244, "1000-1030").every("火")]),
            month_of(hanayo(), [visit(HELPER, "111211", 387, "1100-1200").every("金")]),
        ])])
        .wrong(
            wrong("one-person-in-the-supplement", "補足に2人目がいない", "補足 lacks the second person")
                .edit(Edit::DropRecord(Supplement.into(), 2))
                .finds([found("unit.base-without-dependent").record(Slip, 6)]),
        )
        .wrong(
            wrong("stranger-in-the-supplement", "補足に予定のない人がいる", "補足 has somebody without a plan")
                .edit(set(Supplement, 2, "被保険者番号", "0000209999"))
                .finds([
                    found("unit.key-not-in-base").record(Supplement, 2),
                    found("unit.base-without-dependent").record(Slip, 6),
                ]),
        )
}

fn person_without_a_service_of_the_destination() -> Situation {
    situation(
        "slip.only-persons-of-the-destination",
        "送信先のサービスを使わない人は送らない",
        "Persons without a service of the receiver stay out",
    )
    .story(
        "2人の利用者のうち、通所介護を使うのは1人だけである。通所介護事業所にはその1人だけを送る。",
        "「全員分を全事業所へ」出力するソフトでは、関わりのない人の氏名・住所・病状まで相手に渡ってしまう。",
        "送信先のサービスを1つも使わない利用者は、その事業所へ送らない。4.1ではファイル名に送信先のサービス種類があるので誤りになり、3.2では送信先が地域包括支援センターのこともあるので警告になる。",
    )
    .look(Slip, &["被保険者番号", "サービスコード", "サービス事業者コード"])
    .correct([slip(PLANNER, DAY, [month_of(
        ichiro(),
        [
            visit(DAY, "152442", 777, "0930-1630").every("水"),
            visit(HELPER, "111111", 244, "1000-1030").every("火"),
        ],
    )])])
    .wrong(
        wrong("everybody-to-everybody", "全員を全事業所へ送る", "Everybody to every office")
            .instead([everybody_to_day_care()])
            .finds([found("slip.not-for-destination").record(Slip, 6)]),
    )
    .wrong(
        wrong("everybody-in-version-3", "同じことを3.2で", "The same in 3.2")
            .in_version("202208")
            .instead([everybody_to_day_care()])
            .finds([found("slip.not-for-destination-v3").record(Slip, 6)]),
    )
}

fn everybody_to_day_care() -> crate::unit::Unit {
    slip(
        PLANNER,
        DAY,
        [
            month_of(ichiro(), [visit(DAY, "152442", 777, "0930-1630").every("水")]),
            month_of(hanayo(), [visit(HELPER, "111111", 244, "1000-1030").every("火")]),
        ],
    )
}

fn out_of_scope_left_out() -> Situation {
    situation("slip.out-of-scope-left-out", "対象外のサービスは載せない", "Services out of scope are left out")
        .story(
            "訪問介護のほかに、住宅改修や介護保険外の配食も計画している。標準仕様の対象は訪問介護だけである。",
            "紙の利用票には自費の行も書くので、そのまま出力しようとするソフトがある。施設系や居宅介護支援のコードが混じることもある。",
            "サービス種類コードの一覧にある種類だけを載せ、対象外のサービスの行は第6表にも第7表にも出力しない。配食などは第2表・第3表や、メッセージ・PDFで伝える。",
        )
        .look(Slip, &["サービスコード", "サービス事業者コード"])
        .correct([slip(PLANNER, HELPER, [month_of(
            ichiro(),
            [visit(HELPER, "111111", 244, "1000-1030").every("火")],
        )])])
        .wrong(
            wrong("facility", "特定施設（33）のコードを載せる", "A facility's code")
                .edit(set(Slip, 5, "サービスコード", "331111"))
                .finds([found("item.service-kind-not-carried").at(Slip, 5, "サービスコード")]),
        )
        .wrong(
            wrong("management-fee", "居宅介護支援費（43）を載せる", "The planner's own fee")
                .edit(set(Slip, 5, "サービスコード", "432111"))
                .finds([found("item.service-kind-not-carried").at(Slip, 5, "サービスコード")]),
        )
}

fn overnight() -> Situation {
    situation("slip.overnight", "夜間をまたぐサービス", "A service over midnight")
        .story(
            "夜間対応型訪問介護が23時30分から翌0時30分まで訪問する。",
            "終了時刻が開始時刻より小さくなるので、誤りとして弾くソフトや、2日に分けて2回と数えるソフトがある。",
            "利用日は開始した日（No.10）、開始・終了時刻はHHMM（No.12, No.13）。終了が開始より前でも標準仕様の誤りではない（この検査は確かめを促す警告だけを出す）。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービス開始時刻", "サービス終了時刻"])
        .correct([slip(PLANNER, NIGHT, [month_of(
            hanayo(),
            [visit(NIGHT, "711101", 372, "2330-0030").on([4, 11])],
        )])])
        .accept(
            found("record.end-before-start").at(Slip, 1, "サービス終了時刻"),
            "夜間をまたぐので正しい。警告は、時刻の打ち間違いに気づくためのもの。",
        )
        .accept(
            found("record.end-before-start").at(Slip, 2, "サービス終了時刻"),
            "同じ理由。",
        )
        .wrong(
            wrong("twenty-five-o-clock", "終了を2430と書く", "2430 for half past midnight")
                .edit(set_all(Slip, "サービス終了時刻", "2430"))
                .finds([
                    found("item.date-not-real").at(Slip, 1, "サービス終了時刻"),
                    found("item.date-not-real").at(Slip, 2, "サービス終了時刻"),
                ]),
        )
}

fn several_times_a_day() -> Situation {
    situation("slip.several-times-a-day", "1日に何度も訪問する", "Several visits a day")
        .story(
            "要介護４の利用者に、朝と夕の1日2回、毎日、身体介護１の訪問介護を計画する。",
            "時刻が違えば第6表は別の行になるが、第7表では同じコードなので1行になる。回数は30日×2で60回になる。",
            "第6表は時刻ごとに1行（No.12–14、サービス回数は1日の回数）。第7表の回数（No.16）は月の合計で、4.1では3桁、3.2（No.13）では2桁まで。",
        )
        .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "給付管理単位数"])
        .correct([slip(PLANNER, HELPER, [month_of(
            hanayo(),
            [
                visit(HELPER, "111111", 244, "0730-0800").every("月火水木金土日"),
                visit(HELPER, "111111", 244, "1800-1830").every("月火水木金土日"),
            ],
        )])])
        .wrong(
            wrong("start-alone", "終了時刻だけが9999", "9999 at the end alone")
                .edit(set(Slip, 31, "サービス終了時刻", "9999"))
                .finds([found("record.one-time-missing").at(Slip, 31, "サービス終了時刻")]),
        )
        .wrong(
            wrong("three-digits-in-version-3", "3.2で回数が3桁になる", "Three digits of times in 3.2")
                .in_version("202208")
                .edit(set(SlipAnnex, 1, "回数／日数", "120"))
                .finds([
                    found("item.too-long").at(SlipAnnex, 1, "回数／日数"),
                    found("annex.amount-differs").at(SlipAnnex, 1, "サービス単位金額"),
                ]),
        )
}

fn thirty_first_day() -> Situation {
    situation("slip.thirty-first-day", "31日のある月・ない月", "The thirty-first day")
        .story(
            "5月（31日まで）の予定。毎週の訪問に加え、31日にも訪問する。",
            "前の月の予定を写して作ると、30日までの月に31日の行が残る。",
            "サービス利用日（No.10）は実在する日で、対象年月（No.5）の中にある。",
        )
        .look(Slip, &["対象年月", "サービス利用日"])
        .correct([slip(
            PLANNER,
            HELPER,
            [month_of(
                ichiro(),
                [visit(HELPER, "111111", 244, "1000-1030").on([3, 10, 17, 24, 31])],
            )],
        )
        .in_month(2025, 5)])
        .wrong(
            wrong("thirty-first-of-june", "6月31日の行がある", "31 June")
                .instead([slip(
                    PLANNER,
                    HELPER,
                    [month_of(
                        ichiro(),
                        [visit(HELPER, "111111", 244, "1000-1030").on([3, 10, 17, 24])],
                    )],
                )
                .in_month(2025, 6)])
                .edit(set(Slip, 4, "サービス利用日", "20250631"))
                .finds([found("item.date-not-real").at(Slip, 4, "サービス利用日")]),
        )
        .wrong(
            wrong("day-of-the-next-month", "翌月1日の行が混じる", "A day of the next month")
                .edit(set(Slip, 5, "サービス利用日", "20250601"))
                .finds([found("record.day-outside-month").at(Slip, 5, "サービス利用日")]),
        )
        .wrong(
            wrong("one-day-too-few", "第7表の回数が1回少ない", "One time too few in 第7表")
                .edit(set(SlipAnnex, 1, "回数／日数", "4"))
                .finds([
                    found("annex.amount-differs").at(SlipAnnex, 1, "サービス単位金額"),
                    found("unit.times-differ").record(SlipAnnex, 1),
                ]),
        )
}

fn leap_day() -> Situation {
    situation("slip.leap-day", "うるう日", "The leap day")
        .story(
            "2028年2月29日（うるう年）に訪問介護がある。",
            "うるう年を見ないソフトは29日を出力できないか、実在しない年の2月29日を出力する。",
            "サービス利用日（No.10）は実在する日。2028年はうるう年なので0229があり、2027年にはない。",
        )
        .look(Slip, &["対象年月", "サービス利用日"])
        .correct([slip(PLANNER, HELPER, [month_of(
            ichiro(),
            [visit(HELPER, "111111", 244, "1000-1030").every("火")],
        )])
        .in_month(2028, 2)
        .with(Supplement, 1, "限度額適用開始年月日", "20270201")
        .with(Supplement, 1, "限度額適用終了年月日", "20300131")
        .sequence("20280126101500")])
        .wrong(
            wrong("leap-day-in-another-year", "うるう年でない年の2月29日", "29 February of a common year")
                .instead([slip(PLANNER, HELPER, [month_of(
                    ichiro(),
                    [visit(HELPER, "111111", 244, "1000-1030").every("火")],
                )])
                .in_month(2027, 2)])
                .edit(set(Slip, 4, "サービス利用日", "20270229"))
                .finds([found("item.date-not-real").at(Slip, 4, "サービス利用日")]),
        )
}

fn bath() -> Situation {
    situation("slip.bath-at-home", "訪問入浴と訪問介護が同じ時間に重なる", "Two services at one time")
        .story(
            "訪問入浴介護の間に、別の事業所の訪問介護が同じ時刻に入っている。介助の人手が要るためである。",
            "同じ日・同じ時刻の行を重複として捨てるソフトがある。事業所もサービスも違うので重複ではない。",
            "第6表の行に一意の決まりはなく、同じ日時の行があってもよい。標準仕様は時間の重なりについて述べない。",
        )
        .look(Slip, &["サービス利用日", "サービス開始時刻", "サービスコード", "サービス事業者コード"])
        .correct([slip(PLANNER, BATH, [month_of(
            hanayo(),
            [
                visit(BATH, "121111", 1266, "1000-1050").every("火"),
                visit(HELPER, "111211", 387, "1000-1050").every("火"),
            ],
        )])])
        .wrong(
            wrong("office-in-the-code", "事業者コードを事業所名で埋める", "A name for the office's number")
                .edit(set(Slip, 1, "サービス事業者コード", "訪問入浴"))
                .finds([found("item.length").at(Slip, 1, "サービス事業者コード")]),
        )
}

fn two_months() -> Situation {
    situation("slip.two-months", "2か月分の予定を1回で送る", "Two months in one sending")
        .story(
            "居宅介護支援事業所が、5月分の予定と、訂正した4月分の予定を1回の送信で送る。",
            "2か月分を1つのファイルに入れるソフトや、同じ連番で2か月分を送るソフトがある。",
            "月次のファイルは1つの対象年月だけを持ち、月ごとに別の連番にする。1回の送信に複数の送信単位を入れられる。取り込みは連番の小さい順。",
        )
        .look(Slip, &["対象年月", "サービス利用日", "サービスコード"])
        .correct([
            slip(PLANNER, LENDER, [month_of(ichiro(), [super::equipment::wheelchair()])]),
            slip(PLANNER, LENDER, [month_of(ichiro(), [super::equipment::wheelchair()])])
                .in_month(2025, 5),
        ])
        .wrong(
            wrong("two-months-one-sequence", "2か月分を同じ連番で送る", "Two months under one sequence")
                .edit(rename(second(Slip), "20250428171503", "20250428171502"))
                .edit(rename(second(SlipAnnex), "20250428171503", "20250428171502"))
                .edit(rename(second(Supplement), "20250428171503", "20250428171502"))
                .finds([
                    found("unit.month-differs"),
                    found("unit.member-twice"),
                    found("unit.member-twice"),
                    found("unit.member-twice"),
                ]),
        )
        .wrong(
            wrong("may-in-the-april-file", "4月のファイルに5月の行が混じる", "May in the file of April")
                .edit(set_all(Slip, "対象年月", "202505"))
                .finds([
                    found("name.month-differs").at(Slip, 1, "対象年月"),
                    found("record.day-outside-month").at(Slip, 1, "サービス利用日"),
                    found("sending.key-twice").record(second(Slip), 1),
                    found("unit.key-not-in-base").record(SlipAnnex, 1),
                    found("unit.key-not-in-base").record(Supplement, 1),
                    found("unit.base-without-dependent").record(Slip, 1),
                    found("unit.base-without-dependent").record(Slip, 1),
                ]),
        )
}
