//! The two grids: days of a month, hours of a week.

use std::fmt::{self, Write};

use super::{
    super::{
        blocks::{Field, Form, Value, t},
        month_grid::{Counts, DAYS, MonthGrid},
        week_grid::{HOURS, Slot, WeekGrid, hour_of, part_of_day},
    },
    Page, Safe,
};

const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

impl Page<'_> {
    pub(super) fn month(&mut self, grid: &MonthGrid, form: &Form) -> fmt::Result {
        self.out.push_str("<table class=\"month\">\n");
        let widths = [24, 40, 38, 11].into_iter().chain([6; DAYS]).chain([10]);
        self.widths(widths)?;
        self.out.push_str("<thead>\n");
        self.running(form, DAYS + 5)?;
        self.month_headings(grid)?;
        self.out.push_str("</thead>\n");
        let weekdays = grid.weekdays();
        for line in &grid.lines {
            write!(
                self.out,
                "<tbody>\n<tr class=\"plan\"><th rowspan=\"2\">{}</th>",
                Safe(&line.time)
            )?;
            for texts in [&line.service, &line.office] {
                write!(
                    self.out,
                    "<td rowspan=\"2\" class=\"words\">{}</td>",
                    Safe(&texts.join("\n"))
                )?;
            }
            self.counts("予定", "plan", &line.planned, &weekdays)?;
            self.out.push_str("</tr>\n<tr class=\"done\">");
            self.counts("実績", "done", &line.provided, &weekdays)?;
            self.out.push_str("</tr>\n</tbody>\n");
        }
        if grid.lines.is_empty() {
            writeln!(self.out, "<tbody><tr><td colspan=\"{}\"></td></tr></tbody>", DAYS + 5)?;
        }
        self.out.push_str("</table>\n");
        if !grid.left_out.is_empty() {
            let label = t("表に入らないレコード", "records without a place in the grid");
            self.note(label, &grid.left_out)?;
        }
        Ok(())
    }

    fn month_headings(&mut self, grid: &MonthGrid) -> fmt::Result {
        let labels = [
            t("提供時間帯", "time"),
            t("サービス内容", "service"),
            t("サービス事業者事業所名", "office"),
        ];
        self.out.push_str("<tr>");
        for label in labels {
            self.out.push_str("<th rowspan=\"2\">");
            self.words(label)?;
            self.out.push_str("</th>");
        }
        self.out.push_str("<th>日付</th>");
        let weekdays = grid.weekdays();
        for (day, weekday) in (1..).zip(&weekdays) {
            write!(self.out, "<th{}>{day}</th>", day_class(grid, *weekday))?;
        }
        self.out.push_str("<th rowspan=\"2\">合計回数</th></tr>\n<tr><th>曜日</th>");
        for weekday in weekdays {
            let name = weekday.map_or("", |weekday| WEEKDAYS[usize::from(weekday)]);
            write!(self.out, "<th{}>{name}</th>", day_class(grid, weekday))?;
        }
        self.out.push_str("</tr>\n");
        Ok(())
    }

    fn counts(
        &mut self,
        name: &str,
        class: &str,
        counts: &Counts,
        weekdays: &[Option<u8>; DAYS],
    ) -> fmt::Result {
        write!(self.out, "<th class=\"{class}\">{name}</th>")?;
        let is_known = weekdays.iter().any(Option::is_some);
        for (count, weekday) in counts.iter().zip(weekdays) {
            let class = match weekday {
                None if is_known => " class=\"none\"",
                Some(5) => " class=\"sat\"",
                Some(6) => " class=\"sun\"",
                _ => "",
            };
            write!(self.out, "<td{class}>{}</td>", Count(*count))?;
        }
        write!(self.out, "<td class=\"total\">{}</td>", Count(counts.iter().sum()))
    }

    pub(super) fn week(&mut self, grid: &WeekGrid) -> fmt::Result {
        self.out.push_str("<table class=\"week\">\n");
        self.widths([6, 8].into_iter().chain([17; 7]).chain([22]))?;
        self.out.push_str("<thead><tr><th colspan=\"2\"></th>");
        for name in WEEKDAYS {
            write!(self.out, "<th>{name}</th>")?;
        }
        self.out.push_str("<th>");
        self.words(t("主な日常生活上の活動", "a usual day"))?;
        self.out.push_str("</th></tr></thead>\n<tbody>\n");
        for row in 0..HOURS {
            self.out.push_str(if part_of_day(row).is_some() {
                "<tr class=\"part\">"
            } else {
                "<tr>"
            });
            if let Some((name, rows)) = part_of_day(row) {
                write!(self.out, "<th rowspan=\"{rows}\" class=\"part-name\">{name}</th>")?;
            }
            write!(self.out, "<th class=\"hour\">{}</th>", hour_of(row))?;
            for column in &grid.days {
                self.slot(column, row, "service")?;
            }
            self.slot(&grid.activities, row, "activity")?;
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n");
        let other = Field {
            label: t("週単位以外のサービス", "services not of every week"),
            value: Value::Words(grid.other.join("\n")),
            share: 12,
        };
        self.fields(&[vec![other]])?;
        if !grid.left_out.is_empty() {
            let label = t("曜日・時間のない記載", "without a weekday or a time");
            self.note(label, &grid.left_out)?;
        }
        Ok(())
    }

    /// The cell of a column in this row; none where a slot from above covers it.
    fn slot(&mut self, column: &[Slot], row: usize, class: &str) -> fmt::Result {
        if let Some(slot) = column.iter().find(|slot| slot.from == row) {
            let rows = slot.to - slot.from;
            let text = slot.lines.join("\n");
            return write!(
                self.out,
                "<td rowspan=\"{rows}\" class=\"{class}\">{}</td>",
                Safe(&text)
            );
        }
        if !column.iter().any(|slot| (slot.from..slot.to).contains(&row)) {
            self.out.push_str("<td></td>");
        }
        Ok(())
    }
}

fn day_class(grid: &MonthGrid, weekday: Option<u8>) -> &'static str {
    match weekday {
        Some(5) => " class=\"sat\"",
        Some(6) => " class=\"sun\"",
        None if grid.month.is_some() => " class=\"none\"",
        _ => "",
    }
}

/// A count as the paper has it: nothing for none.
struct Count(u32);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 { Ok(()) } else { self.0.fmt(f) }
    }
}
