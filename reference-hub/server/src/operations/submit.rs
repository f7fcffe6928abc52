//! 送信: reads a sending while it arrives, has it examined, and keeps it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Extension, Json,
    body::{Body, Bytes},
    extract::{
        FromRequest, Multipart, Request, State,
        multipart::{Field, MultipartError},
    },
    http::{HeaderMap, StatusCode, header},
};
use careplan_protocol::{
    IdempotencyKey, ProblemKind,
    hub::{self, IDEMPOTENCY_KEY, Submission, SubmissionMeta},
};
use futures::{StreamExt as _, stream};
use hub_relay::{
    CheckLevel, DeliveryId, Digest, Draft, DraftFile, Examined, Limits, SubmissionId, Submit,
    examine_at,
};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::disposition::file_name;
use crate::{
    http::{Answer, App, BODY_GRACE, Members, Visitor, malformed, within},
    problems::Rejection,
    records::Trail,
    room::Full,
    secrets, wire,
};

/// How large the body may be: the files, and what stands around them.
pub(crate) const BODY_BYTES_MAX: usize =
    hub::SUBMISSION_BYTES_MAX + META_BYTES_MAX + hub::SUBMISSION_FILES_MAX * PART_HEAD_BYTES;
/// What stands around a file, generously.
const PART_HEAD_BYTES: usize = 2 * 1024;
/// How much may arrive of which the parser makes nothing: it looks through all of that again with
/// every piece that follows.
const UNREAD_BYTES_MAX: usize = 256 * 1024;
/// How large the `meta` part may be.
const META_BYTES_MAX: usize = 16 * 1024;
/// How many bytes of files are examined where they arrived: some hundred microseconds' work.
const EXAMINED_AT_ONCE_MAX: usize = 128 * 1024;
/// After how many seconds a sending for which there was no room may come again.
const ROOM_RETRY_SECONDS: u32 = 5;

const LIMITS: Limits = Limits {
    files_max: hub::SUBMISSION_FILES_MAX,
    file_bytes_max: hub::FILE_BYTES_MAX,
    total_bytes_max: hub::SUBMISSION_BYTES_MAX,
    message_chars_max: hub::MESSAGE_CHARS_MAX,
    name_bytes_max: hub::FILE_NAME_BYTES_MAX,
};

// A message of the longest characters, escaped, still fits.
const _: () = assert!(hub::MESSAGE_CHARS_MAX * 12 + 1024 <= META_BYTES_MAX);

/// The body: `meta` first, as JSON, then a `file` part for each file, with its name in
/// `Content-Disposition`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body to the OpenAPI document")]
pub(crate) struct SubmissionForm {
    meta: SubmissionMeta,
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

/// Takes a sending in. The answer comes when it is kept for good; the same key hears it again.
#[utoipa::path(
    post, path = "/v1/submissions", tag = "submissions",
    params(("idempotency-key" = IdempotencyKey, Header, description = "送信ごとに新しいキー")),
    request_body(content = SubmissionForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "送信を受け付けた", body = Submission))
)]
pub(crate) async fn submit(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Extension(trail): Extension<Trail>,
    request: Request,
) -> Answer<(StatusCode, Json<Submission>)> {
    let key = idempotency_key(request.headers())?;
    let bytes = body_bytes(request.headers());
    let wait = BODY_GRACE + Duration::from_secs(bytes / hub::SLOWEST_BYTES_PER_SECOND);
    // Held until the sending is kept: its files are in memory until then.
    let _space = app.room.find(visitor.caller.office, bytes).await.map_err(full)?;
    let arriving = async {
        let unread = Unread::default();
        let request = begun(request, unread.clone()).await?;
        let parts = Multipart::from_request(request, &app).await.map_err(malformed)?;
        Arrived::read(parts, &unread).await
    };
    let Arrived { meta, files } = within(wait, arriving).await?;
    let content_digest = content_digest(&meta, &files)?;
    let draft = Draft {
        caller: visitor.caller.clone(),
        message: meta.message,
        destination: meta.destination.map(Into::into),
        files,
    };
    let examined = match examined(app.check, draft).await {
        Ok(examined) => examined,
        Err(refusal) => {
            // What was taken once stays taken, whatever today's rules say of its files.
            let repeated = app.store.repeated(visitor.caller.office, key, content_digest);
            let sending = repeated.await?.ok_or(refusal)?;
            trail.on(&sending.submission);
            return Ok((StatusCode::CREATED, Json(wire::submission(sending, app.now())?)));
        }
    };
    let now = app.now();
    let submit = Submit {
        examined,
        key,
        content_digest,
        submission: SubmissionId::new(secrets::new_id(&app.randomness, now)),
        delivery: DeliveryId::new(secrets::new_id(&app.randomness, now)),
    };
    // If the peer leaves while the store commits, this is what is known of it.
    trail.on(&submit.submission);
    let sending = app.store.submit(submit, now).await.inspect_err(|_| trail.on_nothing())?;
    app.notices.poke(sending.to.party.office);
    trail.on(&sending.submission);
    tracing::info!(
        office = %visitor.caller.office,
        terminal = %visitor.caller.terminal,
        submission = %sending.submission,
        to = %sending.to.party,
        files = sending.files.len(),
        "took a sending"
    );
    Ok((StatusCode::CREATED, Json(wire::submission(sending, now)?)))
}

/// The request, once its body has begun with a part. The form allows for anything before the first
/// part, and the parser would look through all of it again with every piece that arrives.
async fn begun(request: Request, unread: Unread) -> Answer<Request> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let boundary = content_type.and_then(|value| multer::parse_boundary(value).ok());
    let start = format!("--{}", boundary.ok_or(ProblemKind::RequestMalformed)?);
    let (head, body) = request.into_parts();
    let mut pieces = body.into_data_stream();
    let mut seen: Vec<Bytes> = Vec::new();
    while seen.iter().map(Bytes::len).sum::<usize>() < start.len() {
        match pieces.next().await {
            Some(Ok(piece)) => seen.push(piece),
            _ => return Err(ProblemKind::RequestMalformed.into()),
        }
    }
    if !seen.iter().flatten().copied().take(start.len()).eq(start.bytes()) {
        return Err(ProblemKind::RequestMalformed.into());
    }
    let whole = stream::iter(seen).map(Ok).chain(pieces);
    let whole = whole.map(move |piece| unread.and_this(piece?));
    Ok(Request::from_parts(head, Body::from_stream(whole)))
}

/// How many bytes arrived of which the parser has made nothing yet.
#[derive(Clone, Default)]
struct Unread(Arc<AtomicUsize>);

impl Unread {
    /// Lets a piece pass, unless too much lies there already.
    fn and_this(&self, piece: Bytes) -> Result<Bytes, axum::Error> {
        match self.0.fetch_add(piece.len(), Ordering::Relaxed) {
            before if before <= UNREAD_BYTES_MAX => Ok(piece),
            _ => Err(axum::Error::new("a part's head that does not end")),
        }
    }

    /// The parser has made something of what arrived.
    fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Examines a sending. Reading files is work for a processor: a large one must not hold up those who
/// wait for the network, and a small one is read in less time than it takes to hand it over.
async fn examined(level: CheckLevel, draft: Draft) -> Answer<Examined> {
    if draft.files.iter().map(|file| file.bytes.len()).sum::<usize>() <= EXAMINED_AT_ONCE_MAX {
        return Ok(examine_at(level, draft, &LIMITS)?);
    }
    match tokio::task::spawn_blocking(move || examine_at(level, draft, &LIMITS)).await {
        Ok(examined) => Ok(examined?),
        Err(error) => {
            tracing::error!(%error, "the examination of a sending failed");
            Err(ProblemKind::Internal.into())
        }
    }
}

/// How large the body may become: the length that it announces, or else the greatest.
fn body_bytes(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse().ok());
    length.unwrap_or(u64::MAX).min(BODY_BYTES_MAX as u64)
}

/// There is no room for a large body now.
fn full(_: Full) -> Rejection {
    Rejection::later(ProblemKind::Unavailable, ROOM_RETRY_SECONDS)
}

fn idempotency_key(headers: &HeaderMap) -> Answer<hub_relay::IdempotencyKey> {
    let value = headers.get(IDEMPOTENCY_KEY).ok_or(ProblemKind::IdempotencyKeyMissing)?;
    let key = value.to_str().ok().and_then(|text| IdempotencyKey::parse(text).ok());
    let key = key.ok_or(ProblemKind::RequestMalformed)?;
    Ok(hub_relay::IdempotencyKey::new(key.as_str()))
}

/// Tells a repetition from another sending: over everything that the client sent, each part with
/// its length, so that no two sendings give the same bytes.
fn content_digest(meta: &SubmissionMeta, files: &[DraftFile]) -> Answer<Digest> {
    let meta = serde_json::to_vec(meta).map_err(|_| ProblemKind::Internal)?;
    let mut digest = Sha256::new();
    let mut add = |part: &[u8]| {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    };
    add(&meta);
    for file in files {
        add(file.name.as_bytes());
        add(&file.sha256);
    }
    Ok(digest.finalize().into())
}

/// The parts of the body.
struct Arrived {
    meta: SubmissionMeta,
    files: Vec<DraftFile>,
}

impl Arrived {
    /// Reads part by part, and stops at the first that is too much.
    async fn read(mut parts: Multipart, unread: &Unread) -> Answer<Self> {
        let first = parts.next_field().await.map_err(broken)?;
        unread.clear();
        let first = first.filter(|part| part.name() == Some("meta"));
        let mut first = first.ok_or(ProblemKind::RequestMalformed)?;
        let mut meta = Vec::new();
        while let Some(chunk) = first.chunk().await.map_err(broken)? {
            meta.extend_from_slice(&chunk);
            if META_BYTES_MAX < meta.len() {
                return Err(ProblemKind::TooLarge.into());
            }
        }
        drop(first);
        let Members(meta) =
            serde_json::from_slice(&meta).map_err(|_| ProblemKind::RequestMalformed)?;
        let mut files = Vec::new();
        let mut total = 0;
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            LIMITS.one_more(files.len())?;
            unread.clear();
            files.push(read_file(part, &mut total, unread).await?);
        }
        Ok(Self { meta, files })
    }
}

async fn read_file(mut part: Field<'_>, total: &mut usize, unread: &Unread) -> Answer<DraftFile> {
    if part.name() != Some("file") {
        return Err(ProblemKind::RequestMalformed.into());
    }
    let disposition = part.headers().get(header::CONTENT_DISPOSITION);
    let name = disposition.and_then(|value| file_name(value.as_bytes()));
    let name = name.ok_or(ProblemKind::FileName)?;
    let mut bytes = Vec::new();
    let mut digest = Sha256::new();
    while let Some(chunk) = part.chunk().await.map_err(broken)? {
        unread.clear();
        *total += chunk.len();
        LIMITS.size(&name, bytes.len() + chunk.len(), *total)?;
        digest.update(&chunk);
        bytes.extend_from_slice(&chunk);
    }
    Ok(DraftFile { name, bytes: bytes.into(), sha256: digest.finalize().into() })
}

fn broken(error: MultipartError) -> Rejection {
    malformed(error)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_body_counts_for_what_it_announces_or_else_for_the_greatest() {
        let bytes = |length: Option<&'static str>| {
            let length = length.map(|length| (header::CONTENT_LENGTH, length));
            let headers = length.map(|(name, length)| (name, HeaderValue::from_static(length)));
            body_bytes(&headers.into_iter().collect())
        };
        assert_eq!(bytes(Some("100")), 100);
        let whole = BODY_BYTES_MAX as u64;
        assert_eq!(bytes(Some("18446744073709551615")), whole, "it is cut off for its size");
        assert_eq!(bytes(Some("many")), whole);
        assert_eq!(bytes(None), whole);
    }
}
