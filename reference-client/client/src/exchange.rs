//! The seam for those who watch: every exchange of HTTP, how far a transfer is, every wait.
//!
//! Invariant: no password, token, private key or message passes through here. Whatever is shown of a
//! body is one JSON value: what was parsed, with the secret members replaced, or a count of bytes.

use std::time::Duration;

use careplan_protocol::is_secret_member;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;

use crate::ClientError;

/// Who watches a terminal at work. Called on the way: it should return quickly.
pub trait Observer: Send + Sync {
    /// A request was answered, or failed.
    fn exchange(&self, exchange: &Exchange) {
        let _ = exchange;
    }

    /// A transfer went on.
    fn progress(&self, progress: Progress) {
        let _ = progress;
    }

    /// An attempt failed, and another follows after this wait.
    fn waiting(&self, wait: Duration, why: &ClientError) {
        let _ = (wait, why);
    }

    /// The password was changed at the CA: the new one counts, whatever becomes of the rest.
    fn password_changed(&self) {}
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}

/// One request and what became of it, without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// `GET`, `POST`, …
    pub method: String,
    /// The whole address.
    pub url: String,
    /// The request's headers; the authorization is replaced.
    pub request_headers: Vec<(String, String)>,
    /// The request's body: JSON without secrets; of a sending, its head with names and sizes of files.
    pub request_body: String,
    /// The answer's status, if an answer came.
    pub status: Option<u16>,
    /// The answer's headers.
    pub response_headers: Vec<(String, String)>,
    /// The answer's body: JSON without secrets, or a count of bytes as a JSON text.
    pub response_body: String,
    /// Why no answer came.
    pub failure: Option<String>,
    /// How long it took.
    pub milliseconds: u64,
}

/// Which way bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the hub.
    Sending,
    /// From the hub.
    Fetching,
}

/// How far a transfer is. An attempt that begins again begins at 0 again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which way.
    pub direction: Direction,
    /// Bytes that are through.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// What stands in the place of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// JSON without its secrets.
pub(crate) fn redact(mut value: Value) -> Value {
    blank(&mut value);
    value
}

/// What a watcher may see of a body: one JSON value, or nothing where there is no body.
pub(crate) fn describe(content_type: &str, body: &[u8]) -> String {
    if body.is_empty() {
        return String::new();
    }
    let json = content_type.contains("json").then(|| serde_json::from_slice(body).ok()).flatten();
    match json {
        Some(value) => redact(value).to_string(),
        None => Value::from(format!("({} bytes)", body.len())).to_string(),
    }
}

fn blank(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if is_secret_member(name) {
                    *member = Value::from(REDACTED);
                } else {
                    blank(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(blank),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_blanked_wherever_they_stand() {
        let value = json!({"user_id": "KJ1", "password": "a", "list": [{"token": "b", "n": 1}]});
        let shown = redact(value).to_string();
        assert!(shown.contains("KJ1") && shown.contains("\"n\":1"), "{shown}");
        assert!(!shown.contains("\"a\"") && !shown.contains("\"b\""), "{shown}");
        let nested = json!({"token": {"a": ["c"]}, "message": ["d"]});
        assert_eq!(redact(nested), json!({"token": REDACTED, "message": REDACTED}));
    }

    #[test]
    fn a_body_that_is_not_json_is_counted_not_shown() {
        assert_eq!(describe("text/csv", b"secret"), "\"(6 bytes)\"");
        assert_eq!(describe("application/json", b"{broken token"), "\"(13 bytes)\"");
        assert_eq!(describe("application/problem+json", b"{\"status\":403}"), "{\"status\":403}");
        assert_eq!(describe("", b""), "");
    }
}
