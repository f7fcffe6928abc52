//! How the databases keep what a file contains.
//!
//! CSV of the standard packs to a tenth, in less time than the rest takes to be written and flushed.
//! What packing does not make smaller, as pictures, is kept as it is. Content that is shorter than its
//! file is packed; nothing else tells the two apart.

use std::borrow::Cow;

use hub_relay::Bytes;
use lz4_flex::block;

/// No byte of a packed block gives more than these.
const BYTES_FROM_ONE_MAX: u64 = 255;

/// Content as it is kept: packed if that is shorter.
pub(crate) fn pack(content: &[u8]) -> Cow<'_, [u8]> {
    let packed = block::compress(content);
    if packed.len() < content.len() { packed.into() } else { content.into() }
}

/// The content of a file of `size` bytes; what is kept, where that cannot be unpacked. Whoever reads
/// compares the digest, and so finds either.
pub(crate) fn unpack(kept: &[u8], size: u64) -> Bytes {
    let bytes = kept.len() as u64;
    // Nobody is asked for more memory than what is kept can fill.
    if size <= bytes || bytes * BYTES_FROM_ONE_MAX < size {
        return kept.into();
    }
    let unpacked = usize::try_from(size).ok().and_then(|size| block::decompress(kept, size).ok());
    unpacked.map_or_else(|| kept.into(), Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(length: u32) -> Vec<u8> {
        (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
    }

    #[test]
    fn content_comes_back_as_it_went_in_packed_or_not() {
        let csv = b"\"2\",\"202504\",\"2770100012\",\"\xe5\xae\"\r\n".repeat(900);
        let (packed, kept) = (pack(&csv), pack(b"%PDF"));
        assert!(packed.len() * 10 < csv.len(), "{} of {}", packed.len(), csv.len());
        assert_eq!(&*kept, b"%PDF");
        for content in [&csv[..], b"", b"\"", b"%PDF", &[0; 70_000], &noise(5), &noise(70_000)] {
            let size = content.len() as u64;
            let kept = pack(content);
            assert!(kept.len() <= content.len());
            assert_eq!(*unpack(&kept, size), *content);
        }
    }

    #[test]
    fn what_cannot_be_unpacked_is_neither_the_file_nor_large() {
        let csv = b"\"2\",\"202504\"\r\n".repeat(900);
        let (size, kept) = (csv.len() as u64, pack(&csv));
        let is_sound = |kept: &[u8], size| *unpack(kept, size) == *csv;
        assert!(is_sound(&kept, size));
        for cut in 0..kept.len() {
            assert!(!is_sound(&kept[..cut], size), "{cut} bytes");
        }
        for other in [0, size - 1, u64::MAX] {
            assert_eq!(*unpack(&kept, other), *kept, "a file of {other} bytes");
        }
        assert_eq!(unpack(&[0xff; 40], 400).len(), 40);
    }
}
