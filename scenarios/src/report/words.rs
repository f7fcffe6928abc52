//! Words of the page: text that is safe, and said in both languages.

use std::fmt::{self, Display, Write};

use crate::Verdict;

/// Text as HTML shows it.
pub(super) struct Safe<'a>(pub(super) &'a str);

impl Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for char in self.0.chars() {
            match char {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// Words in Japanese and in English, of which the page shows one. They are our own, and markup.
pub(super) struct Both<Ja, En>(pub(super) Ja, pub(super) En);

impl<Ja: Display, En: Display> Display for Both<Ja, En> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<span lang=\"ja\">{}</span><span lang=\"en\">{}</span>", self.0, self.1)
    }
}

/// A time in milliseconds, as seconds.
pub(super) struct Seconds(pub(super) u64);

impl Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}\u{a0}s", self.0 / 1000, self.0 % 1000)
    }
}

/// A verdict, with a mark that is told apart without colours.
pub(super) struct Badge(pub(super) Verdict);

impl Display for Badge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.0 {
            Verdict::Pass => '✔',
            Verdict::Unsupported => '－',
            _ => '✘',
        };
        let words = Both(self.0.word_ja(), self.0.word().replace('-', " "));
        write!(f, "<span class=\"badge {}\">{mark} {words}</span>", self.0.word())
    }
}

/// Tags as scripts write them.
pub(super) struct Tags<'a>(pub(super) &'a [String]);

impl Display for Tags<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|tag| write!(f, " <span class=\"tag\">@{}</span>", Safe(tag)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_languages_stand_side_by_side() {
        let told = Both("3件", "3 requests").to_string();
        assert_eq!(told, r#"<span lang="ja">3件</span><span lang="en">3 requests</span>"#);
    }

    #[test]
    fn a_verdict_has_a_mark_and_a_word_in_each_language() {
        let badge = Badge(Verdict::SetUpError).to_string();
        assert!(
            badge.contains("✘") && badge.contains("設定の誤り") && badge.contains("set up error")
        );
        assert!(Badge(Verdict::Pass).to_string().contains("✔"));
        assert!(!Badge(Verdict::Unsupported).to_string().contains("✘"));
    }

    #[test]
    fn markup_in_a_text_is_text() {
        assert_eq!(Safe("<a href='x'>&").to_string(), "&lt;a href=&#39;x&#39;&gt;&amp;");
    }
}
