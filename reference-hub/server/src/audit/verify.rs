//! Reads an audit log from its first line to its last, and says where the chain breaks.

use std::io::{self, BufRead};

use super::{Entry, Link, digest, own};

/// What a whole log holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many entries there are.
    pub entries: u64,
    /// The lines, from 1, at which the file ended when a hub was cut off; each is accounted for.
    pub recovered: Vec<u64>,
    /// Whether the file ends within a line, as after a crash that no hub has followed yet.
    pub ends_torn: bool,
    /// The last digest: as long as it is the same, so is everything before it.
    pub hash: String,
}

/// A chain that breaks.
#[derive(Debug)]
pub enum Broken {
    /// The line, from 1, that is not the one that was written there.
    At(u64),
    /// The file cannot be read.
    Unreadable(io::Error),
}

/// Checks every line.
///
/// # Errors
/// The chain breaks, or the file cannot be read.
pub fn verify(log: impl BufRead) -> Result<Report, Broken> {
    read(log, |_| ())
}

/// Checks every line, and hands each entry over in its order.
///
/// # Errors
/// The chain breaks, or the file cannot be read. What was handed over before stands before that.
pub fn read(mut log: impl BufRead, mut entry: impl FnMut(Entry)) -> Result<Report, Broken> {
    let mut reader = Reader::default();
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        if log.read_until(b'\n', &mut line).map_err(Broken::Unreadable)? == 0 {
            return reader.end();
        }
        number += 1;
        if let Some(read) = reader.line(number, &line)? {
            entry(read);
        }
    }
}

#[derive(Default)]
struct Reader {
    link: Option<Link>,
    recovered: Vec<u64>,
    /// Lines that do not follow, until the entry that accounts for them, and where they begin.
    torn: Vec<u8>,
    torn_at: u64,
}

/// How much a crash may leave behind that is no line: one batch of the recorder.
const TORN_BYTES_MAX: usize = 4 * 1024 * 1024;

impl Reader {
    fn line(&mut self, number: u64, line: &[u8]) -> Result<Option<Entry>, Broken> {
        let link = self.link.get_or_insert_with(Link::first);
        let followed = line.strip_suffix(b"\n").and_then(|whole| link.follow(whole));
        let Some(entry) = followed else {
            if self.torn.is_empty() {
                self.torn_at = number;
            }
            self.torn.extend_from_slice(line);
            return match self.torn.len() <= TORN_BYTES_MAX {
                true => Ok(None),
                false => Err(Broken::At(self.torn_at)),
            };
        };
        if !self.torn.is_empty() {
            let torn = self.torn.strip_suffix(b"\n").unwrap_or(&self.torn);
            let is_accounted_for =
                entry.note.what == own::RECOVERED && entry.note.on == Some(digest(torn));
            if !is_accounted_for {
                return Err(Broken::At(self.torn_at));
            }
            self.recovered.push(self.torn_at);
            self.torn.clear();
        }
        Ok(Some(entry))
    }

    fn end(self) -> Result<Report, Broken> {
        let ends_torn = !self.torn.is_empty();
        // A line with its end that does not follow was not torn by a crash.
        if self.torn.contains(&b'\n') {
            return Err(Broken::At(self.torn_at));
        }
        let link = self.link.unwrap_or_else(Link::first);
        Ok(Report { entries: link.number, recovered: self.recovered, ends_torn, hash: link.hash })
    }
}
