//! Values of codes and numbers, as rules that compare rows keep them.

/// The number that digits write; none for anything else, and beyond ten digits.
pub(crate) fn number(value: &[u8]) -> Option<u32> {
    let digit = |sum: u32, byte: &u8| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    };
    if value.is_empty() { None } else { value.iter().try_fold(0, digit) }
}

/// The value filled up with zero bytes; one that is too long is like no sound value.
pub(crate) fn fixed<const N: usize>(value: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    match out.get_mut(..value.len()) {
        Some(start) => start.copy_from_slice(value),
        None => out = [0xFF; N],
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_codes_have_their_limits() {
        assert_eq!(number(b"4294967295"), Some(u32::MAX));
        for wrong in ["", "4294967296", "-1", "1.0", "99999999999"] {
            assert_eq!(number(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(fixed::<3>(b"ab"), *b"ab\0");
        assert_eq!(fixed::<3>(b"abcd"), [0xFF; 3]);
    }
}
