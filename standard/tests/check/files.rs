//! Files: names, shape, versions, attachments.

use super::*;

#[test]
fn the_shape_of_the_file_is_checked() {
    let mut files = sample("v4-withdraw-month");
    for (content, want) in [
        (&b""[..], &["csv.empty-file"][..]),
        (b"\r\n\r\n", &["csv.empty-file"]),
        (b"202407,271004,0000201001\r\n", &["record.item-count@1"]),
        (b"202407,271004,0000201001,202504,\r\n", &["record.item-count@1"]),
        (b"202407,271004,00002\"1001,202504\r\n", &["csv.stray-quote@1.3", "item.form@1.3"]),
        (b"202407,271004,0000201001,\"202504\r\n", &["csv.unclosed-quote@1.4", "item.form@1.4"]),
        (b"202407,271004,0000201001,202504\r\n\r\n", &[]),
        (b"\r\n202407,271004,0000201001,202504\r\n", &["?csv.blank-line@1"]),
        (b"202407,271004,0000201001,202504", &[]),
        (b"202407,271004,0000201001,202504\n", &[]),
        (b"\"202407\",\"271004\",\"0000201001\",\"202504\"\r\n", &[]),
        (b"\xEF\xBB\xBF202407,271004,0000201001,202504\r\n", &["encoding.byte-order-mark"]),
        (b"202407\t271004\t0000201001\t202504\r\n", &["csv.separator"]),
    ] {
        files[0].1 = content.to_vec();
        assert_eq!(found(&files), want, "{:?}", String::from_utf8_lossy(content));
    }
    files[0].1 =
        ms932::encode("CSVバージョン,保険者番号,被保険者番号,削除対象年月\r\n").expect("MS932");
    files[0].1.extend_from_slice(b"202407,271004,0000201001,202504\r\n");
    assert_eq!(found(&files), ["csv.header-line@1"]);
    files[0].1 = b"version,insurer,person,month\n202407,271004,0000201001,202504\n".to_vec();
    assert_eq!(found(&files), ["csv.header-line@1"]);
}

#[test]
fn the_number_of_findings_is_bounded() {
    let mut files = sample("v4-withdraw-month");
    files[0].1 = b"202407,271004,201001,202504\r\n".repeat(1_000);
    assert_eq!(found(&files), ["item.leading-zeros-lost@1.3"], "one column, one finding");
    assert_eq!(check(&files).findings[0].more, 999);
    files[0].1 = b"202407,271004,000020100X,202504\r\n".repeat(1_000);
    let check = check(&files);
    assert_eq!(check.findings.len(), 100);
    assert_eq!(check.findings[0].more, 900);
    assert!(check.findings[0].message(Lang::Ja).ends_with("（同じ指摘がほかに900件）"));
    for bytes in [b"\n".repeat(1_000_000), b"x\n".repeat(100_000), b",".repeat(1_000_000)] {
        files[0].1 = bytes;
        assert!(found(&files).len() < 200);
    }
    files[0].1 = (0..50_000).map(|n| format!("{n}\n")).collect::<String>().into_bytes();
    assert!(found(&files).len() < 200, "as many versions as records");
}

#[test]
fn versions_are_checked() {
    let mut files = sample("v4-withdraw-month");
    for (versions, want) in [
        (["202410", "202410"], &["version.unknown@1.1"][..]),
        (["202504", "202504"], &["version.unknown@1.1"]),
        (["202407", "202208"], &["name.form-differs", "version.mixed@2.1"]),
        (["202208", "202208"], &["name.form-differs"]),
        (["", "202407"], &["item.missing@1.1"]),
    ] {
        let record = |version: &str| format!("{version},271004,0000201001,202504\r\n");
        files[0].1 = versions.map(record).concat().into_bytes();
        assert_eq!(found(&files), want, "{versions:?}");
    }
    let plain =
        renamed("v4-withdraw-month", "2770100012_43_2770200036_11", "2770100012_2770200036");
    assert_eq!(found(&plain), ["name.form-differs"]);
    let mut only_v4 = sample("v3-plan");
    only_v4
        .push(("UP3KYO_2770100012_2770200036_20250428171502.CSV".to_owned(), only_v4[0].1.clone()));
    let found = found(&only_v4);
    assert_eq!(found, ["version.layout-missing"], "and nothing about the unit");
}

#[test]
fn names_are_checked() {
    let sequence = renamed("v4-withdraw-month", "20250428171502", "20250231171502");
    assert_eq!(found(&sequence), ["name.sequence-not-a-time"]);
    let kind = renamed("v4-withdraw-month", "_11_", "_33_");
    assert_eq!(found(&kind), ["name.service-kind-not-carried"]);
    let copy = renamed("v4-withdraw-month", ".CSV", " (1).CSV");
    assert_eq!(found(&copy), ["name.sequence"]);
    let check = check(&copy);
    assert_eq!(check.files[0].role, FileRole::Misnamed);
    assert!(check.units.is_empty());
}

#[test]
fn attachments_are_of_the_types_that_are_carried() {
    let with = |name: &str, bytes: &[u8]| {
        let mut files = sample("v4-jisseki");
        files.push((name.to_owned(), bytes.to_vec()));
        assert_eq!(check(&files).files[1].role, FileRole::Attachment, "{name}");
        assert_eq!(check(&files).units.len(), 1);
        found(&files)
    };
    assert_eq!(with("8月の写真.jpg", b"\xFF\xD8\xFF\xE0"), [""; 0]);
    assert_eq!(with("報告.pdf", b"%PDF-1.7"), [""; 0]);
    assert_eq!(with("UPPLAN_202504.pdf", b"%PDF-1.7"), [""; 0]);
    assert_eq!(with("メモ.csv", b"a,b\r\n"), ["?attachment.csv"]);
    assert_eq!(with("20250428171502_2770100012.csv", b"a,b\r\n"), ["?attachment.csv"]);
    assert_eq!(with("UPPLAN_202505_2770100012_説明.txt", b"a"), [""; 0]);
    assert_eq!(with("報告.docx", b"PK"), ["attachment.type"]);
    assert_eq!(with("報告.pdf", b"hello"), ["attachment.content"]);
}

#[test]
fn a_misspelt_name_of_the_standard_is_no_attachment() {
    let name = "UPJSK_202504_2770200036_11_2770100012_43_20250428171502.CSV";
    for (wrong, rule) in [
        (name.replace("UPJSK", "UPJISK"), "name.prefix"),
        (name.replace("UPJSK", "upjsk"), "name.prefix"),
        (name.replace("UPJSK", "PJSJ"), "name.prefix"),
        (name.replace(".CSV", ".txt"), "name.extension"),
        (name.replace("_43_", "_"), "name.parts"),
        (name.replace("20250428171502", "2025042817150"), "name.sequence"),
    ] {
        assert_eq!(found(&renamed("v4-jisseki", name, &wrong)), [rule], "{wrong}");
    }
}

#[test]
fn who_sends_what_to_whom_follows_the_table_of_roles() {
    let same = renamed("v4-withdraw-month", "2770200036", "2770100012");
    assert_eq!(found(&same), ["name.same-office"]);
    let to_service = renamed("v4-jisseki", "2770100012_43", "2770100012_15");
    assert_eq!(found(&to_service), ["name.role"]);
    let from_service = renamed("v4-withdraw-month", "2770100012_43", "2770100012_15");
    assert_eq!(found(&from_service), ["name.role"]);
    let between_planners = renamed("v4-withdraw-month", "2770200036_11", "2770200036_43");
    assert_eq!(found(&between_planners), ["?name.unusual-role"]);
    let to_the_centre = renamed("v4-slip", "2770200036_11", "2770200036_46");
    assert_eq!(found(&to_the_centre), [""; 0]);
    let sent_on =
        renamed("v4-jisseki", "2770200036_11_2770100012_43", "2770100012_43_2700100021_46");
    let wanted = ["?sending.slip-not-attached"];
    assert_eq!(
        found(&sent_on),
        wanted,
        "a 委託先居宅 sends on what others provided, with the 予定"
    );
}

#[test]
fn a_version_before_its_first_month_warns() {
    let mut early = renamed("v4-withdraw-month", "202504", "202503");
    early[0].1 = b"202407,271004,0000201001,202503\r\n".to_vec();
    assert_eq!(found(&early), ["?version.before-service-month"]);
}

#[test]
fn a_picture_is_a_jpeg() {
    let mut files = sample("v4-prevention-record");
    let picture = files.iter_mut().find(|(name, _)| name.ends_with(".jpg")).expect("a picture");
    picture.1 = b"\x89PNG\r\n".to_vec();
    assert_eq!(found(&files), ["image.not-jpeg"]);
}
