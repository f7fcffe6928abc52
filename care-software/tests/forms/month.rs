//! The month grid of the page against the records, cell by cell.

use std::collections::BTreeMap;

use care_software::{CareSoftware, Cast, ExportOrder, OutFile, PlanOrder, What};
use careplan_standard::Lang;
use proptest::prelude::*;

use crate::{
    markup::Node,
    support::{File, book, file, page, records, sample, sample_folders, sections},
};

/// A line as a reader of the page sees it: who, time, code, office; then a count a day.
type Line = (Vec<String>, Vec<u32>, Vec<u32>);

/// What the records say, without a line of the code under test.
fn told(files: &[File]) -> Vec<Line> {
    let mut lines: BTreeMap<Vec<String>, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
    for (is_planned, prefix) in [(true, "UPPLAN_"), (false, "UPJSK_")] {
        for file in files.iter().filter(|(name, _)| name.starts_with(prefix)) {
            for record in records(file) {
                let at = |no: usize| record.get(no).cloned().unwrap_or_default();
                // 3.2 has three items less before the office.
                let office = if at(1) == "202208" { 17 } else { 20 };
                let mut key =
                    vec![at(3), at(5), at(12), at(13), at(15), at(office), at(office + 2)];
                key.push(at(11));
                if office == 20 {
                    key.extend([at(16), at(17)]);
                }
                key.extend([at(office - 1), at(office + 3)]);
                let counts = lines.entry(key).or_insert_with(|| (vec![0; 31], vec![0; 31]));
                let counts = if is_planned { &mut counts.0 } else { &mut counts.1 };
                let day: usize = at(10)[6..].parse().expect("a day");
                counts[day - 1] += at(14).parse::<u32>().expect("a count");
            }
        }
    }
    let clock = |time: &str| format!("{}:{}", &time[..2], &time[2..]);
    let shown = |(key, (planned, provided)): (Vec<String>, (Vec<u32>, Vec<u32>))| {
        let time = match (key[2].as_str(), key[3].as_str()) {
            ("9999", "9999") => "－".to_owned(),
            (start, end) if start == end => clock(start),
            (start, end) => format!("{}～{}", clock(start), clock(end)),
        };
        (vec![key[0].clone(), time, key[4].clone(), key[5].clone()], planned, provided)
    };
    let mut lines: Vec<Line> = lines.into_iter().map(shown).collect();
    lines.sort();
    lines
}

/// What the page shows.
fn shown(page: &Node) -> Vec<Line> {
    let mut lines = vec![];
    for section in sections(page, "slip") {
        let insured = crate::support::beside(section, "被保険者番号");
        for line in section.all("tbody") {
            let rows = line.all("tr");
            let [planned, provided] = rows[..] else { continue };
            let heads = planned.nodes();
            let (service, office) = (heads[1].text(), heads[2].text());
            let code = service.lines().next().unwrap_or_default();
            let code = code.rsplit(' ').next().unwrap_or_default().to_owned();
            let office = office.lines().last().unwrap_or_default();
            let office = office.split(' ').next().unwrap_or_default().to_owned();
            let key = vec![insured.clone(), heads[0].text(), code, office];
            lines.push((key, counts(&heads[3..], "予定"), counts(&provided.nodes(), "実績")));
        }
    }
    lines.sort();
    lines
}

/// The counts of a row: its name, 31 days, the sum, which has to add up.
fn counts(cells: &[&Node], name: &str) -> Vec<u32> {
    assert_eq!((cells.len(), cells[0].text().as_str()), (33, name));
    let number = |cell: &&Node| match cell.text().as_str() {
        "" => 0,
        text => text.parse::<u32>().expect("a number"),
    };
    let days: Vec<u32> = cells[1..32].iter().map(number).collect();
    assert_eq!(number(&cells[32]), days.iter().sum::<u32>(), "合計");
    days
}

#[track_caller]
fn check(files: &[File]) {
    let told = told(files);
    assert!(!told.is_empty());
    assert_eq!(shown(&page(files)), told);
}

#[test]
fn each_cell_of_the_samples_is_what_the_records_say() {
    let mut seen = 0;
    for folder in sample_folders() {
        let files = sample(&folder);
        // What is in a wrong month has no place in the grid, and is told below it.
        let is_monthly =
            files.iter().any(|(name, _)| name.starts_with("UPPLAN") || name.starts_with("UPJSK"));
        if is_monthly && folder != "broken-month" {
            check(&files);
            seen += 1;
        }
    }
    assert!(7 <= seen, "{seen} samples have a month");
}

#[test]
fn planned_and_provided_of_two_sendings_stand_in_one_grid() {
    let (planned, provided) = (sample("v4-slip"), sample("v4-jisseki"));
    let both: Vec<File> = planned.iter().chain(&provided).cloned().collect();
    let page = Node::read(&book(&[&planned, &provided]).html(Lang::Ja));
    assert_eq!(shown(&page), told(&both));
    assert_eq!(sections(&page, "slip").len(), 2, "実績 has no slip of its own");
}

#[test]
fn a_correction_replaces_what_was_provided_before() {
    let name = |sequence| format!("UPJSK_202504_2770200036_11_2770100012_43_{sequence}.CSV");
    let record = |day| {
        [
            ("被保険者番号", "1"),
            ("対象年月", "202504"),
            ("サービス利用日", day),
            ("サービス開始時刻", "1000"),
            ("サービス終了時刻", "1030"),
            ("サービス回数", "1"),
            ("サービスコード", "111111"),
            ("サービス事業者コード", "2770200036"),
        ]
    };
    let (first, second, fifth) = (record("20250401"), record("20250402"), record("20250405"));
    let files = [
        file(&name("20250501000000"), &[&first, &second]),
        file(&name("20250502000000"), &[&first, &fifth]),
    ];
    let page = page(&files);
    assert_eq!(shown(&page), told(&files[1..]));
}

#[test]
fn a_record_of_another_month_is_told_below_the_grid() {
    let page = page(&sample("broken-month"));
    assert!(page.all("p").iter().any(|p| p.is("banner")));
    let text = page.text();
    let lines =
        shown(&page).iter().map(|(_, _, provided)| provided.iter().sum::<u32>()).sum::<u32>();
    assert!(0 < lines || text.contains("表に入らないレコード"));
}

#[test]
fn each_cell_of_invented_months_is_what_the_records_say() {
    for (seed, month, version) in
        [(1, "202504", "202407"), (7, "202502", "202208"), (42, "202602", "202407")]
    {
        for sending in invented(seed, month, version) {
            check(&sending);
        }
    }
}

/// The 予定 of twelve people, one sending an office.
fn invented(seed: u64, month: &str, version: &str) -> Vec<Vec<File>> {
    let dir = tempfile::tempdir().expect("a folder");
    let cast = Cast::default();
    let order = PlanOrder { month: month.parse().expect("a month"), people: 12, seed, cast };
    let software = CareSoftware::plan(dir.path(), &order).expect("planned").0;
    let order = ExportOrder {
        what: What::Slip,
        month: None,
        version: Some(version.to_owned()),
        sequence: "20250328171502".parse().expect("a sequence"),
        to: None,
    };
    let sendings = software.export(&order).expect("exported");
    let file = |file: &OutFile| (file.name.to_string(), file.bytes.clone());
    sendings.iter().map(|sending| sending.files.iter().map(file).collect()).collect()
}

/// A record of any service, day, time and count.
fn any_record() -> impl Strategy<Value = Vec<String>> {
    let time = prop_oneof![
        Just(("9999", "9999")),
        Just(("1000", "1030")),
        Just(("1000", "1100")),
        Just(("2200", "0600")),
    ];
    let code = prop_oneof![Just("111111"), Just("152441"), Just("171001"), Just("ZZ0000")];
    (1..=30u8, time, 0..=99u8, code, 1..=3u8, 1..=2u8).prop_map(
        |(day, (start, end), count, code, person, office)| {
            [
                format!("{person}"),
                format!("202504{day:02}"),
                start.to_owned(),
                end.to_owned(),
                count.to_string(),
                code.to_owned(),
                format!("277020003{office}"),
            ]
            .to_vec()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn each_cell_of_any_month_is_what_the_records_say(
        planned in proptest::collection::vec(any_record(), 1..60),
        provided in proptest::collection::vec(any_record(), 0..60),
    ) {
        let items = [
            "被保険者番号", "サービス利用日", "サービス開始時刻", "サービス終了時刻", "サービス回数",
            "サービスコード", "サービス事業者コード",
        ];
        let write = |name: &str, rows: &[Vec<String>]| {
            let records: Vec<Vec<(&str, &str)>> = rows
                .iter()
                .map(|row| {
                    let cells = items.into_iter().zip(row.iter().map(String::as_str));
                    cells.chain([("対象年月", "202504")]).collect()
                })
                .collect();
            file(name, &records.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        let files = [
            write("UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV", &planned),
            write("UPJSK_202504_2770200036_11_2770100012_43_20250502171502.CSV", &provided),
        ];
        // Who has 実績 alone has a slip of their own; a record of nobody has none.
        prop_assert_eq!(shown(&page(&files)), told(&files));
    }
}
