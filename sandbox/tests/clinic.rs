//! Every flaw of the clinic, brought to a running hub by a real terminal: each is named.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use careplan_protocol::{Lang, Problem, ProblemKind};
use careplan_sandbox::{
    OfficeSpec, Sandbox, SandboxConfig,
    fake_ca::{Flaw, FlawedFiles, NoticedBy},
    reference_client::{
        CertificateSource, ClientError, Credentials, Enrolment, Exchange, Observer, Patience,
        Settings, Terminal,
    },
};

/// How often a revoked certificate is tried until the hub has heard of it.
const TRIES: usize = 40;
const TRY_PAUSE: Duration = Duration::from_millis(100);

#[tokio::test]
async fn every_flaw_is_named_by_who_notices_it() {
    let offices = OfficeSpec::standard_cast().into_iter().take(1).collect();
    let config = SandboxConfig { offices, ..SandboxConfig::default() };
    let sandbox = Sandbox::start(config).await.expect("starts");
    let folder = tempfile::tempdir().expect("a folder");
    let mut wrong = Vec::new();
    for flaw in Flaw::all() {
        let (found, by) = meet(&sandbox, flaw, &folder.path().join(flaw.name)).await;
        let kind = found.as_ref().and_then(Problem::known_kind);
        if (kind, by) != (Some(flaw.problem), flaw.noticed_by) {
            let found = found.map_or_else(|| "let in".to_owned(), |found| found.line(Lang::En));
            wrong.push(format!("{}: not {}, but {by:?}: {found}", flaw.name, flaw.problem.id()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    sandbox.stop().await;
}

/// What becomes of somebody who comes with this flaw, and who says so.
async fn meet(sandbox: &Sandbox, flaw: &Flaw, folder: &Path) -> (Option<Problem>, NoticedBy) {
    let office = &sandbox.offices()[0];
    let files = sandbox.ca().issue_flawed(flaw, office.number).expect("makes it");
    let credentials = match install(&files) {
        Ok(credentials) => credentials,
        Err(error) => return (Some(problem(error)), NoticedBy::Client),
    };
    let heard = Arc::new(Heard::default());
    let mut terminal = enrol(sandbox, credentials, folder, heard.clone()).await;
    let password = std::fs::read_to_string(&office.password_file).expect("a password");
    let mut outcome = terminal.login(&password).await;
    for _ in 0..TRIES {
        if outcome.is_err() || flaw.problem != ProblemKind::CertificateRevoked {
            break;
        }
        tokio::time::sleep(TRY_PAUSE).await;
        outcome = terminal.login(&password).await;
    }
    let Err(error) = outcome else { return (None, NoticedBy::Hub) };
    // Whoever is connected hears of a revocation from the hub itself, a newcomer from TLS.
    let by_hub = heard.0.load(Ordering::SeqCst) && flaw.problem != ProblemKind::CertificateRevoked;
    (Some(problem(error)), if by_hub { NoticedBy::Hub } else { NoticedBy::Tls })
}

/// Whether the last exchange had an answer over HTTP.
#[derive(Default)]
struct Heard(AtomicBool);

impl Observer for Heard {
    fn exchange(&self, exchange: &Exchange) {
        self.0.store(exchange.status.is_some(), Ordering::SeqCst);
    }
}

fn install(files: &FlawedFiles) -> Result<Credentials, ClientError> {
    match &files.pkcs12 {
        Some((bytes, password)) => Credentials::from_pkcs12(bytes, password),
        None => Credentials::from_pem(&files.certificate, &files.key),
    }
}

async fn enrol(
    sandbox: &Sandbox,
    credentials: Credentials,
    folder: &Path,
    observer: Arc<Heard>,
) -> Terminal {
    let enrolment = Enrolment {
        hub_url: format!("https://{}", sandbox.hub_address()),
        root_pem: sandbox.root_pem().to_owned(),
        user_id: sandbox.offices()[0].user_id.clone(),
        certificate: CertificateSource::Installed(credentials),
    };
    let patience = Patience { attempts_max: 1, ..Patience::default() };
    let settings = Settings { clock: sandbox.clock(), observer, patience, ..Settings::default() };
    Terminal::enrol(folder, enrolment, settings).await.expect("enrols")
}

fn problem(error: ClientError) -> Problem {
    match error {
        ClientError::Problem(problem) => *problem,
        other => panic!("{other}"),
    }
}
