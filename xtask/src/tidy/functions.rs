//! Functions stay short and take few parameters.

use syn::{
    Block, FnArg, ImplItemFn, ItemFn, Signature, TraitItemFn,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::Fault;
use crate::rust_source::RustSource;

/// From the signature's first line to the closing brace.
pub(crate) const LINES_MAX: usize = 70;
/// `self` does not count.
pub(crate) const PARAMETERS_MAX: usize = 5;

/// Checks every function with a body, tests and nested ones too. `excused` are functions that were
/// long already, as `path::name`, each with the length that it had.
pub(crate) fn check(sources: &[RustSource], excused: &[(&str, usize)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut needed = Vec::new();
    for source in sources {
        let mut functions = Functions::default();
        functions.visit_file(&source.syntax);
        for function in functions.found {
            let key = format!("{}::{}", source.path, function.name);
            let ceiling = excused.iter().find(|(name, _)| *name == key).map(|(_, lines)| *lines);
            needed.extend(ceiling.filter(|ceiling| *ceiling == function.lines).map(|_| key));
            faults.extend(function.faults(&source.path, ceiling.unwrap_or(LINES_MAX)));
        }
    }
    for (key, lines) in excused.iter().filter(|(key, _)| !needed.iter().any(|need| need == key)) {
        let path = key.split("::").next().unwrap_or(key);
        let what = format!("{key} no longer has {lines} lines; lower or drop it in LONG_FUNCTIONS");
        faults.push(Fault::new(path, 1, what));
    }
    faults
}

struct Function {
    name: String,
    line: usize,
    lines: usize,
    parameters: usize,
}

impl Function {
    fn faults(&self, path: &str, ceiling: usize) -> Vec<Fault> {
        let Self { name, line, lines, parameters } = self;
        let mut faults = Vec::new();
        if *lines > ceiling {
            let what =
                format!("{name} has {lines} lines, at most {ceiling}; split it at its branches");
            faults.push(Fault::new(path, *line, what));
        }
        if *parameters > PARAMETERS_MAX {
            let what = format!(
                "{name} takes {parameters} parameters, at most {PARAMETERS_MAX}; \
                 give them a struct with a name"
            );
            faults.push(Fault::new(path, *line, what));
        }
        faults
    }
}

#[derive(Default)]
struct Functions {
    found: Vec<Function>,
}

impl Functions {
    fn add(&mut self, signature: &Signature, block: &Block) {
        let line = signature.span().start().line;
        let end = block.brace_token.span.close().end().line;
        let is_parameter = |input: &&FnArg| !matches!(input, FnArg::Receiver(_));
        self.found.push(Function {
            name: signature.ident.to_string(),
            line,
            lines: end + 1 - line,
            parameters: signature.inputs.iter().filter(is_parameter).count(),
        });
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust_source;

    fn source(text: &str) -> [RustSource; 1] {
        [rust_source::parse("a/src/x.rs", text).expect("it is Rust")]
    }

    /// A function of exactly so many lines.
    fn function_of(lines: usize) -> String {
        format!(
            "/// Documentation\n/// does not count.\nfn long(\n) {{{}}}\n",
            "\n".repeat(lines - 2)
        )
    }

    #[test]
    fn a_function_at_the_limit_is_accepted() {
        assert_eq!(check(&source(&function_of(LINES_MAX)), &[]), []);
    }

    #[test]
    fn an_over_long_function_is_refused() {
        let faults = check(&source(&function_of(LINES_MAX + 1)), &[]);
        let want = "a/src/x.rs:3: long has 71 lines, at most 70; split it at its branches";
        assert_eq!(faults[0].to_string(), want);
        // Far beyond the limit is no different.
        assert_eq!(check(&source(&function_of(500)), &[]).len(), 1);
    }

    #[test]
    fn methods_defaults_and_nested_functions_are_counted() {
        let long = function_of(LINES_MAX + 1);
        for text in [
            format!("struct A;\nimpl A {{ {long} }}"),
            format!("trait A {{ {long} }}"),
            format!("mod tests {{ {long} }}"),
        ] {
            assert_eq!(check(&source(&text), &[]).len(), 1, "{text}");
        }
        // The function around a long one is long as well.
        assert_eq!(check(&source(&format!("fn outer() {{ {long} }}")), &[]).len(), 2);
    }

    #[test]
    fn an_exception_may_not_grow() {
        let long = source(&function_of(80));
        assert_eq!(check(&long, &[("a/src/x.rs::long", 80)]), []);
        assert_eq!(check(&long, &[("a/src/x.rs::long", 79)]).len(), 2);
    }

    #[test]
    fn an_exception_that_shrank_must_be_lowered() {
        assert_eq!(check(&source(&function_of(75)), &[("a/src/x.rs::long", 80)]).len(), 1);
        assert_eq!(check(&[], &[("a/src/x.rs::gone", 80)]).len(), 1);
    }

    #[test]
    fn a_sixth_parameter_is_refused_and_self_does_not_count() {
        let five = "impl A { fn f(&self, a: u8, b: u8, c: u8, d: u8, e: u8) {} }";
        assert_eq!(check(&source(five), &[]), []);
        let six = "fn f(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {}";
        assert!(check(&source(six), &[])[0].to_string().contains("takes 6 parameters"));
    }
}
