//! 介護予防 and 総合事業: 地域包括支援センター, 委託, 利用者基本情報, 支援計画書.

use careplan_standard::FileKind::{
    PersonRecord, PersonRecordDay, PersonRecordIllness, PersonRecordImage, PreventionPlan,
    PreventionPlanAnnex, Results, Slip, SlipAnnex, Supplement,
};

use crate::{
    cast::{CENTRE, CENTRE_AF, DAY_A6, HELP_A2, NURSE, PLANNER, Person, otome},
    edit::{Edit, rename, set, set_all},
    expected::found,
    prevention::{FIRST_PICTURE, PICTURE, person_record, prevention_plan},
    service::{Charge, Service, month_of, monthly, visit},
    situation::{Situation, situation, wrong},
    unit::{Unit, results, sheets, slip},
};

const SINCE_4: &str = "介護予防の帳票は4.1からで、3.2にはない。3.2の相手にはPDFで送る。";

pub(super) fn situations() -> Vec<Situation> {
    vec![
        eligible_by_the_list(),
        fixed_share(),
        fixed_rate(),
        entrusted_plan_by_the_centre(),
        entrusted_export_by_the_planner(),
        entrusted_results(),
        person_record_whole(),
        pictures(),
        plan_alone(),
        plan_with_the_record(),
        first_lines(),
        nurse_for_prevention(),
    ]
}

fn municipal(person: Person) -> crate::service::PersonMonth {
    month_of(person, [monthly(HELP_A2, "A21111", 1176)])
}

fn eligible_by_the_list() -> Situation {
    situation("prevention.eligible-by-the-list", "事業対象者（基本チェックリスト）", "Eligible by the check list")
        .story(
            "要支援認定を受けず、基本チェックリストで事業対象者になった人が通所型サービスを使う。地域包括支援センターが介護予防ケアマネジメントとして予定を送る。",
            "要介護状態区分に事業対象者がないソフト、限度額を空にするソフトがある。送信元の種類を46のままにすることもある。",
            "補足 No.18 は 06＝事業対象者、No.19 限度額は要支援１と同じ5,032。認定日などは任意。介護予防ケアマネジメントの種類コードは AF（総称のコード）。",
        )
        .look(Supplement, &["認定日", "要介護状態区分", "区分支給限度基準額"])
        .look(Slip, &["サービス利用日", "サービスコード", "サービス事業者コード"])
        .correct([slip(CENTRE_AF, DAY_A6, [month_of(
            otome().at_level("06"),
            [monthly(DAY_A6, "A61111", 1798)],
        )])
        .with(Supplement, 1, "認定日", "")])
        .wrong(
            wrong("level-zero", "要介護状態区分を「01」と書く", "01 for the level")
                .edit(set(Supplement, 1, "要介護状態区分", "01"))
                .finds([found("item.code-not-listed").at(Supplement, 1, "要介護状態区分")]),
        )
}

fn fixed_share() -> Situation {
    situation("prevention.fixed-share", "定額のサービス（A4・A8）", "Services at a fixed share (A4, A8)")
        .story(
            "市町村が定めた通所型サービス（独自／定額、A8）を月4回使う。利用者の負担は1回300円の定額である。",
            "給付率で計算するソフトでは、定額の負担を表せない。",
            "第7表 No.27 定額利用者負担単価金額に1回の金額（300）、No.28 に回数を掛けた額。給付率（No.25）は任意なので空。A1～A8は標準仕様の対象。",
        )
        .illustrative()
        .look(SlipAnnex, &["サービスコード", "回数／日数", "費用総額保険／事業対象分", "給付率", "定額利用者負担単価金額", "利用者負担保険／事業対象分"])
        .correct([slip(CENTRE, DAY_A6.acting_as("A8"), [month_of(
            otome(),
            [visit(DAY_A6, "A81001", 350, "1000-1200")
                .every("木")
                .counted(Charge::FixedShare(300))],
        )])])
        .wrong(
            wrong("yen-with-its-sign", "金額に「円」を付ける", "円 behind the amount")
                .edit(set(SlipAnnex, 1, "定額利用者負担単価金額", "300円"))
                .finds([found("item.form").at(SlipAnnex, 1, "定額利用者負担単価金額")]),
        )
}

fn fixed_rate() -> Situation {
    situation("prevention.fixed-rate", "定率のサービス（A3・A7）", "Services at a rate of the town's own (A3, A7)")
        .story(
            "市町村が定めた訪問型サービス（独自／定率、A3）の給付率は80％で、ほかのサービスは90％である。",
            "給付率を利用者ごとに1つしか持てないソフトでは、行ごとの率を出せない。",
            "第7表 No.25 給付率は行ごとの値（百分率）。",
        )
        .illustrative()
        .look(SlipAnnex, &["サービスコード", "費用総額保険／事業対象分", "給付率", "保険／事業費請求額"])
        .correct([slip(CENTRE, HELP_A2.acting_as("A3"), [month_of(
            otome().at_rate(80),
            [visit(HELP_A2, "A31001", 200, "1000-1045").every("月")],
        )])])
        .wrong(
            wrong("rate-of-seven-digits", "給付率を小数で長く書く", "A long fraction for the rate")
                .edit(set(SlipAnnex, 1, "給付率", "0.80000"))
                .finds([found("item.too-long").at(SlipAnnex, 1, "給付率")]),
        )
}

fn entrusted_plan_by_the_centre() -> Situation {
    situation(
        "prevention.entrusted-written-by-the-centre",
        "委託: センターが作り、居宅へ渡す",
        "Entrusted: the centre writes the plan",
    )
    .story(
        "地域包括支援センターが予防の計画を作り、委託先の居宅介護支援事業所へ利用者基本情報と支援計画書を送る。",
        "センターのファイルをそのままサービス事業所へ転送すると、送信元が自分でないファイルになる。",
        "センター→居宅: 送信単位(8)。居宅は取り込み、サービス事業所へは自分を送信元として出力し直す。「委託の有無」（No.6）は2＝委託。",
    )
    .only_newest(SINCE_4)
    .look(PreventionPlan, &["計画種類", "委託の有無", "利用者名", "要支援状態区分"])
    .look(PreventionPlanAnnex, &["課題ＮＯ", "支援計画ＮＯ", "利用サービスＮＯ", "【利用サービス】サービス種別"])
    .correct([both(CENTRE, PLANNER)
        .with(PersonRecord, 1, "委託の有無", "2")
        .with(PreventionPlan, 1, "委託の有無", "2")])
    .wrong(
        wrong("entrusted-as-a-word", "委託の有無を「有」と書く", "有 for entrusted")
            .edit(set(PreventionPlan, 1, "委託の有無", "有"))
            .finds([found("item.code-not-listed").at(PreventionPlan, 1, "委託の有無")]),
    )
    .wrong(
        wrong("not-said", "委託の有無を空にする", "Nothing is said of it")
            .edit(set(PreventionPlan, 1, "委託の有無", ""))
            .finds([found("item.wanted").at(PreventionPlan, 1, "委託の有無")]),
    )
}

fn both(from: crate::cast::Office, to: crate::cast::Office) -> Unit {
    let mut all = person_record(&otome());
    all.extend(prevention_plan(&otome()));
    sheets(from, to, all)
}

fn entrusted_export_by_the_planner() -> Situation {
    situation(
        "prevention.entrusted-written-by-the-planner",
        "委託: 居宅が予定をサービス事業所へ送る",
        "Entrusted: the planner sends the services",
    )
    .story(
        "委託を受けた居宅介護支援事業所が、要支援１の利用者の予定を訪問型サービス事業所へ直接送る。",
        "プラン担当業者をセンターにするのか居宅にするのかで、受け取る側の取り込み先が変わる。",
        "居宅が作るときは、居宅を送信元としてサービス事業所へ直接送る。プラン担当業者コード（No.6）と更新業者コード（No.24）は居宅介護支援事業所。",
    )
    .look(Slip, &["プラン担当業者コード", "サービス利用日", "サービスコード", "更新業者コード"])
    .correct([slip(PLANNER, HELP_A2, [municipal(otome())])])
    .wrong(
        wrong("to-the-centre-itself", "サービス事業所の欄が空", "No office of the service")
            .edit(set(Slip, 1, "サービス事業者コード", ""))
            .finds([found("item.missing").at(Slip, 1, "サービス事業者コード")]),
    )
}

fn entrusted_results() -> Situation {
    situation(
        "prevention.entrusted-results",
        "委託: 実績に予定を添えてセンターへ返す",
        "Entrusted: results with the plan to the centre",
    )
    .story(
        "委託先の居宅が、サービス事業所から受け取った実績に予定を添えて、地域包括支援センターへ送る。",
        "実績だけを送る、予定と実績を同じ連番で送る、実績の事業所を居宅に書き換える、などの違いがある。",
        "1回の送信に送信単位(9)（第6表＋第7表＋補足）と UPJSK の2つを、それぞれの連番で入れる。実績の行はサービス事業所のもののまま。",
    )
    .look(Slip, &["サービス利用日", "サービスコード", "サービス事業者コード"])
    .look(Results, &["サービス利用日", "サービスコード", "サービス事業者コード", "更新業者コード"])
    .correct([
        slip(PLANNER, CENTRE, [municipal(otome())]),
        results(PLANNER, CENTRE, [municipal(otome())]).planned_by(PLANNER),
    ])
    .accept_in(
        "202208",
        found("slip.not-for-destination-v3").record(Slip, 1),
        "送信先は地域包括支援センターで、サービス事業所ではない。3.2の名前では区別できない。",
    )
    .accept_in(
        "202208",
        found("results.other-office-v3").at(Results, 1, "サービス事業者コード"),
        "委託先居宅が送るので、サービス事業所の行でよい。3.2の名前では区別できない。",
    )
    .wrong(
        wrong("one-sequence", "予定と実績を同じ連番で送る", "Plan and results under one sequence")
            .edit(rename(Results, "20250428171503", "20250428171502"))
            .finds([found("unit.unknown")]),
    )
    .wrong(
        wrong("results-alone", "実績だけを送り、予定を添えない", "Results without the plan")
            .instead([results(PLANNER, CENTRE, [municipal(otome())]).planned_by(PLANNER)])
            .finds([found("sending.slip-not-attached").file(Results)]),
    )
}

fn person_record_whole() -> Situation {
    situation("prevention.person-record", "利用者基本情報と別表", "利用者基本情報 with its annexes")
        .story(
            "地域包括支援センターが、利用者基本情報を別表1（1日の生活）・別表2（病歴）・家族構成の画像とともに居宅へ送る。",
            "別表の相談日が本体と違うと、どの基本情報の別表かがわからない。時間や年月日は自由に書くので、形を決めつけると取り込めない。",
            "送信単位(7): UPKIHON＋別表1・2＋画像。キーは 保険者番号＋被保険者番号＋相談日。別表1の時間・別表2の年月日は文字列で、長さの決まりがない。",
        )
        .only_newest(SINCE_4)
        .look(PersonRecord, &["相談日", "計画種類", "利用者氏名", "家族構成 画像ファイル名"])
        .look(PersonRecordDay, &["相談日", "時間", "本人の生活状況"])
        .look(PersonRecordIllness, &["相談日", "年月日", "病名", "経過"])
        .correct([record_with_a_picture()])
        .wrong(
            wrong("another-day-in-the-annex", "別表の相談日が違う", "Another day in the annex")
                .edit(set_all(PersonRecordDay, "相談日", "20250302"))
                .finds([found("unit.key-not-in-base").record(PersonRecordDay, 1)]),
        )
        .wrong(
            wrong("annexes-alone", "別表だけを送る", "The annexes alone")
                .edit(Edit::DropFile(PersonRecord.into()))
                .finds([found("unit.member-missing")]),
        )
        .wrong(
 wrong("no-annexes", "別表を送らない", "No annexes").edit(Edit::DropFile(PersonRecordDay.into())).edit(Edit::DropFile(PersonRecordIllness.into())).finds([found("unit.member-wanted"), found("unit.member-wanted")]),
)
        .wrong(
 wrong("zeros-in-the-name", "ファイル名に000000を入れる", "000000 in the name").edit(rename(PersonRecord, "UPKIHON_", "UPKIHON_000000_")).finds([found("name.unusual-form").file(PersonRecord)]),
)
}

fn record_with_a_picture() -> Unit {
    sheets(CENTRE, PLANNER, person_record(&otome()))
        .with(PersonRecord, 1, "家族構成 画像ファイル名", FIRST_PICTURE)
        .with_picture(PICTURE)
}

fn pictures() -> Situation {
    situation("prevention.pictures", "家族構成の画像", "The pictures of a family")
        .story(
            "家族構成図（ジェノグラム）を画像で付ける。枝番0001の画像を、基本情報の画像ファイル名の項目から指す。",
            "PNGの拡張子だけを .jpg に変える、枝番を付けない、項目の名前と実際の名前が違う、などが多い。",
            "画像は UPKIHON_IMAGE_…_連番_枝番4桁.jpg で、中身もJPEG。UPKIHON No.62 にその名前を書く。拡張子の大文字・小文字は問わない。",
        )
        .only_newest(SINCE_4)
        .look(PersonRecord, &["利用者氏名", "家族構成 画像ファイル名"])
        .correct([record_with_a_picture()])
        .wrong(
            wrong("png-under-another-name", "PNGの名前だけを変える", "A PNG under the name of a JPEG")
                .edit(Edit::Bytes {
                    file: PersonRecordImage.into(),
                    from: b"\xFF\xD8\xFF\xE0\x00\x10".to_vec(),
                    to: b"\x89PNG\r\n\x1A\n".to_vec(),
                })
                .finds([found("image.not-jpeg").file(PersonRecordImage)]),
        )
        .wrong(
            wrong("branch-of-one-digit", "枝番を1桁で書く", "A branch of one digit")
                .edit(rename(PersonRecordImage, "_0001.jpg", "_1.jpg"))
                .finds([
                    found("name.branch").file(PersonRecordImage),
                    found("picture.missing").record(PersonRecord, 1),
                ]),
        )
        .wrong(
 wrong("not-named", "項目に画像の名前を書かない", "The picture is not named").edit(set(PersonRecord, 1, "家族構成 画像ファイル名", "")).finds([found("picture.not-named").file(PersonRecordImage)]),
)
        .wrong(
 wrong("name-of-another-sending", "前に送った画像の名前が残る", "The name of an earlier picture").edit(set(PersonRecord, 1, "家族構成 画像ファイル名", "UPKIHON_IMAGE_2700100021_46_2770100012_43_20250401090000_0001.jpg")).finds([found("picture.name-differs").at(PersonRecord, 1, "家族構成 画像ファイル名"), found("picture.not-named").file(PersonRecordImage)]),
)
        .wrong(
 wrong("branch-from-zero", "枝番を0000から付ける", "A branch from zero").edit(rename(PersonRecordImage, "_0001.jpg", "_0000.jpg")).edit(set(PersonRecord, 1, "家族構成 画像ファイル名", "UPKIHON_IMAGE_2700100021_46_2770100012_43_20250428171502_0000.jpg")).finds([found("picture.unusual-branch").file(PersonRecordImage)]),
)
}

fn plan_alone() -> Situation {
    situation("prevention.plan-alone", "支援計画書だけを送る", "The prevention plan alone")
        .story(
            "支援計画書を見直したので、支援計画書と別表だけを訪問型サービス事業所へ送る。利用者基本情報は変わらない。",
            "別表のない支援計画書や、基本情報の一部だけを添えた送信が見られる。",
            "送信単位(8): UPYOBO＋UPYOBO_SUB。利用者基本情報は添えても添えなくてもよいが、添えるなら UPKIHON 本体が要る。",
        )
        .only_newest(SINCE_4)
        .look(PreventionPlan, &["計画作成(変更)日", "利用者名", "目標とする生活(1日)"])
        .correct([sheets(CENTRE, HELP_A2, prevention_plan(&otome()))])
        .wrong(
            wrong("no-annex", "別表を送らない", "No annex")
                .edit(Edit::DropFile(PreventionPlanAnnex.into()))
                .finds([found("unit.member-missing")]),
        )
        .wrong(
            wrong("state-as-of-care", "要支援状態区分に補足の「12」を書く", "12 for the state")
                .edit(set(PreventionPlan, 1, "要支援状態区分", "12"))
                .finds([found("item.code-not-listed").at(PreventionPlan, 1, "要支援状態区分")]),
        )
}

fn plan_with_the_record() -> Situation {
    situation(
        "prevention.plan-with-the-record",
        "支援計画書に利用者基本情報を添える",
        "The plan with 利用者基本情報",
    )
    .story(
        "新しくサービスを始めるので、支援計画書と利用者基本情報を1つの連番で送る。",
        "相談日と計画作成日は別の日なので、同じ日でなければ誤りとするソフトがある。",
        "送信単位(8)に利用者基本情報（本体・別表・画像）を含められる。基本情報のキーは相談日、計画書のキーは計画作成(変更)日で、両者は一致しなくてよい。",
    )
    .only_newest(SINCE_4)
    .look(PersonRecord, &["相談日", "利用者氏名"])
    .look(PreventionPlan, &["計画作成(変更)日", "利用者名"])
    .correct([both(CENTRE, HELP_A2)])
    .wrong(
        wrong("annex-without-the-record", "本体のない別表1・2を添える", "Annexes without the record")
            .edit(Edit::DropFile(PersonRecord.into()))
            .finds([found("unit.member-missing")]),
    )
}

fn first_lines() -> Situation {
    situation("prevention.first-lines", "別表の2行目以降の文を空にする", "Texts on first lines alone")
        .story(
            "1つの課題に支援計画が2つ、2つ目の支援計画に利用サービスが2つある。別表は3行になる。",
            "課題の文を全行に書くと、受け取る側で課題が3つに増える。番号を省くと、どの支援計画のサービスかがわからない。",
            "UPYOBO_SUB: 課題の文は課題ＮＯの最初の行、支援計画の文は支援計画ＮＯの最初の行だけに書く。3つの番号は全行に書き、番号の順に並べる。",
        )
        .only_newest(SINCE_4)
        .look(PreventionPlanAnnex, &[
            "課題ＮＯ",
            "総合的課題",
            "支援計画ＮＯ",
            "【支援計画】目標についての支援のポイント",
            "利用サービスＮＯ",
            "【利用サービス】サービス種別",
        ])
        .correct([sheets(CENTRE, PLANNER, prevention_plan(&otome()))])
        .wrong(
            wrong("numbers-of-three-digits", "番号を3桁で書く", "Numbers of three digits")
                .edit(set(PreventionPlanAnnex, 2, "支援計画ＮＯ", "002"))
                .finds([found("item.too-long").at(PreventionPlanAnnex, 2, "支援計画ＮＯ")]),
        )
        .wrong(
 wrong("text-on-every-line", "課題の文を全行に書く", "The text on every line").edit(set(PreventionPlanAnnex, 2, "総合的課題", "転びやすい")).finds([found("plan.text-repeated").at(PreventionPlanAnnex, 2, "総合的課題")]),
)
        .wrong(
 wrong("lines-out-of-order", "行の順が入れ替わる", "Lines out of order").edit(Edit::SwapRecords(PreventionPlanAnnex.into(), 2, 3)).finds([found("plan.not-sorted").at(PreventionPlanAnnex, 3, "利用サービスＮＯ"), found("plan.first-text-missing").at(PreventionPlanAnnex, 2, "支援計画ＮＯ"), found("plan.text-repeated").at(PreventionPlanAnnex, 3, "【支援計画】目標についての支援のポイント")]),
)
}

fn nurse_for_prevention() -> Situation {
    situation("prevention.nurse", "介護予防訪問看護（63）", "Home nursing for prevention (63)")
        .story(
            "要支援１の利用者に、訪問看護ステーションが介護予防訪問看護を提供する。同じステーションが13も行っている。",
            "要介護の13のまま出力すると、予防給付にならない。ファイル名の種類とサービスコードの種類が食い違うこともある。",
            "予防給付の種類コードは63。ファイル名の送信先サービス種類コードも63にする。",
        )
        .illustrative()
        .look(Slip, &["サービス利用日", "サービスコード", "単位数"])
        .correct([slip(CENTRE, NURSE.acting_as("63"), [month_of(otome(), [nursing("631211")])])])
        .wrong(
            wrong("kind-of-care", "13のコードで出力する", "The code of kind 13")
                .instead([slip(CENTRE, NURSE.acting_as("63"), [month_of(
                    otome(),
                    [nursing("131211")],
                )])])
                .finds([found("slip.not-for-destination-kind").record(Slip, 1)]),
        )
        .wrong(
            wrong("facility-of-prevention", "対象外の種類（35）で出力する", "A kind out of scope (35)")
                .edit(set_all(Slip, "サービスコード", "351111"))
                .finds([
                    found("item.service-kind-not-carried").at(Slip, 1, "サービスコード"),
                    found("item.service-kind-not-carried").at(Slip, 2, "サービスコード"),
                    found("slip.not-for-destination-kind").record(Slip, 1),
                ]),
        )
}

fn nursing(code: &'static str) -> Service {
    visit(NURSE, code, 794, "1300-1400").on([10, 24])
}
