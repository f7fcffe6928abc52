//! What can go wrong, sorted by who must act.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use careplan_protocol::{CheckReport, Lang, Problem, ProblemKind, Severity};

/// Why a request to a terminal was not fulfilled.
#[derive(Debug, Clone)]
pub enum ClientError {
    /// The hub or the CA refused, or the TLS layer did so in their name. [`Problem`] says who acts.
    Problem(Box<Problem>),
    /// The files break the standard: the office mends them. Nothing was sent.
    Check(Box<CheckReport>),
    /// Something on this machine: a file, the terminal's folder, what was handed in.
    Local(Box<Local>),
    /// Nobody answered. What was to be sent is kept and can be resumed.
    Unreachable {
        /// Where nobody answered.
        url: String,
        /// What the network said.
        reason: String,
    },
    /// Somebody answered who cannot be trusted, or does not speak TLS 1.3.
    Untrusted {
        /// Where.
        url: String,
        /// What the TLS layer said.
        reason: String,
    },
    /// The answer is not what was agreed: whoever runs the service acts.
    Answer {
        /// Where.
        url: String,
        /// What is wrong with the answer, 日本語.
        ja: String,
        /// What is wrong with the answer, English.
        en: String,
    },
    /// A fault of this library's own.
    Ours(String),
}

/// Something on this machine that somebody here can mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// The file or folder that it is about, if one is.
    pub path: Option<PathBuf>,
    /// What happened and what to do, 日本語.
    pub ja: String,
    /// What happened and what to do, English.
    pub en: String,
}

impl ClientError {
    /// One line for a person: what happened, where, what to do next.
    pub fn line(&self, lang: Lang) -> String {
        match self {
            Self::Problem(problem) => problem.line(lang),
            Self::Check(report) => check_line(report, lang),
            Self::Local(local) => local.line(lang),
            Self::Unreachable { url, reason } => pick(
                lang,
                format!(
                    "{url} に届きません（{reason}）。アドレスと、相手が起動していることを確かめてください"
                ),
                format!(
                    "{url} is not reachable ({reason}); check the address and that it is running"
                ),
            ),
            Self::Untrusted { url, reason } => pick(
                lang,
                format!(
                    "{url} を信頼できません（{reason}）。アドレスとルート証明書を確かめてください"
                ),
                format!(
                    "{url} cannot be trusted ({reason}); check the address and the root certificate"
                ),
            ),
            Self::Answer { url, ja, en } => pick(
                lang,
                format!("{url} の応答が正しくありません（{ja}）。運用者に連絡してください"),
                format!("{url} did not answer as agreed ({en}); tell its operator"),
            ),
            Self::Ours(what) => pick(
                lang,
                format!("クライアントの不具合です（{what}）。提供元に連絡してください"),
                format!("a fault of the client's own ({what}); tell its vendor"),
            ),
        }
    }

    /// The kind of the problem, where it is one of the catalogue's.
    pub fn problem_kind(&self) -> Option<ProblemKind> {
        match self {
            Self::Problem(problem) => problem.known_kind(),
            _ => None,
        }
    }

    /// Whether nothing would get through now: nobody is there, or asks for time.
    pub(crate) fn is_not_now(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Untrusted { .. } => true,
            Self::Problem(problem) => matches!(problem.status, 429 | 503),
            _ => false,
        }
    }

    /// Whether the same request may be heard later, without anybody mending anything here.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Problem(problem) => matches!(problem.status, 408 | 429 | 500..),
            _ => false,
        }
    }

    pub(crate) fn problem(kind: ProblemKind) -> Self {
        Problem::new(kind).into()
    }

    pub(crate) fn local(path: &Path, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Local(Box::new(Local { path: Some(path.into()), ja: ja.into(), en: en.into() }))
    }

    pub(crate) fn input(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Local(Box::new(Local { path: None, ja: ja.into(), en: en.into() }))
    }

    /// A file or folder that the machine does not let us use.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::local(
            path,
            format!("使えません（{error}）。場所と権限を確かめてください"),
            format!("cannot be used ({error}); check that it exists and its permissions"),
        )
    }

    pub(crate) fn answer(
        url: impl fmt::Display,
        ja: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self::Answer { url: url.to_string(), ja: ja.into(), en: en.into() }
    }
}

impl Local {
    /// One line for a person.
    pub fn line(&self, lang: Lang) -> String {
        let text = pick(lang, &self.ja, &self.en);
        match &self.path {
            Some(path) => format!("{}: {text}", path.display()),
            None => text.clone(),
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(Lang::Ja))
    }
}

impl std::error::Error for ClientError {}

impl From<Problem> for ClientError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

fn check_line(report: &CheckReport, lang: Lang) -> String {
    let errors = report.findings.iter().filter(|found| found.severity == Severity::Error).count();
    pick(
        lang,
        format!(
            "ファイルが標準仕様に合わないため送信していません（エラー{errors}件）。介護ソフトで直し、出力し直してください"
        ),
        format!(
            "not sent: the files break the standard ({errors} errors); mend them in the care software and export again"
        ),
    )
}

fn pick<T>(lang: Lang, ja: T, en: T) -> T {
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_one_line_that_says_where() {
        let url = || "https://127.0.0.1:1/".to_owned();
        for error in [
            ClientError::problem(ProblemKind::LoginFailed),
            ClientError::local(Path::new("a.csv"), "ありません", "is missing"),
            ClientError::Unreachable { url: url(), reason: "refused".into() },
            ClientError::Untrusted { url: url(), reason: "UnknownIssuer".into() },
            ClientError::answer(url(), "空です", "is empty"),
            ClientError::Ours("x".into()),
        ] {
            for lang in [Lang::Ja, Lang::En] {
                let line = error.line(lang);
                assert!(!line.is_empty() && !line.contains('\n'), "{line}");
            }
        }
        let unreachable = ClientError::Unreachable { url: url(), reason: "refused".into() };
        assert!(unreachable.line(Lang::En).contains("https://127.0.0.1:1/"));
        let local = ClientError::local(Path::new("a.csv"), "ありません", "is missing");
        assert_eq!(local.line(Lang::Ja), "a.csv: ありません");
    }
}
