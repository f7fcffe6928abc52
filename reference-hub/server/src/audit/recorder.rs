//! The one who writes the audit log: a thread, so that no request waits for its disk.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use careplan_protocol::Clock;
use serde::de::IgnoredAny;

use super::{Link, Note, digest, open, own};

/// How many notes may wait. Those beyond are counted as lost, and the log says how many.
const QUEUE_NOTES_MAX: usize = 16 * 1024;
/// How many notes are written at once.
const BATCH_NOTES_MAX: usize = 1024;
/// How long notes are collected before they are written: to wake a thread for each of them costs
/// more than to write it.
const COLLECT_FOR: Duration = Duration::from_millis(5);
/// How long what was written may wait until it is on the disk.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// How much may wait while the file cannot be written. Notes beyond are counted as lost.
const PENDING_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How much of a file's end is read to find its last line.
const TAIL_BYTES: u64 = 8 * 1024 * 1024;

/// The way to the thread. Dropping it has everything written first.
#[derive(Debug)]
pub(crate) struct Recorder {
    queue: Mutex<Option<SyncSender<Note>>>,
    lost: AtomicU64,
    clock: Clock,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Recorder {
    /// Opens the file, or makes it for its owner alone, and notes that the hub has started.
    ///
    /// # Errors
    /// The file cannot be opened, is no audit log, or its last line was changed; of the kind
    /// [`WouldBlock`](io::ErrorKind::WouldBlock) if somebody writes to it.
    pub(crate) fn start(path: &Path, clock: Clock) -> io::Result<Self> {
        let mut log = Log::open(path, &clock)?;
        log.write(vec![own_note(&clock, own::STARTED, None)])?;
        log.flush()?;
        let (queue, notes) = sync_channel(QUEUE_NOTES_MAX);
        let thread = thread::Builder::new()
            .name("hub-audit".to_owned())
            .spawn(move || record(&mut log, &notes))?;
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            lost: AtomicU64::new(0),
            clock,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Notes something. It waits for nobody.
    pub(crate) fn note(&self, note: Note) {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(queue) = &*queue else { return };
        let lost = self.lost.swap(0, Ordering::Relaxed);
        let missing = (0 < lost).then(|| own_note(&self.clock, own::LOST, Some(lost.to_string())));
        for note in missing.into_iter().chain([note]) {
            let Err(unheard) = queue.try_send(note) else { continue };
            let (TrySendError::Full(note) | TrySendError::Disconnected(note)) = unheard;
            let lost = if note.what == own::LOST { lost } else { 1 };
            self.lost.fetch_add(lost, Ordering::Relaxed);
            tracing::error!("the audit log does not keep up, or is written no more");
        }
    }

    /// Notes that the hub was ended, and returns when everything is on the disk.
    pub(crate) fn close(&self) {
        self.note(own_note(&self.clock, own::ENDED, None));
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic of the thread has been reported where it happened.
            let _ = thread.join();
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if self.thread.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            self.close();
        }
    }
}

fn own_note(clock: &Clock, what: &str, on: Option<String>) -> Note {
    Note {
        at: clock.now(),
        what: what.to_owned(),
        office: None,
        terminal: None,
        on,
        result: "ok".to_owned(),
        status: None,
    }
}

/// Writes what comes, until nobody is left who could note something.
fn record(log: &mut Log, notes: &Receiver<Note>) {
    let mut flush_at = None;
    loop {
        let wait = flush_at.map_or(FLUSH_EVERY, |at: Instant| at.duration_since(Instant::now()));
        match notes.recv_timeout(wait) {
            Ok(first) => {
                thread::sleep(COLLECT_FOR);
                let more = notes.try_iter().take(BATCH_NOTES_MAX - 1);
                let batch = [first].into_iter().chain(more).collect();
                report(log.write(batch));
                flush_at.get_or_insert_with(|| Instant::now() + FLUSH_EVERY);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return report(log.flush()),
        }
        if flush_at.is_some_and(|at| at <= Instant::now()) {
            report(log.flush());
            flush_at = None;
        }
    }
}

fn report(done: io::Result<()>) {
    if let Err(error) = done {
        tracing::error!(%error, "the audit log cannot be written");
    }
}

/// The file, and the end of its chain.
struct Log {
    file: File,
    /// Held as long as this log is written: two who write would do so over each other's lines.
    _lock: File,
    link: Link,
    /// How long the file is, up to the last whole line.
    length: u64,
    /// Lines that could not be written yet.
    pending: String,
    /// How many notes found no room among them.
    lost: u64,
    clock: Clock,
}

impl Log {
    fn open(path: &Path, clock: &Clock) -> io::Result<Self> {
        let lock = open_private(&lock_path(path))?;
        lock.try_lock()?;
        let mut file = open_private(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        let (link, torn) = last_line(&tail).ok_or_else(|| {
            let what = "the audit log is damaged at its end; check it and move it away";
            io::Error::new(io::ErrorKind::InvalidData, what)
        })?;
        let (pending, clock) = (String::new(), clock.clone());
        let mut log = Self { file, _lock: lock, link, length, pending, lost: 0, clock };
        if !torn.is_empty() {
            log.pending.push('\n');
            log.write(vec![own_note(&log.clock, own::RECOVERED, Some(digest(torn)))])?;
        }
        Ok(log)
    }

    /// Appends lines; those that cannot be written now are tried again with the next.
    fn write(&mut self, notes: Vec<Note>) -> io::Result<()> {
        for note in notes {
            if self.pending.len() < PENDING_BYTES_MAX {
                self.pending.push_str(&self.link.attach(note)?);
            } else {
                self.lost += lost_with(&note);
            }
        }
        self.file.seek(SeekFrom::Start(self.length))?;
        if let Err(error) = self.file.write_all(self.pending.as_bytes()) {
            // Half a line must not stand before the next attempt.
            self.file.set_len(self.length)?;
            return Err(error);
        }
        self.length += self.pending.len() as u64;
        self.pending.clear();
        if 0 < self.lost {
            let lost = std::mem::take(&mut self.lost).to_string();
            let note = own_note(&self.clock, own::LOST, Some(lost));
            self.pending.push_str(&self.link.attach(note)?);
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        while !self.pending.is_empty() {
            self.write(Vec::new())?;
        }
        self.file.sync_data()
    }
}

/// How many notes are lost with this one: it may itself say so of others.
fn lost_with(note: &Note) -> u64 {
    let others = note.on.as_deref().filter(|_| note.what == own::LOST);
    others.and_then(|others| others.parse().ok()).unwrap_or(1)
}

/// A file beside the log: a lock on the log itself would keep readers out on Windows.
fn lock_path(log: &Path) -> PathBuf {
    let mut path = log.as_os_str().to_owned();
    path.push(".lock");
    path.into()
}

/// Opens a file, or makes it for its owner alone.
fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.read(true).write(true).create(true).truncate(false).open(path)
}

/// The last line that is whole, and what stands after it; none if there is a line, but no whole one,
/// or if one was changed: a crash tears a line, and what it leaves is no JSON.
fn last_line(tail: &[u8]) -> Option<(Link, &[u8])> {
    let mut end = tail.len();
    while let Some(line_end) = tail[..end].iter().rposition(|byte| *byte == b'\n') {
        let start = tail[..line_end].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = &tail[start..line_end];
        if let Some((_, link)) = open(line) {
            return Some((link, &tail[line_end + 1..]));
        }
        if serde_json::from_slice::<IgnoredAny>(line).is_ok() {
            return None;
        }
        end = line_end;
    }
    let has_line = tail.contains(&b'\n');
    (!has_line).then(|| (Link::first(), tail))
}

#[cfg(test)]
mod tests {
    use std::{fs, io::BufReader};

    use super::*;
    use crate::audit::{Broken, Report, verify};

    fn note(what: &str) -> Note {
        own_note(&Clock::system(), what, None)
    }

    fn verified(path: &Path) -> Result<Report, Broken> {
        verify(BufReader::new(File::open(path).expect("opens")))
    }

    /// A log of three runs, with `what` noted in each.
    fn three_runs(path: &Path, between: impl Fn()) {
        for what in ["one", "two", "three"] {
            let recorder = Recorder::start(path, Clock::system()).expect("starts");
            recorder.note(note(what));
            drop(recorder);
            between();
        }
    }

    fn place() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("監査.jsonl");
        (folder, path)
    }

    #[test]
    fn a_chain_goes_on_over_restarts() {
        let (_folder, path) = place();
        three_runs(&path, || ());
        let report = verified(&path).expect("whole");
        assert_eq!((report.entries, report.recovered.len(), report.ends_torn), (9, 0, false));
    }

    #[test]
    fn what_a_crash_tore_is_accounted_for() {
        let (_folder, path) = place();
        let tear = || {
            let mut file = OpenOptions::new().append(true).open(&path).expect("opens");
            file.write_all(b"{\"number\":4,\"at\":\"20").expect("writes");
        };
        three_runs(&path, tear);
        let report = verified(&path).expect("whole but for its end");
        assert_eq!((report.entries, report.recovered.len(), report.ends_torn), (11, 2, true));
    }

    #[test]
    fn whatever_is_changed_breaks_the_chain_at_its_line() {
        let (_folder, path) = place();
        three_runs(&path, || ());
        let text = fs::read_to_string(&path).expect("reads");
        let lines: Vec<&str> = text.lines().collect();
        let joined = |lines: &[&str]| lines.join("\n") + "\n";
        let mut changed = lines.clone();
        let other = lines[4].replace("two", "2wo");
        changed[4] = &other;
        let mut swapped = lines.clone();
        swapped.swap(2, 3);
        let without = [&lines[..5], &lines[6..]].concat();
        let twice = [&lines[..5], &lines[4..]].concat();
        for (case, line) in [(changed, 5), (swapped, 3), (without, 6), (twice, 6)] {
            fs::write(&path, joined(&case)).expect("writes");
            assert!(matches!(verified(&path), Err(Broken::At(at)) if at == line), "{line}");
        }
        fs::write(&path, joined(&lines[1..])).expect("writes");
        assert!(matches!(verified(&path), Err(Broken::At(1))), "the beginning is missing");
    }

    #[test]
    fn a_changed_end_is_not_taken_for_a_torn_one() {
        let (_folder, path) = place();
        three_runs(&path, || ());
        let text = fs::read_to_string(&path).expect("reads");
        let (before, last) = text.trim_end().rsplit_once('\n').expect("lines");
        let changed = format!("{before}\n{}\n", last.replace("\"ok\"", "\"no\""));
        for torn in ["", "{\"number\":10,\"at\":\"20", "{\"number\":10,\"at\":\"20\n{\"num"] {
            fs::write(&path, format!("{changed}{torn}")).expect("writes");
            let again = Recorder::start(&path, Clock::system());
            assert_eq!(again.expect_err("damaged").kind(), io::ErrorKind::InvalidData, "{torn}");
            fs::write(&path, format!("{text}{torn}")).expect("writes");
            drop(Recorder::start(&path, Clock::system()).expect("torn at most"));
            assert!(verified(&path).is_ok(), "{torn}");
        }
    }

    #[test]
    fn one_file_is_for_one_hub_at_a_time() {
        let (_folder, path) = place();
        let first = Recorder::start(&path, Clock::system()).expect("starts");
        let second = Recorder::start(&path, Clock::system());
        assert_eq!(second.expect_err("in use").kind(), io::ErrorKind::WouldBlock);
        first.note(note("one"));
        drop(first);
        drop(Recorder::start(&path, Clock::system()).expect("free again"));
        assert_eq!(verified(&path).expect("whole").entries, 5);
    }

    #[test]
    fn what_a_full_disk_kept_out_is_counted_and_does_not_fill_the_memory() {
        let (_folder, path) = place();
        let mut log = Log::open(&path, &Clock::system()).expect("opens");
        let writable = std::mem::replace(&mut log.file, File::open(&path).expect("to read only"));
        let batch = || vec![note(&"x".repeat(1000)); 1024];
        for _ in 0..8 {
            assert!(log.write(batch()).is_err(), "no room");
        }
        assert!(log.pending.len() < PENDING_BYTES_MAX + 2000, "{}", log.pending.len());
        log.file = writable;
        log.write(vec![note("after")]).expect("there is room again");
        log.flush().expect("flushes");
        let mut entries = Vec::new();
        let file = BufReader::new(File::open(&path).expect("opens"));
        crate::audit::read(file, |entry| entries.push(entry.note)).expect("the chain holds");
        let last = entries.pop().expect("there are some");
        assert_eq!(last.what, own::LOST);
        let lost: usize = last.on.expect("how many").parse().expect("a number");
        assert_eq!(entries.len() + lost, 8 * 1024 + 1, "every note is there or counted");
    }

    #[test]
    fn a_file_of_something_else_is_left_alone() {
        let (_folder, path) = place();
        fs::write(&path, "a letter\nof two lines\n").expect("writes");
        assert!(Recorder::start(&path, Clock::system()).is_err());
        assert_eq!(fs::read(&path).expect("reads"), b"a letter\nof two lines\n");
    }
}
