//! Requests to the certificate authority (電子認証局 with 共通ログイン), and its answers. All JSON unless
//! noted; times are RFC 3339.
//!
//! | request | body | answer |
//! |---|---|---|
//! | `GET /v1/root.pem` | – | the root certificate (PEM) |
//! | `GET /v1/crl.pem` | – | the issuing CA's revocation list (PEM) |
//! | `POST /v1/login` | [`Login`] | [`LoggedIn`] |
//! | `POST /v1/password` | [`PasswordChange`] | 204 |
//! | `POST /v1/applications` | [`Application`] | 201 [`Applied`] |
//! | `POST /v1/applications/{id}/certificate.pem` | [`IssuePassword`] | [`CertificatePem`] |
//! | `POST /v1/applications/{id}/certificate.p12` | [`IssuePassword`] | PKCS#12, encrypted with the 証明書発行用パスワード |
//! | `GET /v1/certificates` | – | [`Certificates`] of the account |
//! | `POST /v1/applications/{id}/issue-password` | – | 201 [`Applied`]: a new 証明書発行用パスワード |
//! | `POST /v1/certificates/{serial}/renew` | – | 201 [`Applied`]: 更新 |
//! | `POST /v1/certificates/{serial}/reissue` | – | 201 [`Applied`]: 再発行 after loss; the lost one is revoked |
//! | `POST /v1/certificates/{serial}/revoke` | – | 204 |
//! | `GET /v1/agent/offices` | – | [`AgentOffices`] that the account bills for |
//! | `PUT /v1/agent/offices/{office}` | – | 204 |
//! | `DELETE /v1/agent/offices/{office}` | – | 204 |
//!
//! The service speaks TLS with a server certificate of its own root. Applications and certificates
//! carry `Authorization: Bearer` with the log-in's token. Errors are [`Problem`](crate::Problem)s.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use crate::{OfficeNumber, UserId, schema};

/// The organization (O) in every subject, so that nobody takes the chain for a real one.
///
/// A client certificate's subject is `CN=事業所番号, OU=kind's word, O=this mark, C=JP`: that is
/// how the hub learns the office and the kind.
pub const FAKE_MARK: &str = "FAKE CA - FOR TESTS ONLY";

/// 共通ログイン: what an office types, and what the hub passes on to have it checked.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Login {
    /// ユーザID.
    pub user_id: UserId,
    /// パスワード.
    pub password: String,
}

/// A log-in that held.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct LoggedIn {
    /// For the `Authorization: Bearer` header.
    pub token: String,
    /// The office that the account belongs to.
    #[serde(with = "crate::as_text")]
    #[schema(value_type = schema::OfficeNumber)]
    pub office: OfficeNumber,
    /// 事業所名称.
    pub office_name: String,
}

/// パスワード変更: a 仮パスワード must be changed before anything else.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct PasswordChange {
    /// ユーザID.
    pub user_id: UserId,
    /// The password until now.
    pub old_password: String,
    /// The password from now on.
    pub new_password: String,
}

/// How many offices one agent may bill for.
pub const AGENT_OFFICES_MAX: usize = 100;

/// How many days before its end a certificate may be renewed for the first time. The real term is
/// not public; this one is ours.
pub const RENEWAL_DAYS: i64 = 90;

/// The kinds of client certificate: four, of which the first has a common form for 介護 and 障害.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateKind {
    /// 介護保険証明書: accepted by the hub.
    CareInsurance,
    /// 介護・障害共通証明書, for both systems: accepted by the hub.
    CareAndDisability,
    /// 請求委任事業所用ケアプラン証明書: accepted by the hub.
    DelegatedBillingOffice,
    /// 代理人証明書: bills for others; not accepted by the hub.
    Agent,
    /// 障害総合支援証明書: not accepted by the hub.
    DisabilitySupport,
}

impl CertificateKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::CareInsurance,
        Self::CareAndDisability,
        Self::DelegatedBillingOffice,
        Self::Agent,
        Self::DisabilitySupport,
    ];

    /// The word for arguments, certificates and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::CareInsurance => "care-insurance",
            Self::CareAndDisability => "care-and-disability",
            Self::DelegatedBillingOffice => "delegated-billing-office",
            Self::Agent => "agent",
            Self::DisabilitySupport => "disability-support",
        }
    }

    /// 証明書の名称.
    pub const fn name_ja(self) -> &'static str {
        match self {
            Self::CareInsurance => "介護保険証明書",
            Self::CareAndDisability => "介護・障害共通証明書",
            Self::DelegatedBillingOffice => "請求委任事業所用ケアプラン証明書",
            Self::Agent => "代理人証明書",
            Self::DisabilitySupport => "障害総合支援証明書",
        }
    }

    /// Whether the hub takes certificates of this kind.
    pub const fn is_accepted_by_hub(self) -> bool {
        matches!(self, Self::CareInsurance | Self::CareAndDisability | Self::DelegatedBillingOffice)
    }

    /// What it costs for its three years, in yen; none where no public document says it.
    pub const fn fee_yen(self) -> Option<u32> {
        match self {
            Self::CareInsurance => Some(13_200),
            Self::CareAndDisability => Some(13_900),
            Self::DelegatedBillingOffice => Some(0),
            Self::Agent | Self::DisabilitySupport => None,
        }
    }

    /// Whether an office number that has a certificate of this kind in force needs none of the
    /// other: the kinds that the hub takes stand for each other, the others for themselves.
    pub fn stands_for(self, other: Self) -> bool {
        self == other || (self.is_accepted_by_hub() && other.is_accepted_by_hub())
    }

    /// The kind of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// 証明書発行申請.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Application {
    /// Which certificate.
    pub kind: CertificateKind,
}

/// An application that was granted.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Applied {
    /// Names the application.
    pub id: String,
    /// 証明書発行用パスワード: opens the download, for 30 days. (The real one comes by another way.)
    pub issue_password: String,
    /// What the certificate costs, in yen, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_yen: Option<u32>,
}

/// The 証明書発行用パスワード, to open a download with.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct IssuePassword {
    /// As it was given with the application.
    pub issue_password: String,
}

/// A certificate to install, as PEM.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct CertificatePem {
    /// The client certificate, then the issuing CA's.
    pub certificate_chain: String,
    /// The private key, PKCS#8.
    pub private_key: String,
    /// What it is.
    pub info: CertificateInfo,
}

/// State of an issued certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CertificateState {
    /// In force, as far as its dates allow.
    Issued,
    /// 失効.
    Revoked,
    /// 期限切れ.
    Expired,
}

/// What the CA knows of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CertificateInfo {
    /// Serial number, lower-case hexadecimal.
    pub serial: String,
    /// Its kind.
    pub kind: CertificateKind,
    /// The office number that it carries.
    #[serde(with = "crate::as_text")]
    #[schema(value_type = schema::OfficeNumber)]
    pub office: OfficeNumber,
    /// Valid from.
    #[serde(with = "time::serde::rfc3339")]
    pub not_before: OffsetDateTime,
    /// Valid until.
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
    /// Whether it still holds.
    pub state: CertificateState,
}

impl CertificateInfo {
    /// From when on it may be renewed.
    pub fn renewable_from(&self) -> OffsetDateTime {
        self.not_after - Duration::days(RENEWAL_DAYS)
    }
}

/// State of an account's password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PasswordState {
    /// 仮パスワード: may only be changed.
    Temporary,
    /// May log in.
    Active,
    /// 期限切れ: may only be changed.
    Expired,
    /// ロック: nothing helps but 再発行, or the operator's unlocking.
    Locked,
}

/// What the CA's operator sees of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountInfo {
    /// ユーザID.
    pub user_id: UserId,
    /// The office that it belongs to.
    #[serde(with = "crate::as_text")]
    pub office: OfficeNumber,
    /// 事業所名称.
    pub office_name: String,
    /// Whether its password may log in.
    pub state: PasswordState,
    /// When the password expires or has expired; a 仮パスワード does not.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires: Option<OffsetDateTime>,
}

/// 受任: the offices that an agent (代理人) bills for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentOffices {
    /// By office number, at most [`AGENT_OFFICES_MAX`].
    #[serde(with = "crate::as_text::list")]
    pub offices: Vec<OfficeNumber>,
}

/// Certificates of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Certificates {
    /// Oldest first.
    pub certificates: Vec<CertificateInfo>,
}
