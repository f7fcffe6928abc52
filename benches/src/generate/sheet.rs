//! The kinds of file that are generated, and what can be wrong with their records.

use super::{bank::Bank, person::Person, plan, records::Records, slip};
use crate::dice::Dice;

/// CSVバージョン値 of everything generated.
pub(crate) const VERSION: &str = "202407";
/// 送信元, and プラン担当業者コード.
pub(crate) const PLANNER: &str = "2770100012";
/// 送信元 and 送信先 as names have them.
const PARTIES: &str = "2770100012_43_2770200036_11";

/// A kind of file of version 4.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sheet {
    /// 第6表, 予定 of a month.
    Slip,
    /// 第7表 of that month.
    SlipAnnex,
    /// 補足 of that month.
    SlipSupplement,
    /// 第1表.
    Plan1,
    /// 第2表: long texts.
    Plan2,
    /// 第3表.
    Plan3,
    /// 補足 that goes with 第1表 to 第3表.
    PlanSupplement,
}

impl Sheet {
    /// 予定 as a 送信単位.
    pub const SLIP_UNIT: [Self; 3] = [Self::Slip, Self::SlipAnnex, Self::SlipSupplement];
    /// 居宅サービス計画書 as a 送信単位.
    pub const PLAN_UNIT: [Self; 4] = [Self::Plan1, Self::Plan2, Self::Plan3, Self::PlanSupplement];

    /// The file's name. `sequence` becomes a ファイル連番 of its own, up to 86,400 of them.
    pub fn file_name(self, sequence: u32) -> String {
        let prefix = match self {
            Self::Slip => "UPPLAN_202504",
            Self::SlipAnnex => "UPSIKYU_202504",
            Self::SlipSupplement => "UPHOSOKU_202504",
            Self::Plan1 => "UP1KYO",
            Self::Plan2 => "UP2KYO",
            Self::Plan3 => "UP3KYO",
            Self::PlanSupplement => "UPHOSOKU_000000",
        };
        let [hour, minute, second] = [sequence / 3600 % 24, sequence / 60 % 60, sequence % 60];
        format!("{prefix}_{PARTIES}_20250328{hour:02}{minute:02}{second:02}.CSV")
    }

    /// Writes a person's records.
    pub(crate) fn write(
        self,
        person: &Person,
        bank: &Bank,
        ending: &mut Ending<'_>,
        out: &mut Records,
    ) {
        match self {
            Self::Slip => slip::slip(person, bank, ending, out),
            Self::SlipAnnex => slip::annex(person, bank, ending, out),
            Self::SlipSupplement => slip::supplement(person, bank, ending, out),
            Self::Plan1 => plan::first(person, bank, ending, out),
            Self::Plan2 => plan::second(person, bank, ending, out),
            Self::Plan3 => plan::third(person, bank, ending, out),
            Self::PlanSupplement => plan::supplement(person, bank, ending, out),
        }
    }

    /// What may be wrong with a record: an item, and what stands there instead.
    pub(crate) fn faults(self) -> &'static [Fault] {
        match self {
            Self::Slip => SLIP_FAULTS,
            Self::Plan2 => PLAN2_FAULTS,
            _ => COMMON_FAULTS,
        }
    }
}

/// An item's No, and what spoils it.
pub(crate) type Fault = (usize, &'static [u8]);

/// Items that every sheet has.
const COMMON_FAULTS: &[Fault] = &[(2, b"27100"), (2, b"2710O4"), (3, b"X000000001"), (4, b"")];

const SLIP_FAULTS: &[Fault] = &[
    (2, b"27100"),
    (3, b"X000000001"),
    (4, b"20250230"),
    (7, b"\"\x88\""),
    (8, b"24a"),
    (8, b""),
    (10, b"20250501"),
    (10, b"20250431"),
    (12, b"2561"),
    (15, b"11111"),
    (15, b"331111"),
    (20, b"277020003X"),
    (23, b"2"),
    (25, b",,"),
];

const PLAN2_FAULTS: &[Fault] = &[
    (2, b"2710O4"),
    (3, b"00000000"),
    (5, b"20250230"),
    (6, b"X"),
    (8, b"100"),
    (14, b"\"\xF0\x40\""),
    (14, b"\"\x88"),
    (15, b"Z"),
    (17, b"277020003"),
    (22, b",,"),
];

/// Ends records, and spoils some of them.
pub(crate) struct Ending<'a> {
    pub(crate) dice: Dice,
    pub(crate) percent: u8,
    pub(crate) faults: &'a [Fault],
}

impl Ending<'_> {
    /// Ends the open record.
    pub(crate) fn end(&mut self, out: &mut Records) {
        let fault = self.dice.happens(self.percent).then(|| self.dice.pick(self.faults));
        out.end(fault);
    }
}
