//! The normative statements of the standard, in our words, and which rules hold files to them.
//!
//! The list is data (`data/statements.tsv`). A test holds it against the rules: each statement is
//! verified by rules or excused with a reason, never both and never neither.

use std::sync::OnceLock;

use crate::{Rule, Text, rules::RULES, tables::BUNDLED};

/// Something that the standard states.
#[derive(Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its identifier, of words.
    pub id: &'static str,
    /// Where in the standard it stands, 日本語.
    pub place: &'static str,
    /// What it says, in our words, 日本語.
    pub text: &'static str,
    /// The rules that hold files to it.
    pub rules: Vec<&'static Rule>,
    /// Why no rule can, where none does.
    pub excuse: Option<Text>,
}

/// Every statement, in the order of the standard.
pub fn statements() -> &'static [Statement] {
    static STATEMENTS: OnceLock<Vec<Statement>> = OnceLock::new();
    STATEMENTS.get_or_init(|| lines().filter_map(statement).collect())
}

fn lines() -> impl Iterator<Item = &'static str> {
    let table = BUNDLED.iter().find(|(path, _)| *path == "statements.tsv");
    table.map_or("", |(_, text)| text).lines().skip(1)
}

fn statement(line: &'static str) -> Option<Statement> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [id, place, text, rules, ja, en] = cells[..] else { return None };
    let rule = |id: &str| RULES.iter().find(|rule| rule.id == id).copied();
    let excuse = Text { ja, en };
    Some(Statement {
        id,
        place,
        text,
        rules: rules.split_whitespace().filter_map(rule).collect(),
        excuse: (!ja.is_empty()).then_some(excuse),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Severity;

    #[test]
    fn every_line_is_a_statement_of_known_rules() {
        let ids: BTreeSet<_> = statements().iter().map(|statement| statement.id).collect();
        assert_eq!(ids.len(), statements().len(), "an identifier stands once");
        assert_eq!(statements().len(), lines().count());
        for (line, statement) in lines().zip(statements()) {
            let named = line.split('\t').nth(3).unwrap_or_default().split_whitespace().count();
            assert_eq!(named, statement.rules.len(), "a rule is unknown: {line}");
            assert!(statement.text.ends_with('。'), "{line}");
        }
    }

    #[test]
    fn every_statement_is_verified_or_excused_but_not_both() {
        for statement in statements() {
            assert!(
                statement.rules.is_empty() == statement.excuse.is_some(),
                "{}: write a rule, or an excuse, and drop an excuse that is out of date",
                statement.id,
            );
            if let Some(Text { ja, en }) = statement.excuse {
                assert!(ja.ends_with('。') && en.ends_with('.'), "{}: {ja} {en}", statement.id);
            }
        }
    }

    #[test]
    fn every_error_rests_on_a_statement() {
        let named: BTreeSet<_> = statements()
            .iter()
            .flat_map(|statement| &statement.rules)
            .map(|rule| rule.id)
            .collect();
        let errors = RULES.iter().filter(|rule| rule.severity == Severity::Error);
        let without: Vec<_> = errors.map(|rule| rule.id).filter(|id| !named.contains(id)).collect();
        assert!(without.is_empty(), "{without:?}");
    }
}
