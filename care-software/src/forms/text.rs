//! The forms as text for a terminal: 80 columns, of which a Japanese character takes two.

use careplan_standard::{Lang, Text};
use textwrap::core::display_width as width;

use super::{
    FormBook,
    blocks::{Alternative, Block, Cell, Column, Field, Form, Table, Value, t},
    month_grid::{Counts, MonthGrid},
    week_grid::{HOURS, Slot, WeekGrid, hour_of},
};

/// How wide the text may be.
const COLUMNS: usize = 80;

const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// All forms, one below the other.
pub(super) fn page(book: &FormBook, lang: Lang) -> String {
    let mut page = Page { lang, lines: vec![] };
    if 0 < book.errors {
        let errors = book.errors;
        page.paragraph("", &match lang {
            Lang::Ja => format!(
                "! 検査でエラー {errors}件。読めるところだけを表示しています。careplan check で確かめてください。"
            ),
            Lang::En => format!(
                "! The check finds {errors} errors. What can be read is shown; careplan check says what is wrong."
            ),
        });
        page.line("");
    }
    for form in &book.forms {
        page.form(form);
    }
    if !book.not_shown.is_empty() {
        let label = page.words(t("帳票にできないファイル", "on no form"));
        page.paragraph("", &format!("{label}: {}", book.not_shown.join("、")));
    }
    page.lines.join("\n")
}

struct Page {
    lang: Lang,
    lines: Vec<String>,
}

impl Page {
    fn form(&mut self, form: &Form) {
        let title = format!("{} {}", form.mark, self.words(form.title));
        self.line(&"═".repeat(COLUMNS));
        self.paragraph("", title.trim());
        if let Some(whose) = &form.person {
            let key = &whose.key;
            let who = format!("{} {} {} {}", key.insurer, key.insured, whose.name, form.month);
            self.paragraph("", who.trim());
        }
        if let Some(Field { label, value: Value::Words(words), .. }) = &form.aside {
            let label = self.words(*label);
            self.paragraph("", &format!("{label}: {words}"));
        }
        self.line(&"═".repeat(COLUMNS));
        for block in &form.blocks {
            self.block(block);
        }
        let sources = form.sources.iter().map(|source| source.file.as_str());
        let label = self.words(t("表示のもと", "read from"));
        self.paragraph("", &format!("{label}:"));
        for source in sources {
            self.paragraph("  ", source);
        }
        self.line("");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Fields(rows) => rows.iter().for_each(|row| self.fields(row)),
            Block::Table(table) => self.table(table),
            Block::Month(grid) => self.month(grid),
            Block::Week(grid) => self.week(grid),
            Block::Picture(label, name, jpeg) => {
                let words = self.words(*label);
                self.paragraph(
                    &format!("{words}: "),
                    &format!("[JPEG {} bytes] {name}", jpeg.len()),
                );
            }
            Block::Note(label, lines) => self.note(*label, lines),
        }
    }

    fn note(&mut self, label: Text, lines: &[String]) {
        if !label.ja.is_empty() {
            let label = self.words(label);
            self.paragraph("", &label);
        }
        lines.iter().for_each(|line| self.paragraph("  ", line));
    }

    /// A row of fields, as many in a line as fit; one of several lines has lines of its own.
    fn fields(&mut self, fields: &[Field]) {
        let mut line = String::new();
        for field in fields {
            let (label, value) = (self.words(field.label), in_line(&field.value));
            let short = format!("{label}: {value}");
            let gap = if line.is_empty() { "" } else { "  " };
            let is_long = short.contains('\n') || COLUMNS < width(&short);
            if is_long || COLUMNS < width(&line) + gap.len() + width(&short) {
                self.filled_line(&mut line);
            }
            match is_long {
                true => self.paragraph(&format!("{label}: "), &value),
                false if line.is_empty() => line = short,
                false => line = format!("{line}{gap}{short}"),
            }
        }
        self.filled_line(&mut line);
    }

    fn filled_line(&mut self, line: &mut String) {
        if !line.is_empty() {
            self.line(line.trim_end());
            line.clear();
        }
    }

    /// Columns beside each other; those that do not fit go on in a line below, in each row alike.
    fn table(&mut self, table: &Table) {
        if let Some(title) = table.title {
            let title = self.words(title);
            self.paragraph("", &format!("◆ {title}"));
        }
        let decks = decks(&table.columns);
        let headings: Vec<String> =
            table.columns.iter().map(|column| self.words(column.label)).collect();
        self.deck_rows(&decks, &headings);
        self.line(&"─".repeat(COLUMNS));
        let rows = table.rows_to_print();
        for (at, row) in rows.iter().enumerate() {
            if 0 < at && 1 < decks.len() {
                self.line(&"┄".repeat(COLUMNS));
            }
            let cell =
                |cell: &Cell| if cell.continues { "〃".to_owned() } else { cell.text.clone() };
            self.deck_rows(&decks, &row.cells.iter().map(cell).collect::<Vec<_>>());
        }
        self.line("");
    }

    fn deck_rows(&mut self, decks: &[Deck], texts: &[String]) {
        for deck in decks {
            let cells = texts[deck.from..].iter().zip(&deck.columns);
            let cells: Vec<(Vec<String>, &Width)> =
                cells.map(|(text, column)| (wrap(text, column.columns), column)).collect();
            let depth = cells.iter().map(|(lines, _)| lines.len()).max().unwrap_or(0);
            for at in 0..depth {
                let parts = cells.iter().map(|(lines, column)| {
                    let text = lines.get(at).map_or("", String::as_str);
                    padded(text, column.columns, column.is_number)
                });
                let line = parts.collect::<Vec<_>>().join("│");
                self.line(format!("{}{line}", deck.indent).trim_end());
            }
        }
    }

    fn month(&mut self, grid: &MonthGrid) {
        let label = self.words(t("予定・実績", "planned, provided"));
        let tens: String = (1..=31)
            .map(|day| if day % 10 == 0 { format!("{:>2}", day / 10) } else { "  ".to_owned() })
            .collect();
        let ones: String = (1..=31).map(|day| format!("{:>2}", day % 10)).collect();
        let weekday = |day: &Option<u8>| day.map_or("  ", |day| WEEKDAYS[usize::from(day)]);
        let weekdays: String = grid.weekdays().iter().map(weekday).collect();
        self.line(&format!("◆ {label}"));
        self.line(&format!("      {}", tens.trim_end()));
        self.line(&format!("      {ones}  計"));
        self.line(&format!("      {}", weekdays.trim_end()));
        self.line(&"─".repeat(COLUMNS));
        for line in &grid.lines {
            let heading =
                format!("{} {} {}", line.time, line.service.join(" "), line.office.join(" "));
            self.paragraph("", &heading);
            self.counts("予定", &line.planned);
            self.counts("実績", &line.provided);
        }
        if !grid.left_out.is_empty() {
            let label = t("表に入らないレコード", "records without a place in the grid");
            self.note(label, &grid.left_out);
        }
        self.line("");
    }

    fn counts(&mut self, name: &str, counts: &Counts) {
        let count = |count: &u32| match count {
            0 => " .".to_owned(),
            // A day with a hundred services is not one that the paper has room for either.
            count => format!("{:>2}", count.min(&99)),
        };
        let days: String = counts.iter().map(count).collect();
        let sum: u32 = counts.iter().sum();
        self.line(&format!("  {name}{days} {sum:>3}"));
    }

    fn week(&mut self, grid: &WeekGrid) {
        const HOUR: usize = 6;
        const DAY: usize = 8;
        const ACTIVITY: usize = COLUMNS - HOUR - 7 * (DAY + 1) - 1;
        let columns = || grid.days.iter().zip([DAY; 7]).chain([(&grid.activities, ACTIVITY)]);
        let names = WEEKDAYS.into_iter().map(str::to_owned);
        let names = names.chain([self.words(t("日常生活", "a day"))]);
        let heading =
            columns().zip(names).map(|((_, wide), name)| padded(&cut(&name, wide), wide, false));
        let heading = heading.collect::<Vec<_>>().join("│");
        self.line(format!("{}│{heading}", " ".repeat(HOUR)).trim_end());
        self.line(&"─".repeat(COLUMNS));
        for row in 0..HOURS {
            let cells: Vec<(Vec<String>, usize)> =
                columns().map(|(column, wide)| (slot(column, row, wide), wide)).collect();
            let depth = cells.iter().map(|(lines, _)| lines.len()).max().unwrap_or(1).max(1);
            for at in 0..depth {
                let parts = cells.iter().map(|(lines, wide)| {
                    padded(lines.get(at).map_or("", String::as_str), *wide, false)
                });
                let hour = if at == 0 { hour_of(row) } else { String::new() };
                let line = parts.collect::<Vec<_>>().join("│");
                self.line(format!("{hour:>HOUR$}│{line}").trim_end());
            }
        }
        self.line(&"─".repeat(COLUMNS));
        let label = self.words(t("週単位以外のサービス", "services not of every week"));
        self.paragraph(&format!("{label}: "), &grid.other.join("\n"));
        if !grid.left_out.is_empty() {
            self.note(t("曜日・時間のない記載", "without a weekday or a time"), &grid.left_out);
        }
    }

    /// A label: Japanese, and English beside it where that was asked for.
    fn words(&self, text: Text) -> String {
        match self.lang {
            Lang::En if text.en != text.ja && !text.en.is_empty() => {
                format!("{} ({})", text.ja, text.en)
            }
            _ => text.ja.to_owned(),
        }
    }

    /// Lines that fit; the second and later ones stand two columns in.
    fn paragraph(&mut self, label: &str, text: &str) {
        let mut lead = label.to_owned();
        if COLUMNS / 2 < width(&lead) {
            self.lines.extend(wrap(&lead, COLUMNS));
            lead = "  ".to_owned();
        }
        for line in wrap(text, COLUMNS - width(&lead).max(2)) {
            self.line(format!("{lead}{line}").trim_end());
            lead = "  ".to_owned();
        }
    }

    fn line(&mut self, line: &str) {
        self.lines.push(line.to_owned());
    }
}

/// Columns of a table that stand beside each other.
struct Deck {
    from: usize,
    columns: Vec<Width>,
    indent: &'static str,
}

struct Width {
    columns: usize,
    is_number: bool,
}

/// Sorts the columns into decks, each as wide as the terminal.
fn decks(columns: &[Column]) -> Vec<Deck> {
    let mut decks: Vec<Deck> = vec![];
    let mut used = COLUMNS;
    for (at, column) in columns.iter().enumerate() {
        let columns = usize::from(column.width).max(4);
        if COLUMNS < used + 1 + columns {
            let indent = if decks.is_empty() { "" } else { "  " };
            decks.push(Deck { from: at, columns: vec![], indent });
            used = indent.len();
        } else {
            used += 1;
        }
        used += columns;
        let width = Width { columns, is_number: column.is_number };
        // A deck was pushed for the first column, which cannot fit beside nothing.
        if let Some(deck) = decks.last_mut() {
            deck.columns.push(width);
        }
    }
    for deck in &mut decks {
        spread(deck);
    }
    decks
}

/// Shares out what is left of the line among the columns of words.
fn spread(deck: &mut Deck) {
    let used: usize = deck.columns.iter().map(|column| column.columns + 1).sum();
    let left = (COLUMNS + 1).saturating_sub(used + deck.indent.len());
    let words = deck.columns.iter().filter(|column| !column.is_number).count();
    if words == 0 {
        return;
    }
    for column in deck.columns.iter_mut().filter(|column| !column.is_number) {
        column.columns += left / words;
    }
}

/// Lines of at most so many columns, with the text's own line ends kept.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    let lines = text.split('\n').flat_map(|line| textwrap::wrap(line, columns));
    lines.map(|line| line.into_owned()).collect()
}

/// The text with spaces up to so many columns.
fn padded(text: &str, columns: usize, to_the_right: bool) -> String {
    let gap = " ".repeat(columns.saturating_sub(width(text)));
    if to_the_right { format!("{gap}{text}") } else { format!("{text}{gap}") }
}

fn cut(text: &str, columns: usize) -> String {
    wrap(text, columns).into_iter().next().unwrap_or_default()
}

/// What stands in a row of a week's column: the slot where it begins, a mark where it goes on.
fn slot(column: &[Slot], row: usize, columns: usize) -> Vec<String> {
    match column.iter().find(|slot| (slot.from..slot.to).contains(&row)) {
        Some(slot) if slot.from == row => {
            slot.lines.iter().flat_map(|line| wrap(line, columns)).collect()
        }
        Some(_) => vec!["┊".to_owned()],
        None => vec![],
    }
}

/// A value in a line, what holds of a choice in brackets.
fn in_line(value: &Value) -> String {
    match value {
        Value::Words(words) => words.clone(),
        Value::Choice(alternatives) => {
            let word = |Alternative { words, holds }: &Alternative| match holds {
                true => format!("[{words}]"),
                false => words.clone(),
            };
            alternatives.iter().map(word).collect::<Vec<_>>().join("・")
        }
    }
}
