//! Just enough DER and PEM to spoil what a library would only write well.

use base64::{Engine, prelude::BASE64_STANDARD};

/// The tag of a SEQUENCE.
const SEQUENCE: u8 = 0x30;
/// The tag of a BIT STRING.
const BIT_STRING: u8 = 0x03;

/// What an element holds, behind its tag and length; nothing if it is none.
pub(crate) fn content(element: &[u8]) -> &[u8] {
    header(element).and_then(|header| element.get(header.start..header.end)).unwrap_or_default()
}

/// The elements that an element holds, whole.
pub(crate) fn elements(element: &[u8]) -> Vec<&[u8]> {
    let mut rest = content(element);
    let mut found = Vec::new();
    while let Some(whole) = header(rest).and_then(|header| rest.get(..header.end)) {
        found.push(whole);
        rest = &rest[whole.len()..];
    }
    found
}

/// A SEQUENCE of these elements.
pub(crate) fn sequence(elements: &[&[u8]]) -> Vec<u8> {
    wrap(SEQUENCE, &elements.concat())
}

/// A BIT STRING of whole bytes.
pub(crate) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    wrap(BIT_STRING, &[&[0], bytes].concat())
}

/// PEM.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.extend(line.iter().copied().map(char::from));
        out.push('\n');
    }
    out + &format!("-----END {label}-----\n")
}

/// Where the content of the first element begins and ends.
fn header(bytes: &[u8]) -> Option<std::ops::Range<usize>> {
    let length = usize::from(*bytes.get(1)?);
    if length < 0x80 {
        return Some(2..2 + length);
    }
    let digits = bytes.get(2..2 + (length & 0x7f))?;
    let length = digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    let start = 2 + digits.len();
    Some(start..start + length)
}

fn wrap(tag: u8, content: &[u8]) -> Vec<u8> {
    let bytes = content.len().to_be_bytes();
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
    let digits = &bytes[start..];
    let mut out = vec![tag];
    if content.len() < 0x80 {
        out.push(digits[0]);
    } else {
        // A length has eight digits of a byte at most.
        out.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
        out.extend(digits);
    }
    out.extend(content);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrapped_is_found_again() {
        for length in [0, 1, 127, 128, 300, 70_000] {
            let inner = wrap(4, &vec![7; length]);
            let outer = sequence(&[&inner, &bit_string(&[1, 2])]);
            let found = elements(&outer);
            assert_eq!(found, [&inner[..], &bit_string(&[1, 2])]);
            assert_eq!(content(found[0]).len(), length);
        }
        assert!(elements(&[0x30, 0x82, 0xff]).is_empty(), "cut short");
    }
}
