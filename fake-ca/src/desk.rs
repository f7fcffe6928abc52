//! 共通ログイン: what the service answers, without HTTP.
//!
//! Invariant: a user ID that no account has is answered, slowed and locked like one that has; an
//! answer tells nothing about which IDs exist.

use std::collections::{HashMap, VecDeque};

use careplan_protocol::{
    OfficeNumber, ProblemKind, UserId,
    ca::{Certificates, LoggedIn, Login, PasswordChange, PasswordState},
};
use time::{Duration, OffsetDateTime};

use crate::{
    CaFault, FakeCa, Refusal,
    applications::Granted,
    secret,
    state::{Account, count_attempt},
};

/// How long a log-in holds.
const SESSION_LIFE: Duration = Duration::minutes(30);

/// How long a log-in that ran out is remembered, so that it can be told from one that never was.
const SESSION_MEMORY: Duration = Duration::days(1);

/// New passwords have at least so many characters.
const PASSWORD_CHARACTERS_MIN: usize = 8;

/// So many unknown user IDs are counted; then the count starts afresh.
const STRANGERS_MAX: usize = 10_000;

/// What lies on the desk while the CA runs: after a restart one logs in and applies again.
#[derive(Default)]
pub(crate) struct Desk {
    /// By the digest of the token.
    sessions: HashMap<[u8; 32], Session>,
    /// Oldest first, by office.
    pub(crate) applications: HashMap<OfficeNumber, VecDeque<Granted>>,
    /// Wrong passwords for user IDs that no account has.
    strangers: HashMap<UserId, u8>,
}

struct Session {
    user_id: UserId,
    office: OfficeNumber,
    expires: OffsetDateTime,
}

impl FakeCa {
    /// 共通ログイン. The token holds for 30 minutes.
    ///
    /// # Errors
    /// `login-failed`, `password-locked`, `password-temporary`, `password-expired`; or a fault of
    /// the CA's own.
    pub fn log_in(&self, login: &Login) -> Result<LoggedIn, Refusal> {
        let account = self.account_of(&login.user_id, &login.password)?;
        let now = self.inner.clock.now();
        match account.state(now) {
            PasswordState::Active => {}
            PasswordState::Temporary => return Err(ProblemKind::PasswordTemporary.into()),
            PasswordState::Expired => return Err(ProblemKind::PasswordExpired.into()),
            PasswordState::Locked => return Err(ProblemKind::PasswordLocked.into()),
        }
        let token = secret::token()?;
        let session = Session {
            user_id: login.user_id.clone(),
            office: account.office,
            expires: now + SESSION_LIFE,
        };
        let sessions = &mut self.desk().sessions;
        sessions.retain(|_, session| now < session.expires + SESSION_MEMORY);
        sessions.insert(secret::digest(&token), session);
        Ok(LoggedIn { token, office: account.office, office_name: account.office_name })
    }

    /// Changes a password, be it temporary, expired or neither, and ends the account's log-ins.
    ///
    /// # Errors
    /// `login-failed`, `password-locked`, `password-weak`; or a fault of the CA's own.
    pub fn change_password(&self, change: &PasswordChange) -> Result<(), Refusal> {
        let PasswordChange { user_id, old_password, new_password } = change;
        let before = self.account_of(user_id, old_password)?;
        if new_password.chars().count() < PASSWORD_CHARACTERS_MIN || new_password == old_password {
            return Err(ProblemKind::PasswordWeak.into());
        }
        let hash = self.hash(new_password)?;
        let now = self.inner.clock.now();
        self.inner.vault.change(|state| match state.accounts.get_mut(user_id) {
            Some(account) if account.hash == before.hash => {
                account.set_password(hash, false, now);
                Ok(())
            }
            // Somebody else was quicker: the old password is no longer one.
            _ => Err(ProblemKind::LoginFailed),
        })??;
        self.desk().end_sessions(user_id);
        Ok(())
    }

    /// The certificates of the account's office, oldest first.
    ///
    /// # Errors
    /// `session-missing`, `session-expired`; or a fault of the CA's own.
    pub fn own_certificates(&self, token: &str) -> Result<Certificates, Refusal> {
        let office = self.office_of(token)?;
        let mut certificates = self.certificates()?;
        certificates.retain(|info| info.office == office);
        Ok(Certificates { certificates })
    }

    /// The account, if the password is its own.
    fn account_of(&self, user_id: &UserId, password: &str) -> Result<Account, Refusal> {
        let hash = self
            .inner
            .vault
            .read(|state| state.accounts.get(user_id).map(|account| account.hash.clone()))?;
        // Argon2 runs outside the lock, and for an unknown user ID as well.
        let holds = match &hash {
            Some(hash) => secret::verify(password, hash)?,
            None => self.hash(password).map(|_| false)?,
        };
        let counted = self.inner.vault.change(|state| {
            let account = state.accounts.get_mut(user_id)?;
            let holds = holds && hash.as_ref() == Some(&account.hash);
            Some(count_attempt(&mut account.failures, holds).map(|()| account.clone()))
        })?;
        let account = counted.unwrap_or_else(|| Err(self.desk().count_stranger(user_id)));
        Ok(account.inspect_err(|kind| tracing::info!(%user_id, "log-in: {}", kind.id()))?)
    }

    /// The form in which this CA keeps a password.
    pub(crate) fn hash(&self, password: &str) -> Result<String, CaFault> {
        secret::hash(password, self.inner.vault.exposure())
    }

    /// The office that a log-in belongs to.
    pub(crate) fn office_of(&self, token: &str) -> Result<OfficeNumber, Refusal> {
        match self.desk().sessions.get(&secret::digest(token)) {
            None => Err(ProblemKind::SessionMissing.into()),
            Some(session) if session.expires <= self.inner.clock.now() => {
                Err(ProblemKind::SessionExpired.into())
            }
            Some(session) => Ok(session.office),
        }
    }
}

impl Desk {
    /// Ends the log-ins of an account.
    pub(crate) fn end_sessions(&mut self, user_id: &UserId) {
        self.sessions.retain(|_, session| session.user_id != *user_id);
    }

    fn count_stranger(&mut self, user_id: &UserId) -> ProblemKind {
        if self.strangers.len() == STRANGERS_MAX {
            self.strangers.clear();
        }
        let failures = self.strangers.entry(user_id.clone()).or_default();
        match count_attempt(failures, false) {
            Err(kind) => kind,
            Ok(()) => ProblemKind::LoginFailed,
        }
    }
}

#[cfg(test)]
mod tests {
    use careplan_protocol::Clock;

    use super::*;
    use crate::{Keep, NewAccount};

    const PASSWORD: &str = "見本-password";

    fn user_id(number: u64) -> UserId {
        UserId::parse(&format!("KJ{number:012}")).expect("a user ID")
    }

    /// A CA with one account, and its token.
    fn logged_in() -> (FakeCa, Clock, String) {
        let clock = Clock::system();
        let ca = FakeCa::open(Keep::Memory, clock.clone()).expect("opens");
        ca.add_account(NewAccount {
            user_id: user_id(1),
            office: "2770100012".parse().expect("an office number"),
            office_name: "見本居宅介護支援センター".to_owned(),
            password: PASSWORD.to_owned(),
            temporary: false,
        })
        .expect("opens an account");
        let login = Login { user_id: user_id(1), password: PASSWORD.to_owned() };
        let token = ca.log_in(&login).expect("logs in").token;
        (ca, clock, token)
    }

    #[track_caller]
    fn assert_refused<T>(outcome: Result<T, Refusal>, wanted: ProblemKind) {
        match outcome {
            Err(Refusal::Problem(kind)) => assert_eq!(kind, wanted),
            Err(Refusal::Fault(fault)) => panic!("{fault}"),
            Ok(_) => panic!("granted, not {}", wanted.id()),
        }
    }

    #[test]
    fn a_log_in_that_ran_out_is_forgotten_after_a_day() {
        let (ca, clock, token) = logged_in();
        clock.step(Duration::hours(23));
        assert_refused(ca.own_certificates(&token), ProblemKind::SessionExpired);
        clock.step(Duration::hours(2));
        let login = Login { user_id: user_id(1), password: PASSWORD.to_owned() };
        ca.log_in(&login).expect("logs in");
        assert_refused(ca.own_certificates(&token), ProblemKind::SessionMissing);
    }

    #[test]
    fn unknown_user_ids_do_not_fill_the_memory() {
        let mut desk = Desk::default();
        for number in 0..=STRANGERS_MAX as u64 {
            assert_eq!(desk.count_stranger(&user_id(number)), ProblemKind::LoginFailed);
        }
        assert_eq!(desk.strangers.len(), 1);
    }

    #[test]
    fn a_user_id_has_one_account() {
        let (ca, ..) = logged_in();
        let again = NewAccount {
            user_id: user_id(1),
            office: "2770200036".parse().expect("an office number"),
            office_name: "みどりヘルパーステーション".to_owned(),
            password: "another one".to_owned(),
            temporary: false,
        };
        assert!(matches!(ca.add_account(again), Err(CaFault::AccountExists(_))));
        let login = Login { user_id: user_id(1), password: PASSWORD.to_owned() };
        assert!(ca.log_in(&login).is_ok(), "the first one stands");
    }
}
