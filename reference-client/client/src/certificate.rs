//! The certificate that a terminal shows, with its key, as PEM or out of a PKCS#12 file.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use careplan_protocol::{OfficeNumber, ProblemKind};
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::ClientError;

/// A client certificate with its chain and private key. Never shown, never logged.
#[derive(Clone)]
pub struct Credentials {
    chain_pem: String,
    key_pem: String,
    facts: Facts,
}

/// What a terminal reads in its own certificate.
#[derive(Debug, Clone, Copy)]
struct Facts {
    office: Option<OfficeNumber>,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
}

impl Credentials {
    /// From PEM: the chain, the client certificate first; the key as PKCS#8, SEC1 or PKCS#1.
    ///
    /// # Errors
    /// [`ClientError::Local`] if either cannot be read.
    pub fn from_pem(chain_pem: &str, key_pem: &str) -> Result<Self, ClientError> {
        let chain = chain(chain_pem)?;
        key(key_pem)?;
        let facts = read_facts(chain.first().ok_or_else(unreadable)?)?;
        Ok(Self { chain_pem: chain_pem.to_owned(), key_pem: key_pem.to_owned(), facts })
    }

    /// From a PKCS#12 file, opened with the 証明書発行用パスワード.
    ///
    /// # Errors
    /// `issue-password-wrong`; [`ClientError::Local`] if the file is none, or has no key in it.
    pub fn from_pkcs12(bytes: &[u8], password: &str) -> Result<Self, ClientError> {
        let store = KeyStore::from_pkcs12(bytes, password, Pkcs12ImportPolicy::Strict).map_err(
            |error| match error {
                p12_keystore::error::Error::MacError(_) => {
                    ClientError::problem(ProblemKind::IssuePasswordWrong)
                }
                _ => unreadable(),
            },
        )?;
        let (_, entry) = store.private_key_chain().ok_or_else(unreadable)?;
        let chain: String =
            entry.certs().iter().map(|cert| pem("CERTIFICATE", cert.as_der())).collect();
        Self::from_pem(&chain, &pem("PRIVATE KEY", entry.key().as_der()))
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
        self.facts.office
    }

    /// Valid from.
    pub fn not_before(&self) -> OffsetDateTime {
        self.facts.not_before
    }

    /// Valid until.
    pub fn not_after(&self) -> OffsetDateTime {
        self.facts.not_after
    }

    /// Chain and key in one text, so that they are replaced together.
    pub(crate) fn pem(&self) -> String {
        format!("{}\n{}", self.chain_pem.trim_end(), self.key_pem)
    }

    pub(crate) fn chain(&self) -> Result<Vec<CertificateDer<'static>>, ClientError> {
        chain(&self.chain_pem)
    }

    pub(crate) fn key(&self) -> Result<PrivateKeyDer<'static>, ClientError> {
        key(&self.key_pem)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("facts", &self.facts).finish_non_exhaustive()
    }
}

fn chain(text: &str) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    CertificateDer::pem_slice_iter(text.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| unreadable())
}

fn key(text: &str) -> Result<PrivateKeyDer<'static>, ClientError> {
    PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| unreadable())
}

fn read_facts(certificate: &CertificateDer<'_>) -> Result<Facts, ClientError> {
    let (_, parsed) = X509Certificate::from_der(certificate).map_err(|_| unreadable())?;
    let common_name = parsed.subject().iter_common_name().next();
    let office = common_name.and_then(|name| name.as_str().ok()?.parse().ok());
    let validity = parsed.validity();
    Ok(Facts {
        office,
        not_before: validity.not_before.to_datetime(),
        not_after: validity.not_after.to_datetime(),
    })
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

fn unreadable() -> ClientError {
    ClientError::input(
        "証明書または秘密鍵を読めません。発行された PEM または PKCS#12 のファイルを選び直してください",
        "the certificate or its key cannot be read; choose the PEM or PKCS#12 file that was issued",
    )
}

#[cfg(test)]
mod tests {
    use careplan_protocol::Lang;
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
            Credentials::from_pem(&certificate.pem(), &key.serialize_pem()).expect("reads");
        assert_eq!(credentials.office().map(|o| o.to_string()).as_deref(), Some("2770100012"));
        assert!(credentials.not_before() < credentials.not_after());
        assert!(!format!("{credentials:?}").contains("PRIVATE"));
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
        assert_eq!(refused.problem_kind(), Some(ProblemKind::IssuePasswordWrong));
    }

    #[test]
    fn what_is_no_certificate_is_refused_in_words() {
        for error in [
            Credentials::from_pem("", "").expect_err("empty"),
            Credentials::from_pkcs12(b"not a file", "x").expect_err("not PKCS#12"),
        ] {
            assert!(error.line(Lang::En).contains("cannot be read"), "{error}");
        }
    }
}
