//! How a hub behaves, as arguments of the commands that start one.

use careplan_protocol::hub::Profile;
use clap::ValueEnum;
use reference_hub::CheckLevel;

/// How claims and lists behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileWord {
    /// 実際のシステムの公開資料どおり / as the real system is documented
    Actual,
    /// 事業所の要望を加えたもの / with what offices ask for
    Plus,
}

/// How closely the hub looks at what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckWord {
    /// ファイル名・宛先・大きさだけ / names, routing and sizes alone
    Envelope,
    /// 標準仕様に合わないものを拒否 / refuse what breaks the standard
    Standard,
    /// 警告のあるものも拒否 / refuse what has warnings, too
    Strict,
}

impl From<ProfileWord> for Profile {
    fn from(word: ProfileWord) -> Self {
        match word {
            ProfileWord::Actual => Self::Actual,
            ProfileWord::Plus => Self::Plus,
        }
    }
}

impl From<CheckWord> for CheckLevel {
    fn from(word: CheckWord) -> Self {
        match word {
            CheckWord::Envelope => Self::Envelope,
            CheckWord::Standard => Self::Standard,
            CheckWord::Strict => Self::Strict,
        }
    }
}
