//! The obvious reader: one byte after the other, nothing clever, to compare the fast ones with.

/// A file, as the standard's reader has to see it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Slow {
    pub(crate) records: Vec<Vec<Item>>,
    pub(crate) has_stray_quote: bool,
    pub(crate) has_unclosed_quote: bool,
    pub(crate) has_blank_line: bool,
}

/// A value, and whether it stood in quotes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) value: Vec<u8>,
    pub(crate) is_quoted: bool,
}

/// Reads a file.
pub(crate) fn read(bytes: &[u8]) -> Slow {
    let mut slow = Slow::default();
    let mut rest = bytes;
    while !rest.is_empty() {
        if let Some(behind) = behind_line_end(rest) {
            slow.has_blank_line = true;
            rest = behind;
            continue;
        }
        let mut items = vec![];
        loop {
            let (item, behind) = slow.item(rest);
            items.push(item);
            rest = behind;
            match rest {
                [b',', behind @ ..] => rest = behind,
                _ => break,
            }
        }
        slow.records.push(items);
        rest = behind_line_end(rest).unwrap_or(rest);
    }
    slow
}

impl Slow {
    /// The item that the bytes begin with, and what is behind it.
    fn item<'a>(&mut self, bytes: &'a [u8]) -> (Item, &'a [u8]) {
        if let [b'"', inner @ ..] = bytes {
            let mut value = vec![];
            let mut rest = inner;
            loop {
                match rest {
                    [] => {
                        self.has_unclosed_quote = true;
                        return (Item { value, is_quoted: true }, rest);
                    }
                    [b'"', b'"', behind @ ..] => {
                        value.push(b'"');
                        rest = behind;
                    }
                    [b'"', behind @ ..] => {
                        if matches!(behind, [] | [b',' | b'\r' | b'\n', ..]) {
                            return (Item { value, is_quoted: true }, behind);
                        }
                        // Something follows the closing quote: all of it is one bare value.
                        self.has_stray_quote = true;
                        let end = bytes.len() - behind.len();
                        return bare(bytes, end);
                    }
                    [byte, behind @ ..] => {
                        value.push(*byte);
                        rest = behind;
                    }
                }
            }
        }
        let (item, rest) = bare(bytes, 0);
        self.has_stray_quote |= item.value.contains(&b'"');
        (item, rest)
    }
}

/// What stands before the first comma or line end from a place on.
fn bare(bytes: &[u8], from: usize) -> (Item, &[u8]) {
    let ends = |byte: &u8| matches!(byte, b',' | b'\r' | b'\n');
    let length = bytes[from..].iter().position(ends).map_or(bytes.len(), |at| from + at);
    (Item { value: bytes[..length].to_vec(), is_quoted: false }, &bytes[length..])
}

fn behind_line_end(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [b'\r', b'\n', rest @ ..] | [b'\r' | b'\n', rest @ ..] => Some(rest),
        _ => None,
    }
}
