//! What a file says that the other files of its unit are compared with.

use crate::{FileName, OfficeNumber, runs::Runs, values::fixed};

/// What the rules about one file's records learned, for the rules about several files.
#[derive(Debug, Default)]
pub(crate) struct Gist {
    /// Of 第6表 and 第7表, unless there was too much to keep, or a row that cannot be compared.
    pub(crate) services: Option<Runs<Tally>>,
    /// Of 利用者基本情報: the pictures that its records name, each with the record.
    pub(crate) pictures: Vec<(u32, FileName)>,
}

/// What rows of 第6表 and lines of 第7表 have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Service {
    pub(crate) office: [u8; 10],
    pub(crate) code: [u8; 6],
    satellite: [u8; 2],
    /// TAISコード, else 福祉用具届出コード.
    equipment: [u8; 12],
}

impl Service {
    /// The items that make it up in 第6表, in the order that [`Service::new`] takes.
    pub(crate) const SLIP_ITEMS: [&str; 5] = [
        "サービス事業者コード",
        "サービスコード",
        "サテライト枝番",
        "TAISコード",
        "福祉用具届出コード",
    ];
    /// Those in 第7表.
    pub(crate) const ANNEX_ITEMS: [&str; 5] = [
        "サービス事業所コード",
        "サービスコード",
        "サテライト枝番",
        "TAISコード",
        "福祉用具届出コード",
    ];

    /// Of サービス事業者コード, サービスコード, サテライト枝番, TAISコード and 福祉用具届出コード.
    pub(crate) fn new([office, code, satellite, tais, notified]: [&[u8]; 5]) -> Self {
        let equipment = if tais.is_empty() { notified } else { tais };
        Self {
            office: fixed(office),
            code: fixed(code),
            satellite: fixed(satellite),
            equipment: equipment_code(equipment),
        }
    }

    /// Whether the office can be told from others: one that is written wrongly is a finding already.
    pub(crate) fn has_sound_office(&self) -> bool {
        OfficeNumber::from_bytes(&self.office).is_ok()
    }
}

/// How much of a service a person has in a month.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) service: Service,
    /// Its first record.
    pub(crate) record: u32,
    pub(crate) amount: Amount,
}

/// Times and units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Amount {
    /// 回数 in all.
    pub(crate) times: u32,
    /// 単位数 after discount in all; none where some row's units are not known.
    pub(crate) units: Option<u32>,
    /// Whether days are billed rather than times.
    pub(crate) is_by_the_day: bool,
}

impl Amount {
    /// So many times so many units; 0 stands for units that are not known.
    pub(crate) fn new(times: u32, units: u32, is_by_the_day: bool) -> Self {
        let units = (0 < units).then(|| units.saturating_mul(times));
        Self { times, units, is_by_the_day }
    }

    /// Takes in another row of the same service.
    pub(crate) fn add(&mut self, other: Self) {
        self.times = self.times.saturating_add(other.times);
        self.units = self.units.zip(other.units).map(|(a, b)| a.saturating_add(b));
        self.is_by_the_day |= other.is_by_the_day;
    }
}

/// The code, with the hyphen that the published text prints full-width in its examples as it is
/// meant.
fn equipment_code(code: &[u8]) -> [u8; 12] {
    const FULL_WIDTH_HYPHEN: [u8; 2] = [0x81, 0x7C];
    match code.windows(2).position(|pair| pair == FULL_WIDTH_HYPHEN) {
        Some(at) => fixed(&[&code[..at], b"-", &code[at + 2..]].concat()),
        None => fixed(code),
    }
}
