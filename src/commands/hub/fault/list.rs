//! `careplan hub fault list`: the catalogue, for people, for programs and for `docs/`.

use careplan_protocol::{
    Lang,
    faults::{Arming, FaultKind, FaultProfile, FaultSchedule},
};
use serde::Serialize;

use crate::{
    table::wrap,
    ui::{CommandResult, End, Format, Ui},
};

#[derive(clap::Args)]
pub(super) struct ListArgs {
    /// Markdownで出力する / print Markdown
    #[arg(long)]
    markdown: bool,
}

#[derive(Serialize)]
struct FaultLine {
    id: &'static str,
    place: &'static str,
    operations: Vec<&'static str>,
    parameters: Vec<&'static str>,
    does: &'static str,
    client: &'static str,
    /// The chance in each profile that arms it.
    profiles: Vec<(&'static str, f64)>,
}

/// What the page says before the table.
const HEAD: &str = "\
# 障害の一覧 / Faults

`careplan hub fault list --markdown` が作る表です。基盤と認証局（模擬）に、名前で仕込める不具合です。
Misbehaviour that the reference hub and the fake CA can be told to show, by name.

仕込み方 / how to arm: `careplan hub fault arm ID`, `PUT`・`POST /admin/faults`, `--faults PROFILE|FILE.json`
(`careplan hub serve`・`up`・`run`), またはシナリオの手順。範囲 (scope) は事業所・端末・操作・ファイルの種類、
時機 (schedule) は `always`・`{\"next\":N}`・`{\"every\":N}`・`{\"chance\":P}`、偶然は `seed` が決めます。
一つの要求に起きる障害は一つだけです (at most one acts upon a request)。

`realistic`・`hostile` の列は、その組での確率です (chance in the profile); `quiet` は何も仕込みません。

`careplan run --faults` では、シナリオごとに別の巡り合わせになります（シナリオ名と `--seed` が決めます）。
端末が続けて試さない 507 のあとは、シナリオの人が少し待って同じ操作をやり直し、「ならば」の確かめと一覧は、
遅れを見込んで何度か見直します。失われたもの・二重になったものは、それでも見逃しません。
`@quiet` の付いたシナリオ（要求の数を数えるもの、自分で仕込んだ障害の結果を述べるもの）は静かな基盤で動きます。
In a run every scenario has a luck of its own, by its name and the seed. After a 507, which a client does not
press, the person of the scenario tries again a little later; checks and lists are looked at again, since they may
lag behind. A scenario tagged `@quiet` counts requests, or says what comes of a fault of its own: it meets a quiet hub.

| id | where | operations | parameters | realistic | hostile | 日本語 | English |
|---|---|---|---|---|---|---|---|";

pub(super) fn run(args: &ListArgs, ui: &Ui) -> CommandResult {
    if args.markdown {
        markdown(ui);
        return Ok(End::Good);
    }
    match ui.format {
        Format::Json => ui.json(&lines(ui.lang).collect::<Vec<_>>())?,
        Format::Human => {
            for fault in lines(ui.lang) {
                ui.line(&format!("{} ({})", fault.id, fault.place));
                for line in wrap("    ", fault.does).into_iter().chain(wrap("    → ", fault.client))
                {
                    ui.line(&line);
                }
            }
        }
    }
    Ok(End::Good)
}

fn lines(lang: Lang) -> impl Iterator<Item = FaultLine> {
    FaultKind::all().map(move |kind| FaultLine {
        id: kind.id(),
        place: kind.place().name(lang),
        operations: kind.reach().iter().map(|operation| operation.word()).collect(),
        parameters: kind.parameters().iter().map(|parameter| parameter.word()).collect(),
        does: kind.does(lang),
        client: kind.client(lang),
        profiles: FaultProfile::ALL
            .into_iter()
            .filter_map(|profile| Some((profile.word(), chance(profile, kind)?)))
            .collect(),
    })
}

/// How likely a profile makes it.
fn chance(profile: FaultProfile, kind: FaultKind) -> Option<f64> {
    let armings = profile.armings(0);
    armings.into_iter().find_map(|Arming { fault, schedule, .. }| match schedule {
        FaultSchedule::Chance(chance) if fault == kind => Some(chance),
        _ => None,
    })
}

fn markdown(ui: &Ui) {
    ui.line(HEAD);
    for (ja, en) in lines(Lang::Ja).zip(lines(Lang::En)) {
        let percent = |word: &str| {
            let chance = en.profiles.iter().find(|(profile, _)| *profile == word);
            chance.map_or_else(|| "–".to_owned(), |(_, chance)| format!("{} %", chance * 100.0))
        };
        let every = 10 < en.operations.len();
        let operations = if every { "any".to_owned() } else { en.operations.join(", ") };
        let parameters: Vec<_> = en.parameters.iter().map(|word| format!("`{word}`")).collect();
        ui.line(&format!(
            "| `{}` | {} | {operations} | {} | {} | {} | {}。→ {} | {}. → {} |",
            en.id,
            en.place,
            parameters.join(", "),
            percent("realistic"),
            percent("hostile"),
            ja.does,
            ja.client,
            en.does,
            en.client,
        ));
    }
}
