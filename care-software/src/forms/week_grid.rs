//! 週間サービス計画表: hours from four in the morning on, a column a weekday, and one for what the
//! person does of a day.

use super::rows::{Row, clock};

/// The hour in which the paper begins.
const FIRST_HOUR: usize = 4;

/// How many rows of an hour there are.
pub(super) const HOURS: usize = 24;

/// The grid of one person's week.
#[derive(Debug, Default)]
pub(super) struct WeekGrid {
    /// Monday first.
    pub(super) days: [Vec<Slot>; 7],
    /// 主な日常生活上の活動.
    pub(super) activities: Vec<Slot>,
    /// 週単位以外のサービス.
    pub(super) other: Vec<String>,
    /// Services without a weekday or a time, in words.
    pub(super) left_out: Vec<String>,
}

/// What stands in one or more rows of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// The first row.
    pub(super) from: usize,
    /// The row after the last.
    pub(super) to: usize,
    /// What stands there: times and words.
    pub(super) lines: Vec<String>,
}

impl WeekGrid {
    /// The grid of these records of 第3表. Each fills one of its three groups, or several.
    pub(super) fn of(rows: &[&Row]) -> Self {
        let mut grid = Self::default();
        for row in rows {
            grid.place_service(row);
            grid.place_activity(row);
            let other = row.text("週単位以外のサービス");
            if !other.is_empty() {
                grid.other.push(other.to_owned());
            }
        }
        for column in grid.days.iter_mut().chain([&mut grid.activities]) {
            *column = apart(std::mem::take(column));
        }
        grid
    }

    fn place_service(&mut self, row: &Row) {
        // The names of the times stand twice in the layout; these are the service's.
        let (what, start, end) = (row.text("介護サービス内容"), row.at(8), row.at(9));
        let weekday = row.text("曜日");
        if [what, start, end, weekday].iter().all(|text| text.is_empty()) {
            return;
        }
        let words = in_words(what, start, end);
        let day = weekday.parse::<usize>().ok().filter(|day| (1..=7).contains(day));
        let (Some(day), Some(first)) = (day, row_of(start)) else {
            let day = row.show("曜日");
            self.left_out.push(format!("{day} {words}").trim_start().to_owned());
            return;
        };
        let last = last_row(start, end);
        let slot = |from, to| Slot { from, to, lines: vec![words.clone()] };
        if first <= last {
            self.days[day - 1].push(slot(first, last + 1));
        } else {
            // Past four in the morning the paper goes on in the next day's column.
            self.days[day - 1].push(slot(first, HOURS));
            self.days[day % 7].push(slot(0, last + 1));
        }
    }

    fn place_activity(&mut self, row: &Row) {
        let (what, start, end) = (row.text("主な日常生活上の活動"), row.at(11), row.at(12));
        if what.is_empty() {
            return;
        }
        match row_of(start) {
            Some(first) => {
                let last = last_row(start, end).max(first);
                let lines = vec![in_words(what, start, end)];
                self.activities.push(Slot { from: first, to: last + 1, lines });
            }
            None => self.left_out.push(in_words(what, start, end)),
        }
    }
}

/// The part of the day that an hour's row belongs to, and how many rows it has, where it begins.
pub(super) fn part_of_day(row: usize) -> Option<(&'static str, usize)> {
    match (row + FIRST_HOUR) % HOURS {
        4 => Some(("深夜", 2)),
        6 => Some(("早朝", 2)),
        8 => Some(("午前", 4)),
        12 => Some(("午後", 6)),
        18 => Some(("夜間", 4)),
        22 => Some(("深夜", 6)),
        _ => None,
    }
}

/// The hour that a row begins with: `4:00`.
pub(super) fn hour_of(row: usize) -> String {
    format!("{}:00", (row + FIRST_HOUR) % HOURS)
}

/// Slots that meet become one, so that each row of a column is of one slot at most.
fn apart(mut slots: Vec<Slot>) -> Vec<Slot> {
    slots.sort_by_key(|slot| slot.from);
    let mut out: Vec<Slot> = vec![];
    for slot in slots {
        match out.last_mut() {
            Some(last) if slot.from < last.to => {
                last.to = last.to.max(slot.to);
                let new = slot.lines.into_iter().filter(|line| !last.lines.contains(line));
                let new: Vec<String> = new.collect();
                last.lines.extend(new);
            }
            _ => out.push(slot),
        }
    }
    out
}

fn in_words(what: &str, start: &str, end: &str) -> String {
    let (start, end) = (clock(start), clock(end));
    let time = if start == end { start } else { format!("{start}～{end}") };
    format!("{time} {what}").trim().to_owned()
}

fn minutes(time: &str) -> Option<usize> {
    let digits = time.len() == 4 && time.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minute) = digits.then(|| time.split_at(2))?;
    let (hour, minute): (usize, usize) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= HOURS && minute < 60).then_some(hour * 60 + minute)
}

fn row_at(minutes: usize) -> usize {
    (minutes / 60 + HOURS - FIRST_HOUR) % HOURS
}

fn row_of(time: &str) -> Option<usize> {
    minutes(time).map(row_at)
}

/// The row in which the last minute lies; that of the start where there is no end.
fn last_row(start: &str, end: &str) -> usize {
    let start = minutes(start).unwrap_or_default();
    let end = minutes(end).filter(|end| *end != start);
    row_at(end.map_or(start, |end| (end + HOURS * 60 - 1) % (HOURS * 60)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::rows::Sheet;

    fn grid(lines: &[&str]) -> WeekGrid {
        let line = |cells: &&str| format!("202407,1,2,20250320,20250320,{cells}\n");
        let text: String = lines.iter().map(line).collect();
        let name = "UP3KYO_2770100012_43_2770200036_11_20250428171502.CSV";
        let bytes = careplan_standard::ms932::encode(&text).expect("MS932");
        let rows = Sheet::read(name, &bytes, 0).expect("第3表").rows;
        WeekGrid::of(&rows.iter().collect::<Vec<_>>())
    }

    fn slots(column: &[Slot]) -> Vec<(usize, usize, String)> {
        column.iter().map(|slot| (slot.from, slot.to, slot.lines.join("|"))).collect()
    }

    #[test]
    fn a_service_covers_the_hours_that_it_touches() {
        let grid = grid(&["通所介護,2,0930,1630,,,,"]);
        assert_eq!(slots(&grid.days[1]), [(5, 13, "09:30～16:30 通所介護".to_owned())]);
        assert!(grid.days.iter().enumerate().all(|(at, day)| at == 1 || day.is_empty()));
    }

    #[test]
    fn services_that_meet_share_a_slot_and_others_do_not() {
        let grid = grid(&["乙,1,1030,1130,,,,", "甲,1,1000,1030,,,,", "丙,1,1200,1300,,,,"]);
        let merged = "10:00～10:30 甲|10:30～11:30 乙";
        let slots = slots(&grid.days[0]);
        assert!(slots.contains(&(8, 9, "12:00～13:00 丙".to_owned())));
        assert_eq!(slots[0].0, 6);
        assert_eq!(slots[0].1, 8);
        let mut lines: Vec<&str> = slots[0].2.split('|').collect();
        lines.sort_unstable();
        assert_eq!(lines.join("|"), merged);
    }

    #[test]
    fn past_four_in_the_morning_a_service_goes_on_in_the_next_day() {
        let grid = grid(&["夜勤,7,2200,0600,,,,", "巡回,1,0200,0230,,,,"]);
        assert_eq!(slots(&grid.days[6]), [(18, 24, "22:00～06:00 夜勤".to_owned())]);
        let monday = slots(&grid.days[0]);
        assert_eq!(monday[0], (0, 2, "22:00～06:00 夜勤".to_owned()));
        assert_eq!(monday[1], (22, 23, "02:00～02:30 巡回".to_owned()));
    }

    #[test]
    fn midnight_ends_a_day_and_no_end_is_one_row() {
        let grid = grid(&["甲,3,2300,2400,,,,", "乙,4,2300,0000,,,,", "丙,5,2300,,,,,"]);
        for day in 2..=4 {
            assert_eq!((grid.days[day][0].from, grid.days[day][0].to), (19, 20));
        }
    }

    #[test]
    fn the_three_groups_of_a_record_are_read_apart() {
        let grid =
            grid(&[",,,,起床,0600,0600,", ",,,,,,,通院", "甲,1,1000,1100,散歩,1500,1600,配食"]);
        let walk = (11, 12, "15:00～16:00 散歩".to_owned());
        assert_eq!(slots(&grid.activities), [(2, 3, "06:00 起床".to_owned()), walk]);
        assert_eq!(grid.other, ["通院", "配食"]);
        assert_eq!(grid.days[0].len(), 1);
    }

    #[test]
    fn a_service_without_a_day_or_a_time_is_told_in_words() {
        let grid = grid(&["甲,,1000,1100,,,,", "乙,2,,,,,,", "丙,8,1000,1100,,,,"]);
        assert_eq!(grid.left_out, ["10:00～11:00 甲", "火曜日 乙", "8 10:00～11:00 丙"]);
    }

    #[test]
    fn the_day_has_its_parts_without_a_gap() {
        let mut next = 0;
        for row in 0..HOURS {
            if let Some((_, rows)) = part_of_day(row) {
                assert_eq!(row, next);
                next += rows;
            }
        }
        assert_eq!(next, HOURS);
        assert_eq!((hour_of(0), hour_of(23)), ("4:00".to_owned(), "3:00".to_owned()));
    }
}
