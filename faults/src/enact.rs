//! What a fault does to a request and its answer.

use std::{fmt, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use careplan_protocol::{
    Problem, ProblemKind,
    faults::{Arming, FaultKind},
    hub::{FILE_SHA256, SUBMISSION_BYTES_MAX},
};
use serde_json::Value;
use time::{
    OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description,
};
use tokio::time::sleep;

use crate::{Shot, body, list};

/// The largest body that is handled twice.
const BODY_BYTES_MAX: usize = SUBMISSION_BYTES_MAX + 1024 * 1024;
/// A page as proxies and portals make them.
const PAGE: &str = "<html><head><title>Error</title></head><body>proxy error</body></html>";

/// The mark on an answer that is never sent: whoever serves the connection closes it instead.
#[derive(Debug, Clone, Copy)]
pub struct HangUp;

impl HangUp {
    /// The answer, unless the connection is to be closed instead of it.
    ///
    /// # Errors
    /// The connection is to be closed.
    pub fn heed(response: Response) -> Result<Response, Self> {
        if response.extensions().get::<Self>().is_some() { Err(Self) } else { Ok(response) }
    }

    fn response() -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(Self);
        response
    }
}

impl fmt::Display for HangUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault that was armed closes the connection")
    }
}

impl std::error::Error for HangUp {}

/// Lets a fault act upon a request on its way to its handler and upon the answer on its way back.
/// What only the service itself can do is left to it: it is done to neither.
pub async fn enact(shot: &Shot, now: OffsetDateTime, request: Request, next: Next) -> Response {
    let wait = Duration::from_millis(shot.arming.wait_ms);
    match shot.arming.fault {
        FaultKind::Gateway502 => page(StatusCode::BAD_GATEWAY),
        FaultKind::RequestDrop | FaultKind::CaDrop => HangUp::response(),
        FaultKind::RequestStall | FaultKind::CaLoginSlow => {
            sleep(wait).await;
            next.run(request).await
        }
        FaultKind::UploadSlow => {
            let slowly = request.map(|taken| body::slowly_taken(taken, wait));
            next.run(slowly).await
        }
        FaultKind::UploadCut => {
            let length = request.headers().get(header::CONTENT_LENGTH);
            let length: usize =
                length.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0);
            body::read_some(request.into_body(), length / 2).await;
            HangUp::response()
        }
        FaultKind::RequestTwice => twice(request, next).await,
        fault => match refusal(fault) {
            Some(kind) => refuse(kind, &shot.arming, now),
            None => answered(shot, now, next.run(request).await).await,
        },
    }
}

/// A refusal with `Retry-After` as it was armed.
pub fn refuse(kind: ProblemKind, arming: &Arming, now: OffsetDateTime) -> Response {
    let problem = Problem::new(kind);
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let text = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Problem::MEDIA_TYPE));
    let has_wait = matches!(status.as_u16(), 429 | 500 | 503) && 0 < arming.retry_after;
    if has_wait && arming.as_date {
        let then = now + time::Duration::seconds(arming.retry_after.into());
        set_date(headers, header::RETRY_AFTER, then);
        set_date(headers, header::DATE, now);
    } else if has_wait {
        headers.insert(header::RETRY_AFTER, arming.retry_after.into());
    }
    response
}

/// What a fault that refuses says.
fn refusal(fault: FaultKind) -> Option<ProblemKind> {
    match fault {
        FaultKind::Refuse429 => Some(ProblemKind::TooManyRequests),
        FaultKind::Refuse500 => Some(ProblemKind::Internal),
        FaultKind::Refuse503 | FaultKind::CaLoginDown | FaultKind::CaListAway => {
            Some(ProblemKind::Unavailable)
        }
        FaultKind::StorageFull => Some(ProblemKind::StorageFull),
        _ => None,
    }
}

/// What becomes of the answer to a request that was handled.
async fn answered(shot: &Shot, now: OffsetDateTime, response: Response) -> Response {
    let wait = Duration::from_millis(shot.arming.wait_ms);
    if is_endless(&response) {
        return response;
    }
    match shot.arming.fault {
        FaultKind::AnswerLost => HangUp::response(),
        FaultKind::AnswerLate => {
            sleep(wait).await;
            response
        }
        FaultKind::Answer500 => {
            refuse(ProblemKind::Internal, &Arming { retry_after: 0, ..shot.arming.clone() }, now)
        }
        FaultKind::Gateway504 => page(StatusCode::GATEWAY_TIMEOUT),
        FaultKind::KeepAliveOff => {
            with_header(response, header::CONNECTION, HeaderValue::from_static("close"))
        }
        FaultKind::AnswerCut => with_body(response, body::cut).await,
        FaultKind::AnswerStall => with_body(response, |bytes| body::halting(bytes, wait)).await,
        FaultKind::AnswerSlow => with_body(response, |bytes| body::slow(&bytes, wait)).await,
        FaultKind::ClockSkew => skewed(shot, now, response).await,
        // The rest is done to what was asked for, not to a refusal.
        _ if !response.status().is_success() => response,
        FaultKind::AnswerGarbled => page(StatusCode::OK),
        FaultKind::AnswerFields => with_json(response, list::add_unknown).await,
        FaultKind::ListDuplicates => with_json(response, list::duplicate).await,
        FaultKind::ListReorder => {
            with_json(response, |answer| list::reorder(answer, shot.dice)).await
        }
        FaultKind::ListStale => with_json(response, list::omit_newest).await,
        FaultKind::ListTinyPages => with_json(response, list::cut_to_one).await,
        FaultKind::SessionBrief => with_json(response, |answer| end_at(answer, |_| now)).await,
        FaultKind::DownloadShort => shortened(response, shot.dice).await,
        FaultKind::DownloadCorrupt => corrupted(response, shot.dice).await,
        FaultKind::DigestWrong => {
            let other = format!("{:064x}", shot.dice);
            let other = HeaderValue::from_str(&other).ok();
            let name = HeaderName::from_static(FILE_SHA256);
            other.map_or_else(Response::default, |other| with_header(response, name, other))
        }
        _ => response,
    }
}

/// Whether the answer is a stream of notices, which has no end that could be waited for.
fn is_endless(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

async fn twice(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_BYTES_MAX).await else { return HangUp::response() };
    let copy = || Request::from_parts(head.clone(), Body::from(bytes.clone()));
    next.clone().run(copy()).await;
    next.run(copy()).await
}

/// An answer of a machine in between.
fn page(status: StatusCode) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html")], PAGE).into_response()
}

fn with_header(mut response: Response, name: HeaderName, value: HeaderValue) -> Response {
    response.headers_mut().insert(name, value);
    response
}

/// The answer with its bytes sent in another way. Its length is said as it was.
async fn with_body(response: Response, send: impl FnOnce(Bytes) -> Body) -> Response {
    let Some((mut response, bytes)) = opened(response).await else { return HangUp::response() };
    response.headers_mut().insert(header::CONTENT_LENGTH, bytes.len().into());
    response.map(|_| send(bytes))
}

async fn with_json(response: Response, change: impl FnOnce(&mut Value)) -> Response {
    let Some((response, bytes)) = opened(response).await else { return HangUp::response() };
    let changed = match serde_json::from_slice(&bytes) {
        Ok(mut answer) => {
            change(&mut answer);
            Bytes::from(answer.to_string())
        }
        Err(_) => bytes,
    };
    response.map(|_| Body::from(changed))
}

async fn shortened(response: Response, dice: u64) -> Response {
    let Some((response, bytes)) = opened(response).await else { return HangUp::response() };
    response.map(|_| Body::from(bytes.slice(..place(dice, bytes.len()))))
}

async fn corrupted(response: Response, dice: u64) -> Response {
    let Some((response, bytes)) = opened(response).await else { return HangUp::response() };
    let mut changed = bytes.to_vec();
    if let Some(byte) = changed.get_mut(place(dice, bytes.len())) {
        *byte ^= 0x20;
    }
    response.map(|_| Body::from(changed))
}

async fn skewed(shot: &Shot, now: OffsetDateTime, response: Response) -> Response {
    let by = time::Duration::seconds(shot.arming.shift_s);
    let is_json = response.status().is_success()
        && response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == "application/json");
    let mut response = match is_json {
        true => with_json(response, |answer| end_at(answer, |end| end + by)).await,
        false => response,
    };
    set_date(response.headers_mut(), header::DATE, now + by);
    response
}

/// Changes when a session is said to end, if the answer is one.
fn end_at(answer: &mut Value, change: impl FnOnce(OffsetDateTime) -> OffsetDateTime) {
    let end = answer.get("expires_at").and_then(Value::as_str);
    let end = end.and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
    let changed = end.and_then(|end| change(end).format(&Rfc3339).ok());
    if let Some(changed) = changed {
        answer["expires_at"] = Value::from(changed);
    }
}

/// The answer without its body and length, and the body; none if the body breaks off.
async fn opened(response: Response) -> Option<(Response, Bytes)> {
    let (mut head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.ok()?;
    head.headers.remove(header::CONTENT_LENGTH);
    Some((Response::from_parts(head, Body::empty()), bytes))
}

/// A place in so many bytes, by chance; before the last of them.
fn place(dice: u64, length: usize) -> usize {
    usize::try_from(dice % (length as u64).max(1)).unwrap_or(0)
}

/// Writes an HTTP date (RFC 9110, 5.6.7).
fn set_date(headers: &mut HeaderMap, name: HeaderName, at: OffsetDateTime) {
    let form = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let text = at.to_offset(UtcOffset::UTC).format(form).ok();
    if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(name, value);
    }
}
