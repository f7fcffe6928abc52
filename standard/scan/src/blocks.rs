//! The walk over a window, block by block: bit masks in, offsets out.
//!
//! All that depends on the machine is how the [`Masks`] of a block are made. Bit 0 of a mask is the
//! first byte of its block.

use crate::text;

/// The length of a block: as many bytes as a mask has bits.
pub(crate) const BYTES: usize = 64;

/// What stands where in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Masks {
    pub(crate) quote: u64,
    /// From each quote on, up to the next: the sum of `quote` so far, without carry.
    pub(crate) quoted: u64,
    pub(crate) comma: u64,
    pub(crate) cr: u64,
    pub(crate) lf: u64,
    /// Bytes that begin a pair unless they end one: 81–9F, E0–FC.
    pub(crate) lead: u64,
    /// Bytes that are no character alone, and begin none: 80, A0, FD–FF.
    pub(crate) lone: u64,
    /// Bytes that may be the wrong second ones, if they are second ones. Too many are no fault,
    /// and cost time.
    pub(crate) suspect: u64,
}

/// What a window's scan has found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    /// Where items end.
    pub(crate) ends: Offsets,
    /// Of each row, how many `ends` there are up to its own last one.
    pub(crate) rows: Offsets,
    /// Where characters begin that are broken or user-defined.
    pub(crate) faults: Vec<u32>,
}

impl Lists {
    /// Says where the rows end that are whole. The last row is none if its line end is a CR and the
    /// last byte: an LF may follow.
    pub(crate) fn leave_rest(&mut self, bytes: &[u8]) -> usize {
        let end_of = |lists: &Self| {
            let row = lists.rows.found().last()?;
            Some(lists.ends.found()[*row as usize - 1] as usize)
        };
        if end_of(self).is_some_and(|at| bytes[at] == b'\r' && at + 1 == bytes.len()) {
            self.rows.len -= 1;
        }
        end_of(self).map_or(0, |at| behind_line_end(bytes, at))
    }
}

/// Where the next line begins.
#[inline(always)]
pub(crate) fn behind_line_end(bytes: &[u8], at: usize) -> usize {
    let is_pair = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    at + if is_pair { 2 } else { 1 }
}

/// A list that is written a block at a time, some slots ahead of its end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Offsets {
    slots: Vec<u32>,
    len: usize,
}

impl Offsets {
    /// What was written.
    pub(crate) fn found(&self) -> &[u32] {
        &self.slots[..self.len]
    }

    #[inline(always)]
    fn room(&mut self) -> &mut [u32; ROOM] {
        if self.slots.len() < self.len + ROOM {
            self.grow();
        }
        self.slots[self.len..].first_chunk_mut().expect("room for a block was made")
    }

    #[cold]
    fn grow(&mut self) {
        self.slots.resize(2 * self.slots.len() + ROOM, 0);
    }
}

/// What a block leaves to the next one.
struct Carry {
    /// All bits, if it begins inside of quotes.
    inside: u64,
    /// 1, if an item may begin at its first byte, or a closing quote stood before it.
    may_open: u64,
    /// 1, if a closing quote stood before it.
    closed: u64,
    /// 1, if a CR stood before it.
    cr: u64,
    /// 1, if its first byte is the second one of a pair.
    trail: u64,
    /// The byte before it.
    byte: u8,
}

/// Goes through a window, and says up to where the lists are right.
///
/// `masks_of` gets a block and the byte before it.
#[inline(always)]
pub(crate) fn scan(
    bytes: &[u8],
    lists: &mut Lists,
    masks_of: impl Fn(&[u8; BYTES], u8) -> Masks,
) -> usize {
    lists.ends.len = 0;
    lists.rows.len = 0;
    lists.faults.clear();
    let mut carry = Carry { inside: 0, may_open: 1, closed: 0, cr: 0, trail: 0, byte: b'\n' };
    let (blocks, tail) = bytes.as_chunks::<BYTES>();
    let mut at = 0;
    for block in blocks {
        let masks = masks_of(block, carry.byte);
        if !structure(&masks, at, u64::MAX, &mut carry, lists) {
            return at;
        }
        characters(&masks, bytes, at, &mut carry, lists);
        carry.byte = block[BYTES - 1];
        at += BYTES;
    }
    // Line ends behind the last byte: they end what is there, and are no ends themselves.
    let mut block = [b'\n'; BYTES];
    block[..tail.len()].copy_from_slice(tail);
    let masks = masks_of(&block, carry.byte);
    if !structure(&masks, at, (1 << tail.len()) - 1, &mut carry, lists) {
        return at;
    }
    characters(&masks, bytes, at, &mut carry, lists);
    bytes.len()
}

/// Lists the ends in a block, or says that a quote stands where none should.
#[inline(always)]
fn structure(masks: &Masks, at: usize, valid: u64, carry: &mut Carry, lists: &mut Lists) -> bool {
    let Masks { quote, quoted, comma, cr, lf, .. } = *masks;
    let inside = quoted ^ carry.inside;
    let separators = (comma | cr | lf) & !inside;
    let opening = quote & inside;
    let closing = quote & !inside;
    // A doubled quote closes and opens again.
    let may_open = (separators | closing) << 1 | carry.may_open;
    let closed = closing << 1 | carry.closed;
    if (opening & !may_open) | (closed & !(separators | opening)) != 0 {
        return false;
    }
    let lines = (cr | lf & !(cr << 1 | carry.cr)) & !inside & valid;
    let ends = (comma | lines) & !inside & valid;
    list(ends, lines, at, lists);
    carry.inside = 0_u64.wrapping_sub(inside >> 63);
    carry.may_open = (separators | closing) >> 63;
    carry.closed = closing >> 63;
    carry.cr = cr >> 63;
    true
}

/// Writes down the ends of a block, the line ends among them as ends of rows.
#[inline(always)]
fn list(ends: u64, lines: u64, at: usize, lists: &mut Lists) {
    let at = offset(at);
    let before = lists.ends.len;
    let (eights, _) = lists.ends.room().as_chunks_mut::<8>();
    let mut left = ends;
    for eight in eights {
        // All eight slots are written, since a fixed number is faster: those that are too many are
        // overwritten by the next block.
        for slot in eight {
            *slot = at + left.trailing_zeros();
            left &= left.wrapping_sub(1);
        }
        if left == 0 {
            break;
        }
    }
    lists.ends.len += ends.count_ones() as usize;
    let mut left = lines;
    while left != 0 {
        let line = left & left.wrapping_neg();
        let up_to = (ends & (line | (line - 1))).count_ones() as usize;
        lists.rows.room()[0] = offset(before + up_to);
        lists.rows.len += 1;
        left ^= line;
    }
}

/// Looks for characters in a block that are broken or user-defined.
#[inline(always)]
fn characters(masks: &Masks, bytes: &[u8], at: usize, carry: &mut Carry, lists: &mut Lists) {
    let Masks { lead, lone, suspect, .. } = *masks;
    let (leads, trails) = pairs(lead, carry.trail);
    let ends_in_next = leads >> 63;
    if (trails & suspect) | (lone & !trails) != 0 {
        // A pair belongs to the block that it ends in.
        let from = at - carry.trail as usize;
        let to = at + BYTES - ends_in_next as usize;
        look_closer(bytes, from, bytes.len().min(to), &mut lists.faults);
    }
    carry.trail = ends_in_next;
}

/// Which bytes begin a pair, and which end one. `trail` is 1, if the first one does.
///
/// In a run of bytes that may begin a pair, every other one does. A borrow runs through the bits
/// of such a run and turns every other bit, all runs at a time.
#[inline(always)]
fn pairs(lead: u64, trail: u64) -> (u64, u64) {
    const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;
    let may_begin = lead & !trail;
    let may_end = may_begin << 1;
    let turned = ((may_end | ODD).wrapping_sub(may_begin)) ^ ODD;
    (turned & lead, turned ^ (lead | trail))
}

/// Lists what is at fault among the characters of these bytes.
#[cold]
#[inline(never)]
fn look_closer(bytes: &[u8], from: usize, to: usize, faults: &mut Vec<u32>) {
    text::faults(bytes, from, to, |at| faults.push(offset(at)));
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("no window is looked at beyond WINDOW_BYTES_MAX")
}

/// How many offsets a block has at most.
const ROOM: usize = BYTES;

#[cfg(test)]
pub(crate) mod tests {
    use encoding_rs::SHIFT_JIS;
    use proptest::prelude::*;

    use super::*;

    /// What care plans are written in: none of it may cost a closer look.
    pub(crate) const USUAL: &[&str] = &[
        "介護　太郎",
        "長谷川　髙",
        "渡邉　﨑",
        "一話老郎六",
        "あんぁをミヴーヶ",
        "、。・「」（）～－※→",
        "０５９",
        "①⑳ⅠⅤ㈱№",
        "ｶﾅ ﾊﾟ｡ﾟ",
    ];

    /// Where in a block they are tried; for Miri, across its halves alone.
    pub(crate) const BEGINNINGS: &[usize] =
        if cfg!(miri) { &[29] } else { &[0, 1, 17, 29, 31, 32, 40] };

    /// Whether a block that has the text from some byte on needs a closer look.
    pub(crate) fn is_suspicious(
        text: &str,
        from: usize,
        masks_of: impl Fn(&[u8; BYTES], u8) -> Masks,
    ) -> bool {
        let (text, _, replaced) = SHIFT_JIS.encode(text);
        assert!(!replaced, "MS932 has all of it");
        let mut block = [b'a'; BYTES];
        block[from..from + text.len()].copy_from_slice(&text);
        let Masks { lead, lone, suspect, .. } = masks_of(&block, b'a');
        let (_, trails) = pairs(lead, 0);
        (trails & suspect) | (lone & !trails) != 0
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: if cfg!(miri) { 4 } else { 512 },
            // Miri keeps a test from the file system.
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn every_other_byte_of_a_run_of_leads_ends_a_pair(lead: u64, more: u64, trail in 0..2_u64) {
            // Long runs are what a random number lacks.
            let lead = lead | more;
            let (mut leads, mut trails, mut is_trail) = (0, 0, trail);
            for bit in 0..u64::BITS {
                let is_lead = lead >> bit & 1 & !is_trail;
                leads |= is_lead << bit;
                trails |= is_trail << bit;
                is_trail = is_lead;
            }
            prop_assert_eq!(pairs(lead, trail), (leads, trails));
        }
    }
}
