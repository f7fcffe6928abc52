//! What a client certificate says, and which flaw it is that keeps somebody out.
//!
//! TLS refuses with one word; an office needs to know what to mend. The hub and the terminal read
//! certificates here, so that both name a flaw alike. Nothing here lets anybody in: that is for TLS
//! to decide, and for the hub after it. Pure: bytes and a time in, a value out.

use time::OffsetDateTime;
use x509_parser::{
    certificate::X509Certificate,
    prelude::{FromDer, ParsedExtension, X509Name},
    public_key::PublicKey,
    x509::{AttributeTypeAndValue, SubjectPublicKeyInfo},
};

use crate::{OfficeNumber, Problem, ProblemKind, ca::CertificateKind};

/// The smallest RSA key that is taken, in bits.
const RSA_BITS_MIN: usize = 2048;
/// The smallest key on an elliptic curve that is taken, in bits.
const CURVE_BITS_MIN: usize = 256;

/// Signatures that are taken, by object identifier: ECDSA and RSA with SHA-256, SHA-384 or SHA-512,
/// RSASSA-PSS, Ed25519.
const SIGNATURES: [&str; 8] = [
    "1.2.840.10045.4.3.2",
    "1.2.840.10045.4.3.3",
    "1.2.840.10045.4.3.4",
    "1.2.840.113549.1.1.11",
    "1.2.840.113549.1.1.12",
    "1.2.840.113549.1.1.13",
    "1.2.840.113549.1.1.10",
    "1.3.101.112",
];

/// A client certificate as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// 事業所番号 (CN), if it carries one.
    pub office: Option<OfficeNumber>,
    /// Its kind (OU), if it carries one that is known.
    pub kind: Option<CertificateKind>,
    /// Serial number, lower-case hexadecimal without leading zero bytes.
    pub serial: String,
    /// Valid from.
    pub not_before: OffsetDateTime,
    /// Valid until.
    pub not_after: OffsetDateTime,
    /// What keeps it out, whatever its dates and its issuer.
    pub flaw: Option<CertificateFlaw>,
}

/// What is wrong with a certificate, or with the file that it comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFlaw {
    /// Its place in the catalogue.
    pub kind: ProblemKind,
    /// What in particular: a name, a date, a size. Never a key.
    pub detail: String,
}

impl CertificateFlaw {
    /// A flaw with what in particular is wrong.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl From<CertificateFlaw> for Problem {
    fn from(flaw: CertificateFlaw) -> Self {
        Self::new(flaw.kind).with_detail(flaw.detail)
    }
}

impl From<ProblemKind> for CertificateFlaw {
    fn from(kind: ProblemKind) -> Self {
        Self::new(kind, "")
    }
}

impl ClientCertificate {
    /// Reads a certificate, DER.
    ///
    /// # Errors
    /// `certificate-damaged`.
    pub fn read(der: &[u8]) -> Result<Self, CertificateFlaw> {
        let certificate = parse(der)?;
        let subject = certificate.subject();
        let validity = certificate.validity();
        Ok(Self {
            office: only(subject.iter_common_name()).and_then(|text| text.parse().ok()),
            kind: only(subject.iter_organizational_unit()).and_then(CertificateKind::from_word),
            serial: serial_text(certificate.raw_serial()),
            not_before: validity.not_before.to_datetime(),
            not_after: validity.not_after.to_datetime(),
            flaw: form(&certificate).and_then(|()| content(&certificate)).err(),
        })
    }

    /// Reads the first certificate of a chain, DER; the others have to be readable.
    ///
    /// # Errors
    /// `certificate-file-empty`, `certificate-damaged`, `certificate-chain-order`.
    pub fn read_chain(chain: &[impl AsRef<[u8]>]) -> Result<Self, CertificateFlaw> {
        parse_chain(chain)?;
        Self::read(chain[0].as_ref())
    }
}

/// Says why a chain (DER, the client certificate first) is not taken by somebody who trusts these
/// roots (DER), at this time. Whether it was revoked is not known here.
///
/// # Errors
/// The first flaw that is found; `certificate-unknown-issuer` where no root can be read.
pub fn diagnose(
    chain: &[impl AsRef<[u8]>],
    roots: &[impl AsRef<[u8]>],
    now: OffsetDateTime,
) -> Result<(), CertificateFlaw> {
    let chain = parse_chain(chain)?;
    let roots: Vec<_> = roots.iter().filter_map(|root| parse(root.as_ref()).ok()).collect();
    let (leaf, others) = chain.split_first().ok_or(ProblemKind::CertificateFileEmpty)?;
    form(leaf)?;
    let (from, until) = dates(leaf);
    if now < from {
        return Err(CertificateFlaw::new(ProblemKind::CertificateNotYetValid, from.to_string()));
    }
    if until < now {
        return Err(CertificateFlaw::new(ProblemKind::CertificateExpired, until.to_string()));
    }
    issuers(leaf, others, &roots, now)?;
    content(leaf)
}

/// A serial number as everybody writes it: lower-case hexadecimal, without the sign's byte.
pub fn serial_text(raw: &[u8]) -> String {
    let start = raw.iter().position(|byte| *byte != 0).unwrap_or(raw.len());
    raw[start..].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn parse(der: &[u8]) -> Result<X509Certificate<'_>, CertificateFlaw> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        _ => Err(CertificateFlaw::new(ProblemKind::CertificateDamaged, "X.509 (DER)")),
    }
}

/// The certificates of a chain that has one, and has the client's first.
fn parse_chain(chain: &[impl AsRef<[u8]>]) -> Result<Vec<X509Certificate<'_>>, CertificateFlaw> {
    let chain: Vec<_> = chain.iter().map(|der| parse(der.as_ref())).collect::<Result<_, _>>()?;
    let (first, others) = chain.split_first().ok_or(ProblemKind::CertificateFileEmpty)?;
    if first.is_ca() && others.iter().any(|other| !other.is_ca()) {
        let first = name(first.subject());
        return Err(CertificateFlaw::new(ProblemKind::CertificateChainOrder, first));
    }
    Ok(chain)
}

/// What a client certificate has to be, whoever it speaks of.
fn form(certificate: &X509Certificate<'_>) -> Result<(), CertificateFlaw> {
    let flaw = |kind, detail: String| Err(CertificateFlaw::new(kind, detail));
    if certificate.is_ca() {
        return flaw(ProblemKind::CertificateIsAuthority, name(certificate.subject()));
    }
    if certificate.subject().as_raw() == certificate.issuer().as_raw() {
        return flaw(ProblemKind::CertificateSelfSigned, name(certificate.subject()));
    }
    if let Some(size) = weak_key(certificate.public_key()) {
        return flaw(ProblemKind::CertificateKeyWeak, size);
    }
    strong_signature(certificate)?;
    for extension in certificate.extensions() {
        if extension.critical && is_unknown(extension.parsed_extension()) {
            let oid = extension.oid.to_id_string();
            return flaw(ProblemKind::CertificateExtensionUnknown, oid);
        }
    }
    Ok(())
}

/// Both usages have to be there: one that is left out allows everything, and means nothing.
fn usage(certificate: &X509Certificate<'_>) -> Result<(), CertificateFlaw> {
    let flaw = |what: &str| Err(CertificateFlaw::new(ProblemKind::CertificateUsage, what));
    let Ok(Some(extended)) = certificate.extended_key_usage() else {
        return flaw("extKeyUsage: –");
    };
    let extended = extended.value;
    if !extended.client_auth {
        return flaw(match (extended.server_auth, extended.email_protection, extended.any) {
            (true, ..) => "extKeyUsage: serverAuth",
            (_, true, _) => "extKeyUsage: emailProtection",
            (.., true) => "extKeyUsage: any",
            _ => "extKeyUsage",
        });
    }
    match certificate.key_usage() {
        Ok(Some(usage)) if usage.value.digital_signature() => Ok(()),
        Ok(Some(_)) => flaw("keyUsage: ≠ digitalSignature"),
        _ => flaw("keyUsage: –"),
    }
}

/// What it is for, whose it is, and of which kind.
fn content(certificate: &X509Certificate<'_>) -> Result<(), CertificateFlaw> {
    usage(certificate)?;
    let flaw = |kind, detail: &str| Err(CertificateFlaw::new(kind, detail));
    let subject = certificate.subject();
    if subject.iter_common_name().count() > 1 {
        return flaw(ProblemKind::CertificateNameAmbiguous, "CN");
    }
    if subject.iter_organizational_unit().count() > 1 {
        return flaw(ProblemKind::CertificateNameAmbiguous, "OU");
    }
    let unit = only(subject.iter_organizational_unit()).unwrap_or("OU: –");
    match CertificateKind::from_word(unit) {
        None => return flaw(ProblemKind::CertificateKind, unit),
        Some(kind) if !kind.is_accepted_by_hub() => {
            return flaw(ProblemKind::CertificateKind, kind.name_ja());
        }
        Some(_) => {}
    }
    match only(subject.iter_common_name()) {
        None | Some("") => flaw(ProblemKind::CertificateWithoutOffice, ""),
        Some(text) if text.parse::<OfficeNumber>().is_err() => {
            flaw(ProblemKind::CertificateOfficeMalformed, text)
        }
        Some(_) => Ok(()),
    }
}

/// Goes from issuer to issuer up to a root.
fn issuers(
    leaf: &X509Certificate<'_>,
    others: &[X509Certificate<'_>],
    roots: &[X509Certificate<'_>],
    now: OffsetDateTime,
) -> Result<(), CertificateFlaw> {
    let mut subject = leaf;
    for below in 0..=others.len() {
        let is_issuer =
            |issuer: &&X509Certificate<'_>| issuer.subject().as_raw() == subject.issuer().as_raw();
        if let Some(root) = roots.iter().find(is_issuer) {
            return signed(subject, root);
        }
        let Some(issuer) = others.iter().find(is_issuer) else { break };
        may_issue(issuer, below, now)?;
        signed(subject, issuer)?;
        subject = issuer;
    }
    // An issuer of the root's own organization is one that the root would vouch for.
    let issuer = organization(subject.issuer());
    let is_ours = issuer.is_some() && roots.iter().any(|r| organization(r.subject()) == issuer);
    let kind = match others {
        [] if is_ours => ProblemKind::CertificateChainIncomplete,
        _ => ProblemKind::CertificateUnknownIssuer,
    };
    Err(CertificateFlaw::new(kind, name(subject.issuer())))
}

/// Whether an authority with so many others below it may have issued.
fn may_issue(
    issuer: &X509Certificate<'_>,
    below: usize,
    now: OffsetDateTime,
) -> Result<(), CertificateFlaw> {
    let invalid =
        || Err(CertificateFlaw::new(ProblemKind::CertificateIssuerInvalid, name(issuer.subject())));
    let Ok(Some(constraints)) = issuer.basic_constraints() else { return invalid() };
    let length = constraints.value.path_len_constraint;
    if !constraints.value.ca || length.is_some_and(|length| (length as usize) < below) {
        return invalid();
    }
    let (from, until) = dates(issuer);
    if now < from || until < now {
        let detail = format!("{}: {from} – {until}", name(issuer.subject()));
        return Err(CertificateFlaw::new(ProblemKind::CertificateIssuerExpired, detail));
    }
    strong_signature(issuer)
}

/// Whether the issuer's key made the signature. If the certificate itself names that key, it was
/// changed since; otherwise somebody else of the same name issued it.
fn signed(
    subject: &X509Certificate<'_>,
    issuer: &X509Certificate<'_>,
) -> Result<(), CertificateFlaw> {
    if subject.verify_signature(Some(issuer.public_key())).is_ok() {
        return Ok(());
    }
    let kind = match (issuer_key(subject), own_key(issuer)) {
        (Some(named), Some(own)) if named == own => ProblemKind::CertificateAltered,
        _ => ProblemKind::CertificateUnknownIssuer,
    };
    Err(CertificateFlaw::new(kind, name(issuer.subject())))
}

fn issuer_key<'a>(certificate: &'a X509Certificate<'_>) -> Option<&'a [u8]> {
    certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(id) => id.key_identifier.as_ref().map(|id| id.0),
        _ => None,
    })
}

fn own_key<'a>(certificate: &'a X509Certificate<'_>) -> Option<&'a [u8]> {
    certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0),
        _ => None,
    })
}

/// What the key is, if it is too weak.
fn weak_key(key: &SubjectPublicKeyInfo<'_>) -> Option<String> {
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) if rsa.key_size() < RSA_BITS_MIN => {
            Some(format!("RSA {}", rsa.key_size()))
        }
        Ok(PublicKey::EC(point)) if point.key_size() < CURVE_BITS_MIN => {
            Some(format!("EC {}", point.key_size()))
        }
        _ => None,
    }
}

fn strong_signature(certificate: &X509Certificate<'_>) -> Result<(), CertificateFlaw> {
    let oid = certificate.signature_algorithm.algorithm.to_id_string();
    match SIGNATURES.contains(&oid.as_str()) {
        true => Ok(()),
        false => Err(CertificateFlaw::new(ProblemKind::CertificateSignatureWeak, oid)),
    }
}

fn is_unknown(extension: &ParsedExtension<'_>) -> bool {
    matches!(extension, ParsedExtension::UnsupportedExtension { .. })
}

fn dates(certificate: &X509Certificate<'_>) -> (OffsetDateTime, OffsetDateTime) {
    let validity = certificate.validity();
    (validity.not_before.to_datetime(), validity.not_after.to_datetime())
}

fn organization<'a>(name: &'a X509Name<'_>) -> Option<&'a str> {
    only(name.iter_organization())
}

/// How a certificate's subject or issuer is called.
fn name(name: &X509Name<'_>) -> String {
    only(name.iter_common_name()).map_or_else(|| name.to_string(), str::to_owned)
}

/// The value of an attribute that stands once: two would let the reader choose.
fn only<'a>(mut values: impl Iterator<Item = &'a AttributeTypeAndValue<'a>>) -> Option<&'a str> {
    let first = values.next()?;
    if values.next().is_some() { None } else { first.as_str().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_has_no_leading_zero_bytes() {
        assert_eq!(serial_text(&[0, 0x8a, 1]), "8a01");
        assert_eq!(serial_text(&[0]), "");
    }

    #[test]
    fn what_is_no_certificate_is_damaged_or_missing() {
        let damaged = ClientCertificate::read(b"nothing").expect_err("no certificate");
        assert_eq!(damaged.kind, ProblemKind::CertificateDamaged);
        let none: [&[u8]; 0] = [];
        let empty = diagnose(&none, &none, OffsetDateTime::UNIX_EPOCH).expect_err("nothing");
        assert_eq!(empty.kind, ProblemKind::CertificateFileEmpty);
    }
}
