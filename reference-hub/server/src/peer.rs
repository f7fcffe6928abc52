//! Who is at the other end, as the client certificate says it.

use careplan_protocol::{
    OfficeNumber, ProblemKind,
    certificate::{CertificateFlaw, ClientCertificate},
    hub::Certificate,
};
use rustls::pki_types::CertificateDer;
use time::OffsetDateTime;

/// A client certificate whose chain held when the connection began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Peer(ClientCertificate);

/// A peer that the hub may listen to: of an accepted kind, with its office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// 事業所番号 (CN).
    pub(crate) office: OfficeNumber,
    /// What it came with.
    pub(crate) certificate: Certificate,
}

impl Peer {
    /// Reads a certificate; none if it cannot be read.
    pub(crate) fn read(der: &CertificateDer<'_>) -> Option<Self> {
        ClientCertificate::read(der).ok().map(Self)
    }

    /// A peer whose certificate somebody else has read.
    pub(crate) fn of(office: OfficeNumber, certificate: Certificate) -> Self {
        let Certificate { kind, serial, not_after } = certificate;
        Self(ClientCertificate {
            office: Some(office),
            kind: Some(kind),
            serial,
            not_before: OffsetDateTime::UNIX_EPOCH,
            not_after,
            flaw: None,
        })
    }

    /// The office that the certificate names, whether or not it may come in.
    pub(crate) fn office(&self) -> Option<OfficeNumber> {
        self.0.office
    }

    /// Lets the peer through, if its certificate holds now. Asked at every request, since a
    /// connection may outlive the certificate that it began with.
    pub(crate) fn identify(
        &self,
        now: OffsetDateTime,
        is_revoked: impl FnOnce(&str) -> bool,
    ) -> Result<Identity, CertificateFlaw> {
        let Self(own) = self;
        if is_revoked(&own.serial) {
            return Err(ProblemKind::CertificateRevoked.into());
        }
        if now < own.not_before {
            return Err(ProblemKind::CertificateNotYetValid.into());
        }
        if own.not_after < now {
            return Err(ProblemKind::CertificateExpired.into());
        }
        if let Some(flaw) = &own.flaw {
            return Err(flaw.clone());
        }
        let kind = own.kind.filter(|kind| kind.is_accepted_by_hub());
        let kind = kind.ok_or(ProblemKind::CertificateKind)?;
        let office = own.office.ok_or(ProblemKind::CertificateWithoutOffice)?;
        let certificate =
            Certificate { kind, serial: own.serial.clone(), not_after: own.not_after };
        Ok(Identity { office, certificate })
    }
}
