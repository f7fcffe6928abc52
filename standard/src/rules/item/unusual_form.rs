//! Ways of writing that the published text uses against its own definitions, or does not speak of.

use crate::{
    FileKind, Item, Month, Rule, Severity, Text, Wanted,
    example::{Base, Edit, Example},
    item_check::Breach,
    rules::item::form::is_digits,
};

/// Ways of writing that the published text uses against its own definitions, or does not speak of.
pub(crate) static RULE: Rule = Rule {
    id: "item.unusual-form",
    severity: Severity::Warning,
    because: Text {
        ja: "標準仕様の例示が自らの定義と違う書き方をしているか、定めがないので、拒みません。",
        en: "The examples of the published text write so against its own definition, or it says nothing of it: no reason to refuse.",
    },
    clause: "標準仕様 各レイアウトの項目定義と記載例の食い違い",
    states: Text {
        ja: "定義どおりに書きます。年月日は8桁、時刻はコロンなしの4桁、事業所番号は10桁、TAISコードのハイフンは半角です。",
        en: "Values are written as defined: dates with 8 digits, times with 4 and no colon, office numbers with 10, the hyphen of TAISコード in half width.",
    },
    text: Text {
        ja: "{item}「{found}」は項目の定義と違う書き方です（定義は{wanted}）。",
        en: "The value of {item} ({found}) is written otherwise than defined ({wanted}).",
    },
    advice: Text {
        ja: "例示などに見られる書き方なので送れますが、相手のソフトが読めないことがあります。",
        en: "It is seen in examples and can be sent; the partner's software may not read it.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[Edit::Set(FileKind::Slip, 1, "サービス開始時刻", "0900")],
        refused: &[Edit::Set(FileKind::Slip, 1, "サービス開始時刻", "09:00")],
    },
};

/// A month where a date belongs.
pub(crate) fn date(value: &[u8]) -> Option<Breach> {
    when(Month::from_bytes(value).is_ok(), "YYYYMMDD", "YYYYMMDD")
}

/// A colon, or midnight at the end of the day.
pub(crate) fn time(value: &[u8]) -> Option<Breach> {
    let is_clock = |hours: [u8; 2], minutes: [u8; 2]| {
        let is_number = is_digits(&hours) && is_digits(&minutes);
        is_number && (&hours < b"24" || (&hours == b"24" && &minutes == b"00")) && &minutes < b"60"
    };
    let is_so = match value {
        [h, i, b':', m, n] => is_clock([*h, *i], [*m, *n]),
        _ => value == b"2400",
    };
    when(is_so, "HHMM、0000～2359", "HHMM, 0000 to 2359")
}

/// Nine digits.
pub(crate) fn office(value: &[u8]) -> Option<Breach> {
    let is_so = value.len() == 9 && is_digits(value);
    when(is_so, "10桁。先頭の0が消えていないか", "10 digits; was a leading zero lost?")
}

/// A full-width hyphen; none if it is not the hyphen alone.
pub(crate) fn equipment(item: &Item, value: &[u8]) -> Option<Breach> {
    const HYPHEN: &[u8] = b"\x81\x7C";
    let at = value.windows(2).position(|pair| pair == HYPHEN)?;
    let half = [&value[..at], b"-", &value[at + 2..]].concat();
    let is_so = super::equipment(item, &half).is_none();
    when(is_so, "00001-000010", "00001-000010")
}

/// What a telephone number consists of is not said.
pub(crate) fn telephone(value: &[u8]) -> Option<Breach> {
    let is_usual = |byte: &u8| byte.is_ascii_digit() || b"-()+ ".contains(byte);
    when(!value.iter().all(is_usual), "000-0000-0000", "000-0000-0000")
}

fn when(is_so: bool, ja: &str, en: &str) -> Option<Breach> {
    is_so.then(|| Breach::new(&RULE, Wanted { ja: ja.to_owned(), en: en.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item_check::tests::check_item;

    #[test]
    fn what_the_examples_of_the_text_write_is_named_and_refuses_nothing() {
        for (name, value) in [
            ("サービス利用日", "202505"),
            ("サービス開始時刻", "12:00"),
            ("サービス開始時刻", "24:00"),
            ("サービス終了時刻", "2400"),
            ("サービス事業者コード", "277020003"),
            ("TAISコード", "00001－000010"),
        ] {
            assert_eq!(check_item(FileKind::Slip, name, value), "?item.unusual-form", "{name}");
        }
        let telephone = |value| check_item(FileKind::PersonRecord, "利用者電話番号", value);
        assert_eq!(telephone("072-000-0000"), "");
        assert_eq!(telephone("(072)0000000"), "");
        assert_eq!(telephone("０７２"), "?item.unusual-form");
        assert_eq!(telephone("なし"), "?item.unusual-form");
    }

    #[test]
    fn what_is_wrong_otherwise_stays_an_error() {
        for (name, value) in [
            ("サービス利用日", "202513"),
            ("サービス開始時刻", "12：00"),
            ("サービス開始時刻", "25:00"),
            ("サービス開始時刻", "12:60"),
            ("サービス開始時刻", "2401"),
            ("TAISコード", "0001－000010"),
            ("サービス事業者コード", "27702000X"),
        ] {
            let found = check_item(FileKind::Slip, name, value);
            assert!(found.starts_with("item."), "{name} {value}: {found}");
        }
    }
}
