//! The forms as one page of HTML.
//!
//! Invariant: the page asks nobody for anything. Its policy forbids every request, its one style is
//! named by its digest, pictures stand in it as data, and every text goes through [`Safe`]. It is
//! well-formed XML too, so that a test can read it back.

mod grids;

use std::fmt::{self, Display, Write};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use careplan_standard::{Lang, Text};
use sha2::{Digest, Sha256};

use super::{
    FormBook,
    blocks::{Alternative, Block, Column, Field, Form, Source, Table, TableRow, Value, t},
};

/// Widths of columns that the style knows, in units of no matter.
const WIDTHS_MAX: u8 = 60;

/// The page.
pub(super) fn page(book: &FormBook, lang: Lang) -> String {
    let mut out = String::new();
    // Writing to a String never fails.
    let _ = Page { lang, out: &mut out }.book(book);
    out
}

/// A page that is being written.
struct Page<'a> {
    lang: Lang,
    out: &'a mut String,
}

impl Page<'_> {
    fn book(&mut self, book: &FormBook) -> fmt::Result {
        let style = style();
        let digest = BASE64.encode(Sha256::digest(style.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; \
             form-action 'none'"
        );
        write!(
            self.out,
            "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{}\"/>\n\
             <meta name=\"referrer\" content=\"no-referrer\"/>\n\
             <meta name=\"robots\" content=\"noindex\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <title>ケアプラン帳票</title>\n<style>{style}</style>\n</head>\n<body>\n",
            Safe(&policy)
        )?;
        self.header(book)?;
        for (at, form) in book.forms.iter().enumerate() {
            self.form(at, form, book.errors)?;
        }
        self.out.push_str("</body>\n</html>\n");
        Ok(())
    }

    /// What stands above the forms on a screen, and is not printed.
    fn header(&mut self, book: &FormBook) -> fmt::Result {
        self.out.push_str("<header>\n<h1>");
        self.words(t("ケアプラン帳票", "Care plan forms"))?;
        self.out.push_str("</h1>\n<p>");
        self.words(t(
            "個人情報を含みます。このページは外部と通信しません。印刷はA4横です。",
            "Holds personal data. This page makes no request. It prints on A4 landscape.",
        ))?;
        self.out.push_str("</p>\n");
        if 0 < book.errors {
            let errors = book.errors;
            writeln!(
                self.out,
                "<p class=\"banner\" role=\"alert\">{}</p>",
                Safe(&match self.lang {
                    Lang::Ja => format!(
                        "検査でエラー {errors}件が見つかりました。読めるところだけを表示しています。\
                         内容は careplan check で確かめてください。"
                    ),
                    Lang::En => format!(
                        "The check finds {errors} errors. What can be read is shown; careplan check \
                         says what is wrong. 検査でエラー {errors}件が見つかりました。"
                    ),
                })
            )?;
        }
        if !book.not_shown.is_empty() {
            self.out.push_str("<p class=\"banner\">");
            self.words(t("帳票にできないファイル: ", "on no form: "))?;
            writeln!(self.out, "{}</p>", Safe(&book.not_shown.join("、")))?;
        }
        self.contents(&book.forms)?;
        self.out.push_str("</header>\n");
        Ok(())
    }

    fn contents(&mut self, forms: &[Form]) -> fmt::Result {
        self.out.push_str("<nav>\n<ul>\n");
        let mut above = None;
        for (at, form) in forms.iter().enumerate() {
            let key = form.person.as_ref().map(|whose| &whose.key);
            if 0 < at && key == above {
                self.out.push_str(" ・ ");
            } else {
                self.out.push_str(if at == 0 { "<li>" } else { "</li>\n<li>" });
                if let Some(whose) = &form.person {
                    write!(self.out, "{} {}: ", Safe(&whose.name), Safe(&whose.key.insured))?;
                }
            }
            above = key;
            write!(self.out, "<a href=\"#f{at}\">{} ", form.mark)?;
            self.words(form.title)?;
            self.out.push_str("</a>");
        }
        self.out.push_str(if forms.is_empty() {
            "</ul>\n</nav>\n"
        } else {
            "</li>\n</ul>\n</nav>\n"
        });
        Ok(())
    }

    fn form(&mut self, at: usize, form: &Form, errors: u32) -> fmt::Result {
        write!(
            self.out,
            "<section class=\"form {}\" id=\"f{at}\">\n<div class=\"head\"><span class=\"mark\">{}</span><h2>",
            form.slug, form.mark
        )?;
        self.words(form.title)?;
        self.out.push_str("</h2><span class=\"aside\">");
        if let Some(Field { label, value: Value::Words(words), .. }) = &form.aside {
            self.words(*label)?;
            write!(self.out, " {}", Safe(words))?;
        }
        self.out.push_str("</span></div>\n");
        for block in &form.blocks {
            self.block(block, form)?;
        }
        self.footer(&form.sources, errors)?;
        self.out.push_str("</section>\n");
        Ok(())
    }

    fn footer(&mut self, sources: &[Source], errors: u32) -> fmt::Result {
        self.out.push_str("<footer>");
        self.words(t("表示のもと: ", "read from: "))?;
        for (at, Source { file, sequence }) in sources.iter().enumerate() {
            let gap = if at == 0 { "" } else { "、" };
            write!(self.out, "{gap}{}", Safe(file))?;
            if !sequence.is_empty() {
                write!(self.out, "（連番 {sequence}）")?;
            }
        }
        if 0 < errors {
            write!(self.out, " ／ 検査エラー {errors}件")?;
        }
        self.out.push_str("</footer>\n");
        Ok(())
    }

    fn block(&mut self, block: &Block, form: &Form) -> fmt::Result {
        match block {
            Block::Fields(rows) => self.fields(rows),
            Block::Table(table) => self.table(table, form),
            Block::Month(grid) => self.month(grid, form),
            Block::Week(grid) => self.week(grid),
            Block::Picture(label, name, jpeg) => {
                self.out.push_str("<figure><figcaption>");
                self.words(*label)?;
                let data = BASE64.encode(jpeg);
                let (label, name) = (Safe(label.ja), Safe(name));
                writeln!(
                    self.out,
                    "</figcaption><img alt=\"{label} {name}\" src=\"data:image/jpeg;base64,{data}\"/></figure>"
                )
            }
            Block::Note(label, lines) => self.note(*label, lines),
        }
    }

    fn note(&mut self, label: Text, lines: &[String]) -> fmt::Result {
        self.out.push_str("<div class=\"note\">");
        if !label.ja.is_empty() {
            self.out.push_str("<b>");
            self.words(label)?;
            self.out.push_str("</b>");
        }
        for line in lines {
            write!(self.out, "<p>{}</p>", Safe(line))?;
        }
        self.out.push_str("</div>\n");
        Ok(())
    }

    fn fields(&mut self, rows: &[Vec<Field>]) -> fmt::Result {
        self.out.push_str("<div class=\"fields\">\n");
        for Field { label, value, share } in rows.iter().flatten() {
            let tall = if *share == 12 && matches!(value, Value::Words(_)) { " tall" } else { "" };
            write!(self.out, "<dl class=\"s{share}{tall}\"><dt>")?;
            self.words(*label)?;
            self.out.push_str("</dt><dd>");
            match value {
                Value::Words(words) => write!(self.out, "{}", Safe(words))?,
                Value::Choice(alternatives) => self.choice(alternatives)?,
            }
            self.out.push_str("</dd></dl>\n");
        }
        self.out.push_str("</div>\n");
        Ok(())
    }

    fn choice(&mut self, alternatives: &[Alternative]) -> fmt::Result {
        for (at, Alternative { words, holds }) in alternatives.iter().enumerate() {
            if 0 < at {
                self.out.push_str(" ・ ");
            }
            match holds {
                true => write!(self.out, "<b class=\"ring\">{}</b>", Safe(words))?,
                false => write!(self.out, "<span>{}</span>", Safe(words))?,
            }
        }
        Ok(())
    }

    fn table(&mut self, table: &Table, form: &Form) -> fmt::Result {
        let wide = if 12 < table.columns.len() { "wide" } else { "plain" };
        writeln!(self.out, "<table class=\"{wide}\">")?;
        if let Some(title) = table.title {
            self.out.push_str("<caption>");
            self.words(title)?;
            self.out.push_str("</caption>\n");
        }
        self.widths(table.columns.iter().map(|column| column.width))?;
        self.out.push_str("<thead>\n");
        // A table with a title is a part of its form, and short.
        if table.title.is_none() {
            self.running(form, table.columns.len())?;
        }
        self.headings(&table.columns)?;
        self.out.push_str("</thead>\n<tbody>\n");
        for TableRow { cells, is_sum } in &table.rows_to_print() {
            self.out.push_str(if *is_sum { "<tr class=\"sum\">" } else { "<tr>" });
            for (cell, column) in cells.iter().zip(&table.columns) {
                let class = match (column.is_number, cell.continues) {
                    (true, _) => " class=\"num\"",
                    (_, true) => " class=\"goes-on\"",
                    _ => "",
                };
                write!(self.out, "<td{class}>{}</td>", Safe(&cell.text))?;
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n");
        Ok(())
    }

    /// One line of headings, or two where neighbours share one.
    fn headings(&mut self, columns: &[Column]) -> fmt::Result {
        let has_groups = columns.iter().any(|column| column.group.is_some());
        let depth = if has_groups { " rowspan=\"2\"" } else { "" };
        self.out.push_str("<tr>");
        let mut rest = columns;
        while let Some(first) = rest.first() {
            let wide = match first.group {
                None => 1,
                group => rest.iter().take_while(|column| column.group == group).count(),
            };
            match first.group {
                None => write!(self.out, "<th{depth}>")?,
                Some(_) => write!(self.out, "<th colspan=\"{wide}\">")?,
            }
            self.words(first.group.unwrap_or(first.label))?;
            self.out.push_str("</th>");
            rest = &rest[wide..];
        }
        self.out.push_str("</tr>\n");
        if has_groups {
            self.out.push_str("<tr>");
            for column in columns.iter().filter(|column| column.group.is_some()) {
                self.out.push_str("<th>");
                self.words(column.label)?;
                self.out.push_str("</th>");
            }
            self.out.push_str("</tr>\n");
        }
        Ok(())
    }

    fn widths(&mut self, widths: impl IntoIterator<Item = u8>) -> fmt::Result {
        self.out.push_str("<colgroup>");
        for width in widths {
            write!(self.out, "<col class=\"w{}\"/>", width.min(WIDTHS_MAX))?;
        }
        self.out.push_str("</colgroup>\n");
        Ok(())
    }

    /// Whose the table is: printed on top of each sheet that it goes on to.
    fn running(&mut self, form: &Form, columns: usize) -> fmt::Result {
        let Some(whose) = &form.person else { return Ok(()) };
        let (name, insured) = (Safe(&whose.name), Safe(&whose.key.insured));
        let month = Safe(&form.month);
        writeln!(
            self.out,
            "<tr class=\"running\"><td colspan=\"{columns}\">{} {name} {insured} {month}</td></tr>",
            form.mark
        )
    }

    /// A label: Japanese, and English beside it where that was asked for.
    fn words(&mut self, text: Text) -> fmt::Result {
        write!(self.out, "{}", Safe(text.ja))?;
        if self.lang == Lang::En && text.en != text.ja && !text.en.is_empty() {
            write!(self.out, "<small lang=\"en\"> {}</small>", Safe(text.en))?;
        }
        Ok(())
    }
}

/// Text as HTML shows it.
struct Safe<'a>(&'a str);

impl Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for char in self.0.chars() {
            match char {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// The style, with a class a width: the policy allows no style on an element itself.
fn style() -> String {
    let mut style = include_str!("forms.css").replace('\r', "");
    for width in 1..=WIDTHS_MAX {
        // Writing to a String never fails.
        let _ = writeln!(style, ".w{width} {{ width: {width}px; }}");
    }
    for share in 1..=12 {
        let _ = writeln!(style, ".s{share} {{ grid-column: span {share}; }}");
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_asks_for_nothing_and_stays_inside_its_element() {
        let style = style();
        for wanted in ["@import", "url(", "<", "expression", "javascript"] {
            assert!(!style.contains(wanted), "{wanted}");
        }
    }

    #[test]
    fn no_text_is_markup() {
        let safe = Safe("<b a='1' c=\"2\">&amp;</b>").to_string();
        assert_eq!(safe, "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;&lt;/b&gt;");
    }
}
