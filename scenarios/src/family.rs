//! What scenarios are about: a few families, by which they are chosen and reported.

use serde::Serialize;

/// A text in either language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Text {
    /// 日本語.
    pub ja: &'static str,
    /// English.
    pub en: &'static str,
}

/// Scenarios about one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Family {
    /// The folder of its features, and its name in reports for programs.
    pub id: &'static str,
    /// The tag of its features, without `@`.
    pub tag: &'static str,
    /// What it is called.
    pub title: Text,
    /// What it is about, in a sentence.
    pub about: Text,
}

/// Every family, in the order of the report.
pub const FAMILIES: &[Family] = &[
    Family {
        id: "monthly",
        tag: "予定実績",
        title: Text { ja: "予定から実績まで", en: "From plan to results" },
        about: Text {
            ja: "居宅介護支援事業所の予定がサービス事業所に届き、実績になって戻るまでの毎月の流れ。",
            en: "The monthly flow: the care manager's plan reaches the service office and comes back as results.",
        },
    },
    Family {
        id: "entrusted",
        tag: "委託",
        title: Text { ja: "委託", en: "Entrusted cases" },
        about: Text {
            ja: "地域包括支援センターが居宅介護支援事業所に委託した介護予防・総合事業の計画と実績。",
            en: "Prevention cases that a community support centre entrusts to a care manager.",
        },
    },
    Family {
        id: "versions",
        tag: "版混在",
        title: Text { ja: "版の混在", en: "Mixed versions" },
        about: Text {
            ja: "標準仕様の3.2版と4.1版が混ざるときに、届くもの、断られるもの、変換で失われるもの。",
            en: "Versions 3.2 and 4.1 side by side: what arrives, what is refused, what a conversion loses.",
        },
    },
    Family {
        id: "terminals",
        tag: "端末",
        title: Text { ja: "複数の端末", en: "Several terminals" },
        about: Text {
            ja: "一つの事業所番号に端末が何台もあるときの、受信と送信一覧。",
            en: "Receiving and the sent list where one office number has several terminals.",
        },
    },
    Family {
        id: "troubles",
        tag: "事業所の困りごと",
        title: Text { ja: "事業所の困りごと", en: "What goes wrong in offices" },
        about: Text {
            ja: "証明書、パスワード、ライセンス、ファイルの誤り。何が起き、どうすればよいか。",
            en: "Certificates, passwords, licences, faulty files: what happens, and the way out.",
        },
    },
    Family {
        id: "town",
        tag: "町",
        title: Text { ja: "町のひと月", en: "A town's month" },
        about: Text {
            ja: "小さな町のすべての事業所の、予定から実績までのひと月。",
            en: "A whole month of every office of a small town.",
        },
    },
    Family {
        id: "hub",
        tag: "基盤",
        title: Text { ja: "基盤の約束", en: "What the hub promises" },
        about: Text {
            ja: "途切れても、障害があっても、失われず、二重にならず、1バイトも変わらない。",
            en: "Nothing is lost, doubled or changed, whatever breaks.",
        },
    },
];

/// The family of a scenario, by a tag of its own or of its feature, else by the folder of its file.
pub fn family_of(file: &str, tags: &[String]) -> Option<&'static Family> {
    let has_tag = |family: &&Family| tags.iter().any(|tag| family.is_called(tag));
    let mut folders = file.rsplit(['/', '\\']).skip(1);
    let folder = folders.next().unwrap_or_default();
    let has_folder = |family: &&Family| family.id == folder;
    FAMILIES.iter().find(has_tag).or_else(|| FAMILIES.iter().find(has_folder))
}

impl Family {
    /// Whether the family is meant by this word, which is its tag or its id.
    pub fn is_called(&self, word: &str) -> bool {
        self.tag == word || self.id == word
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BUILT_IN, Script};

    #[test]
    fn a_family_is_known_by_a_tag_and_else_by_the_folder() {
        let id = |file, tags: &[&str]| {
            let tags: Vec<_> = tags.iter().map(|tag| (*tag).to_owned()).collect();
            family_of(file, &tags).map(|family| family.id)
        };
        assert_eq!(id("mine.feature", &["急ぎ", "委託"]), Some("entrusted"));
        assert_eq!(id("/tmp/terminals/mine.feature", &[]), Some("terminals"));
        assert_eq!(id(r"C:\terminals\mine.feature", &["委託"]), Some("entrusted"));
        assert_eq!(id("terminals/more/mine.feature", &[]), None);
        assert_eq!(id("mine.feature", &["急ぎ"]), None);
    }

    #[test]
    fn every_built_in_feature_lies_in_the_folder_of_its_family_and_carries_its_tag() {
        for feature in Script::load(&[], &[]).expect("they parse").features {
            let file = feature.path.expect("a name").display().to_string();
            let family = family_of(&file, &[]).expect("a family's folder");
            assert!(feature.tags.iter().any(|tag| tag == family.tag), "{file}: @{}", family.tag);
        }
    }

    #[test]
    fn built_in_features_stand_by_family() {
        let place = |file| FAMILIES.iter().position(|one| family_of(file, &[]) == Some(one));
        assert!(BUILT_IN.iter().map(|(file, _)| place(file)).is_sorted());
    }
}
