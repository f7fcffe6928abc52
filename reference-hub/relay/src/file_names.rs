//! Names that may lie side by side in a folder of any machine.

/// Whether a file of this name can be written anywhere, Windows included, and shows what it is.
pub(crate) fn is_safe(name: &str, bytes_max: usize) -> bool {
    !name.is_empty()
        && name.len() <= bytes_max
        && !name.chars().any(is_forbidden)
        && !name.starts_with(' ')
        && !name.ends_with(['.', ' '])
        && !is_device(name)
}

/// What two names must not share: Windows takes them for one file if only their case differs.
pub(crate) fn folded(name: &str) -> String {
    name.to_lowercase()
}

fn is_forbidden(char: char) -> bool {
    // Marks that turn the direction of text make an extension look like another.
    let turns =
        matches!(char, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || char.is_control() || "/\\<>:\"|?*".contains(char)
}

/// Windows' device names, which take any extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| {
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
    fn ordinary_names_are_taken() {
        for name in
            ["第7表.pdf", "a.b.c.pdf", "report..pdf", "Console.txt", "COM10.txt", "髙島①.jpg"]
        {
            assert!(is_safe(name, 255), "{name}");
        }
    }

    #[test]
    fn names_that_a_disk_would_misread_are_not() {
        for name in [
            "",
            ".",
            "..",
            "../a.pdf",
            "a/b.pdf",
            "a\\b.pdf",
            "C:a.pdf",
            "a\0.pdf",
            "a\n.pdf",
            "a.pdf.",
            "a.pdf ",
            " a.pdf",
            "nul",
            "NUL.pdf",
            "com1.txt",
            "LPT9.csv",
            "CON .txt",
            "a\u{202e}fdp.txt",
            "a?.pdf",
            "a\".pdf",
        ] {
            assert!(!is_safe(name, 255), "{name:?}");
        }
        assert!(!is_safe(&"あ".repeat(86), 255), "258 bytes");
    }
}
