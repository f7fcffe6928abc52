//! What a file's bytes were meant to be: its encoding and its separator, and the bytes as the
//! standard has them whichever they are.
//!
//! ASCII is the same in all encodings but UTF-16, which the first bytes tell. From the first byte on
//! that is not, so much is looked at as decides, and the rest is taken for the same.

use std::borrow::Cow;

use encoding_rs::{Decoder, Encoding, UTF_8};

use crate::{
    Rule, ms932,
    row::Breach,
    rules::{
        encoding,
        shape::separator::{LINE_BYTES_MAX, Separator},
    },
};

/// How many bytes decide on the encoding, from the first that is not plain ASCII on.
const WINDOW_BYTES_MAX: usize = 256 * 1024;

/// How much is turned into MS932 at a time.
const PIECE_BYTES_MAX: usize = 64 * 1024;

/// How many bytes tell a byte order mark and UTF-16.
const BEGIN_BYTES: usize = 4;

/// The byte order mark of UTF-8.
pub(crate) const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Stands for what is broken in the other encoding: it is no character of MS932 either.
const BROKEN: u8 = 0xFF;

/// A file's bytes as they are meant: without a byte order mark, in MS932, and with commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable<'a> {
    /// The bytes to read records from. What MS932 does not have is `?` where they were in another
    /// encoding.
    pub bytes: Cow<'a, [u8]>,
    /// Whether there was a byte order mark.
    pub had_mark: bool,
    /// Whether they were UTF-8.
    pub was_utf8: bool,
}

/// Finds out what the bytes were meant to be, as the check does that gets them in chunks.
pub fn readable(bytes: &[u8]) -> Readable<'_> {
    let text = bytes.strip_prefix(MARK);
    let had_mark = text.is_some();
    let mut bytes = Cow::Borrowed(text.unwrap_or(bytes));
    let encoding = encoding_of(&bytes).map(|(encoding, _)| encoding);
    if let Some(encoding) = encoding {
        let mut decoder = encoding.new_decoder_with_bom_removal();
        bytes = Cow::Owned(in_ms932(&mut decoder, &bytes, true));
    }
    if let Some(separator) = Separator::of(&bytes) {
        bytes = Cow::Owned(separator.with_commas(&bytes, &mut false));
    }
    Readable { bytes, had_mark, was_utf8: encoding == Some(UTF_8) }
}

/// The text of a file that is in another encoding by mistake; no text where a byte of it is broken.
pub(crate) fn mistaken_text(bytes: &[u8]) -> Option<Option<String>> {
    let (encoding, _) = encoding_of(bytes)?;
    let (text, _, is_broken) = encoding.decode(bytes);
    Some((!is_broken).then(|| text.into_owned()))
}

/// The encoding that a file is in by mistake.
fn encoding_of(bytes: &[u8]) -> Option<Mistaken> {
    let telling = || bytes.iter().position(is_telling);
    encoding::begun_as_utf16(bytes).or_else(|| encoding_by(&bytes[telling()?..]))
}

/// The encoding by the bytes from the first telling one on, as many of them as decide.
fn encoding_by(window: &[u8]) -> Option<Mistaken> {
    let Some(window) = window.get(..WINDOW_BYTES_MAX) else { return encoding::mistaken(window) };
    // It may end within a character, or within what turns kanji on.
    (0..4).find_map(|cut| encoding::mistaken(&window[..WINDOW_BYTES_MAX - cut]))
}

/// An encoding, and the rule that it breaks.
type Mistaken = (&'static Encoding, &'static Rule);

/// Whether a byte may be read in one way or another: ESC turns on the kanji of ISO-2022-JP.
fn is_telling(byte: &u8) -> bool {
    !byte.is_ascii() || *byte == 0x1B
}

fn in_ms932(decoder: &mut Decoder, bytes: &[u8], is_last: bool) -> Vec<u8> {
    let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len());
    let mut text = String::with_capacity(room);
    let _ = decoder.decode_to_string(bytes, &mut text, is_last);
    let sound: Vec<_> = text.split('\u{FFFD}').map(ms932::encode_lossy).collect();
    sound.join(&BROKEN)
}

/// Takes a file's bytes in chunks of any size, and hands them on as they are meant.
#[derive(Default)]
pub(crate) struct Intake {
    stage: Stage,
    separated: Separated,
    /// What had to be understood, once enough bytes are there.
    pub(crate) breaches: Vec<Breach>,
}

enum Stage {
    /// So far there are too few bytes to say anything.
    Begin(Vec<u8>),
    /// All that came was plain ASCII.
    Plain,
    /// What is looked at to decide.
    Window(Vec<u8>),
    /// MS932, or no encoding at all.
    Ms932,
    Other(Decoder),
}

impl Default for Stage {
    fn default() -> Self {
        Self::Begin(vec![])
    }
}

type Out<'a> = &'a mut dyn FnMut(&[u8]);

impl Intake {
    /// Takes a chunk, and hands on what can be read of it.
    pub(crate) fn feed(&mut self, chunk: &[u8], out: Out<'_>) {
        match &mut self.stage {
            Stage::Begin(begin) => {
                // A byte order mark is no part of what tells UTF-16.
                let wanted = if begin.starts_with(MARK) { 3 + BEGIN_BYTES } else { BEGIN_BYTES };
                let (first, behind) = chunk.split_at(chunk.len().min(wanted - begin.len()));
                begin.extend_from_slice(first);
                let is_marked = begin.len() == BEGIN_BYTES && begin.starts_with(MARK);
                if begin.len() == wanted && !is_marked {
                    self.begin(out);
                }
                if !behind.is_empty() {
                    self.feed(behind, out);
                }
            }
            Stage::Plain => match chunk.iter().position(is_telling) {
                None => self.hand_on(chunk, out),
                Some(at) => {
                    self.hand_on(&chunk[..at], out);
                    self.stage = Stage::Window(vec![]);
                    self.feed(&chunk[at..], out);
                }
            },
            Stage::Window(window) => {
                let missing = WINDOW_BYTES_MAX - window.len();
                let (first, behind) = chunk.split_at(chunk.len().min(missing));
                window.extend_from_slice(first);
                if window.len() == WINDOW_BYTES_MAX {
                    self.decide(out);
                    self.feed(behind, out);
                }
            }
            Stage::Ms932 => self.hand_on(chunk, out),
            Stage::Other(decoder) => {
                for piece in chunk.chunks(PIECE_BYTES_MAX) {
                    let text = in_ms932(decoder, piece, false);
                    self.separated.feed(&text, &mut self.breaches, out);
                }
            }
        }
    }

    /// Hands on what was kept back.
    pub(crate) fn finish(&mut self, out: Out<'_>) {
        if let Stage::Begin(_) = self.stage {
            self.begin(out);
        }
        if let Stage::Window(_) = self.stage {
            self.decide(out);
        }
        if let Stage::Other(decoder) = &mut self.stage {
            let text = in_ms932(decoder, b"", true);
            self.hand_on(&text, out);
        }
        self.separated.finish(&mut self.breaches, out);
    }

    fn hand_on(&mut self, bytes: &[u8], out: Out<'_>) {
        self.separated.feed(bytes, &mut self.breaches, out);
    }

    fn begin(&mut self, out: Out<'_>) {
        let Stage::Begin(begin) = std::mem::replace(&mut self.stage, Stage::Plain) else { return };
        let mut rest = begin.as_slice();
        if let Some(text) = begin.strip_prefix(MARK) {
            self.breaches.push(Breach::new(&encoding::BYTE_ORDER_MARK));
            rest = text;
        }
        if let Some(utf16) = encoding::begun_as_utf16(rest) {
            self.is_other(utf16);
        }
        self.feed(rest, out);
    }

    fn decide(&mut self, out: Out<'_>) {
        let stage = std::mem::replace(&mut self.stage, Stage::Ms932);
        let Stage::Window(window) = stage else { return };
        if let Some(other) = encoding_by(&window) {
            self.is_other(other);
        }
        self.feed(&window, out);
    }

    fn is_other(&mut self, (encoding, rule): Mistaken) {
        // Found out later than the separator may be, and told before it.
        let at =
            self.breaches.iter().position(|breach| breach.rule == &crate::rules::shape::SEPARATOR);
        self.breaches.insert(at.unwrap_or(self.breaches.len()), Breach::new(rule));
        self.stage = Stage::Other(encoding.new_decoder_with_bom_removal());
    }
}

/// Hands on what was separated otherwise with commas.
#[derive(Default)]
enum Separated {
    /// Line ends before the first line.
    #[default]
    Begin,
    /// The first line, as far as it decides.
    Line(Vec<u8>),
    Commas,
    /// The separator, and whether the next byte stands in quotes.
    Other(Separator, bool),
}

impl Separated {
    fn feed(&mut self, bytes: &[u8], breaches: &mut Vec<Breach>, out: Out<'_>) {
        match self {
            Self::Begin => {
                let start = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
                let (blank, line) = bytes.split_at(start.unwrap_or(bytes.len()));
                out(blank);
                if !line.is_empty() {
                    *self = Self::Line(vec![]);
                    self.feed(line, breaches, out);
                }
            }
            Self::Line(line) => {
                let missing = LINE_BYTES_MAX - line.len();
                let (first, behind) = bytes.split_at(bytes.len().min(missing));
                line.extend_from_slice(first);
                if line.len() == LINE_BYTES_MAX {
                    self.decide(breaches, out);
                    self.feed(behind, breaches, out);
                }
            }
            Self::Commas => out(bytes),
            Self::Other(separator, is_inside) => out(&separator.with_commas(bytes, is_inside)),
        }
    }

    fn finish(&mut self, breaches: &mut Vec<Breach>, out: Out<'_>) {
        if let Self::Line(_) = self {
            self.decide(breaches, out);
        }
    }

    fn decide(&mut self, breaches: &mut Vec<Breach>, out: Out<'_>) {
        let Self::Line(line) = std::mem::replace(self, Self::Commas) else { return };
        if let Some(separator) = Separator::of(&line) {
            breaches.push(separator.breach());
            *self = Self::Other(separator, false);
        }
        self.feed(&line, breaches, out);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What comes out when the bytes go in in chunks of this size.
    fn taken(bytes: &[u8], size: usize) -> Vec<u8> {
        let mut intake = Intake::default();
        let mut out = vec![];
        for chunk in bytes.chunks(size) {
            intake.feed(chunk, &mut |bytes| out.extend_from_slice(bytes));
        }
        intake.finish(&mut |bytes| out.extend_from_slice(bytes));
        out
    }

    #[track_caller]
    fn check(bytes: &[u8], want: &[u8]) {
        assert_eq!(&*readable(bytes).bytes, want);
        for size in [1, 2, 3, 5, 1 << 20] {
            assert_eq!(taken(bytes, size), want, "chunks of {size}");
        }
    }

    #[test]
    fn text_in_another_encoding_is_read_as_the_text_that_was_meant() {
        let meant = b"1,\x89\xee\x8c\xec,\"\x82\xa0;\"\r\n";
        check(meant, meant);
        let text = "1,介護,\"あ;\"\r\n";
        check(text.as_bytes(), meant);
        check(format!("\u{feff}{text}").as_bytes(), meant);
        check(&encoding_rs::EUC_JP.encode(text).0, meant);
        check(&encoding_rs::ISO_2022_JP.encode(text).0, meant);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&utf16, meant);
        check(&[b"\xFF\xFE".as_slice(), &utf16].concat(), meant);
        check("\r\n1;介護;\"あ;\"\r\n".as_bytes(), &[b"\r\n".as_slice(), meant].concat());
    }

    #[test]
    fn what_is_no_other_encoding_stays_as_it_is() {
        for bytes in [&b""[..], b"1", b"\xEF", b"1,2", b"1,\x89\xee", b"\xC4\xB1"] {
            check(bytes, bytes);
        }
        check(MARK, b"");
        check(b"\xEF\xBB\xBF1,2", b"1,2");
    }

    #[test]
    fn broken_bytes_within_another_encoding_are_broken_in_ms932_too() {
        let window = format!("介{}", "a".repeat(WINDOW_BYTES_MAX));
        let bytes = [window.as_bytes(), b"\xe4a", "介".as_bytes(), b"\xe4"].concat();
        let sound = [b"\x89\xee".as_slice(), &b"a".repeat(WINDOW_BYTES_MAX)].concat();
        check(&bytes, &[&sound[..], b"\xFFa\x89\xee\xFF"].concat());
    }

    proptest! {
        #[test]
        fn chunks_change_nothing(text in "[a\n\r;\t\"\x1b\0介ｱé]{0,40}", noise: Vec<u8>, size in 1..16_usize) {
            for bytes in [text.as_bytes(), &noise, &[text.as_bytes(), &noise].concat()] {
                prop_assert_eq!(taken(bytes, size), &*readable(bytes).bytes);
            }
        }
    }
}
