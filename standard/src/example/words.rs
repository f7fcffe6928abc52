//! Examples in words, for the book.

use crate::{
    Lang, Text,
    example::{Base, Edit, Encoding},
    ms932,
};

/// How many characters of a file's content are shown.
const SHOWN_CHARS_MAX: usize = 60;

impl Base {
    /// What the sending is.
    pub const fn title(self) -> Text {
        let (ja, en) = match self {
            Self::Plan => ("居宅サービス計画書（4.1）", "a care plan (4.1)"),
            Self::PlanPlain => ("居宅サービス計画書（3.2）", "a care plan (3.2)"),
            Self::Slip => ("予定（4.1）", "planned services (4.1)"),
            Self::SlipPlain => ("予定（3.2）", "planned services (3.2)"),
            Self::Results => ("実績（4.1）", "実績 (4.1)"),
            Self::ResultsPlain => ("実績（3.2）", "実績 (3.2)"),
            Self::PersonRecord => ("利用者基本情報（4.1）", "利用者基本情報 (4.1)"),
            Self::PreventionPlan => {
                ("介護予防サービス・支援計画書（4.1）", "介護予防サービス・支援計画書 (4.1)")
            }
            Self::PlanWithdrawal => ("第1表_削除（4.1）", "第1表_削除 (4.1)"),
            Self::SlipWithdrawal => ("第6表_削除 計画（4.1）", "第6表_削除 計画 (4.1)"),
            Self::ResultsWithdrawal => ("第6表_削除 実績（4.1）", "第6表_削除 実績 (4.1)"),
            Self::PersonRecordWithdrawal => {
                ("利用者基本情報_削除（4.1）", "利用者基本情報_削除 (4.1)")
            }
            Self::PreventionPlanWithdrawal => (
                "介護予防サービス・支援計画書_削除（4.1）",
                "介護予防サービス・支援計画書_削除 (4.1)",
            ),
        };
        Text { ja, en }
    }
}

impl Edit {
    /// What is changed, in a few words.
    pub fn words(self, lang: Lang) -> String {
        let ja = lang == Lang::Ja;
        match self {
            Self::Set(kind, record, item, value) => {
                let value = if value.is_empty() { empty(lang).to_owned() } else { one_line(value) };
                format!("{} {} {item}: {value}", kind.prefix(), of_record(record, lang))
            }
            Self::SetBytes(kind, record, item, value) => {
                let value = if value.is_empty() { empty(lang).to_owned() } else { shown(value) };
                format!("{} {} {item}: {value}", kind.prefix(), of_record(record, lang))
            }
            Self::Repeat(kind, record) => {
                let what = if ja { "もう1件" } else { "once more" };
                [kind.prefix(), &of_record(record, lang), what].join(" ")
            }
            Self::DropRecord(kind, record) => {
                let what = if ja { "なし" } else { "left out" };
                [kind.prefix(), &of_record(record, lang), what].join(" ")
            }
            Self::Content(kind, []) => {
                [kind.prefix(), if ja { "中身が空" } else { "holds nothing" }].join(" ")
            }
            Self::Content(kind, content) => {
                let what = if ja { "中身:" } else { "holds:" };
                format!("{} {what} {}", kind.prefix(), shown(content))
            }
            Self::Replace(kind, from, to) => {
                let arrow = if ja { "→" } else { "becomes" };
                format!("{}: 「{}」{arrow}「{}」", kind.prefix(), one_line(from), one_line(to))
            }
            Self::Recode(kind, encoding) => {
                format!("{}: {}", kind.prefix(), encoding.name())
            }
            Self::Rename(kind, from, to) => {
                let what = if ja { "名前:" } else { "name:" };
                format!("{} {what} {from} → {to}", kind.prefix())
            }
            Self::DropFile(kind) => {
                [kind.prefix(), if ja { "ファイルなし" } else { "left out" }].join(" ")
            }
            Self::CopyFile(kind, from, to) => {
                let what = if ja { "写し、名前:" } else { "copied, name:" };
                format!("{} {what} {from} → {to}", kind.prefix())
            }
            Self::AddFile(name, _) => {
                if ja {
                    format!("{name} を添える")
                } else {
                    format!("with {name}")
                }
            }
        }
    }
}

impl Encoding {
    const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8WithMark => "UTF-8 + BOM",
            Self::Utf16 => "UTF-16",
            Self::EucJp => "EUC-JP",
            Self::Iso2022Jp => "ISO-2022-JP",
        }
    }
}

fn empty(lang: Lang) -> &'static str {
    if lang == Lang::Ja { "（空）" } else { "(empty)" }
}

fn of_record(record: u32, lang: Lang) -> String {
    if lang == Lang::Ja { format!("{record}件目") } else { format!("record {record}") }
}

/// Bytes for the eye: what is no text as hexadecimal digits.
fn shown(bytes: &[u8]) -> String {
    match ms932::decode(bytes) {
        Ok(text) if !text.chars().any(|char| char.is_control() && !"\t\r\n".contains(char)) => {
            one_line(&text)
        }
        _ => bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" "),
    }
}

/// Line ends and tabs by their signs, and cut where it is long.
fn one_line(text: &str) -> String {
    let text = text.replace("\r\n", "⏎").replace(['\r', '\n'], "⏎").replace('\t', "⇥");
    if text.chars().count() <= SHOWN_CHARS_MAX {
        return text;
    }
    text.chars().take(SHOWN_CHARS_MAX).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileKind;

    #[test]
    fn an_edit_says_what_it_changes() {
        for (edit, ja, en) in [
            (
                Edit::Set(FileKind::Slip, 2, "サービス利用日", "20250601"),
                "UPPLAN 2件目 サービス利用日: 20250601",
                "UPPLAN record 2 サービス利用日: 20250601",
            ),
            (
                Edit::SetBytes(FileKind::Slip, 1, "用具名称", b"\"\xF0\x40\""),
                "UPPLAN 1件目 用具名称: 22 F0 40 22",
                "UPPLAN record 1 用具名称: 22 F0 40 22",
            ),
            (Edit::Content(FileKind::Slip, b""), "UPPLAN 中身が空", "UPPLAN holds nothing"),
            (
                Edit::Replace(FileKind::Slip, ",", "\t"),
                "UPPLAN: 「,」→「⇥」",
                "UPPLAN: 「,」becomes「⇥」",
            ),
            (Edit::DropFile(FileKind::Slip), "UPPLAN ファイルなし", "UPPLAN left out"),
            (Edit::AddFile("a.pdf", b""), "a.pdf を添える", "with a.pdf"),
        ] {
            assert_eq!(edit.words(Lang::Ja), ja);
            assert_eq!(edit.words(Lang::En), en);
        }
    }

    #[test]
    fn what_is_long_is_cut() {
        assert_eq!(one_line(&"あ".repeat(100)).chars().count(), SHOWN_CHARS_MAX + 1);
        assert_eq!(one_line("a\r\nb\n"), "a⏎b⏎");
    }
}
