//! `careplan problems`: the catalogue of refusals, for people, for programs and for `docs/`.

use careplan_protocol::{ActsNext, Lang, ProblemKind};
use serde::Serialize;

use crate::ui::{CommandResult, End, Format, Ui};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Markdownで出力する / print Markdown
    #[arg(long)]
    markdown: bool,
}

#[derive(Serialize)]
struct ProblemLine {
    id: &'static str,
    status: u16,
    acts_next: &'static str,
    title: &'static str,
    next_step: &'static str,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let lines = |lang: Lang| {
        ProblemKind::all().map(move |kind| ProblemLine {
            id: kind.id(),
            status: kind.status(),
            acts_next: actor_word(kind.acts_next(), lang),
            title: kind.title(lang),
            next_step: kind.next_step(lang),
        })
    };
    if args.markdown {
        ui.line("# 問題の一覧 / Problems\n\n`careplan problems --markdown` が作る表です。");
        ui.line("`type` は `urn:careplan:problem:` に id を続けたものです。\n");
        ui.line("| id | status | acts next | 日本語 | English |\n|---|---|---|---|---|");
        for (ja, en) in lines(Lang::Ja).zip(lines(Lang::En)) {
            ui.line(&format!(
                "| `{}` | {} | {} | {}。{} | {}. {} |",
                ja.id, ja.status, en.acts_next, ja.title, ja.next_step, en.title, en.next_step
            ));
        }
        return Ok(End::Good);
    }
    match ui.format {
        Format::Json => ui.json(&lines(ui.lang).collect::<Vec<_>>())?,
        Format::Human => {
            for problem in lines(ui.lang) {
                ui.line(&format!("{} ({}; {})", problem.id, problem.status, problem.acts_next));
                ui.line(&format!("    {}\n    → {}", problem.title, problem.next_step));
            }
        }
    }
    Ok(End::Good)
}

fn actor_word(actor: ActsNext, lang: Lang) -> &'static str {
    match (actor, lang) {
        (ActsNext::Office, Lang::Ja) => "事業所",
        (ActsNext::Software, Lang::Ja) => "ソフトウェア",
        (ActsNext::Operator, Lang::Ja) => "運用者",
        (ActsNext::Office, Lang::En) => "office",
        (ActsNext::Software, Lang::En) => "software",
        (ActsNext::Operator, Lang::En) => "operator",
    }
}
