//! Speaking with the person at the terminal: languages, formats, exit statuses.
//!
//! Results go to standard output, everything else to standard error.

use std::{
    fmt::Display,
    future::Future,
    io::{self, Write},
    path::Path,
    process::ExitCode,
    sync::OnceLock,
};

use careplan_protocol::{Lang, Problem};
use clap::ValueEnum;
use serde::Serialize;

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// 人が読む形 / for people
    Human,
    /// JSON
    Json,
}

/// The language that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// 日本語
    Ja,
    /// English
    En,
}

/// How a command that ran to its end has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Done and good.
    Good,
    /// Findings of severity error, a refusal, or tests that failed.
    Bad,
}

/// Why a command did not run to its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Wrong usage or set-up: somebody here can mend it. One line each.
    Setup {
        /// What happened and what to do, 日本語.
        ja: String,
        /// What happened and what to do, English.
        en: String,
    },
    /// A fault of our own.
    Ours(String),
}

/// What a command returns.
pub(crate) type CommandResult = Result<End, Stop>;

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Good => Self::SUCCESS,
            End::Bad => Self::from(1),
        }
    }
}

impl Stop {
    /// Wrong usage or set-up.
    pub(crate) fn setup(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Setup { ja: ja.into(), en: en.into() }
    }

    /// A file or folder that cannot be used: says which, and what the machine says.
    pub(crate) fn path(path: &Path, error: &dyn Display) -> Self {
        let path = path.display();
        Self::setup(
            format!("{path} を使えません（{error}）。場所と権限を確かめてください"),
            format!(
                "cannot use {path} ({error}); check that it exists and may be read and written"
            ),
        )
    }

    /// A fault of our own.
    pub(crate) fn ours(error: impl Display) -> Self {
        Self::Ours(error.to_string())
    }

    pub(crate) fn line(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Setup { ja, .. }, Lang::Ja) => format!("設定の誤り: {ja}"),
            (Self::Setup { en, .. }, Lang::En) => format!("set-up error: {en}"),
            (Self::Ours(what), Lang::Ja) => format!("careplan の不具合: {what}"),
            (Self::Ours(what), Lang::En) => format!("a fault of careplan's own: {what}"),
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Setup { .. } => ExitCode::from(2),
            Self::Ours(_) => ExitCode::from(70),
        }
    }
}

/// The person at the terminal, as far as a command needs to know.
pub(crate) struct Ui {
    /// The language to speak.
    pub(crate) lang: Lang,
    /// The format of results.
    pub(crate) format: Format,
    /// Why the first line that was lost could not be written.
    lost: OnceLock<io::Error>,
}

impl Ui {
    /// Speaks the language asked for, else the locale's if it is English, else Japanese.
    pub(crate) fn new(asked: Option<Language>, format: Format) -> Self {
        let lang = match asked {
            Some(Language::Ja) => Lang::Ja,
            Some(Language::En) => Lang::En,
            None => locale_language(),
        };
        Self { lang, format, lost: OnceLock::new() }
    }

    /// The one of two that is in the person's language.
    pub(crate) fn pick<T>(&self, ja: T, en: T) -> T {
        match self.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    /// A line of results. A reader that went away is no fault; any other is [told](Self::lost) at
    /// the end.
    pub(crate) fn line(&self, text: &str) {
        match writeln!(io::stdout(), "{text}") {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let _ = self.lost.set(error);
            }
            _ => {}
        }
    }

    /// That results could not be written, where that is so: what was said is not what stands there.
    pub(crate) fn lost(&self) -> Option<Stop> {
        let error = self.lost.get()?;
        Some(Stop::setup(
            format!("結果を書き出せません（{error}）。出力先の空きを確かめてください"),
            format!("the results cannot be written ({error}); look at the room where they go"),
        ))
    }

    /// A line beside the results.
    pub(crate) fn note(&self, text: &str) {
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// Results as one JSON object.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Stop> {
        let text = serde_json::to_string(value).map_err(Stop::ours)?;
        self.line(&text);
        Ok(())
    }

    /// Reports a refusal, with the findings behind it, in the format asked for.
    pub(crate) fn problem(&self, problem: &Problem) -> CommandResult {
        match self.format {
            Format::Json => self.json(problem)?,
            Format::Human => {
                self.note(&problem.line(self.lang));
                for finding in &problem.findings {
                    let file = finding.file.as_deref().unwrap_or("-");
                    self.note(&format!("  {file}: {} [{}]", finding.message, finding.rule));
                }
            }
        }
        Ok(End::Bad)
    }
}

/// Runs a command that waits for the network.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Stop::ours)?
        .block_on(work)
}

/// What clap says of wrong arguments, with a Japanese line in front; help goes to standard output.
pub(crate) fn usage_error(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && locale_language() == Lang::Ja {
        let _ = writeln!(io::stderr(), "使い方が違います（wrong usage）。下の説明を見てください。");
    }
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

fn locale_language() -> Lang {
    match sys_locale::get_locale() {
        Some(locale) if locale.to_ascii_lowercase().starts_with("en") => Lang::En,
        _ => Lang::Ja,
    }
}
