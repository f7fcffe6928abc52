//! The clinic: every flaw that a certificate can have, by name, to be met before it is met in
//! earnest.
//!
//! Each flaw is the only one in its files: all else is as the CA issues it, so that whoever refuses
//! them can have seen no other. What the CA would never issue is on no list of its; no flaw opens
//! anything.

mod chains;
mod files;
mod leaves;

use std::path::Path;

use careplan_protocol::{Lang, OfficeNumber, ProblemKind, ca::CertificateKind};
use rcgen::{CertificateParams, KeyPair};
use time::OffsetDateTime;

use crate::{
    CaFault, FakeCa, IssuedCertificate, Saved,
    authority::{Authority, Leaf, Profile},
};

/// A flaw by name.
pub struct Flaw {
    /// Its name, of small letters, digits and hyphens.
    pub name: &'static str,
    ja: &'static str,
    en: &'static str,
    /// Who notices it.
    pub noticed_by: NoticedBy,
    /// The problem as which it is refused.
    pub problem: ProblemKind,
    make: Make,
}

/// Who notices a flaw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticedBy {
    /// The client, before it connects.
    Client,
    /// TLS at the hub, which has only an alert to say so: the client finds out which flaw it was.
    Tls,
    /// The hub, which answers with the problem.
    Hub,
}

/// Files with a flaw, as a terminal would install them.
#[derive(Clone)]
pub struct FlawedFiles {
    /// The certificate chain: PEM, unless that is the flaw.
    pub certificate: Vec<u8>,
    /// The private key: PEM, unless that is the flaw.
    pub key: Vec<u8>,
    /// PKCS#12 with its password, where the flaw is in it; the two others are then right.
    pub pkcs12: Option<(Vec<u8>, String)>,
}

/// For whom, and when.
struct Order {
    office: OfficeNumber,
    now: OffsetDateTime,
}

enum Make {
    /// Says something else than a right one.
    Leaf(fn(&mut CertificateParams, &Order)),
    /// Is signed or chained in another way.
    Chain(fn(&Bench<'_>) -> Result<FlawedFiles, CaFault>),
    /// Is put into its files in another way.
    Files(fn(&Bench<'_>) -> Result<FlawedFiles, CaFault>),
}

/// What flawed files are made with.
struct Bench<'a> {
    ca: &'a FakeCa,
    order: Order,
}

/// Every flaw: of what a certificate says, of its chain, of its files.
const FLAWS: [&[Flaw]; 3] = [leaves::FLAWS, chains::FLAWS, files::FLAWS];

impl Flaw {
    /// All of them.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        FLAWS.into_iter().flatten()
    }

    /// The flaw of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::all().find(|flaw| flaw.name == name)
    }

    /// What it is.
    pub fn title(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ja => self.ja,
            Lang::En => self.en,
        }
    }
}

impl NoticedBy {
    /// The word for JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Tls => "tls",
            Self::Hub => "hub",
        }
    }
}

impl FakeCa {
    /// Makes files with this flaw for an office.
    ///
    /// # Errors
    /// Signing failed; or a revocation cannot be kept.
    pub fn issue_flawed(&self, flaw: &Flaw, office: OfficeNumber) -> Result<FlawedFiles, CaFault> {
        let now = self.inner.clock.now();
        let bench = Bench { ca: self, order: Order { office, now } };
        match flaw.make {
            Make::Leaf(spoil) => {
                let mut params = bench.params()?;
                spoil(&mut params, &bench.order);
                bench.sign(&params)
            }
            Make::Chain(make) | Make::Files(make) => make(&bench),
        }
    }
}

impl FlawedFiles {
    /// Writes `certificate.pem` and `key.pem`, or `certificate.p12` and `password.txt`, into a
    /// folder (made if it is missing). Nothing is overwritten.
    ///
    /// # Errors
    /// The folder cannot be used, or has one of the files.
    pub fn save(&self, folder: &Path) -> Result<Saved, CaFault> {
        let saved = crate::pkcs12::save(
            folder,
            &self.certificate,
            &self.key,
            self.pkcs12.as_ref().map(|(bytes, _)| bytes.as_slice()),
        )?;
        if let Some((_, password)) = &self.pkcs12 {
            crate::files::create(&folder.join("password.txt"), password.as_bytes())?;
        }
        Ok(saved)
    }
}

impl Bench<'_> {
    fn authority(&self) -> &Authority {
        &self.ca.inner.authority
    }

    /// What a right certificate says.
    fn params(&self) -> Result<CertificateParams, CaFault> {
        let Order { office, now } = self.order;
        Profile::client(office, CertificateKind::CareInsurance, now)?.params()
    }

    /// A certificate and key that are right.
    fn right(&self) -> Result<Leaf, CaFault> {
        let Order { office, now } = self.order;
        self.authority().issue(&Profile::client(office, CertificateKind::CareInsurance, now)?)
    }

    /// A certificate of the office that the CA knows of.
    fn issued(&self, kind: CertificateKind) -> Result<IssuedCertificate, CaFault> {
        self.ca.issue_client(self.order.office, kind)
    }

    /// Signs what the certificate is to say, as the CA would.
    fn sign(&self, params: &CertificateParams) -> Result<FlawedFiles, CaFault> {
        let key = KeyPair::generate()?;
        let leaf = params.signed_by(&key, self.authority().issuing())?;
        Ok(FlawedFiles::pem(leaf.pem() + self.ca.issuing_pem(), key.serialize_pem()))
    }
}

impl FlawedFiles {
    /// PEM, whatever is wrong with it.
    fn pem(certificate: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        Self { certificate: certificate.into(), key: key.into(), pkcs12: None }
    }
}

impl From<IssuedCertificate> for FlawedFiles {
    fn from(issued: IssuedCertificate) -> Self {
        Self::pem(issued.chain_pem, issued.key_pem)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use careplan_protocol::{Clock, certificate::diagnose};
    use rustls::pki_types::{CertificateDer, pem::PemObject};

    use super::*;
    use crate::Keep;

    fn chain(pem: &[u8]) -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().expect("PEM")
    }

    #[test]
    fn flaws_have_names_of_their_own_and_words_in_both_languages() {
        let names: BTreeSet<_> = Flaw::all().map(|flaw| flaw.name).collect();
        assert_eq!(names.len(), Flaw::all().count());
        assert!(names.len() >= 50, "{}", names.len());
        for flaw in Flaw::all() {
            let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(flaw.name.chars().all(is_word), "{}", flaw.name);
            assert!(!flaw.title(Lang::Ja).is_ascii() && flaw.title(Lang::En).is_ascii());
        }
        assert!(Flaw::find("no such flaw").is_none());
    }

    #[test]
    fn a_right_certificate_has_none_of_the_flaws() {
        let ca = FakeCa::open(Keep::Memory, Clock::system()).expect("opens");
        let office = "2770100012".parse().expect("an office number");
        for kind in CertificateKind::ALL.into_iter().filter(|kind| kind.is_accepted_by_hub()) {
            let issued = ca.issue_client(office, kind).expect("issues");
            let roots = chain(ca.root_pem().as_bytes());
            let now = issued.info.not_before;
            assert_eq!(diagnose(&chain(issued.chain_pem.as_bytes()), &roots, now), Ok(()));
        }
    }

    #[test]
    fn flawed_files_are_saved_as_they_are() {
        let ca = FakeCa::open(Keep::Memory, Clock::system()).expect("opens");
        let office = "2770100012".parse().expect("an office number");
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["pem-utf16", "pkcs12-damaged"] {
            let flaw = Flaw::find(name).expect("a flaw");
            let files = ca.issue_flawed(flaw, office).expect("makes it");
            let saved = files.save(&folder.path().join(name)).expect("saves");
            let kept = std::fs::read(&saved.certificate).expect("reads");
            assert_eq!(kept, files.certificate);
            assert_eq!(saved.pkcs12.is_some(), files.pkcs12.is_some());
        }
    }
}
