//! Records as bytes, in one buffer that is used again and again.

/// Records being written: codes bare, free text in quotes, CR LF at the end.
#[derive(Debug, Default)]
pub(crate) struct Records {
    bytes: Vec<u8>,
    /// Where each record ends.
    ends: Vec<usize>,
    /// Where each item of the open record begins.
    items: Vec<usize>,
}

impl Records {
    /// Writes a code, a number or nothing.
    pub(crate) fn code(&mut self, code: impl AsRef<[u8]>) -> &mut Self {
        self.separate();
        self.bytes.extend_from_slice(code.as_ref());
        self
    }

    /// Writes a number.
    pub(crate) fn number(&mut self, number: u32) -> &mut Self {
        let mut digits = [0; 10];
        let mut from = digits.len();
        let mut rest = number;
        loop {
            from -= 1;
            digits[from] = b"0123456789"[(rest % 10) as usize];
            rest /= 10;
            if rest == 0 {
                return self.code(&digits[from..]);
            }
        }
    }

    /// Writes that many empty items.
    pub(crate) fn nothing(&mut self, items: usize) -> &mut Self {
        for _ in 0..items {
            self.separate();
        }
        self
    }

    /// Writes MS932 whose quotes are doubled, in quotes; nothing at all where it is empty.
    pub(crate) fn text(&mut self, parts: &[&[u8]]) -> &mut Self {
        self.separate();
        if parts.iter().any(|part| !part.is_empty()) {
            self.bytes.push(b'"');
            for part in parts {
                self.bytes.extend_from_slice(part);
            }
            self.bytes.push(b'"');
        }
        self
    }

    /// Ends the record, of which the item (from 1) is written as `spoilt` where there is one.
    pub(crate) fn end(&mut self, spoilt: Option<(usize, &[u8])>) {
        if let Some((item, value)) = spoilt {
            let from = self.items[item - 1];
            let to = self.items.get(item).map_or(self.bytes.len(), |next| next - 1);
            self.bytes.splice(from..to, value.iter().copied());
        }
        self.bytes.extend_from_slice(b"\r\n");
        self.ends.push(self.bytes.len());
        self.items.clear();
    }

    /// The bytes of all records that end by `limit`, at least of the first where `needs_one`, and
    /// how many records those are.
    pub(crate) fn up_to(&self, limit: u64, needs_one: bool) -> (&[u8], usize) {
        let fits = |end: &&usize| **end as u64 <= limit;
        let count = self.ends.iter().take_while(fits).count().max(usize::from(needs_one));
        let end = count.checked_sub(1).map_or(0, |last| self.ends[last]);
        (&self.bytes[..end], count)
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.items.clear();
    }

    fn separate(&mut self) {
        if !self.items.is_empty() {
            self.bytes.push(b',');
        }
        self.items.push(self.bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_spoilt_where_it_stands() {
        for (item, wanted) in
            [(1, "x,12,,\"t\"\r\n"), (3, "202407,12,x,\"t\"\r\n"), (4, "202407,12,,x\r\n")]
        {
            let mut records = Records::default();
            records.code("202407").number(12).nothing(1).text(&[b"t"]).end(Some((item, b"x")));
            assert_eq!(records.up_to(99, false), (wanted.as_bytes(), 1));
        }
    }

    #[test]
    fn a_file_ends_where_a_record_ends() {
        let mut records = Records::default();
        records.number(0).end(None);
        records.text(&[b"", b""]).number(10).end(None);
        assert_eq!(records.len(), 2);
        assert_eq!(records.up_to(7, false), (&b"0\r\n"[..], 1));
        assert_eq!(records.up_to(8, false), (&b"0\r\n,10\r\n"[..], 2));
        assert_eq!(records.up_to(2, false), (&b""[..], 0));
        assert_eq!(records.up_to(2, true), (&b"0\r\n"[..], 1));
    }
}
