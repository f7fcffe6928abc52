//! The masks of a block by vector code: AVX2, with PCLMULQDQ for the quotes.
//!
//! This is where `unsafe` stands: reading a block into registers, and calling code that needs them
//! once the machine is known to have them.
//!
//! Which second bytes are suspect is a filter: it lets pass nothing but characters, and nearly all
//! of those that texts consist of.

use std::arch::x86_64::*;

use crate::blocks::{self, BYTES, Lists, Masks};

/// That this machine has what is needed. None other can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Vectors(());

impl Vectors {
    /// Asks the machine.
    pub(crate) fn of_this_machine() -> Option<Self> {
        let has_all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        has_all.then_some(Self(()))
    }

    /// Goes through a window. See [`blocks::scan`].
    pub(crate) fn scan(self, bytes: &[u8], lists: &mut Lists) -> usize {
        // SAFETY: the function needs nothing but its target features, and `self` exists on machines
        // alone that have all of them: `of_this_machine` asks for the same list.
        unsafe { scan(bytes, lists) }
    }
}

#[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2,lzcnt,popcnt")]
fn scan(bytes: &[u8], lists: &mut Lists) -> usize {
    blocks::scan(bytes, lists, |block, before| masks(block, before))
}

/// The masks of a block, from its two halves.
#[inline]
#[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2,lzcnt,popcnt")]
fn masks(block: &[u8; BYTES], before: u8) -> Masks {
    let (low, high) = load(block);
    let both = |of_low: __m256i, of_high: __m256i| {
        u64::from(bits(of_low)) | u64::from(bits(of_high)) << 32
    };
    let quote = both(equal(low, b'"'), equal(high, b'"'));
    let before_low = shifted(_mm256_set1_epi8(before.cast_signed()), low);
    let before_high = shifted(low, high);
    Masks {
        quote,
        quoted: quoted(quote),
        comma: both(equal(low, b','), equal(high, b',')),
        cr: both(equal(low, b'\r'), equal(high, b'\r')),
        lf: both(equal(low, b'\n'), equal(high, b'\n')),
        lead: both(leads(low), leads(high)),
        lone: both(lone(low), lone(high)),
        suspect: !both(right_behind(before_low, low), right_behind(before_high, high)),
    }
}

/// The halves of a block.
#[inline]
#[target_feature(enable = "avx2")]
fn load(block: &[u8; BYTES]) -> (__m256i, __m256i) {
    let from = block.as_ptr();
    // SAFETY: a block has 64 bytes, so that 32 can be read from its first one and as many from its
    // 33rd one; `loadu` asks for no alignment.
    unsafe { (_mm256_loadu_si256(from.cast()), _mm256_loadu_si256(from.add(32).cast())) }
}

/// One bit a byte: its highest.
#[inline]
#[target_feature(enable = "avx2")]
fn bits(bytes: __m256i) -> u32 {
    _mm256_movemask_epi8(bytes).cast_unsigned()
}

#[inline]
#[target_feature(enable = "avx2")]
fn all(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
fn equal(bytes: __m256i, byte: u8) -> __m256i {
    _mm256_cmpeq_epi8(bytes, all(byte))
}

#[inline]
#[target_feature(enable = "avx2")]
fn at_most(bytes: __m256i, most: __m256i) -> __m256i {
    _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, most), bytes)
}

#[inline]
#[target_feature(enable = "avx2")]
fn at_least(bytes: __m256i, least: __m256i) -> __m256i {
    _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, least), bytes)
}

/// The sum of all bits up to each one, without carry.
#[inline]
#[target_feature(enable = "pclmulqdq")]
fn quoted(quote: u64) -> u64 {
    let quote = _mm_set_epi64x(0, quote.cast_signed());
    _mm_cvtsi128_si64(_mm_clmulepi64_si128(quote, _mm_set1_epi8(-1), 0)).cast_unsigned()
}

/// The bytes before each byte; the last one of `before` is before the first one.
#[inline]
#[target_feature(enable = "avx2")]
fn shifted(before: __m256i, bytes: __m256i) -> __m256i {
    _mm256_alignr_epi8::<15>(bytes, _mm256_permute2x128_si256::<0x21>(before, bytes))
}

/// 81–9F and E0–FC, which one bit turned over makes a single range.
#[inline]
#[target_feature(enable = "avx2")]
fn leads(bytes: __m256i) -> __m256i {
    let turned = _mm256_xor_si256(bytes, all(0x20));
    at_most(_mm256_sub_epi8(turned, all(0xA1)), all(0x3B))
}

/// 80, A0 and FD–FF.
#[inline]
#[target_feature(enable = "avx2")]
fn lone(bytes: __m256i) -> __m256i {
    let edges = _mm256_or_si256(equal(bytes, 0x80), equal(bytes, 0xA0));
    _mm256_or_si256(edges, at_least(bytes, all(0xFD)))
}

/// Bytes that are sure to be right as second ones, by the first ones in `before`.
#[inline]
#[target_feature(enable = "avx2")]
fn right_behind(before: __m256i, bytes: __m256i) -> __m256i {
    let near = _mm256_min_epu8(_mm256_xor_si256(before, all(0x80)), all(0x0F));
    let far = _mm256_subs_epu8(before, all(0xED));
    let low = looked_up(FIRST, near);
    let high = _mm256_min_epu8(looked_up(LAST, near), looked_up(LAST_FAR, far));
    let in_range = _mm256_and_si256(at_least(bytes, low), at_most(bytes, high));

    let nibble = all(0x0F);
    let gap = _mm256_and_si256(
        looked_up(GAPS_HIGH, _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble)),
        looked_up(GAPS_LOW, _mm256_and_si256(bytes, nibble)),
    );
    let gaps_98 = _mm256_and_si256(equal(before, 0x98), all(GAPS_98));
    let gaps = _mm256_or_si256(looked_up(GAPS, near), gaps_98);
    let in_gap = _mm256_and_si256(gap, gaps);
    let in_no_gap = equal(in_gap, 0);

    let is_ea_to_ec = at_most(_mm256_sub_epi8(before, all(0xEA)), all(2));
    _mm256_andnot_si256(is_ea_to_ec, _mm256_and_si256(in_range, in_no_gap))
}

/// In both halves, the entries of a table of 16.
#[inline]
#[target_feature(enable = "avx2")]
fn looked_up(table: u128, at: __m256i) -> __m256i {
    let [low, high] = [table as i64, (table >> 64) as i64];
    _mm256_shuffle_epi8(_mm256_set_epi64x(high, low, high, low), at)
}

/// The first bytes 80–8E, and one entry for all others: where their second ones begin and end. Of
/// those of 81, 83 and 84 the ranges that texts use.
const FIRST: u128 = table(*b"\xFF\x40\x4F\x40\x9F\xFF\xFF\x40\x9F\x40\x40\x40\x40\x40\x40\x40");
const LAST: u128 = table(*b"\x00\xAC\xF1\x96\xBE\x00\x00\x9C\xFC\xFC\xFC\xFC\xFC\xFC\xFC\xFC");

/// One entry for all up to ED, then EE–FC.
const LAST_FAR: u128 = table(*b"\xFC\xEC\0\0\0\0\0\0\0\0\0\0\0\xFC\xFC\x4B");

/// Gaps in the ranges, each a bit: 59–5F, 7A–7F, 80 and 9B–9E behind 82; 7F behind all; 73–7F,
/// 80–8F and 90–9E behind 98. A second byte is in a gap if both of its halves have the bit.
const GAPS_HIGH: u128 = table(*b"\0\0\0\0\0\x01\0\x32\x44\x88\0\0\0\0\0\0");
const GAPS_LOW: u128 = table(gaps_low());

/// The bits of the gaps that count behind 80–8E, and behind all others. 87 shares those of 82 and
/// 98, which are a little wider than its own: Ⅵ to Ⅹ are in one.
const GAPS: u128 = table(*b"\x10\x10\x1F\x10\x10\x10\x10\x31\x10\x10\x10\x10\x10\x10\x10\x10");
const GAPS_98: u8 = 0xE0;

const fn table(entries: [u8; 16]) -> u128 {
    u128::from_le_bytes(entries)
}

const fn gaps_low() -> [u8; 16] {
    let ranges = [
        (0x9, 0xF),
        (0xA, 0xF),
        (0x0, 0x0),
        (0xB, 0xE),
        (0xF, 0xF),
        (0x3, 0xF),
        (0x0, 0xF),
        (0x0, 0xE),
    ];
    let mut low = [0; 16];
    let mut bit = 0;
    while bit < 8 {
        let (mut at, last) = ranges[bit];
        while at <= last {
            low[at] |= 1 << bit;
            at += 1;
        }
        bit += 1;
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        blocks::tests::{BEGINNINGS, USUAL, is_suspicious},
        twin,
    };

    fn masks_here(block: &[u8; BYTES], before: u8) -> Masks {
        match Vectors::of_this_machine() {
            // SAFETY: the machine has the target features of the function: it was just asked.
            Some(_) => unsafe { masks(block, before) },
            None => twin::masks(block, before),
        }
    }

    #[test]
    fn what_plans_are_written_in_costs_no_closer_look() {
        for text in USUAL.iter().chain(&["ＡＤＬ", "─┼", "纊"]) {
            for &from in BEGINNINGS {
                assert!(!is_suspicious(text, from, masks_here), "{text} at {from}");
            }
        }
    }

    #[test]
    fn every_byte_has_the_bits_that_the_twin_gives_it() {
        // Miri is slow: there, some bytes are enough.
        let step = if cfg!(miri) { 67 } else { 1 };
        for byte in (0..=u8::MAX).step_by(step) {
            for at in [0, 31, 32, 63] {
                let mut block = [b'a'; BYTES];
                block[at] = byte;
                let wanted = twin::masks(&block, b'a');
                let found = masks_here(&block, b'a');
                assert_eq!(
                    Masks { suspect: wanted.suspect, ..found },
                    wanted,
                    "{byte:02X} at {at}"
                );
            }
        }
    }
}
