//! What is allowed passes, and what is forbidden does not: small changes to right sendings.

use careplan_standard::{
    FileKind::{
        PersonRecord, PersonRecordDay, PersonRecordIllness, PersonRecordImage, PlanTable1,
        PlanTable2, PlanTable3, PlanWithdrawal, PreventionPlan, PreventionPlanAnnex, Results,
        ResultsWithdrawal, Slip, SlipAnnex, SlipWithdrawal, Supplement,
    },
    SendingFile, Severity, Standard, Verdict, check_sending,
    example::{
        Base,
        Edit::{
            self, AddFile, Content, CopyFile, DropFile, DropRecord, Recode, Rename, Replace, Set,
            SetBytes,
        },
        Encoding,
    },
};

/// The verdict, and the errors behind it.
fn check(base: Base, edits: &[Edit]) -> (Verdict, Vec<&'static str>) {
    let files = base.with(edits);
    let files: Vec<_> = files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
    let check = check_sending(Standard::bundled(), &files);
    let is_error = |finding: &&careplan_standard::Finding| finding.severity == Severity::Error;
    let errors = check.findings.iter().filter(is_error).map(|finding| finding.rule.id).collect();
    (check.verdict(), errors)
}

#[test]
fn what_is_allowed_passes() {
    let refused: Vec<_> =
        cases(ALLOWED).filter(|(.., (verdict, _))| *verdict == Verdict::Fail).collect();
    assert!(refused.is_empty(), "refused: {refused:#?}");
}

#[test]
fn what_is_forbidden_does_not() {
    let passed: Vec<_> =
        cases(FORBIDDEN).filter(|(.., (verdict, _))| *verdict == Verdict::Pass).collect();
    assert!(passed.is_empty(), "passed: {passed:#?}");
}

type Cases = &'static [(Base, &'static [&'static [Edit]])];

/// Each sending with each of its changes, and what the check says of it.
fn cases(
    cases: Cases,
) -> impl Iterator<Item = (Base, &'static [Edit], (Verdict, Vec<&'static str>))> {
    let of_base = |(base, edits): &'static (Base, &'static [&'static [Edit]])| {
        edits.iter().map(|edits| (*base, *edits, check(*base, edits)))
    };
    cases.iter().flat_map(of_base)
}

/// Changes that leave a sending right.
const ALLOWED: Cases = &[
    (
        Base::Slip,
        &[
            &[Set(Slip, 1, "プラン担当業者コード", "")],
            &[Set(Slip, 1, "プラン担当者名", "")],
            &[Set(Slip, 1, "単位数", "0")],
            &[Set(Slip, 1, "単位数", "")],
            &[Set(Slip, 1, "単位数", "000244")],
            &[Set(Slip, 1, "前月までの短期入所利用日数", "0")],
            &[Set(Slip, 1, "前月までの短期入所利用日数", "31")],
            &[Set(Slip, 1, "サービス利用日", "20250501")],
            &[Set(Slip, 1, "サービス利用日", "20250531")],
            &[Set(Slip, 1, "サービス開始時刻", "9999"), Set(Slip, 1, "サービス終了時刻", "9999")],
            &[Set(Slip, 1, "サービス開始時刻", "2300"), Set(Slip, 1, "サービス終了時刻", "0100")],
            &[Set(Slip, 1, "サービス開始時刻", "0000"), Set(Slip, 1, "サービス終了時刻", "2359")],
            &[Set(Slip, 1, "サービス終了時刻", "2400")],
            &[Set(Slip, 1, "サービス開始時刻", "12:00"), Set(Slip, 1, "サービス終了時刻", "13:00")],
            &[Set(Slip, 1, "サービス回数", "01")],
            &[Set(Slip, 1, "サービス回数", "99")],
            &[Set(Slip, 1, "サービス事業所名", "")],
            &[Set(Slip, 1, "サービス事業所名", "㈱髙﨑①ﾍﾙﾊﾟｰ、\r\n2階 \"北\"")],
            &[Set(Slip, 1, "サテライト枝番", "01")],
            &[Set(Slip, 1, "更新業者コード", "")],
            &[Set(Slip, 1, "識別子", "1")],
            &[Set(Slip, 1, "サービス事業者コード", "27A0200036")],
            &[Set(Slip, 1, "サービスコード", "A21111")],
            &[Set(Slip, 1, "サービスコード", "2A1111")],
            &[SetBytes(Slip, 1, "サービスコード", b"\"111111\"")],
            &[SetBytes(Slip, 1, "用具名称（機種名）", b"\"\"")],
            &[SetBytes(Slip, 1, "プラン担当者名", b"abc")],
            &[Replace(Slip, "\r\n", "\n")],
            &[Rename(Slip, ".CSV", ".csv")],
            &[Rename(Slip, ".CSV", ".csv"), Rename(SlipAnnex, ".CSV", ".Csv")],
            &[Set(Supplement, 1, "利用者氏名フリガナ", "")],
            &[Set(Supplement, 1, "利用者性別", ""), Set(Supplement, 1, "利用者生年月日", "")],
            &[Set(Supplement, 1, "要介護状態区分", "06")],
            &[Set(Supplement, 1, "区分支給限度基準額", "")],
            &[Set(Supplement, 1, "利用者電話番号", "072-000-0000")],
            &[Set(Supplement, 1, "利用者電話番号", "（０７２）０００")],
            &[Set(SlipAnnex, 1, "単位数単価", "11.40")],
            &[Set(SlipAnnex, 1, "回数／日数", "100")],
            &[Set(SlipAnnex, 1, "事業所コード", "")],
            &[Set(SlipAnnex, 1, "入力者コード", "A0001")],
            &[Set(SlipAnnex, 1, "前月までの利用日数", "12345")],
            &[AddFile("UPPLAN_202505_2770100012_43_2770200036_11_20250501120000.pdf", b"%PDF-1.7")],
            &[AddFile("連絡.txt", b"\x82\xa0"), AddFile("一覧.csv", b"a,b\r\n")],
        ],
    ),
    (
        Base::SlipPlain,
        &[
            &[Set(SlipAnnex, 1, "回数／日数", "99")],
            &[Set(Slip, 1, "サービス事業所名", "")],
            &[Rename(Slip, ".CSV", ".csv")],
        ],
    ),
    (
        Base::Plan,
        &[
            &[Set(PlanTable1, 1, "生活援助中心型の算定理由", "")],
            &[Set(PlanTable1, 1, "利用者郵便番号", "590-0000")],
            &[Set(PlanTable1, 1, "認定日", "")],
            &[Set(PlanTable2, 1, "保険対象区分", "")],
            &[Set(PlanTable2, 1, "短期目標", "")],
            &[Set(PlanTable3, 1, "終了時間", "24:00")],
            &[Set(PlanTable1, 1, "総合的な援助の方針", "一行目\r\n二行目, \"三\"")],
        ],
    ),
    (
        Base::PersonRecord,
        &[
            &[Set(PersonRecord, 1, "委託の有無", "")],
            &[Set(PersonRecord, 1, "自室の階数", "B1")],
            &[Set(PersonRecord, 1, "利用者Fax番号", "同上")],
            &[Set(PersonRecordIllness, 1, "年月日", "平成のころ")],
            &[Set(PersonRecordDay, 1, "時間", "朝")],
            &[Rename(PersonRecordImage, ".jpg", ".JPG")],
            &[Rename(PersonRecord, "UPKIHON_", "UPKIHON_000000_")],
        ],
    ),
    (
        Base::PreventionPlan,
        &[
            &[Set(PreventionPlan, 1, "要支援状態区分", "3")],
            &[Set(PreventionPlan, 1, "基本チェックリストの該当数(運動不足)", "12")],
            &[Set(PreventionPlanAnnex, 1, "課題ＮＯ", "")],
        ],
    ),
    (
        Base::SlipWithdrawal,
        &[
            &[Set(SlipWithdrawal, 1, "被保険者番号", "H000209001")],
            &[Set(SlipWithdrawal, 1, "CSVバージョン", "202404")],
        ],
    ),
    (
        Base::Results,
        &[&[Rename(Results, "2770200036_11_2770100012_43", "2770200036_11_2700100021_46")]],
    ),
];

/// Changes that make it wrong.
const FORBIDDEN: Cases = &[
    (
        Base::Slip,
        &[
            &[Set(Slip, 1, "CSVバージョン", "")],
            &[Set(Slip, 1, "CSVバージョン", "202410")],
            &[Set(Slip, 2, "CSVバージョン", "202208")],
            &[Set(Slip, 1, "保険者番号", "27100")],
            &[Set(Slip, 1, "保険者番号", "２７１００４")],
            &[Set(Slip, 1, "被保険者番号", "h000209001")],
            &[Set(Slip, 1, "被保険者番号", "2.09E+05")],
            &[Set(Slip, 1, "作成年月日", "")],
            &[Set(Slip, 1, "作成年月日", "2025/4/25")],
            &[Set(Slip, 1, "対象年月", "202513")],
            &[Set(Slip, 1, "対象年月", "000000")],
            &[Set(Slip, 1, "単位数", "1000000")],
            &[Set(Slip, 1, "単位数", "1,200")],
            &[Set(Slip, 1, "単位数", "２４４")],
            &[Set(Slip, 1, "サービス利用日", "")],
            &[Set(Slip, 1, "サービス利用日", "20250431")],
            &[Set(Slip, 1, "サービス利用日", "20250601")],
            &[Set(Slip, 1, "サービス開始時刻", "")],
            &[Set(Slip, 1, "サービス開始時刻", "2500")],
            &[Set(Slip, 1, "サービス開始時刻", "1060")],
            &[Set(Slip, 1, "サービス開始時刻", "900")],
            &[Set(Slip, 1, "サービス開始時刻", "9999")],
            &[Set(Slip, 1, "サービス回数", "")],
            &[Set(Slip, 1, "サービス回数", "100")],
            &[Set(Slip, 1, "サービスコード", "11111")],
            &[Set(Slip, 1, "サービスコード", "511111")],
            &[Set(Slip, 1, "サービスコード", "431111")],
            &[Set(Slip, 1, "サービスコード", "a21111")],
            &[Set(Slip, 1, "サービス事業者コード", "27702000361")],
            &[Set(Slip, 1, "サービス事業者コード", "27B0200036")],
            &[Set(Slip, 1, "サテライト枝番", "1")],
            &[Set(Slip, 1, "３０日超区分", "")],
            &[Set(Slip, 1, "３０日超区分", "2")],
            &[SetBytes(Slip, 1, "プラン担当者名", b"\"\xF0\x40\"")],
            &[SetBytes(Slip, 1, "プラン担当者名", b"\"\x89\"")],
            &[SetBytes(Slip, 1, "プラン担当者名", b"\"a\"b\"")],
            &[SetBytes(Slip, 1, "プラン担当者名", b"a,b")],
            &[Content(Slip, b"")],
            &[Recode(Slip, Encoding::Utf8)],
            &[Recode(Slip, Encoding::Utf8WithMark)],
            &[Recode(Slip, Encoding::EucJp)],
            &[Recode(Slip, Encoding::Utf16)],
            &[Recode(Slip, Encoding::Iso2022Jp)],
            &[Replace(Slip, ",", "\t")],
            &[Replace(Slip, ",", ";")],
            &[Rename(Slip, "UPPLAN", "UPPLN")],
            &[Rename(Slip, "UPPLAN", "upplan")],
            &[Rename(Slip, "_202505_", "_202506_")],
            &[Rename(Slip, "_202505_", "_000000_")],
            &[Rename(Slip, "_202505_", "_")],
            &[Rename(Slip, "_11_", "_33_")],
            &[Rename(Slip, "_11_", "_15_")],
            &[Rename(Slip, "20250501120000", "20250501120001")],
            &[Rename(Slip, "20250501120000", "20250501126000")],
            &[Rename(Slip, ".CSV", ".txt")],
            &[Rename(Slip, ".CSV", " (1).CSV")],
            &[Rename(Supplement, "_202505_", "_000000_")],
            &[CopyFile(Slip, ".CSV", ".csv")],
            &[DropFile(Supplement)],
            &[DropFile(SlipAnnex)],
            &[DropRecord(SlipAnnex, 4)],
            &[Set(Supplement, 1, "要介護状態区分", "26")],
            &[Set(Supplement, 1, "対象年月", "000000")],
            &[Set(Supplement, 1, "利用者生年月日", "00000000")],
            &[Set(Supplement, 1, "被保険者番号", "0000209009")],
            &[Set(SlipAnnex, 1, "回数／日数", "1000")],
            &[Set(SlipAnnex, 1, "単位数単価", "10,00")],
            &[Set(SlipAnnex, 1, "事業所コード", "2770100012")],
            &[AddFile("連絡.docx", b"PK\x03\x04")],
            &[AddFile("連絡.pdf", b"PK\x03\x04")],
        ],
    ),
    (
        Base::SlipPlain,
        &[
            &[Set(SlipAnnex, 1, "回数／日数", "100")],
            &[Replace(Slip, "202208,", "202407,")],
            &[Rename(Slip, "2770100012_2770200036", "2770100012_43_2770200036_11")],
        ],
    ),
    (
        Base::Plan,
        &[
            &[Set(PlanTable1, 1, "居宅サービス計画作成者氏名", "")],
            &[Set(PlanTable1, 1, "利用者郵便番号", "5900000")],
            &[Set(PlanTable1, 1, "計画書区分", "1")],
            &[Set(PlanTable2, 1, "保険対象区分", "1")],
            &[Set(PlanTable2, 1, "課題ＮＯ", "0")],
            &[Set(PlanTable2, 1, "課題ＮＯ", "100")],
            &[Set(PlanTable3, 1, "曜日", "8")],
            &[Set(PlanTable3, 1, "開始時間", "9999")],
            &[Set(Supplement, 1, "対象年月", "202505")],
            &[Rename(Supplement, "_000000_", "_202505_")],
            &[Rename(PlanTable1, "UP1KYO_", "UP1KYO_000000_")],
            &[DropFile(PlanTable3)],
        ],
    ),
    (
        Base::PersonRecord,
        &[
            &[Set(PersonRecord, 1, "計画種類", "")],
            &[Set(PersonRecord, 1, "計画種類", "3")],
            &[Set(PersonRecord, 1, "相談方法", "1")],
            &[Set(PersonRecord, 1, "家族構成 画像ファイル名", "family.jpg")],
            &[Set(PersonRecordDay, 1, "相談日", "20250302")],
            &[Set(PersonRecordIllness, 1, "経過", "04")],
            &[Rename(PersonRecordImage, "_0001.jpg", "_1.jpg")],
            &[Rename(PersonRecordImage, ".jpg", ".png")],
            &[Content(PersonRecordImage, b"GIF89a")],
            &[Replace(PersonRecord, "202407,", "202208,")],
        ],
    ),
    (
        Base::PreventionPlan,
        &[
            &[Set(PreventionPlan, 1, "利用者名", "")],
            &[Set(PreventionPlan, 1, "同意日", "20250230")],
            &[DropFile(PreventionPlanAnnex)],
        ],
    ),
    (
        Base::PlanWithdrawal,
        &[
            &[Rename(PlanWithdrawal, "DLT1KYO_", "DLT1KYO_202505_")],
            &[Set(PlanWithdrawal, 1, "居宅サービス計画作成（変更）日", "00000000")],
        ],
    ),
    (
        Base::ResultsWithdrawal,
        &[
            &[Set(ResultsWithdrawal, 1, "サービス種類コード", "33")],
            &[Set(ResultsWithdrawal, 1, "削除対象年月", "202504")],
        ],
    ),
    (
        Base::Results,
        &[
            &[Rename(Results, "_43_", "_15_")],
            &[Rename(Results, "2770100012", "2770200036")],
            &[Set(Results, 1, "サービス事業者コード", "2770300042")],
            &[DropRecord(Results, 1), DropRecord(Results, 1)],
        ],
    ),
];
