//! The slow, obvious reader: one byte after the other, characters by the decoder of browsers.

use encoding_rs::SHIFT_JIS;

/// What is in a window.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// The rows before the first stray quote, whole ones alone.
    pub(crate) rows: Vec<Row>,
    /// Where the first quote stands that should not.
    pub(crate) stray: Option<usize>,
}

/// A row, and where its line end ends.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) from: usize,
    pub(crate) ends: Vec<u32>,
    pub(crate) to: usize,
}

enum State {
    Begin,
    Bare,
    Quoted,
    Closed,
}

impl Reading {
    /// Reads a window.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut reading = Self::default();
        let mut row = Row::default();
        let mut state = State::Begin;
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            match (&state, byte) {
                (State::Quoted, b'"') => state = State::Closed,
                (State::Quoted, _) => {}
                (State::Closed | State::Begin, b'"') => state = State::Quoted,
                (State::Bare, b'"') => {
                    reading.stray = Some(at);
                    return reading;
                }
                (_, b',') => {
                    row.ends.push(at as u32);
                    state = State::Begin;
                }
                (_, b'\r' | b'\n') => {
                    row.ends.push(at as u32);
                    match (byte, bytes.get(at + 1)) {
                        (b'\r', None) => return reading,
                        (b'\r', Some(b'\n')) => at += 1,
                        _ => {}
                    }
                    let next = Row { from: at + 1, ..Row::default() };
                    reading.rows.push(Row { to: at + 1, ..std::mem::replace(&mut row, next) });
                    state = State::Begin;
                }
                (State::Closed, _) => {
                    reading.stray = Some(at);
                    return reading;
                }
                (State::Begin | State::Bare, _) => state = State::Bare,
            }
            at += 1;
        }
        reading
    }
}

impl Row {
    /// Its bytes.
    pub(crate) fn of<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        &bytes[self.from..self.to]
    }

    /// Whether each of its items is MS932 without 外字, taken alone.
    pub(crate) fn is_sound(&self, bytes: &[u8]) -> bool {
        let mut from = self.from;
        self.ends.iter().all(|&end| {
            let item = &bytes[from..end as usize];
            from = end as usize + 1;
            is_sound(item)
        })
    }
}

/// Whether a text is MS932 without 外字.
pub(crate) fn is_sound(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        let length = match text[at] {
            0x81..=0x9F | 0xE0..=0xFC => 2,
            _ => 1,
        };
        if !is_character(&text[at..text.len().min(at + length)]) {
            return false;
        }
        at += length;
    }
    true
}

fn is_character(bytes: &[u8]) -> bool {
    // The decoder takes 80 for a control character, as the web does.
    !matches!(bytes[0], 0x80 | 0xF0..=0xF9)
        && SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes).is_some()
}
