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
mod lists;
mod prefectures;
mod refusal;
mod retention;
mod sessions;
mod standing;
mod submit;

pub use careplan_standard::{OfficeNumber, Party, ServiceKind, Severity};
pub use claims::{
    Claim, Fetching, TakingBack, Terms, Wanted, claim, fetch, fetch_file, note_fetch, receipt,
    release, take_back,
};
pub use directory::{OfficePage, OfficeQuery, enter, folded};
pub use facts::{
    Bytes, Change, Decision, DeliveryState, Digest, Event, EventKind, FileEntry, FileRole,
    NewSending, Office, Profile, Remark, Sending, Session, Side, Standing,
};
pub use ids::{DeliveryId, IdempotencyKey, SubmissionId, TerminalId};
pub use licences::{
    LICENCE_YEN, Licence, LicencePlan, LicenceRequest, LicenceState, change_licence,
};
pub use lists::{InboxScope, Page, SentScope, find_sent, sent_scope};
pub use prefectures::{NoPrefecture, Prefecture};
pub use refusal::Refusal;
pub use retention::{Retention, Swept, sweep};
pub use sessions::{Caller, admit};
pub use submit::{
    CheckLevel, Draft, DraftFile, Earlier, Examined, Limits, Submit, SubmitFacts, examine,
    examine_at, repeat, route, submit,
};
