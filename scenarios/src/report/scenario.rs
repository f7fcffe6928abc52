//! One scenario on the page: its picture, its steps with the requests folded under them, and the
//! files that moved.
//!
//! The page stays light: of steps that passed it shows some requests without their headers;
//! `report.json` has every one that was noted.

use std::fmt::{self, Write};

use super::{
    sequence,
    words::{Badge, Both, Safe, Seconds, Tags},
};
use crate::{Exchange, FileSeen, ScenarioReport, StepReport, Verdict, Way};

/// How many requests of a step that passed are shown.
const EXCHANGES_MAX: usize = 10;
/// How much of a body in such a request is shown, in characters.
const BODY_CHARS_MAX: usize = 500;
/// How many files of a scenario are listed.
const FILES_MAX: usize = 24;

/// Writes the scenario; those that did not pass stand open.
pub(super) fn write(at: usize, scenario: &ScenarioReport, out: &mut String) -> fmt::Result {
    let open = if scenario.verdict == Verdict::Pass { "" } else { " open" };
    writeln!(
        out,
        "<details class=\"scenario {}\"{open}><summary>{}<b lang=\"ja\">{}</b><small>{}</small></summary>\n\
         <div class=\"body\" id=\"s{at}\">\n<p class=\"faint\">{}:{}{}</p>",
        scenario.verdict.word(),
        Badge(scenario.verdict),
        Safe(&scenario.name),
        Seconds(scenario.milliseconds),
        Safe(&scenario.file),
        scenario.line,
        Tags(&scenario.tags)
    )?;
    sequence::write(scenario, out)?;
    out.push_str("<ol>\n");
    for step in &scenario.steps {
        write_step(step, out)?;
    }
    out.push_str("</ol>\n");
    if scenario.verdict != Verdict::Pass {
        let label = Both("再実行", "run again");
        writeln!(out, "<p>{label}: <code>{}</code></p>", Safe(&scenario.replay))?;
    }
    if let Some(kept) = &scenario.kept {
        let label = Both("残したフォルダー", "kept folder");
        writeln!(out, "<p>{label}: <code>{}</code></p>", Safe(kept))?;
    }
    write_files(&scenario.files, out)?;
    out.push_str("</div></details>\n");
    Ok(())
}

fn write_step(step: &StepReport, out: &mut String) -> fmt::Result {
    let class = step.verdict.map_or("not-reached", Verdict::word);
    write!(
        out,
        "<li class=\"{class}\"><span class=\"faint\">{}</span> {}",
        Safe(&step.keyword),
        Safe(&step.text)
    )?;
    match step.verdict {
        Some(_) => write!(out, " <small>{}</small>", Seconds(step.milliseconds))?,
        None => write!(out, " <small>{}</small>", Both("実行していません", "not reached"))?,
    }
    write_table(&step.table, out)?;
    for line in &step.told {
        write!(out, "\n<p class=\"faint\" lang=\"ja\">{}</p>", Safe(line))?;
    }
    if let Some(failure) = &step.failure {
        write!(
            out,
            "\n<dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd><pre>{}</pre></dd><dt>{}</dt><dd><pre>{}</pre></dd></dl>",
            Both("判定", "verdict"),
            Badge(failure.verdict),
            Both("期待", "expected"),
            Safe(&failure.expected),
            Both("実際", "found"),
            Safe(&failure.found)
        )?;
    }
    write_exchanges(step, out)?;
    out.push_str("</li>\n");
    Ok(())
}

/// The table under a sentence, the headings first.
fn write_table(table: &[Vec<String>], out: &mut String) -> fmt::Result {
    let Some((headings, rows)) = table.split_first() else { return Ok(()) };
    out.push_str("\n<table class=\"given\" lang=\"ja\">\n<thead><tr>");
    for cell in headings {
        write!(out, "<th>{}</th>", Safe(cell))?;
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            write!(out, "<td>{}</td>", Safe(cell))?;
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>");
    Ok(())
}

fn write_exchanges(step: &StepReport, out: &mut String) -> fmt::Result {
    let count = step.exchanges.len() + step.exchanges_left_out;
    if count == 0 {
        return Ok(());
    }
    let failed = step.failure.is_some();
    let shown = if failed { step.exchanges.len() } else { EXCHANGES_MAX.min(step.exchanges.len()) };
    let label = Both(format!("通信 {count}件"), format!("{count} requests"));
    write!(out, "\n<details{}><summary>{label}</summary>", if failed { " open" } else { "" })?;
    for exchange in &step.exchanges[..shown] {
        write_exchange(exchange, failed, out)?;
    }
    if shown < count {
        let more = count - shown;
        let told = Both(format!("ほか{more}件"), format!("{more} more"));
        write!(out, "\n<p class=\"faint\">{told}</p>")?;
    }
    out.push_str("</details>");
    Ok(())
}

fn write_exchange(exchange: &Exchange, whole: bool, out: &mut String) -> fmt::Result {
    write!(
        out,
        "\n<details><summary>{} <code>{}</code> → {}</summary>",
        Safe(&exchange.by),
        Safe(&exchange.request),
        Safe(&exchange.answer)
    )?;
    let sides = [
        (&exchange.request, &exchange.request_headers, &exchange.request_body),
        (&exchange.answer, &exchange.answer_headers, &exchange.answer_body),
    ];
    for (first, headers, body) in sides {
        match whole {
            true => {
                write!(out, "\n<pre>{}\n{}", Safe(first), Safe(&headers.join("\n")))?;
                write!(out, "\n\n{}</pre>", Safe(body))?;
            }
            false if body.is_empty() => {}
            false => write!(out, "\n<pre>{}</pre>", Safe(&beginning(body)))?,
        }
    }
    out.push_str("</details>");
    Ok(())
}

fn beginning(body: &str) -> String {
    match body.char_indices().nth(BODY_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &body[..end]),
        None => body.to_owned(),
    }
}

fn write_files(files: &[FileSeen], out: &mut String) -> fmt::Result {
    if files.is_empty() {
        return Ok(());
    }
    let headings = [
        ("事業所", "office"),
        ("向き", "way"),
        ("ファイル", "file"),
        ("バイト", "bytes"),
        ("SHA-256", "SHA-256"),
    ];
    write!(
        out,
        "<table class=\"cards\">\n<caption>{}</caption>\n<thead><tr>",
        Both("送ったファイルと受け取ったファイル", "files sent and received")
    )?;
    for (ja, en) in headings {
        write!(out, "<th>{}</th>", Both(ja, en))?;
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    let cell =
        |at: usize| format!("td data-ja=\"{}\" data-en=\"{}\"", headings[at].0, headings[at].1);
    for file in files.iter().take(FILES_MAX) {
        let way = match file.way {
            Way::Sent => Both("送った", "sent"),
            Way::Received => Both("受け取った", "received"),
        };
        writeln!(
            out,
            "<tr><{}>{}</td><{} class=\"word\">{way}</td><{}>{}</td><{} class=\"num\">{}</td>\
             <{}><code title=\"{}\">{}…</code></td></tr>",
            cell(0),
            Safe(&file.office),
            cell(1),
            cell(2),
            Safe(&file.name),
            cell(3),
            file.size,
            cell(4),
            Safe(&file.sha256),
            Safe(file.sha256.get(..16).unwrap_or(&file.sha256))
        )?;
    }
    out.push_str("</tbody>\n</table>\n");
    if FILES_MAX < files.len() {
        let more = files.len() - FILES_MAX;
        let told = Both(format!("ほか{more}ファイル"), format!("{more} more files"));
        writeln!(out, "<p class=\"faint\">{told}</p>")?;
    }
    Ok(())
}
