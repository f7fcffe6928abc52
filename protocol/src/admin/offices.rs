//! Offices and their licences, as the operator sees and changes them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{OfficeNumber, ServiceKind, hub::LicenceState};

/// A registered office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeEntry {
    /// 事業所番号.
    #[serde(with = "crate::as_text")]
    pub office: OfficeNumber,
    /// 事業所名称.
    pub name: String,
    /// サービス種類.
    #[serde(with = "crate::as_text::list")]
    pub kinds: Vec<ServiceKind>,
    /// 都道府県名, where it is known.
    pub prefecture: Option<String>,
    /// CSVバージョン値 that its software takes; empty if nobody said so.
    pub versions: Vec<String>,
    /// Its licence.
    pub licence: Licence,
}

/// A page of offices, with and without a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeEntries {
    /// In ascending order of office number.
    pub offices: Vec<OfficeEntry>,
    /// If more follow: the `cursor` of the request for the next page.
    pub next: Option<String>,
}

/// What an office is to be registered with. Its licence stays what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeChange {
    /// 事業所名称.
    pub name: String,
    /// サービス種類.
    #[serde(with = "crate::as_text::list")]
    pub kinds: Vec<ServiceKind>,
    /// 都道府県, by code or name; if none, the one that the number begins with.
    #[serde(default)]
    pub prefecture: Option<String>,
    /// CSVバージョン値 that its software takes.
    #[serde(default)]
    pub versions: Vec<String>,
}

/// A licence, as it stands at the hub's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// Whether it is in force.
    pub state: LicenceState,
    /// 利用申請日, where it is known.
    #[serde(with = "time::serde::rfc3339::option")]
    pub applied_at: Option<OffsetDateTime>,
    /// The end of the present year, or when it ran out.
    #[serde(with = "time::serde::rfc3339::option")]
    pub until: Option<OffsetDateTime>,
    /// 自動更新.
    pub renews: bool,
    /// 料金プラン of the present year, if there is a licence.
    pub plan: Option<Plan>,
    /// What the present year costs, in yen.
    pub yen: Option<u32>,
    /// Whether the office number had its フリーパス.
    pub free_pass_used: bool,
}

/// 料金プラン.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Plan {
    /// 通常.
    #[default]
    Ordinary,
    /// フリーパス.
    FreePass,
}

/// What to do with a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum LicenceChange {
    /// 利用申請.
    Apply {
        /// 料金プラン.
        #[serde(default)]
        plan: Plan,
        /// When; the hub's time if nobody says so.
        #[serde(default, with = "time::serde::rfc3339::option")]
        applied_at: Option<OffsetDateTime>,
        /// 自動更新; by the day of application if nobody says so.
        #[serde(default)]
        renews: Option<bool>,
    },
    /// One more year by hand.
    Renew,
    /// 自動更新 off: the present year is the last.
    Stop,
    /// 自動更新 on again.
    Resume,
    /// Ends it now, which tests can do and offices cannot.
    Expire,
}
