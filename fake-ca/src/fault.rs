//! What may go wrong: a [`Refusal`] is for whoever asked, a [`CaFault`] for whoever runs the CA.

use std::{io, net::SocketAddr, path::PathBuf};

use careplan_protocol::{ProblemKind, UserId};

/// Why the CA could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CaFault {
    /// A file or folder cannot be used.
    #[error("{}: {source}", path.display())]
    Path {
        /// Which.
        path: PathBuf,
        /// What the machine says.
        source: io::Error,
    },
    /// A file of the CA's folder does not hold what it should.
    #[error("{}: {what}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The address cannot be listened on.
    #[error("{address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the machine says.
        source: io::Error,
    },
    /// The user ID has an account already.
    #[error("{0} has an account already")]
    AccountExists(UserId),
    /// No account has this user ID.
    #[error("no account has the user ID {0}")]
    UnknownAccount(UserId),
    /// No certificate has this serial number.
    #[error("no certificate has the serial number {0}")]
    UnknownSerial(String),
    /// A certificate, key or revocation list could not be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// PKCS#12 could not be made.
    #[error("cannot make PKCS#12: {0}")]
    Pkcs12(String),
    /// TLS could not be set up.
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// Hashing, randomness or serialization failed: nobody outside can mend it.
    #[error("{0}")]
    Inner(String),
}

/// Why a request to the CA was not granted.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The request is at fault, as the catalogue says.
    #[error("{}", .0.id())]
    Problem(ProblemKind),
    /// The CA is at fault. The detail is for the log.
    #[error(transparent)]
    Fault(#[from] CaFault),
}

impl From<ProblemKind> for Refusal {
    fn from(kind: ProblemKind) -> Self {
        Self::Problem(kind)
    }
}
