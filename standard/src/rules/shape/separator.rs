//! Tabs or semicolons where commas belong: one finding, not one a record.

use crate::{
    FileKind, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    row::Breach,
    rules::because::STATED,
};

/// Tabs or semicolons where commas belong: one finding, not one a record.
pub(crate) static RULE: Rule = Rule {
    id: "csv.separator",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: CSV形式（カンマ区切り）",
    states: Text {
        ja: "項目はカンマで区切ります。", en: "Items are separated by commas."
    },
    text: Text {
        ja: "項目が{wanted}で区切られています。",
        en: "The items are separated by {wanted}s.",
    },
    advice: Text {
        ja: "カンマ区切り（CSV）で出力し直してください。「テキスト（タブ区切り）」で保存し直したものは送れません。",
        en: "Export again as CSV, with commas; a file that was saved as tab-separated text cannot be sent.",
    },
    example: Example {
        of: Base::ResultsWithdrawal,
        accepted: &[],
        refused: &[Edit::Replace(FileKind::ResultsWithdrawal, ",", "\t")],
    },
};

/// What is written for a comma.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Separator(u8);

/// How many bytes decide, at most.
pub(crate) const LINE_BYTES_MAX: usize = 4096;

impl Separator {
    /// The one that a file is written with, by its first line: one without a comma outside quotes, and
    /// with two tabs or semicolons at least. Every layout has more items than that.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let start = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n'))?;
        let (mut is_inside, mut tabs, mut semicolons) = (false, 0, 0);
        for byte in bytes[start..].iter().take(LINE_BYTES_MAX) {
            match byte {
                b'"' => is_inside = !is_inside,
                _ if is_inside => {}
                b',' => return None,
                b'\t' => tabs += 1,
                b';' => semicolons += 1,
                b'\r' | b'\n' => break,
                _ => {}
            }
        }
        let (count, separator) =
            if semicolons <= tabs { (tabs, b'\t') } else { (semicolons, b';') };
        (1 < count).then_some(Self(separator))
    }

    /// Bytes of the file with commas, as they were meant. No trail byte of MS932 is a separator.
    /// `is_inside` says whether they begin in quotes, and then whether they end in them.
    pub(crate) fn with_commas(self, bytes: &[u8], is_inside: &mut bool) -> Vec<u8> {
        let meant = |byte: &u8| match *byte {
            b'"' => {
                *is_inside = !*is_inside;
                b'"'
            }
            byte if byte == self.0 && !*is_inside => b',',
            byte => byte,
        };
        bytes.iter().map(meant).collect()
    }

    /// One finding for the whole file.
    pub(crate) fn breach(self) -> Breach {
        let (ja, en) =
            if self.0 == b'\t' { ("タブ", "tab") } else { ("セミコロン", "semicolon") };
        Breach { wanted: Wanted { ja: ja.to_owned(), en: en.to_owned() }, ..Breach::new(&RULE) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn another_separator_is_one_finding_and_the_records_are_read_as_meant() {
        for to in ["\t", ";"] {
            let edit = Edit::Replace(FileKind::Results, ",", to);
            assert_eq!(found(Base::Results, &[edit]), ["csv.separator"], "{to:?}");
            let stray = Edit::Set(FileKind::Results, 2, "サービス利用日", "20250532");
            let found = found(Base::Results, &[stray, edit]);
            assert_eq!(found, ["csv.separator", "item.date-not-real@2.10"], "{to:?}");
        }
    }

    #[test]
    fn tabs_and_semicolons_in_texts_are_no_separators() {
        let text = Edit::Set(FileKind::Results, 1, "サービス事業所名", "a\tb;c;d\te");
        assert_eq!(found(Base::Results, &[text]), [""; 0]);
        assert_eq!(Separator::of(b"\"a\tb\tc\t\",1"), None);
        assert_eq!(Separator::of(b""), None);
        assert_eq!(Separator::of(b"202407\r\na\tb\tc"), None);
    }
}
