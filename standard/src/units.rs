//! 送信単位: which files may travel together under one ファイル連番.

use crate::{Month, Party, Sequence, Verdict};

/// A 送信単位 as it was found in a sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// ファイル連番.
    pub sequence: Sequence,
    /// 送信元.
    pub from: Party,
    /// 送信先.
    pub to: Party,
    /// Which of the standard's units it is; none if the files make up none.
    pub kind: Option<UnitKind>,
    /// CSVバージョン値, where the files agree on one.
    pub version: Option<String>,
    /// The service month, for monthly units.
    pub month: Option<Month>,
    /// Its files: places in the sending, ascending.
    pub files: Vec<usize>,
    /// `Fail` if an error lies in one of its files or in how they go together.
    pub verdict: Verdict,
}

/// The 送信単位 that the standard lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// (1) 居宅サービス計画書 with 補足.
    Plan,
    /// (2), (9) 予定: 第6表, 第7表 and 補足.
    Slip,
    /// (3) 第1表_削除.
    PlanWithdrawal,
    /// (4) 第6表_削除 計画.
    SlipWithdrawal,
    /// (5) 実績.
    Results,
    /// (6) 第6表_削除 実績.
    ResultsWithdrawal,
    /// (7) 利用者基本情報 with 別表 and pictures.
    PersonRecord,
    /// (8) 介護予防サービス・支援計画書, with or without 利用者基本情報.
    PreventionPlan,
    /// (10) 利用者基本情報_削除.
    PersonRecordWithdrawal,
    /// (11) 介護予防サービス・支援計画書_削除.
    PreventionPlanWithdrawal,
}

impl UnitKind {
    /// Every unit, with the word that stands for it in tables, on the wire and in reports.
    const WORDS: [(Self, &'static str); 10] = [
        (Self::Plan, "plan"),
        (Self::Slip, "slip"),
        (Self::PlanWithdrawal, "plan-withdrawal"),
        (Self::SlipWithdrawal, "slip-withdrawal"),
        (Self::Results, "results"),
        (Self::ResultsWithdrawal, "results-withdrawal"),
        (Self::PersonRecord, "person-record"),
        (Self::PreventionPlan, "prevention-plan"),
        (Self::PersonRecordWithdrawal, "person-record-withdrawal"),
        (Self::PreventionPlanWithdrawal, "prevention-plan-withdrawal"),
    ];

    /// The word that stands for it.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The unit of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}
