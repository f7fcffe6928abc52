//! The offices of a sandbox: invented, and meant to look so.

use care_software::Edition;
use careplan_standard::{OfficeNumber, ServiceKind};

/// An office that is to take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeSpec {
    /// 事業所番号.
    pub number: OfficeNumber,
    /// 事業所名称.
    pub name: String,
    /// サービス種類; at least one.
    pub kinds: Vec<ServiceKind>,
    /// Which versions its care software knows, as it has the directory say; if none, the software
    /// knows every version, and the directory says nothing of it.
    pub edition: Option<Edition>,
}

/// Name, number and kind of every invented office that examples use.
const KNOWN: [(&str, &str, &str); 5] = [
    ("見本居宅介護支援センター", "2770100012", "43"),
    ("みどりヘルパーステーション", "2770200036", "11"),
    ("デイサービス陽だまり", "2770300042", "15"),
    ("福祉用具サポート髙島", "2770400059", "17"),
    ("北部地域包括支援センター", "2700100021", "46"),
];

impl OfficeSpec {
    /// The invented office of this name, if it is one of those that examples use.
    pub fn known(name: &str) -> Option<Self> {
        KNOWN.iter().find(|(known, ..)| *known == name).map(Self::of)
    }

    /// The three offices that `careplan up` starts: 居宅介護支援, 訪問介護 and 通所介護.
    pub fn standard_cast() -> Vec<Self> {
        KNOWN[..3].iter().map(Self::of).collect()
    }

    /// CSVバージョン値 for the directory.
    pub(crate) fn versions(&self) -> Vec<String> {
        let known = self.edition.iter().flat_map(|edition| edition.versions());
        known.map(|version| version.value.clone()).collect()
    }

    fn of((name, number, kind): &(&str, &str, &str)) -> Self {
        Self {
            number: number.parse().expect("the number is ten digits"),
            name: (*name).to_owned(),
            kinds: vec![kind.parse().expect("the kind is two digits")],
            edition: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_cast_is_a_planner_and_two_service_offices() {
        let kinds: Vec<_> = OfficeSpec::standard_cast()
            .iter()
            .map(|office| office.kinds[0].as_str().to_owned())
            .collect();
        assert_eq!(kinds, ["43", "11", "15"]);
    }

    #[test]
    fn every_known_office_is_found_by_its_name() {
        for (name, number, _) in KNOWN {
            let office = OfficeSpec::known(name).expect("is known");
            assert_eq!(office.number.as_str(), number);
        }
        assert_eq!(OfficeSpec::known("どこかの事業所"), None);
    }
}
