//! 利用事業所一覧: which offices a search finds, page by page.

use std::sync::LazyLock;

use careplan_standard::{OfficeNumber, ServiceKind};
use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed};
use time::OffsetDateTime;

use crate::{Change, Decision, Office, Prefecture};

/// What is looked for. The default finds everything, on one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeQuery {
    /// How the office number begins.
    pub number: String,
    /// A part of the name, as [`folded`] writes it; empty for any.
    pub name: String,
    /// 都道府県.
    pub prefecture: Option<Prefecture>,
    /// サービス種類 that the office must have.
    pub kind: Option<ServiceKind>,
    /// Only offices whose licence is in force at this time.
    pub licensed_at: Option<OffsetDateTime>,
    /// Only offices after this one.
    pub after: Option<OfficeNumber>,
    /// How many offices a page has.
    pub limit: usize,
}

impl Default for OfficeQuery {
    fn default() -> Self {
        Self {
            number: String::new(),
            name: String::new(),
            prefecture: None,
            kind: None,
            licensed_at: None,
            after: None,
            limit: usize::MAX,
        }
    }
}

/// A page of the directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfficePage {
    /// In ascending order of office number.
    pub offices: Vec<Office>,
    /// The last of them, if more follow: where the next page goes on.
    pub next: Option<OfficeNumber>,
}

impl OfficeQuery {
    /// Whether it finds this office, whose folded name is given; without regard to pages.
    pub fn finds(&self, office: &Office, folded_name: &str) -> bool {
        let is_licensed = |now| office.licence.is_some_and(|licence| licence.is_active(now));
        office.number.as_str().starts_with(&self.number)
            && folded_name.contains(&self.name)
            && self.prefecture.is_none_or(|wanted| office.prefecture == Some(wanted))
            && self.kind.is_none_or(|kind| office.kinds.contains(&kind))
            && self.licensed_at.is_none_or(is_licensed)
    }

    /// A page of what was found from its beginning, one more than fits if there is more.
    pub fn page(&self, mut found: Vec<Office>) -> OfficePage {
        let has_more = self.limit < found.len();
        found.truncate(self.limit);
        let next = found.last().filter(|_| has_more).map(|office| office.number);
        OfficePage { offices: found, next }
    }
}

/// Registers an office, or brings the entry of a known one up to date. The licence of a known one
/// stays what it was, whatever the entry says; a new one begins with the entry's.
pub fn enter(known: Option<Office>, entry: Office) -> Decision<Office> {
    let answer = match known {
        Some(known) => Office { licence: known.licence, ..entry },
        None => entry,
    };
    Decision { changes: vec![Change::Register(Box::new(answer.clone()))], answer }
}

/// A name as people look for it: without regard to width, case, hiragana or katakana, spaces, and
/// the variants of a few characters that names are written with.
pub fn folded(name: &str) -> String {
    static NFKC: LazyLock<ComposingNormalizerBorrowed<'static>> =
        LazyLock::new(ComposingNormalizer::new_nfkc);
    let composed = NFKC.normalize(name);
    composed
        .chars()
        .filter(|char| !char.is_whitespace())
        .flat_map(char::to_lowercase)
        .map(plain)
        .collect()
}

fn plain(char: char) -> char {
    match char {
        'ァ'..='ヶ' => char::from_u32(u32::from(char) - 0x60).unwrap_or(char),
        '髙' => '高',
        '﨑' | '碕' => '崎',
        '德' => '徳',
        '濵' | '濱' => '浜',
        '邉' | '邊' => '辺',
        '齋' | '齊' | '斎' => '斉',
        '澤' => '沢',
        '嶋' | '嶌' => '島',
        '廣' => '広',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_typed() {
        for (name, typed) in [
            ("みどりヘルパーステーション", "ﾍﾙﾊﾟｰ"),
            ("みどりヘルパーステーション", "へるぱー"),
            ("デイサービス陽だまり", "ﾃﾞｲ"),
            ("福祉用具サポート髙島", "高島"),
            ("ケアプラン　ＡＢＣ", "プランabc"),
            ("ｹｱ①番館", "ケア1番"),
            ("㈱見本", "(株)"),
        ] {
            assert!(folded(name).contains(&folded(typed)), "{name} {typed}");
        }
        assert!(!folded("デイサービス").contains(&folded("テイ")));
    }
}
