//! Every public item of a library says what it is.
//!
//! Public is what is written `pub`, whether or not the crate hands it out: an item that deserves
//! `pub` deserves a sentence. What a macro writes is seen by the compiler's own lint alone.

use syn::{
    Attribute, Fields, ImplItem, Item, ItemEnum, ItemImpl, ItemMod, ItemTrait, TraitItem,
    Visibility, spanned::Spanned,
};

use super::Fault;
use crate::rust_source::{RustSource, attributes, is_for_tests};

/// Finds public items without documentation.
pub(crate) fn check(source: &RustSource) -> Vec<Fault> {
    if source.is_test {
        return Vec::new();
    }
    let mut undocumented = Undocumented { path: &source.path, faults: Vec::new() };
    undocumented.items(&source.syntax.items);
    undocumented.faults
}

struct Undocumented<'a> {
    path: &'a str,
    faults: Vec<Fault>,
}

impl Undocumented<'_> {
    fn need(
        &mut self,
        attributes: &[Attribute],
        what: &str,
        name: &dyn ToString,
        place: &dyn Spanned,
    ) {
        if !attributes.iter().any(|attribute| attribute.path().is_ident("doc")) {
            let name = name.to_string();
            let what = format!("public {what} {name} has no documentation; say what it is for");
            self.faults.push(Fault::new(self.path, place.span().start().line, what));
        }
    }

    fn items(&mut self, items: &[Item]) {
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        let attributes = attributes(item);
        match item {
            Item::Const(item) if is_public(&item.vis) => {
                self.need(attributes, "const", &item.ident, &item.ident);
            }
            Item::Static(item) if is_public(&item.vis) => {
                self.need(attributes, "static", &item.ident, &item.ident);
            }
            Item::Type(item) if is_public(&item.vis) => {
                self.need(attributes, "type", &item.ident, &item.ident);
            }
            Item::Fn(item) if is_public(&item.vis) => {
                self.need(attributes, "fn", &item.sig.ident, &item.sig.ident);
            }
            Item::Struct(item) if is_public(&item.vis) => {
                self.need(attributes, "struct", &item.ident, &item.ident);
                self.fields(&item.fields, Fielded::Struct);
            }
            Item::Enum(item) if is_public(&item.vis) => self.enumeration(item),
            Item::Trait(item) if is_public(&item.vis) => self.contract(item),
            Item::Impl(item) if item.trait_.is_none() => self.implementation(item),
            Item::Mod(item) => self.module(item),
            Item::Macro(item) if attributes.iter().any(|a| a.path().is_ident("macro_export")) => {
                let name = item.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                self.need(attributes, "macro", &name, &item.mac.path);
            }
            _ => {}
        }
    }

    fn enumeration(&mut self, item: &ItemEnum) {
        self.need(&item.attrs, "enum", &item.ident, &item.ident);
        for variant in &item.variants {
            self.need(&variant.attrs, "variant", &variant.ident, &variant.ident);
            self.fields(&variant.fields, Fielded::Variant);
        }
    }

    fn contract(&mut self, item: &ItemTrait) {
        self.need(&item.attrs, "trait", &item.ident, &item.ident);
        for part in &item.items {
            match part {
                TraitItem::Fn(part) => {
                    self.need(&part.attrs, "fn", &part.sig.ident, &part.sig.ident)
                }
                TraitItem::Const(part) => self.need(&part.attrs, "const", &part.ident, &part.ident),
                TraitItem::Type(part) => self.need(&part.attrs, "type", &part.ident, &part.ident),
                _ => {}
            }
        }
    }

    fn implementation(&mut self, item: &ItemImpl) {
        for part in &item.items {
            match part {
                ImplItem::Fn(part) if is_public(&part.vis) && !is_for_tests(&part.attrs) => {
                    self.need(&part.attrs, "fn", &part.sig.ident, &part.sig.ident);
                }
                ImplItem::Const(part) if is_public(&part.vis) => {
                    self.need(&part.attrs, "const", &part.ident, &part.ident);
                }
                _ => {}
            }
        }
    }

    /// A module in a file of its own speaks there.
    fn module(&mut self, item: &ItemMod) {
        if let Some((_, items)) = &item.content {
            if is_public(&item.vis) {
                self.need(&item.attrs, "module", &item.ident, &item.ident);
            }
            self.items(items);
        }
    }

    fn fields(&mut self, fields: &Fields, of: Fielded) {
        let Fields::Named(fields) = fields else { return };
        for field in &fields.named {
            let shown = matches!(of, Fielded::Variant) || is_public(&field.vis);
            if let (true, Some(name)) = (shown, &field.ident) {
                self.need(&field.attrs, "field", name, name);
            }
        }
    }
}

/// What fields belong to: those of a variant are as public as the enum.
#[derive(Clone, Copy)]
enum Fielded {
    Struct,
    Variant,
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust_source;

    fn faults(text: &str) -> Vec<Fault> {
        check(&rust_source::parse("a/src/x.rs", text).expect("it is Rust"))
    }

    #[test]
    fn an_undocumented_public_item_is_refused() {
        let want = "a/src/x.rs:2: public fn f has no documentation; say what it is for";
        assert_eq!(faults("\npub fn f() {}")[0].to_string(), want);
        for text in [
            "pub const A: u8 = 0;",
            "pub static A: u8 = 0;",
            "pub type A = u8;",
            "pub struct A;",
            "/// A.\npub struct A { pub b: u8 }",
            "pub enum A {}",
            "/// A.\npub enum A { B }",
            "/// A.\npub enum A { /// B.\nB { c: u8 } }",
            "pub trait A {}",
            "/// A.\npub trait A { fn b(); }",
            "impl A { pub fn b() {} }",
            "impl A { pub const B: u8 = 0; }",
            "pub mod a {}",
            "mod a { pub fn b() {} }",
            "#[macro_export]\nmacro_rules! a { () => {} }",
        ] {
            assert_eq!(faults(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn documented_private_and_test_items_are_accepted() {
        for text in [
            "/// F.\npub fn f() {}",
            "pub(crate) fn f() {}",
            "/// A.\npub struct A { b: u8 }",
            "/// A.\npub struct A(pub u8);",
            "impl Clone for A { fn clone(&self) -> Self { A } }",
            "pub mod elsewhere;",
            "pub use a::b;",
            "#[cfg(test)]\npub mod tests { pub fn f() {} }",
        ] {
            assert_eq!(faults(text), [], "{text}");
        }
    }
}
