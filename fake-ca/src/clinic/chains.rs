//! Flaws of how a certificate was signed and chained.

use careplan_protocol::{ProblemKind, ca::CertificateKind};
use rcgen::{
    CertificateParams, IsCa, Issuer, KeyPair, PKCS_RSA_SHA256, PublicKeyData, SignatureAlgorithm,
    SigningKey,
};
use time::Duration;

use super::{Bench, Flaw, FlawedFiles, Make, NoticedBy};
use crate::{
    CaFault,
    authority::{Authority, AuthorityPem, Profile, authority_params, serial_number},
    der,
};

/// A key of RSA with 1024 bits (PKCS#1), which protects nothing and is known to everybody.
const RSA_1024: &[u8] = include_bytes!("../../data/rsa-1024.der");

/// The algorithm ecdsa-with-SHA1, DER.
const ECDSA_SHA1: &[u8] = &[0x30, 9, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1];

pub(super) const FLAWS: &[Flaw] = &[
    Flaw {
        name: "agent-kind",
        ja: "代理人証明書",
        en: "is an agent's certificate",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateKind,
        make: Make::Chain(|bench| Ok(bench.issued(CertificateKind::Agent)?.into())),
    },
    Flaw {
        name: "disability-kind",
        ja: "障害総合支援証明書",
        en: "is a certificate for disability support",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateKind,
        make: Make::Chain(|bench| Ok(bench.issued(CertificateKind::DisabilitySupport)?.into())),
    },
    Flaw {
        name: "revoked",
        ja: "失効している",
        en: "is revoked",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateRevoked,
        make: Make::Chain(revoked),
    },
    Flaw {
        name: "serial-reused",
        ja: "失効した証明書と同じシリアル番号",
        en: "has the serial number of one that is revoked",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateRevoked,
        make: Make::Chain(serial_reused),
    },
    Flaw {
        name: "self-signed",
        ja: "自分で署名した証明書",
        en: "is signed by itself",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateSelfSigned,
        make: Make::Chain(self_signed),
    },
    Flaw {
        name: "unknown-issuer",
        ja: "別の認証局が発行した証明書",
        en: "was issued by another authority",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateUnknownIssuer,
        make: Make::Chain(|bench| by_another(bench, "careplan other")),
    },
    Flaw {
        name: "namesake-issuer",
        ja: "同じ名前を名乗る別の認証局が発行した証明書",
        en: "was issued by another authority of the same name",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateUnknownIssuer,
        make: Make::Chain(|bench| by_another(bench, "careplan fake")),
    },
    Flaw {
        name: "weak-key",
        ja: "鍵がRSA 1024ビット",
        en: "its key is RSA of 1024 bits",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateKeyWeak,
        make: Make::Chain(weak_key),
    },
    Flaw {
        name: "weak-signature",
        ja: "署名がSHA-1",
        en: "its signature is of SHA-1",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateSignatureWeak,
        make: Make::Chain(weak_signature),
    },
    Flaw {
        name: "altered",
        ja: "発行後に事業所番号が書き換えられている",
        en: "its office number was changed after it was issued",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateAltered,
        make: Make::Chain(altered),
    },
    Flaw {
        name: "chain-order",
        ja: "中間証明書が先頭にある",
        en: "has the issuing CA in the first place",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateChainOrder,
        make: Make::Chain(chain_order),
    },
    Flaw {
        name: "chain-incomplete",
        ja: "中間証明書がない",
        en: "lacks the issuing CA's certificate",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateChainIncomplete,
        make: Make::Chain(chain_incomplete),
    },
    Flaw {
        name: "issuer-expired",
        ja: "発行した認証局の証明書が期限切れ",
        en: "its issuing CA has expired",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateIssuerExpired,
        make: Make::Chain(issuer_expired),
    },
    Flaw {
        name: "issuer-not-authority",
        ja: "認証局ではない者が発行した証明書",
        en: "was issued by one who is no authority",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateIssuerInvalid,
        make: Make::Chain(issuer_not_authority),
    },
    Flaw {
        name: "path-too-long",
        ja: "中間証明書の段数が制限を超えている",
        en: "has more authorities above it than are allowed",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateIssuerInvalid,
        make: Make::Chain(path_too_long),
    },
];

fn revoked(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let issued = bench.issued(CertificateKind::CareInsurance)?;
    bench.ca.revoke(&issued.info.serial)?;
    Ok(issued.into())
}

fn serial_reused(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let issued = bench.issued(CertificateKind::CareInsurance)?;
    bench.ca.revoke(&issued.info.serial)?;
    let mut params = bench.params()?;
    params.serial_number = Some(serial_number(&issued.info.serial)?);
    bench.sign(&params)
}

fn self_signed(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let key = KeyPair::generate()?;
    let certificate = bench.params()?.self_signed(&key)?;
    Ok(FlawedFiles::pem(certificate.pem(), key.serialize_pem()))
}

fn by_another(bench: &Bench<'_>, name: &str) -> Result<FlawedFiles, CaFault> {
    let now = bench.order.now;
    let another = Authority::open(AuthorityPem::mint_as(name, now)?)?;
    let profile = Profile::client(bench.order.office, CertificateKind::CareInsurance, now)?;
    let leaf = another.issue(&profile)?;
    Ok(FlawedFiles::pem(leaf.certificate_pem + another.issuing_pem(), leaf.key_pem))
}

/// The public half of [`RSA_1024`].
struct Rsa1024(Vec<u8>);

impl PublicKeyData for Rsa1024 {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

fn weak_key(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    // RSAPrivateKey: version, modulus, public exponent, and what is private.
    let parts = der::elements(RSA_1024);
    let key = Rsa1024(der::sequence(&parts[1..3]));
    let certificate = bench.params()?.signed_by(&key, bench.authority().issuing())?;
    let chain = certificate.pem() + bench.ca.issuing_pem();
    Ok(FlawedFiles::pem(chain, der::pem("RSA PRIVATE KEY", RSA_1024)))
}

/// Names SHA-1 as its algorithm. The signature itself is one with SHA-256, since no library here
/// makes the other; who refuses SHA-1 never looks at it.
fn weak_signature(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let (key, issuing) = (KeyPair::generate()?, bench.authority().issuing());
    let certificate = bench.params()?.signed_by(&key, issuing)?;
    let parts = der::elements(certificate.der());
    // TBSCertificate: version, serial number, algorithm, issuer, ….
    let mut body = der::elements(parts[0]);
    body[2] = ECDSA_SHA1;
    let body = der::sequence(&body);
    let signature = der::bit_string(&issuing.key().sign(&body)?);
    let certificate = der::sequence(&[&body, ECDSA_SHA1, &signature]);
    let chain = der::pem("CERTIFICATE", &certificate) + bench.ca.issuing_pem();
    Ok(FlawedFiles::pem(chain, key.serialize_pem()))
}

fn altered(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let key = KeyPair::generate()?;
    let certificate = bench.params()?.signed_by(&key, bench.authority().issuing())?;
    let mut bytes = certificate.der().to_vec();
    let office = bench.order.office.as_str().as_bytes();
    let at = bytes.windows(office.len()).position(|window| window == office);
    let last = at.ok_or_else(|| CaFault::Inner("no office number to alter".to_owned()))?;
    let last = &mut bytes[last + office.len() - 1];
    *last = if *last == b'9' { b'0' } else { *last + 1 };
    let chain = der::pem("CERTIFICATE", &bytes) + bench.ca.issuing_pem();
    Ok(FlawedFiles::pem(chain, key.serialize_pem()))
}

fn chain_order(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let right = bench.right()?;
    Ok(FlawedFiles::pem(bench.ca.issuing_pem().to_owned() + &right.certificate_pem, right.key_pem))
}

fn chain_incomplete(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let right = bench.right()?;
    Ok(FlawedFiles::pem(right.certificate_pem, right.key_pem))
}

fn issuer_expired(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let mut params = authority_params("careplan fake expired CA", 0, bench.order.now)?;
    params.not_after = bench.order.now - Duration::days(1);
    below(bench, params, bench.authority().root(), "")
}

fn issuer_not_authority(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let mut params = authority_params("careplan fake no CA", 0, bench.order.now)?;
    params.is_ca = IsCa::ExplicitNoCa;
    below(bench, params, bench.authority().root(), "")
}

fn path_too_long(bench: &Bench<'_>) -> Result<FlawedFiles, CaFault> {
    let params = authority_params("careplan fake lower CA", 0, bench.order.now)?;
    below(bench, params, bench.authority().issuing(), bench.ca.issuing_pem())
}

/// A certificate of an authority that `above` has signed; `rest` is the chain from there on.
fn below(
    bench: &Bench<'_>,
    authority: CertificateParams,
    above: &Issuer<'static, KeyPair>,
    rest: &str,
) -> Result<FlawedFiles, CaFault> {
    let (key, issuing_key) = (KeyPair::generate()?, KeyPair::generate()?);
    let issuing = authority.signed_by(&issuing_key, above)?;
    let issuer = Issuer::from_params(&authority, &issuing_key);
    let leaf = bench.params()?.signed_by(&key, &issuer)?;
    Ok(FlawedFiles::pem(leaf.pem() + &issuing.pem() + rest, key.serialize_pem()))
}
