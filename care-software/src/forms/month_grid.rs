//! 月間サービス計画及び実績の記録: a line a service, a column a day, 予定 above 実績.

use std::collections::HashMap;

use careplan_standard::{Date, Month};

use super::rows::{Row, clock, service};

/// How many columns of days the paper has, whatever the month.
pub(super) const DAYS: usize = 31;

/// How often on each day of the month, the first day first.
pub(super) type Counts = [u32; DAYS];

/// The grid of one person's month.
#[derive(Debug)]
pub(super) struct MonthGrid {
    /// The month; none if the file names none that exists.
    pub(super) month: Option<Month>,
    /// From early to late; services without a time last.
    pub(super) lines: Vec<MonthLine>,
    /// Records that have no place in the grid, in words.
    pub(super) left_out: Vec<String>,
}

/// One service at one time of the day.
#[derive(Debug)]
pub(super) struct MonthLine {
    key: Key,
    /// 提供時間帯: `10:00～10:30`.
    pub(super) time: String,
    /// サービス内容: kind and code, then what else there is to say of it.
    pub(super) service: Vec<String>,
    /// サービス事業者事業所名, then the number.
    pub(super) office: Vec<String>,
    /// 予定.
    pub(super) planned: Counts,
    /// 実績.
    pub(super) provided: Counts,
}

/// Whether records are of 予定 or of 実績.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// UPPLAN.
    Planned,
    /// UPJSK.
    Provided,
}

/// What makes two records of the same line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    time: [String; 2],
    office: [String; 2],
    service: [String; 6],
}

impl MonthGrid {
    /// The grid of these records.
    pub(super) fn of<'a>(month: &str, records: impl IntoIterator<Item = (Part, &'a Row)>) -> Self {
        let mut grid = Self { month: month.parse().ok(), lines: vec![], left_out: vec![] };
        let mut places = HashMap::new();
        for (part, row) in records {
            grid.place(part, row, &mut places);
        }
        // Stable: what begins at one time stays in the order of the file.
        grid.lines.sort_by(|one, other| one.key.time.cmp(&other.key.time));
        grid
    }

    /// The day of the week under each day, 0 for Monday; none beyond the month's end.
    pub(super) fn weekdays(&self) -> [Option<u8>; DAYS] {
        let mut weekdays = [None; DAYS];
        for (weekday, day) in weekdays.iter_mut().zip(1..) {
            *weekday = self.month.and_then(|month| month.day(day)).map(Date::days_from_monday);
        }
        weekdays
    }

    fn place(&mut self, part: Part, row: &Row, places: &mut HashMap<Key, usize>) {
        let day = row.text("サービス利用日").parse::<Date>().ok();
        let day = day.filter(|day| self.month.is_none_or(|month| day.month() == month));
        let count = row.text("サービス回数").parse::<u32>().ok();
        let (Some(day), Some(count)) = (day, count) else {
            self.left_out.push(in_words(part, row));
            return;
        };
        let key = Key::of(row);
        let at = *places.entry(key).or_insert_with_key(|key| {
            self.lines.push(MonthLine::new(key.clone(), row));
            self.lines.len() - 1
        });
        let line = &mut self.lines[at];
        let counts = match part {
            Part::Planned => &mut line.planned,
            Part::Provided => &mut line.provided,
        };
        let sum = &mut counts[usize::from(day.day()) - 1];
        *sum = sum.saturating_add(count);
    }
}

impl MonthLine {
    fn new(key: Key, row: &Row) -> Self {
        let [start, end] = ["サービス開始時刻", "サービス終了時刻"].map(|name| row.show(name));
        let time = if start == end { start } else { format!("{start}～{end}") };
        let mut texts = vec![service(row.text("サービスコード"))];
        let equipment = [row.text("TAISコード"), row.text("福祉用具届出コード")];
        let equipment = [row.text("用具名称（機種名）"), equipment[0], equipment[1]];
        texts.extend(equipment.into_iter().filter(|text| !text.is_empty()).map(str::to_owned));
        texts.extend(days_by_the_day(row.text("日割対象日")));
        // Two of one thing at one price are told apart by this number alone.
        let number = row.text("明細判別コード");
        texts.extend((!number.is_empty()).then(|| format!("明細 {number}")));
        if row.text("３０日超区分") == "1" {
            texts.push("30日超".to_owned());
        }
        let satellite = row.text("サテライト枝番");
        let number = row.text("サービス事業者コード");
        let office = match satellite {
            "" => number.to_owned(),
            branch => format!("{number} サテライト{branch}"),
        };
        Self {
            key,
            time,
            service: texts,
            office: vec![row.text("サービス事業所名").to_owned(), office],
            planned: [0; DAYS],
            provided: [0; DAYS],
        }
    }
}

impl Key {
    fn of(row: &Row) -> Self {
        let text = |name: &str| row.text(name).to_owned();
        Self {
            time: ["サービス開始時刻", "サービス終了時刻"].map(text),
            office: ["サービス事業者コード", "サテライト枝番"].map(text),
            service: [
                "サービスコード",
                "TAISコード",
                "福祉用具届出コード",
                "明細判別コード",
                "日割対象日",
                "３０日超区分",
            ]
            .map(text),
        }
    }
}

/// 日割対象日 in words: `日割 1～15日、20日`.
fn days_by_the_day(map: &str) -> Option<String> {
    let mut spans: Vec<(usize, usize)> = vec![];
    for (day, mark) in (1..).zip(map.chars()) {
        match (mark, spans.last_mut()) {
            ('0', _) => {}
            (_, Some((_, last))) if *last + 1 == day => *last = day,
            _ => spans.push((day, day)),
        }
    }
    let words = spans.iter().map(|(first, last)| match last - first {
        0 => format!("{first}日"),
        _ => format!("{first}～{last}日"),
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| format!("日割 {}", words.join("、")))
}

fn in_words(part: Part, row: &Row) -> String {
    let part = match part {
        Part::Planned => "予定",
        Part::Provided => "実績",
    };
    let text = |name| row.text(name);
    let (day, count) = (text("サービス利用日"), text("サービス回数"));
    let time = clock(text("サービス開始時刻"));
    let (code, office) = (text("サービスコード"), text("サービス事業者コード"));
    format!("{part} 利用日「{day}」 {time} {} {office} 回数「{count}」", service(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::rows::Sheet;

    /// Records of 第6表, from what matters here.
    fn rows(lines: &[[&str; 6]]) -> Vec<Row> {
        let line = |[day, map, start, end, count, code]: &[&str; 6]| {
            format!(
                "202407,1,2,,202504,,,,,{day},{map},{start},{end},{count},{code},,,,,3,みどり,,0,,\n"
            )
        };
        let text: String = lines.iter().map(line).collect();
        let name = "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV";
        let bytes = careplan_standard::ms932::encode(&text).expect("MS932");
        Sheet::read(name, &bytes, 0).expect("a slip").rows
    }

    fn grid(planned: &[[&str; 6]], provided: &[[&str; 6]]) -> MonthGrid {
        let (planned, provided) = (rows(planned), rows(provided));
        let planned = planned.iter().map(|row| (Part::Planned, row));
        let provided = provided.iter().map(|row| (Part::Provided, row));
        MonthGrid::of("202504", planned.chain(provided))
    }

    #[test]
    fn planned_and_provided_of_one_service_share_a_line() {
        let help = |day| [day, "", "1000", "1030", "1", "111111"];
        let grid = grid(&[help("20250401"), help("20250408")], &[help("20250401")]);
        let [line] = &grid.lines[..] else { panic!("{grid:?}") };
        assert_eq!((line.planned[0], line.planned[7], line.provided[0]), (1, 1, 1));
        assert_eq!((line.planned.iter().sum::<u32>(), line.provided.iter().sum::<u32>()), (2, 1));
        assert_eq!(line.time, "10:00～10:30");
        assert_eq!(line.service, ["訪問介護 111111"]);
        assert_eq!(line.office, ["みどり", "3"]);
    }

    #[test]
    fn another_time_is_another_line_and_lines_go_from_early_to_late() {
        let at = |start, end, code| ["20250401", "", start, end, "1", code];
        let grid = grid(
            &[at("9999", "9999", "171001"), at("1000", "1030", "111111")],
            &[at("0900", "0930", "111111")],
        );
        let times: Vec<&str> = grid.lines.iter().map(|line| line.time.as_str()).collect();
        assert_eq!(times, ["09:00～09:30", "10:00～10:30", "－"]);
    }

    #[test]
    fn records_of_one_day_are_added_up() {
        let help = ["20250430", "", "1000", "1030", "2", "111111"];
        let grid = grid(&[help, help], &[]);
        assert_eq!(grid.lines[0].planned[29], 4);
    }

    #[test]
    fn what_has_no_place_is_told_in_words() {
        let grid = grid(
            &[
                ["20250501", "", "1000", "1030", "1", "111111"],
                ["20250431", "", "1000", "1030", "1", "111111"],
                ["20250401", "", "1000", "1030", "x", "111111"],
            ],
            &[],
        );
        assert!(grid.lines.is_empty());
        assert_eq!(grid.left_out.len(), 3);
        assert_eq!(grid.left_out[0], "予定 利用日「20250501」 10:00 訪問介護 111111 3 回数「1」");
    }

    #[test]
    fn days_that_are_billed_by_the_day_are_named() {
        let map = "1110000000000010000000000000011";
        let grid = grid(&[["20250401", map, "9999", "9999", "1", "731111"]], &[]);
        assert_eq!(grid.lines[0].service[1], "日割 1～3日、15日、30～31日");
        assert_eq!(days_by_the_day(""), None);
        assert_eq!(days_by_the_day(&"0".repeat(31)), None);
    }

    #[test]
    fn a_month_has_a_weekday_under_each_of_its_days() {
        let weekdays = MonthGrid::of("202502", []).weekdays();
        assert_eq!((weekdays[0], weekdays[27], weekdays[28]), (Some(5), Some(4), None));
        assert_eq!(MonthGrid::of("202513", []).weekdays(), [None; DAYS]);
    }
}
