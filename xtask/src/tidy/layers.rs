//! Who may use whom: the table in ARCHITECTURE.md, compared with what the manifests say.
//!
//! The table lists the lowest layer first. A package may use packages of rows above its own alone,
//! for tests and build scripts too, so that a cycle or an arrow upward cannot even be written.

use super::{Fault, markdown};
use crate::tree::Member;

/// Where the table stands.
pub(crate) const DOCUMENT: &str = "ARCHITECTURE.md";

/// The heading above the table.
const HEADING: &str = "## Layers";

/// One row of the table.
struct Layer {
    line: usize,
    folder: String,
    package: String,
    uses: Vec<String>,
}

/// Compares the table in `document` with the workspace's packages.
pub(crate) fn check(document: &str, members: &[Member]) -> Vec<Fault> {
    let layers = read(document);
    if layers.is_empty() {
        return vec![Fault::new(
            DOCUMENT,
            1,
            format!("no table under `{HEADING}`; write one: folder | package | … | may use"),
        )];
    }
    let mut faults = table_faults(&layers, members);
    for member in members {
        faults.extend(member_faults(member, &layers, members));
    }
    faults
}

fn read(document: &str) -> Vec<Layer> {
    markdown::table_under(document, HEADING)
        .into_iter()
        .filter_map(|(line, cells)| match cells.as_slice() {
            [folder, package, _, uses] => Some(Layer {
                line,
                folder: markdown::code(folder).first()?.trim_end_matches('/').to_owned(),
                package: markdown::code(package).first()?.clone(),
                uses: markdown::code(uses),
            }),
            _ => None,
        })
        .collect()
}

/// What is wrong with the table itself.
fn table_faults(layers: &[Layer], members: &[Member]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, layer) in layers.iter().enumerate() {
        let package = &layer.package;
        let mut fault = |what| faults.push(Fault::new(DOCUMENT, layer.line, what));
        match members.iter().find(|member| member.package == *package) {
            None => fault(format!("no package is called {package}; remove the row")),
            Some(member) if member.folder != layer.folder => fault(format!(
                "{package} lies in {}/, not {}/; mend the row",
                member.folder, layer.folder
            )),
            Some(_) => {}
        }
        for used in &layer.uses {
            if !layers[..at].iter().any(|lower| lower.package == *used) {
                fault(format!(
                    "{package} may not use {used}, which is no row above it; \
                     turn the dependency round, or move what both need down"
                ));
            }
        }
    }
    faults
}

/// What is wrong with one package, as the table has it.
fn member_faults(member: &Member, layers: &[Layer], members: &[Member]) -> Vec<Fault> {
    let package = &member.package;
    let Some(layer) = layers.iter().find(|layer| layer.package == *package) else {
        let what =
            format!("{package} is not in the table; add a row above everything that uses it");
        return vec![Fault::new(DOCUMENT, 1, what)];
    };
    member
        .dependencies
        .iter()
        .filter(|used| members.iter().any(|other| other.package == used.package))
        .filter(|used| !layer.uses.contains(&used.package))
        .map(|used| {
            let what = format!(
                "{package} must not use {} ({DOCUMENT}:{}); \
                 use a lower layer, or argue for the edge in the table",
                used.package, layer.line
            );
            Fault::new(&member.manifest, used.line, what)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Dependency;

    const TABLE: &str = "\
# Architecture

## Layers

| folder | package | what lives there | may use |
|---|---|---|---|
| `low/` | `low` | the ground | – |
| `hub/middle/` | `middle` | between | `low` |
| `src/` | `top` | the roof | `middle`, `low` |
";

    fn member(folder: &str, package: &str, dependencies: &[&str]) -> Member {
        Member {
            folder: folder.to_owned(),
            package: package.to_owned(),
            is_library: true,
            manifest: format!("{folder}/Cargo.toml"),
            dependencies: dependencies.iter().map(|&name| dependency(name)).collect(),
        }
    }

    fn dependency(package: &str) -> Dependency {
        Dependency { package: package.to_owned(), key: package.to_owned(), line: 9 }
    }

    fn house() -> Vec<Member> {
        vec![
            member("low", "low", &["serde"]),
            member("hub/middle", "middle", &["low", "serde"]),
            member("src", "top", &["middle", "low"]),
        ]
    }

    #[track_caller]
    fn refused(table: &str, members: &[Member], at: &str) {
        let faults: Vec<String> = check(table, members).iter().map(Fault::to_string).collect();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with(at), "{faults:?}");
    }

    #[test]
    fn a_house_that_keeps_to_its_table_is_accepted() {
        assert_eq!(check(TABLE, &house()), []);
    }

    #[test]
    fn an_upward_edge_is_refused() {
        let mut members = house();
        members[0].dependencies.push(dependency("top"));
        refused(TABLE, &members, "low/Cargo.toml:9: low must not use top");
    }

    #[test]
    fn an_upward_edge_is_refused_even_where_the_table_asks_for_it() {
        let table = TABLE.replace("the ground | –", "the ground | `top`");
        refused(&table, &house(), "ARCHITECTURE.md:7: low may not use top");
    }

    #[test]
    fn an_upward_edge_under_another_name_is_refused() {
        let mut members = house();
        members[0].dependencies.push(Dependency { key: "roof".to_owned(), ..dependency("top") });
        refused(TABLE, &members, "low/Cargo.toml:9: low must not use top");
    }

    #[test]
    fn a_downward_edge_that_is_not_in_the_table_is_refused() {
        let table = TABLE.replace("`middle`, `low`", "`middle`");
        refused(&table, &house(), "src/Cargo.toml:9: top must not use low");
    }

    #[test]
    fn a_package_without_a_row_is_refused() {
        let mut members = house();
        members.push(member("new", "new", &[]));
        refused(TABLE, &members, "ARCHITECTURE.md:1: new is not in the table");
    }

    #[test]
    fn a_row_without_a_package_is_refused() {
        refused(
            &format!("{TABLE}| `gone/` | `gone` | nothing | `low` |\n"),
            &house(),
            "ARCHITECTURE.md:10: no package is called gone",
        );
    }

    #[test]
    fn a_row_with_the_wrong_folder_is_refused() {
        let table = TABLE.replace("`hub/middle/`", "`middle/`");
        refused(&table, &house(), "ARCHITECTURE.md:8: middle lies in hub/middle/");
    }

    #[test]
    fn a_document_without_the_table_is_refused() {
        refused("# Architecture\n", &house(), "ARCHITECTURE.md:1: no table");
    }
}
