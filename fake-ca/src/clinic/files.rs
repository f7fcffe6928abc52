//! Flaws of the files that a right certificate comes in.

use careplan_protocol::ProblemKind;
use p12_keystore::KeyStoreEntry;
use rcgen::{KeyPair, PublicKeyData};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use super::{Bench, Flaw, FlawedFiles, Make, NoticedBy};
use crate::{CaFault, der, pkcs12 as store, secret};

/// PBES2 as PKCS#12 files of today name it, DER.
const PBES2: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 0x0d];
/// pbeWithMD5AndDES-CBC, of 1993, DER.
const MD5_DES: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 3];

pub(super) const FLAWS: &[Flaw] = &[
    Flaw {
        name: "key-mismatch",
        ja: "秘密鍵が証明書と対になっていない",
        en: "its key belongs to another certificate",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateKeyMismatch,
        make: Make::Files(key_mismatch),
    },
    Flaw {
        name: "two-keys",
        ja: "秘密鍵のファイルに鍵が2つある",
        en: "there are two keys in the key's file",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateKeysSeveral,
        make: Make::Files(two_keys),
    },
    Flaw {
        name: "no-key",
        ja: "秘密鍵のファイルに証明書が入っている",
        en: "there is a certificate in the key's file",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateKeyMissing,
        make: Make::Files(no_key),
    },
    Flaw {
        name: "public-key",
        ja: "秘密鍵のかわりに公開鍵が入っている",
        en: "there is the public key in the key's file",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateKeyForm,
        make: Make::Files(public_key),
    },
    Flaw {
        name: "encrypted-key",
        ja: "秘密鍵がパスワードで暗号化されている",
        en: "its key is encrypted",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateKeyForm,
        make: Make::Files(encrypted_key),
    },
    Flaw {
        name: "key-der",
        ja: "秘密鍵がPEMではなくDER",
        en: "its key is DER, not PEM",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateFileForm,
        make: Make::Files(key_der),
    },
    Flaw {
        name: "key-empty",
        ja: "秘密鍵のファイルが空",
        en: "the key's file is empty",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateFileEmpty,
        make: Make::Files(|bench| spoil_key(bench, |_| Vec::new())),
    },
    Flaw {
        name: "certificate-empty",
        ja: "証明書のファイルが空",
        en: "the certificate's file is empty",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateFileEmpty,
        make: Make::Files(|bench| spoil(bench, |_| Vec::new())),
    },
    Flaw {
        name: "pem-bom",
        ja: "証明書のファイルの先頭にBOMがある",
        en: "the certificate's file begins with a byte order mark",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateFileForm,
        make: Make::Files(|bench| spoil(bench, |pem| [&b"\xef\xbb\xbf"[..], pem].concat())),
    },
    Flaw {
        name: "pem-utf16",
        ja: "証明書のファイルがUTF-16",
        en: "the certificate's file is UTF-16",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateFileForm,
        make: Make::Files(|bench| spoil(bench, utf16)),
    },
    Flaw {
        name: "certificate-der",
        ja: "証明書がPEMではなくDER",
        en: "the certificate is DER, not PEM",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateFileForm,
        make: Make::Files(|bench| spoil(bench, first_der)),
    },
    Flaw {
        name: "pem-damaged",
        ja: "証明書のファイルの文字が化けている",
        en: "the certificate's file has other characters in it",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateDamaged,
        make: Make::Files(|bench| spoil(bench, strange_letters)),
    },
    Flaw {
        name: "pem-cut",
        ja: "証明書のファイルが途中で切れている",
        en: "the certificate's file is cut off",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateDamaged,
        make: Make::Files(|bench| spoil(bench, |pem| pem[..pem.len() / 4].to_vec())),
    },
    Flaw {
        name: "der-damaged",
        ja: "証明書の中身が壊れている",
        en: "the certificate's content is damaged",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateDamaged,
        make: Make::Files(|bench| spoil(bench, short_der)),
    },
    Flaw {
        name: "pkcs12-wrong-password",
        ja: "PKCS#12のパスワードが違う",
        en: "the password is another PKCS#12 file's",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::Pkcs12PasswordWrong,
        make: Make::Files(pkcs12_wrong_password),
    },
    Flaw {
        name: "pkcs12-damaged",
        ja: "PKCS#12ファイルが途中で切れている",
        en: "the PKCS#12 file is cut off",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::Pkcs12Damaged,
        make: Make::Files(|bench| pkcs12(bench, |bytes| bytes[..bytes.len() / 2].to_vec())),
    },
    Flaw {
        name: "pkcs12-empty",
        ja: "PKCS#12ファイルが空",
        en: "the PKCS#12 file is empty",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateFileEmpty,
        make: Make::Files(|bench| pkcs12(bench, |_| Vec::new())),
    },
    Flaw {
        name: "pkcs12-old-cipher",
        ja: "PKCS#12の暗号方式が古い",
        en: "the PKCS#12 file is encrypted with DES",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::Pkcs12CipherOld,
        make: Make::Files(|bench| pkcs12(bench, old_cipher)),
    },
    Flaw {
        name: "pkcs12-without-key",
        ja: "PKCS#12に秘密鍵がない",
        en: "there is no key in the PKCS#12 file",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateKeyMissing,
        make: Make::Files(pkcs12_without_key),
    },
    Flaw {
        name: "pkcs12-without-chain",
        ja: "PKCS#12に中間証明書がない",
        en: "the PKCS#12 file lacks the issuing CA's certificate",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateChainIncomplete,
        make: Make::Files(pkcs12_without_chain),
    },
];

/// A right certificate in a file that is changed.
fn spoil(bench: &Bench<'_>, change: fn(&[u8]) -> Vec<u8>) -> Result<FlawedFiles, CaFault> {
    let right = bench.right()?;
    let chain = right.certificate_pem + bench.ca.issuing_pem();
    Ok(FlawedFiles::pem(change(chain.as_bytes()), right.key_pem))
}

/// A right certificate whose key is in a file that is changed.
fn spoil_key(
    bench: &Bench<'_>,
    change: impl FnOnce(&str) -> Vec<u8>,
) -> Result<FlawedFiles, CaFault> {
    let right = bench.right()?;
    let chain = right.certificate_pem + bench.ca.issuing_pem();
    Ok(FlawedFiles::pem(chain, change(&right.key_pem)))
}

fn key_mismatch(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let other = KeyPair::generate()?.serialize_pem();
    spoil_key(bench, |_| other.into())
}

fn two_keys(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let other = KeyPair::generate()?.serialize_pem();
    spoil_key(bench, |key| (key.to_owned() + &other).into())
}

fn no_key(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let mut files = spoil_key(bench, |_| Vec::new())?;
    files.key.clone_from(&files.certificate);
    Ok(files)
}

fn public_key(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let right = bench.right()?;
    let public = KeyPair::from_pem(&right.key_pem)?.subject_public_key_info();
    let chain = right.certificate_pem + bench.ca.issuing_pem();
    Ok(FlawedFiles::pem(chain, der::pem("PUBLIC KEY", &public)))
}

/// Labelled as encrypted: nobody gets as far as the cipher without asking for a password.
fn encrypted_key(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    spoil_key(bench, |key| key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY").into())
}

fn key_der(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let right = bench.right()?;
    let key = PrivateKeyDer::from_pem_slice(right.key_pem.as_bytes())
        .map_err(|error| CaFault::Inner(format!("not PEM: {error}")))?;
    let chain = right.certificate_pem + bench.ca.issuing_pem();
    Ok(FlawedFiles::pem(chain, key.secret_der()))
}

/// As some editors and shells save a text.
fn utf16(pem: &[u8]) -> Vec<u8> {
    let units = pem.iter().flat_map(|byte| [*byte, 0]);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

fn first_der(pem: &[u8]) -> Vec<u8> {
    CertificateDer::from_pem_slice(pem).map(|der| der.to_vec()).unwrap_or_default()
}

fn short_der(pem: &[u8]) -> Vec<u8> {
    let der = first_der(pem);
    der::pem("CERTIFICATE", &der[..der.len() / 2]).into()
}

fn strange_letters(pem: &[u8]) -> Vec<u8> {
    let mut pem = pem.to_vec();
    let middle = pem.len() / 4;
    pem[middle..middle + 4].copy_from_slice(b"?#?#");
    pem
}

/// A right certificate in a PKCS#12 file that is changed.
fn pkcs12(bench: &Bench<'_>, change: fn(&[u8]) -> Vec<u8>) -> Result<FlawedFiles, CaFault> {
    in_store(bench, |chain, key, password| {
        let bytes = store::write_store("office", store::key_entry(chain, key)?, password)?;
        Ok(change(&bytes))
    })
}

fn pkcs12_wrong_password(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    in_store(bench, |chain, key, _| {
        store::write_store("office", store::key_entry(chain, key)?, &secret::typable()?)
    })
}

fn pkcs12_without_key(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    in_store(bench, |chain, _, password| {
        let first = store::store_certificates(chain)?.swap_remove(0);
        store::write_store("office", KeyStoreEntry::Certificate(first), password)
    })
}

fn pkcs12_without_chain(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    in_store(bench, |chain, key, password| {
        let leaf = der::pem("CERTIFICATE", &first_der(chain.as_bytes()));
        store::write_store("office", store::key_entry(&leaf, key)?, password)
    })
}

/// Names a cipher of old, and leaves out the seal that would no longer fit.
fn old_cipher(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    while let Some(at) = bytes.windows(PBES2.len()).position(|window| window == PBES2) {
        bytes[at..at + MD5_DES.len()].copy_from_slice(MD5_DES);
    }
    // PFX: version, content, and the seal (MacData).
    der::sequence(&der::elements(&bytes)[..2])
}

fn in_store(
    bench: &Bench<'_>,
    write: impl FnOnce(&str, &str, &str) -> Result<Vec<u8>, CaFault>,
) -> Result<FlawedFiles, CaFault> {
    let (right, password) = (bench.right()?, secret::typable()?);
    let chain = right.certificate_pem + bench.ca.issuing_pem();
    let bytes = write(&chain, &right.key_pem, &password)?;
    Ok(FlawedFiles { pkcs12: Some((bytes, password)), ..FlawedFiles::pem(chain, right.key_pem) })
}
