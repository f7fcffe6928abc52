//! Requests to the hub, and its answers. All JSON; times are RFC 3339.
//!
//! | request | body | answer |
//! |---|---|---|
//! | `POST /v1/session` | [`Login`] | 201 [`Session`] |
//! | `DELETE /v1/session` | – | 204 |
//! | `GET /v1/office` | – | [`Office`] |
//! | `GET /v1/offices?number=&name=&prefecture=&kind=&limit=&cursor=` | – | a page of the [`Directory`]; with `format=csv` or `Accept: text/csv` all of it, for spreadsheets |
//! | `POST /v1/submissions` | multipart: `meta` ([`SubmissionMeta`]), then one `file` part a file | 201 [`Submission`] |
//! | `GET /v1/submissions?after=&limit=`, `/v1/submissions/{id}` | – | [`Submissions`], [`Submission`] |
//! | `POST /v1/claims` | none, or [`ClaimRequest`] (a part of what waits: profile `plus`) | [`Deliveries`], what this terminal now holds and has not fetched |
//! | `GET /v1/deliveries?state=open&after=&limit=` | – | [`Deliveries`], what this terminal holds |
//! | `GET /v1/deliveries?scope=office` | – | [`Deliveries`], who of the office holds what (profile `plus`) |
//! | `GET /v1/deliveries/{id}` | – | [`Delivery`] |
//! | `GET /v1/deliveries/{id}/files/{name}` | – | the file's bytes |
//! | `POST /v1/deliveries/{id}/receipt` | – | [`Delivery`] |
//! | `POST /v1/deliveries/{id}/release` | – | [`Delivery`] (profile `plus`) |
//! | `POST /v1/deliveries/{id}/take-back` | none, or [`TakeBackRequest`] | [`Delivery`] (profile `plus`) |
//! | `GET /v1/events` | – | server-sent events: [`Notice`]s (profile `plus`) |
//!
//! Lists come in pages of at most [`LIST_ITEMS_MAX`]: where there is more, `next` is the id to ask
//! on with as `after`. Without `after` a list begins with its first item.
//!
//! All but the log-in carry `Authorization: Bearer` with the session's token. Errors are
//! [`Problem`](crate::Problem)s.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{
    DeliveryId, OfficeNumber, Party, ServiceKind, SubmissionId, TerminalId, UserId, schema,
};

/// The request header that makes a sending happen once.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The header in which a terminal may name itself. A session that another terminal opened is then
/// refused, which the certificate alone cannot tell: an office's terminals share one.
pub const TERMINAL: &str = "careplan-terminal";
/// The answer header with the SHA-256 of a file, in lower-case hexadecimal.
pub const FILE_SHA256: &str = "x-file-sha256";

/// How many files one sending may carry.
pub const SUBMISSION_FILES_MAX: usize = 200;
/// How large one file may be.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// How large a sending may be, all its files together.
pub const SUBMISSION_BYTES_MAX: usize = 50 * 1024 * 1024;
/// How long a message may be, in characters.
pub const MESSAGE_CHARS_MAX: usize = 1000;
/// How long a file's name may be, in bytes of UTF-8.
pub const FILE_NAME_BYTES_MAX: usize = 255;
/// How many items one answer lists at most; and how many, where a request does not say.
pub const LIST_ITEMS_MAX: usize = 500;
/// How many service kinds or deliveries one claim may name.
pub const CLAIM_ITEMS_MAX: usize = 200;
/// The slowest line, in bytes per second, that a sending is still carried over. Neither side gives
/// up on a body that arrives no slower than this.
pub const SLOWEST_BYTES_PER_SECOND: u64 = 32 * 1024;

const _: () = assert!(FILE_BYTES_MAX <= SUBMISSION_BYTES_MAX);
// Nobody holds a connection for longer than half an hour.
const _: () = assert!(SUBMISSION_BYTES_MAX as u64 / SLOWEST_BYTES_PER_SECOND < 30 * 60);

/// ログイン.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Login {
    /// ユーザID.
    pub user_id: UserId,
    /// パスワード.
    pub password: String,
    /// The terminal that the session is for.
    pub terminal: TerminalId,
}

/// An open session, bound to the client certificate and the terminal.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// For the `Authorization: Bearer` header.
    pub token: String,
    /// When it ends by itself.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    /// The office that logged in.
    #[serde(with = "crate::as_text")]
    #[schema(value_type = schema::OfficeNumber)]
    pub office: OfficeNumber,
    /// How this hub treats claims and lists.
    pub profile: Profile,
}

/// How a hub treats claims and lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// As the real system is documented to.
    #[default]
    Actual,
    /// With what offices ask for: giving back, the office-wide sent list, …
    Plus,
}

/// The state of an office's licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LicenceState {
    /// Never applied for.
    None,
    /// In force.
    Active,
    /// Ran out.
    Expired,
}

/// 自事業所: what the hub knows of the office that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Office {
    /// 事業所番号.
    #[serde(with = "crate::as_text")]
    #[schema(value_type = schema::OfficeNumber)]
    pub office: OfficeNumber,
    /// 事業所名称.
    pub name: String,
    /// サービス種類.
    #[serde(with = "crate::as_text::list")]
    #[schema(value_type = Vec<schema::ServiceKind>)]
    pub kinds: Vec<ServiceKind>,
    /// Whether the licence is in force.
    pub licence: LicenceState,
    /// Until when.
    #[serde(with = "time::serde::rfc3339::option")]
    pub licence_until: Option<OffsetDateTime>,
    /// 自動更新: whether another year follows by itself.
    #[serde(default)]
    pub licence_renews: bool,
    /// The certificate that this connection came with.
    pub certificate: Certificate,
}

/// A client certificate, as the hub saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Certificate {
    /// Its kind, by the word of [`CertificateKind`](crate::ca::CertificateKind).
    pub kind: crate::ca::CertificateKind,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// When it expires.
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
}

/// One line of the public directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DirectoryEntry {
    /// 事業所番号.
    #[serde(with = "crate::as_text")]
    #[schema(value_type = schema::OfficeNumber)]
    pub office: OfficeNumber,
    /// 事業所名称.
    pub name: String,
    /// サービス種類.
    #[serde(with = "crate::as_text::list")]
    #[schema(value_type = Vec<schema::ServiceKind>)]
    pub kinds: Vec<ServiceKind>,
    /// 都道府県名, where it is known.
    #[serde(default)]
    pub prefecture: Option<String>,
    /// CSVバージョン値 that the office's software takes; empty if it did not say so.
    #[serde(default)]
    pub versions: Vec<String>,
}

/// How many lines a page of the directory has, unless the request says otherwise.
pub const DIRECTORY_PAGE: usize = 100;
/// How many lines a page of the directory may have.
pub const DIRECTORY_PAGE_MAX: usize = 1000;

/// 利用事業所一覧: offices that take part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Directory {
    /// In ascending order of office number.
    pub offices: Vec<DirectoryEntry>,
    /// If more follow: the `cursor` of the request for the next page.
    #[serde(default)]
    pub next: Option<String>,
}

/// The first part of a sending.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubmissionMeta {
    /// メッセージ: what the fax cover said. At most [`MESSAGE_CHARS_MAX`] characters.
    #[serde(default)]
    pub message: String,
    /// 送信先, chosen by hand: wanted where no CSV file names it.
    #[serde(default)]
    pub destination: Option<Party>,
}

/// A file of a sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct File {
    /// Its name, as it was sent.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// ファイル種別.
    pub role: FileRole,
    /// CSVバージョン値 of a file of the standard.
    pub csv_version: Option<String>,
}

/// ファイル種別, as the client's lists show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileRole {
    /// 登録.
    Register,
    /// 削除.
    Withdraw,
    /// PDF等.
    Attachment,
}

/// 送信: a sending as its sender sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Submission {
    /// 送信ID.
    pub id: SubmissionId,
    /// When the hub took it.
    #[serde(with = "time::serde::rfc3339")]
    pub submitted_at: OffsetDateTime,
    /// 送信元.
    pub from: Party,
    /// 送信先.
    pub to: Party,
    /// 送信先事業所名称.
    pub to_name: String,
    /// メッセージ.
    pub message: String,
    /// Its files, in the order sent.
    pub files: Vec<File>,
    /// How far its delivery got.
    pub state: DeliveryState,
    /// When the recipient confirmed it.
    #[serde(with = "time::serde::rfc3339::option")]
    pub fetched_at: Option<OffsetDateTime>,
    /// Warnings and notes of the hub's check; a sending with errors is refused.
    #[serde(default)]
    pub findings: Vec<crate::Finding>,
}

/// 送信一覧.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Submissions {
    /// Newest first.
    pub submissions: Vec<Submission>,
    /// Where there are more: the `after` to ask for them with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<SubmissionId>,
}

/// How far a delivery got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// No terminal has it yet.
    Waiting,
    /// A terminal has it; データ取得状況 未.
    Claimed,
    /// データ取得済.
    Fetched,
    /// Nobody fetched it for so long that the hub gave it up. Only the sender still sees it.
    Undelivered,
}

/// 配信: a sending as its recipient sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// 配信ID.
    pub id: DeliveryId,
    /// 受信日時: when the hub took it.
    #[serde(with = "time::serde::rfc3339")]
    pub submitted_at: OffsetDateTime,
    /// 送信元.
    pub from: Party,
    /// 送信元事業所名称.
    pub from_name: String,
    /// 送信先: this office and, in V4, the service meant.
    pub to: Party,
    /// メッセージ.
    pub message: String,
    /// Its files, in the order sent.
    pub files: Vec<File>,
    /// データ取得状況.
    pub state: DeliveryState,
    /// The terminal that claimed it.
    pub terminal: Option<TerminalId>,
    /// When the claim ends by itself, unless a fetch renews it (profile `plus`).
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub claimed_until: Option<OffsetDateTime>,
}

/// What a terminal claims, in profile `plus`: `kinds` or `deliveries`. All that waits, where the
/// body names neither or there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimRequest {
    /// サービス種類: what waits for these services of the office. At most [`CLAIM_ITEMS_MAX`].
    #[serde(default, with = "crate::as_text::list", skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<schema::ServiceKind>)]
    pub kinds: Vec<ServiceKind>,
    /// With `kinds`: also what names no service of the office, as V3 and what was sent by office
    /// number alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub include_unaddressed: bool,
    /// 配信ID: these, all or none. At most [`CLAIM_ITEMS_MAX`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<DeliveryId>,
}

/// From whom a delivery is taken back, in profile `plus`: from whichever terminal holds it, where the
/// body names none or there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBackRequest {
    /// The terminal that was seen to hold it. If another one holds it by now, it keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<TerminalId>,
}

/// What an office is told of as it happens. Its number is the `id` of the server-sent event: a
/// `Last-Event-ID` goes on behind it, with what is still kept. One that is told twice happened once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "notice", rename_all = "lowercase")]
pub enum Notice {
    /// Something arrived.
    Arrival {
        /// 配信ID.
        id: DeliveryId,
        /// 送信元.
        from: Party,
        /// 送信先: this office and, in V4, the service meant.
        to: Party,
        /// How many files it has.
        files: usize,
    },
    /// データ取得済: what this office sent was fetched.
    Receipt {
        /// 送信ID.
        id: SubmissionId,
        /// 送信先.
        to: Party,
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        fetched_at: OffsetDateTime,
    },
    /// What this office sent was never fetched, and is given up.
    Undelivered {
        /// 送信ID.
        id: SubmissionId,
        /// 送信先.
        to: Party,
    },
}

impl Notice {
    /// The `event` of the server-sent event.
    pub fn event(&self) -> &'static str {
        match self {
            Self::Arrival { .. } => "arrival",
            Self::Receipt { .. } => "receipt",
            Self::Undelivered { .. } => "undelivered",
        }
    }
}

/// 受信一覧.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Deliveries {
    /// In ascending order of arrival.
    pub deliveries: Vec<Delivery>,
    /// Where there are more: the `after` to ask for them with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<DeliveryId>,
}
