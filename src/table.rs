//! Text in columns, where a Japanese character takes two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The width that reports are laid out for.
pub(crate) const COLUMNS: usize = 80;

/// Lines of at most [`COLUMNS`] columns; the second and later ones stand under the first.
pub(crate) fn wrap(indent: &str, text: &str) -> Vec<String> {
    let hanging = " ".repeat(width(indent));
    let options =
        textwrap::Options::new(COLUMNS).initial_indent(indent).subsequent_indent(&hanging);
    textwrap::wrap(text, options).into_iter().map(|line| line.into_owned()).collect()
}

/// How many columns a terminal gives the text.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text, cut to at most so many columns, with … where something is missing.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if columns < used {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out
}

/// The text, cut or filled up to so many columns.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    let gap = columns.saturating_sub(width(&text));
    text + &" ".repeat(gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_text_hangs_under_its_first_word() {
        let lines = wrap("業務: ", &"介護".repeat(30));
        assert!(1 < lines.len() && lines.iter().all(|line| width(line) <= COLUMNS), "{lines:?}");
        assert!(lines[0].starts_with("業務: 介護") && lines[1].starts_with("      護"));
    }

    #[test]
    fn japanese_takes_two_columns() {
        assert_eq!(width("介護a"), 5);
        assert_eq!(fit("介護", 4), "介護");
        assert_eq!(fit("介護専門", 5), "介護…");
        assert_eq!(
            (pad("介護", 6), pad("介護専門", 6)),
            ("介護  ".to_owned(), "介護… ".to_owned())
        );
        assert_eq!(fit("abcdef", 5), "abcd…");
    }
}
