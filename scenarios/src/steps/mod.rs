//! The steps that scripts are made of: one table, which cucumber runs from, `careplan run --steps`
//! lists, and unknown sentences are compared with.
//!
//! A pattern is the sentence itself; a part in braces stands for a text in 「」, and `{数}` for a
//! number. The keyword is the usual one: a sentence is found under any of them.

mod accounts;
mod ca_door;
mod calendar;
mod certificates;
mod claims;
mod conversion;
mod door;
mod editions;
mod entrusted;
mod entrusted_checks;
mod faults;
mod hub;
mod listening;
mod monthly;
mod monthly_checks;
mod monthly_partners;
mod network;
mod outage;
mod outgoing;
mod papers;
mod race;
mod refusals;
mod replaced;
mod samples;
mod software;
mod stack;
mod terminals;
mod town;
mod transport;
mod versions;
mod wire;

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use cucumber::{
    gherkin,
    step::{Collection, Context},
};
use futures::future::LocalBoxFuture;
use regex::Regex;
use serde::Serialize;
use tokio::time::sleep;

pub(crate) use self::town::TownDays;
use crate::{Failure, Verdict, world::World};

/// A step that scripts may use.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Step {
    /// 前提, もし or ならば: where it usually stands.
    pub keyword: &'static str,
    /// The sentence, with `{…}` for each argument.
    pub pattern: &'static str,
    /// The sentence as a script would say it.
    pub example: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
    #[serde(skip)]
    pub(crate) run: Run,
}

/// What a step comes to.
pub(crate) type StepResult = Result<(), Failure>;

/// The function behind a step.
pub(crate) type Run = for<'a> fn(&'a mut World, Arguments) -> LocalBoxFuture<'a, StepResult>;

/// What a sentence says in its braces, and the table under it.
#[derive(Clone)]
pub(crate) struct Arguments {
    texts: Vec<String>,
    table: Vec<Vec<String>>,
}

/// The keyword of the steps that look, and do nothing.
const CHECKS: &str = "ならば";

/// How often a check is made before it fails, where hub and CA misbehave, and how long between.
const LOOKS_MAX: usize = 5;
const LOOK_PAUSE: Duration = Duration::from_millis(20);

/// Every step, in the order in which `--steps` lists them.
pub fn steps() -> impl Iterator<Item = &'static Step> {
    [stack::STEPS, software::STEPS, transport::STEPS, samples::STEPS, hub::STEPS, network::STEPS]
        .into_iter()
        .chain([door::STEPS, accounts::STEPS, claims::STEPS, faults::STEPS])
        .chain([certificates::STEPS, calendar::STEPS, outgoing::STEPS, refusals::STEPS])
        .chain([outage::STEPS])
        .chain([versions::STEPS, conversion::STEPS, editions::STEPS])
        .chain([monthly::STEPS, monthly_checks::STEPS, monthly_partners::STEPS])
        .chain([wire::STEPS])
        .chain([terminals::STEPS, race::STEPS, replaced::STEPS, listening::STEPS])
        .chain([entrusted::STEPS, entrusted_checks::STEPS])
        .chain([town::STEPS])
        .flatten()
}

/// The steps whose sentences are most like this one, best first.
pub fn nearest(sentence: &str, count: usize) -> Vec<&'static Step> {
    let mut ranked: Vec<_> = steps().map(|step| (likeness(sentence, step.example), step)).collect();
    ranked.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    ranked.into_iter().take(count).map(|(_, step)| step).collect()
}

impl Arguments {
    /// The text in the `at`-th brace, from 0.
    pub(crate) fn text(&self, at: usize) -> &str {
        self.texts.get(at).map_or("", String::as_str)
    }

    /// The number in the `at`-th brace.
    pub(crate) fn number(&self, at: usize) -> Result<u64, Failure> {
        let text = self.text(at);
        text.parse().map_err(|_| Failure::setup("数", text))
    }

    /// The rows of the table under the sentence, without its heading; at least `width` wide.
    pub(crate) fn rows(&self, width: usize) -> Result<&[Vec<String>], Failure> {
        match self.table.split_first() {
            Some((heading, rows)) if heading.len() >= width && !rows.is_empty() => Ok(rows),
            _ => Err(Failure::setup(
                format!("この手順の下に{width}列の表（見出しと1行以上）"),
                "表がないか、列が足りません",
            )),
        }
    }

    /// The rows of the table under the sentence, cell by heading. Every heading has to be one of
    /// `known`.
    pub(crate) fn records(&self, known: &[&str]) -> Result<Vec<BTreeMap<&str, &str>>, Failure> {
        let rows = self.rows(1)?;
        let headings = &self.table[0];
        if let Some(stray) = headings.iter().find(|heading| !known.contains(&heading.as_str())) {
            return Err(Failure::setup(format!("見出し（{}）", known.join("、")), stray));
        }
        let headings = || headings.iter().map(String::as_str);
        let cells = rows.iter().map(|row| row.iter().map(String::as_str));
        Ok(cells.map(|cells| headings().zip(cells).collect()).collect())
    }
}

/// The table as cucumber wants it.
pub(crate) fn collection() -> Collection<World> {
    TABLE.iter().fold(Collection::new(), |collection, (pattern, _)| {
        let collection = collection.given(None, pattern.clone(), dispatch);
        let collection = collection.when(None, pattern.clone(), dispatch);
        collection.then(None, pattern.clone(), dispatch)
    })
}

static TABLE: LazyLock<Vec<(Regex, &'static Step)>> =
    LazyLock::new(|| steps().map(|step| (regex(step.pattern), step)).collect());

/// The one function that cucumber calls; it finds the step again and runs it.
fn dispatch(world: &mut World, context: Context) -> LocalBoxFuture<'_, ()> {
    Box::pin(async move {
        let Some((step, arguments)) = find(&context.step) else { return };
        world.begin_step();
        let result = perform(step, world, arguments).await;
        world.end_step();
        if let Err(failure) = result {
            // Unwinding is how cucumber hears of a failure; resuming spares the panic's message.
            std::panic::resume_unwind(Box::new(failure));
        }
    })
}

/// Runs a step. Where hub and CA misbehave, what a check does not find at once is looked at again: a
/// list may lag behind. A check changes nothing, and what it looks for has happened already.
async fn perform(step: &Step, world: &mut World, arguments: Arguments) -> StepResult {
    let looks = if step.keyword == CHECKS && world.meets_faults() { LOOKS_MAX } else { 1 };
    for _ in 1..looks {
        match (step.run)(world, arguments.clone()).await {
            Err(failure) if failure.verdict == Verdict::Fail => sleep(LOOK_PAUSE).await,
            outcome => return outcome,
        }
    }
    (step.run)(world, arguments).await
}

fn find(sentence: &gherkin::Step) -> Option<(&'static Step, Arguments)> {
    TABLE.iter().find_map(|(pattern, step)| {
        let captures = pattern.captures(&sentence.value)?;
        let texts = captures.iter().skip(1).flatten().map(|part| part.as_str().to_owned());
        let table = sentence.table.as_ref().map(|table| table.rows.clone());
        Some((*step, Arguments { texts: texts.collect(), table: table.unwrap_or_default() }))
    })
}

fn regex(pattern: &str) -> Regex {
    let mut source = String::from("^");
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').expect("a brace in the table is closed");
        source.push_str(&regex::escape(before));
        source.push_str(if name == "数" { "([0-9]+)" } else { "「([^」]*)」" });
        rest = after;
    }
    source.push_str(&regex::escape(rest));
    source.push('$');
    Regex::new(&source).expect("an escaped sentence is a pattern")
}

/// Dice's coefficient over pairs of characters, arguments aside: 0 is nothing alike, 1 the same.
fn likeness(left: &str, right: &str) -> f64 {
    static ARGUMENT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("「[^」]*」|[0-9]+").expect("a pattern that never changes"));
    let pairs = |text: &str| -> Vec<(char, char)> {
        let bare: Vec<char> = ARGUMENT.replace_all(text, "「」").chars().collect();
        bare.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let (left, mut right) = (pairs(left), pairs(right));
    let total = left.len() + right.len();
    let mut shared = 0;
    for pair in left {
        if let Some(at) = right.iter().position(|other| *other == pair) {
            right.swap_remove(at);
            shared += 2;
        }
    }
    if total == 0 { 0.0 } else { f64::from(shared) / total as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Script;

    #[test]
    fn every_example_is_found_by_its_own_pattern_and_by_no_other() {
        for step in steps() {
            let found: Vec<_> =
                TABLE.iter().filter(|(pattern, _)| pattern.is_match(step.example)).collect();
            assert_eq!(found.len(), 1, "{}", step.example);
            assert_eq!(found[0].1.pattern, step.pattern);
            assert!(["前提", "もし", "ならば"].contains(&step.keyword), "{}", step.example);
        }
    }

    #[test]
    fn the_built_in_features_use_known_steps_only() {
        for feature in Script::load(&[], &[]).expect("they parse").features {
            let background = feature.background.iter().flat_map(|background| &background.steps);
            let steps = feature.scenarios.iter().flat_map(|scenario| &scenario.steps);
            for step in background.chain(steps) {
                assert!(find(step).is_some(), "{}: {}", feature.name, step.value);
            }
        }
    }

    #[test]
    fn every_step_is_used_by_a_built_in_feature() {
        let features = Script::load(&[], &[]).expect("they parse").features;
        for (pattern, step) in TABLE.iter() {
            let used = features
                .iter()
                .flat_map(|feature| {
                    let background = feature.background.iter().flat_map(|one| &one.steps);
                    background.chain(feature.scenarios.iter().flat_map(|one| &one.steps))
                })
                .any(|sentence| pattern.is_match(&sentence.value));
            assert!(used, "no feature shows how to use: {}", step.pattern);
        }
    }

    #[test]
    fn an_unknown_sentence_is_answered_with_the_most_alike() {
        for step in steps() {
            let slip = format!("{}よ", step.example);
            assert_eq!(nearest(&slip, 3)[0].pattern, step.pattern, "{slip}");
        }
        assert_eq!(nearest("まったく別のこと", 3).len(), 3);
    }
}
