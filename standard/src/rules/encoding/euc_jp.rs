//! The whole file is EUC-JP: one finding, not one a character.

use std::collections::BTreeSet;

use encoding_rs::EUC_JP;

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Encoding, Example},
    ms932,
    rules::because::STATED,
};

/// The whole file is EUC-JP: one finding, not one a character.
pub(crate) static RULE: Rule = Rule {
    id: "encoding.euc-jp",
    severity: Severity::Error,
    because: STATED,
    clause: "標準仕様 ファイル仕様: 文字コード（Shift-JIS、MS932）",
    states: Text {
        ja: "ファイルはMS932で書きます。EUC-JPでは書きません。",
        en: "A file is written in MS932, not in EUC-JP.",
    },
    text: Text {
        ja: "ファイルがEUC-JPで書かれています。", en: "The file is written in EUC-JP."
    },
    advice: Text {
        ja: "介護ソフトの出力をShift-JIS（MS932）にして出力し直してください。",
        en: "Set the care software to write Shift-JIS (MS932) and export again.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::Recode(FileKind::Results, Encoding::EucJp)],
    },
};

/// Whether the bytes can only be EUC-JP; they may end within a character.
///
/// What EUC-JP writes with two bytes, MS932 may read as two half-width kana. So it has to be broken
/// in MS932, or most of it kana, which would be a half-width 、 or ・ before every other character.
pub(super) fn is(bytes: &[u8]) -> bool {
    let Some(text) = super::text_of(EUC_JP, bytes) else { return false };
    let pairs = text.chars().filter(|character| !character.is_ascii()).count();
    let is_kana = |character: &char| matches!(character, '\u{3041}'..='\u{30FE}');
    let kana = text.chars().filter(is_kana).count();
    let kinds = text.chars().filter(is_kana).collect::<BTreeSet<_>>().len();
    let is_of_kana = pairs <= 2 * kana && KANA_KINDS_MIN <= kinds;
    0 < pairs && (ms932::fault(bytes).is_some() || is_of_kana)
}

/// How many different kana are no row of half-width dots.
const KANA_KINDS_MIN: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::encoding::tests::is_named_once_and_read_as_meant;

    #[test]
    fn a_file_in_euc_jp_is_one_finding_and_is_read_as_meant() {
        is_named_once_and_read_as_meant(Encoding::EucJp, &RULE);
    }

    #[test]
    fn half_width_kana_of_ms932_is_no_euc_jp() {
        for name in ["ﾐﾎﾝ ﾊﾅｺ", "ﾃﾞｲｻｰﾋﾞｽ", "ｱｲ", "･･･", "ﾐﾄﾞﾘ･ﾍﾙﾊﾟｰ､ｷﾀ"]
        {
            assert!(!is(&ms932::encode(name).expect("MS932")), "{name}");
        }
        assert!(!is(b"202407,271004"));
        assert!(is(&EUC_JP.encode("みどり").0));
        assert!(is(&EUC_JP.encode("見本計子、居宅介護支援").0));
    }
}
