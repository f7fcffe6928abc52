//! ログイン, sessions, and what an office learns of itself and of others.

use careplan_protocol::{
    ProblemKind,
    ca::CertificateKind,
    hub::{Directory, LicenceState, Office, Profile, Submissions, TERMINAL},
};
use reqwest::Method;

use crate::support::{
    Bench, CARE_MANAGER, DAY_CARE, HOME_HELP,
    ca::{PASSWORD, TEMPORARY_PASSWORD},
    office,
    terminal::{Terminal, read},
};

#[tokio::test]
async fn an_office_logs_in_with_its_own_certificate() {
    let bench = Bench::new().await;
    let identity = bench.ca.client(CARE_MANAGER, "care-insurance");
    let terminal = Terminal::new(bench.hub.url(), &bench.ca, Some(&identity));
    let session = terminal.try_log_in(&bench.ca.account(CARE_MANAGER), PASSWORD).await;
    let session = session.expect("logs in");
    assert_eq!(session.office, office(CARE_MANAGER));
    assert_eq!(session.profile, Profile::Actual);
    let lasts = session.expires_at - bench.clock.now();
    assert!((59..=60).contains(&lasts.whole_minutes()), "{lasts}");
}

#[tokio::test]
async fn what_the_ca_has_against_a_log_in_is_passed_on() {
    let bench = Bench::new().await;
    for (number, password, want) in [
        (CARE_MANAGER, "wrong", ProblemKind::LoginFailed),
        (CARE_MANAGER, TEMPORARY_PASSWORD, ProblemKind::PasswordTemporary),
        (HOME_HELP, PASSWORD, ProblemKind::IdentityMismatch),
    ] {
        let identity = bench.ca.client(CARE_MANAGER, "care-insurance");
        let terminal = Terminal::new(bench.hub.url(), &bench.ca, Some(&identity));
        let session = terminal.try_log_in(&bench.ca.account(number), password).await;
        assert_eq!(session.err(), Some(want), "{number}");
    }
}

#[tokio::test]
async fn a_session_is_bound_to_its_certificate_and_its_hour() {
    let bench = Bench::new().await;
    let mut terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
    let renewed = bench.ca.client(CARE_MANAGER, "care-insurance");
    let mut other = Terminal::new(bench.hub.url(), &bench.ca, Some(&renewed));
    other.token.clone_from(&terminal.token);
    let stolen = other.get::<Submissions>("/v1/submissions").await;
    assert_eq!(stolen.err(), Some(ProblemKind::SessionElsewhere));

    let named = |name| {
        let request = terminal.request(Method::GET, "/v1/submissions");
        read::<Submissions>(request.header(TERMINAL, name))
    };
    assert!(named("pc-1").await.is_ok());
    assert_eq!(named("pc-2").await.err(), Some(ProblemKind::SessionOtherTerminal));

    bench.clock.step(time::Duration::minutes(61));
    let late = terminal.get::<Submissions>("/v1/submissions").await;
    assert_eq!(late.err(), Some(ProblemKind::SessionExpired));

    terminal.token = "guessed".to_owned();
    let guessed = terminal.get::<Submissions>("/v1/submissions").await;
    assert_eq!(guessed.err(), Some(ProblemKind::SessionMissing));
}

#[tokio::test]
async fn a_session_ends_with_logging_out() {
    let bench = Bench::new().await;
    let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
    let answer = terminal.request(Method::DELETE, "/v1/session").send().await.expect("answers");
    assert_eq!(answer.status(), 204);
    let after = terminal.get::<Submissions>("/v1/submissions").await;
    assert_eq!(after.err(), Some(ProblemKind::SessionMissing));
}

#[tokio::test]
async fn an_office_sees_its_licence_and_its_certificate() {
    let bench = Bench::new().await;
    let terminal = bench.terminal(HOME_HELP, "pc-1").await;
    let own: Office = terminal.get("/v1/office").await.expect("answers");
    assert_eq!(own.name, "みどりヘルパーステーション");
    assert_eq!(own.licence, LicenceState::Active);
    assert_eq!(own.certificate.kind, CertificateKind::CareInsurance);
    // The licence holds for 20 days, the certificate for 30.
    assert!(own.licence_until.expect("licensed") < own.certificate.not_after);
    assert!(!own.certificate.serial.is_empty());

    bench.clock.step(time::Duration::days(21));
    let terminal = bench.terminal(HOME_HELP, "pc-1").await;
    let own: Office = terminal.get("/v1/office").await.expect("answers");
    assert_eq!(own.licence, LicenceState::Expired);
    let directory: Directory = terminal.get("/v1/offices").await.expect("lists");
    assert!(directory.offices.is_empty(), "{directory:?}");
}

#[tokio::test]
async fn the_directory_lists_licensed_offices_and_can_be_searched() {
    let bench = Bench::new().await;
    let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
    for (query, want) in [
        ("", &[CARE_MANAGER, HOME_HELP, DAY_CARE][..]),
        ("?number=27702", &[HOME_HELP]),
        ("?name=陽だまり", &[DAY_CARE]),
        ("?kind=43", &[CARE_MANAGER]),
        ("?kind=17", &[]),
        ("?prefecture=大阪府&kind=11", &[HOME_HELP]),
        ("?prefecture=27&name=ﾍﾙﾊﾟｰ", &[HOME_HELP]),
        ("?prefecture=京都府", &[]),
    ] {
        let found: Directory = terminal.get(&format!("/v1/offices{query}")).await.expect("lists");
        let found: Vec<_> = found.offices.iter().map(|entry| entry.office.to_string()).collect();
        assert_eq!(found, want, "{query}");
    }
}
