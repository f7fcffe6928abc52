//! The audit log: who did what, when, and what came of it.
//!
//! A file of JSON lines that only grows. Each line names the digest of the one before, and ends with
//! its own: a line that is changed, taken out or put in breaks the chain from there on. What nobody
//! can see from the file alone is that its end was cut off; whoever needs to know that notes the
//! last digest elsewhere. No line holds a person's data, a message, or anything of a file, its name
//! included.

mod recorder;
mod verify;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use crate::secrets::hex;

pub use verify::{Broken, Report, read, verify};

pub(crate) use recorder::Recorder;

/// What the first line names in place of the line before.
const NOTHING_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// What precedes a line's own digest.
const HASH_MEMBER: &str = ",\"hash\":\"";

/// What [`Note::what`] says of the hub itself.
pub(crate) mod own {
    /// The hub has started.
    pub(crate) const STARTED: &str = "started";
    /// The hub was ended.
    pub(crate) const ENDED: &str = "ended";
    /// The file ended within a line; the digest of what was torn is in `on`.
    pub(crate) const RECOVERED: &str = "recovered";
    /// So many notes, in `on`, could not be written.
    pub(crate) const LOST: &str = "lost";
    /// A connection that never came to a request.
    pub(crate) const CONNECTION: &str = "connection";
}

/// What is noted of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When, by the stack's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// What: method and path of the request, or an event of the hub's own.
    pub what: String,
    /// Who: the office, as its certificate says; `operator` at the admin listener.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// From which terminal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<String>,
    /// On which sending, delivery or other thing with an identifier. Of a claim: the deliveries that
    /// the terminal was told of, with a space between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// `ok`, or the problem's identifier.
    pub result: String,
    /// The answer's HTTP status, where there was an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// A line, without its own digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the file, from 1; torn lines do not count.
    pub number: u64,
    /// What happened.
    #[serde(flatten)]
    pub note: Note,
    /// The digest of the line before.
    pub before: String,
}

/// The end of the chain: where the next line is attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    number: u64,
    hash: String,
}

impl Link {
    fn first() -> Self {
        Self { number: 0, hash: NOTHING_BEFORE.to_owned() }
    }

    /// Writes the line that follows, with its line end, and moves on to it.
    fn attach(&mut self, note: Note) -> serde_json::Result<String> {
        let entry = Entry { number: self.number + 1, note, before: self.hash.clone() };
        let body = serde_json::to_string(&entry)?;
        let hash = digest(body.as_bytes());
        let line = format!("{}{HASH_MEMBER}{hash}\"}}\n", &body[..body.len() - 1]);
        *self = Self { number: entry.number, hash };
        Ok(line)
    }

    /// Reads the line that follows and moves on to it; none if it is not the one that follows.
    fn follow(&mut self, line: &[u8]) -> Option<Entry> {
        let (entry, link) = open(line)?;
        if entry.number != self.number + 1 || entry.before != self.hash {
            return None;
        }
        *self = link;
        Some(entry)
    }
}

/// Reads a line whose own digest is right.
fn open(line: &[u8]) -> Option<(Entry, Link)> {
    let (body, hash) = std::str::from_utf8(line).ok()?.rsplit_once(HASH_MEMBER)?;
    let hash = hash.strip_suffix("\"}")?;
    let body = format!("{body}}}");
    if digest(body.as_bytes()) != hash {
        return None;
    }
    let entry: Entry = serde_json::from_str(&body).ok()?;
    let link = Link { number: entry.number, hash: hash.to_owned() };
    Some((entry, link))
}

fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
