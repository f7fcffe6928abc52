//! CSV for spreadsheets, above all Excel in Japan: UTF-8 with a mark in front, since Excel takes
//! anything else for MS932, and no cell that would be taken for a formula.

/// What a table begins with: the mark by which Excel knows UTF-8.
pub(crate) const START: &str = "\u{FEFF}";

/// What makes a cell a formula where it stands first.
const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// One line of cells.
pub(crate) fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<_> = cells.into_iter().map(cell).collect();
    cells.join(",") + "\r\n"
}

/// A cell that shows its text and does nothing. An apostrophe before a formula is how spreadsheets
/// themselves write that it is a text.
fn cell(text: &str) -> String {
    let is_formula =
        text.trim_start().starts_with(FORMULA_STARTS) || text.starts_with(['\t', '\r']);
    let guard = if is_formula { "'" } else { "" };
    match guard.is_empty() && !text.contains([',', '"', '\r', '\n']) {
        true => text.to_owned(),
        false => format!("\"{guard}{}\"", text.replace('"', "\"\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(
            row(["2770100012", "見本, 大阪", "\"北\""]),
            "2770100012,\"見本, 大阪\",\"\"\"北\"\"\"\r\n"
        );
        assert_eq!(row(["", "a\nb"]), ",\"a\nb\"\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+81", "-1", "@SUM(A1)", " =1", "\t=1", "＝cmd", "\rx"] {
            assert!(cell(text).starts_with("\"'"), "{text:?}");
        }
        for text in ["みどり=ヘルパー", "1-2", ""] {
            assert_eq!(cell(text), text);
        }
    }
}
