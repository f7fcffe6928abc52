//! Who appears in the book: offices and people, all invented, and looking invented.

use careplan_standard::reconcile::limit_of;

/// 事業所 with the service that it acts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Office {
    /// 事業所番号.
    pub(crate) number: &'static str,
    /// サービス種類コード.
    pub(crate) kind: &'static str,
    pub(crate) name: &'static str,
}

impl Office {
    const fn new(number: &'static str, kind: &'static str, name: &'static str) -> Self {
        Self { number, kind, name }
    }

    /// The same office number under another service.
    pub(crate) const fn acting_as(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }
}

pub(crate) const PLANNER: Office = Office::new("2770100012", "43", "見本居宅介護支援センター");
pub(crate) const CENTRE: Office = Office::new("2700100021", "46", "北部地域包括支援センター");
pub(crate) const CENTRE_AF: Office = CENTRE.acting_as("AF");
pub(crate) const HELPER: Office = Office::new("2770200036", "11", "みどりヘルパーステーション");
pub(crate) const HELPER_2: Office = Office::new("2770200119", "11", "見本ケアサービスあおぞら");
pub(crate) const DAY: Office = Office::new("2770300042", "15", "デイサービス陽だまり");
pub(crate) const LARGE_DAY: Office = Office::new("2770300125", "15", "大規模デイ見本");
pub(crate) const LENDER: Office = Office::new("2770400059", "17", "福祉用具サポート髙島");
pub(crate) const BATH: Office = Office::new("2770500064", "12", "訪問入浴みほん");
pub(crate) const NURSE: Office = Office::new("2760690078", "13", "訪問看護ステーション例題");
pub(crate) const HOME_REHAB: Office = Office::new("2710700083", "14", "架空病院訪問リハビリ");
pub(crate) const REHAB: Office = Office::new("2750800096", "16", "老健見本 通所リハビリ");
pub(crate) const STAY: Office = Office::new("2770900107", "21", "ショートステイ例題");
pub(crate) const HEALTH_STAY: Office = Office::new("2750800096", "22", "老健見本 短期入所療養");
pub(crate) const DOCTOR: Office = Office::new("2710700083", "31", "架空クリニック");
pub(crate) const NIGHT: Office = Office::new("2790100138", "71", "夜間対応ヘルパー見本");
pub(crate) const DEMENTIA_DAY: Office = Office::new("2790200146", "72", "認知症デイ練習");
pub(crate) const SMALL_HOME: Office = Office::new("2790300151", "73", "小規模多機能みほんの家");
pub(crate) const ROUND: Office = Office::new("2790400164", "76", "定期巡回サービス見本");
pub(crate) const NURSING_HOME: Office = Office::new("2790500179", "77", "看多機れいだい");
pub(crate) const LOCAL_DAY: Office = Office::new("2790600185", "78", "地域密着デイ架空");
pub(crate) const RESIDENCE: Office = Office::new("2771000191", "27", "有料老人ホーム見本荘");
pub(crate) const HELP_A2: Office = Office::new("27A0200036", "A2", "見本町訪問型サービス");
pub(crate) const DAY_A6: Office = Office::new("27A0300042", "A6", "見本町通所型サービス");

/// 利用者.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) insured: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kana: &'static str,
    /// 1 男性, 2 女性.
    pub(crate) sex: &'static str,
    pub(crate) birthday: &'static str,
    /// 要介護状態区分.
    pub(crate) level: &'static str,
    /// 給付率, percent.
    pub(crate) rate: u32,
    /// 種類支給限度基準額: kind and units, where the insurer sets some.
    pub(crate) kind_limits: Vec<(&'static str, u32)>,
}

/// 保険者番号 of everybody here.
pub(crate) const INSURER: &str = "271004";

/// 要介護２, 給付率 90.
pub(crate) fn ichiro() -> Person {
    Person {
        insured: "0000201001",
        name: "試験　一郎",
        kana: "シケン　イチロウ",
        sex: "1",
        birthday: "19400301",
        level: "22",
        rate: 90,
        kind_limits: vec![],
    }
}

/// 要介護４.
pub(crate) fn hanayo() -> Person {
    Person {
        insured: "0000201002",
        name: "試験　花代",
        kana: "ｼｹﾝ ﾊﾅﾖ",
        sex: "2",
        birthday: "19381124",
        level: "24",
        ..ichiro()
    }
}

/// 要支援１.
pub(crate) fn otome() -> Person {
    Person {
        insured: "0000201003",
        name: "練習　乙女",
        kana: "レンシュウ　オトメ",
        sex: "2",
        birthday: "19450715",
        level: "12",
        ..ichiro()
    }
}

impl Person {
    /// The same person at another 要介護状態区分.
    pub(crate) fn at_level(self, level: &'static str) -> Self {
        Self { level, ..self }
    }

    /// The same person with another 給付率.
    pub(crate) fn at_rate(self, rate: u32) -> Self {
        Self { rate, ..self }
    }

    /// The same person under another name.
    pub(crate) fn named(self, name: &'static str, kana: &'static str) -> Self {
        Self { name, kana, ..self }
    }

    /// The same person with another 被保険者番号.
    pub(crate) fn numbered(self, insured: &'static str) -> Self {
        Self { insured, ..self }
    }

    /// The same person, for whom the insurer limits a kind of service.
    pub(crate) fn limited(mut self, kind: &'static str, units: u32) -> Self {
        self.kind_limits.push((kind, units));
        self
    }

    /// 区分支給限度基準額, units a month.
    pub(crate) fn limit(&self) -> u32 {
        limit_of(self.level).expect("each level of the cast has a limit").0
    }
}
