//! Who and what a request speaks of.
//!
//! Each identifier is checked once, where it is parsed; holding one is proof of its form.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A text that is not the identifier it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadId {
    /// What it should have been.
    pub wanted: &'static str,
}

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.wanted)
    }
}

impl std::error::Error for BadId {}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $pattern:literal, $wanted:literal, $holds:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String, pattern = $pattern)]
        pub struct $name(String);

        impl $name {
            /// Checks the text's form.
            ///
            /// # Errors
            /// The text has another form; the error says which is wanted.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                let holds: fn(&str) -> bool = $holds;
                if holds(text) { Ok(Self(text.to_owned())) } else { Err(BadId { wanted: $wanted }) }
            }

            /// The text, as it travels.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;

            fn try_from(text: String) -> Result<Self, BadId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

identifier!(
    /// 電子請求のユーザID: `KJ` and twelve digits.
    UserId,
    "^KJ[0-9]{12}$",
    "ユーザIDは KJ と数字12桁です / a user ID is KJ and 12 digits",
    |text| text.len() == 14
        && text.starts_with("KJ")
        && text.bytes().skip(2).all(|b| b.is_ascii_digit())
);

identifier!(
    /// 端末: one installation of a client, named by itself at enrolment. 1 to 64 of `a-z 0-9 -`.
    TerminalId,
    "^[a-z0-9-]{1,64}$",
    "端末IDは英小文字・数字・ハイフン1～64文字です / a terminal id is 1 to 64 of a-z, 0-9 and -",
    |text| is_slug(text)
);

identifier!(
    /// 送信ID: one sending, named by the hub.
    SubmissionId,
    "^[a-z0-9-]{1,64}$",
    "送信IDの形ではありません / not a submission id",
    |text| is_slug(text)
);

identifier!(
    /// 配信ID: one sending as its recipient sees it, named by the hub.
    DeliveryId,
    "^[a-z0-9-]{1,64}$",
    "配信IDの形ではありません / not a delivery id",
    |text| is_slug(text)
);

identifier!(
    /// What an operator calls a snapshot of a hub. 1 to 64 of `a-z 0-9 -`.
    SnapshotName,
    "^[a-z0-9-]{1,64}$",
    "スナップショットの名前は英小文字・数字・ハイフン1～64文字です / a snapshot's name is 1 to 64 of a-z, 0-9 and -",
    |text| is_slug(text)
);

identifier!(
    /// `Idempotency-Key`: chosen by the client, once a sending. 8 to 128 visible ASCII characters.
    IdempotencyKey,
    "^[!-~]{8,128}$",
    "Idempotency-Key は ASCII 8～128文字です / an Idempotency-Key is 8 to 128 ASCII characters",
    |text| (8..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
);

fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_hold_their_form() {
        assert!(UserId::parse("KJ000000000001").is_ok());
        for bad in ["", "KJ1", "kj000000000001", "KJ0000000000０1", "XX000000000001"] {
            assert!(UserId::parse(bad).is_err(), "{bad}");
        }
        assert!(TerminalId::parse("pc-1").is_ok());
        for bad in ["", "PC", "a/b", "..", &"x".repeat(65)] {
            assert!(TerminalId::parse(bad).is_err(), "{bad}");
        }
        assert!(IdempotencyKey::parse("short").is_err());
        assert!(IdempotencyKey::parse("long enough").is_err(), "a space is not visible");
    }

    #[test]
    fn a_bad_identifier_does_not_arrive() {
        let arrived: Result<UserId, _> = serde_json::from_str("\"KJ12\"");
        assert!(arrived.is_err());
    }
}
