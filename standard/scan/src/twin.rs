//! The portable twin: the masks of a block without vector code.
//!
//! Written in loops over a whole block, so that a compiler can use what vectors the machine has.

use crate::blocks::{self, BYTES, Lists, Masks};

/// Goes through a window. See [`blocks::scan`].
pub(crate) fn scan(bytes: &[u8], lists: &mut Lists) -> usize {
    blocks::scan(bytes, lists, masks)
}

/// The masks of a block.
pub(crate) fn masks(block: &[u8; BYTES], before: u8) -> Masks {
    let is = |wanted| mask(block.map(|byte| byte == wanted));
    let quote = is(b'"');
    let mut masks = Masks {
        quote,
        quoted: (0..6).fold(quote, |sum, step| sum ^ sum << (1 << step)),
        comma: is(b','),
        cr: is(b'\r'),
        lf: is(b'\n'),
        lead: 0,
        lone: 0,
        suspect: 1,
    };
    if !block.is_ascii() {
        masks.lead = mask(block.map(|byte| (byte ^ 0x20).wrapping_sub(0xA1) < 0x3C));
        masks.lone = mask(block.map(|byte| (byte == 0x80) | (byte == 0xA0) | (0xFD <= byte)));
        masks.suspect = !mask(right(block, before));
    }
    masks
}

/// Which bytes are sure to be right as second ones: those behind the first bytes of nearly all
/// kanji, and ranges of signs, hiragana and katakana.
fn right(block: &[u8; BYTES], before: u8) -> [bool; BYTES] {
    let mut pairs = block.map(|byte| (before, byte));
    for at in 1..BYTES {
        pairs[at].0 = block[at - 1];
    }
    pairs.map(|(lead, trail)| {
        let is_in = |byte: u8, from: u8, to: u8| byte.wrapping_sub(from) <= to - from;
        let is_kanji = is_in(lead, 0x89, 0x97)
            | is_in(lead, 0x99, 0x9F)
            | is_in(lead, 0xE0, 0xE9)
            | is_in(lead, 0xFA, 0xFB)
            | ((lead == 0x88) & (0x9F <= trail))
            | ((lead == 0x98) & ((trail <= 0x72) | (0x9F <= trail)));
        let is_kana_82 = is_in(trail, 0x4F, 0x58) | is_in(trail, 0x9F, 0xF1);
        let is_kana = ((lead == 0x82) & is_kana_82) | ((lead == 0x83) & (trail <= 0x96));
        let is_sign_87 = (trail <= 0x5D) | is_in(trail, 0x7E, 0x9C);
        let is_sign = ((lead == 0x81) & (trail <= 0xAC)) | ((lead == 0x87) & is_sign_87);
        let is_second = is_in(trail, 0x40, 0xFC) & (trail != 0x7F);
        is_second & (is_kanji | is_kana | is_sign)
    })
}

/// A bit for each flag.
fn mask(flags: [bool; BYTES]) -> u64 {
    // Moves bit 0 of byte `i` to bit 56 + `i`.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let flags = flags.map(u8::from);
    let (words, _) = flags.as_chunks::<8>();
    words.iter().enumerate().fold(0, |mask, (at, word)| {
        mask | u64::from_le_bytes(*word).wrapping_mul(GATHER) >> 56 << (8 * at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::tests::{BEGINNINGS, USUAL, is_suspicious};

    #[test]
    fn what_plans_are_written_in_costs_no_closer_look() {
        for text in USUAL {
            for &from in BEGINNINGS {
                assert!(!is_suspicious(text, from, masks), "{text} at {from}");
            }
        }
    }
}
