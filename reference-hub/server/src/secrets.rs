//! What nobody may guess: identifiers and tokens.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hub_relay::Digest;
use rand::{TryRng, rngs::SysRng};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

/// Where random bytes come from: fills what it is handed.
pub type Randomness = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// The machine's.
pub(crate) fn of_the_machine() -> Randomness {
    Arc::new(|bytes| {
        SysRng.try_fill_bytes(bytes).expect("the machine gives random bytes once it has started");
    })
}

/// A new identifier, hexadecimal: milliseconds since 1970 in 48 bits, and 80 random bits. What is new
/// is sorted behind what is old, so that a store of any size finds room for it in one place.
pub(crate) fn new_id(randomness: &Randomness, now: OffsetDateTime) -> String {
    let mut bits = [0; 16];
    let milliseconds = now.unix_timestamp_nanos() / 1_000_000;
    bits[..6].copy_from_slice(&milliseconds.to_be_bytes()[10..]);
    randomness(&mut bits[6..]);
    hex(&bits)
}

/// A new session's token: 256 random bits.
pub(crate) fn new_token(randomness: &Randomness) -> String {
    let mut bits = [0; 32];
    randomness(&mut bits);
    URL_SAFE_NO_PAD.encode(bits)
}

/// What is kept of a token. It is random enough to need no salt.
pub(crate) fn token_digest(token: &str) -> Digest {
    Sha256::digest(token.as_bytes()).into()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_later_identifier_is_sorted_behind_an_earlier_one() {
        let randomness = of_the_machine();
        let id = |now| new_id(&randomness, now);
        let early = id(datetime!(2025-04-28 17:15:02.5 UTC));
        let late = id(datetime!(2025-04-28 17:15:02.501 UTC));
        assert!(early < late, "{early} {late}");
        assert_eq!(early.len(), 32);
        let before_1970 = id(datetime!(1969-12-31 0:00 UTC));
        assert_ne!(before_1970, id(datetime!(1969-12-31 0:00 UTC)));
    }

    #[test]
    fn bytes_are_written_in_lower_case_hexadecimal() {
        assert_eq!(hex(&[0x00, 0x0f, 0xa5, 0xff]), "000fa5ff");
    }
}
