//! Names of things. The relay only compares them; their form is checked where they come in.

use std::fmt;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The identifier of this text.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name!(
    /// 端末: one installation of a client.
    TerminalId
);
name!(
    /// 送信ID: a sending as its sender names it.
    SubmissionId
);
name!(
    /// 配信ID: a sending as its recipient names it.
    DeliveryId
);
name!(
    /// What makes a sending happen once; chosen by the client, unique within its office.
    IdempotencyKey
);
