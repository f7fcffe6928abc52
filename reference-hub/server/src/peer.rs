//! Who is at the other end, as the client certificate says it.

use careplan_protocol::{OfficeNumber, ProblemKind, ca::CertificateKind, hub::Certificate};
use rustls::pki_types::CertificateDer;
use time::OffsetDateTime;
use x509_parser::{
    certificate::X509Certificate,
    prelude::FromDer,
    x509::{AttributeTypeAndValue, X509Name},
};

use crate::secrets::hex;

/// A client certificate whose chain held when the connection began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Peer {
    office: Option<OfficeNumber>,
    kind: Option<CertificateKind>,
    serial: String,
    not_after: OffsetDateTime,
}

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
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let subject = certificate.subject();
        Some(Self {
            office: only(subject.iter_common_name()).and_then(|text| text.parse().ok()),
            kind: kind(subject),
            serial: serial_text(certificate.raw_serial()),
            not_after: certificate.validity().not_after.to_datetime(),
        })
    }

    /// A peer whose certificate somebody else has read.
    pub(crate) fn of(office: OfficeNumber, certificate: Certificate) -> Self {
        let Certificate { kind, serial, not_after } = certificate;
        Self { office: Some(office), kind: Some(kind), serial, not_after }
    }

    /// Lets the peer through, if its certificate holds now. Asked at every request, since a
    /// connection may outlive the certificate that it began with.
    pub(crate) fn identify(
        &self,
        now: OffsetDateTime,
        is_revoked: impl FnOnce(&str) -> bool,
    ) -> Result<Identity, ProblemKind> {
        if is_revoked(&self.serial) {
            return Err(ProblemKind::CertificateRevoked);
        }
        if self.not_after < now {
            return Err(ProblemKind::CertificateExpired);
        }
        let kind = self.kind.filter(|kind| kind.is_accepted_by_hub());
        let kind = kind.ok_or(ProblemKind::CertificateKind)?;
        let office = self.office.ok_or(ProblemKind::CertificateWithoutOffice)?;
        let certificate =
            Certificate { kind, serial: self.serial.clone(), not_after: self.not_after };
        Ok(Identity { office, certificate })
    }
}

/// A serial number as everybody writes it: lower-case hexadecimal, without the sign's byte.
pub(crate) fn serial_text(raw: &[u8]) -> String {
    let start = raw.iter().position(|byte| *byte != 0).unwrap_or(raw.len());
    hex(&raw[start..])
}

fn kind(subject: &X509Name<'_>) -> Option<CertificateKind> {
    only(subject.iter_organizational_unit()).and_then(CertificateKind::from_word)
}

/// The value of an attribute that stands once: two would let the reader choose.
fn only<'a>(mut values: impl Iterator<Item = &'a AttributeTypeAndValue<'a>>) -> Option<&'a str> {
    let first = values.next()?;
    if values.next().is_some() { None } else { first.as_str().ok() }
}
