//! File names: `PREFIX[_YYYYMM]_from[_kind]_to[_kind]_YYYYMMDDHHMMSS[_branch].ext`.
//!
//! V4 names carry the service kinds of both sides, V3 names do not; a picture carries a branch.

use std::fmt;

use crate::{Month, OfficeNumber, Sequence, ServiceKind};

/// The kinds of file that the standard knows, by their prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// UPHOSOKU 利用者補足情報.
    Supplement,
    /// UP1KYO 居宅サービス計画書 第1表.
    PlanTable1,
    /// UP2KYO 居宅サービス計画書 第2表.
    PlanTable2,
    /// UP3KYO 居宅サービス計画書 第3表 (週間サービス計画表).
    PlanTable3,
    /// DLT1KYO 第1表_削除.
    PlanWithdrawal,
    /// UPPLAN 第6表 サービス利用票 (予定).
    Slip,
    /// UPSIKYU 第7表 サービス利用票別表.
    SlipAnnex,
    /// UPJSK 第6表 実績情報.
    Results,
    /// DLTPLAN 第6表_削除 計画.
    SlipWithdrawal,
    /// DLTJSK 第6表_削除 実績.
    ResultsWithdrawal,
    /// UPKIHON 利用者基本情報.
    PersonRecord,
    /// UPKIHON_SUB1 利用者基本情報 別表1 (1日の生活).
    PersonRecordDay,
    /// UPKIHON_SUB2 利用者基本情報 別表2 (病歴).
    PersonRecordIllness,
    /// UPKIHON_IMAGE 家族構成の画像 (jpg).
    PersonRecordImage,
    /// DLTKIHON 利用者基本情報_削除.
    PersonRecordWithdrawal,
    /// UPYOBO 介護予防サービス・支援計画書.
    PreventionPlan,
    /// UPYOBO_SUB 介護予防サービス・支援計画書 別表.
    PreventionPlanAnnex,
    /// DLTYOBO 介護予防サービス・支援計画書_削除.
    PreventionPlanWithdrawal,
}

impl FileKind {
    /// Every kind, in the order of the standard's list.
    pub const ALL: [Self; 18] = [
        Self::Supplement,
        Self::PlanTable1,
        Self::PlanTable2,
        Self::PlanTable3,
        Self::PlanWithdrawal,
        Self::Slip,
        Self::SlipAnnex,
        Self::Results,
        Self::SlipWithdrawal,
        Self::ResultsWithdrawal,
        Self::PersonRecord,
        Self::PersonRecordDay,
        Self::PersonRecordIllness,
        Self::PersonRecordImage,
        Self::PersonRecordWithdrawal,
        Self::PreventionPlan,
        Self::PreventionPlanAnnex,
        Self::PreventionPlanWithdrawal,
    ];

    /// The prefix of its names.
    pub const fn prefix(self) -> &'static str {
        self.words().0
    }

    /// 帳票の名称.
    pub const fn title(self) -> &'static str {
        self.words().1
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Supplement => ("UPHOSOKU", "利用者補足情報"),
            Self::PlanTable1 => ("UP1KYO", "居宅サービス計画書 第1表"),
            Self::PlanTable2 => ("UP2KYO", "居宅サービス計画書 第2表"),
            Self::PlanTable3 => ("UP3KYO", "居宅サービス計画書 第3表"),
            Self::PlanWithdrawal => ("DLT1KYO", "第1表_削除"),
            Self::Slip => ("UPPLAN", "第6表 サービス利用票（予定）"),
            Self::SlipAnnex => ("UPSIKYU", "第7表 サービス利用票別表"),
            Self::Results => ("UPJSK", "第6表 実績情報"),
            Self::SlipWithdrawal => ("DLTPLAN", "第6表_削除（計画）"),
            Self::ResultsWithdrawal => ("DLTJSK", "第6表_削除（実績）"),
            Self::PersonRecord => ("UPKIHON", "利用者基本情報"),
            Self::PersonRecordDay => ("UPKIHON_SUB1", "利用者基本情報 別表1"),
            Self::PersonRecordIllness => ("UPKIHON_SUB2", "利用者基本情報 別表2"),
            Self::PersonRecordImage => ("UPKIHON_IMAGE", "利用者基本情報 家族構成画像"),
            Self::PersonRecordWithdrawal => ("DLTKIHON", "利用者基本情報_削除"),
            Self::PreventionPlan => ("UPYOBO", "介護予防サービス・支援計画書"),
            Self::PreventionPlanAnnex => ("UPYOBO_SUB", "介護予防サービス・支援計画書 別表"),
            Self::PreventionPlanWithdrawal => ("DLTYOBO", "介護予防サービス・支援計画書_削除"),
        }
    }

    /// Whether its names carry a month.
    pub const fn has_month(self) -> bool {
        matches!(
            self,
            Self::Supplement
                | Self::Slip
                | Self::SlipAnnex
                | Self::Results
                | Self::SlipWithdrawal
                | Self::ResultsWithdrawal
        )
    }

    /// Whether its names carry `000000` in an example of the published text, against its rule.
    const fn may_carry_zero_month(self) -> bool {
        matches!(
            self,
            Self::PersonRecord
                | Self::PersonRecordDay
                | Self::PersonRecordIllness
                | Self::PersonRecordImage
        )
    }

    /// ファイル種別 削除: it withdraws what was sent before.
    pub const fn is_withdrawal(self) -> bool {
        matches!(
            self,
            Self::PlanWithdrawal
                | Self::SlipWithdrawal
                | Self::ResultsWithdrawal
                | Self::PersonRecordWithdrawal
                | Self::PreventionPlanWithdrawal
        )
    }

    /// Whether it is a picture rather than records.
    pub const fn is_image(self) -> bool {
        matches!(self, Self::PersonRecordImage)
    }

    /// How its names end, in small letters.
    pub const fn extension(self) -> &'static str {
        if self.is_image() { "jpg" } else { "csv" }
    }

    /// The kind of this prefix, in capital letters as the standard writes it.
    pub fn from_prefix(prefix: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.prefix() == prefix)
    }
}

/// One side of an exchange: an office and, in V4 names, the service that it acts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Party {
    /// 事業所番号.
    pub office: OfficeNumber,
    /// サービス種類コード; V3 names do not carry it.
    pub kind: Option<ServiceKind>,
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Some(kind) => write!(f, "{}_{kind}", self.office),
            None => self.office.fmt(f),
        }
    }
}

/// The month part of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameMonth {
    /// `000000`: 補足 that goes with 第1表–第3表.
    Zero,
    /// サービス提供年月.
    Of(Month),
}

impl NameMonth {
    /// The service month, unless the name says `000000`.
    pub fn month(self) -> Option<Month> {
        match self {
            Self::Zero => None,
            Self::Of(month) => Some(month),
        }
    }
}

impl fmt::Display for NameMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero => f.write_str("000000"),
            Self::Of(month) => month.fmt(f),
        }
    }
}

/// A name of the standard, taken apart. Display writes it in the standard's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileName {
    /// What the file carries.
    pub kind: FileKind,
    /// The month, for kinds that have one in their name. Of the others only 利用者基本情報 may carry
    /// one, `000000`, because an example of the published text does.
    pub month: Option<NameMonth>,
    /// 送信元.
    pub from: Party,
    /// 送信先.
    pub to: Party,
    /// ファイル連番.
    pub sequence: Sequence,
    /// 枝番 of a picture, 1 to 9999.
    pub branch: Option<u16>,
}

/// Why a name is not one of the standard's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    /// Neither `.CSV` nor a picture of the standard.
    Extension,
    /// No kind of file starts so.
    Prefix,
    /// Parts are missing, or there are too many.
    Parts,
    /// The month is missing, out of place or does not exist.
    Month,
    /// 送信元 or 送信先 is no office number.
    Office,
    /// A service kind is not two characters of the standard.
    ServiceKind,
    /// The ファイル連番 is not fourteen digits.
    Sequence,
    /// The 枝番 of a picture is not four digits.
    Branch,
}

impl FileName {
    /// Whether the name has the V4 form, with service kinds.
    pub fn has_kinds(&self) -> bool {
        self.from.kind.is_some()
    }

    /// Takes a name apart. `.csv` and `.CSV` are both taken, and so for the picture's `.jpg`.
    ///
    /// # Errors
    /// The first part, from the left, that is not as the standard has it; the extension first.
    pub fn parse(name: &str) -> Result<Self, NameFault> {
        let (stem, extension) = name.rsplit_once('.').ok_or(NameFault::Extension)?;
        let (kind, rest) = split_prefix(stem)?;
        if !extension.eq_ignore_ascii_case(kind.extension()) {
            return Err(NameFault::Extension);
        }
        let mut parts: Vec<&str> = rest.split('_').collect();
        let branch = if kind.is_image() { Some(take_branch(&mut parts)?) } else { None };
        let month = take_month(&mut parts, kind)?;
        let (from, to, sequence) = match parts[..] {
            [from, to, sequence] => (party(from, None)?, party(to, None)?, sequence),
            [from, from_kind, to, to_kind, sequence] => {
                (party(from, Some(from_kind))?, party(to, Some(to_kind))?, sequence)
            }
            // A month where this kind of file has none, in front of parts that are right.
            [extra, _, _, _] | [extra, _, _, _, _, _] if extra.len() == 6 => {
                return Err(NameFault::Month);
            }
            _ => return Err(NameFault::Parts),
        };
        let sequence =
            Sequence::from_bytes(sequence.as_bytes()).map_err(|_| NameFault::Sequence)?;
        Ok(Self { kind, month, from, to, sequence, branch })
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.prefix())?;
        if let Some(month) = self.month {
            write!(f, "_{month}")?;
        }
        write!(f, "_{}_{}_{}", self.from, self.to, self.sequence)?;
        match self.branch {
            Some(branch) => write!(f, "_{branch:04}.jpg"),
            None => f.write_str(".CSV"),
        }
    }
}

/// The longest prefix that fits, so that `UPKIHON_SUB1_…` is not `UPKIHON`.
fn split_prefix(stem: &str) -> Result<(FileKind, &str), NameFault> {
    FileKind::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, stem.strip_prefix(kind.prefix())?.strip_prefix('_')?)))
        .max_by_key(|(kind, _)| kind.prefix().len())
        .ok_or_else(|| FileKind::from_prefix(stem).map_or(NameFault::Prefix, |_| NameFault::Parts))
}

fn take_branch(parts: &mut Vec<&str>) -> Result<u16, NameFault> {
    let text = parts.pop().ok_or(NameFault::Parts)?;
    let is_four_digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_four_digits {
        return Err(NameFault::Branch);
    }
    text.parse().map_err(|_| NameFault::Branch)
}

fn take_month(parts: &mut Vec<&str>, kind: FileKind) -> Result<Option<NameMonth>, NameFault> {
    let text = *parts.first().ok_or(NameFault::Parts)?;
    let month = match text {
        "000000" if kind == FileKind::Supplement || kind.may_carry_zero_month() => NameMonth::Zero,
        _ if kind.has_month() => text.parse().map(NameMonth::Of).map_err(|_| NameFault::Month)?,
        _ => return Ok(None),
    };
    parts.remove(0);
    Ok(Some(month))
}

fn party(office: &str, kind: Option<&str>) -> Result<Party, NameFault> {
    let office = office.parse().map_err(|_| NameFault::Office)?;
    let kind = kind.map(str::parse).transpose().map_err(|_| NameFault::ServiceKind)?;
    Ok(Party { office, kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_as_they_were_written() {
        for name in [
            "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV",
            "UPPLAN_202504_2770100012_2770200036_20250428171502.CSV",
            "UPHOSOKU_000000_2770100012_43_2770200036_11_20250428171502.CSV",
            "UP1KYO_2770100012_43_27A0200036_A2_20250428171502.CSV",
            "UPKIHON_2700100021_46_2770100012_43_20250428171502.CSV",
            "UPKIHON_SUB1_2700100021_46_2770100012_43_20250428171502.CSV",
            "UPYOBO_SUB_2700100021_AF_2770100012_43_20250428171502.CSV",
            "UPKIHON_IMAGE_2700100021_46_2770100012_43_20250428171502_0001.jpg",
            "UPKIHON_000000_2700100021_46_2770100012_43_20250428171502.CSV",
        ] {
            assert_eq!(FileName::parse(name).map(|n| n.to_string()), Ok(name.to_owned()));
        }
    }

    #[test]
    fn either_case_of_the_extension_is_taken() {
        let small = "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.csv";
        assert_eq!(FileName::parse(small), FileName::parse(&small.replace(".csv", ".CSV")));
    }

    #[test]
    fn each_part_has_its_own_fault() {
        for (name, fault) in [
            ("UPPLAN_202504_2770100012_43_2770200036_11_20250428171502", NameFault::Extension),
            ("UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.txt", NameFault::Extension),
            ("PLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV", NameFault::Prefix),
            ("UPPLAN2_202504_2770100012_43_2770200036_11_20250428171502.CSV", NameFault::Prefix),
            ("UPPLAN_202513_2770100012_43_2770200036_11_20250428171502.CSV", NameFault::Month),
            ("UPPLAN_000000_2770100012_43_2770200036_11_20250428171502.CSV", NameFault::Month),
            ("UPPLAN_2770100012_43_2770200036_11_20250428171502.CSV", NameFault::Month),
            ("UP1KYO_202504_2770100012_43_2770200036_11_20250428171502.CSV", NameFault::Month),
            ("UPPLAN_202504_277010001_43_2770200036_11_20250428171502.CSV", NameFault::Office),
            ("UPPLAN_202504_2770100012_4_2770200036_11_20250428171502.CSV", NameFault::ServiceKind),
            ("UPPLAN_202504_2770100012_43_2770200036_11_2025042817150.CSV", NameFault::Sequence),
            ("UPPLAN_202504_2770100012_43_2770200036_11_20250428171502_1.CSV", NameFault::Parts),
            ("UPKIHON_IMAGE_2700100021_46_2770100012_43_20250428171502_1.jpg", NameFault::Branch),
        ] {
            assert_eq!(FileName::parse(name), Err(fault), "{name}");
        }
    }
}
