//! The root, the issuing CA, and what the issuing CA signs.

use careplan_protocol::{
    OfficeNumber,
    ca::{CertificateKind, FAKE_MARK},
};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName,
    DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    RevokedCertParams, SerialNumber,
};
use rustls::{
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use time::{Duration, OffsetDateTime};

use crate::{
    CaFault, secret,
    state::{CRL_LIFE, Crl, State},
};

/// How far the authorities' own dates reach around the day on which they were minted: wide, since
/// the stack's clock may be set years back or ahead, and a certificate's own dates are to decide.
const AUTHORITY_YEARS: (i32, i32) = (20, 30);

/// How long a client certificate holds.
const CLIENT_YEARS: i32 = 3;

/// A server's certificate and key.
#[derive(Clone)]
pub struct ServerIdentity {
    /// The server certificate, then the issuing CA's, PEM.
    pub chain_pem: String,
    /// The private key, PKCS#8 PEM.
    pub key_pem: String,
}

/// Signs what the CA issues.
pub(crate) struct Authority {
    root_pem: String,
    issuing_pem: String,
    root: Issuer<'static, KeyPair>,
    issuing: Issuer<'static, KeyPair>,
}

/// Both authorities, as they are kept.
pub(crate) struct AuthorityPem {
    pub(crate) root: String,
    pub(crate) root_key: String,
    pub(crate) issuing: String,
    pub(crate) issuing_key: String,
}

/// What a leaf certificate is to say.
pub(crate) struct Profile {
    pub(crate) serial: [u8; 16],
    pub(crate) subject: DistinguishedName,
    /// Host names and IP addresses.
    pub(crate) names: Vec<String>,
    pub(crate) usage: ExtendedKeyUsagePurpose,
    pub(crate) not_before: OffsetDateTime,
    pub(crate) not_after: OffsetDateTime,
}

/// A leaf certificate with its key, PEM.
pub(crate) struct Leaf {
    pub(crate) certificate_pem: String,
    pub(crate) key_pem: String,
}

impl AuthorityPem {
    /// Mints a root and an issuing CA.
    pub(crate) fn mint(now: OffsetDateTime) -> Result<Self, CaFault> {
        Self::mint_as("careplan fake", now)
    }

    /// Mints a root and an issuing CA of other names.
    pub(crate) fn mint_as(name: &str, now: OffsetDateTime) -> Result<Self, CaFault> {
        let root_key = KeyPair::generate()?;
        let root_params = authority_params(&format!("{name} root CA"), 1, now)?;
        let root = root_params.self_signed(&root_key)?;
        let issuing_key = KeyPair::generate()?;
        let issuing = authority_params(&format!("{name} issuing CA"), 0, now)?
            .signed_by(&issuing_key, &Issuer::from_params(&root_params, &root_key))?;
        Ok(Self {
            root: root.pem(),
            root_key: root_key.serialize_pem(),
            issuing: issuing.pem(),
            issuing_key: issuing_key.serialize_pem(),
        })
    }
}

impl Authority {
    /// Takes up authorities that were minted before.
    pub(crate) fn open(pem: AuthorityPem) -> Result<Self, CaFault> {
        check_key(&pem.root, &pem.root_key)?;
        check_key(&pem.issuing, &pem.issuing_key)?;
        let issuer = |certificate: &str, key: &str| {
            Issuer::from_ca_cert_pem(certificate, KeyPair::from_pem(key)?)
        };
        let root = issuer(&pem.root, &pem.root_key)?;
        let issuing = issuer(&pem.issuing, &pem.issuing_key)?;
        Ok(Self { root_pem: pem.root, issuing_pem: pem.issuing, root, issuing })
    }

    pub(crate) fn root_pem(&self) -> &str {
        &self.root_pem
    }

    pub(crate) fn issuing_pem(&self) -> &str {
        &self.issuing_pem
    }

    /// Who signs the issuing CA.
    pub(crate) fn root(&self) -> &Issuer<'static, KeyPair> {
        &self.root
    }

    /// Who signs everything else.
    pub(crate) fn issuing(&self) -> &Issuer<'static, KeyPair> {
        &self.issuing
    }

    /// Signs a certificate for a new key.
    pub(crate) fn issue(&self, profile: &Profile) -> Result<Leaf, CaFault> {
        let key = KeyPair::generate()?;
        let certificate = profile.params()?.signed_by(&key, &self.issuing)?;
        Ok(Leaf { certificate_pem: certificate.pem(), key_pem: key.serialize_pem() })
    }

    /// Signs the list of what is revoked, with the next number: at least the second's, so that a CA
    /// which was set back to an older state counts on from what others have seen.
    pub(crate) fn sign_crl(&self, state: &State, now: OffsetDateTime) -> Result<Crl, CaFault> {
        let this_update = whole_second(now);
        let next = state.crl.as_ref().map_or(0, |crl| crl.number) + 1;
        let number = next.max(u64::try_from(this_update.unix_timestamp()).unwrap_or(0));
        let mut revoked_certs = Vec::new();
        for record in &state.certificates {
            let Some(revocation_time) = record.revoked_at else { continue };
            revoked_certs.push(RevokedCertParams {
                serial_number: serial_number(&record.serial)?,
                revocation_time,
                reason_code: None,
                invalidity_date: None,
            });
        }
        let list = CertificateRevocationListParams {
            this_update,
            next_update: this_update + CRL_LIFE,
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(Crl { number, this_update, pem: list.signed_by(&self.issuing)?.pem()? })
    }
}

impl Profile {
    /// As the library takes it.
    pub(crate) fn params(&self) -> Result<CertificateParams, CaFault> {
        let mut params = CertificateParams::new(self.names.clone())?;
        params.serial_number = Some(SerialNumber::from_slice(&self.serial));
        params.distinguished_name = self.subject.clone();
        params.not_before = self.not_before;
        params.not_after = self.not_after;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![self.usage.clone()];
        params.use_authority_key_identifier_extension = true;
        Ok(params)
    }

    /// A client certificate, as [`FAKE_MARK`] documents it.
    pub(crate) fn client(
        office: OfficeNumber,
        kind: CertificateKind,
        now: OffsetDateTime,
    ) -> Result<Self, CaFault> {
        let mut subject = marked_subject()?;
        subject.push(DnType::OrganizationalUnitName, kind.word());
        subject.push(DnType::CommonName, office.to_string());
        let not_before = whole_second(now);
        Ok(Self {
            serial: new_serial()?,
            subject,
            names: Vec::new(),
            usage: ExtendedKeyUsagePurpose::ClientAuth,
            not_before,
            not_after: years_later(not_before, CLIENT_YEARS),
        })
    }

    /// A server certificate for these host names and IP addresses.
    pub(crate) fn server(names: &[&str], now: OffsetDateTime) -> Result<Self, CaFault> {
        let mut subject = marked_subject()?;
        subject.push(DnType::CommonName, names.first().copied().unwrap_or("server"));
        let (not_before, not_after) = authority_dates(now);
        Ok(Self {
            serial: new_serial()?,
            subject,
            names: names.iter().map(ToString::to_string).collect(),
            usage: ExtendedKeyUsagePurpose::ServerAuth,
            not_before,
            not_after,
        })
    }
}

/// What an authority's certificate says.
pub(crate) fn authority_params(
    name: &str,
    path_length: u8,
    now: OffsetDateTime,
) -> Result<CertificateParams, CaFault> {
    let mut params = CertificateParams::default();
    params.distinguished_name = marked_subject()?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from_slice(&new_serial()?));
    (params.not_before, params.not_after) = authority_dates(now);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(path_length));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn check_key(certificate: &str, key: &str) -> Result<(), CaFault> {
    let unreadable = |error| CaFault::Inner(format!("not PEM: {error}"));
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(unreadable)?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(unreadable)?;
    let provider = rustls::crypto::ring::default_provider();
    CertifiedKey::from_der(vec![certificate], key, &provider)?;
    Ok(())
}

fn marked_subject() -> Result<DistinguishedName, CaFault> {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CountryName, DnValue::PrintableString("JP".try_into()?));
    subject.push(DnType::OrganizationName, FAKE_MARK);
    Ok(subject)
}

/// Sixteen bytes, positive and without a leading zero: their hexadecimal is then the same wherever
/// a number is printed.
fn new_serial() -> Result<[u8; 16], CaFault> {
    let mut serial = secret::random::<16>()?;
    serial[0] = serial[0] & 0x7f | 0x40;
    Ok(serial)
}

/// A serial number as the library takes it.
pub(crate) fn serial_number(hex: &str) -> Result<SerialNumber, CaFault> {
    let number = u128::from_str_radix(hex, 16)
        .map_err(|error| CaFault::Inner(format!("{hex} is no serial number: {error}")))?;
    Ok(SerialNumber::from_slice(&number.to_be_bytes()))
}

fn authority_dates(now: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
    let (before, after) = AUTHORITY_YEARS;
    (years_later(whole_second(now), -before), years_later(whole_second(now), after))
}

/// The same day and time, this many years later; 28 February where there is no 29th.
fn years_later(from: OffsetDateTime, years: i32) -> OffsetDateTime {
    from.replace_year(from.year() + years)
        .unwrap_or_else(|_| from + Duration::days(365 * i64::from(years)))
}

/// Certificates carry whole seconds.
fn whole_second(time: OffsetDateTime) -> OffsetDateTime {
    time - Duration::nanoseconds(i64::from(time.nanosecond()))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use x509_parser::{
        parse_x509_certificate, prelude::FromDer, revocation_list::CertificateRevocationList,
    };

    use super::*;
    use crate::state::Record;

    const NOW: OffsetDateTime = datetime!(2024-02-29 12:00:00.5 UTC);

    fn authority() -> Authority {
        Authority::open(AuthorityPem::mint(NOW).expect("mints")).expect("opens")
    }

    fn der(pem: &str) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM")
    }

    #[test]
    fn every_subject_is_marked_as_fake() {
        let authority = authority();
        let server = Profile::server(&["localhost"], NOW).expect("a name");
        let office = "2770100012".parse().expect("an office number");
        let client = Profile::client(office, CertificateKind::Agent, NOW).expect("a profile");
        let mut pems = vec![authority.root_pem.clone(), authority.issuing_pem.clone()];
        for profile in [server, client] {
            pems.push(authority.issue(&profile).expect("signs").certificate_pem);
        }
        for pem in pems {
            let der = der(&pem);
            let (_, certificate) = parse_x509_certificate(&der).expect("a certificate");
            let subject = certificate.subject().to_string();
            assert!(subject.contains(FAKE_MARK), "{subject}");
        }
    }

    #[test]
    fn a_client_certificate_holds_three_years_to_the_day() {
        let office = "2770100012".parse().expect("an office number");
        let profile = Profile::client(office, CertificateKind::CareInsurance, NOW).expect("one");
        assert_eq!(profile.not_before, datetime!(2024-02-29 12:00 UTC));
        assert_eq!(profile.not_after, datetime!(2027-02-28 12:00 UTC));
        let later = years_later(datetime!(2025-04-01 0:00 UTC), CLIENT_YEARS);
        assert_eq!(later, datetime!(2028-04-01 0:00 UTC));
    }

    #[test]
    fn a_name_that_no_certificate_can_carry_is_refused() {
        let profile = Profile::server(&["見本"], NOW).expect("a profile");
        assert!(matches!(authority().issue(&profile), Err(CaFault::Certificate(_))));
    }

    #[test]
    fn each_list_has_a_higher_number_and_the_dates_of_revocation() {
        let authority = authority();
        let serial = new_serial().expect("randomness");
        let record = |serial: &[u8], revoked_at| Record {
            serial: secret::hex(serial),
            kind: CertificateKind::CareInsurance,
            office: "2770100012".parse().expect("an office number"),
            not_before: NOW,
            not_after: NOW,
            revoked_at,
        };
        let revoked = datetime!(2024-03-01 0:00 UTC);
        let mut state = State {
            certificates: vec![record(&[0x41; 16], None), record(&serial, Some(revoked))],
            ..State::default()
        };
        let first = u64::try_from(NOW.unix_timestamp()).expect("after 1970");
        for number in [first, first + 1] {
            let crl = authority.sign_crl(&state, NOW).expect("signs");
            let pem =
                rustls::pki_types::CertificateRevocationListDer::from_pem_slice(crl.pem.as_bytes());
            let der = pem.expect("PEM");
            let (_, list) = CertificateRevocationList::from_der(&der).expect("a list");
            assert_eq!(list.crl_number(), Some(&number.into()));
            let listed: Vec<_> = list.iter_revoked_certificates().collect();
            assert_eq!(listed.len(), 1);
            assert_eq!(listed[0].raw_serial(), serial);
            assert_eq!(listed[0].revocation_date.to_datetime(), revoked);
            let next = list.next_update().expect("a next update").to_datetime();
            assert_eq!(next, datetime!(2024-03-01 12:00 UTC));
            state.crl = Some(crl);
        }
    }
}
