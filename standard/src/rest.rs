//! What is left of a chunk until the next one comes.

/// How much of a chunk is looked at together with what was left of the one before.
const PIECE_BYTES: usize = 4096;

/// The end of what came so far, which cannot be understood without what comes behind it.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    bytes: Vec<u8>,
    /// How many bytes there have to be for another try: each is twice as long as the one before, so
    /// that the work is in proportion to the bytes, however small the chunks.
    wanted: usize,
}

impl Rest {
    /// Shows the bytes to `take`, which says how many it has done with, from the front. Shown
    /// `bytes_max` or more, it does with some at least.
    pub(crate) fn feed(
        &mut self,
        mut chunk: &[u8],
        bytes_max: usize,
        take: &mut dyn FnMut(&[u8]) -> usize,
    ) {
        while !self.bytes.is_empty() {
            let kept = self.bytes.len();
            let more = self.wanted.saturating_sub(kept).max(PIECE_BYTES);
            let (piece, behind) = chunk.split_at(chunk.len().min(more));
            self.bytes.extend_from_slice(piece);
            if self.bytes.len() < self.wanted {
                return;
            }
            let used = take(&self.bytes);
            if let Some(of_piece) = used.checked_sub(kept) {
                self.bytes.clear();
                chunk = &chunk[of_piece..];
            } else {
                self.bytes.drain(..used);
                chunk = behind;
                self.wanted = bytes_max.min(2 * self.bytes.len());
                if chunk.is_empty() {
                    return;
                }
            }
        }
        let used = take(chunk);
        self.bytes.extend_from_slice(&chunk[used..]);
        self.wanted = bytes_max.min(2 * self.bytes.len());
    }

    /// What is left at the end.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
