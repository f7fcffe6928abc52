//! Accounts of 共通ログイン, as the CA's operator opens, sees and mends them.

use careplan_protocol::{UserId, ca::AccountInfo};
use time::OffsetDateTime;

use crate::{
    CaFault, FakeCa, NewAccount, secret,
    state::{Account, PASSWORD_LIFE},
};

impl FakeCa {
    /// Opens an account. A chosen password holds for 90 days, until it is changed; a 仮パスワード
    /// does not expire, since it may only be changed.
    ///
    /// # Errors
    /// The user ID has one already; or it cannot be kept.
    pub fn add_account(&self, new: NewAccount) -> Result<(), CaFault> {
        let until = self.inner.clock.now() + PASSWORD_LIFE;
        let account = Account {
            office: new.office,
            office_name: new.office_name,
            hash: self.hash(&new.password)?,
            temporary: new.temporary,
            password_until: (!new.temporary).then_some(until),
            failures: 0,
        };
        self.inner.vault.change(|state| {
            if state.accounts.contains_key(&new.user_id) {
                return Err(CaFault::AccountExists(new.user_id));
            }
            state.accounts.insert(new.user_id, account);
            Ok(())
        })?
    }

    /// Every account with its password's state, by user ID.
    ///
    /// # Errors
    /// What is kept cannot be read.
    pub fn accounts(&self) -> Result<Vec<AccountInfo>, CaFault> {
        let now = self.inner.clock.now();
        self.inner.vault.read(|state| {
            state.accounts.iter().map(|(id, account)| account.info(id, now)).collect()
        })
    }

    /// ロック解除: the password that was locked after repeated failures may be tried again.
    ///
    /// # Errors
    /// Nobody has this user ID; or it cannot be kept.
    pub fn unlock(&self, user_id: &UserId) -> Result<AccountInfo, CaFault> {
        self.change_account(user_id, |account, _| account.failures = 0)
    }

    /// Lets a chosen password hold until this time, be it past or to come. A 仮パスワード stays one.
    ///
    /// # Errors
    /// Nobody has this user ID; or it cannot be kept.
    pub fn set_password_end(
        &self,
        user_id: &UserId,
        until: OffsetDateTime,
    ) -> Result<AccountInfo, CaFault> {
        self.change_account(user_id, |account, _| {
            if !account.temporary {
                account.password_until = Some(until);
            }
        })
    }

    /// 再発行: gives the account a new 仮パスワード, unlocks it and ends its log-ins. The password is
    /// told once.
    ///
    /// # Errors
    /// Nobody has this user ID; or it cannot be kept.
    pub fn reissue_password(&self, user_id: &UserId) -> Result<String, CaFault> {
        let password = secret::typable()?;
        let hash = self.hash(&password)?;
        self.change_account(user_id, |account, now| account.set_password(hash, true, now))?;
        self.desk().end_sessions(user_id);
        tracing::info!(%user_id, "password issued again");
        Ok(password)
    }

    fn change_account(
        &self,
        user_id: &UserId,
        change: impl FnOnce(&mut Account, OffsetDateTime),
    ) -> Result<AccountInfo, CaFault> {
        let now = self.inner.clock.now();
        self.inner.vault.change(|state| {
            let account = state.accounts.get_mut(user_id);
            let account = account.ok_or_else(|| CaFault::UnknownAccount(user_id.clone()))?;
            change(account, now);
            Ok(account.info(user_id, now))
        })?
    }
}

#[cfg(test)]
mod tests {
    use careplan_protocol::{
        Clock, ProblemKind,
        ca::{Login, PasswordChange, PasswordState},
    };
    use time::Duration;

    use super::*;
    use crate::{Keep, Refusal};

    const PASSWORD: &str = "見本-password";

    fn user_id() -> UserId {
        UserId::parse("KJ277010001201").expect("a user ID")
    }

    fn stage() -> (FakeCa, Clock) {
        let clock = Clock::system();
        let ca = FakeCa::open(Keep::Memory, clock.clone()).expect("opens");
        ca.add_account(NewAccount {
            user_id: user_id(),
            office: "2770100012".parse().expect("an office number"),
            office_name: "見本居宅介護支援センター".to_owned(),
            password: PASSWORD.to_owned(),
            temporary: false,
        })
        .expect("opens an account");
        (ca, clock)
    }

    /// What a log-in with this password meets.
    fn log_in(ca: &FakeCa, password: &str) -> Option<ProblemKind> {
        match ca.log_in(&Login { user_id: user_id(), password: password.to_owned() }) {
            Ok(_) => None,
            Err(Refusal::Problem(kind)) => Some(kind),
            Err(Refusal::Fault(fault)) => panic!("{fault}"),
        }
    }

    fn change(ca: &FakeCa, old: &str, new: &str) {
        let (old_password, new_password) = (old.to_owned(), new.to_owned());
        let change = PasswordChange { user_id: user_id(), old_password, new_password };
        ca.change_password(&change).expect("changes it");
    }

    fn state(ca: &FakeCa) -> PasswordState {
        ca.accounts().expect("lists")[0].state
    }

    #[test]
    fn a_password_expires_after_ninety_days_and_may_then_only_be_changed() {
        let (ca, clock) = stage();
        clock.step(Duration::days(89));
        assert_eq!(log_in(&ca, PASSWORD), None);
        clock.step(Duration::days(1));
        assert_eq!(log_in(&ca, PASSWORD), Some(ProblemKind::PasswordExpired));
        assert_eq!(log_in(&ca, "a wrong one"), Some(ProblemKind::LoginFailed));
        assert_eq!(state(&ca), PasswordState::Expired);
        change(&ca, PASSWORD, "another one");
        assert_eq!((log_in(&ca, "another one"), state(&ca)), (None, PasswordState::Active));
        clock.step(Duration::days(90));
        assert_eq!(log_in(&ca, "another one"), Some(ProblemKind::PasswordExpired));
    }

    #[test]
    fn the_operator_may_end_a_password_and_prolong_it() {
        let (ca, clock) = stage();
        let ended = ca.set_password_end(&user_id(), clock.now()).expect("ends it");
        assert_eq!(ended.state, PasswordState::Expired);
        assert_eq!(log_in(&ca, PASSWORD), Some(ProblemKind::PasswordExpired));
        ca.set_password_end(&user_id(), clock.now() + Duration::days(1)).expect("prolongs it");
        assert_eq!(log_in(&ca, PASSWORD), None);
    }

    #[test]
    fn a_locked_account_opens_again_by_unlocking_or_by_a_new_temporary_password() {
        let (ca, _) = stage();
        let lock = || {
            for _ in 0..5 {
                assert_eq!(log_in(&ca, "a wrong one"), Some(ProblemKind::LoginFailed));
            }
        };
        lock();
        assert_eq!(log_in(&ca, PASSWORD), Some(ProblemKind::PasswordLocked));
        assert_eq!(state(&ca), PasswordState::Locked);
        ca.unlock(&user_id()).expect("unlocks");
        assert_eq!(log_in(&ca, PASSWORD), None);

        lock();
        let temporary = ca.reissue_password(&user_id()).expect("issues it");
        assert_eq!(state(&ca), PasswordState::Temporary);
        assert_eq!(log_in(&ca, PASSWORD), Some(ProblemKind::LoginFailed));
        assert_eq!(log_in(&ca, &temporary), Some(ProblemKind::PasswordTemporary));
        change(&ca, &temporary, "another one");
        assert_eq!(log_in(&ca, "another one"), None);
    }

    #[test]
    fn a_new_temporary_password_ends_the_log_ins_before_it() {
        let (ca, _) = stage();
        let login = Login { user_id: user_id(), password: PASSWORD.to_owned() };
        let token = ca.log_in(&login).expect("logs in").token;
        ca.reissue_password(&user_id()).expect("issues it");
        assert!(ca.own_certificates(&token).is_err());
    }

    #[test]
    fn an_account_that_nobody_has_cannot_be_mended() {
        let (ca, _) = stage();
        let nobody = UserId::parse("KJ999999999999").expect("a user ID");
        assert!(matches!(ca.unlock(&nobody), Err(CaFault::UnknownAccount(_))));
        assert!(matches!(ca.reissue_password(&nobody), Err(CaFault::UnknownAccount(_))));
    }
}
