//! The offices that take part: one that plans, and those that serve.

use careplan_standard::{OfficeNumber, ServiceKind, ServiceScope};
use serde::{Deserialize, Serialize};

use crate::as_text;

/// 事業所 as care software knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// 事業所番号.
    #[serde(with = "as_text")]
    pub number: OfficeNumber,
    /// サービス種類コード.
    #[serde(with = "as_text")]
    pub kind: ServiceKind,
    /// 事業所名.
    pub name: String,
}

/// Who takes part in the plans of one 居宅介護支援事業所.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    /// 居宅介護支援事業所: writes plans and 予定, receives 実績.
    pub manager: Office,
    /// プラン担当者名.
    pub planner: String,
    /// The offices that provide services. Plans are made for kinds 11, 12, 13, 15 and 17; of 介護予防
    /// for A1 to A8 and 63.
    pub services: Vec<Office>,
    /// 単位数単価 in hundredths of a yen (1000 is 10.00 yen a unit).
    pub unit_price: u32,
}

impl Cast {
    /// The service offices of one kind, in the cast's order.
    pub fn offices_of(&self, kind: &str) -> Vec<&Office> {
        self.services.iter().filter(|office| office.kind.as_str() == kind).collect()
    }

    /// What keeps the cast from being planned with, in Japanese and English; none if nothing does.
    pub fn fault(&self) -> Option<&'static str> {
        let twice = |office: &Office| {
            let same = |other: &&Office| other.number == office.number && other.kind == office.kind;
            1 < self.services.iter().filter(same).count()
        };
        if self.manager.kind.scope() != ServiceScope::Planner {
            Some("manager の kind は 43・46・AF です / the manager's kind is 43, 46 or AF")
        } else if self.offices_of("11").is_empty() && self.offices_of("15").is_empty() {
            Some("kind 11 か 15 の事業所が要ります / an office of kind 11 or 15 is needed")
        } else if self.services.iter().any(|office| office.number == self.manager.number) {
            Some("manager と同じ番号の事業所があります / an office has the manager's number")
        } else if self.services.iter().any(twice) {
            Some("同じ番号・種類の事業所が二つあります / one office stands twice")
        } else if !(1..=9_999).contains(&self.unit_price) {
            Some("unit_price は 1～9999 です（1000＝10.00円） / unit_price is 1 to 9999")
        } else {
            None
        }
    }
}

impl Default for Cast {
    /// The invented offices that every example uses.
    fn default() -> Self {
        let office = |number: &str, kind: &str, name: &str| Office {
            number: number.parse().expect("the number is ten digits"),
            kind: kind.parse().expect("the kind is two digits"),
            name: name.to_owned(),
        };
        Self {
            manager: office("2770100012", "43", "見本居宅介護支援センター"),
            planner: "介護　専門".to_owned(),
            services: vec![
                office("2770200036", "11", "みどりヘルパーステーション"),
                office("2770300042", "15", "デイサービス陽だまり"),
                office("2770400059", "17", "福祉用具サポート髙島"),
            ],
            unit_price: 1000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_cast_can_be_planned_with_and_survives_json() {
        let cast = Cast::default();
        assert_eq!(cast.fault(), None);
        let json = serde_json::to_string(&cast).expect("a cast is JSON");
        assert_eq!(serde_json::from_str::<Cast>(&json).expect("it reads back"), cast);
    }

    #[test]
    fn a_cast_that_cannot_work_says_why() {
        let change = |change: fn(&mut Cast)| {
            let mut cast = Cast::default();
            change(&mut cast);
            cast.fault()
        };
        assert!(change(|cast| cast.services.clear()).is_some());
        assert!(change(|cast| cast.manager.kind = cast.services[0].kind).is_some());
        assert!(change(|cast| cast.manager.number = cast.services[0].number).is_some());
        assert!(change(|cast| cast.services.push(cast.services[0].clone())).is_some());
        assert!(change(|cast| cast.unit_price = 0).is_some());
    }
}
