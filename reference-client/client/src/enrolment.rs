//! Enrolment: how a folder becomes a terminal, and how a terminal gets its certificate.

use std::path::Path;

use careplan_protocol::{TerminalId, UserId, ca::CertificateKind};

use crate::{
    ClientError, Credentials, FirstLogin, Settings, Terminal,
    ca_account::CaAccount,
    durable,
    home::{self, Home},
    terminal::Identity,
    wire::Wire,
};

/// What a terminal is made of. Passwords in it are used once and not kept.
pub struct Enrolment {
    /// Where the hub is, `https://…`.
    pub hub_url: String,
    /// The only root that the terminal will trust, PEM.
    pub root_pem: String,
    /// ユーザID.
    pub user_id: UserId,
    /// Where its certificate comes from.
    pub certificate: CertificateSource,
}

/// Where a terminal's certificate comes from.
pub enum CertificateSource {
    /// From the CA: log in, apply, download.
    Apply {
        /// Where the CA is, `https://…`.
        ca_url: String,
        /// How to log in there.
        login: FirstLogin,
        /// Which certificate.
        kind: CertificateKind,
    },
    /// From the CA, in the place of one that was lost, which is revoked at once. The kind stays what
    /// the lost one's was.
    Reissue {
        /// Where the CA is, `https://…`.
        ca_url: String,
        /// How to log in there.
        login: FirstLogin,
        /// Which certificate, as far as one stands for the other.
        kind: CertificateKind,
    },
    /// One that was issued before, as PEM or out of a PKCS#12 file.
    Installed(Credentials),
    /// None yet: the hub will refuse this terminal.
    None,
}

impl Terminal {
    /// Makes a folder a terminal. Enrolling the same user ID again there gives the terminal new
    /// addresses and a new certificate, and leaves its name, outbox and lists as they are. The
    /// session, which the hub bound to the certificate before, is over.
    ///
    /// # Errors
    /// What the CA says (`login-failed`; `password-temporary` unless a new password is given);
    /// a folder that is another user ID's, is in use, or cannot be written. A terminal that was
    /// there before is then as it was.
    pub async fn enrol(
        folder: &Path,
        enrolment: Enrolment,
        settings: Settings,
    ) -> Result<Self, ClientError> {
        let home = Home::open_or_create(folder)?;
        let before: Option<Identity> = home::read(&home.path(home::IDENTITY))?;
        let terminal = match before {
            Some(before) if before.user_id != enrolment.user_id => {
                return Err(of_another(&home, &before.user_id));
            }
            Some(before) => before.terminal,
            None => new_terminal_id()?,
        };
        let Enrolment { hub_url, root_pem, user_id, certificate } = enrolment;
        // Addresses, root and certificate are tried on before anything is replaced; what is known
        // already before the CA issues a certificate, which it does once, or revokes a lost one.
        Wire::new(&hub_url, &root_pem, None, &settings)?;
        let (ca_url, credentials) = match certificate {
            CertificateSource::Apply { ca_url, login, kind } => {
                let wire = Wire::new(&ca_url, &root_pem, None, &settings)?;
                let issued = CaAccount::log_in(wire, &user_id, login).await?.apply(kind).await?;
                (Some(ca_url), Some(issued.credentials))
            }
            CertificateSource::Reissue { ca_url, login, kind } => {
                let wire = Wire::new(&ca_url, &root_pem, None, &settings)?;
                let issued = CaAccount::log_in(wire, &user_id, login).await?.reissue(kind).await?;
                (Some(ca_url), Some(issued.credentials))
            }
            CertificateSource::Installed(credentials) => (None, Some(credentials)),
            CertificateSource::None => (None, None),
        };
        Wire::new(&hub_url, &root_pem, credentials.clone(), &settings)?;
        home::remove(&home.path(home::SESSION))?;
        home::write_bytes(&home.path(home::ROOT), root_pem.as_bytes())?;
        if let Some(credentials) = &credentials {
            home::write_bytes(&home.path(home::CREDENTIALS), credentials.pem().as_bytes())?;
        }
        let identity = Identity { terminal, user_id, hub_url, ca_url };
        home::write(&home.path(home::IDENTITY), &identity)?;
        Self::from_home(home, settings)
    }
}

fn new_terminal_id() -> Result<TerminalId, ClientError> {
    let ours = |error: &dyn std::fmt::Display| ClientError::Ours(error.to_string());
    let name = durable::random_name().map_err(|error| ours(&error))?;
    TerminalId::parse(&format!("terminal-{name}")).map_err(|error| ours(&error))
}

fn of_another(home: &Home, user_id: &UserId) -> ClientError {
    ClientError::local(
        home.folder(),
        format!("ユーザID {user_id} の端末です。別のフォルダを選んでください"),
        format!("is the terminal of user ID {user_id}; choose another folder"),
    )
}
