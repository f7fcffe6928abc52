//! Secrets: where they come from, and the forms in which they are kept.

use std::{
    fmt::Display,
    sync::{Mutex, MutexGuard, PoisonError},
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRng, rngs::SysRng};
use sha2::{Digest, Sha256};

use crate::CaFault;

/// Letters and digits that are not mistaken for each other. Thirty-two: five bits of a byte choose
/// one evenly.
const TYPABLE: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Random bytes from the machine.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], CaFault> {
    let mut bytes = [0; N];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| CaFault::Inner(format!("no randomness: {error}")))?;
    Ok(bytes)
}

/// A token of 256 random bits.
pub(crate) fn token() -> Result<String, CaFault> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// A password to be typed, 証明書発行用 or 仮: sixteen characters in groups of four, 80 random bits.
pub(crate) fn typable() -> Result<String, CaFault> {
    let letters = random::<16>()?.map(|byte| char::from(TYPABLE[usize::from(byte % 32)]));
    Ok(letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-"))
}

/// The form in which a random secret is kept. One that nobody can guess needs no slow hash.
pub(crate) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// What a hash of a password has to withstand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exposure {
    /// It lies in a file, against which a thief may try passwords: each try takes 19 MiB.
    File,
    /// It ends with the process that holds it: the least that Argon2id can be. A hundred CAs are
    /// started and logged in to in a run of scenarios.
    Memory,
}

/// The form in which a chosen password is kept: Argon2id with a random salt.
pub(crate) fn hash(password: &str, exposure: Exposure) -> Result<String, CaFault> {
    let params = match exposure {
        Exposure::File => Params::default(),
        Exposure::Memory => Params::new(Params::MIN_M_COST, 1, 1, None)
            .map_err(|error| CaFault::Inner(format!("cannot hash: {error}")))?,
    };
    let salt = random::<16>()?;
    let fault = |error: &dyn Display| CaFault::Inner(format!("cannot hash: {error}"));
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|error| fault(&error))?,
        salt: Some(Salt::new(&salt).map_err(|error| fault(&error))?),
        hash: Some(argon2id(password, &salt, params).map_err(|error| fault(&error))?),
    };
    Ok(hash.to_string())
}

/// Whether the password is the one that was hashed.
pub(crate) fn verify(password: &str, hash: &str) -> Result<bool, CaFault> {
    let fault = |error: &dyn Display| CaFault::Inner(format!("not an Argon2 hash: {error}"));
    let hash = PasswordHash::new(hash).map_err(|error| fault(&error))?;
    let params = Params::try_from(&hash).map_err(|error| fault(&error))?;
    let salt = hash.salt.ok_or_else(|| fault(&"without a salt"))?;
    let output = argon2id(password, &salt, params).map_err(|error| fault(&error))?;
    // Outputs are compared in constant time.
    Ok(hash.hash == Some(output))
}

/// Memory that was hashed in, to be hashed in again. Given back to the allocator it would stay
/// behind, 19 MiB in every thread that ever hashed.
static SCRATCH: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

fn argon2id(password: &str, salt: &[u8], params: Params) -> Result<Output, argon2::Error> {
    let mut blocks = scratch().pop().unwrap_or_default();
    blocks.resize(params.block_count(), Block::default());
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hashed =
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, &mut blocks);
    scratch().push(blocks);
    hashed.and_then(|()| Output::new(&output).map_err(|_| argon2::Error::OutputTooLong))
}

fn scratch() -> MutexGuard<'static, Vec<Vec<Block>>> {
    // Pushing and popping leave the list whole even if somebody panicked.
    SCRATCH.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_argon2id_and_knows_its_password_alone() {
        for (exposure, memory) in [(Exposure::File, "m=19456,"), (Exposure::Memory, "m=8,")] {
            let hash = hash("correct horse", exposure).expect("hashes");
            assert!(hash.starts_with("$argon2id$") && hash.contains(memory), "{hash}");
            assert!(verify("correct horse", &hash).expect("a hash"));
            assert!(!verify("correct horsf", &hash).expect("a hash"));
        }
        assert!(verify("x", "no hash").is_err());
    }

    #[test]
    fn secrets_are_long_typable_and_never_the_same() {
        let password = typable().expect("randomness");
        assert_eq!(password.len(), 19, "{password}");
        assert!(password.bytes().all(|b| b == b'-' || TYPABLE.contains(&b)), "{password}");
        assert_ne!(password, typable().expect("randomness"));
        assert_eq!(token().expect("randomness").len(), 43);
        assert_ne!(token().expect("randomness"), token().expect("randomness"));
    }
}
