//! MS932.

use careplan_standard::ms932::{char_count, decode, decode_lossy, encode, fault};
use encoding_rs::SHIFT_JIS;

/// Decoding and encoding are each other's inverse; what is sound is what another decoder reads and
/// is no 外字; a fault lies where everything before it is sound.
pub fn ms932(bytes: &[u8]) {
    let fault = fault(bytes);
    assert_eq!(fault.is_none(), is_sound_elsewhere(bytes), "{bytes:02X?}");
    match (decode(bytes), fault) {
        (Ok(text), None) => {
            assert_eq!(text, decode_lossy(bytes));
            assert_eq!(char_count(bytes), text.chars().count());
            // Some characters have two codes in MS932, so the bytes may differ and the text not.
            let again = encode(&text).expect("what was decoded is in MS932");
            assert_eq!(decode(&again).as_deref(), Ok(text.as_str()));
        }
        (Err(said), Some(found)) => {
            assert_eq!(said, found);
            assert!(found.at < bytes.len());
            assert!(decode(&bytes[..found.at]).is_ok());
            let _ = (decode_lossy(bytes), char_count(bytes));
        }
        (decoded, fault) => panic!("{decoded:?} beside {fault:?}"),
    }
    let text = String::from_utf8_lossy(bytes);
    match encode(&text) {
        Ok(encoded) => assert_eq!(decode(&encoded).as_deref(), Ok(&*text)),
        Err(lacking) => assert!(text.contains(lacking.character)),
    }
}

/// As browsers read it, less what they allow beyond MS932: 外字, and 0x80 for a control character.
fn is_sound_elsewhere(bytes: &[u8]) -> bool {
    let beyond = |c: char| matches!(c, '\u{80}' | '\u{E000}'..='\u{F8FF}');
    SHIFT_JIS
        .decode_without_bom_handling_and_without_replacement(bytes)
        .is_some_and(|text| !text.contains(beyond))
}
