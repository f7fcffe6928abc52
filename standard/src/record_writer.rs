//! Writing records, in the one form that every reader of the standard takes.

use crate::{
    Field,
    ms932::{self, Unencodable},
};

/// Writes records as the standard has them: codes bare, free text in quotes, CR LF at the end.
#[derive(Debug, Clone, Default)]
pub struct RecordWriter {
    out: Vec<u8>,
    is_inside: bool,
}

impl RecordWriter {
    /// An empty file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a code or a number, bare. It is ASCII without commas, quotes and line ends.
    pub fn code(&mut self, code: &str) {
        debug_assert!(
            code.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',' && byte != b'"'),
            "a code is plain ASCII: {code:?}",
        );
        self.separate();
        self.out.extend_from_slice(code.as_bytes());
    }

    /// Writes free text, in quotes; nothing at all where it is empty.
    ///
    /// # Errors
    /// A character that MS932 does not have. The item is left empty then.
    pub fn text(&mut self, text: &str) -> Result<(), Unencodable> {
        self.separate();
        if text.is_empty() {
            return Ok(());
        }
        let bytes = ms932::encode(text)?;
        self.out.push(b'"');
        for byte in bytes {
            if byte == b'"' {
                self.out.push(b'"');
            }
            self.out.push(byte);
        }
        self.out.push(b'"');
        Ok(())
    }

    /// Writes a value of a record whose shape is sound as it was read: byte for byte, with quotes.
    pub fn copied(&mut self, field: &Field<'_>) {
        self.separate();
        let quote: &[u8] = if field.is_quoted() { b"\"" } else { b"" };
        self.out.extend([quote, field.raw(), quote].into_iter().flatten());
    }

    /// Leaves an item empty.
    pub fn empty(&mut self) {
        self.separate();
    }

    /// Ends the record.
    pub fn end(&mut self) {
        self.out.extend_from_slice(b"\r\n");
        self.is_inside = false;
    }

    /// The file's bytes.
    pub fn finish(self) -> Vec<u8> {
        self.out
    }

    fn separate(&mut self) {
        if self.is_inside {
            self.out.push(b',');
        }
        self.is_inside = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_records;

    #[test]
    fn a_copied_value_is_the_same_to_the_byte() {
        // ≒ has two codes in MS932; the one of NEC would not survive being decoded.
        let bytes = b"1,\"\x87\x90,\"\"\r\",,\"\",\xB1 b\r\n";
        let mut writer = RecordWriter::new();
        for record in read_records(bytes).records() {
            record.fields().for_each(|field| writer.copied(&field));
            writer.end();
        }
        assert_eq!(writer.finish(), bytes);
    }

    #[test]
    fn what_ms932_lacks_leaves_the_item_empty() {
        let mut writer = RecordWriter::new();
        writer.code("1");
        assert_eq!(writer.text("𠮷野").map_err(|error| error.character), Err('𠮷'));
        writer.text("a\"b").expect("MS932");
        writer.end();
        assert_eq!(writer.finish(), b"1,,\"a\"\"b\"\r\n");
    }
}
