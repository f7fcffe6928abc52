//! 電子認証局 and 共通ログイン, invented: a certificate authority for tests.
//!
//! It promises what an office meets at the real one: an account with a temporary password, a
//! certificate applied for and downloaded with a 証明書発行用パスワード, a revocation list. Keys are
//! minted when it starts, every subject carries [`FAKE_MARK`](careplan_protocol::ca::FAKE_MARK), and
//! all dates follow the stack's clock. It never keeps a password, only its Argon2id hash; and it
//! never proves anything to anybody outside this stack.

mod accounts;
mod agents;
mod applications;
mod authority;
mod clinic;
mod der;
mod desk;
mod fault;
mod files;
mod http;
mod misbehaviour;
mod pkcs12;
mod secret;
mod service;
mod state;
mod vault;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use careplan_protocol::{
    Clock, OfficeNumber, UserId, as_text,
    ca::{CertificateInfo, CertificateKind},
};
use serde::Deserialize;

pub use crate::{
    authority::ServerIdentity,
    clinic::{Flaw, FlawedFiles, NoticedBy},
    fault::{CaFault, Refusal},
    pkcs12::{IssuedCertificate, Saved},
    service::CaServer,
};
use crate::{
    authority::{Authority, AuthorityPem, Profile},
    desk::Desk,
    state::{Record, State},
    vault::Vault,
};

/// The certificate authority. Clones are the same one; any thread may use any of them.
///
/// Calls may take some milliseconds (signing, Argon2, files): keep them off asynchronous threads.
#[derive(Clone)]
pub struct FakeCa {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    authority: Authority,
    vault: Vault,
    desk: Mutex<Desk>,
}

/// Where the CA keeps its keys, accounts and certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// Nowhere: all ends with the last clone.
    Memory,
    /// In this folder, made if it is missing (its parent must exist). Several processes may use one
    /// folder at once: each sees what the others did.
    Folder(PathBuf),
}

/// An account to be opened. As JSON, `temporary` may be left out and is then `false`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// ユーザID.
    pub user_id: UserId,
    /// The office that it belongs to.
    #[serde(with = "as_text")]
    pub office: OfficeNumber,
    /// 事業所名称.
    pub office_name: String,
    /// パスワード: only its hash is kept.
    pub password: String,
    /// Whether it is a 仮パスワード, which must be changed before the first log-in.
    #[serde(default)]
    pub temporary: bool,
}

impl FakeCa {
    /// Opens the CA that is kept there, or mints a new one.
    ///
    /// # Errors
    /// The folder cannot be used, or what it holds is damaged.
    pub fn open(keep: Keep, clock: Clock) -> Result<Self, CaFault> {
        let (vault, authority) = match keep {
            Keep::Memory => (Vault::memory(), Authority::open(AuthorityPem::mint(clock.now())?)?),
            Keep::Folder(folder) => Vault::folder(folder, clock.now())?,
        };
        let desk = Mutex::new(Desk::default());
        Ok(Self { inner: Arc::new(Inner { clock, authority, vault, desk }) })
    }

    /// The stack's clock.
    pub(crate) fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Whether this folder holds a CA.
    pub fn is_kept_in(folder: &Path) -> bool {
        Vault::is_in(folder)
    }

    /// Where the root certificate lies, if the CA is kept in a folder.
    pub fn root_path(&self) -> Option<PathBuf> {
        self.inner.vault.root_path()
    }

    /// The root certificate, PEM: what a terminal trusts.
    pub fn root_pem(&self) -> &str {
        self.inner.authority.root_pem()
    }

    /// The issuing CA's certificate, PEM.
    pub fn issuing_pem(&self) -> &str {
        self.inner.authority.issuing_pem()
    }

    /// Issues a server certificate for these host names and IP addresses.
    ///
    /// It holds as long as the issuing CA's: moving the clock is to put the offices' certificates
    /// to the test, not the service's own.
    ///
    /// # Errors
    /// A name that no certificate can carry; or signing failed.
    pub fn issue_server(&self, names: &[&str]) -> Result<ServerIdentity, CaFault> {
        let leaf = self.inner.authority.issue(&Profile::server(names, self.inner.clock.now())?)?;
        Ok(ServerIdentity {
            chain_pem: leaf.certificate_pem + self.issuing_pem(),
            key_pem: leaf.key_pem,
        })
    }

    /// Issues a client certificate, for three years from now, whatever the office has already: what
    /// an office is granted is for [`FakeCa::apply`] to say.
    ///
    /// # Errors
    /// Signing failed, or it cannot be kept.
    pub fn issue_client(
        &self,
        office: OfficeNumber,
        kind: CertificateKind,
    ) -> Result<IssuedCertificate, CaFault> {
        self.issue_if(office, kind, |_| Ok(()))
    }

    /// Issues a client certificate if what is kept allows it, in one step.
    fn issue_if<E: From<CaFault>>(
        &self,
        office: OfficeNumber,
        kind: CertificateKind,
        allowed: impl FnOnce(&State) -> Result<(), E>,
    ) -> Result<IssuedCertificate, E> {
        let now = self.inner.clock.now();
        let profile = Profile::client(office, kind, now)?;
        let leaf = self.inner.authority.issue(&profile)?;
        let record = Record {
            serial: secret::hex(&profile.serial),
            kind,
            office,
            not_before: profile.not_before,
            not_after: profile.not_after,
            revoked_at: None,
        };
        let info = record.info(now);
        self.inner.vault.change(|state| {
            allowed(state)?;
            state.certificates.push(record);
            Ok::<_, E>(())
        })??;
        tracing::info!(serial = info.serial, %office, kind = kind.word(), "certificate issued");
        Ok(IssuedCertificate {
            chain_pem: leaf.certificate_pem + self.issuing_pem(),
            key_pem: leaf.key_pem,
            info,
        })
    }

    /// The certificate and its key as PKCS#12, encrypted with AES-256 under this password.
    ///
    /// # Errors
    /// The password has characters beyond the Basic Multilingual Plane.
    pub fn pkcs12(
        &self,
        certificate: &IssuedCertificate,
        password: &str,
    ) -> Result<Vec<u8>, CaFault> {
        certificate.pkcs12(password)
    }

    /// Revokes the client certificate of this serial number (lower-case hexadecimal). One that is
    /// revoked already keeps its date.
    ///
    /// # Errors
    /// No certificate has it; or the revocation cannot be kept.
    pub fn revoke(&self, serial: &str) -> Result<(), CaFault> {
        let now = self.inner.clock.now();
        self.inner.vault.change(|state| {
            let found = state.certificates.iter().position(|record| record.serial == serial);
            let Some(at) = found else {
                return Err(CaFault::UnknownSerial(serial.to_owned()));
            };
            if state.certificates[at].revoked_at.is_none() {
                state.certificates[at].revoked_at = Some(now);
                // What no list says is not revoked, so that asking again tries again.
                let list = self.inner.authority.sign_crl(state, now);
                state.crl = Some(list.inspect_err(|_| state.certificates[at].revoked_at = None)?);
                tracing::info!(serial, "certificate revoked");
            }
            Ok(())
        })?
    }

    /// The issuing CA's revocation list, PEM, signed anew when half of its day has passed.
    ///
    /// # Errors
    /// Signing failed, or the list's number cannot be kept.
    pub fn crl_pem(&self) -> Result<String, CaFault> {
        let now = self.inner.clock.now();
        self.inner.vault.change(|state| {
            if let Some(crl) = state.crl.as_ref().filter(|crl| crl.is_fresh(now)) {
                return Ok(crl.pem.clone());
            }
            let crl = self.inner.authority.sign_crl(state, now)?;
            Ok(state.crl.insert(crl).pem.clone())
        })?
    }

    /// Every client certificate that was issued, oldest first.
    ///
    /// # Errors
    /// What is kept cannot be read.
    pub fn certificates(&self) -> Result<Vec<CertificateInfo>, CaFault> {
        let now = self.inner.clock.now();
        self.inner.vault.read(|state| state.certificates.iter().map(|r| r.info(now)).collect())
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        // Every change of the desk is a single insertion or removal: it is whole even after a panic.
        self.inner.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
