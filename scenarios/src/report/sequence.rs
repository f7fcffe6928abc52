//! Who sent what to whom, as a picture: a lifeline for each office, the hub and the CA, and an arrow
//! for each request. SVG within the page, in its colours.

use std::fmt::{self, Write};

use serde_json::Value;

use super::html::Safe;
use crate::{Exchange, ScenarioReport};

/// The hub's lifeline.
const HUB: &str = "基盤";
/// The CA's lifeline.
const CA: &str = "認証局";

/// How far lifelines stand apart, and how high an arrow's row is.
const COLUMN: usize = 220;
const ROW: usize = 40;
/// What stands above the first arrow, and left of the first lifeline: the number of the step.
const HEAD: usize = 56;
const MARGIN: usize = 130;
/// How many arrows one picture has. What goes on longer is told by its beginning.
const ROWS_MAX: usize = 80;

/// An arrow: one request, or several alike in a row.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    /// Of which step, from 1.
    step: usize,
    /// Who asked.
    by: String,
    /// Whom.
    to: &'static str,
    /// What for.
    label: String,
    /// Status, and what was wrong.
    answer: String,
    /// Whether the answer was a yes.
    is_good: bool,
    /// How often in a row.
    times: usize,
}

/// The picture, or nothing if nobody asked anybody.
pub(super) fn write(scenario: &ScenarioReport, out: &mut String) -> fmt::Result {
    let rows = rows(scenario);
    if rows.is_empty() {
        return Ok(());
    }
    let lines = lifelines(&rows);
    let shown = rows.len().min(ROWS_MAX);
    let width = MARGIN * 2 + COLUMN * (lines.len() - 1);
    let height = HEAD + ROW * shown + 28;
    writeln!(
        out,
        "<figure class=\"sequence\"><svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         role=\"img\" aria-label=\"{}\">",
        Safe(&format!("{}: 通信の順序", scenario.name))
    )?;
    for (at, name) in lines.iter().enumerate() {
        let x = MARGIN + COLUMN * at;
        writeln!(
            out,
            "<line class=\"life\" x1=\"{x}\" y1=\"32\" x2=\"{x}\" y2=\"{}\"/>\
             <text class=\"who\" x=\"{x}\" y=\"22\">{}</text>",
            height - 20,
            Safe(&shortened(name, 14))
        )?;
    }
    for (at, row) in rows.iter().take(ROWS_MAX).enumerate() {
        let is_new_step = at == 0 || rows[at - 1].step != row.step;
        write_row(row, HEAD + ROW * at + 22, (&lines, is_new_step), out)?;
    }
    out.push_str("</svg>");
    write_caption(scenario, rows.len() - shown, out)?;
    out.push_str("</figure>\n");
    Ok(())
}

fn write_row(
    row: &Row,
    y: usize,
    (lines, is_new_step): (&[&str], bool),
    out: &mut String,
) -> fmt::Result {
    let x = |name: &str| MARGIN + COLUMN * lines.iter().position(|line| *line == name).unwrap_or(0);
    let (from, to) = (x(&row.by), x(row.to));
    // The head of the arrow ends just before the lifeline.
    let (tip, base) = if from < to { (to - 2, to - 10) } else { (to + 2, to + 10) };
    let class = if row.is_good { "good" } else { "bad" };
    if is_new_step {
        write!(out, "<text class=\"step\" x=\"8\" y=\"{}\">{}</text>", y + 5, row.step)?;
    }
    let times = if 1 < row.times { format!(" ×{}", row.times) } else { String::new() };
    writeln!(
        out,
        "<g class=\"{class}\"><line x1=\"{from}\" y1=\"{y}\" x2=\"{base}\" y2=\"{y}\"/>\
         <path d=\"M{tip} {y} L{base} {} L{base} {} Z\"/>\
         <text x=\"{}\" y=\"{}\">{}{times}</text><text class=\"answer\" x=\"{}\" y=\"{}\">{}</text></g>",
        y - 4,
        y + 4,
        from.midpoint(to),
        y - 6,
        Safe(&row.label),
        from.midpoint(to),
        y + 13,
        Safe(&row.answer)
    )
}

fn write_caption(scenario: &ScenarioReport, more: usize, out: &mut String) -> fmt::Result {
    let left_out: usize = scenario.steps.iter().map(|step| step.exchanges_left_out).sum();
    out.push_str("<figcaption>左端の数字は手順の番号 / numbers on the left: steps");
    if 0 < more + left_out {
        write!(out, "。ほか{}件は省略 / {} more not drawn", more + left_out, more + left_out)?;
    }
    out.push_str("</figcaption>");
    Ok(())
}

/// The first office, whom it asks, then everybody else in the order in which they appear.
fn lifelines(rows: &[Row]) -> Vec<&str> {
    let mut lines: Vec<&str> = Vec::new();
    for row in rows {
        if !lines.contains(&row.by.as_str()) {
            lines.push(&row.by);
        }
    }
    for place in [CA, HUB] {
        if rows.iter().any(|row| row.to == place) {
            lines.insert(1.min(lines.len()), place);
        }
    }
    lines
}

fn rows(scenario: &ScenarioReport) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (at, step) in scenario.steps.iter().enumerate() {
        for exchange in &step.exchanges {
            let next = row(at + 1, exchange);
            match rows.last_mut() {
                Some(last) if is_alike(last, &next) => last.times += 1,
                _ => rows.push(next),
            }
        }
    }
    rows
}

fn is_alike(a: &Row, b: &Row) -> bool {
    a.step == b.step
        && a.by == b.by
        && a.label == b.label
        && a.answer == b.answer
        && a.is_good == b.is_good
}

fn row(step: usize, exchange: &Exchange) -> Row {
    let (method, url) = exchange.request.split_once(' ').unwrap_or(("", &exchange.request));
    let path = url.split_once("://").map_or(url, |(_, rest)| &rest[rest.find('/').unwrap_or(0)..]);
    let path = path.split('?').next().unwrap_or(path);
    let (to, what) = operation(method, path);
    let is_good = exchange.answer.starts_with('2');
    Row {
        step,
        by: exchange.by.clone(),
        to,
        label: label(what, exchange),
        answer: answer(exchange, is_good),
        is_good,
        times: 1,
    }
}

/// Whom a request goes to, and what it is for, in an office's words.
fn operation(method: &str, path: &str) -> (&'static str, &'static str) {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (method, parts.as_slice()) {
        ("POST", ["v1", "session"]) => (HUB, "ログイン"),
        ("DELETE", ["v1", "session"]) => (HUB, "ログアウト"),
        (_, ["v1", "office"]) => (HUB, "自事業所"),
        (_, ["v1", "offices"]) => (HUB, "利用事業所一覧"),
        ("POST", ["v1", "submissions"]) => (HUB, "送信"),
        (_, ["v1", "submissions", ..]) => (HUB, "送信一覧"),
        (_, ["v1", "claims"]) => (HUB, "受信一覧を開く"),
        (_, ["v1", "deliveries", _, "files", _]) => (HUB, "データ取得"),
        (_, ["v1", "deliveries", _, "receipt"]) => (HUB, "データ取得済"),
        (_, ["v1", "deliveries", _, "release"]) => (HUB, "返却"),
        (_, ["v1", "deliveries", ..]) => (HUB, "受信一覧"),
        (_, ["v1", "events"]) => (HUB, "着信の知らせ"),
        (_, ["v1", "login"]) => (CA, "共通ログイン"),
        (_, ["v1", "password", ..]) => (CA, "パスワード変更"),
        (_, ["v1", "applications"]) => (CA, "証明書の申請"),
        (_, ["v1", "applications", ..] | ["v1", "certificates", ..]) => (CA, "証明書"),
        (_, ["v1", "root.pem" | "crl.pem"]) => (CA, "証明書"),
        _ => (HUB, "要求"),
    }
}

/// What for, and how many files go along.
fn label(what: &str, exchange: &Exchange) -> String {
    let body: Option<Value> = serde_json::from_str(&exchange.request_body).ok();
    let files = body.as_ref().and_then(|body| body.get("files")?.as_array());
    let name = |file: &Value| {
        let name = file.get("name").unwrap_or(file).as_str()?;
        Some(name.split('_').next().unwrap_or(name).to_owned())
    };
    let mut kinds: Vec<String> = files.into_iter().flatten().filter_map(name).collect();
    kinds.dedup();
    match kinds.as_slice() {
        [] => what.to_owned(),
        kinds => format!("{what} {}", shortened(&kinds.join("・"), 22)),
    }
}

/// The status; with a refusal, its id.
fn answer(exchange: &Exchange, is_good: bool) -> String {
    let body: Option<Value> = serde_json::from_str(&exchange.answer_body).ok();
    let told = |name: &str| body.as_ref().and_then(|body| body.get(name)?.as_str());
    match told("type").and_then(|id| id.rsplit(':').next()) {
        Some(id) if !is_good => format!("{} {id}", exchange.answer),
        _ => match body.as_ref().and_then(|body| body.get("deliveries")?.as_array()) {
            Some(deliveries) => format!("{} {}件", exchange.answer, deliveries.len()),
            None => shortened(&exchange.answer, 40),
        },
    }
}

fn shortened(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    text.chars().take(characters - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::tests::sample;

    fn exchange(by: &str, request: &str, answer: &str) -> Exchange {
        Exchange {
            by: by.to_owned(),
            request: request.to_owned(),
            request_headers: Vec::new(),
            request_body: String::new(),
            answer: answer.to_owned(),
            answer_headers: Vec::new(),
            answer_body: String::new(),
        }
    }

    fn scenario(exchanges: Vec<Exchange>) -> ScenarioReport {
        let mut scenario = sample().scenarios.swap_remove(0);
        scenario.steps[0].exchanges = exchanges;
        scenario
    }

    #[test]
    fn the_hub_stands_between_the_first_office_and_the_others() {
        let hub = "https://127.0.0.1:1";
        let rows = rows(&scenario(vec![
            exchange("甲", &format!("POST {hub}/v1/submissions"), "201"),
            exchange("乙", &format!("POST {hub}/v1/claims"), "200"),
            exchange("甲", &format!("POST {hub}/v1/login"), "200"),
        ]));
        assert_eq!(lifelines(&rows), ["甲", HUB, CA, "乙"]);
    }

    #[test]
    fn requests_alike_in_a_row_are_one_arrow() {
        let file = |name| format!("GET https://h/v1/deliveries/d1/files/{name}");
        let rows = rows(&scenario(vec![
            exchange("乙", &file("a.CSV"), "200"),
            exchange("乙", &file("b.CSV"), "200"),
            exchange("乙", "POST https://h/v1/deliveries/d1/receipt", "200"),
        ]));
        let told: Vec<_> = rows.iter().map(|row| (row.label.as_str(), row.times)).collect();
        assert_eq!(told, [("データ取得", 2), ("データ取得済", 1)]);
    }

    #[test]
    fn a_refusal_shows_its_id_and_a_sending_its_kinds_of_files() {
        let mut refused = exchange("甲", "POST https://h/v1/submissions", "422");
        refused.request_body =
            r#"{"files":[{"name":"UPPLAN_1.CSV"},{"name":"UPSIKYU_1.CSV"}]}"#.to_owned();
        refused.answer_body = r#"{"type":"urn:careplan:problem:files-refused"}"#.to_owned();
        let row = row(3, &refused);
        assert_eq!(row.label, "送信 UPPLAN・UPSIKYU");
        assert_eq!((row.answer.as_str(), row.is_good), ("422 files-refused", false));
    }

    #[test]
    fn a_picture_of_much_traffic_ends_and_says_so() {
        let request = |at| exchange("甲", "POST https://h/v1/claims", &format!("{at}"));
        let mut out = String::new();
        write(&scenario((0..100).map(request).collect()), &mut out).expect("writes");
        assert_eq!(out.matches("<path").count(), ROWS_MAX);
        assert!(out.contains("ほか20件は省略"), "{out}");
    }

    #[test]
    fn who_asks_nobody_has_no_picture() {
        let mut out = String::new();
        write(&scenario(Vec::new()), &mut out).expect("writes");
        assert_eq!(out, "");
    }
}
