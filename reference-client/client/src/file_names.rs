//! File names that a stranger chose, before they touch the disk.

use std::fmt;

use careplan_protocol::hub::FILE_NAME_BYTES_MAX;

/// Why a name is not written to a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsafeName {
    /// Empty, or longer than the wire allows.
    Length,
    /// `.` or `..`, or a dot in front: hidden, and used by this client for files under way.
    Dots,
    /// A path separator, a drive letter's colon, a control character or another character that
    /// Windows forbids.
    Character,
    /// A dot or a space at the end, which Windows drops in silence.
    End,
    /// A device of Windows: `CON`, `NUL`, `COM1`, …, with or without an extension.
    Device,
}

impl fmt::Display for UnsafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "length",
            Self::Dots => "leading dot",
            Self::Character => "forbidden character",
            Self::End => "trailing dot or space",
            Self::Device => "reserved by Windows",
        })
    }
}

/// Checks that a name names a plain file in the folder it is joined to, on every system.
///
/// # Errors
/// The first reason why it does not.
pub fn check_file_name(name: &str) -> Result<(), UnsafeName> {
    if name.is_empty() || name.len() > FILE_NAME_BYTES_MAX {
        return Err(UnsafeName::Length);
    }
    if name.starts_with('.') {
        return Err(UnsafeName::Dots);
    }
    if name.chars().any(|c| c.is_control() || r#"/\:*?"<>|"#.contains(c)) {
        return Err(UnsafeName::Character);
    }
    if name.ends_with(['.', ' ']) {
        return Err(UnsafeName::End);
    }
    if is_device(name) { Err(UnsafeName::Device) } else { Ok(()) }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let numbered = |prefix: &str| {
        let rest = stem.strip_prefix(prefix);
        rest.is_some_and(|rest| {
            let mut chars = rest.chars();
            matches!((chars.next(), chars.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
        })
    };
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str())
        || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_pass() {
        for name in [
            "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV",
            "写真 1.jpg",
            "a..b.txt",
            "console.txt",
            "COM10.txt",
            "com.txt",
        ] {
            assert_eq!(check_file_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn hostile_names_do_not() {
        let long = "x".repeat(256);
        for (name, why) in [
            ("", UnsafeName::Length),
            (long.as_str(), UnsafeName::Length),
            ("..", UnsafeName::Dots),
            ("../up.csv", UnsafeName::Dots),
            (".bashrc", UnsafeName::Dots),
            ("a/b.csv", UnsafeName::Character),
            ("a\\b.csv", UnsafeName::Character),
            ("C:evil.csv", UnsafeName::Character),
            ("a.csv:stream", UnsafeName::Character),
            ("a\u{0}.csv", UnsafeName::Character),
            ("a.csv.", UnsafeName::End),
            ("a.csv ", UnsafeName::End),
            ("nul", UnsafeName::Device),
            ("Con.csv", UnsafeName::Device),
            ("aux .csv", UnsafeName::Device),
            ("COM1.tar.gz", UnsafeName::Device),
            ("LPT².txt", UnsafeName::Device),
        ] {
            assert_eq!(check_file_name(name), Err(why), "{name:?}");
        }
    }
}
