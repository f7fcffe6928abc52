//! Services charged by the month, and by the day when the month is not whole (日割).

use careplan_standard::FileKind::{Slip, SlipAnnex};

use crate::{
    cast::{
        CENTRE, DAY, DAY_A6, HELP_A2, NURSING_HOME, PLANNER, ROUND, SMALL_HOME, hanayo, ichiro,
        otome,
    },
    edit::{set, set_all},
    expected::found,
    service::{month_of, monthly, visit},
    situation::{Situation, situation, wrong},
    unit::slip,
};

pub(super) fn situations() -> Vec<Situation> {
    vec![
        whole_month(),
        starts_in_mid_month(),
        ends_in_mid_month(),
        short_month(),
        round_with_day_care(),
        nursing_home(),
        municipal_month(),
        municipal_by_the_day(),
        municipal_by_visit(),
        add_on_without_time(),
    ]
}

fn whole_month() -> Situation {
    situation("monthly.whole-month", "小規模多機能の1か月", "A whole month of 小規模多機能")
        .story(
            "小規模多機能型居宅介護を月初から月末まで使う。請求は月額で、通い・泊まり・訪問の回数にかかわらない。",
            "通いの日ごとに行を出すと回数が増え、月額が何倍にもなる。",
            "第6表は月に1行、利用日を入れ（No.10）、時刻は 9999（No.12・13）、日割対象日（No.11）は日割でないので空。第7表の回数は1。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "日割対象日", "サービス開始時刻", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "給付管理単位数"])
        .correct([slip(PLANNER, SMALL_HOME, [month_of(
            ichiro(),
            [monthly(SMALL_HOME, "731112", 15370)],
        )])])
        .wrong(
            wrong("times-at-9999-and-1600", "終了時刻に通いの時刻を入れる", "A time at the end alone")
                .edit(set(Slip, 1, "サービス終了時刻", "1600"))
                .finds([found("record.one-time-missing").at(Slip, 1, "サービス開始時刻")]),
        )
        .wrong(
 wrong("zeros-for-no-days", "日割でないのに0を31個並べる", "Thirty-one zeros").edit(set(Slip, 1, "日割対象日", "0000000000000000000000000000000")).finds([found("record.day-map-empty").at(Slip, 1, "日割対象日")]),
)
}

fn starts_in_mid_month() -> Situation {
    situation("monthly.starts-in-mid-month", "月の途中から使い始める（日割）", "Starting in mid-month")
        .story(
            "小規模多機能型居宅介護を16日から使い始める。その月は日割のコードで15日分になる。",
            "月額のコードのままにする、利用日ごとに15行を出す、日割対象日を30桁にするなど、ソフトによって違う。",
            "日割のコードで1行とし、利用日（No.10）は開始日、日割対象日（No.11）は31桁で請求できる日を1、ほかを0にする。30日までの月では31桁目は0。第7表の回数は日数。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "日割対象日", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "給付管理単位数"])
        .correct([slip(PLANNER, SMALL_HOME, [month_of(
            ichiro(),
            [monthly(SMALL_HOME, "731122", 505).by_the_day(16, 30)],
        )])])
        .wrong(
            wrong("marks-the-thirty-first", "4月に31日の印がある", "A mark on 31 April")
                .edit(set(Slip, 1, "日割対象日", "0000000000000001111111111111111"))
                .finds([found("record.day-map-beyond-month").at(Slip, 1, "日割対象日")]),
        )
        .wrong(
            wrong("blanks-for-zeros", "対象でない日を空白にする", "Blanks for zeros")
                .edit(set(Slip, 1, "日割対象日", "               1111111111111110"))
                .finds([found("item.form").at(Slip, 1, "日割対象日")]),
        )
}

fn ends_in_mid_month() -> Situation {
    situation("monthly.ends-in-mid-month", "月の途中で終わる（日割）", "Ending in mid-month")
        .story(
            "小規模多機能型居宅介護を10日で終え、11日からは通所介護を使う。",
            "終わりの日を1日ずらすと、同じ日に両方が請求される。",
            "日割対象日（No.11）は終わりの日まで1。利用日（No.10）は月の最初の対象日。ほかのサービスは別の行で、日割対象日は空。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "日割対象日", "サービスコード"])
        .correct([slip(PLANNER, SMALL_HOME, [month_of(
            ichiro(),
            [
                monthly(SMALL_HOME, "731122", 505).by_the_day(1, 10),
                visit(DAY, "152442", 777, "0930-1630").on([11, 16, 18, 23, 25, 30]),
            ],
        )])])
        .wrong(
            wrong("x-for-the-days", "対象の日を「○」で書く", "Circles for ones")
                .edit(set(Slip, 1, "日割対象日", "○○○○○○○○○○"))
                .finds([found("item.length").at(Slip, 1, "日割対象日")]),
        )
}

fn short_month() -> Situation {
    situation("monthly.by-the-day-in-february", "2月の日割", "By the day in February")
        .story(
            "2月15日から28日まで、看護小規模多機能型居宅介護を日割で使う。",
            "日割対象日はどの月も31桁なので、29日から31日の印をどうするかを誤りやすい。",
            "日割対象日（No.11）は月の長さにかかわらず31桁。その月にない日は0にする。",
        )
        .illustrative()
        .look(Slip, &["対象年月", "サービス利用日", "日割対象日"])
        .correct([slip(
            PLANNER,
            NURSING_HOME,
            [month_of(hanayo(), [monthly(NURSING_HOME, "771124", 914).by_the_day(15, 28)])],
        )
        .in_month(2026, 2)])
        .wrong(
            wrong("to-the-thirty-first", "31桁目まで1を並べる", "Ones to the thirty-first")
                .edit(set(Slip, 1, "日割対象日", "0000000000000011111111111111111"))
                .finds([found("record.day-map-beyond-month").at(Slip, 1, "日割対象日")]),
        )
}

fn round_with_day_care() -> Situation {
    situation(
        "monthly.round-the-clock-with-day-care",
        "定期巡回と通所介護を併せて使う",
        "定期巡回 with day care",
    )
    .story(
        "定期巡回・随時対応型訪問介護看護を月額で使い、週2回は通所介護に行く。通所の日は1日ごとに減算がある。",
        "減算は負の単位数だが、単位数の項目は負を書けない。減算後の単位数を月額の1行に入れるのか、別の行にするのかで迷う。",
        "単位数（No.8）は数字6桁までで、符号を書けない。通所を使った日数分を差し引いた単位数を月額の行に入れる（ここでは 9720 から通所9日分を引く例）。",
    )
    .illustrative()
    .look(Slip, &["サービス利用日", "サービスコード", "単位数"])
    .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "給付管理単位数"])
    .correct([slip(PLANNER, ROUND, [month_of(
        ichiro(),
        [
            monthly(ROUND, "761112", 9720 - 9 * 111),
            visit(DAY, "152442", 777, "0930-1630").every("火金"),
        ],
    )])])
    .wrong(
        wrong("negative-units", "減算を負の単位数で書く", "Units below zero")
            .edit(set(Slip, 2, "単位数", "-111"))
            .finds([found("item.form").at(Slip, 2, "単位数")]),
    )
}

fn nursing_home() -> Situation {
    situation("monthly.nursing-small-home", "看護小規模多機能の1か月", "A month of 看多機")
        .story(
            "要介護４の利用者が看護小規模多機能型居宅介護を1か月使う。訪問看護は医療保険に切り替わる週がある。",
            "医療保険の訪問看護は介護保険の予定に載らない。日数分の減算を行うかどうかは別のコードになる。",
            "第6表・第7表には介護保険の行だけを載せる。医療保険の訪問は対象外なので出力しない。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービス開始時刻", "サービスコード"])
        .correct([slip(PLANNER, NURSING_HOME, [month_of(
            hanayo(),
            [monthly(NURSING_HOME, "771114", 27766)],
        )])])
        .wrong(
            wrong("medical-insurance-code", "医療保険の訪問看護の行を載せる", "A line of the medical insurance")
                .edit(set(Slip, 1, "サービスコード", "MED001"))
                .finds([
                    found("item.service-kind-not-carried").at(Slip, 1, "サービスコード"),
                    found("slip.not-for-destination-kind").record(Slip, 1),
                ]),
        )
}

fn municipal_month() -> Situation {
    situation("monthly.municipal-month", "総合事業の月額（A2・A6）", "Municipal services by the month")
        .story(
            "要支援１の利用者が、訪問型サービス（独自、A2）と通所型サービス（独自、A6）を週1回程度、月額で使う。地域包括支援センターが予定を送る。",
            "月額なのに訪問ごとの行を出して、回数が4になるソフトがある。",
            "月額のコードは月に1行で回数1、時刻は 9999。総合事業の事業所番号は、指定によっては3文字目がA（27A…）になる。",
        )
        .look(Slip, &["サービス利用日", "サービス開始時刻", "サービスコード", "サービス事業者コード"])
        .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "給付管理単位数"])
        .correct([slip(CENTRE, HELP_A2, [month_of(
            otome(),
            [monthly(HELP_A2, "A21111", 1176), monthly(DAY_A6, "A61111", 1798)],
        )])])
        .wrong(
            wrong("small-letter", "サービスコードの英字が小文字", "A small letter in the code")
                .edit(set_all(Slip, "サービスコード", "a21111"))
                .finds([
                    found("item.form").at(Slip, 1, "サービスコード"),
                    found("item.form").at(Slip, 2, "サービスコード"),
                    found("slip.not-for-destination-kind").record(Slip, 1),
                ]),
        )
        .wrong(
            wrong("office-with-a-small-a", "事業所番号の3文字目が小文字", "A small a in the office number")
                .edit(set(Slip, 1, "サービス事業者コード", "27a0200036"))
                .finds([found("item.form").at(Slip, 1, "サービス事業者コード")]),
        )
}

fn municipal_by_the_day() -> Situation {
    situation("monthly.municipal-by-the-day", "総合事業の日割", "Municipal services by the day")
        .story(
            "月の途中（12日）で契約した訪問型サービス（独自）を日割で19日分計上する。",
            "日割の起算日は契約日で、初回の訪問日ではない。利用日と対象日の始まりが食い違うデータが見られる。",
            "日割対象日（No.11）は31桁、契約日から月末までを1にする。利用日（No.10）は契約日。",
        )
        .look(Slip, &["サービス利用日", "日割対象日", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "給付管理単位数"])
        .correct([slip(CENTRE, HELP_A2, [month_of(
            otome(),
            [monthly(HELP_A2, "A22111", 39).by_the_day(12, 30)],
        )])])
        .wrong(
            wrong("twos-in-the-map", "訪問した日を2と書く", "A two in the day map")
                .edit(set(Slip, 1, "日割対象日", "0000000000021111112111111211110"))
                .finds([found("item.form").at(Slip, 1, "日割対象日")]),
        )
}

fn municipal_by_visit() -> Situation {
    situation("monthly.municipal-by-visit", "総合事業の1回ごとのコード", "Municipal services by the visit")
        .story(
            "月4回までの通所型サービスを、1回ごとのコードで計画する。実際に4回なので436単位×4回になる。",
            "月額のコードと1回ごとのコードが同じ月に並ぶと、二重の請求になる。",
            "1回ごとのコードは利用日ごとに1行で、時刻を入れる。第7表の回数は4。月額の行は出さない。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービス開始時刻", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "単位数", "回数／日数", "給付管理単位数"])
        .correct([slip(CENTRE, DAY_A6, [month_of(
            otome(),
            [visit(DAY_A6, "A61113", 436, "1000-1200").on([3, 10, 17, 24])],
        )])])
        .wrong(
            wrong("month-in-the-day", "利用日に年月だけを書く", "A month where a day belongs")
                .edit(set(Slip, 1, "サービス利用日", "202504"))
                .finds([found("item.unusual-form").at(Slip, 1, "サービス利用日")]),
        )
}

fn add_on_without_time() -> Situation {
    situation("monthly.add-on-without-a-time", "月額サービスの加算", "An add-on to a monthly service")
        .story(
            "小規模多機能型居宅介護の月額に、認知症加算が付く。どちらも時刻がない。",
            "加算の行だけに9時から17時のような時刻を入れるソフトがある。",
            "加算の時刻は基本のサービスと同じにする。基本が 9999 なら加算も開始・終了とも 9999（No.12・13）。",
        )
        .illustrative()
        .look(Slip, &["サービス開始時刻", "サービス終了時刻", "サービスコード", "単位数"])
        .look(SlipAnnex, &["サービスコード", "回数／日数", "給付管理単位数"])
        .correct([slip(PLANNER, SMALL_HOME, [month_of(
            ichiro(),
            [monthly(SMALL_HOME, "731112", 15370).add_on("736128", 760)],
        )])])
        .wrong(
            wrong("start-of-the-add-on", "加算の開始時刻だけを入れる", "A start for the add-on alone")
                .edit(set(Slip, 2, "サービス開始時刻", "0900"))
                .finds([found("record.one-time-missing").at(Slip, 2, "サービス終了時刻")]),
        )
}
