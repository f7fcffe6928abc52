//! Secrets: where they come from, and the forms in which they are kept.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
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

/// A 証明書発行用パスワード: sixteen characters in groups of four, 80 random bits.
pub(crate) fn issue_password() -> Result<String, CaFault> {
    let letters = random::<16>()?.map(|byte| char::from(TYPABLE[usize::from(byte % 32)]));
    Ok(letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-"))
}

/// The form in which a random secret is kept. One that nobody can guess needs no slow hash.
pub(crate) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The form in which a chosen password is kept: Argon2id with a random salt. Takes 19 MiB.
pub(crate) fn hash(password: &str) -> Result<String, CaFault> {
    match Argon2::default().hash_password(password.as_bytes()) {
        Ok(hash) => Ok(hash.to_string()),
        Err(error) => Err(CaFault::Inner(format!("cannot hash: {error}"))),
    }
}

/// Whether the password is the one that was hashed.
pub(crate) fn verify(password: &str, hash: &str) -> Result<bool, CaFault> {
    let hash = PasswordHash::new(hash)
        .map_err(|error| CaFault::Inner(format!("not an Argon2 hash: {error}")))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
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
        let hash = hash("correct horse").expect("hashes");
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(verify("correct horse", &hash).expect("a hash"));
        assert!(!verify("correct horsf", &hash).expect("a hash"));
        assert!(verify("x", "no hash").is_err());
    }

    #[test]
    fn secrets_are_long_typable_and_never_the_same() {
        let password = issue_password().expect("randomness");
        assert_eq!(password.len(), 19, "{password}");
        assert!(password.bytes().all(|b| b == b'-' || TYPABLE.contains(&b)), "{password}");
        assert_ne!(password, issue_password().expect("randomness"));
        assert_eq!(token().expect("randomness").len(), 43);
        assert_ne!(token().expect("randomness"), token().expect("randomness"));
    }
}
