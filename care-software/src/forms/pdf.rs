//! The forms as a PDF: their text, as it stands on a screen of 80 columns, page by page on A4.
//!
//! For partners whose software has no such form. No font is embedded: readers of PDF have a Japanese
//! one, which is named here by the names that the format has for it.

use std::fmt::Write as _;

use careplan_standard::ms932;

/// Lines of one page.
const LINES: usize = 60;

/// A document of this text.
pub(super) fn document(text: &str) -> Vec<u8> {
    let lines: Vec<&str> = text.lines().collect();
    let pages: Vec<&[&str]> = lines.chunks(LINES).collect();
    let place = |at: usize| FIRST_PAGE + 2 * at;
    let kids: String = (0..pages.len()).map(|at| format!("{} 0 R ", place(at))).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", pages.len()),
    ];
    objects.extend(FONT.map(str::to_owned));
    for (at, page) in pages.iter().enumerate() {
        let drawn = drawn(page);
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F 3 0 R >> >> >>",
            place(at) + 1
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{drawn}endstream", drawn.len()));
    }
    assembled(&objects)
}

/// The number of the first page's object, behind catalogue, pages and the three of the font.
const FIRST_PAGE: usize = 6;

/// Full width is a square, half width half of it; both are what MS932 calls so.
const FONT: [&str; 3] = [
    "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5-90ms-RKSJ-H \
     /Encoding /90ms-RKSJ-H /DescendantFonts [4 0 R] >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /FontDescriptor 5 0 R \
     /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> \
     /DW 1000 /W [1 94 500 231 632 500] >>",
    "<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922] \
     /ItalicAngle 0 /Ascent 752 /Descent -221 /CapHeight 737 /StemV 114 >>",
];

/// What draws the lines of a page, 9 points high.
fn drawn(page: &[&str]) -> String {
    let mut drawn = "BT /F 9 Tf 12 TL 60 790 Td\n".to_owned();
    for line in page {
        drawn.push('<');
        for byte in line.chars().flat_map(encoded) {
            // Writing to a text cannot fail.
            let _ = write!(drawn, "{byte:02X}");
        }
        drawn.push_str("> Tj T*\n");
    }
    drawn.push_str("ET\n");
    drawn
}

/// Lines are as narrow on the screen as a letter; in MS932 they are full width, or not there at all.
fn encoded(character: char) -> Vec<u8> {
    let narrow = match character {
        '│' => '|',
        '┊' => ':',
        '─' | '┄' => '-',
        '═' => '=',
        other => other,
    };
    ms932::encode(narrow.encode_utf8(&mut [0; 4])).unwrap_or_else(|_| b"?".to_vec())
}

/// The objects, numbered from 1, with the table that says where each begins.
fn assembled(objects: &[String]) -> Vec<u8> {
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (object, no) in objects.iter().zip(1..) {
        let _ = writeln!(places, "{:010} 00000 n ", out.len());
        let _ = writeln!(out, "{no} 0 obj\n{object}\nendobj");
    }
    let (table, size) = (out.len(), objects.len() + 1);
    let _ = write!(out, "xref\n0 {size}\n0000000000 65535 f \n{places}");
    let _ = write!(out, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(document: &[u8]) -> String {
        String::from_utf8(document.to_vec()).expect("hexadecimal digits and names are ASCII")
    }

    #[test]
    fn every_object_begins_where_the_table_says() {
        let document = text_of(&document(&"利用者基本情報\n".repeat(2 * LINES + 1)));
        let (_, rest) = document.rsplit_once("startxref\n").expect("the table's place is told");
        let table: usize = rest.lines().next().and_then(|line| line.parse().ok()).expect("a place");
        let mut lines = document[table..].lines();
        assert_eq!(lines.next(), Some("xref"));
        let entries = lines.skip(2).take_while(|line| line.ends_with(" n "));
        let mut count = 0;
        for (entry, no) in entries.zip(1..) {
            let at: usize = entry[..10].parse().expect("ten digits");
            assert!(document[at..].starts_with(&format!("{no} 0 obj\n")), "{entry}");
            count = no;
        }
        assert_eq!(count, FIRST_PAGE - 1 + 2 * 3, "three pages, each with what is drawn on it");
    }

    #[test]
    fn a_line_stands_on_its_page_in_the_encoding_of_the_font() {
        let document = text_of(&document("髙①"));
        assert!(document.starts_with("%PDF-"));
        assert!(document.contains("<FBFC8740> Tj"), "{document}");
    }

    #[test]
    fn the_lines_of_a_table_are_as_narrow_as_on_the_screen() {
        let document = text_of(&document("═─│┊"));
        assert!(document.contains("<3D2D7C3A> Tj"), "{document}");
    }

    #[test]
    fn nothing_to_say_is_a_document_without_a_page() {
        assert!(text_of(&document("")).contains("/Count 0"));
    }
}
