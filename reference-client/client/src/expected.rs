//! What an answer has to be. One that is something else is no answer, and is asked for again.

use careplan_protocol::hub::{FILE_BYTES_MAX, FILE_SHA256, File};
use reqwest::header;
use serde::de::IgnoredAny;

use crate::{ClientError, durable, wire::Answer};

/// What a request expects of a success.
#[derive(Clone, Copy)]
pub(crate) enum Expected<'a> {
    /// JSON, or nothing at all where the status says so.
    Json,
    /// The bytes of this file.
    File(&'a File),
}

impl Expected<'_> {
    /// Whether the answer is that.
    ///
    /// # Errors
    /// [`ClientError::Answer`]: it is not.
    pub(crate) fn check(self, answer: &Answer) -> Result<(), ClientError> {
        match self {
            Self::Json => is_json(answer),
            Self::File(file) => verify(answer, file),
        }
    }

    /// How many bytes of a file are expected.
    pub(crate) fn file_bytes(self) -> Option<u64> {
        match self {
            Self::File(file) => Some(file.size.min(FILE_BYTES_MAX as u64)),
            Self::Json => None,
        }
    }
}

fn is_json(answer: &Answer) -> Result<(), ClientError> {
    if answer.body.is_empty() || serde_json::from_slice::<IgnoredAny>(&answer.body).is_ok() {
        return Ok(());
    }
    Err(ClientError::answer(&answer.url, "JSONではありません", "not JSON"))
}

/// Whether these are the bytes that were sent, by the delivery and by the answer's own header.
fn verify(answer: &Answer, file: &File) -> Result<(), ClientError> {
    let sha256 = durable::sha256(&answer.body);
    let said = answer.headers.get(header::HeaderName::from_static(FILE_SHA256));
    let said = said.and_then(|value| value.to_str().ok());
    let is_whole = answer.body.len() as u64 == file.size;
    if is_whole && sha256 == file.sha256 && said == Some(&sha256) {
        return Ok(());
    }
    Err(ClientError::answer(
        &answer.url,
        format!("{} が送信されたものと違います（大きさまたはSHA-256）", file.name),
        format!("{} is not what was sent (size or SHA-256)", file.name),
    ))
}
