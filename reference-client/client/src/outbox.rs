//! What is on its way, and what has arrived.
//!
//! Invariant: an entry is complete on the disk before its first attempt, and leaves the outbox only
//! after the sent list has it. A crash between the two sends again, with the same key, which the
//! hub answers with the first answer.
//!
//! What went out along with another sending stays for a day, without its copies and in no list:
//! whoever was told that it waits, and hands it in again, is answered with what has arrived.

use std::{
    fs,
    path::{Path, PathBuf},
};

use careplan_protocol::{
    IdempotencyKey, Party, Problem,
    hub::{Submission, SubmissionMeta},
};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::{
    ClientError, durable, home,
    home::Home,
    sending::Sending,
    upload::{Upload, UploadFile},
};

const ENTRY: &str = "entry.json";
const FILES: &str = "files";
/// What the folder of an entry is called before it is complete, and after it is done with.
const FRESH: &str = ".new-";
const DONE: &str = ".done-";

/// How long handing in again what went out along with another sending means that same sending. The
/// same words next month are a new one.
const ASKED_FOR_WITHIN: Duration = Duration::DAY;

/// A sending that the hub has not taken yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// The same for every attempt.
    pub key: IdempotencyKey,
    /// When it was handed to this terminal.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Message and, if it was chosen by hand, the destination.
    pub meta: SubmissionMeta,
    /// 送信先, if this side could tell.
    pub to: Option<Party>,
    /// Its files, in the order sent.
    pub files: Vec<OutboxFile>,
    /// CSVバージョン値 that the recipient's software has to take; none if that is left to it.
    #[serde(default)]
    pub versions: Vec<String>,
    /// Whether an attempt was begun: the hub may have it, though no answer came.
    #[serde(default)]
    pub tried: bool,
    /// Whether it will be tried again.
    pub state: OutboxState,
    /// That the hub has taken it along with another sending; nobody has asked for it since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) taken_along: Option<TakenAlong>,
}

/// What became of a sending that went out along with another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TakenAlong {
    /// When the hub's answer came.
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) at: OffsetDateTime,
    pub(crate) submission: Submission,
}

/// A file of a sending that is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// The SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
}

/// Whether a sending will be tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutboxState {
    /// The next send or resume tries it.
    Pending,
    /// The hub refused it. Kept until it is sent anew or discarded.
    Refused(Box<Problem>),
}

/// A line of the sent list, which this terminal alone has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentEntry {
    /// The key that it was sent with.
    pub key: IdempotencyKey,
    /// What the hub said of it last.
    pub submission: Submission,
}

/// The outbox and the sent list in a terminal's folder.
pub(crate) struct Outbox {
    outbox: PathBuf,
    sent: PathBuf,
}

impl Outbox {
    pub(crate) fn new(home: &Home) -> Self {
        Self { outbox: home.path(home::OUTBOX), sent: home.path(home::SENT) }
    }

    /// Removes what a crash left of entries that were never complete, or were already done with.
    pub(crate) fn sweep(&self) -> Result<(), ClientError> {
        for path in list(&self.outbox)?.into_iter().filter(|path| is_leftover(path)) {
            fs::remove_dir_all(&path).map_err(|error| ClientError::io(&path, &error))?;
        }
        Ok(())
    }

    /// Takes a sending in, with the versions that the recipient's software has to take. The same
    /// content that still waits, or was taken along and not asked for since, is the same sending; one
    /// that was refused makes way for its new attempt.
    pub(crate) fn take_in(
        &self,
        sending: &Sending,
        versions: Vec<String>,
        now: OffsetDateTime,
    ) -> Result<OutboxEntry, ClientError> {
        let entry = OutboxEntry { versions, ..entry_for(sending, now)? };
        let same: Vec<_> = self
            .all_since(now)?
            .into_iter()
            .filter(|other| other.is_same_sending(&entry))
            .collect();
        if let Some(known) = same.iter().find(|other| other.state == OutboxState::Pending) {
            return self.waiting_on(known, entry.versions);
        }
        self.store(&entry, sending)?;
        for refused in &same {
            self.remove(&refused.key)?;
        }
        Ok(entry)
    }

    /// What waits already, to go out as it is handed in now: looked at or not.
    fn waiting_on(
        &self,
        waiting: &OutboxEntry,
        versions: Vec<String>,
    ) -> Result<OutboxEntry, ClientError> {
        let entry = OutboxEntry { versions, ..waiting.clone() };
        if entry != *waiting {
            home::write(&self.folder(&entry.key).join(ENTRY), &entry)?;
        }
        Ok(entry)
    }

    /// What is in the outbox, oldest first.
    pub(crate) fn entries(&self) -> Result<Vec<OutboxEntry>, ClientError> {
        let mut entries = self.all()?;
        entries.retain(|entry| entry.taken_along.is_none());
        Ok(entries)
    }

    /// All there is, but for what was taken along too long ago: that goes.
    fn all_since(&self, now: OffsetDateTime) -> Result<Vec<OutboxEntry>, ClientError> {
        let is_over = |entry: &OutboxEntry| {
            entry.taken_along.as_ref().is_some_and(|taken| taken.at + ASKED_FOR_WITHIN <= now)
        };
        let (over, entries): (Vec<_>, Vec<_>) = self.all()?.into_iter().partition(is_over);
        over.iter().try_for_each(|entry| self.remove(&entry.key))?;
        Ok(entries)
    }

    fn all(&self) -> Result<Vec<OutboxEntry>, ClientError> {
        let mut entries = Vec::new();
        for folder in list(&self.outbox)?.into_iter().filter(|path| !is_hidden(path)) {
            let path = folder.join(ENTRY);
            let entry: OutboxEntry =
                home::read(&path)?.ok_or_else(|| home::damaged(&path, &"missing"))?;
            if folder.file_name().is_none_or(|name| name != entry.key.as_str()) {
                return Err(home::damaged(&path, &"key"));
            }
            entries.push(entry);
        }
        entries.sort_by(|a, b| (a.created_at, &a.key).cmp(&(b.created_at, &b.key)));
        Ok(entries)
    }

    /// What to send, after a look at the copies: they must still be what was handed in.
    pub(crate) fn upload(&self, entry: &OutboxEntry) -> Result<Upload, ClientError> {
        let mut files = Vec::new();
        for (at, file) in entry.files.iter().enumerate() {
            let copy = copy_path(&self.folder(&entry.key), at);
            let bytes = fs::read(&copy).map_err(|error| ClientError::io(&copy, &error))?;
            if durable::sha256(&bytes) != file.sha256 {
                return Err(home::damaged(&copy, &"SHA-256"));
            }
            files.push(UploadFile { name: file.name.clone(), copy, size: file.size });
        }
        Ok(Upload { key: entry.key.clone(), meta: entry.meta.clone(), files })
    }

    /// Notes that an attempt begins, before the hub can hear of it.
    pub(crate) fn begin(&self, entry: &OutboxEntry) -> Result<(), ClientError> {
        if entry.tried {
            return Ok(());
        }
        let entry = OutboxEntry { tried: true, ..entry.clone() };
        home::write(&self.folder(&entry.key).join(ENTRY), &entry)
    }

    /// Keeps a refused sending, with the reason.
    pub(crate) fn refuse(&self, entry: &OutboxEntry, why: &Problem) -> Result<(), ClientError> {
        let state = OutboxState::Refused(Box::new(why.clone()));
        home::write(&self.folder(&entry.key).join(ENTRY), &OutboxEntry { state, ..entry.clone() })
    }

    /// Moves a sending that the hub has taken to the sent list. Its copies go.
    pub(crate) fn settle(
        &self,
        key: &IdempotencyKey,
        taken: &Submission,
    ) -> Result<(), ClientError> {
        self.write_sent(&SentEntry { key: key.clone(), submission: taken.clone() })?;
        self.remove(key)
    }

    /// As [`settle`](Self::settle), for a sending that nobody asked for just now: the answer is kept
    /// for whoever does.
    pub(crate) fn settle_along(
        &self,
        entry: &OutboxEntry,
        taken: &Submission,
        now: OffsetDateTime,
    ) -> Result<(), ClientError> {
        self.write_sent(&SentEntry { key: entry.key.clone(), submission: taken.clone() })?;
        let taken_along = Some(TakenAlong { at: now, submission: taken.clone() });
        let folder = self.folder(&entry.key);
        home::write(&folder.join(ENTRY), &OutboxEntry { taken_along, ..entry.clone() })?;
        let copies = folder.join(FILES);
        fs::remove_dir_all(&copies).map_err(|error| ClientError::io(&copies, &error))
    }

    /// Removes an entry, whatever its state.
    pub(crate) fn remove(&self, key: &IdempotencyKey) -> Result<(), ClientError> {
        let (folder, done) = (self.folder(key), self.outbox.join(format!("{DONE}{key}")));
        durable::rename(&folder, &done)
            .and_then(|()| fs::remove_dir_all(&done))
            .map_err(|error| ClientError::io(&folder, &error))
    }

    /// The sent list, newest first.
    pub(crate) fn sent(&self) -> Result<Vec<SentEntry>, ClientError> {
        let mut sent = Vec::new();
        for path in list(&self.sent)?.into_iter().filter(|path| !is_hidden(path)) {
            let entry: Option<SentEntry> = home::read(&path)?;
            sent.extend(entry);
        }
        sent.sort_by_key(|entry| std::cmp::Reverse(entry.submission.submitted_at));
        Ok(sent)
    }

    pub(crate) fn write_sent(&self, entry: &SentEntry) -> Result<(), ClientError> {
        home::write(&self.sent.join(format!("{}.json", entry.submission.id)), entry)
    }

    /// Writes an entry beside the others and lets it appear at once.
    fn store(&self, entry: &OutboxEntry, sending: &Sending) -> Result<(), ClientError> {
        let fresh = self.outbox.join(format!("{FRESH}{}", entry.key));
        let unusable = |error| ClientError::io(&fresh, &error);
        durable::create_folder(&fresh.join(FILES)).map_err(unusable)?;
        for (at, file) in sending.files.iter().enumerate() {
            durable::write_new(&copy_path(&fresh, at), &file.bytes).map_err(unusable)?;
        }
        durable::sync_folder(&fresh.join(FILES)).map_err(unusable)?;
        home::write(&fresh.join(ENTRY), entry)?;
        durable::rename(&fresh, &self.folder(&entry.key)).map_err(unusable)
    }

    fn folder(&self, key: &IdempotencyKey) -> PathBuf {
        self.outbox.join(key.as_str())
    }
}

impl OutboxEntry {
    fn is_same_sending(&self, other: &Self) -> bool {
        self.meta == other.meta && self.files == other.files
    }
}

fn entry_for(sending: &Sending, now: OffsetDateTime) -> Result<OutboxEntry, ClientError> {
    let name = durable::random_name().map_err(|error| ClientError::Ours(error.to_string()))?;
    let key = IdempotencyKey::parse(&name).map_err(|error| ClientError::Ours(error.to_string()))?;
    let file = |file: &crate::SendingFile| OutboxFile {
        name: file.name.clone(),
        size: file.bytes.len() as u64,
        sha256: durable::sha256(&file.bytes),
    };
    Ok(OutboxEntry {
        key,
        created_at: now,
        meta: SubmissionMeta {
            message: sending.message.clone(),
            destination: sending.destination.clone(),
        },
        to: sending.recipient().ok(),
        files: sending.files.iter().map(file).collect(),
        versions: Vec::new(),
        tried: false,
        state: OutboxState::Pending,
        taken_along: None,
    })
}

/// Copies are numbered: a name that the hub takes need not be one that this disk takes.
fn copy_path(folder: &Path, at: usize) -> PathBuf {
    folder.join(FILES).join(format!("{:03}", at + 1))
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn is_leftover(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.starts_with(FRESH) || name.starts_with(DONE)
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, ClientError> {
    durable::entries(folder).map_err(|error| ClientError::io(folder, &error))
}

#[cfg(test)]
mod tests {
    use careplan_protocol::{ProblemKind, hub::DeliveryState};
    use time::macros::datetime;

    use super::*;
    use crate::SendingFile;

    const NOW: OffsetDateTime = datetime!(2025-04-28 17:15 +9);

    fn outbox() -> (tempfile::TempDir, Outbox) {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::open_or_create(folder.path()).expect("a home");
        (folder, Outbox::new(&home))
    }

    fn letter(content: &str) -> Sending {
        let bytes = content.as_bytes().to_vec();
        Sending::new(vec![SendingFile { name: "../手紙.pdf".to_owned(), bytes }])
    }

    #[test]
    fn what_was_taken_in_is_there_to_be_sent() {
        let (_folder, outbox) = outbox();
        let entry = outbox.take_in(&letter("a"), vec![], NOW).expect("takes in");
        assert_eq!(outbox.entries().expect("lists"), std::slice::from_ref(&entry));
        let upload = outbox.upload(&entry).expect("intact");
        assert_eq!((upload.size(), upload.files[0].name.as_str()), (1, "../手紙.pdf"));
        assert_eq!(upload.key, entry.key);
    }

    #[test]
    fn the_same_sending_handed_in_again_is_the_same_entry_while_it_waits() {
        let (_folder, outbox) = outbox();
        let first = outbox.take_in(&letter("a"), vec![], NOW).expect("takes in");
        assert_eq!(outbox.take_in(&letter("a"), vec![], NOW).expect("knows it").key, first.key);
        assert_ne!(outbox.take_in(&letter("b"), vec![], NOW).expect("takes in").key, first.key);
    }

    #[test]
    fn what_was_taken_along_is_in_no_list_and_the_answer_to_the_same_sending_for_a_day() {
        let (_folder, outbox) = outbox();
        let first = outbox.take_in(&letter("a"), vec![], NOW).expect("takes in");
        let taken = submission();
        outbox.settle_along(&first, &taken, NOW).expect("settles");
        assert_eq!(outbox.entries().expect("lists"), [], "it waits no longer");
        assert_eq!(outbox.sent().expect("lists")[0].submission, taken);
        assert!(!outbox.folder(&first.key).join(FILES).exists(), "no copies stay");

        let soon = NOW + ASKED_FOR_WITHIN - Duration::SECOND;
        let known = outbox.take_in(&letter("a"), vec![], soon).expect("knows it");
        assert_eq!(known.taken_along, Some(TakenAlong { at: NOW, submission: taken }));
        let other = outbox.take_in(&letter("b"), vec![], soon).expect("takes in");
        assert_eq!(other.taken_along, None);

        let late = NOW + ASKED_FOR_WITHIN;
        let anew = outbox.take_in(&letter("a"), vec![], late).expect("takes in");
        assert_eq!((anew.taken_along, anew.key == first.key), (None, false), "a new sending");
        assert!(!outbox.folder(&first.key).exists(), "and the old one is forgotten");
    }

    fn submission() -> Submission {
        let party = || Party { office: "2770200036".parse().expect("an office"), kind: None };
        Submission {
            id: "s-1".parse().expect("an id"),
            submitted_at: NOW,
            from: party(),
            to: party(),
            to_name: String::new(),
            message: String::new(),
            files: Vec::new(),
            state: DeliveryState::Waiting,
            fetched_at: None,
            findings: Vec::new(),
        }
    }

    #[test]
    fn a_refused_sending_is_kept_until_it_is_sent_anew() {
        let (_folder, outbox) = outbox();
        let first = outbox.take_in(&letter("a"), vec![], NOW).expect("takes in");
        let why = Problem::new(ProblemKind::LicenceMissing);
        outbox.refuse(&first, &why).expect("keeps");
        let kept = outbox.entries().expect("lists");
        assert_eq!(kept[0].state, OutboxState::Refused(Box::new(why)));
        let second = outbox.take_in(&letter("a"), vec![], NOW).expect("takes in");
        assert_ne!(second.key, first.key, "the hub may remember the refusal by its key");
        assert_eq!(outbox.entries().expect("lists"), [second]);
    }

    #[test]
    fn what_waits_goes_out_as_it_was_handed_in_last() {
        let (_folder, outbox) = outbox();
        let looked_at = outbox.take_in(&letter("a"), vec!["202407".to_owned()], NOW);
        let looked_at = looked_at.expect("takes in");
        assert_eq!(looked_at.versions, ["202407"]);
        let unchecked = outbox.take_in(&letter("a"), vec![], NOW).expect("knows it");
        assert_eq!(unchecked, OutboxEntry { versions: vec![], ..looked_at });
        assert_eq!(outbox.entries().expect("lists"), [unchecked], "a restart knows it, too");
    }

    #[test]
    fn half_an_entry_left_by_a_crash_is_swept() {
        let (_folder, outbox) = outbox();
        durable::create_folder(&outbox.outbox.join(".new-x").join(FILES)).expect("makes");
        outbox.sweep().expect("sweeps");
        assert_eq!(list(&outbox.outbox).expect("lists"), [] as [PathBuf; 0]);
    }

    #[test]
    fn a_damaged_copy_is_not_sent() {
        let (_folder, outbox) = outbox();
        let entry = outbox.take_in(&letter("a"), vec![], NOW).expect("takes in");
        let copy = copy_path(&outbox.folder(&entry.key), 0);
        fs::write(&copy, "b").expect("damages");
        let error = outbox.upload(&entry).err().expect("refused");
        assert!(error.to_string().contains(&copy.display().to_string()), "{error}");
    }
}
