//! `careplan rules [ID]`: the rule book, for people, for programs and for `docs/rules.md`.

use careplan_standard::{
    Lang, RULES, Rule, SUBJECTS, Severity, Statement, Text,
    example::{Base, Edit},
    statements,
};
use serde::Serialize;

use crate::{
    table::width,
    ui::{CommandResult, End, Format, Stop, Ui},
};

/// The width that the book is laid out for at a terminal.
const COLUMNS: usize = 80;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 1つの規則だけを、例とともに / one rule, with its example
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Markdownで出力する / print Markdown
    #[arg(long, conflicts_with = "id")]
    markdown: bool,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    if args.markdown {
        print_book(ui);
        return Ok(End::Good);
    }
    match (&args.id, ui.format) {
        (None, Format::Human) => print_list(ui),
        (None, Format::Json) => {
            ui.json(&RULES.iter().map(|rule| RuleLine::new(rule, ui.lang)).collect::<Vec<_>>())?;
        }
        (Some(id), Format::Human) => print_rule(find(id)?, ui),
        (Some(id), Format::Json) => ui.json(&RuleLine::new(find(id)?, ui.lang))?,
    }
    Ok(End::Good)
}

fn find(id: &str) -> Result<&'static Rule, Stop> {
    let rule = RULES.iter().find(|rule| rule.id == id).copied();
    rule.ok_or_else(|| {
        Stop::setup(
            format!("「{id}」という規則はありません。careplan rules で一覧を見てください"),
            format!("there is no rule {id}; careplan rules lists them"),
        )
    })
}

/// A rule as a program reads it: its words in the language asked for, then in both.
#[derive(Serialize)]
struct RuleLine {
    id: &'static str,
    severity: &'static str,
    clause: &'static str,
    #[serde(flatten)]
    words: Words,
    ja: Words,
    en: Words,
    example: ExampleLine,
    statements: Vec<&'static str>,
}

#[derive(Serialize)]
struct Words {
    text: &'static str,
    advice: &'static str,
    states: &'static str,
    because: &'static str,
}

#[derive(Serialize)]
struct ExampleLine {
    of: &'static str,
    accepted: Vec<String>,
    refused: Vec<String>,
}

impl RuleLine {
    fn new(rule: &'static Rule, lang: Lang) -> Self {
        let words = |lang| Words {
            text: rule.text.get(lang),
            advice: rule.advice.get(lang),
            states: rule.states.get(lang),
            because: rule.because.get(lang),
        };
        let edits = |edits: &[Edit]| edits.iter().map(|edit| edit.words(lang)).collect();
        Self {
            id: rule.id,
            severity: severity_word(rule.severity),
            clause: rule.clause,
            words: words(lang),
            ja: words(Lang::Ja),
            en: words(Lang::En),
            example: ExampleLine {
                of: rule.example.of.title().get(lang),
                accepted: edits(rule.example.accepted),
                refused: edits(rule.example.refused),
            },
            statements: held_to_by(rule).map(|statement| statement.id).collect(),
        }
    }
}

fn print_list(ui: &Ui) {
    for (subject, title) in SUBJECTS {
        ui.line(title.get(ui.lang));
        for rule in rules_of(subject) {
            let severity = severity_title(rule.severity).get(ui.lang);
            let gap = (COLUMNS - 2).saturating_sub(width(rule.id) + width(severity)).max(1);
            ui.line(&format!("  {}{}{severity}", rule.id, " ".repeat(gap)));
            print_wrapped("    ", rule.states.get(ui.lang), ui);
        }
        ui.line("");
    }
    ui.line(ui.pick(
        "1つの規則を例とともに見るには: careplan rules ID",
        "One rule, with its example: careplan rules ID",
    ));
}

fn print_rule(rule: &Rule, ui: &Ui) {
    ui.line(&format!("{}  {}", rule.id, severity_title(rule.severity).get(ui.lang)));
    for (title, words) in parts(rule) {
        let (title, words) = (title.get(ui.lang), words.get(ui.lang));
        ui.line("");
        ui.line(title);
        print_wrapped("  ", words, ui);
    }
    let example = &rule.example;
    ui.line("");
    ui.line(&format!("{} {}", ui.pick("例:", "Example:"), example.of.title().get(ui.lang)));
    for (mark, edits) in [("○", example.accepted), ("×", example.refused)] {
        for words in edit_words(example.of, edits, ui.lang) {
            print_wrapped(&format!("  {mark} "), &words, ui);
        }
    }
    let held: Vec<_> = held_to_by(rule).collect();
    if !held.is_empty() {
        ui.line("");
        ui.line(ui.pick("この規則が確かめる定め", "Statements that it holds files to"));
        for Statement { place, text, .. } in held {
            print_wrapped("  - ", &format!("{place}: {text}"), ui);
        }
    }
}

/// What a rule says of itself, in the order in which a reader wants it.
fn parts(rule: &Rule) -> [(Text, Text); 5] {
    let title = |ja, en| Text { ja, en };
    let clause = Text { ja: rule.clause, en: rule.clause };
    [
        (title("定め", "The standard"), rule.states),
        (title("どこに", "Where"), clause),
        (title("なぜこの重さか", "Why it weighs so"), rule.because),
        (title("指摘", "What is said"), rule.text),
        (title("次にすること", "What to do next"), rule.advice),
    ]
}

/// The changes in words; where there are none, the sending as it is.
fn edit_words(of: Base, edits: &[Edit], lang: Lang) -> Vec<String> {
    if !edits.is_empty() {
        return edits.iter().map(|edit| edit.words(lang)).collect();
    }
    let title = of.title().get(lang);
    vec![match lang {
        Lang::Ja => format!("{title}のまま"),
        Lang::En => format!("{title} as it is"),
    }]
}

fn print_wrapped(indent: &str, text: &str, ui: &Ui) {
    let hanging = " ".repeat(width(indent));
    let options =
        textwrap::Options::new(COLUMNS).initial_indent(indent).subsequent_indent(&hanging);
    for line in textwrap::wrap(text, options) {
        ui.line(line.trim_end());
    }
}

fn print_book(ui: &Ui) {
    ui.line("# 検査の規則 / The rules of the check\n");
    ui.line(
        "`careplan check` が確かめることのすべてです。標準仕様の定めを自分たちの言葉で書き、\
         規則ごとに重さとその理由、指摘の文、次にすること、例を示します。\
         送信を断るのは「エラー」だけです。標準仕様に定めのないことと、\
         原文を確かに読み取れなかったことは、エラーになりません。\n",
    );
    ui.line(
        "All that `careplan check` looks at: what the standard states, in our words, and of each \
         rule what it weighs and why, what is said, what to do next, and an example. Only an error \
         refuses a sending. What the standard does not state, and what could not be read with \
         certainty in the published text, is never an error.\n",
    );
    ui.line("`careplan rules --markdown` が作ります。書き換えは `cargo xtask docs` で。\n");
    for (subject, Text { ja, en }) in SUBJECTS {
        ui.line(&format!("- [{ja} / {en}](#{subject})"));
        for rule in rules_of(subject) {
            let severity = severity_title(rule.severity).ja;
            ui.line(&format!("  - [`{}`](#{}) {severity}", rule.id, anchor(rule)));
        }
    }
    ui.line("- [定めの一覧 / The statements](#statements)");
    for (subject, Text { ja, en }) in SUBJECTS {
        ui.line(&format!("\n<a id=\"{subject}\"></a>\n\n## {ja} / {en}"));
        rules_of(subject).for_each(|rule| print_section(rule, ui));
    }
    print_statements(ui);
}

fn print_section(rule: &Rule, ui: &Ui) {
    let Text { ja, en } = severity_title(rule.severity);
    ui.line(&format!("\n<a id=\"{}\"></a>\n\n### `{}`\n", anchor(rule), rule.id));
    ui.line(&format!("**{ja} / {en}** ・ {}\n", rule.clause));
    ui.line("| | 日本語 | English |\n|---|---|---|");
    for (title, words) in parts(rule).iter().filter(|(_, words)| words.ja != rule.clause) {
        ui.line(&format!("| {} | {} | {} |", title.ja, cell(words.ja), cell(words.en)));
    }
    for (mark, edits) in [("○", rule.example.accepted), ("×", rule.example.refused)] {
        let words = |lang| {
            let words = edit_words(rule.example.of, edits, lang);
            words.iter().map(|words| cell(words)).collect::<Vec<_>>().join("<br>")
        };
        ui.line(&format!("| {mark} | {} | {} |", words(Lang::Ja), words(Lang::En)));
    }
}

fn print_statements(ui: &Ui) {
    ui.line("\n<a id=\"statements\"></a>\n\n## 定めの一覧 / The statements\n");
    ui.line(
        "標準仕様と公開された案内が定めることと、それを確かめる規則です。\
         規則で確かめられないものには、その理由を書きます。\n",
    );
    ui.line("| どこに | 定め | 規則、または確かめない理由 |\n|---|---|---|");
    for Statement { place, text, rules, excuse, .. } in statements() {
        let link = |rule: &&Rule| format!("[`{}`](#{})", rule.id, anchor(rule));
        let links: Vec<_> = rules.iter().map(link).collect();
        let held = excuse.map_or_else(|| links.join(" "), |excuse| cell(excuse.ja));
        ui.line(&format!("| {} | {} | {held} |", cell(place), cell(text)));
    }
}

fn rules_of(subject: &str) -> impl Iterator<Item = &'static Rule> {
    let is_of = move |rule: &&Rule| rule.id.split('.').next() == Some(subject);
    RULES.iter().copied().filter(is_of)
}

fn held_to_by(rule: &Rule) -> impl Iterator<Item = &'static Statement> {
    statements().iter().filter(|statement| statement.rules.iter().any(|held| held.id == rule.id))
}

fn anchor(rule: &Rule) -> String {
    rule.id.replace('.', "-")
}

/// Text that stands in a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_")
}

/// What a severity is called for programs.
fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn severity_title(severity: Severity) -> Text {
    let (ja, en) = match severity {
        Severity::Error => ("エラー", "error"),
        Severity::Warning => ("警告", "warning"),
        Severity::Info => ("お知らせ", "note"),
    };
    Text { ja, en }
}
