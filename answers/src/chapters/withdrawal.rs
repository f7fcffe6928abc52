//! Withdrawals: what was sent is taken back.

use careplan_standard::FileKind::{
    PersonRecordWithdrawal, PlanWithdrawal, PreventionPlanWithdrawal, ResultsWithdrawal, Slip,
    SlipWithdrawal,
};

use crate::{
    cast::{CENTRE, DAY, HELPER, PLANNER, ichiro, otome},
    edit::{Edit, rename, rename_all, set},
    expected::found,
    plan::{WRITTEN_ON, withdrawal},
    prevention::{ASKED_ON, WRITTEN_ON as PREVENTION_WRITTEN_ON},
    service::{month_of, visit},
    situation::{Situation, situation, wrong},
    unit::{self, sheets},
};

const SINCE_4: &str = "介護予防の帳票とその削除は4.1からで、3.2にはない。";

pub(super) fn situations() -> Vec<Situation> {
    vec![plan(), slip(), results(), person_record(), prevention_plan()]
}

fn plan() -> Situation {
    situation("withdrawal.plan", "計画書を取り消す", "A care plan is withdrawn")
        .story(
            "別の人の計画書を送ってしまったので、取り消す。第2表と第3表も一緒に消える。",
            "第2表・第3表の削除のファイルを探すソフトや、取り消したい計画でない日付を書くソフトがある。",
            "送信単位(3): DLT1KYO だけ。No.4 は取り消す計画の作成（変更）日。第2表・第3表は第1表とともに消える。ファイル名に年月はない。",
        )
        .look(PlanWithdrawal, &["保険者番号", "被保険者番号", "居宅サービス計画作成（変更）日"])
        .correct([sheets(PLANNER, DAY, [withdrawal(
            PlanWithdrawal,
            &ichiro(),
            &[("居宅サービス計画作成（変更）日", WRITTEN_ON)],
        )])])
        .wrong(
            wrong("month-in-the-name", "ファイル名に年月を入れる", "A month in the name")
                .edit(rename(PlanWithdrawal, "DLT1KYO_", "DLT1KYO_202504_"))
                .finds([found("name.month").file(PlanWithdrawal)]),
        )
        .wrong(
            wrong("no-day", "作成（変更）日が空", "No day")
                .edit(set(PlanWithdrawal, 1, "居宅サービス計画作成（変更）日", ""))
                .finds([found("item.missing").at(PlanWithdrawal, 1, "居宅サービス計画作成（変更）日")]),
        )
}

fn slip() -> Situation {
    situation("withdrawal.slip", "予定を取り消す", "Planned services are withdrawn")
        .story(
            "利用者が入院し、4月の予定を全部取り消す。第7表も一緒に消える。",
            "内容を直すだけなら送り直せばよいのに、毎回削除を先に送るソフトがある。",
            "送信単位(4): DLTPLAN だけ。No.4 削除対象年月はファイル名の年月と同じ。送り直しは月をまるごと置き換えるので、間に削除は要らない。",
        )
        .look(SlipWithdrawal, &["保険者番号", "被保険者番号", "削除対象年月"])
        .correct([sheets(PLANNER, HELPER, [withdrawal(
            SlipWithdrawal,
            &ichiro(),
            &[("削除対象年月", "202504")],
        )])])
        .wrong(
            wrong("another-month-in-the-name", "ファイル名の年月が違う", "Another month in the name")
                .edit(rename_all("_202504_", "_202505_"))
                .finds([found("name.month-differs").at(SlipWithdrawal, 1, "削除対象年月")]),
        )
        .wrong(
            wrong("items-of-the-slip", "第6表の項目をそのまま並べる", "Items of 第6表")
                .edit(crate::edit::replace(SlipWithdrawal, ",202504\r\n", ",20250325,202504,2770100012\r\n"))
                .finds([found("record.item-count").record(SlipWithdrawal, 1)]),
        )
        .wrong(
            wrong("after-the-new-plan", "送り直した予定の後の連番で削除する", "Withdrawn after it was sent anew")
                .instead([
                    unit::slip(PLANNER, HELPER, [month_of(
                        ichiro(),
                        [visit(HELPER, "111111", 244, "1000-1030").every("火")],
                    )]),
                    sheets(PLANNER, HELPER, [withdrawal(
                        SlipWithdrawal,
                        &ichiro(),
                        &[("削除対象年月", "202504")],
                    )]),
                ])
                .finds([found("sending.withdrawn").record(SlipWithdrawal, 1)]),
        )
        .wrong(
            wrong("before-the-new-plan", "送り直す前に毎回削除を送る", "Withdrawn before it is sent anew")
                .instead([
                    sheets(PLANNER, HELPER, [withdrawal(
                        SlipWithdrawal,
                        &ichiro(),
                        &[("削除対象年月", "202504")],
                    )]),
                    unit::slip(PLANNER, HELPER, [month_of(
                        ichiro(),
                        [visit(HELPER, "111111", 244, "1000-1030").every("火")],
                    )]),
                ])
                .finds([found("sending.withdrawal-not-needed").record(Slip, 1)]),
        )
}

fn results() -> Situation {
    situation("withdrawal.results", "実績を取り消す", "Results are withdrawn")
        .story(
            "別の利用者の実績を送ってしまったので、その人の月の実績を取り消す。",
            "実績の取り消しは事業所とサービス種類ごとなので、予定の取り消しと項目が違う。",
            "送信単位(6): DLTJSK だけ。No.5 サービス事業者コードと No.6 サービス種類コード（2桁）が要る。",
        )
        .look(ResultsWithdrawal, &["被保険者番号", "削除対象年月", "サービス事業者コード", "サービス種類コード"])
        .correct([sheets(HELPER, PLANNER, [withdrawal(
            ResultsWithdrawal,
            &ichiro(),
            &[
                ("削除対象年月", "202504"),
                ("サービス事業者コード", HELPER.number),
                ("サービス種類コード", HELPER.kind),
            ],
        )])])
        .wrong(
            wrong("service-code-for-the-kind", "種類コードに6桁のコードを書く", "A service code for the kind")
                .edit(set(ResultsWithdrawal, 1, "サービス種類コード", "111111"))
                .finds([found("item.length").at(ResultsWithdrawal, 1, "サービス種類コード")]),
        )
        .wrong(
            wrong("as-the-slip", "予定の削除と同じ4項目で出力する", "The four items of DLTPLAN")
                .edit(Edit::DropItem(ResultsWithdrawal.into(), "サービス種類コード"))
                .edit(Edit::DropItem(ResultsWithdrawal.into(), "サービス事業者コード"))
                .finds([found("record.item-count").record(ResultsWithdrawal, 1)]),
        )
        .wrong(
 wrong("of-another-office", "ほかの事業所の実績を取り消す", "Results of another office").edit(set(ResultsWithdrawal, 1, "サービス事業者コード", "2770300042")).finds([found("results-withdrawal.other-office").at(ResultsWithdrawal, 1, "サービス事業者コード")]),
)
        .wrong(
 wrong("of-another-kind", "ほかのサービス種類を取り消す", "Results of another kind").edit(set(ResultsWithdrawal, 1, "サービス種類コード", "15")).finds([found("results-withdrawal.other-kind").at(ResultsWithdrawal, 1, "サービス種類コード")]),
)
}

fn person_record() -> Situation {
    situation("withdrawal.person-record", "利用者基本情報を取り消す", "利用者基本情報 is withdrawn")
        .story(
            "地域包括支援センターが、誤って送った利用者基本情報を取り消す。別表と画像も一緒に消える。",
            "別表や画像の削除のファイルはないので、それを探して止まるソフトがある。",
            "送信単位(10): DLTKIHON だけ。No.4 は取り消す基本情報の相談日。",
        )
        .only_newest(SINCE_4)
        .look(PersonRecordWithdrawal, &["保険者番号", "被保険者番号", "相談日"])
        .correct([sheets(CENTRE, PLANNER, [withdrawal(
            PersonRecordWithdrawal,
            &otome(),
            &[("相談日", ASKED_ON)],
        )])])
        .wrong(
            wrong("month-for-the-day", "相談日を年月で書く", "A month for the day")
                .edit(set(PersonRecordWithdrawal, 1, "相談日", "202503"))
                .finds([found("item.unusual-form").at(PersonRecordWithdrawal, 1, "相談日")]),
        )
        .wrong(
            wrong("to-itself", "自分あてに送る", "To the office itself")
                .edit(rename_all("_2770100012_43_", "_2700100021_46_"))
                .finds([found("name.same-office").file(PersonRecordWithdrawal)]),
        )
}

fn prevention_plan() -> Situation {
    situation("withdrawal.prevention-plan", "支援計画書を取り消す", "A prevention plan is withdrawn")
        .story(
            "要介護の認定が出たので、予防の支援計画書を取り消す。別表も一緒に消える。",
            "サービス事業所の側から取り消そうとするソフトがあるが、計画書を書いた側だけが取り消せる。",
            "送信単位(11): DLTYOBO だけ。No.4 は取り消す計画書の計画作成(変更)日。サービス事業所は計画書も削除も送らない。",
        )
        .only_newest(SINCE_4)
        .look(PreventionPlanWithdrawal, &["保険者番号", "被保険者番号", "計画作成(変更)日"])
        .correct([sheets(CENTRE, PLANNER, [withdrawal(
            PreventionPlanWithdrawal,
            &otome(),
            &[("計画作成(変更)日", PREVENTION_WRITTEN_ON)],
        )])])
        .wrong(
            wrong("from-a-service-office", "サービス事業所が取り消す", "From a service office")
                .edit(rename_all("_2700100021_46_", "_2770200036_11_"))
                .finds([found("name.role").file(PreventionPlanWithdrawal)]),
        )
}
