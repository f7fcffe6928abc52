//! Text in columns, where a Japanese character takes two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_takes_two_columns() {
        assert_eq!(width("介護a"), 5);
        assert_eq!(fit("介護", 4), "介護");
        assert_eq!(fit("介護専門", 5), "介護…");
        assert_eq!(fit("abcdef", 5), "abcd…");
    }
}
