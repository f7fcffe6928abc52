//! Who sent what to whom, as a picture: a lifeline for each office, the hub and the CA, and an arrow
//! for each request. SVG within the page, in its colours.

use std::fmt::{self, Display, Write};

use serde_json::Value;

use super::words::{Both, Safe};
use crate::{Exchange, ScenarioReport, Text};

/// The hub's lifeline.
const HUB: Text = Text { ja: "基盤", en: "hub" };
/// The CA's lifeline.
const CA: Text = Text { ja: "認証局", en: "CA" };

/// How far lifelines stand apart, and how high an arrow's row is.
const COLUMN: usize = 250;
const ROW: usize = 40;
/// What stands above the first arrow, and left of the first lifeline: the number of the step.
const HEAD: usize = 64;
const MARGIN: usize = 130;
/// How many arrows one scenario has. What goes on longer is told by its beginning.
const ROWS_MAX: usize = 80;
/// How many of them stand in one picture, so that it fits on a page.
const ROWS_OF_PICTURE: usize = 20;
/// How many offices have a lifeline of their own; the others share one.
const OFFICES_MAX: usize = 4;

/// An arrow: one request, or several alike in a row.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    /// Of which step, from 1.
    step: usize,
    /// Who asked.
    by: String,
    /// Whom.
    to: Text,
    /// What for.
    what: Text,
    /// What went along: kinds of files.
    files: String,
    /// Status, and what was wrong.
    answer: String,
    /// How many deliveries the answer lists.
    deliveries: Option<usize>,
    /// Whether the answer was a yes.
    is_good: bool,
    /// How often in a row.
    times: usize,
}

/// The picture, in as many parts as it needs, or nothing if nobody asked anybody.
pub(super) fn write(scenario: &ScenarioReport, out: &mut String) -> fmt::Result {
    let rows = rows(scenario);
    if rows.is_empty() {
        return Ok(());
    }
    let lines = Lines::of(&rows);
    let shown = &rows[..rows.len().min(ROWS_MAX)];
    let pictures = shown.len().div_ceil(ROWS_OF_PICTURE);
    out.push_str("<figure class=\"sequence\">");
    for part in shown.chunks(shown.len().div_ceil(pictures)) {
        write_picture(part, &lines, &scenario.name, out)?;
    }
    write_caption(scenario, rows.len() - shown.len(), out)?;
    out.push_str("</figure>\n");
    Ok(())
}

fn write_picture(rows: &[Row], lines: &Lines<'_>, name: &str, out: &mut String) -> fmt::Result {
    let width = MARGIN * 2 + COLUMN * (lines.heads().count() - 1);
    let height = HEAD + ROW * rows.len() + 8;
    writeln!(
        out,
        "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" role=\"img\" aria-label=\"{}\">",
        Safe(&format!("{name}: 通信の順序 / sequence of requests"))
    )?;
    for (at, head) in lines.heads().enumerate() {
        let x = MARGIN + COLUMN * at;
        writeln!(
            out,
            "<line class=\"life\" x1=\"{x}\" y1=\"44\" x2=\"{x}\" y2=\"{height}\"/>\
             <text class=\"who\" x=\"{x}\" y=\"18\">{}</text>",
            head.replace(NEXT_LINE, &format!("<tspan class=\"how\" x=\"{x}\" dy=\"18\">"))
        )?;
    }
    let mut step = 0;
    for (at, row) in rows.iter().enumerate() {
        let is_new_step = row.step != step;
        step = row.step;
        write_row(row, HEAD + ROW * at + 22, (lines, is_new_step), out)?;
    }
    out.push_str("</svg>");
    Ok(())
}

fn write_row(
    row: &Row,
    y: usize,
    (lines, is_new_step): (&Lines<'_>, bool),
    out: &mut String,
) -> fmt::Result {
    let (from, to) = (lines.asker(&row.by), lines.asked(row.to));
    // The head of the arrow ends just before the lifeline.
    let (tip, base) = if from < to { (to - 2, to - 10) } else { (to + 2, to + 10) };
    let class = if row.is_good { "good" } else { "bad" };
    if is_new_step {
        write!(out, "<text class=\"step\" x=\"8\" y=\"{}\">{}</text>", y + 5, row.step)?;
    }
    let times = if 1 < row.times { format!(" ×{}", row.times) } else { String::new() };
    let count = row.deliveries.map(|count| said(format!(" {count}件"), format!(" ({count})")));
    writeln!(
        out,
        "<g class=\"{class}\"><line x1=\"{from}\" y1=\"{y}\" x2=\"{base}\" y2=\"{y}\"/>\
         <path d=\"M{tip} {y} L{base} {} L{base} {} Z\"/>\
         <text x=\"{}\" y=\"{}\">{}{}{times}</text>\
         <text class=\"answer\" x=\"{}\" y=\"{}\">{}{}</text></g>",
        y - 4,
        y + 4,
        from.midpoint(to),
        y - 6,
        said(row.what.ja, row.what.en),
        Safe(&row.files),
        from.midpoint(to),
        y + 13,
        Safe(&row.answer),
        count.unwrap_or_default()
    )
}

/// Words of a picture in both languages.
fn said(ja: impl Display, en: impl Display) -> String {
    format!("<tspan lang=\"ja\">{ja}</tspan><tspan lang=\"en\">{en}</tspan>")
}

fn write_caption(scenario: &ScenarioReport, more: usize, out: &mut String) -> fmt::Result {
    let left_out: usize = scenario.steps.iter().map(|step| step.exchanges_left_out).sum();
    let more = more + left_out;
    let (ja, en) = match more {
        0 => (String::new(), String::new()),
        more => (format!("。ほか{more}件は省略"), format!("; {more} more not drawn")),
    };
    let told = Both(
        format!("左端の数字は下の手順の番号{ja}"),
        format!("numbers on the left are those of the steps below{en}"),
    );
    write!(out, "<figcaption>{told}</figcaption>")
}

/// Where a head goes on below: how somebody comes, behind who it is.
const NEXT_LINE: &str = "\n";

/// The lifelines: the first office, whom it asks, then the others in the order in which they appear.
struct Lines<'a> {
    offices: Vec<&'a str>,
    places: Vec<Text>,
    /// How many offices share the last line.
    others: usize,
}

impl<'a> Lines<'a> {
    fn of(rows: &'a [Row]) -> Self {
        let mut offices: Vec<&str> = Vec::new();
        for row in rows {
            if !offices.contains(&row.by.as_str()) {
                offices.push(&row.by);
            }
        }
        let is_asked = |place: &Text| rows.iter().any(|row| row.to == *place);
        let places = [HUB, CA].into_iter().filter(is_asked).collect();
        // One that is left over is drawn as itself.
        let own = if offices.len() <= OFFICES_MAX + 1 { offices.len() } else { OFFICES_MAX };
        let others = offices.len() - own;
        offices.truncate(own);
        Self { offices, places, others }
    }

    /// What stands over the lines, from left to right.
    fn heads(&self) -> impl Iterator<Item = String> {
        let office = |name: &&str| match name.split_once('（') {
            Some((name, how)) => {
                let (name, how) = (shortened(name, 16), shortened(how, 18));
                format!("{}{NEXT_LINE}（{}</tspan>", Safe(&name), Safe(&how))
            }
            None => Safe(&shortened(name, 16)).to_string(),
        };
        let (first, rest) = self.offices.split_at(1.min(self.offices.len()));
        let places = self.places.iter().map(|place| said(place.ja, place.en));
        let others = (0 < self.others)
            .then(|| said(format!("ほか{}か所", self.others), format!("{} others", self.others)));
        first.iter().map(office).chain(places).chain(rest.iter().map(office)).chain(others)
    }

    /// Where the line of somebody who asks is.
    fn asker(&self, name: &str) -> usize {
        let at = self.offices.iter().position(|one| *one == name).unwrap_or(self.offices.len());
        let behind = if at == 0 { 0 } else { self.places.len() };
        MARGIN + COLUMN * (at + behind)
    }

    /// Where the line of somebody who is asked is.
    fn asked(&self, place: Text) -> usize {
        let at = self.places.iter().position(|one| *one == place).unwrap_or(0);
        MARGIN + COLUMN * (1 + at)
    }
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
    let told = |row: &Row| (row.step, row.to, row.what, row.deliveries, row.is_good);
    told(a) == told(b) && a.by == b.by && a.files == b.files && a.answer == b.answer
}

fn row(step: usize, exchange: &Exchange) -> Row {
    let (method, url) = exchange.request.split_once(' ').unwrap_or(("", &exchange.request));
    let place = url.split_once("://").map_or(url, |(_, place)| place);
    let path = &place[place.find('/').unwrap_or(place.len())..];
    let path = path.split('?').next().unwrap_or(path);
    let (to, what) = operation(method, path);
    let is_good = exchange.answer.starts_with('2');
    let body: Option<Value> = serde_json::from_str(&exchange.answer_body).ok();
    let body = body.as_ref();
    Row {
        step,
        by: exchange.by.clone(),
        to,
        what,
        files: files(exchange),
        answer: answer(exchange, body.filter(|_| !is_good)),
        deliveries: body.and_then(|body| Some(body.get("deliveries")?.as_array()?.len())),
        is_good,
        times: 1,
    }
}

/// Whom a request goes to, and what it is for, in an office's words.
fn operation(method: &str, path: &str) -> (Text, Text) {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (to, ja, en) = match (method, parts.as_slice()) {
        ("POST", ["v1", "session"]) => (HUB, "ログイン", "log in"),
        ("DELETE", ["v1", "session"]) => (HUB, "ログアウト", "log out"),
        (_, ["v1", "office"]) => (HUB, "自事業所", "own office"),
        (_, ["v1", "offices"]) => (HUB, "利用事業所一覧", "directory"),
        ("POST", ["v1", "submissions"]) => (HUB, "送信", "send"),
        (_, ["v1", "submissions", ..]) => (HUB, "送信一覧", "sent list"),
        (_, ["v1", "claims"]) => (HUB, "受信一覧を開く", "open inbox"),
        (_, ["v1", "deliveries", _, "files", _]) => (HUB, "データ取得", "fetch"),
        (_, ["v1", "deliveries", _, "receipt"]) => (HUB, "データ取得済", "receipt"),
        (_, ["v1", "deliveries", _, "release"]) => (HUB, "返却", "give back"),
        (_, ["v1", "deliveries", _, "take-back"]) => (HUB, "取り戻し", "take back"),
        (_, ["v1", "deliveries", ..]) => (HUB, "受信一覧", "inbox"),
        (_, ["v1", "events"]) => (HUB, "着信の知らせ", "notices"),
        (_, ["v1", "login"]) => (CA, "共通ログイン", "log in"),
        (_, ["v1", "password", ..]) => (CA, "パスワード変更", "change password"),
        (_, ["v1", "applications"]) => (CA, "証明書の申請", "apply for certificate"),
        (_, ["v1", "applications", ..] | ["v1", "certificates", ..]) => {
            (CA, "証明書", "certificate")
        }
        (_, ["v1", "root.pem" | "crl.pem"]) => (CA, "証明書", "certificate"),
        _ => (HUB, "要求", "request"),
    };
    (to, Text { ja, en })
}

/// The kinds of the files that go along.
fn files(exchange: &Exchange) -> String {
    let body: Option<Value> = serde_json::from_str(&exchange.request_body).ok();
    let files = body.as_ref().and_then(|body| body.get("files")?.as_array());
    let name = |file: &Value| {
        let name = file.get("name").unwrap_or(file).as_str()?;
        Some(name.split('_').next().unwrap_or(name).to_owned())
    };
    let mut kinds: Vec<String> = files.into_iter().flatten().filter_map(name).collect();
    kinds.dedup();
    match kinds.as_slice() {
        [] => String::new(),
        kinds => format!(" {}", shortened(&kinds.join("・"), 25)),
    }
}

/// The status; with a refusal, its id.
fn answer(exchange: &Exchange, refusal: Option<&Value>) -> String {
    let id = refusal.and_then(|body| body.get("type")?.as_str()?.rsplit(':').next());
    match id {
        Some(id) => format!("{} {id}", exchange.answer),
        None => shortened(&exchange.answer, 40),
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
        let heads: Vec<_> = Lines::of(&rows).heads().collect();
        assert_eq!(
            heads,
            ["甲".to_owned(), said("基盤", "hub"), said("認証局", "CA"), "乙".to_owned()]
        );
        let lines = Lines::of(&rows);
        let places = [lines.asker("甲"), lines.asked(HUB), lines.asked(CA), lines.asker("乙")];
        assert!(places.is_sorted(), "{places:?}");
    }

    #[test]
    fn how_somebody_comes_stands_under_the_name() {
        let asked = exchange("甲（証明書なし）", "GET 127.0.0.1:1/v1/office", "200");
        let rows = rows(&scenario(vec![asked.clone()]));
        assert_eq!(rows[0].what.ja, "自事業所");
        let mut out = String::new();
        write(&scenario(vec![asked]), &mut out).expect("writes");
        assert!(
            out.contains(">甲<tspan class=\"how\" x=\"130\" dy=\"18\">（証明書なし）</tspan>"),
            "{out}"
        );
    }

    #[test]
    fn many_offices_share_a_lifeline() {
        let ask = |at| exchange(&format!("事業所{at}"), "POST https://h/v1/claims", "200");
        let rows = rows(&scenario((0..30).map(ask).collect()));
        let lines = Lines::of(&rows);
        assert_eq!(lines.heads().count(), OFFICES_MAX + 2);
        assert_eq!(lines.asker("事業所7"), lines.asker("事業所29"));
        assert!(lines.heads().last().expect("a line").contains("ほか26か所"));
    }

    #[test]
    fn requests_alike_in_a_row_are_one_arrow() {
        let file = |name| format!("GET https://h/v1/deliveries/d1/files/{name}");
        let rows = rows(&scenario(vec![
            exchange("乙", &file("a.CSV"), "200"),
            exchange("乙", &file("b.CSV"), "200"),
            exchange("乙", "POST https://h/v1/deliveries/d1/receipt", "200"),
        ]));
        let told: Vec<_> = rows.iter().map(|row| (row.what.ja, row.times)).collect();
        assert_eq!(told, [("データ取得", 2), ("データ取得済", 1)]);
    }

    #[test]
    fn a_refusal_shows_its_id_and_a_sending_its_kinds_of_files() {
        let mut refused = exchange("甲", "POST https://h/v1/submissions", "422");
        refused.request_body =
            r#"{"files":[{"name":"UPPLAN_1.CSV"},{"name":"UPSIKYU_1.CSV"}]}"#.to_owned();
        refused.answer_body = r#"{"type":"urn:careplan:problem:files-refused"}"#.to_owned();
        let row = row(3, &refused);
        assert_eq!((row.what.ja, row.files.as_str()), ("送信", " UPPLAN・UPSIKYU"));
        assert_eq!((row.answer.as_str(), row.is_good), ("422 files-refused", false));
    }

    #[test]
    fn a_picture_of_much_traffic_ends_and_says_so() {
        let request = |at| exchange("甲", "POST https://h/v1/claims", &format!("{at}"));
        let mut out = String::new();
        write(&scenario((0..100).map(request).collect()), &mut out).expect("writes");
        assert_eq!(out.matches("<path").count(), ROWS_MAX);
        assert_eq!(out.matches("<svg").count(), 4, "each fits on a page");
        assert!(out.contains("ほか20件は省略"), "{out}");
    }

    #[test]
    fn who_asks_nobody_has_no_picture() {
        let mut out = String::new();
        write(&scenario(Vec::new()), &mut out).expect("writes");
        assert_eq!(out, "");
    }
}
