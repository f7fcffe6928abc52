//! What nobody may guess: identifiers and tokens.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hub_relay::Digest;
use rand::{TryRng, rngs::SysRng};
use sha2::{Digest as _, Sha256};

/// Where random bytes come from: fills what it is handed.
pub type Randomness = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// The machine's.
pub(crate) fn of_the_machine() -> Randomness {
    Arc::new(|bytes| {
        SysRng.try_fill_bytes(bytes).expect("the machine gives random bytes once it has started");
    })
}

/// A new identifier: 128 random bits, hexadecimal.
pub(crate) fn new_id(randomness: &Randomness) -> String {
    let mut bits = [0; 16];
    randomness(&mut bits);
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
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
