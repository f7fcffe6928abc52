//! Words that do not belong in the code: ways out that nobody sees, and promises to do it later.
//!
//! Works on tokens, so that a word in a string or a comment is no breach, and one inside a macro
//! is.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::Fault;
use crate::rust_source::RustSource;

/// Macros that must not reach production code, each with what to do instead.
const MACROS: [(&str, &str); 3] = [
    ("todo", "write it, or leave the feature out"),
    ("unimplemented", "write it, or leave the feature out"),
    ("dbg", "remove it, or log what an operator needs"),
];

/// What stands in a comment that puts something off. In halves, so that this file has none.
const MARKS: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Finds forbidden words.
pub(crate) fn check(source: &RustSource) -> Vec<Fault> {
    let mut walk = Walk { source, faults: Vec::new() };
    walk.tokens(source.tokens.clone());
    let mut faults = walk.faults;
    faults.extend(marks(source));
    faults
}

struct Walk<'a> {
    source: &'a RustSource,
    faults: Vec<Fault>,
}

impl Walk<'_> {
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(word) => {
                    self.word(&word.to_string(), &tokens, at);
                }
                TokenTree::Group(group) => {
                    if group.delimiter() == Delimiter::Bracket && follows_hash(&tokens, at) {
                        self.attribute(group.stream());
                    }
                    self.tokens(group.stream());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn word(&mut self, word: &str, tokens: &[TokenTree], at: usize) {
        let line = tokens[at].span().start().line;
        if word == "unwrap" && is_punct(tokens.get(at.wrapping_sub(1)), '.') {
            self.production(line, "`.unwrap()`; handle it, or `expect` with the invariant as text");
        }
        if is_punct(tokens.get(at + 1), '!') {
            for (_, advice) in MACROS.iter().filter(|(name, _)| *name == word) {
                self.production(line, &format!("`{word}!`; {advice}"));
            }
        }
    }

    fn attribute(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let line = token.span().start().line;
            match token {
                TokenTree::Ident(word) if word == "allow" => {
                    self.production(line, "`allow`; mend it, or `#[expect(…, reason = \"…\")]`");
                }
                TokenTree::Ident(word) if word == "ignore" && at == 0 => {
                    let what = "`#[ignore]`; delete the test, or assert what happens today";
                    self.faults.push(Fault::new(&self.source.path, line, what));
                }
                TokenTree::Group(group) if starts_with_cfg_attr(&tokens) => {
                    self.attribute(group.stream());
                }
                _ => {}
            }
        }
    }

    fn production(&mut self, line: usize, what: &str) {
        if !self.source.is_test_line(line) {
            self.faults.push(Fault::new(&self.source.path, line, what));
        }
    }
}

/// Promises without the number of an issue.
fn marks(source: &RustSource) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, line) in source.text.lines().enumerate() {
        let Some((_, comment)) = line.split_once("//") else { continue };
        for mark in MARKS.iter().filter(|mark| comment.contains(**mark)) {
            if !names_an_issue(comment) {
                let what = format!("{mark} without an issue; do it, or write {mark}(#number)");
                faults.push(Fault::new(&source.path, at + 1, what));
            }
        }
    }
    faults
}

fn names_an_issue(comment: &str) -> bool {
    comment.split('#').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn follows_hash(tokens: &[TokenTree], at: usize) -> bool {
    let before = tokens.get(at.wrapping_sub(1));
    is_punct(before, '#')
        || (is_punct(before, '!') && is_punct(tokens.get(at.wrapping_sub(2)), '#'))
}

fn starts_with_cfg_attr(tokens: &[TokenTree]) -> bool {
    matches!(tokens.first(), Some(TokenTree::Ident(word)) if word == "cfg_attr")
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust_source;

    fn faults(path: &str, text: &str) -> Vec<Fault> {
        check(&rust_source::parse(path, text).expect("it is Rust"))
    }

    const FORBIDDEN: [&str; 8] = [
        "fn f() { g().unwrap(); }",
        "fn f() { assert!(g().unwrap()); }",
        "fn f() { todo!() }",
        "fn f() { unimplemented!(\"later\") }",
        "fn f() { dbg!(1); }",
        "#[allow(dead_code)]\nfn f() {}",
        "#![allow(dead_code)]",
        "#[cfg_attr(windows, allow(dead_code))]\nfn f() {}",
    ];

    #[test]
    fn forbidden_words_are_refused_in_production_code() {
        for text in FORBIDDEN {
            assert_eq!(faults("a/src/x.rs", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn tests_may_use_them() {
        for text in FORBIDDEN {
            assert_eq!(faults("a/tests/x.rs", text), [], "{text}");
        }
        assert_eq!(
            faults("a/src/x.rs", "#[cfg(test)]\nmod tests { fn f() { g().unwrap(); } }"),
            []
        );
    }

    #[test]
    fn words_that_only_look_like_them_are_accepted() {
        for text in [
            "fn f() { g().unwrap_or_default(); }",
            "fn unwrap() {}",
            "/// Never `.unwrap()`.\nfn f() { say(\"todo!()\"); }",
            "#[expect(dead_code, reason = \"for later\")]\nfn f() {}",
            "fn f() { allow(1); }",
        ] {
            assert_eq!(faults("a/src/x.rs", text), [], "{text}");
        }
    }

    #[test]
    fn a_test_that_is_switched_off_is_refused() {
        let text = "#[test]\n#[ignore = \"slow\"]\nfn f() {}";
        assert!(
            faults("a/tests/x.rs", text)[0].to_string().starts_with("a/tests/x.rs:2: `#[ignore]`")
        );
    }

    #[test]
    fn putting_off_needs_the_number_of_an_issue() {
        for mark in MARKS {
            assert_eq!(faults("a/src/x.rs", &format!("// {mark}: soon")).len(), 1);
            assert_eq!(faults("a/src/x.rs", &format!("// {mark}(#12): soon")), []);
        }
    }
}
