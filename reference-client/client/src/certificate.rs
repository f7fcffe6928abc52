//! The certificate that a terminal shows, with its key, as PEM or out of a PKCS#12 file.

use std::{fmt, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};
use careplan_protocol::{
    OfficeNumber, Problem, ProblemKind,
    certificate::{CertificateFlaw, ClientCertificate, diagnose},
};
use p12_keystore::{KeyStore, Pkcs12ImportPolicy, error::Error as StoreError};
use rustls::{
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use time::OffsetDateTime;

use crate::ClientError;

/// A client certificate with its chain and private key. Never shown, never logged.
#[derive(Clone)]
pub struct Credentials {
    chain_pem: String,
    key_pem: String,
    certificate: ClientCertificate,
}

impl Credentials {
    /// From PEM: the chain, the client certificate first; the key as PKCS#8, SEC1 or PKCS#1.
    ///
    /// # Errors
    /// The problem that says what is wrong with the files: `certificate-file-empty`,
    /// `certificate-file-form`, `certificate-damaged`, `certificate-chain-order`,
    /// `certificate-key-missing`, `certificate-key-form`, `certificate-keys-several`,
    /// `certificate-key-mismatch`, `certificate-key-weak`.
    pub fn from_pem(chain: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Result<Self, ClientError> {
        read(chain.as_ref(), key.as_ref()).map_err(refused)
    }

    /// From a PKCS#12 file, opened with the 証明書発行用パスワード.
    ///
    /// # Errors
    /// `pkcs12-password-wrong`, `pkcs12-damaged`, `pkcs12-cipher-old`; and what
    /// [`from_pem`](Self::from_pem) finds.
    pub fn from_pkcs12(bytes: &[u8], password: &str) -> Result<Self, ClientError> {
        if bytes.is_empty() {
            return Err(refused(ProblemKind::CertificateFileEmpty.into()));
        }
        let store = KeyStore::from_pkcs12(bytes, password, Pkcs12ImportPolicy::Strict);
        let store = store.map_err(|error| refused(store_flaw(&error).into()))?;
        let entry = store.private_key_chain().map(|(_, entry)| entry);
        let entry = entry.ok_or_else(|| refused(ProblemKind::CertificateKeyMissing.into()))?;
        let chain: String =
            entry.certs().iter().map(|cert| pem("CERTIFICATE", cert.as_der())).collect();
        Self::from_pem(chain, pem("PRIVATE KEY", entry.key().as_der()))
    }

    /// What keeps this certificate out at a hub that trusts this root (PEM), at this time. Whether
    /// it was revoked is not known here.
    ///
    /// # Errors
    /// The first flaw that is found.
    pub fn diagnose(&self, root_pem: &str, now: OffsetDateTime) -> Result<(), CertificateFlaw> {
        let roots = chain(root_pem).unwrap_or_default();
        diagnose(&chain(&self.chain_pem)?, &roots, now)
    }

    /// The chain, PEM, the client certificate first.
    pub fn chain_pem(&self) -> &str {
        &self.chain_pem
    }

    /// The private key, PEM. Whoever has it can pass for the office.
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// The office number that the certificate carries, if it carries one.
    pub fn office(&self) -> Option<OfficeNumber> {
        self.certificate.office
    }

    /// Serial number, lower-case hexadecimal.
    pub fn serial(&self) -> &str {
        &self.certificate.serial
    }

    /// Valid from.
    pub fn not_before(&self) -> OffsetDateTime {
        self.certificate.not_before
    }

    /// Valid until.
    pub fn not_after(&self) -> OffsetDateTime {
        self.certificate.not_after
    }

    /// Chain and key in one text, so that they are replaced together.
    pub(crate) fn pem(&self) -> String {
        format!("{}\n{}", self.chain_pem.trim_end(), self.key_pem)
    }

    pub(crate) fn chain(&self) -> Result<Vec<CertificateDer<'static>>, ClientError> {
        chain(&self.chain_pem).map_err(refused)
    }

    pub(crate) fn key(&self) -> Result<PrivateKeyDer<'static>, ClientError> {
        key(&self.key_pem).map_err(refused)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

fn read(chain_file: &[u8], key_file: &[u8]) -> Result<Credentials, CertificateFlaw> {
    let (chain_text, key_text) = (text(chain_file)?, text(key_file)?);
    let chain = chain(chain_text)?;
    if chain.is_empty() {
        let form = CertificateFlaw::new(ProblemKind::CertificateFileForm, "BEGIN CERTIFICATE: –");
        return Err(form);
    }
    let certificate = ClientCertificate::read_chain(&chain)?;
    let key = key(key_text)?;
    if let Some(flaw) = &certificate.flaw
        && flaw.kind == ProblemKind::CertificateKeyWeak
    {
        return Err(flaw.clone());
    }
    // A file may hold more than was asked of it, as chain and key in one: each is kept by itself.
    let chain_pem = chain.iter().map(|cert| pem("CERTIFICATE", cert)).collect();
    let key_pem = pem(key_label(&key), key.secret_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    CertifiedKey::from_der(chain, key, &provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => ProblemKind::CertificateKeyMismatch.into(),
        rustls::Error::InvalidCertificate(_) => {
            certificate.flaw.clone().unwrap_or_else(|| ProblemKind::CertificateRefused.into())
        }
        _ => CertificateFlaw::from(ProblemKind::CertificateKeyForm),
    })?;
    Ok(Credentials { chain_pem, key_pem, certificate })
}

/// A file's bytes as the text that PEM is.
fn text(bytes: &[u8]) -> Result<&str, CertificateFlaw> {
    let form = |what: &str| Err(CertificateFlaw::new(ProblemKind::CertificateFileForm, what));
    match bytes.trim_ascii() {
        [] => Err(ProblemKind::CertificateFileEmpty.into()),
        [0xef, 0xbb, 0xbf, ..] => form("BOM"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => form("UTF-16"),
        [0x30, ..] => form("DER"),
        _ => str::from_utf8(bytes).or_else(|_| form("≠ PEM")),
    }
}

fn chain(text: &str) -> Result<Vec<CertificateDer<'static>>, CertificateFlaw> {
    let damaged = |_| CertificateFlaw::new(ProblemKind::CertificateDamaged, "PEM: CERTIFICATE");
    CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<_, _>>().map_err(damaged)
}

/// The one private key in a text.
fn key(text: &str) -> Result<PrivateKeyDer<'static>, CertificateFlaw> {
    let damaged = |_| CertificateFlaw::new(ProblemKind::CertificateDamaged, "PEM: PRIVATE KEY");
    let keys = PrivateKeyDer::pem_slice_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>();
    let mut keys = keys.map_err(damaged)?;
    match (keys.pop(), keys.is_empty()) {
        (Some(key), true) => Ok(key),
        (Some(_), false) => Err(ProblemKind::CertificateKeysSeveral.into()),
        (None, _) => Err(no_key(text)),
    }
}

/// The word of PEM for a key of this form.
fn key_label(key: &PrivateKeyDer<'_>) -> &'static str {
    match key {
        PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
        PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
        _ => "PRIVATE KEY",
    }
}

/// What there is instead of a key.
fn no_key(text: &str) -> CertificateFlaw {
    let strange = ["ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY", "PUBLIC KEY"];
    match strange.into_iter().find(|label| text.contains(&format!("-----BEGIN {label}"))) {
        Some(label) => CertificateFlaw::new(ProblemKind::CertificateKeyForm, label),
        None => ProblemKind::CertificateKeyMissing.into(),
    }
}

/// What it means that a PKCS#12 file does not open.
fn store_flaw(error: &StoreError) -> ProblemKind {
    match error {
        StoreError::MacError(_) | StoreError::Pkcs5Error(_) | StoreError::UnpadError => {
            ProblemKind::Pkcs12PasswordWrong
        }
        StoreError::UnsupportedEncryptionScheme | StoreError::UnsupportedMacAlgorithm => {
            ProblemKind::Pkcs12CipherOld
        }
        _ => ProblemKind::Pkcs12Damaged,
    }
}

fn refused(flaw: CertificateFlaw) -> ClientError {
    Problem::from(flaw).into()
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.extend(line.iter().copied().map(char::from));
        out.push('\n');
    }
    out + &format!("-----END {label}-----\n")
}

#[cfg(test)]
mod tests {
    use p12_keystore::{Certificate, KeyStoreEntry, PrivateKey, PrivateKeyChain};
    use rcgen::{CertificateParams, DnType, KeyPair};

    use super::*;

    fn issued() -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "2770100012");
        (params.self_signed(&key).expect("a certificate"), key)
    }

    #[test]
    fn the_office_stands_in_the_certificate() {
        let (certificate, key) = issued();
        let credentials =
            Credentials::from_pem(certificate.pem(), key.serialize_pem()).expect("reads");
        assert_eq!(credentials.office().map(|o| o.to_string()).as_deref(), Some("2770100012"));
        assert!(credentials.not_before() < credentials.not_after());
        assert!(!format!("{credentials:?}").contains("PRIVATE"));
    }

    #[test]
    fn chain_and_key_come_apart_again_out_of_one_file() {
        let (certificate, key) = issued();
        let first = Credentials::from_pem(certificate.pem(), key.serialize_pem()).expect("reads");
        let second = Credentials::from_pem(first.pem(), first.pem()).expect("reads");
        assert!(!second.chain_pem().contains("PRIVATE KEY"));
        assert_eq!(second.pem(), first.pem(), "a further terminal's file is as the first one's");
        assert!(Credentials::from_pem(second.pem(), second.pem()).is_ok());
    }

    #[test]
    fn a_pkcs12_file_opens_with_its_password_alone() {
        let (certificate, key) = issued();
        let mut store = KeyStore::new();
        let chain = PrivateKeyChain::new(
            "1",
            PrivateKey::from_der(key.serialized_der()).expect("a key"),
            [Certificate::from_der(certificate.der()).expect("a certificate")],
        );
        store.add_entry("terminal", KeyStoreEntry::PrivateKeyChain(chain));
        let bytes = store.writer("Right-1").write().expect("a file");
        let opened = Credentials::from_pkcs12(&bytes, "Right-1").expect("opens");
        assert_eq!(opened.chain().expect("a chain"), [certificate.der().clone()]);
        assert_eq!(opened.key().expect("a key").secret_der(), key.serialized_der());
        let refused = Credentials::from_pkcs12(&bytes, "wrong").expect_err("refused");
        assert_eq!(refused.problem_kind(), Some(ProblemKind::Pkcs12PasswordWrong));
    }

    #[test]
    fn what_is_no_certificate_is_named() {
        let (certificate, key) = issued();
        let (certificate, key) = (certificate.pem(), key.serialize_pem());
        let bom = [&b"\xef\xbb\xbf"[..], certificate.as_bytes()].concat();
        let kind = |chain: &[u8], key: &str| {
            let error = Credentials::from_pem(chain, key).expect_err("refused");
            error.problem_kind().expect("of the catalogue")
        };
        assert_eq!(kind(b" \r\n", &key), ProblemKind::CertificateFileEmpty);
        assert_eq!(kind(&bom, &key), ProblemKind::CertificateFileForm);
        assert_eq!(kind(key.as_bytes(), &key), ProblemKind::CertificateFileForm);
        assert_eq!(kind(certificate.as_bytes(), "-"), ProblemKind::CertificateKeyMissing);
        let none = Credentials::from_pkcs12(b"not a file", "x").expect_err("not PKCS#12");
        assert_eq!(none.problem_kind(), Some(ProblemKind::Pkcs12Damaged));
    }

    #[test]
    fn lines_may_end_as_on_windows() {
        let (certificate, key) = issued();
        let windows = |text: String| text.replace('\n', "\r\n");
        let (certificate, key) = (windows(certificate.pem()), windows(key.serialize_pem()));
        assert!(Credentials::from_pem(certificate, key).is_ok());
    }
}
