//! A piece of a record as a small table: the item that is meant, those around it, and a caret.

use careplan_standard::{Layout, Record};

use crate::table::{COLUMNS, fit, pad, width};

/// How many items are shown on each side.
const AROUND: u16 = 2;
/// The item that tells whose record it is: 被保険者番号.
const PERSON: &str = "被保険者番号";

/// The lines of the table; none where the record has no such item.
///
/// ```text
///      3 被保険者番号      0000201001
///        ⋮
///     12 サービス開始時刻  1000
///     13 サービス終了時刻  2561
///                          ^^^^
///     14 サービス回数      1
/// ```
pub(super) fn excerpt(record: &Record<'_>, layout: Option<&Layout>, item: u16) -> Vec<String> {
    let name =
        |no: u16| layout.and_then(|layout| layout.item(no)).map_or("", |item| item.name.as_str());
    let first = item.saturating_sub(AROUND).max(1);
    let mut shown: Vec<(u16, String)> = (first..=item.saturating_add(AROUND))
        .filter_map(|no| Some((no, value(record, no)?)))
        .collect();
    if !shown.iter().any(|(no, _)| *no == item) {
        return vec![];
    }
    let person = layout.and_then(|layout| layout.named(PERSON)).map(|person| person.no);
    let person = person.filter(|no| *no < first);
    let person = person.and_then(|no| Some((no, value(record, no)?)));
    let has_gap = person.as_ref().is_some_and(|(no, _)| no + 1 < first);
    shown.splice(0..0, person);
    let names = shown.iter().map(|(no, _)| width(name(*no))).max().unwrap_or(0).min(COLUMNS / 2);
    let lead = 8 + names + 2;
    let mut lines = vec![];
    for (at, (no, value)) in shown.iter().enumerate() {
        if at == 1 && has_gap {
            lines.push("        ⋮".to_owned());
        }
        let name = pad(name(*no), names);
        let value = fit(value, COLUMNS - lead);
        lines.push(format!("    {no:>3} {name}  {value}").trim_end().to_owned());
        if *no == item {
            lines.push(format!("{}{}", " ".repeat(lead), "^".repeat(width(&value).max(1))));
        }
    }
    lines
}

/// The item's value on one line.
fn value(record: &Record<'_>, no: u16) -> Option<String> {
    let text = record.field(no)?.text();
    Some(text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect())
}

#[cfg(test)]
mod tests {
    use careplan_standard::{FileKind, Standard, ms932, read_records};

    use super::*;

    fn shown(csv: &str, item: u16) -> String {
        let bytes = ms932::encode(csv).expect("MS932");
        let reading = read_records(&bytes);
        let record = reading.records().next().expect("a record");
        let layout = Standard::bundled().version("202407").and_then(|v| v.layout(FileKind::Slip));
        excerpt(&record, layout, item).join("\n")
    }

    const SLIP: &str = "202407,271004,0000201001,20250325,202504,2770100012,\"見本　計子\",244,,\
        20250401,,1000,2561,1,111111,,,,,2770200036,\"みどりヘルパーステーション\",,0,2770100012,";

    #[test]
    fn the_item_stands_among_its_neighbours_below_the_person() {
        let want = "      3 被保険者番号      0000201001
        ⋮
     11 日割対象日
     12 サービス開始時刻  1000
     13 サービス終了時刻  2561
                          ^^^^
     14 サービス回数      1
     15 サービスコード    111111";
        assert_eq!(shown(SLIP, 13), want);
    }

    #[test]
    fn an_empty_item_gets_one_caret_and_the_first_no_gap() {
        let want = "      1 CSVバージョン  202407
                       ^^^^^^
      2 保険者番号     271004
      3 被保険者番号   0000201001";
        assert_eq!(shown(SLIP, 1), want);
        let caret = format!("\n{}^\n", " ".repeat(8 + 26 + 2));
        assert!(shown(SLIP, 9).contains(&caret), "{}", shown(SLIP, 9));
    }

    #[test]
    fn nothing_is_wider_than_a_terminal_and_nothing_is_invented() {
        let long = format!("202407,271004,0000201001,{},x", "あ".repeat(100));
        let lines = shown(&long, 4);
        assert!(lines.lines().all(|line| width(line) <= COLUMNS), "{lines}");
        assert_eq!(shown(&long, 9), "");
    }
}
