//! File names.

use careplan_standard::{FileName, is_safe_file_name};

/// A name is read or refused; one that is read is written as it was, but for the letter case of its
/// extension, and is safe to write to a disk.
pub fn names(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let is_safe = is_safe_file_name(&text);
    let Ok(name) = FileName::parse(&text) else { return };
    assert!(is_safe, "{text:?}");
    let written = name.to_string();
    assert_eq!(FileName::parse(&written), Ok(name), "{text:?}");
    assert!(written.eq_ignore_ascii_case(&text), "{text:?} {written:?}");
    assert_eq!(stem(&written), stem(&text));
    // A time that exists or not, never a panic.
    let _ = name.sequence.is_real_time();
}

fn stem(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(stem, _)| stem)
}
