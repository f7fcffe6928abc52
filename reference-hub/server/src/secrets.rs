//! What nobody may guess: identifiers and tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hub_relay::Digest;
use rand::{TryRng, rngs::SysRng};
use sha2::{Digest as _, Sha256};

/// A new identifier: 128 random bits, hexadecimal.
pub(crate) fn new_id() -> String {
    hex(&random::<16>())
}

/// A new session's token: 256 random bits.
pub(crate) fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

/// What is kept of a token. It is random enough to need no salt.
pub(crate) fn token_digest(token: &str) -> Digest {
    Sha256::digest(token.as_bytes()).into()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).expect("the machine gives random bytes once it has started");
    bytes
}
