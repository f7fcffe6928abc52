//! An issued certificate as files: PEM and PKCS#12.

use std::path::{Path, PathBuf};

use careplan_protocol::ca::{CertificateInfo, CertificatePem};
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, pem::PemObject};

use crate::{CaFault, authority::ServerIdentity, files};

/// A client certificate with its key.
#[derive(Clone)]
pub struct IssuedCertificate {
    /// The client certificate, then the issuing CA's, PEM.
    pub chain_pem: String,
    /// The private key, PKCS#8 PEM.
    pub key_pem: String,
    /// What it is.
    pub info: CertificateInfo,
}

/// Where a certificate was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The chain, PEM.
    pub certificate: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
    /// Both as PKCS#12, if a password was given.
    pub pkcs12: Option<PathBuf>,
}

impl IssuedCertificate {
    /// Writes `certificate.pem`, `key.pem` and, under a password, `certificate.p12` into a folder
    /// (made if it is missing). Only their owner may read them; nothing is overwritten.
    ///
    /// # Errors
    /// The folder cannot be used, or has one of the files; or PKCS#12 cannot take the password.
    pub fn save(&self, folder: &Path, password: Option<&str>) -> Result<Saved, CaFault> {
        let pkcs12 = password.map(|password| self.pkcs12(password)).transpose()?;
        save(folder, self.chain_pem.as_bytes(), self.key_pem.as_bytes(), pkcs12.as_deref())
    }

    pub(crate) fn pkcs12(&self, password: &str) -> Result<Vec<u8>, CaFault> {
        let name = format!("{} {}", self.info.office, self.info.kind.word());
        let entry = key_entry(&self.chain_pem, &self.key_pem)?;
        write_store(&name, entry, password)
    }
}

/// A key with its chain, as a PKCS#12 file holds it.
pub(crate) fn key_entry(chain_pem: &str, key_pem: &str) -> Result<KeyStoreEntry, CaFault> {
    let key = PrivatePkcs8KeyDer::from_pem_slice(key_pem.as_bytes())
        .map_err(|error| CaFault::Inner(format!("not PEM: {error}")))?;
    let key = PrivateKey::from_der(key.secret_pkcs8_der()).map_err(fault)?;
    let certificates = store_certificates(chain_pem)?;
    Ok(KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new("1", key, certificates)))
}

/// The certificates of a PEM text, as a PKCS#12 file holds them.
pub(crate) fn store_certificates(chain_pem: &str) -> Result<Vec<Certificate>, CaFault> {
    let mut certificates = Vec::new();
    for der in CertificateDer::pem_slice_iter(chain_pem.as_bytes()) {
        let der = der.map_err(|error| CaFault::Inner(format!("not PEM: {error}")))?;
        certificates.push(Certificate::from_der(&der).map_err(fault)?);
    }
    Ok(certificates)
}

/// A PKCS#12 file with one entry, encrypted with AES-256.
pub(crate) fn write_store(
    name: &str,
    entry: KeyStoreEntry,
    password: &str,
) -> Result<Vec<u8>, CaFault> {
    let mut store = KeyStore::new();
    store.add_entry(name, entry);
    store.writer(password).write().map_err(fault)
}

fn fault(error: p12_keystore::error::Error) -> CaFault {
    CaFault::Pkcs12(error.to_string())
}

impl ServerIdentity {
    /// Writes `certificate.pem` and `key.pem` into a folder (made if it is missing). Only their
    /// owner may read them; nothing is overwritten.
    ///
    /// # Errors
    /// The folder cannot be used, or has one of the files.
    pub fn save(&self, folder: &Path) -> Result<Saved, CaFault> {
        save(folder, self.chain_pem.as_bytes(), self.key_pem.as_bytes(), None)
    }
}

/// Writes the files of a certificate into a folder.
pub(crate) fn save(
    folder: &Path,
    chain: &[u8],
    key: &[u8],
    pkcs12: Option<&[u8]>,
) -> Result<Saved, CaFault> {
    files::make_folder(folder)?;
    let create = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        files::create(&path, bytes).map(|()| path)
    };
    Ok(Saved {
        certificate: create("certificate.pem", chain)?,
        key: create("key.pem", key)?,
        pkcs12: pkcs12.map(|bytes| create("certificate.p12", bytes)).transpose()?,
    })
}

impl From<IssuedCertificate> for CertificatePem {
    fn from(issued: IssuedCertificate) -> Self {
        Self { certificate_chain: issued.chain_pem, private_key: issued.key_pem, info: issued.info }
    }
}
