//! Each form has what its records say, where the paper has it.

use careplan_standard::{FileName, ItemKind, Lang, Standard};

use crate::{
    markup::Node,
    support::{File, beside, book, file, page, records, ringed, sample, sample_folders, sections},
};

const FROM_TO: &str = "2770100012_43_2770200036_11_20250428171502.CSV";

fn plan(kind: &str) -> String {
    format!("{kind}_{FROM_TO}")
}

/// Items whose text is on no paper form.
const ON_NO_FORM: [&str; 1] = ["入力者コード"];

/// Every free text of every sample, except what the forms have no place for.
#[test]
fn every_text_of_the_samples_stands_on_its_page() {
    for folder in sample_folders() {
        let files = sample(&folder);
        let text = page(&files).text();
        let mut seen = 0;
        for (name, value) in texts(&files) {
            // The slip has no address; the plan has, and takes it from there.
            let is_address = name.starts_with("利用者住所") && !folder.ends_with("plan");
            if ON_NO_FORM.contains(&name.as_str()) || is_address {
                continue;
            }
            let value = value.replace("\r\n", "\n");
            assert!(text.contains(&value), "{folder}: {name}: {value}");
            seen += 1;
        }
        assert!(0 < seen || folder == "v4-withdraw-month", "{folder}");
    }
}

fn texts(files: &[File]) -> Vec<(String, String)> {
    let mut texts = vec![];
    for file in files {
        let Ok(name) = FileName::parse(&file.0) else { continue };
        let version = Standard::bundled().newest(name.has_kinds()).expect("a version");
        let Some(layout) = version.layout(name.kind) else { continue };
        for record in records(file) {
            let items = layout.items.iter().filter(|item| item.kind == ItemKind::Text);
            let values =
                items.map(|item| (item.name.clone(), record[usize::from(item.no)].clone()));
            texts.extend(values.filter(|(_, value)| !value.is_empty()));
        }
    }
    texts
}

#[test]
fn the_first_table_rings_what_holds_and_takes_the_name_from_the_supplement() {
    let page = page(&sample("v4-plan"));
    let first = sections(&page, "plan-1")[0];
    assert_eq!(ringed(first, "計画書区分"), ["継続"]);
    assert_eq!(ringed(first, "認定状況"), ["認定済"]);
    assert_eq!(ringed(first, "要介護状態区分"), ["要介護２"]);
    assert_eq!(beside(first, "利用者名"), "シケン　イチロウ\n試験　一郎 様");
    assert_eq!(beside(first, "生年月日"), "昭和15(1940)年3月1日");
    assert_eq!(beside(first, "認定の有効期間"), "令和7(2025)年2月1日 ～ 令和9(2027)年1月31日");
    let wishes = "利用者及び家族の生活に対する意向を踏まえた課題分析の結果";
    assert_eq!(beside(first, wishes), "自宅で暮らし続けたい。\n\"無理なく\"歩く、外へ出る");
}

#[test]
fn forms_of_one_person_stand_together() {
    let entries = book(&[&sample("v4-plan")]).entries();
    let order: Vec<(&str, &str)> = entries
        .iter()
        .map(|entry| (entry.insured.as_deref().expect("a person"), entry.form.as_str()))
        .collect();
    let forms = [
        "第１表 居宅サービス計画書（１）",
        "第２表 居宅サービス計画書（２）",
        "第３表 週間サービス計画表",
    ];
    let person = |insured| forms.map(|form| (insured, form));
    assert_eq!(order, [person("0000201001"), person("0000201002")].concat());
    assert!(entries.iter().all(|entry| entry.sequences == ["20250428171502"]));
}

#[test]
fn a_need_is_shown_once_for_all_of_its_rows() {
    let page = page(&sample("v4-plan"));
    let second = sections(&page, "plan-2")[0];
    let rows = second.all("tbody")[0].all("tr");
    assert_eq!(rows.len(), 3);
    let cells = |row: usize| rows[row].nodes();
    assert_eq!(cells(0)[0].text(), "入浴が一人では不安");
    assert!(cells(1)[..5].iter().all(|cell| cell.is("goes-on") && cell.text().is_empty()));
    assert_eq!(cells(1)[5].text(), "掃除,洗濯");
    assert_eq!((cells(0)[6].text(), cells(2)[6].text()), ("○".to_owned(), String::new()));
    assert_eq!(cells(2)[0].text(), "外出の機会が少ない");
}

#[test]
fn another_need_of_the_same_words_is_shown_again() {
    let need = |no| {
        [
            ("被保険者番号", "1"),
            ("居宅サービス計画作成（変更）日", "20250320"),
            ("課題ＮＯ", no),
            ("課題", "転ぶ"),
        ]
    };
    let page = page(&[file(&plan("UP2KYO"), &[&need("1"), &need("1"), &need("2")])]);
    let rows = page.all("tbody")[0].all("tr");
    let first_cells: Vec<String> = rows.iter().map(|row| row.nodes()[0].text()).collect();
    assert_eq!(first_cells, ["転ぶ", "", "転ぶ"]);
}

/// For each hour of the week's grid, what covers it in this column; the day's first hour is four.
fn column(section: &Node, wanted: usize) -> Vec<String> {
    let rows = section.all("tbody")[0].all("tr");
    let mut covered: Vec<Vec<Option<String>>> = vec![vec![None; 10]; rows.len()];
    for (at, row) in rows.iter().enumerate() {
        let mut cells = row.nodes().into_iter();
        for place in 0..10 {
            if covered[at][place].is_some() {
                continue;
            }
            let cell = cells.next().expect("a cell for each place");
            let high = cell.attribute("rowspan").parse().unwrap_or(1);
            for line in &mut covered[at..at + high] {
                line[place] = Some(cell.text());
            }
        }
        assert!(cells.next().is_none(), "row {at} has too many cells");
    }
    covered.into_iter().map(|row| row[wanted].clone().expect("covered")).collect()
}

#[test]
fn the_week_has_each_service_in_the_hours_that_it_touches() {
    let page = page(&sample("v4-plan"));
    let third = sections(&page, "plan-3")[0];
    let tuesday = column(third, 3);
    assert_eq!(tuesday.len(), 24);
    for (row, text) in tuesday.iter().enumerate() {
        let hour = (row + 4) % 24;
        let wanted = if (9..=16).contains(&hour) { "09:30～16:30 通所介護" } else { "" };
        assert_eq!(text, wanted, "{hour}:00");
    }
    assert!(column(third, 2).iter().all(String::is_empty), "nothing on Monday");
    assert_eq!(column(third, 9)[2], "06:00 起床");
    assert_eq!(beside(third, "週単位以外のサービス"), "通院、福祉用具貸与");
}

#[test]
fn a_crowded_week_stays_a_rectangle() {
    let service = |day: &'static str, start: &'static str, end: &'static str| {
        [
            ("被保険者番号", "1"),
            ("居宅サービス計画作成（変更）日", "20250320"),
            ("介護サービス内容", "甲"),
            ("曜日", day),
            ("開始時間", start),
            ("終了時間", end),
        ]
    };
    let services = [
        service("1", "0930", "1630"),
        service("1", "1000", "1030"),
        service("1", "1630", "1700"),
        service("7", "2200", "0600"),
        service("1", "0500", "0530"),
        service("3", "0400", "0400"),
        service("5", "2300", "0400"),
    ];
    let records: Vec<&[(&str, &str)]> = services.iter().map(|service| &service[..]).collect();
    let page = page(&[file(&plan("UP3KYO"), &records)]);
    // `column` panics where the cells make no rectangle.
    let monday = column(sections(&page, "plan-3")[0], 2);
    assert_eq!(monday[0], "22:00～06:00 甲\n05:00～05:30 甲");
    assert!(monday[12].contains("16:30～17:00"));
}

#[test]
fn the_annex_has_a_column_an_item_and_marks_its_sums() {
    let page = page(&sample("v4-slip"));
    let annex = sections(&page, "annex")[0];
    let rows = annex.all("tbody")[0].all("tr");
    let cells =
        |row: usize| -> Vec<String> { rows[row].nodes().iter().map(|cell| cell.text()).collect() };
    let help = [
        "みどりヘルパーステーション\n2770200036",
        "訪問介護 111111",
        "244",
        "",
        "",
        "4",
        "976",
        "976",
        "0",
        "976",
        "0",
        "976",
        "10.00",
        "9,760",
        "90",
        "8,784",
        "",
        "976",
        "0",
    ];
    assert_eq!(cells(0), help);
    let sums: Vec<bool> = rows.iter().map(|row| row.is("sum")).collect();
    assert_eq!(sums, [false, false, false, true, true]);
    assert_eq!((cells(3)[1].as_str(), cells(4)[1].as_str()), ("訪問介護 11AAAA 小計", "合計"));
    assert_eq!(cells(4)[13], "44,660");
}

#[test]
fn limits_by_kind_and_short_stays_stand_below_the_annex() {
    let person = [("被保険者番号", "1"), ("対象年月", "202504")];
    let annex = [
        &person[..],
        &[
            ("サービスコード", "211111"),
            ("前月までの利用日数", "3"),
            ("当月の計画利用日数", "4"),
            ("累積利用日数", "7"),
        ],
    ]
    .concat();
    let supplement = [
        &person[..],
        &[
            ("１サービス種類コード", "15"),
            ("１支給限度基準額", "5000"),
            ("１合計単位数", "5500"),
            ("１限度超単位数", "500"),
            ("合計限度超単位数", "500"),
        ],
    ]
    .concat();
    let page = page(&[
        file(&format!("UPSIKYU_202504_{FROM_TO}"), &[&annex]),
        file(&format!("UPHOSOKU_202504_{FROM_TO}"), &[&supplement]),
    ]);
    let tables = page.all("table");
    assert_eq!(tables.len(), 3);
    assert!(tables[1].text().contains("通所介護 15"));
    assert_eq!(tables[1].all("tbody")[0].all("tr")[0].nodes()[3].text(), "500");
    let days: Vec<String> = tables[2].all("td").iter().map(|cell| cell.text()).collect();
    assert_eq!(days, ["3", "4", "7"]);
}

#[test]
fn the_record_has_its_annexes_and_its_picture() {
    let mut files = sample("v4-prevention-record");
    // The sample's picture is empty: this one says that it has a point.
    const POINT: &[u8] = b"\xFF\xD8\xFF\xC0\x00\x0B\x08\x00\x01\x00\x01\x01\x01\x11\x00\xFF\xD9";
    for file in files.iter_mut().filter(|(name, _)| name.ends_with(".jpg")) {
        file.1 = POINT.to_vec();
    }
    let page = page(&files);
    let record = sections(&page, "record")[0];
    assert_eq!(ringed(record, "本人の住居環境"), ["自宅", "一戸建て"]);
    assert_eq!(ringed(record, "経済状況"), ["国民年金"]);
    assert_eq!(ringed(record, "認知症高齢者の日常生活自立度"), ["Ⅰ"]);
    let cells: Vec<String> = record.all("td").iter().map(|cell| cell.text()).collect();
    for wanted in ["6:00", "起床", "高血圧症", "☆見本病院　内科", "治療中", "内服"]
    {
        assert!(cells.iter().any(|cell| cell == wanted), "{wanted}");
    }
    let pictures = record.all("img");
    let [picture] = &pictures[..] else { panic!("one picture") };
    use base64::{Engine, engine::general_purpose::STANDARD};
    let data = picture.attribute("src").strip_prefix("data:image/jpeg;base64,").expect("data");
    let jpeg = &files.iter().find(|(name, _)| name.ends_with(".jpg")).expect("the picture").1;
    assert_eq!(&STANDARD.decode(data).expect("base64"), jpeg);
}

#[test]
fn a_picture_that_is_none_is_told_in_words() {
    // The sample's own has nothing in it that a browser could show.
    let empty = sample("v4-prevention-record");
    let mut drawn = empty.clone();
    for file in drawn.iter_mut().filter(|(name, _)| name.ends_with(".jpg")) {
        file.1 = b"<svg onload='x'/>".to_vec();
    }
    for files in [empty, drawn] {
        let page = page(&files);
        assert!(page.all("img").is_empty());
        assert!(page.text().contains("を表示できません"));
    }
}

#[test]
fn the_prevention_plan_has_areas_support_and_check_list() {
    let page = page(&sample("v4-prevention-plan"));
    let plan = sections(&page, "prevention")[0];
    assert_eq!(ringed(plan, "要支援状態区分"), ["要支援１"]);
    let bodies = plan.all("tbody");
    let cells = |table: usize, row: usize| -> Vec<String> {
        bodies[table].all("tr")[row].nodes().iter().map(|cell| cell.text()).collect()
    };
    assert_eq!(cells(0, 0), ["運動・移動", "歩行は安定", "続けたい", "無", ""]);
    assert_eq!(cells(0, 1), ["日常生活（家庭生活）", "家事は一部困難", "", "有", "腰痛"]);
    assert_eq!(bodies[0].all("tr").len(), 4);
    assert_eq!(
        cells(1, 1),
        ["", "", "", "", "見守り", "", "", "宅老所", "社会福祉協議会", "3カ月間"]
    );
    assert_eq!(cells(2, 0), ["該当した質問項目数", "3", "0", "", "", "", ""]);
    assert_eq!(cells(2, 1), ["事業プログラムの要否", "要", "否", "", "", "", ""]);
}

#[test]
fn a_withdrawal_names_everybody_and_what_goes() {
    let page = page(&sample("v4-withdraw-month"));
    let notice = sections(&page, "notice")[0];
    assert!(notice.text().contains("第７表"));
    let rows = notice.all("tbody")[0].all("tr");
    let cells: Vec<String> = rows[1].nodes().iter().map(|cell| cell.text()).collect();
    assert_eq!(cells, ["271004", "0000201002", "", "令和7(2025)年4月"]);
}

#[test]
fn every_kind_of_withdrawal_is_a_notice() {
    let person = ("被保険者番号", "1");
    for (prefix, item) in [
        ("DLT1KYO_", "居宅サービス計画作成（変更）日"),
        ("DLTKIHON_", "相談日"),
        ("DLTYOBO_", "計画作成(変更)日"),
        ("DLTPLAN_202504_", "削除対象年月"),
        ("DLTJSK_202504_", "削除対象年月"),
    ] {
        let page = page(&[file(&format!("{prefix}{FROM_TO}"), &[&[person, (item, "20250320")]])]);
        let text = sections(&page, "notice")[0].text();
        assert!(text.contains("削除します"), "{prefix}");
    }
}

#[test]
fn a_supplement_alone_is_shown_item_by_item() {
    let files: Vec<File> =
        sample("v4-slip").into_iter().filter(|(name, _)| name.starts_with("UPHOSOKU")).collect();
    let page = page(&files);
    assert_eq!(sections(&page, "supplement").len(), 2);
    assert!(page.text().contains("大阪府見本市練習町"));
}

#[test]
fn annexes_without_their_record_are_shown_all_the_same() {
    for (folder, base) in
        [("v4-prevention-record", "UPKIHON_2"), ("v4-prevention-plan", "UPYOBO_2")]
    {
        let files: Vec<File> =
            sample(folder).into_iter().filter(|(name, _)| !name.starts_with(base)).collect();
        let book = book(&[&files]);
        assert!(!book.is_empty() && 0 < book.errors(), "{folder}");
        let text = Node::read(&book.html(Lang::Ja)).text();
        assert!(text.contains("起床") || text.contains("見守り"), "{folder}");
    }
}
