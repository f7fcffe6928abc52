//! What `careplan client` shows: tables, refusals, the progress bar.

use std::{
    io::{self, Write},
    time::Duration,
};

use careplan_protocol::{
    CheckReport, Lang, Party,
    hub::{Delivery, DeliveryState, File, FileRole, Submission},
};
use indicatif::{ProgressBar, ProgressStyle};
use reference_client::{ClientError, Direction, Observer, Progress};
use serde_json::{Value, json};
use time::{
    OffsetDateTime, UtcOffset,
    format_description::well_known::Rfc3339,
    macros::{format_description, offset},
};

use crate::{
    table::{COLUMNS, fit, pad, width},
    ui::{CommandResult, End, Format, Stop, Ui},
};

/// Times are shown as the offices' clocks have them.
const JAPAN: UtcOffset = offset!(+9);

/// Reports why the whole command failed.
pub(super) fn failed(error: &ClientError, ui: &Ui) -> CommandResult {
    match (stop_of(error), ui.format) {
        (Some(stop), _) => Err(stop),
        (None, Format::Json) => match error {
            ClientError::Problem(problem) => ui.problem(problem),
            ClientError::Check(report) => ui.json(report).map(|()| End::Bad),
            other => ui.json(&error_json(other)).map(|()| End::Bad),
        },
        (None, Format::Human) => {
            report_human(error, ui);
            Ok(End::Bad)
        }
    }
}

/// What ends the command as wrong set-up or a fault of our own, rather than as a refusal.
pub(super) fn stop_of(error: &ClientError) -> Option<Stop> {
    match error {
        ClientError::Problem(_) | ClientError::Check(_) | ClientError::Answer { .. } => None,
        ClientError::Ours(what) => Some(Stop::ours(what)),
        ClientError::Local(_) | ClientError::Unreachable { .. } | ClientError::Untrusted { .. } => {
            Some(Stop::setup(error.line(Lang::Ja), error.line(Lang::En)))
        }
    }
}

/// Keeps the worse of two ends, and of two stops the first.
pub(super) fn worse(end: CommandResult, stop: Option<Stop>) -> CommandResult {
    match (end, stop) {
        (Err(first), _) => Err(first),
        (Ok(_), Some(stop)) => Err(stop),
        (Ok(_), None) => Ok(End::Bad),
    }
}

/// Reports a refusal to a person; what stops the command is said once, at its end.
pub(super) fn report_human(error: &ClientError, ui: &Ui) {
    match error {
        // Only JSON can fail here.
        ClientError::Problem(problem) => drop(ui.problem(problem)),
        ClientError::Check(report) => report_check(report, error, ui),
        ClientError::Answer { .. } => ui.note(&error.line(ui.lang)),
        _ => {}
    }
}

fn report_check(report: &CheckReport, error: &ClientError, ui: &Ui) {
    ui.note(&error.line(ui.lang));
    for finding in &report.findings {
        let file = finding.file.as_deref().unwrap_or("-");
        let record = finding.record.map(|n| format!(":{n}")).unwrap_or_default();
        ui.note(&format!("  {file}{record}: {} [{}]", finding.message, finding.rule));
    }
}

pub(super) fn error_json(error: &ClientError) -> Value {
    match error {
        ClientError::Problem(problem) => json!({ "problem": problem }),
        ClientError::Check(report) => json!({ "check": report }),
        other => json!({"error": other.line(Lang::Ja), "error_en": other.line(Lang::En)}),
    }
}

pub(super) fn sent_line(taken: &Submission, ui: &Ui) -> String {
    let (to, count) = (party_text(&taken.to), taken.files.len());
    ui.pick(
        format!("送信しました {}（{to} {}、{count}ファイル）", taken.id, taken.to_name),
        format!("sent {} ({to} {}, {count} files)", taken.id, taken.to_name),
    )
}

pub(super) fn inbox_cells(delivery: &Delivery, ui: &Ui) -> [String; 5] {
    let mut versions: Vec<_> =
        delivery.files.iter().filter_map(|file| file.csv_version.as_deref()).collect();
    versions.sort_unstable();
    versions.dedup();
    let versions = if versions.is_empty() { "—".to_owned() } else { versions.join(",") };
    let state = match delivery.state {
        DeliveryState::Fetched => ui.pick("済", "fetched"),
        DeliveryState::Waiting | DeliveryState::Claimed => ui.pick("未", "new"),
        DeliveryState::Undelivered => ui.pick("打切", "given up"),
    };
    [
        japan_time(delivery.submitted_at),
        delivery.from_name.clone(),
        delivery.files.len().to_string(),
        versions,
        state.to_owned(),
    ]
}

/// A file with its ファイル種別 and CSVバージョン.
pub(super) fn file_line(file: &File, ui: &Ui) -> String {
    let role = match file.role {
        FileRole::Register => ui.pick("登録", "register"),
        FileRole::Withdraw => ui.pick("削除", "withdraw"),
        FileRole::Attachment => ui.pick("PDF等", "other"),
    };
    let version = file.csv_version.as_deref().unwrap_or("—");
    fit(&format!("    {}  {}  {}", pad(role, 8), pad(version, 6), file.name), COLUMNS)
}

pub(super) fn inbox_row(cells: [String; 5]) -> String {
    row(&cells, &[16, 24, 10, 13, 8])
}

pub(super) fn sent_row(cells: [String; 3]) -> String {
    row(&cells, &[16, 42, 16])
}

/// Cells in columns of these widths, with two blanks between; together at most 80.
fn row(cells: &[String], widths: &[usize]) -> String {
    let cell = |(text, &columns): (&String, &usize)| {
        let text = fit(text, columns);
        let blanks = " ".repeat(columns.saturating_sub(width(&text)));
        text + &blanks
    };
    let cells: Vec<_> = cells.iter().zip(widths).map(cell).collect();
    cells.join("  ").trim_end().to_owned()
}

pub(super) fn sent_state(state: DeliveryState, ui: &Ui) -> &'static str {
    match state {
        DeliveryState::Waiting => ui.pick("未受信", "waiting"),
        DeliveryState::Claimed => ui.pick("受信済・未取得", "claimed"),
        DeliveryState::Fetched => ui.pick("取得済", "fetched"),
        DeliveryState::Undelivered => ui.pick("未配信（打切）", "never fetched"),
    }
}

pub(super) fn party_text(party: &Party) -> String {
    match party.kind {
        Some(kind) => format!("{}:{kind}", party.office),
        None => party.office.to_string(),
    }
}

pub(super) fn japan_time(at: OffsetDateTime) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute]");
    at.to_offset(JAPAN).format(&form).unwrap_or_default()
}

pub(super) fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// The progress bar on standard error; invisible where that is no terminal.
pub(super) struct Bar {
    bar: ProgressBar,
    lang: Lang,
}

impl Bar {
    pub(super) fn new(lang: Lang) -> Self {
        Self { bar: ProgressBar::no_length(), lang }
    }

    /// A line beside the bar.
    fn tell(&self, line: &str) {
        self.bar.suspend(|| {
            let _ = writeln!(io::stderr(), "{line}");
        });
    }
}

impl Observer for Bar {
    fn progress(&self, progress: Progress) {
        let Progress { direction, done, total } = progress;
        if self.bar.length() != Some(total) || done < self.bar.position() {
            let style = "{msg} [{bar:30}] {bytes}/{total_bytes} {eta}";
            if let Ok(style) = ProgressStyle::with_template(style) {
                self.bar.set_style(style.progress_chars("=> "));
            }
            self.bar.reset();
            self.bar.set_length(total);
        }
        self.bar.set_message(match (direction, self.lang) {
            (Direction::Sending, Lang::Ja) => "送信中",
            (Direction::Sending, Lang::En) => "sending",
            (Direction::Fetching, Lang::Ja) => "取得中",
            (Direction::Fetching, Lang::En) => "fetching",
        });
        self.bar.set_position(done);
        if done >= total {
            self.bar.finish_and_clear();
        }
    }

    fn waiting(&self, wait: Duration, why: &ClientError) {
        let seconds = wait.as_secs_f32();
        let line = match self.lang {
            Lang::Ja => format!("{}。{seconds:.1}秒後にもう一度試します", why.line(self.lang)),
            Lang::En => format!("{}; trying again in {seconds:.1} s", why.line(self.lang)),
        };
        self.tell(&line);
    }

    fn password_changed(&self) {
        self.tell(match self.lang {
            Lang::Ja => "パスワードを変更しました。これからは新しいパスワードを使ってください",
            Lang::En => "the password was changed; use the new one from now on",
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_at_most_80_columns_wide_in_japanese_too() {
        let long = "みどりヘルパーステーション北部出張所".to_owned();
        let cells =
            ["2025-04-28 17:15".into(), long.clone(), "3".into(), "202407".into(), "未".into()];
        assert!(width(&inbox_row(cells)) <= 80);
        assert!(
            width(&sent_row(["2025-04-28 17:15".into(), long.repeat(3), "取得済".into()])) <= 80
        );
        let titles = ["受信日時", "送信元", "ファイル数", "CSVバージョン", "取得状況"];
        let row = inbox_row(titles.map(str::to_owned));
        assert!(row.ends_with("CSVバージョン  取得状況"), "no title is cut: {row}");
    }

    #[test]
    fn the_worst_outcome_decides_the_exit_status() {
        let refusal =
            ClientError::Answer { url: String::new(), ja: String::new(), en: String::new() };
        let down = ClientError::Unreachable { url: String::new(), reason: String::new() };
        let end = worse(Ok(End::Good), stop_of(&refusal));
        assert_eq!(end.as_ref().ok(), Some(&End::Bad));
        assert!(matches!(worse(end, stop_of(&down)), Err(Stop::Setup { .. })));
    }

    #[test]
    fn times_are_those_of_japan() {
        assert_eq!(japan_time(time::macros::datetime!(2025-04-28 15:30 UTC)), "2025-04-29 00:30");
    }
}
