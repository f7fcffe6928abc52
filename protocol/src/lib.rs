//! What crosses the wire between a 連携クライアント (client) and the 基盤 (hub), and between either and
//! the certificate authority.
//!
//! It promises that a request or an answer means the same on both sides: every type here is used
//! by the one that writes it and by the one that reads it. It never opens a connection or decides
//! anything. The real system's wire is not public; this one is our own reference
//! definition.

pub mod admin;
pub mod as_text;
pub mod ca;
pub mod certificate;
mod clock;
pub mod faults;
mod findings;
pub mod hub;
mod ids;
mod problem;
mod schema;
mod secrets;

pub use careplan_standard::{Lang, OfficeNumber, ServiceKind};
pub use clock::{Clock, ClockMode};
pub use findings::{CheckReport, Finding, Party, Severity, Unit, Verdict};
pub use ids::{BadId, DeliveryId, IdempotencyKey, SnapshotName, SubmissionId, TerminalId, UserId};
pub use problem::{ActsNext, Problem, ProblemKind};
pub use secrets::is_secret_member;
