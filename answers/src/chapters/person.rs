//! People: names, numbers, certification, public assistance.

use careplan_standard::FileKind::{Slip, SlipAnnex, Supplement};

use crate::{
    cast::{DAY, HELPER, LENDER, PLANNER, Person, ichiro},
    edit::{Edit, Encoding, set, set_all},
    expected::found,
    service::{month_of, visit},
    situation::{Situation, situation, wrong},
    unit::{Unit, slip},
};

pub(super) fn situations() -> Vec<Situation> {
    vec![
        public_assistance_alone(),
        public_assistance_beside(),
        high_share(),
        extension_characters(),
        character_outside(),
        half_width_kana(),
        certification_pending(),
        limit_period(),
        new_insured_number(),
    ]
}

fn one_visit(person: Person) -> Unit {
    slip(
        PLANNER,
        HELPER,
        [month_of(person, [visit(HELPER, "111111", 244, "1000-1030").every("火")])],
    )
}

fn public_assistance_alone() -> Situation {
    situation("person.assistance-alone", "生活保護単独（H番号）の人", "Public assistance alone (H number)")
        .story(
            "40歳から64歳で医療保険に入っていない生活保護の人は、介護保険の被保険者ではない。番号はHと9桁で、費用は全額が介護扶助になる。",
            "被保険者番号を数字の項目として扱うソフトではHが落ちる。小文字のhや、数字だけの仮の番号も見られる。",
            "No.3 被保険者番号: 数字10桁、または生活保護単独はHと数字9桁。標準仕様に公費の欄はないので、給付率は全額（100）として書く例。",
        )
        .look(Slip, &["被保険者番号", "サービス利用日", "サービスコード"])
        .look(SlipAnnex, &["被保険者番号", "給付率", "保険／事業費請求額", "利用者負担保険／事業対象分"])
        .correct([one_visit(Person {
            birthday: "19700815",
            ..ichiro().numbered("H000201005").at_rate(100)
        })])
        .wrong(
            wrong("small-h", "Hを小文字で書く", "A small h")
                .edit(set_all(Supplement, "被保険者番号", "h000201005"))
                .finds([found("item.form").at(Supplement, 1, "被保険者番号")]),
        )
        .wrong(
            wrong("h-is-lost", "Hが落ちて9桁になる", "The H is lost")
                .edit(set_all(Supplement, "被保険者番号", "000201005"))
                .finds([found("item.leading-zeros-lost").at(Supplement, 1, "被保険者番号")]),
        )
}

fn public_assistance_beside() -> Situation {
    situation("person.assistance-beside", "生活保護併用の人（65歳以上）", "Public assistance beside the insurance")
        .story(
            "65歳以上の生活保護の人は介護保険の被保険者で、1割の負担が介護扶助から出る。",
            "H番号と混同したり、給付率を100にしたりする。そうすると請求先が変わってしまう。",
            "番号はふつうの数字10桁、給付率は90。公費の欄は標準仕様にないので、介護扶助のことはメッセージなどで伝える。",
        )
        .look(SlipAnnex, &["被保険者番号", "給付率", "保険／事業費請求額", "利用者負担保険／事業対象分"])
        .correct([one_visit(ichiro())])
        .wrong(
            wrong("h-before-ten-digits", "10桁の番号の前にHを付ける", "An H before ten digits")
                .edit(set_all(SlipAnnex, "被保険者番号", "H0000201001"))
                .finds([
                    found("item.length").at(SlipAnnex, 1, "被保険者番号"),
                    found("item.length").at(SlipAnnex, 2, "被保険者番号"),
                ]),
        )
}

fn high_share() -> Situation {
    situation("person.high-share", "3割負担の人", "A share of thirty percent")
        .story(
            "所得の高い利用者で、負担割合証は3割である。",
            "給付率の欄に負担割合（30や3）を書くソフトがある。数字としては正しいので、桁だけでは見つからない。",
            "第7表 No.25 給付率は百分率で70。No.26 請求額は費用総額×給付率の円未満切り捨て、No.28 は残り。",
        )
        .look(SlipAnnex, &["費用総額保険／事業対象分", "給付率", "保険／事業費請求額", "利用者負担保険／事業対象分"])
        .correct([one_visit(ichiro().at_rate(70))])
        .wrong(
            wrong("share-in-words", "給付率に「3割」と書く", "3割 for the rate")
                .edit(set(SlipAnnex, 1, "給付率", "3割"))
                .finds([found("item.form").at(SlipAnnex, 1, "給付率")]),
        )
}

fn extension_characters() -> Situation {
    situation("person.extension-characters", "髙・﨑など IBM拡張文字の名前", "Names with 髙 and 﨑")
        .story(
            "「髙﨑」さんの予定を、「福祉用具サポート髙島」に送る。",
            "Shift-JISで書くソフトのうち、JISの範囲しか持たないものは「?」や「高」に変える。名前が変わると別の人に見える。",
            "文字コードはMS932。NEC特殊文字（①㈱）とIBM拡張文字（髙﨑）はMS932に含まれるので、そのまま書く。",
        )
        .look(Supplement, &["利用者氏名フリガナ", "利用者氏名"])
        .look(Slip, &["サービス事業所名", "用具名称（機種名）"])
        .correct([slip(PLANNER, LENDER, [month_of(
            ichiro().named("髙﨑　①郎", "タカサキ　イチロウ"),
            [super::equipment::wheelchair()],
        )])])
        .wrong(
            wrong("user-defined-character", "外字の領域の字で書く", "A user-defined character")
                .edit(Edit::Bytes {
                    file: Supplement.into(),
                    from: b"\xFB\xFC".to_vec(),
                    to: b"\xF0\x40".to_vec(),
                })
                .finds([found("encoding.user-defined").at(Supplement, 1, "利用者氏名")]),
        )
        .wrong(
            wrong("half-a-character", "字の途中で切れる", "Half a character")
                .edit(Edit::Bytes {
                    file: Supplement.into(),
                    from: b"\x98\x59\"".to_vec(),
                    to: b"\x98\"".to_vec(),
                })
                .finds([found("encoding.broken").at(Supplement, 1, "利用者氏名")]),
        )
}

fn character_outside() -> Situation {
    situation("person.character-outside", "MS932にない字の名前", "A name that MS932 does not have")
        .story(
            "戸籍の字が「𠮷田」（下の長い吉）の利用者がいる。この字はMS932にない。",
            "そのまま出力すると文字化けか「?」になる。外字で登録しても、相手の画面では別の字になる。",
            "MS932以外の字と外字は使えない。近い字（吉）かかなに置き換え、正しい字は計画書のやりとりとは別に伝える。",
        )
        .look(Supplement, &["利用者氏名フリガナ", "利用者氏名"])
        .correct([one_visit(ichiro().named("吉田　一郎", "ヨシダ　イチロウ"))])
        .wrong(
            wrong("gaiji", "外字で書く", "As a user-defined character")
                .edit(Edit::Bytes {
                    file: Supplement.into(),
                    from: b"\x8B\x67".to_vec(),
                    to: b"\xF0\x9F".to_vec(),
                })
                .finds([found("encoding.user-defined").at(Supplement, 1, "利用者氏名")]),
        )
        .wrong(
            wrong("whole-file-in-utf-8", "その字のためにUTF-8で書く", "The file in UTF-8")
                .edit(Edit::Encode(Supplement.into(), Encoding::Utf8))
                .finds([found("encoding.utf-8").file(Supplement)]),
        )
}

fn half_width_kana() -> Situation {
    situation("person.half-width-kana", "フリガナが半角カナ", "Kana of half width")
        .story(
            "古いソフトから移した利用者のフリガナが半角カナ（ｼｹﾝ ｲﾁﾛｳ）のままである。",
            "半角カナを受け取れない、濁点が別の字になる、1バイト目を2バイト文字の始まりと読む、などの不具合がある。",
            "補足 No.5 フリガナの全角・半角は定められていない。半角カナはMS932の1バイト文字で、文字列なので引用符で囲む。",
        )
        .look(Supplement, &["利用者氏名フリガナ", "利用者氏名"])
        .correct([one_visit(ichiro().named("試験　一郎", "ｼｹﾝ ｲﾁﾛｳ ﾊﾞｯｸ"))])
        .wrong(
            wrong("unquoted", "文字列を引用符で囲まない", "Text without quotes")
                .edit(Edit::Unquote(Supplement.into()))
                .finds([found("csv.text-unquoted").at(Supplement, 1, "利用者氏名フリガナ")]),
        )
}

fn certification_pending() -> Situation {
    situation("person.certification-pending", "認定申請中の人の予定", "Planned while certification is pending")
        .story(
            "要介護２を見込んで、申請中のまま翌月の予定を送る。",
            "限度額が決まらないので第7表の超過を計算できず、補足の限度額をどうするかが揺れる。",
            "補足 No.16 認定状況区分は1（申請中）。No.18 要介護状態区分・No.19 区分支給限度基準額は任意で、見込みで計算したならその値を書く。認定日・適用期間は空。",
        )
        .look(Supplement, &["認定日", "認定状況区分", "要介護状態区分", "区分支給限度基準額"])
        .correct([one_visit(ichiro())
            .with(Supplement, 1, "認定状況区分", "1")
            .with(Supplement, 1, "認定日", "")
            .with(Supplement, 1, "限度額適用開始年月日", "")
            .with(Supplement, 1, "限度額適用終了年月日", "")])
        .wrong(
            wrong("zeros-for-no-day", "認定日を00000000で埋める", "Zeros for no day")
                .edit(set(Supplement, 1, "認定日", "00000000"))
                .finds([found("item.date-not-real").at(Supplement, 1, "認定日")]),
        )
}

fn limit_period() -> Situation {
    situation("person.limit-period", "認定の有効期間が月の途中で終わる", "The certification ends within the month")
        .story(
            "認定の有効期間が4月末で終わり、5月1日から新しい期間になる。4月の予定と5月の予定を送る。",
            "更新後の期間を先に登録すると、4月の予定に5月からの期間が出る。",
            "補足 No.14・15 限度額適用期間は、対象年月に効いている期間を書く。月ごとに別の送信単位なので、2つの連番になる。",
        )
        .look(Supplement, &["限度額適用開始年月日", "限度額適用終了年月日", "対象年月"])
        .correct([
            one_visit(ichiro()).with(Supplement, 1, "限度額適用終了年月日", "20250430"),
            one_visit(ichiro())
                .in_month(2025, 5)
                .with(Supplement, 1, "限度額適用開始年月日", "20250501")
                .with(Supplement, 1, "限度額適用終了年月日", "20270430"),
        ])
        .wrong(
            wrong("april-has-no-31", "終了日を4月31日と書く", "31 April")
                .edit(set(Supplement, 1, "限度額適用終了年月日", "20250431"))
                .finds([found("item.date-not-real").at(Supplement, 1, "限度額適用終了年月日")]),
        )
        .wrong(
 wrong("end-before-start", "終了日が開始日より前", "The end before the start").edit(set(Supplement, 1, "限度額適用終了年月日", "20250131")).finds([found("record.period-reversed").at(Supplement, 1, "限度額適用終了年月日")]),
)
}

fn new_insured_number() -> Situation {
    situation("person.new-number", "転居で保険者と番号が変わる", "A move changes insurer and number")
        .story(
            "利用者が隣の市へ転居し、月の途中で保険者番号と被保険者番号が変わる。同じ人でも2人分の予定になる。",
            "番号を書き換えて1人分で送ると、前の保険者への請求分が消える。",
            "キーは 保険者番号＋被保険者番号＋対象年月。番号ごとに第6表・第7表・補足をそろえ、第7表の合計行もそれぞれに要る。",
        )
        .look(Supplement, &["被保険者番号", "利用者氏名"])
        .look(SlipAnnex, &["被保険者番号", "サービスコード", "回数／日数"])
        .correct([slip(PLANNER, DAY, [
            month_of(ichiro(), [visit(DAY, "152442", 777, "0930-1630").on([2, 9])]),
            month_of(
                ichiro().numbered("0000301001"),
                [visit(DAY, "152442", 777, "0930-1630").on([16, 23, 30])],
            ),
        ])])
        .wrong(
            wrong("supplement-of-the-old-number", "補足が前の番号だけ", "補足 has the old number alone")
                .edit(Edit::DropRecord(Supplement.into(), 2))
                .finds([found("unit.base-without-dependent").record(Slip, 3)]),
        )
}
