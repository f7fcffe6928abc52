//! Items: form, length, requiredness, and what they say together.

use super::*;

#[test]
fn items_are_checked_by_their_kind() {
    slip_item(2, "27100A", &["item.form@2.2"]);
    let public_assistance = with_item("v4-withdraw-month", "DLTPLAN", 1, 3, b"H000201001");
    assert_eq!(found(&public_assistance), [""; 0]);
    slip_item(3, "h000201001", &["item.form@2.3"]);
    slip_item(4, "20250230", &["item.date-not-real@2.4"]);
    slip_item(8, "1234567", &["item.too-long@2.8"]);
    slip_item(8, "-1", &["item.form@2.8"]);
    slip_item(11, &"1".repeat(30), &["item.length@2.11"]);
    slip_item(11, &"01".repeat(15), &["item.length@2.11"]);
    slip_item(11, &format!("{}2", "0".repeat(30)), &["item.form@2.11"]);
    slip_item(11, &format!("{}0", "1".repeat(30)), &[]);
    slip_item(12, "0960", &["item.date-not-real@2.12"]);
    slip_item(12, "900", &["item.leading-zeros-lost@2.12"]);
    slip_item(15, "43ABCD", &["item.service-kind-not-carried@2.15"]);
    slip_item(15, "A21111", &["?unit.service-not-in-annex@2"]);
    slip_item(15, "11111a", &["item.form@2.15"]);
    slip_item(20, "27A0200036", &["?unit.service-not-in-annex@2"]);
    slip_item(20, "277020003X", &["item.form@2.20"]);
    slip_item(23, "2", &["item.code-not-listed@2.23"]);
}

#[test]
fn the_items_of_a_record_agree() {
    slip_item(10, "20250501", &["record.day-outside-month@2.10"]);
    slip_item(11, &format!("{}1", "0".repeat(30)), &["record.day-map-beyond-month@2.11"]);
    slip_item(12, "9999", &["record.one-time-missing@2.12"]);
    slip_item(13, "9999", &["record.one-time-missing@2.13"]);
    slip_item(13, "0930", &["?record.end-before-start@2.13"]);
    slip_item(13, "2400", &["?item.unusual-form@2.13"]);
    slip_item(19, "1", &["record.detail-code-stray@2.19"]);
    let bare = with_item("v4-slip-equipment", "UPPLAN", 10, 16, b"");
    assert_eq!(found(&bare), ["record.equipment-code-missing@10.15"]);
}

#[test]
fn requiredness_follows_the_table() {
    slip_item(15, "", &["item.missing@2.15"]);
    slip_item(20, "", &["item.missing@2.20"]);
    slip_item(21, "", &[]);
    let no_way = with_item("v4-prevention-record", "UPKIHON_27", 1, 6, b"");
    assert_eq!(found(&no_way), ["?item.wanted@1.6"]);
}

#[test]
fn what_is_uncertain_in_the_published_text_refuses_nothing() {
    slip_item(6, "", &["?item.missing@2.6"]);
    let detail = with_item("v4-slip-equipment", "UPPLAN", 10, 19, b"123");
    assert_eq!(found(&detail), ["?item.too-long@10.19"]);
    let storeys = with_item("v4-prevention-record", "UPKIHON_27", 1, 35, b"123");
    assert_eq!(found(&storeys), ["?item.too-long@1.35"]);
}

#[test]
fn what_the_published_text_writes_in_its_examples_refuses_nothing() {
    slip_item(10, "202504", &["?item.unusual-form@2.10"]);
    slip_item(12, "10:00", &["?item.unusual-form@2.12"]);
    slip_item(20, "277020003", &["?item.unusual-form@2.20"]);
    let hyphen = ms932::encode("00001－000010").expect("MS932");
    let hyphen = with_item("v4-slip-equipment", "UPPLAN", 10, 16, &hyphen);
    assert_eq!(found(&hyphen), ["?item.unusual-form@10.16"]);
    let zero = renamed("v4-prevention-record", "UPKIHON_2700", "UPKIHON_000000_2700");
    assert_eq!(found(&zero), ["?name.unusual-form"]);
    let big = renamed("v4-prevention-record", ".jpg", ".JPG");
    assert_eq!(found(&big), [""; 0]);
    let mut printed = sample("v4-withdraw-month");
    printed[0].1 = b"202404,271004,0000201001,202504\r\n".to_vec();
    assert_eq!(found(&printed), ["?version.as-printed@1.1"]);
    assert_eq!(check(&printed).units[0].version.as_deref(), Some("202407"));
}

#[test]
fn text_is_ms932_without_user_defined_characters() {
    let user_defined = with_item("v4-slip", "UPPLAN", 2, 7, b"\"\xF0\x40\"");
    assert_eq!(found(&user_defined), ["encoding.user-defined@2.7"]);
    let half = with_item("v4-slip", "UPPLAN", 2, 7, b"\"\x89\xEE\x8C\"");
    assert_eq!(found(&half), ["encoding.broken@2.7"]);
    let bare = with_item("v4-slip", "UPPLAN", 2, 7, b"abc");
    assert_eq!(found(&bare), ["?csv.text-unquoted@2.7"]);
    let finding = &check(&half).findings[0];
    assert!(finding.message(Lang::Ja).contains("項目7 プラン担当者名"), "{finding:?}");
    assert!(finding.message(Lang::En).contains("8C"), "{finding:?}");
}
