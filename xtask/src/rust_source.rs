//! A Rust file, parsed, with the lines that are for tests alone.

use std::{collections::BTreeSet, ops::RangeInclusive};

use proc_macro2::TokenStream;
use syn::{Attribute, Item, Meta, spanned::Spanned};

use crate::tree::Text;

/// Folders whose code never ships.
const TEST_FOLDERS: [&str; 3] = ["tests", "benches", "fuzz"];

/// A Rust file.
pub(crate) struct RustSource {
    /// Relative to the root, with `/` between the parts.
    pub(crate) path: String,
    /// What stands in it.
    pub(crate) text: String,
    /// Its tokens: no comments.
    pub(crate) tokens: TokenStream,
    /// Its items.
    pub(crate) syntax: syn::File,
    /// The whole file is for tests.
    pub(crate) is_test: bool,
    test_lines: Vec<RangeInclusive<usize>>,
}

impl RustSource {
    /// Whether the line, from 1, is compiled for tests alone.
    pub(crate) fn is_test_line(&self, line: usize) -> bool {
        self.is_test || self.test_lines.iter().any(|lines| lines.contains(&line))
    }
}

/// Parses the Rust files among `texts`; the second list says where one could not be.
pub(crate) fn parse_all(texts: &[Text]) -> (Vec<RustSource>, Vec<(String, usize, String)>) {
    let mut sources = Vec::new();
    let mut broken = Vec::new();
    for Text { path, text } in texts.iter().filter(|text| text.path.ends_with(".rs")) {
        match parse(path, text) {
            Ok(source) => sources.push(source),
            Err(error) => broken.push((path.clone(), error.span().start().line, error.to_string())),
        }
    }
    let test_files: BTreeSet<String> = sources.iter().flat_map(test_modules).collect();
    for source in &mut sources {
        let stem = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
        source.is_test |= test_files.contains(stem)
            || test_files.iter().any(|module| stem.starts_with(&format!("{module}/")));
    }
    (sources, broken)
}

/// Parses one file, as if nothing else were there.
pub(crate) fn parse(path: &str, text: &str) -> syn::Result<RustSource> {
    let syntax = syn::parse_file(text)?;
    let tokens = text.parse()?;
    let mut test_lines = Vec::new();
    collect_test_lines(&syntax.items, &mut test_lines);
    Ok(RustSource {
        path: path.to_owned(),
        text: text.to_owned(),
        tokens,
        syntax,
        is_test: path.split('/').any(|part| TEST_FOLDERS.contains(&part)),
        test_lines,
    })
}

/// Whether the attributes keep an item for tests alone.
pub(crate) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string();
            condition.split(|c: char| !c.is_alphanumeric()).any(|word| word == "test")
                && !condition.contains("not")
        }
        Meta::Path(path) => path.segments.last().is_some_and(|last| last.ident == "test"),
        _ => false,
    })
}

/// The attributes of an item, whatever it is.
pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn collect_test_lines(items: &[Item], lines: &mut Vec<RangeInclusive<usize>>) {
    for item in items {
        if is_for_tests(attributes(item)) {
            let span = item.span();
            lines.push(span.start().line..=span.end().line);
        } else if let Item::Mod(module) = item
            && let Some((_, items)) = &module.content
        {
            collect_test_lines(items, lines);
        }
    }
}

/// Where the files of `#[cfg(test)] mod name;` lie, without `.rs`.
fn test_modules(source: &RustSource) -> Vec<String> {
    let (folder, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
    let folder = match file {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        _ => source.path.trim_end_matches(".rs").to_owned(),
    };
    let outside = |item: &Item| match item {
        Item::Mod(module) if module.content.is_none() && is_for_tests(&module.attrs) => {
            Some(format!("{folder}/{}", module.ident))
        }
        _ => None,
    };
    source.syntax.items.iter().filter_map(outside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_module_is_no_production_code() {
        let source = parse("a/src/x.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n}\n").expect("ok");
        assert!(!source.is_test_line(1));
        assert!(source.is_test_line(3));
    }

    #[test]
    fn code_for_anything_but_tests_is_production_code() {
        let source = parse("a/src/x.rs", "#[cfg(not(test))]\nfn a() {}\n").expect("ok");
        assert!(!source.is_test_line(2));
    }

    #[test]
    fn a_test_module_in_a_file_of_its_own_is_found() {
        let text = |path: &str, text: &str| Text { path: path.to_owned(), text: text.to_owned() };
        let (sources, broken) = parse_all(&[
            text("a/src/lib.rs", "#[cfg(test)]\nmod tests;\nmod real;\n"),
            text("a/src/tests.rs", "mod deep;"),
            text("a/src/tests/deep.rs", ""),
            text("a/src/real.rs", "#[cfg(test)] mod more;"),
            text("a/src/real/more.rs", ""),
        ]);
        assert!(broken.is_empty());
        let tests: Vec<_> = sources.iter().filter(|source| source.is_test).collect();
        let tests: Vec<_> = tests.iter().map(|source| source.path.as_str()).collect();
        assert_eq!(tests, ["a/src/tests.rs", "a/src/tests/deep.rs", "a/src/real/more.rs"]);
    }

    #[test]
    fn a_file_that_is_not_rust_is_reported_with_its_line() {
        let text = Text { path: "a/src/lib.rs".to_owned(), text: "fn a() {}\nfn {".to_owned() };
        let (_, broken) = parse_all(&[text]);
        assert_eq!(broken.len(), 1);
        assert_eq!(broken[0].1, 2);
    }
}
