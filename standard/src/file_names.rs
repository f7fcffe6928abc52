//! Names of files that may lie in a folder of any machine.

/// Whether a file of this name can be written anywhere, Windows included, stays in the folder that
/// it is put into, and shows what it is. How long a name may be is for others to say.
///
/// A dot in front hides a file, and one or a space at the end is dropped by Windows in silence.
pub fn is_safe_file_name(name: &str) -> bool {
    !name.is_empty()
        && !name.chars().any(is_forbidden)
        && !name.starts_with(['.', ' '])
        && !name.ends_with(['.', ' '])
        && !is_device(name)
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
    fn ordinary_names_are_safe() {
        for name in [
            "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV",
            "第7表.pdf",
            "写真 1.jpg",
            "a.b.c.pdf",
            "report..pdf",
            "Console.txt",
            "COM10.txt",
            "com.txt",
            "髙島①.jpg",
        ] {
            assert!(is_safe_file_name(name), "{name}");
        }
    }

    #[test]
    fn names_that_a_disk_would_misread_are_not() {
        for name in [
            "",
            ".",
            "..",
            "../a.pdf",
            ".bashrc",
            ".partial",
            "a/b.pdf",
            "a\\b.pdf",
            "C:a.pdf",
            "a.csv:stream",
            "a\0.pdf",
            "a\n.pdf",
            "a.pdf.",
            "a.pdf ",
            " a.pdf",
            "nul",
            "NUL.pdf",
            "com1.txt",
            "COM1.tar.gz",
            "LPT9.csv",
            "LPT².txt",
            "CON .txt",
            "a\u{202e}fdp.txt",
            "a?.pdf",
            "a\".pdf",
        ] {
            assert!(!is_safe_file_name(name), "{name:?}");
        }
    }
}
