//! What a report may show of a request: secrets, personal data and file contents are taken out.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// What stands in the place of what was taken out.
pub(crate) const HIDDEN: &str = "［伏せています］";

/// Headers whose value opens something.
const SECRET_HEADERS: &[&str] = &["authorization", "cookie", "set-cookie", "proxy-authorization"];

/// Members of JSON objects that open something, or that may speak of a person.
const SECRET_MEMBERS: &[&str] = &[
    "password",
    "old_password",
    "new_password",
    "issue_password",
    "token",
    "private_key",
    "message",
];

/// How much of a body a report shows, in characters.
const BODY_CHARS_MAX: usize = 4000;

/// A header line.
pub(crate) fn header(name: &str, value: &str) -> String {
    let secret = SECRET_HEADERS.iter().any(|secret| secret.eq_ignore_ascii_case(name));
    format!("{name}: {}", if secret { HIDDEN } else { value })
}

/// A body: JSON with its secrets hidden; of anything else, the size and the SHA-256.
pub(crate) fn body(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    match std::str::from_utf8(bytes) {
        Ok(json) if serde_json::from_str::<Value>(json).is_ok() => text(json),
        _ => format!("（{}バイト、SHA-256 {}）", bytes.len(), sha256(bytes)),
    }
}

/// A body that was described in words, or is JSON.
pub(crate) fn text(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(mut value) => {
            hide(&mut value);
            shorten(&format!("{value:#}"))
        }
        Err(_) => shorten(text),
    }
}

/// The SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if SECRET_MEMBERS.contains(&name.as_str()) => {
                        HIDDEN.clone_into(text);
                    }
                    _ => hide(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(hide),
        _ => {}
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(BODY_CHARS_MAX) {
        Some((end, _)) => format!("{}…（以下略）", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let shown =
            body(br#"{"user_id":"KJ000000000001","password":"sesame","in":[{"token":"t0k3n"}]}"#);
        assert!(!shown.contains("sesame") && !shown.contains("t0k3n"), "{shown}");
        assert!(shown.contains("KJ000000000001"), "{shown}");
        assert_eq!(header("Authorization", "Bearer x"), format!("Authorization: {HIDDEN}"));
        assert_eq!(header("accept", "*/*"), "accept: */*");
    }

    #[test]
    fn of_a_file_only_size_and_digest_are_shown() {
        let shown = body("見本 太郎,1".as_bytes());
        assert!(!shown.contains("太郎"), "{shown}");
        assert!(shown.contains("15バイト"), "{shown}");
    }

    #[test]
    fn a_long_body_is_cut_between_characters() {
        let long = serde_json::to_vec(&vec!["長い"; 5000]).expect("serializes");
        assert!(body(&long).ends_with("…（以下略）"));
    }
}
