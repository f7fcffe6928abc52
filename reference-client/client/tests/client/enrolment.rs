//! How a folder becomes a terminal, and that no secret is seen on the way.

use std::sync::Arc;

use careplan_protocol::{
    ProblemKind, UserId,
    ca::{Applied, CertificateInfo, CertificateKind, CertificatePem, CertificateState, LoggedIn},
};
use reference_client::{CertificateSource, ClientError, Enrolment, FirstLogin, Terminal};
use time::macros::datetime;

use crate::stub::{Pki, Reply, Seen, Stub, Watcher, hasty, session, user};

const TEMPORARY: &str = "Temporary-Password-1";
const CHOSEN: &str = "Chosen-Password-2";
const TOKEN: &str = "Secret-Token-3";
const ISSUE_PASSWORD: &str = "Issue-Password-4";

/// A CA with one account, whose password is temporary until it is changed.
fn ca(pki: &Pki) -> impl Fn(&Seen) -> Reply + Send + Sync + 'static {
    let client = pki.client();
    move |seen: &Seen| {
        let body = String::from_utf8_lossy(&seen.body).into_owned();
        match seen.line().as_str() {
            "POST /v1/password" if body.contains(TEMPORARY) && body.contains(CHOSEN) => {
                Reply::Json(204, String::new())
            }
            "POST /v1/login" if body.contains(CHOSEN) => Reply::json(
                200,
                &LoggedIn {
                    token: TOKEN.to_owned(),
                    office: "2770100012".parse().expect("an office"),
                    office_name: "見本居宅介護支援センター".to_owned(),
                },
            ),
            "POST /v1/login" => Reply::Problem(ProblemKind::PasswordTemporary),
            "POST /v1/applications" if seen.token() == Some(TOKEN) => Reply::json(
                201,
                &Applied {
                    id: "a-1".to_owned(),
                    issue_password: ISSUE_PASSWORD.to_owned(),
                    fee_yen: None,
                },
            ),
            "POST /v1/applications/a-1/certificate.pem" if body.contains(ISSUE_PASSWORD) => {
                Reply::json(200, &issued(&client.chain_pem, &client.key_pem))
            }
            // The same stub is the hub where a test logs in there.
            "POST /v1/session" => Reply::json(201, &session(TOKEN)),
            _ => Reply::Problem(ProblemKind::NotFound),
        }
    }
}

fn issued(chain: &str, key: &str) -> CertificatePem {
    CertificatePem {
        certificate_chain: chain.to_owned(),
        private_key: key.to_owned(),
        info: CertificateInfo {
            serial: "010203".to_owned(),
            kind: CertificateKind::CareInsurance,
            office: "2770100012".parse().expect("an office"),
            not_before: datetime!(2020-01-01 00:00 UTC),
            not_after: datetime!(2099-01-01 00:00 UTC),
            state: CertificateState::Issued,
        },
    }
}

fn application(pki: &Pki, stub: &Stub, new_password: Option<&str>) -> Enrolment {
    Enrolment {
        hub_url: stub.url.clone(),
        root_pem: pki.root_pem(),
        user_id: user(),
        certificate: CertificateSource::Apply {
            ca_url: stub.url.clone(),
            login: FirstLogin {
                password: TEMPORARY.to_owned(),
                new_password: new_password.map(str::to_owned),
            },
            kind: CertificateKind::CareInsurance,
        },
    }
}

#[tokio::test]
async fn a_temporary_password_is_reported_and_changed_on_request() {
    let pki = Pki::new();
    let stub = Stub::start(pki.open_config(&rustls::version::TLS13), ca(&pki)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let watcher = Arc::new(Watcher::default());
    let refused =
        Terminal::enrol(folder.path(), application(&pki, &stub, None), hasty(&watcher)).await;
    let error = refused.expect_err("still temporary");
    assert_eq!(error.problem_kind(), Some(ProblemKind::PasswordTemporary));

    let enrolment = application(&pki, &stub, Some(CHOSEN));
    let terminal =
        Terminal::enrol(folder.path(), enrolment, hasty(&watcher)).await.expect("enrols");
    assert_eq!(terminal.office().map(|o| o.to_string()).as_deref(), Some("2770100012"));
    let id = terminal.id().clone();
    drop(terminal);
    let reopened = Terminal::open(folder.path(), hasty(&watcher)).expect("opens");
    assert_eq!(*reopened.id(), id);
    assert!(reopened.credentials().is_some());
}

#[tokio::test]
async fn an_address_that_cannot_be_the_hubs_is_told_before_the_ca_is_asked_for_anything() {
    let pki = Pki::new();
    let stub = Stub::start(pki.open_config(&rustls::version::TLS13), ca(&pki)).await;
    for is_lost in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut enrolment = application(&pki, &stub, Some(CHOSEN));
        enrolment.hub_url = enrolment.hub_url.replace("https", "http");
        enrolment.certificate = match enrolment.certificate {
            CertificateSource::Apply { ca_url, login, kind } if is_lost => {
                CertificateSource::Reissue { ca_url, login, kind }
            }
            other => other,
        };
        let refused =
            Terminal::enrol(folder.path(), enrolment, hasty(&Arc::new(Watcher::default()))).await;
        assert!(matches!(refused, Err(ClientError::Local(_))), "{refused:?}");
        assert_eq!(stub.lines(), [""; 0], "no certificate is issued or revoked for nothing");
    }
}

#[tokio::test]
async fn no_secret_is_in_the_exchange_log() {
    let pki = Pki::new();
    let stub = Stub::start(pki.open_config(&rustls::version::TLS13), ca(&pki)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let watcher = Arc::new(Watcher::default());
    let enrolment = application(&pki, &stub, Some(CHOSEN));
    let mut terminal =
        Terminal::enrol(folder.path(), enrolment, hasty(&watcher)).await.expect("enrols");
    terminal.login(CHOSEN).await.expect("logs in");
    let refused: Result<serde_json::Value, _> = terminal.get(&["v1", "office"]).await;
    assert!(refused.is_err());

    let exchanges = watcher.exchanges.lock().expect("no panic");
    assert_eq!(exchanges.len(), 6, "password, log-in, application, download, session, office");
    let log = serde_json::to_string(&*exchanges).expect("serializes");
    for secret in [TEMPORARY, CHOSEN, TOKEN, ISSUE_PASSWORD, "PRIVATE KEY"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    assert!(log.contains("[redacted]") && log.contains(user().as_str()), "{log}");
    assert_eq!(exchanges.last().and_then(|last| last.status), Some(404));
}

#[tokio::test]
async fn enrolling_again_renews_the_certificate_and_keeps_the_terminal() {
    let pki = Pki::new();
    let folder = tempfile::tempdir().expect("a folder");
    let watcher = Arc::new(Watcher::default());
    let enrolment = |user_id: UserId, root_pem: String| Enrolment {
        hub_url: "https://127.0.0.1:1".to_owned(),
        root_pem,
        user_id,
        certificate: CertificateSource::Installed(pki.client().credentials),
    };
    let first = Terminal::enrol(folder.path(), enrolment(user(), pki.root_pem()), hasty(&watcher));
    let first = first.await.expect("enrols");
    let (id, until) = (first.id().clone(), first.credentials().map(|own| own.not_after()));
    drop(first);

    let bad = Terminal::enrol(folder.path(), enrolment(user(), "none".to_owned()), hasty(&watcher));
    assert!(matches!(bad.await, Err(ClientError::Local(_))));
    let other = UserId::parse("KJ000000000099").expect("a user ID");
    let other = Terminal::enrol(folder.path(), enrolment(other, pki.root_pem()), hasty(&watcher));
    assert!(other.await.expect_err("another's").to_string().contains(user().as_str()));

    let again = Terminal::enrol(folder.path(), enrolment(user(), pki.root_pem()), hasty(&watcher));
    let again = again.await.expect("renews");
    assert_eq!((again.id(), again.credentials().map(|own| own.not_after())), (&id, until));
}

#[tokio::test]
async fn enrolling_again_ends_the_session_of_the_certificate_before() {
    let pki = Pki::new();
    let stub = Stub::start(pki.open_config(&rustls::version::TLS13), ca(&pki)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let watcher = Arc::new(Watcher::default());
    let enrol = || {
        let enrolment = application(&pki, &stub, Some(CHOSEN));
        Terminal::enrol(folder.path(), enrolment, hasty(&watcher))
    };
    let mut terminal = enrol().await.expect("enrols");
    terminal.login(CHOSEN).await.expect("logs in");
    drop(terminal);
    assert!(enrol().await.expect("enrols again").session().is_none());
    let reopened = Terminal::open(folder.path(), hasty(&watcher)).expect("opens");
    assert!(reopened.session().is_none(), "on the disk neither");
}

#[cfg(unix)]
#[tokio::test]
async fn what_a_terminal_keeps_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let pki = Pki::new();
    let stub = Stub::start(pki.open_config(&rustls::version::TLS13), ca(&pki)).await;
    let folder = tempfile::tempdir().expect("a folder");
    let enrolment = application(&pki, &stub, Some(CHOSEN));
    let settings = hasty(&Arc::new(Watcher::default()));
    let mut terminal = Terminal::enrol(folder.path(), enrolment, settings).await.expect("enrols");
    terminal.login(CHOSEN).await.expect("logs in");
    for name in ["terminal.json", "credentials.pem", "session.json"] {
        let mode = std::fs::metadata(folder.path().join(name)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    for name in ["terminal.json", "session.json"] {
        let text = std::fs::read_to_string(folder.path().join(name)).expect("reads");
        assert!(!text.contains(CHOSEN) && !text.contains(TEMPORARY), "no password in {name}");
    }
}
