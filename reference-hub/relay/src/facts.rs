//! What the hub knows, and how that changes.

use std::sync::Arc;

use careplan_standard::{Lang, OfficeNumber, Party, ServiceKind, Severity};
use time::OffsetDateTime;

use crate::{
    Caller, DeliveryId, IdempotencyKey, Licence, LicenceState, Prefecture, SubmissionId,
    TerminalId, licences::licence_state,
};

/// A file's content, as it came and as it goes out.
pub type Bytes = Arc<[u8]>;

/// A SHA-256.
pub type Digest = [u8; 32];

/// What was decided: commit the changes, all of them or none, then give the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<T> {
    /// In the order to be made.
    pub changes: Vec<Change>,
    /// For the one who asked.
    pub answer: T,
}

impl<T> Decision<T> {
    /// An answer that changes nothing.
    pub(crate) fn only(answer: T) -> Self {
        Self { changes: Vec::new(), answer }
    }
}

/// One change to what the hub knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Takes a sending in, and tells the recipient's office.
    Accept(Box<NewSending>),
    /// Gives waiting deliveries to a terminal.
    Claim {
        /// Which.
        deliveries: Vec<DeliveryId>,
        /// To whom.
        by: TerminalId,
        /// When.
        at: OffsetDateTime,
        /// Until when; for good if there is no end.
        until: Option<OffsetDateTime>,
    },
    /// Moves the end of a claim.
    Renew {
        /// Which.
        delivery: DeliveryId,
        /// To when.
        until: Option<OffsetDateTime>,
    },
    /// Notes that a terminal asked for a file. The notes of a delivery may go with its receipt.
    NoteFetch {
        /// Of which delivery.
        delivery: DeliveryId,
        /// The file's name.
        file: String,
        /// Which terminal.
        by: TerminalId,
    },
    /// Notes that a terminal has fetched what it claimed, and tells the sender's office.
    Confirm {
        /// Which.
        delivery: DeliveryId,
        /// When.
        at: OffsetDateTime,
    },
    /// Lets a claimed delivery wait again.
    Release {
        /// Which.
        delivery: DeliveryId,
    },
    /// Registers an office, or brings its entry up to date.
    Register(Box<Office>),
    /// Waits no longer for somebody to fetch a delivery, and tells the sender's office.
    GiveUp {
        /// Which.
        delivery: DeliveryId,
        /// When.
        at: OffsetDateTime,
    },
    /// Removes files, message and remarks. Parties, names, times and key stay. Nobody is told of it
    /// any more, and the numbers of the events that told of it never come again.
    Remove {
        /// Which.
        delivery: DeliveryId,
        /// When.
        at: OffsetDateTime,
    },
}

/// A sending that is to be kept, with what only the store needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSending {
    /// What everybody sees.
    pub sending: Sending,
    /// The files' contents, in the order of the sending's files.
    pub contents: Vec<Bytes>,
    /// The key it came with.
    pub key: IdempotencyKey,
    /// Over message, destination and files: tells a repetition from another sending.
    pub content_digest: Digest,
}

/// How this hub treats claims and lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As the real system is documented to.
    Actual,
    /// With what offices ask for.
    Plus,
}

/// A registered office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// 事業所番号.
    pub number: OfficeNumber,
    /// 事業所名称.
    pub name: String,
    /// サービス種類.
    pub kinds: Vec<ServiceKind>,
    /// 都道府県, where it is known.
    pub prefecture: Option<Prefecture>,
    /// CSVバージョン値 that its software takes; empty if nobody said so.
    pub versions: Vec<String>,
    /// Its licence; none if it never applied.
    pub licence: Option<Licence>,
}

impl Office {
    /// Its licence at `now`.
    pub fn licence(&self, now: OffsetDateTime) -> LicenceState {
        licence_state(self.licence.as_ref(), now)
    }
}

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The digest of its token; the token itself is kept nowhere.
    pub token_digest: Digest,
    /// Who logged in, where.
    pub caller: Caller,
    /// The serial number of the certificate that it is bound to.
    pub certificate_serial: String,
    /// When it ends by itself.
    pub expires_at: OffsetDateTime,
}

/// One side of a sending, with its name at the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// Office and, in V4, service kind.
    pub party: Party,
    /// 事業所名称.
    pub name: String,
}

/// A sending, and how far its delivery got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// Its name for the sender.
    pub submission: SubmissionId,
    /// Its name for the recipient.
    pub delivery: DeliveryId,
    /// When the hub took it.
    pub submitted_at: OffsetDateTime,
    /// 送信元.
    pub from: Side,
    /// The terminal that sent it.
    pub terminal: TerminalId,
    /// 送信先.
    pub to: Side,
    /// メッセージ.
    pub message: String,
    /// In the order sent.
    pub files: Vec<FileEntry>,
    /// Warnings and notes of the check.
    pub remarks: Vec<Remark>,
    /// How far it got.
    pub state: DeliveryState,
    /// When its files, message and remarks were removed, for they were kept long enough.
    pub removed_at: Option<OffsetDateTime>,
}

impl Sending {
    /// Whether only its outline is left.
    pub fn is_removed(&self) -> bool {
        self.removed_at.is_some()
    }
}

/// Where a delivery stands, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub delivery: DeliveryId,
    /// When the hub took it.
    pub submitted_at: OffsetDateTime,
    /// Whom it is for.
    pub to: Party,
    /// How far it got.
    pub state: DeliveryState,
}

/// Something that an office is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place in the order of this office's events.
    pub number: u64,
    /// What happened.
    pub kind: EventKind,
    /// To which sending.
    pub sending: Sending,
}

/// What an office is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// Something arrived for it.
    Arrival,
    /// What it sent was fetched.
    Receipt,
    /// What it sent was never fetched, and is given up.
    Undelivered,
}

/// How far a delivery got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryState {
    /// No terminal has it.
    Waiting,
    /// A terminal has it.
    Claimed {
        /// Which.
        by: TerminalId,
        /// Until when; for good if there is no end. Afterwards the delivery waits again.
        until: Option<OffsetDateTime>,
    },
    /// データ取得済.
    Fetched {
        /// The terminal that has it.
        by: TerminalId,
        /// When it confirmed.
        at: OffsetDateTime,
    },
    /// Nobody fetched it for so long that nobody may any more.
    Undelivered {
        /// Since when.
        at: OffsetDateTime,
    },
}

impl DeliveryState {
    /// How it stands at this time: a claim that is over is none.
    #[must_use]
    pub fn at(self, now: OffsetDateTime) -> Self {
        if self.is_lapsed(now) { Self::Waiting } else { self }
    }

    /// Whether it is a claim that is over. The end itself is over.
    pub fn is_lapsed(&self, now: OffsetDateTime) -> bool {
        matches!(self, Self::Claimed { until: Some(until), .. } if *until <= now)
    }

    /// The terminal that holds the delivery, or did until its claim was over.
    pub fn holder(&self) -> Option<&TerminalId> {
        match self {
            Self::Waiting | Self::Undelivered { .. } => None,
            Self::Claimed { by, .. } | Self::Fetched { by, .. } => Some(by),
        }
    }
}

/// A file of a sending, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Its name, as it was sent.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes when they arrived.
    pub sha256: Digest,
    /// ファイル種別.
    pub role: FileRole,
    /// CSVバージョン値 of a file of the standard.
    pub csv_version: Option<String>,
}

/// ファイル種別.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileRole {
    /// 登録.
    Register,
    /// 削除.
    Withdraw,
    /// PDF等.
    Attachment,
}

/// A finding in the words that it was reported in, so that it reads the same ever after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The rule's identifier.
    pub rule: String,
    /// What it weighs.
    pub severity: Severity,
    /// The file's name.
    pub file: Option<String>,
    /// The record, from 1.
    pub record: Option<u32>,
    /// The item's No.
    pub item: Option<u16>,
    /// Where the standard says so.
    pub clause: String,
    /// What is wrong and what to do next, 日本語.
    pub message: String,
}

impl From<&careplan_standard::Finding> for Remark {
    fn from(finding: &careplan_standard::Finding) -> Self {
        Self {
            rule: finding.rule.id.to_owned(),
            severity: finding.severity,
            file: finding.place.file.clone(),
            record: finding.place.record,
            item: finding.place.item,
            clause: finding.rule.clause.to_owned(),
            message: finding.message(Lang::Ja),
        }
    }
}
