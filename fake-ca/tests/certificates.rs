//! What the CA issues, seen by those who must believe it: rustls, OpenSSL, a PKCS#12 reader.

use std::{fs, path::Path, process::Command, sync::Arc};

use careplan_protocol::{
    Clock, OfficeNumber,
    ca::{CertificateKind, CertificateState, FAKE_MARK},
};
use fake_ca::{CaFault, FakeCa, IssuedCertificate, Keep};
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rustls::{
    RootCertStore,
    pki_types::{
        CertificateDer, CertificateRevocationListDer, PrivatePkcs8KeyDer, UnixTime, pem::PemObject,
    },
    server::WebPkiClientVerifier,
};
use time::{Duration, OffsetDateTime, macros::datetime};
use x509_parser::{
    parse_x509_certificate,
    prelude::{FromDer, GeneralName, X509Certificate},
    revocation_list::CertificateRevocationList,
};

const TODAY: OffsetDateTime = datetime!(2025-04-01 09:00 UTC);

fn ca() -> (FakeCa, Clock) {
    let clock = Clock::system();
    clock.set(TODAY);
    (FakeCa::open(Keep::Memory, clock.clone()).expect("opens"), clock)
}

fn office() -> OfficeNumber {
    "2770100012".parse().expect("an office number")
}

fn issue(ca: &FakeCa) -> IssuedCertificate {
    ca.issue_client(office(), CertificateKind::CareInsurance).expect("issues")
}

fn chain(pem: &str) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().expect("PEM")
}

/// What rustls says of a client with this chain at this time, asking the revocation list.
fn verify(ca: &FakeCa, pem: &str, now: OffsetDateTime) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    roots.add(chain(ca.root_pem()).remove(0)).expect("a root");
    let crl = ca.crl_pem().expect("a list");
    let crl = CertificateRevocationListDer::from_pem_slice(crl.as_bytes()).expect("PEM");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .with_crls([crl])
        .only_check_end_entity_revocation()
        .build()
        .expect("a verifier");
    let chain = chain(pem);
    let seconds = u64::try_from(now.unix_timestamp()).expect("after 1970");
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    match verifier.verify_client_cert(&chain[0], &chain[1..], at) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn words<'a>(certificate: &'a X509Certificate<'a>) -> [Vec<&'a str>; 4] {
    let subject = certificate.subject();
    [
        subject.iter_common_name().map(|a| a.as_str().expect("text")).collect(),
        subject.iter_organizational_unit().map(|a| a.as_str().expect("text")).collect(),
        subject.iter_organization().map(|a| a.as_str().expect("text")).collect(),
        subject.iter_country().map(|a| a.as_str().expect("text")).collect(),
    ]
}

#[test]
fn a_client_certificate_carries_office_and_kind_for_three_years() {
    let (ca, _) = ca();
    for kind in CertificateKind::ALL {
        let issued = ca.issue_client(office(), kind).expect("issues");
        let chain = chain(&issued.chain_pem);
        assert_eq!(chain.len(), 2, "the leaf and the issuing CA");
        let (_, leaf) = parse_x509_certificate(&chain[0]).expect("a certificate");
        let wanted = [vec!["2770100012"], vec![kind.word()], vec![FAKE_MARK], vec!["JP"]];
        assert_eq!(words(&leaf), wanted);
        let usage = leaf.extended_key_usage().expect("readable").expect("there").value;
        assert!(usage.client_auth && !usage.server_auth && !usage.any);
        let dates = (leaf.validity().not_before, leaf.validity().not_after);
        assert_eq!(dates.0.to_datetime(), issued.info.not_before);
        assert_eq!(dates.1.to_datetime(), issued.info.not_after);
        assert_eq!(
            issued.info.not_after,
            issued.info.not_before.replace_year(2028).expect("a day")
        );
        assert_eq!(issued.info.serial, leaf.raw_serial_as_string().replace(':', ""));
        assert_eq!(issued.info.state, CertificateState::Issued);
    }
}

#[test]
fn a_server_certificate_names_its_hosts_and_outlasts_the_clock() {
    let (ca, _) = ca();
    let identity = ca.issue_server(&["hub.test", "127.0.0.1"]).expect("issues");
    let chain = chain(&identity.chain_pem);
    let (_, leaf) = parse_x509_certificate(&chain[0]).expect("a certificate");
    let names = leaf.subject_alternative_name().expect("readable").expect("there");
    let wanted = [GeneralName::DNSName("hub.test"), GeneralName::IPAddress(&[127, 0, 0, 1])];
    assert_eq!(names.value.general_names, wanted);
    let usage = leaf.extended_key_usage().expect("readable").expect("there").value;
    assert!(usage.server_auth && !usage.client_auth);
    assert!(leaf.validity().not_before.to_datetime().year() < 2010);
    assert!(leaf.validity().not_after.to_datetime().year() > 2050);
    assert!(verify(&ca, &identity.chain_pem, TODAY).is_err(), "it is no client's");
}

#[test]
fn the_chain_holds_within_its_dates_and_under_its_own_root_alone() {
    let (ca, clock) = ca();
    let pem = issue(&ca).chain_pem;
    assert_eq!(verify(&ca, &pem, TODAY + Duration::hours(1)), Ok(()));
    let early = verify(&ca, &pem, TODAY - Duration::hours(1)).expect_err("not yet valid");
    assert!(early.contains("not valid yet"), "{early}");
    let late = verify(&ca, &pem, datetime!(2028-04-02 0:00 UTC)).expect_err("expired");
    assert!(late.contains("expired"), "{late}");
    let stranger = FakeCa::open(Keep::Memory, clock).expect("opens");
    assert!(verify(&stranger, &pem, TODAY + Duration::hours(1)).is_err());
}

#[test]
fn dates_and_states_follow_the_clock() {
    let (ca, clock) = ca();
    let serial = issue(&ca).info.serial;
    clock.set(datetime!(2031-01-02 0:00 UTC));
    let later = issue(&ca);
    assert_eq!(later.info.not_before.year(), 2031);
    assert_eq!(verify(&ca, &later.chain_pem, clock.now()), Ok(()));
    let listed = ca.certificates().expect("lists");
    assert_eq!((&listed[0].serial, listed[0].state), (&serial, CertificateState::Expired));
    assert_eq!(listed[1].state, CertificateState::Issued);
}

#[test]
fn a_revoked_certificate_is_listed_and_no_longer_believed() {
    let (ca, clock) = ca();
    let (kept, revoked) = (issue(&ca), issue(&ca));
    let number = |ca: &FakeCa| {
        let pem = ca.crl_pem().expect("a list");
        let der = CertificateRevocationListDer::from_pem_slice(pem.as_bytes()).expect("PEM");
        let (_, list) = CertificateRevocationList::from_der(&der).expect("a list");
        let number = list.crl_number().expect("a number").to_string();
        number.parse::<u64>().expect("small")
    };
    let first = number(&ca);
    assert_eq!(number(&ca), first, "nothing happened in between");
    clock.step(Duration::hours(1));
    ca.revoke(&revoked.info.serial).expect("revokes");
    let second = number(&ca);
    assert!(first < second, "{first}, {second}");
    ca.revoke(&revoked.info.serial).expect("it is revoked already");
    assert_eq!(number(&ca), second);
    let fault = verify(&ca, &revoked.chain_pem, clock.now()).expect_err("revoked");
    assert!(fault.contains("Revoked"), "{fault}");
    assert_eq!(verify(&ca, &kept.chain_pem, clock.now()), Ok(()));
    assert_eq!(ca.certificates().expect("lists")[1].state, CertificateState::Revoked);
    clock.step(Duration::hours(13));
    assert!(second < number(&ca), "a list is signed anew when half a day has passed");
    assert!(matches!(ca.revoke("00"), Err(CaFault::UnknownSerial(_))));
}

#[test]
fn pkcs12_is_read_back_with_its_password_alone() {
    let (ca, _) = ca();
    let issued = issue(&ca);
    let bytes = ca.pkcs12(&issued, "password").expect("makes it");
    let policy = || Pkcs12ImportPolicy::Strict;
    let store = KeyStore::from_pkcs12(&bytes, "password", policy()).expect("opens");
    let (name, entry) = store.private_key_chain().expect("a key with its chain");
    assert_eq!(name, "2770100012 care-insurance");
    let key = PrivatePkcs8KeyDer::from_pem_slice(issued.key_pem.as_bytes()).expect("PEM");
    assert_eq!(entry.key().as_der(), key.secret_pkcs8_der());
    let certificates: Vec<_> = entry.certs().iter().map(|c| c.as_der().to_vec()).collect();
    assert_eq!(
        certificates,
        chain(&issued.chain_pem).iter().map(|c| c.to_vec()).collect::<Vec<_>>()
    );
    assert!(KeyStore::from_pkcs12(&bytes, "passwore", policy()).is_err());
}

#[test]
fn openssl_opens_the_pkcs12_and_believes_the_chain() {
    let (ca, _) = ca();
    let folder = tempfile::tempdir().expect("a folder");
    let saved = issue(&ca).save(&folder.path().join("new"), Some("パス-word")).expect("saves");
    let pkcs12 = saved.pkcs12.expect("a password was given");
    let Some(text) = openssl(&["pkcs12", "-passin", "pass:パス-word", "-nodes", "-in"], &pkcs12)
    else {
        println!("openssl is not installed: its reading of PKCS#12 was not tested");
        return;
    };
    assert!(text.contains("BEGIN PRIVATE KEY"), "{text}");
    assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 2, "{text}");
    let crl = folder.path().join("crl.pem");
    fs::write(&crl, ca.crl_pem().expect("a list")).expect("writes");
    let text = openssl(&["crl", "-noout", "-text", "-in"], &crl).expect("it is installed");
    assert!(text.contains("X509v3 CRL Number") && text.contains("Next Update"), "{text}");
}

/// What `openssl` prints of a file; none if there is no such command.
fn openssl(arguments: &[&str], path: &Path) -> Option<String> {
    let output = Command::new("openssl").args(arguments).arg(path).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn saving_never_overwrites_a_key() {
    let (ca, _) = ca();
    let folder = tempfile::tempdir().expect("a folder");
    let issued = issue(&ca);
    let saved = issued.save(folder.path(), None).expect("saves");
    assert_eq!(saved.pkcs12, None);
    assert_eq!(fs::read_to_string(&saved.key).expect("reads"), issued.key_pem);
    assert!(matches!(issue(&ca).save(folder.path(), None), Err(CaFault::Path { .. })));
    assert_eq!(fs::read_to_string(&saved.key).expect("reads"), issued.key_pem);
    let nowhere = folder.path().join("no").join("where");
    assert!(matches!(issued.save(&nowhere, None), Err(CaFault::Path { .. })));
}
