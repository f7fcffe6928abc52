//! What stands in the correct files makes sense: sums of 第7表 add up, 第6表 and 第7表 agree, days lie
//! within the month, limits are kept. Read back from the bytes, and added up in another way than
//! the book adds.

use std::collections::BTreeMap;

use careplan_answers::{AnswerFile, Edition, book};
use careplan_standard::{FileKind, FileName, Version, read_records};

type Row = BTreeMap<String, String>;

/// The records of each file of a kind, by the items' names.
fn files_of(edition: &Edition, kind: FileKind) -> Vec<(FileName, Vec<Row>)> {
    let parse = |file: &AnswerFile| {
        let name = FileName::parse(&file.name).ok().filter(|name| name.kind == kind)?;
        Some((name, rows(file, edition.version, kind)))
    };
    edition.files.iter().filter_map(parse).collect()
}

fn rows(file: &AnswerFile, version: &Version, kind: FileKind) -> Vec<Row> {
    let layout = version.layout(kind).expect("the version has the layout");
    let bytes = file.bytes();
    let row = |record: careplan_standard::Record<'_>| {
        let values = layout.items.iter().zip(record.fields());
        values.map(|(item, field)| (item.name.clone(), field.text())).collect()
    };
    read_records(&bytes).records().map(row).collect()
}

/// Every edition with a 第6表 of 予定: id, edition, and the three files of each unit.
#[track_caller]
fn for_each_slip(check: impl Fn(&str, &[Row], &[Row], &[Row])) {
    let mut count = 0;
    for situation in book().iter().flat_map(|chapter| &chapter.situations) {
        for edition in situation.editions() {
            let annexes = files_of(&edition, FileKind::SlipAnnex);
            let supplements = files_of(&edition, FileKind::Supplement);
            for (name, slip) in files_of(&edition, FileKind::Slip) {
                let same = |files: &[(FileName, Vec<Row>)]| -> Vec<Row> {
                    let of_unit = files.iter().find(|(other, _)| other.sequence == name.sequence);
                    of_unit.map(|(_, rows)| rows.clone()).expect("the unit is whole")
                };
                let label = format!("{} {}", situation.id, edition.version.label);
                check(&label, &slip, &same(&annexes), &same(&supplements));
                count += 1;
            }
        }
    }
    assert!(100 < count, "most situations are of a month: {count}");
}

fn number(row: &Row, item: &str) -> u32 {
    row[item].parse().unwrap_or(0)
}

fn is_sum(row: &Row) -> bool {
    let code = &row["サービスコード"];
    code == "999999" || ["AAAA", "EEEE", "ZZZZ"].iter().any(|end| code.ends_with(end))
}

fn people(annex: &[Row]) -> BTreeMap<&str, Vec<&Row>> {
    let mut people: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in annex {
        people.entry(&row["被保険者番号"]).or_default().push(row);
    }
    people
}

#[test]
fn every_total_is_the_sum_of_its_lines() {
    const SUMMED: [&str; 11] = [
        "回数／日数",
        "給付管理単位数",
        "種類支給限度基準超単位数",
        "種類支給限度基準内単位数",
        "区分支給限度基準超単位数",
        "区分支給限度基準内単位数",
        "費用総額保険／事業対象分",
        "保険／事業費請求額",
        "利用者負担保険／事業対象分",
        "利用者負担（全額負担分）",
        "単位数",
    ];
    for_each_slip(|label, _, annex, _| {
        for (person, rows) in people(annex) {
            let total = rows.last().expect("a person has lines");
            assert_eq!(total["サービスコード"], "999999", "{label} {person}");
            for item in &SUMMED[..10] {
                let lines = rows.iter().filter(|row| !is_sum(row));
                let sum: u32 = lines.map(|row| number(row, item)).sum();
                assert_eq!(number(total, item), sum, "{label} {person} {item}");
            }
            let sums = rows.iter().filter(|row| is_sum(row));
            assert!(sums.into_iter().all(|row| row[SUMMED[10]] == "0"), "{label} {person}");
        }
    });
}

#[test]
fn every_line_of_the_annex_has_its_rows_in_the_slip_and_the_reverse() {
    const SAME: [&str; 5] =
        ["被保険者番号", "サービスコード", "サテライト枝番", "３０日超区分", "TAISコード"];
    let key = |row: &Row, office: &str, units: u32| {
        let same: Vec<String> =
            SAME.iter().map(|item| row.get(*item).cloned().unwrap_or_default()).collect();
        (same, row[office].clone(), units)
    };
    for_each_slip(|label, slip, annex, _| {
        let mut planned: BTreeMap<_, u32> = BTreeMap::new();
        for row in slip {
            let marked = row["日割対象日"].matches('1').count();
            let count = u32::try_from(marked).expect("31 days").max(number(row, "サービス回数"));
            let units = number(row, "単位数");
            *planned.entry(key(row, "サービス事業者コード", units)).or_default() += count;
        }
        let mut charged: BTreeMap<_, u32> = BTreeMap::new();
        for row in annex.iter().filter(|row| !is_sum(row)) {
            let reduced = row["割引後単位数"].parse();
            let full = reduced.unwrap_or_else(|_| number(row, "単位数"));
            let by_rate = key(row, "サービス事業所コード", 0);
            // What is a share of the month's units stands as 0 in 第6表.
            let units = if planned.contains_key(&by_rate) { 0 } else { full };
            *charged.entry(key(row, "サービス事業所コード", units)).or_default() +=
                number(row, "回数／日数");
        }
        assert_eq!(planned, charged, "{label}");
    });
}

#[test]
fn every_line_costs_its_units_at_its_price_and_rate() {
    for_each_slip(|label, _, annex, _| {
        for row in annex.iter().filter(|row| !is_sum(row)) {
            let units: u32 = row["割引後単位数"].parse().unwrap_or_else(|_| number(row, "単位数"));
            let paid = units * number(row, "回数／日数");
            assert_eq!(number(row, "サービス単位金額"), paid, "{label}");
            let cost = number(row, "費用総額保険／事業対象分");
            let (claim, share) =
                (number(row, "保険／事業費請求額"), number(row, "利用者負担保険／事業対象分"));
            assert_eq!(cost + number(row, "利用者負担（全額負担分）"), paid * 10, "{label}");
            assert_eq!(claim + share, cost, "{label}");
            match row["定額利用者負担単価金額"].parse::<u32>() {
                Ok(fixed) => assert_eq!(share, fixed * number(row, "回数／日数"), "{label}"),
                Err(_) => assert_eq!(claim, cost * number(row, "給付率") / 100, "{label}"),
            }
        }
    });
}

#[test]
fn what_is_within_the_limit_does_not_exceed_it() {
    for_each_slip(|label, _, annex, supplements| {
        for supplement in supplements {
            let person = &supplement["被保険者番号"];
            let limit: u32 = supplement["区分支給限度基準額"].parse().expect("a limit");
            let people = people(annex);
            let total = people[person.as_str()].last().expect("a total");
            let (within, over) = (
                number(total, "区分支給限度基準内単位数"),
                number(total, "区分支給限度基準超単位数"),
            );
            assert!(within <= limit && (over == 0 || within == limit), "{label} {person}");
            assert_eq!(number(supplement, "合計限度超単位数"), over, "{label} {person}");
        }
    });
}

#[test]
fn every_day_lies_in_its_month() {
    for situation in book().iter().flat_map(|chapter| &chapter.situations) {
        for edition in situation.editions() {
            for kind in [FileKind::Slip, FileKind::Results] {
                for (name, rows) in files_of(&edition, kind) {
                    let month = name.month.and_then(|month| month.month()).expect("a month");
                    for row in &rows {
                        let day: careplan_standard::Date =
                            row["サービス利用日"].parse().expect("a day that exists");
                        assert_eq!(day.month(), month, "{}", situation.id);
                    }
                }
            }
        }
    }
}
