//! MS932, the Shift-JIS of Windows: strict about broken bytes and about 外字.
//!
//! NEC special and IBM extension characters (①, ㈱, 髙, 﨑) are MS932. 外字, the user-defined lead
//! bytes F0–F9, are not allowed: no two machines agree on what they show. In MS932 no trail byte is
//! a comma, a quote, CR or LF, so records are split without decoding.

use std::{fmt, sync::OnceLock};

use encoding_rs::SHIFT_JIS;

/// What is wrong with a text's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Bytes that are no character of MS932, or half of one.
    Broken,
    /// 外字: a user-defined character.
    UserDefined,
}

/// The first fault of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The byte where it begins, from 0.
    pub at: usize,
}

/// A character that MS932 does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unencodable {
    /// The character.
    pub character: char,
}

impl fmt::Display for Unencodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { character } = self;
        let code = u32::from(*character);
        write!(f, "「{character}」(U+{code:04X}) はMS932にありません / is not in MS932")
    }
}

impl std::error::Error for Unencodable {}

/// The first byte that is not as it should be; none if the text is MS932 without 外字.
pub fn fault(bytes: &[u8]) -> Option<Fault> {
    let mut at = 0;
    while let Some(&lead) = bytes.get(at) {
        match lead {
            0x00..=0x7F | 0xA1..=0xDF => at += 1,
            0xF0..=0xF9 => return Some(Fault { kind: FaultKind::UserDefined, at }),
            _ => {
                let trail = bytes.get(at + 1).copied().unwrap_or(0);
                if !is_assigned(lead, trail) {
                    return Some(Fault { kind: FaultKind::Broken, at });
                }
                at += 2;
            }
        }
    }
    None
}

/// The text, if it is MS932 without 外字.
///
/// # Errors
/// The first fault.
pub fn decode(bytes: &[u8]) -> Result<String, Fault> {
    match fault(bytes) {
        None => Ok(decode_lossy(bytes)),
        Some(fault) => Err(fault),
    }
}

/// The text for showing: what cannot be read becomes U+FFFD.
pub fn decode_lossy(bytes: &[u8]) -> String {
    SHIFT_JIS.decode_without_bom_handling(bytes).0.into_owned()
}

/// The text in MS932, so that [`decode`] gives back the same text.
///
/// # Errors
/// The first character that MS932 does not have, 外字 (private use) included. Nothing is replaced:
/// not even 〜 (U+301C) by ～ (U+FF5E), which many keyboards write for it.
pub fn encode(text: &str) -> Result<Vec<u8>, Unencodable> {
    let mut out = Vec::with_capacity(text.len());
    let mut utf8 = [0; 4];
    for character in text.chars() {
        if character.is_ascii() {
            out.push(character as u8);
            continue;
        }
        let (bytes, _, replaced) = SHIFT_JIS.encode(character.encode_utf8(&mut utf8));
        let is_same = || decode(&bytes).is_ok_and(|back| back.chars().eq([character]));
        if replaced || !is_same() {
            return Err(Unencodable { character });
        }
        out.extend_from_slice(&bytes);
    }
    Ok(out)
}

/// The text in MS932, with `?` for each character that MS932 does not have.
pub(crate) fn encode_lossy(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for character in text.chars() {
        match encode(character.encode_utf8(&mut [0; 4])) {
            Ok(bytes) => out.extend_from_slice(&bytes),
            Err(_) => out.push(b'?'),
        }
    }
    out
}

/// How many characters the bytes show, each broken byte counting as one.
pub fn char_count(bytes: &[u8]) -> usize {
    let mut count = 0;
    let mut at = 0;
    while let Some(&lead) = bytes.get(at) {
        let is_pair = matches!(lead, 0x81..=0x9F | 0xE0..=0xFC)
            && bytes.get(at + 1).is_some_and(|trail| matches!(trail, 0x40..=0x7E | 0x80..=0xFC));
        at += if is_pair { 2 } else { 1 };
        count += 1;
    }
    count
}

/// Whether a pair of bytes is a character of MS932. One bit a pair, made once.
fn is_assigned(lead: u8, trail: u8) -> bool {
    static ASSIGNED: OnceLock<Box<[u64; 1024]>> = OnceLock::new();
    let table = ASSIGNED.get_or_init(|| {
        let mut table = Box::new([0_u64; 1024]);
        for lead in (0x81..=0x9F).chain(0xE0..=0xFC_u8) {
            for trail in (0x40..=0x7E).chain(0x80..=0xFC_u8) {
                let pair = [lead, trail];
                if SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&pair).is_some() {
                    let pair = usize::from(lead) << 8 | usize::from(trail);
                    table[pair / 64] |= 1 << (pair % 64);
                }
            }
        }
        table
    });
    let pair = usize::from(lead) << 8 | usize::from(trail);
    table[pair / 64] >> (pair % 64) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(bytes: &[u8]) -> Option<(FaultKind, usize)> {
        fault(bytes).map(|fault| (fault.kind, fault.at))
    }

    #[test]
    fn special_and_extension_characters_are_ms932() {
        for text in ["①㈱髙﨑", "介護　専門", "ｼｹﾝ ﾊﾅﾖ", "～－∥￢￡￠", "Ⅲ№℡", "漢\r\n字,\"\\~"]
        {
            let bytes = encode(text).expect(text);
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
            assert_eq!(char_count(&bytes), text.chars().count(), "{text}");
        }
    }

    #[test]
    fn what_is_not_ms932_is_not_replaced() {
        for (text, character) in
            [("𠮟る", '𠮟'), ("a〜b", '〜'), ("¥", '¥'), ("é", 'é'), ("\u{E000}", '\u{E000}')]
        {
            assert_eq!(encode(text), Err(Unencodable { character }));
        }
    }

    #[test]
    fn broken_bytes_and_user_defined_characters_are_found_where_they_are() {
        assert_eq!(fault_of(b"abc"), None);
        assert_eq!(fault_of(b"a\x88"), Some((FaultKind::Broken, 1)), "half a character");
        assert_eq!(fault_of(b"\x88,"), Some((FaultKind::Broken, 0)), "a comma is no trail byte");
        assert_eq!(fault_of(b"ab\x80"), Some((FaultKind::Broken, 2)), "80 is no character");
        assert_eq!(fault_of(b"\xA0"), Some((FaultKind::Broken, 0)));
        assert_eq!(fault_of(b"\xFD"), Some((FaultKind::Broken, 0)));
        assert_eq!(fault_of(b"\x85\x40"), Some((FaultKind::Broken, 0)), "an empty row");
        assert_eq!(fault_of(b"a\xF0\x40"), Some((FaultKind::UserDefined, 1)));
        assert_eq!(fault_of(b"\xF9\xFC"), Some((FaultKind::UserDefined, 0)));
        assert_eq!(fault_of(b"\xFA\x40\xFC\x4B"), None, "IBM extension");
        assert_eq!(fault_of(b"\xED\x40"), None, "NEC's selection of it");
    }

    #[test]
    fn no_trail_byte_is_a_separator() {
        for lead in 0x80..=0xFF {
            for separator in [b',', b'"', b'\r', b'\n'] {
                assert!(!is_assigned(lead, separator));
            }
        }
    }
}
