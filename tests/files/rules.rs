//! `careplan rules`, from outside.

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::{careplan, stdout};

#[test]
fn every_rule_is_listed_with_its_words_in_both_languages() {
    let output = careplan(&["--lang", "en", "rules", "--format", "json"]);
    let rules: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let rules = rules.as_array().expect("a list");
    assert!(100 < rules.len());
    for rule in rules {
        for words in ["id", "severity", "clause", "text", "advice", "states", "because"] {
            assert!(rule[words].as_str().is_some_and(|words| !words.is_empty()), "{rule}");
        }
        assert_eq!(rule["text"], rule["en"]["text"]);
        assert_ne!(rule["text"], rule["ja"]["text"]);
        assert!(rule["example"]["refused"].as_array().is_some_and(|edits| !edits.is_empty()));
    }
}

#[test]
fn the_book_fits_a_terminal() {
    for lang in ["ja", "en"] {
        for arguments in [&["rules"][..], &["rules", "item.spreadsheet-form"]] {
            let book = stdout(&careplan(&[&["--lang", lang], arguments].concat()));
            let wide = book.lines().find(|line| 80 < line.width());
            assert_eq!(wide, None);
        }
    }
}

#[test]
fn one_rule_is_shown_with_its_example() {
    let shown = stdout(&careplan(&["--lang", "ja", "rules", "item.missing"]));
    assert!(shown.contains("× UPPLAN 1件目 サービスコード: （空）"), "{shown}");
    assert!(shown.contains("必須（Y）の項目は必ず入力します。"), "{shown}");
    let unknown = careplan(&["rules", "item.colour"]);
    assert_eq!(unknown.status.code(), Some(2));
}
