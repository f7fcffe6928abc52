//! What the CA remembers beyond a restart.

use std::collections::{BTreeMap, BTreeSet};

use careplan_protocol::{
    OfficeNumber, ProblemKind, UserId, as_text,
    ca::{AccountInfo, CertificateInfo, CertificateKind, CertificateState, PasswordState},
};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// How many wrong passwords in a row lock a user ID, or a 証明書発行用パスワード.
pub(crate) const FAILURES_MAX: u8 = 5;

/// How long a chosen password holds. The real term is not public; this one is ours.
pub(crate) const PASSWORD_LIFE: Duration = Duration::days(90);

/// How long a revocation list says that it holds.
pub(crate) const CRL_LIFE: Duration = Duration::days(1);

/// Accounts, certificates and the revocation list.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) accounts: BTreeMap<UserId, Account>,
    /// Oldest first.
    pub(crate) certificates: Vec<Record>,
    /// As it was last signed.
    pub(crate) crl: Option<Crl>,
    /// 受任: by the agent's number, the offices that it bills for.
    #[serde(default)]
    pub(crate) agents: BTreeMap<String, BTreeSet<String>>,
}

/// An account of 共通ログイン.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    #[serde(with = "as_text")]
    pub(crate) office: OfficeNumber,
    pub(crate) office_name: String,
    /// Argon2id, PHC string.
    pub(crate) hash: String,
    /// Whether it is a 仮パスワード, which may only be changed.
    pub(crate) temporary: bool,
    /// Until when a chosen password holds; for ever where an account was kept without it.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub(crate) password_until: Option<OffsetDateTime>,
    /// Wrong passwords since the last right one.
    pub(crate) failures: u8,
}

/// A client certificate, without its key.
#[derive(Serialize, Deserialize)]
pub(crate) struct Record {
    /// Lower-case hexadecimal.
    pub(crate) serial: String,
    pub(crate) kind: CertificateKind,
    #[serde(with = "as_text")]
    pub(crate) office: OfficeNumber,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) not_before: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) not_after: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(crate) revoked_at: Option<OffsetDateTime>,
}

/// A signed revocation list.
#[derive(Serialize, Deserialize)]
pub(crate) struct Crl {
    /// crlNumber: every list has a higher one.
    pub(crate) number: u64,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) this_update: OffsetDateTime,
    pub(crate) pem: String,
}

/// Counts a password that was tried against the failures before it.
///
/// # Errors
/// It was wrong, or the user ID is locked: then the right one does not help either.
pub(crate) fn count_attempt(failures: &mut u8, holds: bool) -> Result<(), ProblemKind> {
    if *failures >= FAILURES_MAX {
        return Err(ProblemKind::PasswordLocked);
    }
    if !holds {
        *failures += 1;
        return Err(ProblemKind::LoginFailed);
    }
    *failures = 0;
    Ok(())
}

impl Account {
    /// Takes another password, and forgets the failures with the one before.
    pub(crate) fn set_password(&mut self, hash: String, temporary: bool, now: OffsetDateTime) {
        self.hash = hash;
        self.temporary = temporary;
        self.password_until = (!temporary).then(|| now + PASSWORD_LIFE);
        self.failures = 0;
    }

    /// Whether its password may log in at this time.
    pub(crate) fn state(&self, now: OffsetDateTime) -> PasswordState {
        if self.failures >= FAILURES_MAX {
            PasswordState::Locked
        } else if self.temporary {
            PasswordState::Temporary
        } else if self.password_until.is_some_and(|until| until <= now) {
            PasswordState::Expired
        } else {
            PasswordState::Active
        }
    }

    /// What the operator sees of it.
    pub(crate) fn info(&self, user_id: &UserId, now: OffsetDateTime) -> AccountInfo {
        AccountInfo {
            user_id: user_id.clone(),
            office: self.office,
            office_name: self.office_name.clone(),
            state: self.state(now),
            expires: self.password_until,
        }
    }
}

impl State {
    /// Whether the office number may get a certificate of this kind: one that is in force already
    /// stands in the way, unless it is the one to be replaced.
    ///
    /// # Errors
    /// `certificate-in-force`.
    pub(crate) fn may_issue(
        &self,
        office: OfficeNumber,
        kind: CertificateKind,
        replaced: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<(), ProblemKind> {
        let stands_in_the_way = |record: &Record| {
            record.office == office
                && record.kind.stands_for(kind)
                && replaced != Some(record.serial.as_str())
                && record.info(now).state == CertificateState::Issued
        };
        match self.certificates.iter().any(stands_in_the_way) {
            true => Err(ProblemKind::CertificateInForce),
            false => Ok(()),
        }
    }
}

impl Record {
    /// What the CA says of it at this time.
    pub(crate) fn info(&self, now: OffsetDateTime) -> CertificateInfo {
        let state = match self.revoked_at {
            Some(_) => CertificateState::Revoked,
            None if self.not_after < now => CertificateState::Expired,
            None => CertificateState::Issued,
        };
        CertificateInfo {
            serial: self.serial.clone(),
            kind: self.kind,
            office: self.office,
            not_before: self.not_before,
            not_after: self.not_after,
            state,
        }
    }
}

impl Crl {
    /// Whether it may still be handed out: signed in the first half of its life, by this clock.
    pub(crate) fn is_fresh(&self, now: OffsetDateTime) -> bool {
        self.this_update <= now && now < self.this_update + CRL_LIFE / 2
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn five_wrong_passwords_in_a_row_lock() {
        let mut failures = 0;
        for _ in 1..FAILURES_MAX {
            assert_eq!(count_attempt(&mut failures, false), Err(ProblemKind::LoginFailed));
        }
        assert_eq!(count_attempt(&mut failures, true), Ok(()), "the row is broken");
        for _ in 0..FAILURES_MAX {
            assert_eq!(count_attempt(&mut failures, false), Err(ProblemKind::LoginFailed));
        }
        assert_eq!(count_attempt(&mut failures, true), Err(ProblemKind::PasswordLocked));
    }

    #[test]
    fn a_list_is_signed_anew_after_half_a_day_or_when_the_clock_went_back() {
        let signed = datetime!(2025-04-01 00:00 UTC);
        let crl = Crl { number: 1, this_update: signed, pem: String::new() };
        assert!(crl.is_fresh(signed));
        assert!(crl.is_fresh(signed + Duration::hours(11)));
        assert!(!crl.is_fresh(signed + Duration::hours(12)));
        assert!(!crl.is_fresh(signed - Duration::SECOND));
    }
}
