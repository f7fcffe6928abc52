//! What a report may show of a request: secrets, personal data and file contents are taken out.

use careplan_protocol::is_secret_member;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What stands in the place of what was taken out.
pub(crate) const HIDDEN: &str = "［伏せています］";

/// Headers whose value opens something.
const SECRET_HEADERS: &[&str] = &["authorization", "cookie", "set-cookie", "proxy-authorization"];

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
    json(bytes).unwrap_or_else(|| format!("（{}バイト、SHA-256 {}）", bytes.len(), sha256(bytes)))
}

/// A body as a client describes it: JSON with its secrets hidden; of anything else, the size alone.
pub(crate) fn text(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    json(text.as_bytes()).unwrap_or_else(|| format!("（{}バイト）", text.len()))
}

/// A 被保険者番号 in a message: its end, which tells the people of one office apart.
pub(crate) fn insured(number: &str) -> String {
    let end = number.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
    format!("被保険者…{}", &number[end..])
}

/// A line that begins with a 被保険者番号, told by the number's end: lines are compared whole.
pub(crate) fn insured_line(line: &str) -> String {
    let (number, rest) = line.split_once(' ').unwrap_or((line, ""));
    format!("{} {rest}", insured(number)).trim_end().to_owned()
}

/// So many 被保険者番号, each told by its end.
pub(crate) fn insured_list<'a>(numbers: impl IntoIterator<Item = &'a str>) -> String {
    let told: Vec<String> = numbers.into_iter().map(insured).collect();
    if told.is_empty() { "なし".to_owned() } else { told.join("、") }
}

fn json(bytes: &[u8]) -> Option<String> {
    let mut value = serde_json::from_slice(bytes).ok()?;
    hide(&mut value);
    Some(shorten(&format!("{value:#}")))
}

/// The SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if is_secret_member(name) {
                    *value = Value::from(HIDDEN);
                } else {
                    hide(value);
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
    fn a_secret_is_hidden_whatever_its_form() {
        let shown = text(r#"{"token":{"of":["t0k3n"]},"message":["架空 花子"],"password":7411}"#);
        for secret in ["t0k3n", "花子", "7411"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn of_a_person_only_the_end_of_the_number_is_shown() {
        assert_eq!(insured("0000000123"), "被保険者…123");
        assert_eq!(insured("7"), "被保険者…7");
        assert_eq!(insured_line("0000000123 1日 ×2"), "被保険者…123 1日 ×2");
        assert_eq!(insured_list(["0000000123", "0000000456"]), "被保険者…123、被保険者…456");
        assert_eq!(insured_list([]), "なし");
    }

    #[test]
    fn what_is_not_json_is_counted_not_shown() {
        assert_eq!(text("{\"meta\":1}\n架空 花子"), "（24バイト）");
        assert_eq!(text("\"(6 bytes)\""), "\"(6 bytes)\"");
        assert_eq!(text(""), "");
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
