//! What holds of every page and every text: nothing leaves, nothing breaks, nothing is lost.

use base64::{Engine, engine::general_purpose::STANDARD};
use careplan_standard::Lang;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    markup::Node,
    support::{File, beside, book, file, page, sample, sample_folders, sections},
};

const PLAN: &str = "UP1KYO_2770100012_43_2770200036_11_20250428171502.CSV";
const SLIP: &str = "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV";

fn plan_with(text: &str) -> File {
    file(PLAN, &[&[("被保険者番号", "1"), ("総合的な援助の方針", text)]])
}

#[test]
fn a_page_can_ask_nobody_for_anything() {
    for folder in sample_folders() {
        for lang in [Lang::Ja, Lang::En] {
            let page = Node::read(&book(&[&sample(&folder)]).html(lang));
            let metas = page.all("meta");
            let policy = metas
                .iter()
                .find(|meta| meta.attribute("http-equiv") == "Content-Security-Policy")
                .expect("a policy")
                .attribute("content");
            let style = page.all("style")[0].text();
            let digest = STANDARD.encode(Sha256::digest(style.as_bytes()));
            assert_eq!(
                policy,
                format!(
                    "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; \
                     base-uri 'none'; form-action 'none'"
                )
            );
            for name in ["script", "link", "iframe", "object", "form", "base", "video"] {
                assert!(page.all(name).is_empty(), "{folder}: {name}");
            }
            assert!(page.all("img").iter().all(|img| img.attribute("src").starts_with("data:")));
            assert!(page.all("a").iter().all(|a| a.attribute("href").starts_with('#')));
            every(&page, &|node| assert!(node.attribute("style").is_empty(), "{}", node.name));
        }
    }
}

fn every(node: &Node, check: &dyn Fn(&Node)) {
    check(node);
    node.nodes().into_iter().for_each(|node| every(node, check));
}

#[test]
fn each_form_says_what_it_was_read_from() {
    let page = page(&sample("v4-slip"));
    for section in page.all("section") {
        let footer = section.all("footer")[0].text();
        assert!(footer.contains(
            "_202504_2770100012_43_2770200036_11_20250428171502.CSV（連番 20250428171502）"
        ));
        assert!(!footer.contains("エラー"));
    }
}

#[test]
fn errors_are_told_above_and_below_and_the_rest_is_shown() {
    let page = page(&sample("broken-service-kind"));
    let banners: Vec<String> =
        page.all("p").iter().filter(|p| p.is("banner")).map(|p| p.text()).collect();
    let [banner] = &banners[..] else { panic!("{banners:?}") };
    assert!(banner.contains("エラー 1件") && banner.contains("careplan check"));
    assert!(page.all("footer").iter().all(|footer| footer.text().contains("検査エラー 1件")));
    assert!(!sections(&page, "slip").is_empty());
}

#[test]
fn an_item_that_cannot_be_read_does_not_hide_the_others() {
    let (name, mut bytes) = plan_with("方針");
    let at = bytes.windows(4).position(|four| four == [0x95, 0xFB, 0x90, 0x6A]).expect("方針");
    bytes[at] = 0xFF;
    let page = page(&[(name, bytes)]);
    let plan = sections(&page, "plan-1")[0];
    assert!(beside(plan, "総合的な援助の方針").contains('\u{fffd}'));
    assert_eq!(beside(plan, "被保険者番号"), "1");
    assert!(page.all("p").iter().any(|p| p.is("banner")));
}

#[test]
fn texts_at_their_worst_come_back_as_they_were() {
    for text in [
        "<script>alert(1)</script>",
        "</dd></section><b>\"'&amp;&lt;",
        "一行目\n二行目\n\n四行目",
        "①㈱髙﨑ⅷ纊褜鍈銈",
        " 前後の空白 ",
        "{found} {item} %s \\n",
    ] {
        let page = page(&[plan_with(text)]);
        let plan = sections(&page, "plan-1")[0];
        assert_eq!(beside(plan, "総合的な援助の方針"), text);
        assert!(page.all("script").is_empty());
    }
}

#[test]
fn long_texts_without_a_space_are_kept_whole() {
    let text = "W".repeat(5000);
    let files = [plan_with(&text)];
    assert_eq!(beside(sections(&page(&files), "plan-1")[0], "総合的な援助の方針"), text);
    let printed = book(&[&files]).text(Lang::Ja);
    assert_eq!(printed.matches('W').count(), 5000);
    fits(&printed);
}

#[test]
fn a_record_without_anything_is_a_blank_form() {
    for name in [PLAN, SLIP, &SLIP.replace("UPPLAN", "UPSIKYU"), &PLAN.replace("UP1KYO", "UPYOBO")]
    {
        let page = page(&[file(name, &[&[]])]);
        assert_eq!(page.all("section").len(), 1, "{name}");
    }
    let page = page(&[file(PLAN, &[&[]])]);
    let plan = sections(&page, "plan-1")[0];
    assert!(plan.all("b").is_empty(), "nothing is ringed");
    assert_eq!(beside(plan, "利用者名"), "");
    assert_eq!(beside(plan, "認定の有効期間"), "");
}

#[test]
fn unknown_codes_stand_for_themselves() {
    let record = [("被保険者番号", "1"), ("計画書区分", "99"), ("認定日", "20251399")];
    let page = page(&[file(PLAN, &[&record])]);
    let plan = sections(&page, "plan-1")[0];
    assert_eq!(crate::support::ringed(plan, "計画書区分"), ["99"]);
    assert_eq!(beside(plan, "認定日"), "20251399");
}

#[test]
fn forty_services_of_three_people_are_forty_lines_each() {
    let mut records = vec![];
    for person in ["1", "2", "3"] {
        for service in 0..40 {
            records.push([
                ("被保険者番号", person.to_owned()),
                ("対象年月", "202504".to_owned()),
                ("サービス利用日", format!("202504{:02}", service % 30 + 1)),
                ("サービス開始時刻", format!("{:02}00", service % 24)),
                ("サービス回数", "1".to_owned()),
                ("サービスコード", format!("11{service:04}")),
            ]);
        }
    }
    let records: Vec<Vec<(&str, &str)>> = records
        .iter()
        .map(|record| record.iter().map(|(item, value)| (*item, value.as_str())).collect())
        .collect();
    let files = [file(SLIP, &records.iter().map(Vec::as_slice).collect::<Vec<_>>())];
    let page = page(&files);
    let slips = sections(&page, "slip");
    assert_eq!(slips.len(), 3);
    for slip in slips {
        assert_eq!(slip.all("tbody").len(), 40);
        assert_eq!(slip.all("thead").len(), 1, "heads repeat by themselves");
    }
    fits(&book(&[&files]).text(Lang::Ja));
}

#[test]
fn two_of_one_thing_are_told_apart() {
    let page = page(&sample("v4-slip-equipment"));
    let lines = sections(&page, "slip")[0].all("tbody");
    let services = lines.iter().map(|line| line.all("td")[0].text());
    let rails: Vec<String> = services.filter(|service| service.contains("手すり")).collect();
    assert!(rails[0].ends_with("明細 1") && rails[1].ends_with("明細 2"), "{rails:?}");
}

#[test]
fn english_stands_beside_the_japanese() {
    let book = book(&[&sample("v4-slip")]);
    let page = Node::read(&book.html(Lang::En));
    assert!(page.all("small").iter().any(|small| small.text() == " Service slip"));
    assert!(page.text().contains("サービス利用票"));
    assert!(Node::read(&book.html(Lang::Ja)).all("small").is_empty());
    assert!(book.text(Lang::En).contains("サービス利用票（兼居宅サービス計画） (Service slip)"));
}

#[test]
fn what_is_on_no_form_is_named() {
    let mut files = sample("v4-slip");
    files.push(("メモ<1>.pdf".to_owned(), b"%PDF".to_vec()));
    let book = book(&[&files]);
    assert_eq!(book.not_shown(), ["メモ<1>.pdf"]);
    assert!(Node::read(&book.html(Lang::Ja)).text().contains("メモ<1>.pdf"));
    assert!(book.text(Lang::Ja).contains("メモ<1>.pdf"));
    let nothing = crate::support::book(&[&[("plan.csv".to_owned(), vec![])]]);
    assert!(nothing.is_empty());
}

#[track_caller]
fn fits(text: &str) {
    for line in text.lines() {
        assert!(textwrap::core::display_width(line) <= 80, "{line}");
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn samples_fit_a_terminal_in_both_languages() {
    for folder in sample_folders() {
        let book = book(&[&sample(&folder)]);
        fits(&book.text(Lang::Ja));
        fits(&book.text(Lang::En));
    }
}

#[test]
fn the_terminal_shows_the_month_the_week_and_the_rings() {
    let month = book(&[&sample("v4-slip")]).text(Lang::Ja);
    assert!(
        month.contains("  予定 1 . . . . . . 1 . . . . . . 1 . . . . . . 1 . . . . . . . . .   4"),
        "{month}"
    );
    assert!(month.contains("      火水木金土日月"));
    let week = book(&[&sample("v4-plan")]).text(Lang::Ja);
    assert!(week.contains("初回・紹介・[継続]"));
    assert!(week.contains("  9:00│        │09:30～ │"), "{week}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_page_that_is_whole(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        prefix in prop_oneof![
            Just("UP1KYO"), Just("UP2KYO"), Just("UP3KYO"), Just("UPHOSOKU_202504"), Just("UPPLAN_202504"),
            Just("UPSIKYU_202504"), Just("UPJSK_202504"), Just("UPKIHON"), Just("UPKIHON_SUB1"),
            Just("UPYOBO"), Just("UPYOBO_SUB"), Just("DLTPLAN_202504"),
        ],
    ) {
        let name = format!("{prefix}_2770100012_43_2770200036_11_20250428171502.CSV");
        let book = book(&[&[(name, bytes)]]);
        // Reading it back panics where it is not whole.
        Node::read(&book.html(Lang::Ja));
        fits(&book.text(Lang::En));
    }

    #[test]
    fn any_text_comes_back_as_it_was(text in "[ -~ぁ-んァ-ヶ亜-熙①-⑳㈱髙﨑\n]{1,80}") {
        let Ok(_) = careplan_standard::ms932::encode(&text) else { return Ok(()) };
        let page = page(&[plan_with(&text)]);
        prop_assert_eq!(beside(sections(&page, "plan-1")[0], "総合的な援助の方針"), text);
    }
}
