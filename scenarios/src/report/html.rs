//! `index.html`: one page, readable from a disk, without scripts, in light and dark.

use std::fmt::{self, Display, Write};

use careplan_protocol::Lang;
use time::{
    OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description,
    macros::offset,
};

use super::sequence;
use crate::{Exchange, FileSeen, RunReport, ScenarioReport, StepReport, Verdict, Way};

/// The page.
pub(super) fn page(run: &RunReport) -> String {
    let mut out = String::new();
    // Writing to a String never fails.
    let _ = write_page(run, &mut out);
    out
}

fn write_page(run: &RunReport, out: &mut String) -> fmt::Result {
    let title =
        if run.verdict() == Verdict::Pass { "すべて合格" } else { "合格していません" };
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title} — ケアプランデータ連携 シナリオ報告書</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
    )?;
    write_summary(run, out)?;
    write_contents(run, out)?;
    let mut feature = "";
    for (at, scenario) in run.scenarios.iter().enumerate() {
        if scenario.feature != feature {
            feature = &scenario.feature;
            writeln!(out, "<h2>{} <small>{}</small></h2>", Safe(feature), Safe(&scenario.file))?;
        }
        write_scenario(at, scenario, out)?;
    }
    out.push_str("</main>\n</body>\n</html>\n");
    Ok(())
}

fn write_summary(run: &RunReport, out: &mut String) -> fmt::Result {
    let verdict = run.verdict();
    writeln!(
        out,
        "<header>\n<h1>シナリオ報告書</h1>\n<p class=\"sum {}\">{}{}</p>",
        verdict.word(),
        run.tally(Lang::Ja),
        if run.interrupted { "（途中で中断しました）" } else { "" }
    )?;
    writeln!(
        out,
        "<p>{} ／ 開始 {} ／ 所要 {} ／ プロファイル {} ／ シード {}</p>",
        Safe(&run.software),
        Safe(&in_japan(&run.started_at)),
        Seconds(run.milliseconds),
        Safe(&run.profile),
        run.seed
    )?;
    out.push_str(
        "<p>認証局・基盤・事業所・利用者はすべて模擬で、接続方式は本実装独自の参照定義です。\
         パスワードとCSVの中身は伏せています。<br><span lang=\"en\">Everything here is synthetic; \
         the wire is our own reference definition. Secrets and CSV contents are redacted.</span></p>\n\
         </header>\n",
    );
    Ok(())
}

/// A time of RFC 3339 as the clock on a wall in Japan shows it; anything else as it is.
fn in_japan(time: &str) -> String {
    let shape = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] JST");
    let japan = OffsetDateTime::parse(time, &Rfc3339).map(|time| time.to_offset(offset!(+9)));
    japan.ok().and_then(|time| time.format(shape).ok()).unwrap_or_else(|| time.to_owned())
}

fn write_contents(run: &RunReport, out: &mut String) -> fmt::Result {
    out.push_str(
        "<table>\n<thead><tr><th>判定</th><th>シナリオ</th><th>時間</th></tr></thead>\n<tbody>\n",
    );
    for (at, scenario) in run.scenarios.iter().enumerate() {
        writeln!(
            out,
            "<tr><td>{}</td><td><a href=\"#s{at}\">{}</a></td><td class=\"num\">{}</td></tr>",
            Badge(Some(scenario.verdict)),
            Safe(&scenario.name),
            Seconds(scenario.milliseconds)
        )?;
    }
    out.push_str("</tbody>\n</table>\n");
    Ok(())
}

fn write_scenario(at: usize, scenario: &ScenarioReport, out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "<section id=\"s{at}\">\n<h3>{} {}</h3>\n<p class=\"where\">{}:{} ／ {}{}</p>",
        Badge(Some(scenario.verdict)),
        Safe(&scenario.name),
        Safe(&scenario.file),
        scenario.line,
        Seconds(scenario.milliseconds),
        Tags(&scenario.tags)
    )?;
    sequence::write(scenario, out)?;
    out.push_str("<ol>\n");
    for step in &scenario.steps {
        write_step(step, out)?;
    }
    out.push_str("</ol>\n");
    if scenario.verdict != Verdict::Pass {
        writeln!(out, "<p>再実行: <code>{}</code></p>", Safe(&scenario.replay))?;
    }
    if let Some(kept) = &scenario.kept {
        writeln!(out, "<p>残したフォルダー: <code>{}</code></p>", Safe(kept))?;
    }
    write_files(&scenario.files, out)?;
    out.push_str("</section>\n");
    Ok(())
}

fn write_step(step: &StepReport, out: &mut String) -> fmt::Result {
    let class = step.verdict.map_or("not-reached", Verdict::word);
    write!(
        out,
        "<li class=\"{class}\"><b>{}</b> {} <small>{}</small>",
        Safe(&step.keyword),
        Safe(&step.text),
        match step.verdict {
            Some(_) => Seconds(step.milliseconds).to_string(),
            None => "実行していません".to_owned(),
        }
    )?;
    if let Some(failure) = &step.failure {
        write!(
            out,
            "\n<dl><dt>判定</dt><dd>{}</dd><dt>期待</dt><dd><pre>{}</pre></dd>\
             <dt>実際</dt><dd><pre>{}</pre></dd></dl>",
            failure.verdict.word_ja(),
            Safe(&failure.expected),
            Safe(&failure.found)
        )?;
    }
    if !step.exchanges.is_empty() {
        let count = step.exchanges.len() + step.exchanges_left_out;
        let open = if step.failure.is_some() { " open" } else { "" };
        write!(out, "\n<details{open}><summary>通信 {count}件</summary>")?;
        step.exchanges.iter().try_for_each(|exchange| write_exchange(exchange, out))?;
        out.push_str("</details>");
    }
    out.push_str("</li>\n");
    Ok(())
}

fn write_exchange(exchange: &Exchange, out: &mut String) -> fmt::Result {
    write!(
        out,
        "\n<details><summary>{} <code>{}</code> → {}</summary>\n<pre>{}\n{}\n\n{}</pre>\n\
         <pre>{}\n{}\n\n{}</pre></details>",
        Safe(&exchange.by),
        Safe(&exchange.request),
        Safe(&exchange.answer),
        Safe(&exchange.request),
        Safe(&exchange.request_headers.join("\n")),
        Safe(&exchange.request_body),
        Safe(&exchange.answer),
        Safe(&exchange.answer_headers.join("\n")),
        Safe(&exchange.answer_body)
    )
}

fn write_files(files: &[FileSeen], out: &mut String) -> fmt::Result {
    if files.is_empty() {
        return Ok(());
    }
    out.push_str(
        "<table class=\"files\">\n<caption>送ったファイルと受け取ったファイル</caption>\n<thead><tr>\
         <th>事業所</th><th>向き</th><th>ファイル</th><th>バイト</th><th>SHA-256</th></tr></thead>\n\
         <tbody>\n",
    );
    for file in files {
        let way = match file.way {
            Way::Sent => "送った",
            Way::Received => "受け取った",
        };
        writeln!(
            out,
            "<tr><td data-of=\"事業所\">{}</td><td data-of=\"向き\" class=\"num\">{way}</td>\
             <td data-of=\"ファイル\">{}</td><td data-of=\"バイト\" class=\"num\">{}</td>\
             <td data-of=\"SHA-256\"><code>{}</code></td></tr>",
            Safe(&file.office),
            Safe(&file.name),
            file.size,
            Safe(&file.sha256)
        )?;
    }
    out.push_str("</tbody>\n</table>\n");
    Ok(())
}

/// Text as HTML shows it.
pub(super) struct Safe<'a>(pub(super) &'a str);

impl Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for char in self.0.chars() {
            match char {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

struct Seconds(u64);

impl Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}秒", self.0 / 1000, self.0 % 1000)
    }
}

struct Badge(Option<Verdict>);

impl Display for Badge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(verdict) = self.0 else { return Ok(()) };
        let mark = if verdict == Verdict::Pass { '✔' } else { '✘' };
        write!(f, "<span class=\"badge {}\">{mark} {}</span>", verdict.word(), verdict.word_ja())
    }
}

struct Tags<'a>(&'a [String]);

impl Display for Tags<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|tag| write!(f, " <span class=\"tag\">@{}</span>", Safe(tag)))
    }
}

const STYLE: &str = "\
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --line: #d0d7de; --soft: #f3f5f7;
  --good: #14602f; --bad: #a3161f; --mid: #7a4d00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --paper: #14171a; --line: #3a4148;
  --soft: #1e2328; --good: #6fd08c; --bad: #ff8b8b; --mid: #f0b95a; } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.7 system-ui, \"Hiragino Sans\", \"Yu Gothic UI\", \"Noto Sans JP\", sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .2rem; }
small, .where { opacity: .8; font-weight: normal; font-size: .85rem; margin: 0; }
.sum { font-size: 1.3rem; font-weight: bold; margin: 0; }
.pass { color: var(--good); } .fail, .harness-error { color: var(--bad); }
.set-up-error, .inconclusive, .unsupported { color: var(--mid); }
.badge { font-weight: bold; white-space: nowrap; font-size: .9rem; }
.tag { border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; font-size: .8rem; }
ol { padding-left: 1.6rem; margin: .5rem 0; } li[class] { color: var(--ink); }
li.pass::marker { color: var(--good); } li.fail { border-left: 4px solid var(--bad); padding-left: .6rem; }
li.set-up-error, li.harness-error { border-left: 4px solid var(--mid); padding-left: .6rem; }
li.not-reached { opacity: .65; }
dl { display: grid; grid-template-columns: 4rem 1fr; margin: .3rem 0; } dd { margin: 0; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: .5rem;
  margin: .2rem 0; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .82rem; }
code { overflow-wrap: anywhere; font-size: .85rem; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .9rem; }
caption { text-align: left; font-weight: bold; }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
th { background: var(--soft); white-space: nowrap; } td { overflow-wrap: anywhere; }
.num { white-space: nowrap; }
@media (max-width: 40rem) { main { padding: 1rem; } .files, .files caption, .files tbody, .files tr, .files td { display: block; }
  .files thead { display: none; } .files tr { border: 1px solid var(--line); margin: .5rem 0; }
  .files td { border: 0; display: grid; grid-template-columns: 5rem 1fr; }
  .files td::before { content: attr(data-of); font-weight: bold; } }
a { color: inherit; } a:focus-visible, summary:focus-visible { outline: 3px solid var(--mid); }
.sequence { margin: .8rem 0; overflow-x: auto; } .sequence svg { max-width: 100%; height: auto; }
.sequence text { font-size: 13px; fill: var(--ink); text-anchor: middle; }
.sequence .who { font-weight: bold; font-size: 14px; } .sequence .step { text-anchor: start; opacity: .7; }
.sequence .answer { font-size: 11px; opacity: .85; } .sequence .bad text { fill: var(--bad); }
.sequence .life { stroke: var(--line); stroke-dasharray: 3 4; }
.sequence g line { stroke: var(--ink); } .sequence g path { fill: var(--ink); }
.sequence .bad line { stroke: var(--bad); } .sequence .bad path { fill: var(--bad); }
figcaption { font-size: .8rem; opacity: .8; }
@media print { details { display: block; } section { break-inside: avoid; } }
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::tests::sample;

    #[test]
    fn the_page_needs_nothing_from_elsewhere() {
        let page = page(&sample());
        for wanted in ["<script", "src=", "http-equiv", "@import", "url("] {
            assert!(!page.contains(wanted), "{wanted}");
        }
        assert!(page.contains("prefers-color-scheme: dark"));
    }

    #[test]
    fn a_run_begins_at_a_time_of_japan() {
        assert!(page(&sample()).contains("開始 2025-04-29 02:15:02 JST"));
        assert_eq!(in_japan("いつか"), "いつか");
    }

    #[test]
    fn every_cell_of_the_file_table_says_what_it_is_for_narrow_screens() {
        let page = page(&sample());
        for name in ["事業所", "向き", "ファイル", "バイト", "SHA-256"] {
            assert!(page.contains(&format!("<td data-of=\"{name}\"")), "{name}");
        }
    }

    #[test]
    fn what_scripts_say_is_text_and_never_markup() {
        let page = page(&sample());
        assert!(page.contains("&lt;何か&gt;が届く &amp; 読める"));
        assert!(!page.contains("<何か>"));
    }

    #[test]
    fn the_heading_counts_every_verdict_that_occurred() {
        let mut run = sample();
        run.counts.insert(Verdict::SetUpError, 2);
        assert!(page(&run).contains("合格 1、不合格 1、設定の誤り 2</p>"));
    }

    #[test]
    fn the_page_shows_digests_and_the_requests_of_a_failure() {
        let page = page(&sample());
        assert!(page.contains(&"ab".repeat(32)));
        assert!(page.contains("POST https://127.0.0.1:1/v1/claims"));
        assert!(page.contains("careplan run round-trip.feature:9"));
        assert!(
            !page.contains("careplan run round-trip.feature:5"),
            "only what failed is replayed"
        );
    }
}
