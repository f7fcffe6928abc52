//! An office of the sandbox: its account, certificate, terminals and software.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use careplan_protocol::{Clock, OfficeNumber, ServiceKind, UserId, ca::CertificateKind};
use reference_client::{
    CertificateSource, Credentials, Enrolment, FirstLogin, Observer, Patience, Settings, Silent,
    Terminal,
};

use crate::{OfficeSpec, SandboxError, place};

/// An office that takes part.
pub struct Office {
    /// 事業所番号.
    pub number: OfficeNumber,
    /// 事業所名称.
    pub name: String,
    /// サービス種類.
    pub kinds: Vec<ServiceKind>,
    /// ユーザID.
    pub user_id: UserId,
    /// Its folder.
    pub folder: PathBuf,
    /// The file that holds its password, which only its owner may read.
    pub password_file: PathBuf,
    /// Its terminals, the first one first.
    pub terminals: Vec<TerminalHome>,
    /// The folder of its care software.
    pub software: PathBuf,
    /// Where its terminals put what they fetch.
    pub received: PathBuf,
    /// Where its care software puts what is to be sent.
    pub outgoing: PathBuf,
    /// The certificate chain and key that the CA issued, PEM, as files of their own.
    pub certificate: CertificateFiles,
    pub(crate) password: String,
    pub(crate) credentials: Option<Credentials>,
}

/// Where an office's certificate lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The client certificate, then the issuing CA's, PEM.
    pub chain: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
    /// Both as PKCS#12, where that was asked for.
    pub p12: PathBuf,
    /// The password of the PKCS#12 file.
    pub p12_password: PathBuf,
}

/// A terminal's folder, with the name that the sandbox calls it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalHome {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
}

/// Which terminal is meant, and how it reaches the hub.
#[derive(Clone, Copy)]
pub struct Seat<'a> {
    /// Whose terminal.
    pub office: &'a Office,
    /// Its name; the first one if none.
    pub terminal: Option<&'a str>,
    /// The address to reach the hub at, instead of the hub's own.
    pub via: Option<SocketAddr>,
}

/// Where the services are, for those who enrol.
#[derive(Clone)]
pub(crate) struct Services {
    pub(crate) hub_url: String,
    pub(crate) ca_url: String,
    pub(crate) root_pem: String,
    pub(crate) clock: Clock,
    pub(crate) patience: Patience,
}

/// The name of every office's first terminal.
pub(crate) const FIRST_TERMINAL: &str = "pc-1";

impl Office {
    /// Gives the office its folder, user ID and password. `place` counts the offices from 1.
    pub(crate) fn prepare(
        spec: OfficeSpec,
        place: usize,
        all: &Path,
    ) -> Result<Self, SandboxError> {
        let folder = all.join("offices").join(spec.number.as_str());
        let (received, outgoing) = (folder.join("received"), folder.join("outgoing"));
        for inner in [&received, &outgoing] {
            place::make_folder(inner)?;
        }
        let (certificate, software) = (folder.join("certificate"), folder.join("software"));
        if let Some(edition) = spec.edition {
            let installed = care_software::home::install(&software, edition);
            installed.map_err(|error| SandboxError::Ours(error.to_string()))?;
        }
        let password = place::password()?;
        let password_file = folder.join("password.txt");
        place::write_private(&password_file, &password)?;
        let user_id = UserId::parse(&format!("KJ99{place:010}"));
        Ok(Self {
            number: spec.number,
            name: spec.name,
            kinds: spec.kinds,
            user_id: user_id.map_err(|error| SandboxError::Ours(error.to_string()))?,
            terminals: Vec::new(),
            software,
            password_file,
            received,
            outgoing,
            certificate: CertificateFiles {
                chain: certificate.join("certificate.pem"),
                key: certificate.join("key.pem"),
                p12: certificate.join("certificate.p12"),
                p12_password: certificate.join("p12-password.txt"),
            },
            password,
            credentials: None,
            folder,
        })
    }

    /// Its first terminal's folder.
    pub fn terminal(&self) -> Option<&TerminalHome> {
        self.terminals.first()
    }

    /// Puts chain and key into files of their own, for tools that are no terminal of ours.
    pub(crate) fn write_certificate(&self, own: &Credentials) -> Result<(), SandboxError> {
        place::make_folder(&self.folder.join("certificate"))?;
        place::write_private(&self.certificate.chain, own.chain_pem())?;
        place::write_private(&self.certificate.key, own.key_pem())
    }

    /// The terminal of this name.
    fn find(&self, name: Option<&str>) -> Result<&TerminalHome, SandboxError> {
        let found = match name {
            None => self.terminal(),
            Some(name) => self.terminals.iter().find(|terminal| terminal.name == name),
        };
        found.ok_or_else(|| SandboxError::Missing(name.unwrap_or(FIRST_TERMINAL).to_owned()))
    }
}

/// Enrols a terminal at the CA: log in, apply, download. Needs no more than a person would have.
pub(crate) async fn apply(
    folder: PathBuf,
    user_id: UserId,
    password: String,
    services: Services,
) -> Result<Credentials, SandboxError> {
    let enrolment = Enrolment {
        hub_url: services.hub_url.clone(),
        root_pem: services.root_pem.clone(),
        user_id,
        certificate: CertificateSource::Apply {
            ca_url: services.ca_url.clone(),
            login: FirstLogin { password, new_password: None },
            kind: CertificateKind::CareInsurance,
        },
    };
    place::make_folder(&folder)?;
    let settings = settings(&services, Arc::new(Silent));
    let terminal = Terminal::enrol(&folder, enrolment, settings).await?;
    let credentials = terminal.credentials().cloned();
    credentials.ok_or_else(|| SandboxError::Missing("certificate".to_owned()))
}

/// Enrols a further terminal with the certificate that the office's first one has.
pub(crate) async fn install(
    office: &Office,
    folder: &Path,
    services: &Services,
) -> Result<(), SandboxError> {
    let enrolment = with_own_certificate(office, services.hub_url.clone(), &services.root_pem)?;
    place::make_folder(folder)?;
    Terminal::enrol(folder, enrolment, settings(services, Arc::new(Silent))).await?;
    Ok(())
}

/// Opens a terminal, logged in at its first request.
pub(crate) async fn open(
    seat: Seat<'_>,
    services: &Services,
    observer: Arc<dyn Observer>,
) -> Result<Terminal, SandboxError> {
    let folder = &seat.office.find(seat.terminal)?.folder;
    let settings = settings(services, observer);
    let terminal = match seat.via {
        None => Terminal::open(folder, settings)?,
        Some(address) => {
            let hub_url = format!("https://{address}");
            let enrolment = with_own_certificate(seat.office, hub_url, &services.root_pem)?;
            Terminal::enrol(folder, enrolment, settings).await?
        }
    };
    Ok(terminal.with_password(seat.office.password.clone()))
}

fn with_own_certificate(
    office: &Office,
    hub_url: String,
    root_pem: &str,
) -> Result<Enrolment, SandboxError> {
    let credentials = office.credentials.clone();
    let credentials = credentials.ok_or_else(|| SandboxError::Missing("certificate".to_owned()))?;
    Ok(Enrolment {
        hub_url,
        root_pem: root_pem.to_owned(),
        user_id: office.user_id.clone(),
        certificate: CertificateSource::Installed(credentials),
    })
}

fn settings(services: &Services, observer: Arc<dyn Observer>) -> Settings {
    let Services { clock, patience, .. } = services.clone();
    Settings { clock, observer, patience, ..Settings::default() }
}
