//! What a request asks for, as the scope of a fault names it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::FaultKind;

/// Who misbehaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultService {
    /// 基盤.
    Hub,
    /// 電子認証局 and 共通ログイン.
    Ca,
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident, $word:literal;)*) => {
        /// What is asked for when a fault acts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum FaultOperation {
            $($(#[$doc])* $name,)*
        }

        impl FaultOperation {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word for arguments, JSON and scenario steps.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

operations! {
    /// A connection comes about.
    Connect, "connect";
    /// `POST /v1/session`.
    LogIn, "log-in";
    /// `DELETE /v1/session`.
    LogOut, "log-out";
    /// `GET /v1/office`.
    Office, "office";
    /// `GET /v1/offices`.
    Directory, "directory";
    /// `POST /v1/submissions`.
    Submit, "submit";
    /// `GET /v1/submissions`, of one or all.
    Sent, "sent";
    /// `POST /v1/claims`.
    Claim, "claim";
    /// `GET /v1/deliveries`, of one or all.
    Deliveries, "deliveries";
    /// `GET /v1/deliveries/{id}/files/{name}`.
    Fetch, "fetch";
    /// `POST /v1/deliveries/{id}/receipt`.
    Receipt, "receipt";
    /// `POST /v1/deliveries/{id}/release`.
    Release, "release";
    /// `POST /v1/deliveries/{id}/take-back`.
    TakeBack, "take-back";
    /// `GET /v1/events`.
    Events, "events";
    /// The hub asks the CA for the revocation list.
    Revocations, "revocations";
    /// `POST /v1/login` at the CA.
    CaLogIn, "ca-log-in";
    /// `GET /v1/crl.pem` at the CA.
    CaList, "ca-list";
    /// Any other request to either.
    Other, "other";
}

impl FaultOperation {
    /// What a request to this service asks for, by its method and path.
    pub fn of(service: FaultService, method: &str, path: &str) -> Self {
        let path = path.trim_start_matches('/');
        let parts: Vec<_> = path.split('/').skip(1).filter(|part| !part.is_empty()).collect();
        match (service, method, parts.as_slice()) {
            (FaultService::Ca, "POST", ["login"]) => Self::CaLogIn,
            (FaultService::Ca, "GET", ["crl.pem"]) => Self::CaList,
            (FaultService::Hub, "POST", ["session"]) => Self::LogIn,
            (FaultService::Hub, "DELETE", ["session"]) => Self::LogOut,
            (FaultService::Hub, "GET", ["office"]) => Self::Office,
            (FaultService::Hub, "GET", ["offices"]) => Self::Directory,
            (FaultService::Hub, "POST", ["submissions"]) => Self::Submit,
            (FaultService::Hub, "GET", ["submissions"] | ["submissions", _]) => Self::Sent,
            (FaultService::Hub, "POST", ["claims"]) => Self::Claim,
            (FaultService::Hub, "GET", ["deliveries"] | ["deliveries", _]) => Self::Deliveries,
            (FaultService::Hub, "GET", ["deliveries", _, "files", _]) => Self::Fetch,
            (FaultService::Hub, "POST", ["deliveries", _, "receipt"]) => Self::Receipt,
            (FaultService::Hub, "POST", ["deliveries", _, "release"]) => Self::Release,
            (FaultService::Hub, "POST", ["deliveries", _, "take-back"]) => Self::TakeBack,
            (FaultService::Hub, "GET", ["events"]) => Self::Events,
            _ => Self::Other,
        }
    }

    /// Whether a connection of an office stands by then, so that office and terminal are known.
    pub(super) const fn has_peer(self) -> bool {
        !matches!(self, Self::Connect | Self::Revocations | Self::CaLogIn | Self::CaList)
    }

    /// Whether this kind of fault can act here.
    pub fn is_reached_by(self, kind: FaultKind) -> bool {
        kind.reach().contains(&self)
    }
}

impl fmt::Display for FaultOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for FaultOperation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().copied().find(|operation| operation.word() == text);
        known.ok_or_else(|| {
            let words: Vec<_> = Self::ALL.iter().map(|operation| operation.word()).collect();
            format!("{text}: {}", words.join(", "))
        })
    }
}

impl TryFrom<String> for FaultOperation {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<FaultOperation> for String {
    fn from(operation: FaultOperation) -> Self {
        operation.word().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_by_method_and_path() {
        use FaultService::{Ca, Hub};
        for (service, method, path, want) in [
            (Hub, "POST", "/v1/session", FaultOperation::LogIn),
            (Hub, "GET", "/v1/submissions/abc", FaultOperation::Sent),
            (Hub, "POST", "/v1/submissions", FaultOperation::Submit),
            (Hub, "GET", "/v1/deliveries/a/files/b.csv", FaultOperation::Fetch),
            (Hub, "POST", "/v1/deliveries/a/take-back", FaultOperation::TakeBack),
            (Hub, "GET", "/v1/events", FaultOperation::Events),
            (Hub, "PATCH", "/v1/deliveries", FaultOperation::Other),
            (Hub, "POST", "/v1/login", FaultOperation::Other),
            (Ca, "POST", "/v1/login", FaultOperation::CaLogIn),
            (Ca, "GET", "/v1/crl.pem", FaultOperation::CaList),
            (Ca, "GET", "/", FaultOperation::Other),
        ] {
            assert_eq!(FaultOperation::of(service, method, path), want, "{method} {path}");
        }
    }

    #[test]
    fn words_are_read_back() {
        for operation in FaultOperation::ALL {
            assert_eq!(operation.word().parse(), Ok(*operation));
        }
        assert!("telephone".parse::<FaultOperation>().is_err());
    }
}
