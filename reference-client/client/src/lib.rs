//! The 連携クライアント as a library: one installation's state in a folder, and what it does with the
//! hub and the certificate authority.
//!
//! It promises that a sending is on the disk before the first attempt and arrives once however
//! often it is cut off, that a fetched file is byte for byte what was sent, and that nothing an
//! office has is overwritten or lost. It never trusts another root than its own, never writes a
//! password to the disk, and never speaks with a person: errors carry the words, the caller shows
//! them.

mod ca_account;
mod certificate;
mod durable;
mod enrolment;
mod error;
mod exchange;
mod expected;
mod home;
mod inbox;
mod notices;
mod outbox;
mod partner;
mod retry_after;
mod sending;
mod settings;
mod terminal;
mod tls;
mod upload;
mod wire;

pub use ca_account::{CaAccount, FirstLogin};
pub use certificate::Credentials;
pub use enrolment::{CertificateSource, Enrolment};
pub use error::{ClientError, Local};
pub use exchange::{Direction, Exchange, Observer, Progress, Silent};
pub use inbox::{Fetched, InboxEntry};
pub use outbox::{OutboxEntry, OutboxFile, OutboxState, SentEntry};
pub use sending::{Sending, SendingFile, is_to_send};
pub use settings::{Patience, Settings};
pub use terminal::{Batch, Resumed, Terminal};
