//! Each kind of item has its form.

use crate::{
    FileKind, FileName, Item, OfficeNumber, Rule, ServiceKind, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
    rules::{because::STATED, item::service_not_carried},
};

/// Each kind of item has its form.
pub(crate) static RULE: Rule = Rule {
    id: "item.form",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 各レイアウトの項目定義: 属性",
    states: Text {
        ja: "コードと数値は半角で、項目の属性どおりに書きます。被保険者番号は数字10桁か、生活保護単独の人のHと数字9桁、郵便番号はNNN-NNNN、単位数単価は99.99、日割対象日は0か1の31桁です。",
        en: "Codes and numbers are ASCII and of their item's form: 被保険者番号 is 10 digits, or H and 9 digits for people on public assistance alone; a postal code is NNN-NNNN, 単位数単価 is 99.99, 日割対象日 is 31 digits, each 0 or 1.",
    },
    text: Text {
        ja: "{item}「{found}」の書き方が違います（正しくは{wanted}）。",
        en: "The value of {item} ({found}) is not of the form: {wanted}.",
    },
    advice: Text {
        ja: "介護ソフトで値を確かめ、出力し直してください。",
        en: "Check the value in the care software and export again.",
    },
    example: Example {
        of: Base::SlipWithdrawal,
        accepted: &[Edit::Set(FileKind::SlipWithdrawal, 1, "被保険者番号", "H000209001")],
        refused: &[Edit::Set(FileKind::SlipWithdrawal, 1, "被保険者番号", "h000209001")],
    },
};

pub(crate) fn digits(value: &[u8]) -> Option<Breach> {
    unless(is_digits(value), "半角数字", "ASCII digits")
}

pub(crate) fn alphanumeric(value: &[u8]) -> Option<Breach> {
    let holds = value.iter().all(u8::is_ascii_alphanumeric);
    unless(holds, "半角英数字", "ASCII letters and digits")
}

pub(crate) fn time(value: &[u8]) -> Option<Breach> {
    unless(is_digits(value), "HHMMの4桁", "4 digits, HHMM")
}

pub(crate) fn insured(value: &[u8]) -> Option<Breach> {
    let number = value.strip_prefix(b"H").unwrap_or(value);
    unless(is_digits(number), "数字10桁、またはHと数字9桁", "10 digits, or H and 9 digits")
}

/// Of ten characters.
pub(crate) fn office(value: &[u8]) -> Option<Breach> {
    let holds = OfficeNumber::from_bytes(value).is_ok();
    unless(holds, "数字10桁（3文字目のみAも可）", "10 digits (the third may be A)")
}

/// Of six characters. 第7表 has a total, of no kind.
pub(crate) fn service_code(value: &[u8], file: FileKind) -> Option<Breach> {
    let is_code = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    if !value.iter().all(is_code) {
        return unless(false, "半角の数字と大文字6桁", "6 digits or capital letters");
    }
    if file == FileKind::SlipAnnex && value == b"999999" {
        return None;
    }
    value.get(..2).and_then(service_kind)
}

pub(crate) fn service_kind(value: &[u8]) -> Option<Breach> {
    match ServiceKind::from_bytes(value) {
        Ok(kind) => service_not_carried::check(kind),
        Err(_) => unless(false, "英数字2文字", "2 digits or capital letters"),
    }
}

pub(crate) fn equipment(value: &[u8]) -> Option<Breach> {
    let holds = value.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    unless(holds, "半角の英数字とハイフン12桁", "12 letters, digits and hyphens")
}

/// Running numbers begin with 1 where the table says so.
pub(crate) fn sequence(item: &Item, value: &[u8]) -> Option<Breach> {
    let is_zero = value.iter().all(|byte| *byte == b'0');
    let is_from_one = item.note.starts_with("1-");
    digits(value).or_else(|| unless(!(is_zero && is_from_one), "1～99", "1 to 99"))
}

pub(crate) fn decimal(value: &[u8]) -> Option<Breach> {
    let mut parts = value.splitn(2, |byte| *byte == b'.');
    let whole = parts.next().unwrap_or_default();
    let is_whole = !whole.is_empty() && is_digits(whole);
    let is_fraction =
        parts.next().is_none_or(|part| (1..=2).contains(&part.len()) && is_digits(part));
    unless(is_whole && is_fraction, "99.99", "99.99")
}

pub(crate) fn day_map(value: &[u8]) -> Option<Breach> {
    let holds = value.iter().all(|byte| matches!(byte, b'0' | b'1'));
    unless(holds, "0と1の31桁", "31 digits, 0 or 1")
}

pub(crate) fn postal_code(value: &[u8]) -> Option<Breach> {
    let holds = matches!(value, [a, b, c, b'-', rest @ ..]
        if is_digits(&[*a, *b, *c]) && rest.len() == 4 && is_digits(rest));
    unless(holds, "NNN-NNNN", "NNN-NNNN")
}

pub(crate) fn image_name(value: &[u8]) -> Option<Breach> {
    let name = std::str::from_utf8(value).ok().and_then(|name| FileName::parse(name).ok());
    let holds = name.is_some_and(|name| name.kind.is_image());
    unless(holds, "UPKIHON_IMAGE_…_0001.jpg", "UPKIHON_IMAGE_…_0001.jpg")
}

pub(crate) fn is_digits(value: &[u8]) -> bool {
    value.iter().all(u8::is_ascii_digit)
}

fn unless(holds: bool, ja: &str, en: &str) -> Option<Breach> {
    (!holds).then(|| Breach::new(&RULE, Wanted { ja: ja.to_owned(), en: en.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item_check::tests::check_item;

    #[track_caller]
    fn check(kind: FileKind, name: &str, right: &[&str], wrong: &[&str]) {
        for value in right {
            assert_eq!(check_item(kind, name, value), "", "{name}: {value}");
        }
        for value in wrong {
            assert_eq!(check_item(kind, name, value), "item.form", "{name}: {value}");
        }
    }

    #[test]
    fn people_are_numbered_with_digits_or_with_an_h() {
        check(
            FileKind::Slip,
            "保険者番号",
            &["271004", "011002"],
            &["27100A", "27 004", "２７１００４"],
        );
        let wrong = ["h000209001", "H00020900A", "0000-09001", "00002090O1", "T000209001"];
        check(FileKind::Slip, "被保険者番号", &["0000209001", "H000209001", "9999999999"], &wrong);
    }

    #[test]
    fn offices_and_services_have_their_forms() {
        let offices = ["2770200036", "27A0200036", "0170200036"];
        let wrong = ["277020003X", "2A70200036", "27a0200036", "277-200036"];
        check(FileKind::Slip, "サービス事業者コード", &offices, &wrong);
        check(
            FileKind::Slip,
            "サービスコード",
            &["111111", "A21111", "2A1111", "17100A"],
            &["11111a", "11-111"],
        );
        check(FileKind::ResultsWithdrawal, "サービス種類コード", &["11", "A2"], &["a2", "1-"]);
        check(FileKind::Slip, "サテライト枝番", &["01", "A1"], &["-1", "0 "]);
        check(FileKind::Slip, "TAISコード", &["00001-000010"], &["00001_000010", "00001 000010"]);
    }

    #[test]
    fn numbers_are_whole_unless_said_otherwise() {
        check(
            FileKind::Slip,
            "単位数",
            &["0", "244", "000244"],
            &["-1", "2.5", "+1", "１", "2 4", "1e3"],
        );
        check(
            FileKind::SlipAnnex,
            "単位数単価",
            &["10.00", "11.40", "10", "9.5"],
            &["10.", ".5", "1.123", "1,23", "-10.0"],
        );
        check(FileKind::PlanTable2, "課題ＮＯ", &["1", "01", "99"], &["0", "00", "a"]);
        check(FileKind::PreventionPlanAnnex, "課題ＮＯ", &["1", "0"], &["x"]);
    }

    #[test]
    fn days_postal_codes_and_pictures_have_their_forms() {
        let map = |last: char| format!("{}{last}", "0".repeat(30));
        check(FileKind::Slip, "日割対象日", &[&map('1'), &"1".repeat(31)], &[&map('2'), &map(' ')]);
        check(
            FileKind::PlanTable1,
            "利用者郵便番号",
            &["590-0000"],
            &["5900-000", "590ｰ0000", "59000000"],
        );
        check(
            FileKind::PersonRecord,
            "家族構成 画像ファイル名",
            &[
                "UPKIHON_IMAGE_2700100021_46_2770100012_43_20250501120000_0001.jpg",
                "UPKIHON_IMAGE_2700100021_46_2770100012_43_20250501120000_0001.JPG",
            ],
            &["family.jpg", "UPKIHON_IMAGE_2700100021_46_2770100012_43_20250501120000.jpg"],
        );
        check(FileKind::Slip, "作成年月日", &["20250425"], &["2025-425", "R7040425"]);
    }
}
