//! What the hub says when it says no: every refusal's and every fault's place in the catalogue.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use careplan_protocol::{BadId, Problem, ProblemKind, certificate::CertificateFlaw, hub};
use hub_relay::Refusal;
use hub_store::{Failure, Fault};
use time::{OffsetDateTime, macros::offset};

use crate::{records::Refused, wire};

/// A problem on its way to the peer.
#[derive(Debug)]
pub(crate) struct Rejection {
    problem: Box<Problem>,
    /// Seconds after which the peer may ask again; none where waiting alone mends nothing.
    retry_after: Option<u32>,
}

impl Rejection {
    /// One that passes by itself within these seconds.
    pub(crate) fn later(kind: ProblemKind, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..kind.into() }
    }
}

impl From<Problem> for Rejection {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem), retry_after: None }
    }
}

impl From<CertificateFlaw> for Rejection {
    fn from(flaw: CertificateFlaw) -> Self {
        Problem::from(flaw).into()
    }
}

impl From<ProblemKind> for Rejection {
    fn from(kind: ProblemKind) -> Self {
        Problem::new(kind).into()
    }
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        problem(refusal).into()
    }
}

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Fault(fault) => fault.into(),
        }
    }
}

impl From<Fault> for Rejection {
    fn from(fault: Fault) -> Self {
        tracing::error!(%fault, "the store failed");
        match fault {
            Fault::Full => ProblemKind::StorageFull.into(),
            Fault::Closed | Fault::Unreachable(_) | Fault::Contended(_) | Fault::Unknown(_) => {
                ProblemKind::Unavailable.into()
            }
            Fault::Foreign(_) | Fault::Damaged(_) | Fault::Failed(_) => {
                ProblemKind::Internal.into()
            }
        }
    }
}

/// The hub's own identifiers come back from its own store: a bad one is its own fault.
impl From<BadId> for Rejection {
    fn from(bad: BadId) -> Self {
        tracing::error!(wanted = bad.wanted, "a stored identifier has another form");
        ProblemKind::Internal.into()
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let Self { problem, retry_after } = self;
        let status =
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, Body::from(body)).into_response();
        let media_type = HeaderValue::from_static(Problem::MEDIA_TYPE);
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        let id = problem.known_kind().map_or("unknown", ProblemKind::id);
        response.extensions_mut().insert(Refused(id));
        response
    }
}

/// The one place where the relay's refusals get their words.
fn problem(refusal: Refusal) -> Problem {
    use ProblemKind as Kind;
    let plain = Problem::new;
    let named = |kind, what: String| Problem::new(kind).with_detail(what);
    match refusal {
        Refusal::SessionMissing => plain(Kind::SessionMissing),
        Refusal::SessionExpired => plain(Kind::SessionExpired),
        Refusal::SessionElsewhere => plain(Kind::SessionElsewhere),
        Refusal::SessionOtherTerminal => plain(Kind::SessionOtherTerminal),
        Refusal::SenderMismatch { named: office } => {
            named(Kind::IdentityMismatch, office.to_string())
        }
        Refusal::LicenceMissing => plain(Kind::LicenceMissing),
        Refusal::LicenceExpired => plain(Kind::LicenceExpired),
        Refusal::LicenceInForce { until } => named(Kind::LicenceInForce, date(until)),
        Refusal::FreePassUsed => plain(Kind::FreePassUsed),
        Refusal::FreePassClosed => plain(Kind::FreePassClosed),
        Refusal::RecipientUnknown(office) => named(Kind::RecipientUnknown, office.to_string()),
        Refusal::RecipientKindUnknown(party) => {
            named(Kind::RecipientKindUnknown, party.to_string())
        }
        Refusal::SenderKindUnknown(party) => named(Kind::SenderKindUnknown, party.to_string()),
        Refusal::SenderRole { file } => named(Kind::SenderRole, file),
        Refusal::RecipientRole { file } => named(Kind::RecipientRole, file),
        Refusal::RecipientLicence(office) => named(Kind::RecipientLicence, office.to_string()),
        Refusal::RecipientIsSender => plain(Kind::RecipientIsSender),
        Refusal::RecipientMissing => plain(Kind::RecipientMissing),
        Refusal::RecipientsDiffer => plain(Kind::RecipientsDiffer),
        Refusal::SendingEmpty => plain(Kind::SendingEmpty),
        Refusal::ResultsEmpty { file } => named(Kind::ResultsEmpty, file),
        Refusal::FilesRefused(remarks) => {
            let findings = remarks.into_iter().map(wire::finding).collect();
            plain(Kind::FilesRefused).with_findings(findings)
        }
        Refusal::FileName { file } if hub::FILE_NAME_BYTES_MAX < file.len() => {
            let max = hub::FILE_NAME_BYTES_MAX;
            named(Kind::FileName, format!("{max}バイトまで / at most {max} bytes of UTF-8"))
        }
        Refusal::FileName { file } => named(Kind::FileName, file),
        Refusal::FileType { file } => named(Kind::FileType, file),
        Refusal::FileDocument { file } => named(Kind::FileDocument, file),
        Refusal::FileContent { file } => named(Kind::FileContent, file),
        Refusal::TooManyFiles { max } => {
            named(Kind::TooManyFiles, format!("{max}ファイルまで / at most {max} files"))
        }
        Refusal::TooLarge { file, max } => {
            named(Kind::TooLarge, format!("{file}: {}", size_limit(max)))
        }
        Refusal::MessageTooLong { max } => {
            named(Kind::MessageTooLong, format!("{max}文字まで / at most {max} characters"))
        }
        Refusal::MessageCharacters => plain(Kind::MessageCharacters),
        Refusal::IdempotencyKeyReused => plain(Kind::IdempotencyKeyReused),
        Refusal::NotFound => plain(Kind::NotFound),
        Refusal::DeliveryElsewhere => plain(Kind::DeliveryElsewhere),
        Refusal::ClaimLost => plain(Kind::ClaimLost),
        Refusal::FileUnfetched { file } => named(Kind::FileUnfetched, file),
        Refusal::RetentionOver => plain(Kind::RetentionOver),
        Refusal::DeliveryFetched => plain(Kind::DeliveryFetched),
        Refusal::ProfileLacks => plain(Kind::ProfileLacks),
    }
}

/// A limit of size, by what it limits.
fn size_limit(max: usize) -> String {
    let megabytes = max / (1024 * 1024);
    match max {
        hub::FILE_BYTES_MAX => {
            format!("1ファイル {megabytes} MBまで / at most {megabytes} MB a file")
        }
        _ => format!("1回の送信 {megabytes} MBまで / at most {megabytes} MB a sending"),
    }
}

/// The day in Japan.
fn date(time: OffsetDateTime) -> String {
    let day = time.to_offset(offset!(+9)).date();
    format!("～ {day}")
}
