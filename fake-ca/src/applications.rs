//! What an office asks of its certificates: 発行, 更新, 再発行 and 失効, and the
//! 証明書発行用パスワード that opens a download.
//!
//! Invariant: an office number has one certificate in force of the kinds that the hub takes. During
//! a renewal its successor stands beside it: the old one holds until its own end, so that one
//! terminal after the other can be changed over.

use std::collections::VecDeque;

use careplan_protocol::{
    OfficeNumber, ProblemKind,
    ca::{Application, Applied, CertificateInfo, CertificateKind, CertificateState},
};
use time::{Duration, OffsetDateTime};

use crate::{
    FakeCa, IssuedCertificate, Refusal, secret,
    state::{FAILURES_MAX, count_attempt},
};

/// Of so many applications an office may still download; the oldest gives way.
const APPLICATIONS_MAX: usize = 20;

/// How long a 証明書発行用パスワード holds. The real term is not public; this one is ours.
const ISSUE_PASSWORD_LIFE: Duration = Duration::days(30);

/// An application that was granted.
pub(crate) struct Granted {
    id: String,
    kind: CertificateKind,
    /// The serial number of the certificate that this one is to follow.
    renews: Option<String>,
    password: GrantedPassword,
    /// Made at the first download; every later one is of the same.
    issued: Option<IssuedCertificate>,
}

/// A 証明書発行用パスワード as it is kept.
struct GrantedPassword {
    digest: [u8; 32],
    until: OffsetDateTime,
    failures: u8,
}

impl FakeCa {
    /// 証明書発行申請. The 証明書発行用パスワード is told once, and kept as a digest in memory; it
    /// holds for 30 days.
    ///
    /// # Errors
    /// `session-missing`, `session-expired`, `certificate-in-force`; or a fault of the CA's own.
    pub fn apply(&self, token: &str, application: &Application) -> Result<Applied, Refusal> {
        let (office, now) = (self.office_of(token)?, self.inner.clock.now());
        let kind = application.kind;
        self.inner.vault.read(|state| state.may_issue(office, kind, None, now))??;
        self.grant(office, kind, None)
    }

    /// 更新: applies for a certificate to follow this one, from 90 days before its end. The old one
    /// holds until that end.
    ///
    /// # Errors
    /// `session-missing`, `session-expired`, `not-found` (another office's too),
    /// `certificate-revoked`, `renewal-too-early`, `certificate-in-force` (its successor's); or a
    /// fault of the CA's own.
    pub fn renew(&self, token: &str, serial: &str) -> Result<Applied, Refusal> {
        let (own, now) = (self.own(token, serial)?, self.inner.clock.now());
        if own.state == CertificateState::Revoked {
            return Err(ProblemKind::CertificateRevoked.into());
        }
        if now < own.renewable_from() {
            return Err(ProblemKind::RenewalTooEarly.into());
        }
        self.may_replace(&own)?;
        self.grant(own.office, own.kind, Some(own.serial))
    }

    /// 再発行 after a loss: revokes the certificate at once, and applies for another.
    ///
    /// # Errors
    /// `session-missing`, `session-expired`, `not-found` (another office's too),
    /// `certificate-revoked`, `certificate-expired`, `certificate-in-force` (its successor's); or a
    /// fault of the CA's own.
    pub fn reissue(&self, token: &str, serial: &str) -> Result<Applied, Refusal> {
        let own = self.own(token, serial)?;
        match own.state {
            CertificateState::Issued => {}
            CertificateState::Revoked => return Err(ProblemKind::CertificateRevoked.into()),
            CertificateState::Expired => return Err(ProblemKind::CertificateExpired.into()),
        }
        self.may_replace(&own)?;
        self.revoke(serial)?;
        self.grant(own.office, own.kind, None)
    }

    /// Revokes a certificate of the account's office.
    ///
    /// # Errors
    /// `session-missing`, `session-expired`, `not-found` (another office's too); or a fault of the
    /// CA's own.
    pub fn revoke_own(&self, token: &str, serial: &str) -> Result<(), Refusal> {
        Ok(self.revoke(&self.own(token, serial)?.serial)?)
    }

    /// 証明書発行用パスワードの再発行: the one before no longer opens anything.
    ///
    /// # Errors
    /// `session-missing`, `session-expired`, `not-found`; or a fault of the CA's own.
    pub fn reissue_issue_password(&self, token: &str, id: &str) -> Result<Applied, Refusal> {
        let office = self.office_of(token)?;
        let (issue_password, password) = self.issue_password()?;
        let mut desk = self.desk();
        let mut granted = desk.applications.get_mut(&office).into_iter().flatten();
        let granted = granted.find(|granted| granted.id == id).ok_or(ProblemKind::NotFound)?;
        granted.password = password;
        tracing::info!(%office, "issue password issued again");
        Ok(Applied { id: id.to_owned(), issue_password, fee_yen: None })
    }

    /// The certificate that was applied for: issued at the first download, the same ever after.
    ///
    /// # Errors
    /// `session-missing`, `session-expired`, `not-found`, `issue-password-wrong`,
    /// `issue-password-locked`, `issue-password-expired`, `certificate-in-force`; or a fault of the
    /// CA's own.
    pub fn download(
        &self,
        token: &str,
        id: &str,
        issue_password: &str,
    ) -> Result<IssuedCertificate, Refusal> {
        let (office, now) = (self.office_of(token)?, self.inner.clock.now());
        // The desk is held while it is issued: two downloads at once get one certificate.
        let mut desk = self.desk();
        let mut granted = desk.applications.get_mut(&office).into_iter().flatten();
        let granted = granted.find(|granted| granted.id == id).ok_or(ProblemKind::NotFound)?;
        granted.password.open(issue_password, now)?;
        if let Some(issued) = &granted.issued {
            return Ok(issued.clone());
        }
        let (kind, replaced) = (granted.kind, granted.renews.as_deref());
        let issued = self.issue_if(office, kind, |state| {
            state.may_issue(office, kind, replaced, now).map_err(Refusal::from)
        })?;
        Ok(granted.issued.insert(issued).clone())
    }

    fn own(&self, token: &str, serial: &str) -> Result<CertificateInfo, Refusal> {
        let mut own = self.own_certificates(token)?.certificates.into_iter();
        own.find(|info| info.serial == serial).ok_or_else(|| ProblemKind::NotFound.into())
    }

    fn may_replace(&self, own: &CertificateInfo) -> Result<(), Refusal> {
        let (now, replaced) = (self.inner.clock.now(), Some(own.serial.as_str()));
        let may = |state: &crate::State| state.may_issue(own.office, own.kind, replaced, now);
        Ok(self.inner.vault.read(may)??)
    }

    fn grant(
        &self,
        office: OfficeNumber,
        kind: CertificateKind,
        renews: Option<String>,
    ) -> Result<Applied, Refusal> {
        let id = secret::hex(&secret::random::<16>()?);
        let (issue_password, password) = self.issue_password()?;
        let mut desk = self.desk();
        let granted: &mut VecDeque<_> = desk.applications.entry(office).or_default();
        if granted.len() == APPLICATIONS_MAX {
            granted.pop_front();
        }
        granted.push_back(Granted { id: id.clone(), kind, renews, password, issued: None });
        tracing::info!(%office, kind = kind.word(), "certificate applied for");
        Ok(Applied { id, issue_password, fee_yen: kind.fee_yen() })
    }

    /// A new 証明書発行用パスワード, and the form in which it is kept.
    fn issue_password(&self) -> Result<(String, GrantedPassword), Refusal> {
        let password = secret::typable()?;
        let until = self.inner.clock.now() + ISSUE_PASSWORD_LIFE;
        let kept = GrantedPassword { digest: secret::digest(&password), until, failures: 0 };
        Ok((password, kept))
    }
}

impl GrantedPassword {
    /// Tries a password, and counts it.
    fn open(&mut self, tried: &str, now: OffsetDateTime) -> Result<(), ProblemKind> {
        let is_locked = self.failures >= FAILURES_MAX;
        let holds = self.digest == secret::digest(tried);
        match count_attempt(&mut self.failures, holds) {
            Err(_) if is_locked => Err(ProblemKind::IssuePasswordLocked),
            Err(_) => Err(ProblemKind::IssuePasswordWrong),
            Ok(()) if self.until <= now => Err(ProblemKind::IssuePasswordExpired),
            Ok(()) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
