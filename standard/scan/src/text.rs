//! Which pairs of bytes are characters of MS932: every one that Windows assigns, NEC special and
//! IBM extension characters among them, but no 外字.

/// The second bytes that are assigned, by the first ones, both ends of each range included. 7F is
/// never one.
type Assigned = (u8, u8, &'static [(u8, u8)]);

const ASSIGNED: &[Assigned] = &[
    (
        0x81,
        0x81,
        &[(0x40, 0xAC), (0xB8, 0xBF), (0xC8, 0xCE), (0xDA, 0xE8), (0xF0, 0xF7), (0xFC, 0xFC)],
    ),
    (0x82, 0x82, &[(0x4F, 0x58), (0x60, 0x79), (0x81, 0x9A), (0x9F, 0xF1)]),
    (0x83, 0x83, &[(0x40, 0x96), (0x9F, 0xB6), (0xBF, 0xD6)]),
    (0x84, 0x84, &[(0x40, 0x60), (0x70, 0x91), (0x9F, 0xBE)]),
    (0x87, 0x87, &[(0x40, 0x5D), (0x5F, 0x75), (0x7E, 0x9C)]),
    (0x88, 0x88, &[(0x9F, 0xFC)]),
    (0x89, 0x97, &[(0x40, 0xFC)]),
    (0x98, 0x98, &[(0x40, 0x72), (0x9F, 0xFC)]),
    (0x99, 0x9F, &[(0x40, 0xFC)]),
    (0xE0, 0xE9, &[(0x40, 0xFC)]),
    (0xEA, 0xEA, &[(0x40, 0xA4)]),
    (0xED, 0xED, &[(0x40, 0xFC)]),
    (0xEE, 0xEE, &[(0x40, 0xEC), (0xEF, 0xFC)]),
    (0xFA, 0xFB, &[(0x40, 0xFC)]),
    (0xFC, 0xFC, &[(0x40, 0x4B)]),
];

/// One bit a pair.
static TABLE: [[u64; 4]; 256] = table();

/// Goes through the characters that begin in these bytes, and says of each that is no MS932, or
/// 外字, where it begins. The last one may end behind them.
pub(crate) fn faults(bytes: &[u8], from: usize, to: usize, mut fault: impl FnMut(usize)) {
    let mut at = from;
    while let Some(&lead) = bytes[..to].get(at) {
        let is_pair = matches!(lead, 0x81..=0x9F | 0xE0..=0xFC);
        let is_sound = match lead {
            0x00..=0x7F | 0xA1..=0xDF => true,
            _ => bytes.get(at + 1).is_some_and(|&trail| is_assigned(lead, trail)),
        };
        if !is_sound {
            fault(at);
        }
        at += if is_pair { 2 } else { 1 };
    }
}

/// Whether a pair is a character.
fn is_assigned(lead: u8, trail: u8) -> bool {
    TABLE[usize::from(lead)][usize::from(trail / 64)] >> (trail % 64) & 1 == 1
}

const fn table() -> [[u64; 4]; 256] {
    let mut table = [[0; 4]; 256];
    let mut row = 0;
    while row < ASSIGNED.len() {
        let (first, last, ranges) = ASSIGNED[row];
        let mut lead = first;
        while lead <= last {
            table[lead as usize] = bits(ranges);
            lead += 1;
        }
        row += 1;
    }
    table
}

const fn bits(ranges: &[(u8, u8)]) -> [u64; 4] {
    let mut bits = [0; 4];
    let mut range = 0;
    while range < ranges.len() {
        let (mut trail, last) = ranges[range];
        while trail <= last {
            if trail != 0x7F {
                bits[trail as usize / 64] |= 1 << (trail % 64);
            }
            trail += 1;
        }
        range += 1;
    }
    bits
}
