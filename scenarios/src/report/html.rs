//! `index.html`: one page, in Japanese and in English, readable from a disk, in light and dark, on
//! paper.
//!
//! Both languages are in the page, and one is shown: Japanese, unless the reader chooses English. All
//! that its script does beside that is to fold and unfold; without scripts nothing is missing.

use std::fmt::{self, Write};

use careplan_protocol::Lang;
use time::{
    OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description,
    macros::offset,
};

use super::{
    scenario,
    words::{Badge, Both, Safe, Seconds},
};
use crate::{FAMILIES, Family, RunReport, ScenarioReport, Text, Verdict, family_of};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What belongs to no family.
const OTHERS: Family = Family {
    id: "others",
    tag: "",
    title: Text { ja: "そのほか", en: "Others" },
    about: Text {
        ja: "どのまとまりにも属さないシナリオ。", en: "Scenarios of no family."
    },
};

/// The page.
pub(super) fn page(run: &RunReport) -> String {
    let mut out = String::new();
    // Writing to a String never fails.
    let _ = write_page(run, &mut out);
    out
}

/// A family's scenarios, each with its place in the run.
struct Part<'a> {
    family: Family,
    scenarios: Vec<(usize, &'a ScenarioReport)>,
}

impl Part<'_> {
    fn passed(&self) -> usize {
        self.scenarios.iter().filter(|(_, one)| one.verdict == Verdict::Pass).count()
    }

    fn is_good(&self) -> bool {
        self.scenarios.iter().all(|(_, one)| one.verdict.is_fine())
    }

    fn milliseconds(&self) -> u64 {
        self.scenarios.iter().map(|(_, one)| one.milliseconds).sum()
    }
}

/// The families that ran, in their order; those that belong to none come last.
fn parts(run: &RunReport) -> Vec<Part<'_>> {
    let of = |scenario: &ScenarioReport| family_of(&scenario.file, &scenario.tags);
    let part = |family: Option<&Family>| {
        let scenarios = run.scenarios.iter().enumerate();
        let scenarios: Vec<_> = scenarios.filter(|(_, one)| of(one) == family).collect();
        Part { family: *family.unwrap_or(&OTHERS), scenarios }
    };
    let parts = FAMILIES.iter().map(Some).chain([None]).map(part);
    parts.filter(|part| !part.scenarios.is_empty()).collect()
}

fn write_page(run: &RunReport, out: &mut String) -> fmt::Result {
    let (ja, en) = title(run);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{ja} / {en} — ケアプランデータ連携 シナリオ報告書</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
    )?;
    let parts = parts(run);
    write_header(run, out)?;
    write_failures(run, out)?;
    write_unsupported(run, out)?;
    write_summary(&parts, out)?;
    parts.iter().try_for_each(|part| write_part(part, out))?;
    write!(out, "</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n")
}

/// What came of it, in Japanese and in English.
fn title(run: &RunReport) -> (String, String) {
    let count = |verdict| run.scenarios.iter().filter(|one| one.verdict == verdict).count();
    match (run.verdict(), count(Verdict::Unsupported)) {
        (Verdict::Pass, 0) => ("すべて合格".to_owned(), "all passed".to_owned()),
        (Verdict::Pass, lacking) => (
            format!("不合格なし（対応外 {lacking}）"),
            format!("none failed ({lacking} unsupported)"),
        ),
        _ => ("合格していません".to_owned(), "not passed".to_owned()),
    }
}

fn write_header(run: &RunReport, out: &mut String) -> fmt::Result {
    out.push_str(
        "<header>\n<p class=\"tools\" hidden><button type=\"button\" data-lang=\"ja\">日本語</button> \
         <button type=\"button\" data-lang=\"en\">English</button></p>\n",
    );
    let stopped = match run.interrupted {
        true => Both("（途中で中断しました）", " (stopped before its end)").to_string(),
        false => String::new(),
    };
    writeln!(
        out,
        "<h1>{}</h1>\n<p class=\"sum {}\">{}{stopped}</p>",
        Both("ケアプランデータ連携 シナリオ報告書", "Care plan data exchange: report of scenarios"),
        run.verdict().word(),
        Both(run.tally(Lang::Ja), run.tally(Lang::En))
    )?;
    let facts = [
        (Both("ソフトウェア", "software"), run.software.clone()),
        (Both("開始", "began"), in_japan(&run.started_at)),
        (Both("所要", "took"), Seconds(run.milliseconds).to_string()),
        (Both("プロファイル", "profile"), run.profile.clone()),
        (Both("シード", "seed"), run.seed.to_string()),
        (Both("障害", "faults"), run.faults.clone()),
    ];
    let told = facts.iter().filter(|(_, fact)| !fact.is_empty());
    let told: Vec<_> = told.map(|(name, fact)| format!("{name} {}", Safe(fact))).collect();
    writeln!(out, "<p>{}</p>", told.join(" · "))?;
    writeln!(
        out,
        "<p class=\"faint\">{}</p>\n</header>",
        Both(
            "認証局・基盤・事業所・利用者はすべて模擬で、接続方式は本実装独自の参照定義です。\
             パスワード、連絡文、CSVの中身は伏せています。",
            "Authority, hub, offices and people are all synthetic, and the wire is our own reference \
             definition. Passwords, messages and the contents of files are taken out. Scenarios are \
             written in Japanese, as offices speak, and stand here in their own words."
        )
    )
}

/// A time of RFC 3339 as the clock on a wall in Japan shows it; anything else as it is.
fn in_japan(time: &str) -> String {
    let shape = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] JST");
    let japan = OffsetDateTime::parse(time, &Rfc3339).map(|time| time.to_offset(offset!(+9)));
    japan.ok().and_then(|time| time.format(shape).ok()).unwrap_or_else(|| time.to_owned())
}

/// What did not pass, before anything else.
fn write_failures(run: &RunReport, out: &mut String) -> fmt::Result {
    let heading = Both("合格しなかったシナリオ", "What did not pass").to_string();
    write_list(run, |verdict| !verdict.is_fine(), &heading, out)
}

/// What could not be run here and need not be.
fn write_unsupported(run: &RunReport, out: &mut String) -> fmt::Result {
    let heading =
        Both("対応外のシナリオ（不合格ではありません）", "Unsupported here (no failures)");
    write_list(run, |verdict| verdict == Verdict::Unsupported, &heading.to_string(), out)
}

/// The scenarios with such a verdict, each with the step that ended it; nothing if there are none.
fn write_list(
    run: &RunReport,
    is_meant: impl Fn(Verdict) -> bool,
    heading: &str,
    out: &mut String,
) -> fmt::Result {
    let scenarios = run.scenarios.iter().enumerate();
    let meant: Vec<_> = scenarios.filter(|(_, one)| is_meant(one.verdict)).collect();
    if meant.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<h2>{heading}</h2>\n<table>\n<thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead>\n<tbody>",
        Both("判定", "verdict"),
        Both("シナリオ", "scenario"),
        Both("手順", "step")
    )?;
    for (at, scenario) in meant {
        let step = scenario.failed_step().map_or("", |(step, _)| step.text.as_str());
        writeln!(
            out,
            "<tr><td class=\"word\">{}</td><td><a href=\"#s{at}\">{}</a></td><td>{}</td></tr>",
            Badge(scenario.verdict),
            Safe(&scenario.name),
            Safe(step)
        )?;
    }
    out.push_str("</tbody>\n</table>\n");
    Ok(())
}

/// The families with their counts: those in which something did not pass come first.
fn write_summary(parts: &[Part<'_>], out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "<h2>{}</h2>\n<table>\n<thead><tr><th>{}</th><th class=\"num\">{}</th><th class=\"num\">{}</th>\
         <th class=\"num\">{}</th><th class=\"num\">{}</th></tr></thead>\n<tbody>",
        Both("まとまりごとの結果", "By family"),
        Both("まとまり", "family"),
        Both("シナリオ", "scenarios"),
        Both("合格", "passed"),
        Both("合格以外", "others"),
        Both("時間", "time")
    )?;
    let mut sorted: Vec<&Part<'_>> = parts.iter().collect();
    sorted.sort_by_key(|part| part.is_good());
    for part in &sorted {
        let Family { id, title, .. } = part.family;
        let link = format!("<a href=\"#f-{id}\">{}</a>", Both(title.ja, title.en));
        write_counts(&link, &[part], out)?;
    }
    out.push_str("</tbody>\n<tfoot>\n");
    write_counts(&Both("合計", "total").to_string(), &sorted, out)?;
    out.push_str("</tfoot>\n</table>\n");
    out.push_str("<p class=\"fold\">");
    for (what, ja, en) in
        [("all", "すべて開く", "unfold all"), ("none", "すべて閉じる", "fold all")]
    {
        write!(out, "<button type=\"button\" data-open=\"{what}\">{}</button> ", Both(ja, en))?;
    }
    out.push_str("</p>\n");
    Ok(())
}

fn write_counts(name: &str, parts: &[&Part<'_>], out: &mut String) -> fmt::Result {
    let all: usize = parts.iter().map(|part| part.scenarios.len()).sum();
    let passed: usize = parts.iter().map(|part| part.passed()).sum();
    let time = parts.iter().map(|part| part.milliseconds()).sum();
    let bad = if parts.iter().all(|part| part.is_good()) { "" } else { " fail" };
    writeln!(
        out,
        "<tr><td>{name}</td><td class=\"num\">{all}</td><td class=\"num\">{passed}</td>\
         <td class=\"num{bad}\">{}</td><td class=\"num\">{}</td></tr>",
        all - passed,
        Seconds(time)
    )
}

fn write_part(part: &Part<'_>, out: &mut String) -> fmt::Result {
    let Family { id, title, about, .. } = part.family;
    writeln!(
        out,
        "<section class=\"family\" id=\"f-{id}\">\n<h2>{} <small>{}/{} · {}</small></h2>\n<p>{}</p>",
        Both(title.ja, title.en),
        part.passed(),
        part.scenarios.len(),
        Seconds(part.milliseconds()),
        Both(about.ja, about.en)
    )?;
    let mut file = "";
    for (at, scenario) in &part.scenarios {
        if scenario.file != file {
            file = &scenario.file;
            writeln!(
                out,
                "<h3 lang=\"ja\">{} <small>{}</small></h3>",
                Safe(&scenario.feature),
                Safe(file)
            )?;
            for text in [&scenario.about, &scenario.grounds] {
                if !text.is_empty() {
                    writeln!(out, "<p class=\"faint\" lang=\"ja\">{}</p>", Safe(text))?;
                }
            }
        }
        scenario::write(*at, scenario, out)?;
    }
    out.push_str("</section>\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::tests::sample;

    #[test]
    fn the_page_needs_nothing_from_elsewhere() {
        let page = page(&sample());
        for wanted in ["<script src", "src=", "http-equiv", "@import", "url(", "fetch("] {
            assert!(!page.contains(wanted), "{wanted}");
        }
        assert!(page.contains("prefers-color-scheme: dark"));
    }

    #[test]
    fn without_its_script_the_page_is_japanese_and_whole() {
        let page = page(&sample());
        assert!(page.contains("<html lang=\"ja\">"));
        assert!(
            page.contains("<p class=\"tools\" hidden>"),
            "a switch that does nothing is hidden"
        );
        assert!(page.contains("合格しなかったシナリオ</span><span lang=\"en\">What did not pass"));
        assert_eq!(
            page.matches("<span lang=\"ja\"").count(),
            page.matches("<span lang=\"en\"").count()
        );
    }

    #[test]
    fn what_failed_and_its_family_come_first() {
        let mut run = sample();
        run.scenarios[0].file = "monthly/round-trip.feature".to_owned();
        run.scenarios[1].file = "terminals/sharing.feature".to_owned();
        let page = page(&run);
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}"));
        assert!(place("What did not pass") < place("By family"));
        assert!(place("<a href=\"#f-terminals\">") < place("<a href=\"#f-monthly\">"));
        assert!(place("id=\"f-monthly\"") < place("id=\"f-terminals\""), "in their order");
        assert!(place("<a href=\"#s1\">") < place("id=\"s1\""));
    }

    #[test]
    fn what_is_unsupported_is_listed_apart_and_is_no_failure() {
        let mut run = sample();
        let titled =
            |run: &RunReport, title: &str| page(run).contains(&format!("<title>{title} — "));
        assert!(titled(&run, "合格していません / not passed"));
        run.scenarios[1].verdict = Verdict::Unsupported;
        assert!(titled(&run, "不合格なし（対応外 1） / none failed (1 unsupported)"));
        let page = page(&run);
        assert!(page.contains("Unsupported here") && !page.contains("What did not pass"));
        assert!(!page.contains("class=\"num fail\""));
        run.scenarios.truncate(1);
        assert!(titled(&run, "すべて合格 / all passed"));
    }

    #[test]
    fn the_table_under_a_step_is_drawn_as_text() {
        let mut run = sample();
        run.scenarios[0].steps[0].table = vec![vec!["事業所".to_owned()], vec!["<甲>".to_owned()]];
        assert!(
            page(&run).contains("<th>事業所</th></tr></thead>\n<tbody>\n<tr><td>&lt;甲&gt;</td>")
        );
    }

    #[test]
    fn a_scenario_of_no_family_is_shown_with_the_others() {
        assert!(page(&sample()).contains("id=\"f-others\""));
    }

    #[test]
    fn a_run_begins_at_a_time_of_japan() {
        assert!(page(&sample()).contains("2025-04-29 02:15:02 JST"));
        assert_eq!(in_japan("いつか"), "いつか");
    }

    #[test]
    fn every_cell_of_the_file_table_says_what_it_is_for_narrow_screens() {
        let page = page(&sample());
        for name in ["事業所", "向き", "ファイル", "バイト", "SHA-256"] {
            assert!(page.contains(&format!("<td data-ja=\"{name}\"")), "{name}");
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
        let page = page(&run);
        assert!(page.contains("合格 1、不合格 1、設定の誤り 2"));
        assert!(page.contains("1 passed, 1 failed, 2 set-up errors"));
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

    #[test]
    fn a_page_of_a_hundred_scenarios_is_light() {
        let mut run = sample();
        let mut scenario = run.scenarios[0].clone();
        let exchange = run.scenarios[1].steps[0].exchanges[0].clone();
        let much = crate::Exchange { answer_body: "x".repeat(4000), ..exchange };
        scenario.steps = vec![scenario.steps[0].clone(); 12];
        scenario.steps.iter_mut().for_each(|step| step.exchanges = vec![much.clone(); 2]);
        scenario.files = vec![scenario.files[0].clone(); 400];
        run.scenarios = vec![scenario; 100];
        assert!(page(&run).len() < 5_000_000, "{}", page(&run).len());
    }
}
