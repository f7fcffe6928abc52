//! The portable twin: the masks of a block without vector code.

use crate::blocks::{self, BYTES, Lists, Masks};

/// Goes through a window. See [`blocks::scan`].
pub(crate) fn scan(bytes: &[u8], lists: &mut Lists) -> usize {
    blocks::scan(bytes, lists, |block, _| masks(block))
}

/// The masks of a block. Every second byte of a pair is suspect.
pub(crate) fn masks(block: &[u8; BYTES]) -> Masks {
    let quote = mask(block, |byte| byte == b'"');
    let lead = mask(block, |byte| (byte ^ 0x20).wrapping_sub(0xA1) < 0x3C);
    let is_lone = |byte| byte == 0x80 || byte == 0xA0 || 0xFD <= byte;
    Masks {
        quote,
        quoted: quoted(quote),
        comma: mask(block, |byte| byte == b','),
        cr: mask(block, |byte| byte == b'\r'),
        lf: mask(block, |byte| byte == b'\n'),
        lead,
        lone: mask(block, is_lone),
        suspect: u64::MAX,
    }
}

/// The bytes that are so. Written so that a compiler can use what vectors the machine has.
#[inline(always)]
fn mask(block: &[u8; BYTES], is_so: impl Fn(u8) -> bool) -> u64 {
    // Shifts bit 0 of byte `i` to bit 56 + `i`.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let flags = block.map(|byte| u8::from(is_so(byte)));
    let (words, _) = flags.as_chunks::<8>();
    words.iter().enumerate().fold(0, |mask, (at, word)| {
        mask | u64::from_le_bytes(*word).wrapping_mul(GATHER) >> 56 << (8 * at)
    })
}

fn quoted(quote: u64) -> u64 {
    (0..6).fold(quote, |sum, step| sum ^ sum << (1 << step))
}
