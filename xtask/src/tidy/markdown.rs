//! As much of Markdown as the checks need: fences, inline code, links, tables.

/// A piece of a document outside its fences.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Between back-ticks.
    Code(String),
    /// What a link leads to.
    Link(String),
}

/// All inline code and all links, each with its line.
pub(crate) fn pieces(document: &str) -> Vec<(usize, Piece)> {
    let mut found = Vec::new();
    for (line, text) in outside_fences(document) {
        for (at, part) in text.split('`').enumerate() {
            if at % 2 == 1 {
                found.push((line, Piece::Code(part.to_owned())));
            } else {
                let links = part.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
                found.extend(links.map(|(to, _)| (line, Piece::Link(to.to_owned()))));
            }
        }
    }
    found
}

/// The lines inside fences that are marked as shell: what a reader is told to type.
pub(crate) fn commands(document: &str) -> Vec<(usize, &str)> {
    let mut fence = None;
    let mut found = Vec::new();
    for (at, line) in document.lines().enumerate() {
        match (line.trim().strip_prefix("```"), fence) {
            (Some(language), None) => fence = Some(language),
            (Some(_), Some(_)) => fence = None,
            (None, Some("sh" | "bash" | "console")) => found.push((at + 1, line.trim())),
            (None, _) => {}
        }
    }
    found
}

/// The rows of the first table under a heading, without its head: the line, and the cells.
pub(crate) fn table_under(document: &str, heading: &str) -> Vec<(usize, Vec<String>)> {
    document
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.trim()))
        .skip_while(|(_, line)| *line != heading)
        .skip(1)
        .take_while(|(_, line)| !line.starts_with("## "))
        .skip_while(|(_, line)| !line.starts_with('|'))
        .take_while(|(_, line)| line.starts_with('|'))
        .skip(2)
        .map(|(at, line)| {
            let cells = line.trim_matches('|').split('|');
            (at, cells.map(|cell| cell.trim().to_owned()).collect())
        })
        .collect()
}

/// What stands between back-ticks in one line.
pub(crate) fn code(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn outside_fences(document: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut inside = false;
    document.lines().enumerate().filter_map(move |(at, line)| {
        if line.trim_start().starts_with("```") {
            inside = !inside;
            return None;
        }
        (!inside).then_some((at + 1, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_links_are_found_outside_fences() {
        let text = "see [`a/b.rs`](a/b.rs#x)\n```sh\n[no](no)\n```\nand `c` and [d](e).\n";
        let code = |text: &str| Piece::Code(text.to_owned());
        let link = |text: &str| Piece::Link(text.to_owned());
        assert_eq!(
            pieces(text),
            [(1, code("a/b.rs")), (1, link("a/b.rs#x")), (5, code("c")), (5, link("e"))]
        );
    }

    #[test]
    fn commands_are_what_shell_fences_hold() {
        let text = "```sh\ncargo a\n```\n```text\ncargo b\n```\n";
        assert_eq!(commands(text), [(2, "cargo a")]);
    }

    #[test]
    fn a_table_is_read_without_its_head() {
        let text = "## A\n\n| x | y |\n|---|---|\n| 1 | `2` |\n\n| 3 | 4 |\n## B\n";
        assert_eq!(table_under(text, "## A"), [(5, vec!["1".to_owned(), "`2`".to_owned()])]);
        assert_eq!(table_under(text, "## B"), []);
    }

    #[test]
    fn inline_code_is_cut_out_of_a_line() {
        assert_eq!(code("`a`, `b` and c"), ["a", "b"]);
    }
}
