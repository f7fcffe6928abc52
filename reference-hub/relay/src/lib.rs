//! The rules of the hub: what may be sent, to whom it goes (振分け), and which terminal gets it.
//!
//! It promises *load – decide – commit*: every decision is a function of the facts it is handed,
//! and answers with the changes that must be committed, in one transaction, before anybody hears of
//! it. It never opens a file or a connection, asks a clock, rolls dice or waits.

mod claims;
mod directory;
mod facts;
mod ids;
mod licences;
mod prefectures;
mod refusal;
mod sessions;
mod submit;

pub use careplan_standard::{OfficeNumber, Party, ServiceKind, Severity};
pub use claims::{claim, fetch, find_sent, receipt, release, sent_scope};
pub use directory::{OfficePage, OfficeQuery, folded};
pub use facts::{
    Bytes, Change, Decision, DeliveryState, Digest, FileEntry, FileRole, NewSending, Office,
    Profile, Remark, Sending, SentScope, Session, Side,
};
pub use ids::{DeliveryId, IdempotencyKey, SubmissionId, TerminalId};
pub use licences::{
    LICENCE_YEN, Licence, LicencePlan, LicenceRequest, LicenceState, change_licence,
};
pub use prefectures::{NoPrefecture, Prefecture};
pub use refusal::Refusal;
pub use sessions::{Caller, admit};
pub use submit::{
    Draft, DraftFile, Earlier, Examined, Limits, Submit, SubmitFacts, examine, repeat, submit,
};
