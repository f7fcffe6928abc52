//! What the operator asks of a running hub.

use careplan_protocol::{
    Party, Problem, ProblemKind,
    admin::{ClockChange, ClockState, Health, Snapshot, Snapshots},
    ca::CertificateKind,
    faults::{Arming, FaultKind, FaultSchedule, FaultsArmed, FaultsWanted},
    hub::{Office, SubmissionMeta, Submissions},
};
use reference_hub::{AdminClient, AdminError, AdminToken, Method};
use time::macros::datetime;

use crate::support::{Bench, CARE_MANAGER, HOME_HELP, office, terminal::Terminal};

const CARE_INSURANCE: &str = CertificateKind::CareInsurance.word();
const THREE_YEARS: i64 = 3 * 365 * 24 * 60 * 60;

fn step(seconds: i64) -> ClockChange {
    ClockChange { step_seconds: Some(seconds), ..ClockChange::default() }
}

async fn change(bench: &Bench, change: ClockChange) -> ClockState {
    let changed = bench.admin().ask(Method::PUT, "/admin/clock", &change).await;
    changed.expect("changes the clock")
}

fn kind(refused: AdminError) -> Option<ProblemKind> {
    match refused {
        AdminError::Refused(problem) => problem.known_kind(),
        AdminError::Away(what) => panic!("no answer: {what}"),
    }
}

#[tokio::test]
async fn the_healthy_hub_says_so() {
    let bench = Bench::new().await;
    let health: Health = bench.admin().get("/admin/health").await.expect("healthy");
    assert_eq!(health.offices, 4);
}

#[tokio::test]
async fn nobody_is_heard_without_the_token() {
    let bench = Bench::new().await;
    let url = bench.hub.admin_url().expect("listens");
    let guess = AdminClient::new(&url, AdminToken::fresh()).expect("a client");
    for path in ["/admin/health", "/admin/clock", "/admin/nothing"] {
        let refused = guess.get::<Health>(path).await.expect_err("another token");
        assert_eq!(kind(refused), Some(ProblemKind::AdminTokenWrong), "{path}");
    }
}

#[tokio::test]
async fn what_is_no_admin_request_is_a_problem_too() {
    let bench = Bench::new().await;
    let admin = bench.admin();
    let unknown = admin.get::<Health>("/admin/nothing").await.expect_err("unknown");
    assert_eq!(kind(unknown), Some(ProblemKind::NotFound));
    let method = admin.tell(Method::DELETE, "/admin/clock").await.expect_err("another method");
    assert_eq!(kind(method), Some(ProblemKind::MethodNotAllowed));
    let body = serde_json::json!({ "sett": "2026-04-01T00:00:00Z" });
    let typo = admin.ask::<ClockState>(Method::PUT, "/admin/clock", &body).await;
    assert_eq!(kind(typo.expect_err("a typo")), Some(ProblemKind::RequestMalformed));
}

#[tokio::test]
async fn the_offices_door_has_no_admin_requests() {
    let bench = Bench::new().await;
    let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
    let answer = terminal.get::<Health>("/admin/health").await;
    assert_eq!(answer.expect_err("not here"), ProblemKind::NotFound);
}

#[tokio::test]
async fn the_clock_is_set_stepped_frozen_and_thawed() {
    let bench = Bench::new().await;
    let spring = datetime!(2031-04-01 00:00 UTC);
    let set = ClockChange { set: Some(spring), frozen: Some(true), ..ClockChange::default() };
    let told = change(&bench, set).await;
    assert!(told.frozen && told.now - spring < time::Duration::minutes(1), "{told:?}");
    assert_eq!(bench.clock.now(), told.now, "it stands, for all");
    let later = change(&bench, step(60)).await;
    assert_eq!(later.now, told.now + time::Duration::minutes(1));
    let thawed = ClockChange { frozen: Some(false), ..ClockChange::default() };
    assert!(!change(&bench, thawed).await.frozen);
}

#[tokio::test]
async fn a_time_that_no_clock_can_tell_is_refused_and_changes_nothing() {
    let bench = Bench::new().await;
    bench.clock.freeze();
    let before = bench.clock.now();
    for (set, step_seconds) in [
        (None, Some(i64::MAX)),
        (None, Some(i64::MIN)),
        (Some(datetime!(9999-01-01 0:00 UTC)), None),
    ] {
        let wild = ClockChange { set, step_seconds, frozen: Some(false) };
        let refused = bench.admin().ask::<ClockState>(Method::PUT, "/admin/clock", &wild).await;
        assert_eq!(kind(refused.expect_err("too far")), Some(ProblemKind::RequestMalformed));
    }
    assert_eq!(bench.clock.now(), before);
}

#[tokio::test]
async fn a_certificate_ends_with_its_three_years() {
    let bench = Bench::new().await;
    let identity = bench.ca.client(CARE_MANAGER, CARE_INSURANCE);
    let live = Terminal::new(bench.hub.url(), &bench.ca, Some(&identity));
    let before = live.get::<Office>("/v1/office").await;
    assert_eq!(before.expect_err("not logged in"), ProblemKind::SessionMissing);
    change(&bench, step(THREE_YEARS)).await;
    let after = live.get::<Office>("/v1/office").await;
    assert_eq!(after.expect_err("three years on"), ProblemKind::CertificateExpired);
}

#[tokio::test]
async fn a_session_ends_with_its_hour_and_never_while_the_clock_stands() {
    let bench = Bench::new().await;
    bench.clock.freeze();
    let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
    change(&bench, step(60 * 60 - 1)).await;
    terminal.get::<Submissions>("/v1/submissions").await.expect("a second is left");
    change(&bench, step(1)).await;
    let over = terminal.get::<Submissions>("/v1/submissions").await;
    assert_eq!(over.expect_err("an hour on"), ProblemKind::SessionExpired);
}

#[tokio::test]
async fn a_licence_ends_by_the_same_clock() {
    use careplan_protocol::hub::LicenceState;
    let bench = Bench::new().await;
    let licence = async || {
        let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
        terminal.get::<Office>("/v1/office").await.expect("its own office").licence
    };
    assert_eq!(licence().await, LicenceState::Active);
    change(&bench, step(21 * 24 * 60 * 60)).await;
    assert_eq!(licence().await, LicenceState::Expired);
}

#[tokio::test]
async fn a_hub_has_no_admin_listener_unless_asked_for() {
    let (ca, clock) = (crate::support::ca::Ca::start().await, careplan_protocol::Clock::system());
    let store = reference_hub::StoreChoice::Memory;
    let config = crate::support::config(&ca, &clock, store);
    let config = reference_hub::HubConfig { admin: None, ..config };
    let hub = reference_hub::Hub::start(config).await.expect("starts");
    assert_eq!(hub.admin_url(), None);
}

#[tokio::test]
async fn a_refusal_is_of_the_media_type_of_problems() {
    let bench = Bench::new().await;
    let admin = bench.admin();
    let answer = admin.request(Method::GET, "/admin/nothing").send().await.expect("an answer");
    let media_type = answer.headers().get("content-type").expect("a media type");
    assert_eq!(media_type, Problem::MEDIA_TYPE);
}

#[tokio::test]
async fn a_snapshot_brings_back_sendings_sessions_and_the_clock() {
    let folder = tempfile::tempdir().expect("a folder");
    for bench in [Bench::new().await, Bench::on_disk(&folder.path().join("hub.db")).await] {
        let admin = bench.admin();
        let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
        let say = async |key: &str| {
            let meta = SubmissionMeta {
                message: "4月分".to_owned(),
                destination: Some(Party { office: office(HOME_HELP), kind: None }),
            };
            sender.send(key, &meta, &[]).await.expect("taken")
        };
        say("key-0001").await;
        change(&bench, ClockChange { frozen: Some(true), ..ClockChange::default() }).await;
        let then = bench.clock.now();
        let path = "/admin/snapshots/april";
        let taken: Snapshot = admin.ask(Method::PUT, path, &()).await.expect("takes it");
        change(&bench, step(60 * 60 + 1)).await;
        assert!(sender.get::<Submissions>("/v1/submissions").await.is_err(), "an hour has gone");

        let restore = format!("{path}/restore");
        let restored: Snapshot = admin.ask(Method::POST, &restore, &()).await.expect("restores");
        assert_eq!((&restored, bench.clock.now()), (&taken, then));
        assert_eq!(sender.sent().await.len(), 1, "the session is that of then");
        say("key-0002").await;
        let listed: Snapshots = admin.get("/admin/snapshots").await.expect("lists");
        assert_eq!(listed.snapshots, [taken]);

        admin.tell(Method::POST, "/admin/reset").await.expect("resets");
        assert!(!bench.clock.is_frozen());
        let gone = sender.get::<Submissions>("/v1/submissions").await;
        assert_eq!(gone.expect_err("sessions go as well"), ProblemKind::SessionMissing);
        assert!(bench.terminal(CARE_MANAGER, "pc-1").await.sent().await.is_empty());
        let health: Health = admin.get("/admin/health").await.expect("healthy");
        assert_eq!(health.offices, 4, "the offices of the start are registered");
        admin.tell(Method::DELETE, path).await.expect("forgets");
        let none = admin.tell(Method::POST, &restore).await.expect_err("there is none");
        assert_eq!(kind(none), Some(ProblemKind::NotFound));
    }
}

#[tokio::test]
async fn a_snapshot_brings_back_what_was_armed_and_a_reset_what_the_start_armed() {
    let bench = Bench::new().await;
    let admin = bench.admin();
    let armed = async || admin.get::<FaultsArmed>("/admin/faults").await.expect("lists").armed;
    let twice = Arming::new(FaultKind::Refuse503).with_schedule(FaultSchedule::Next(2));
    bench.faults.start_with(&FaultsWanted::these(vec![twice.clone()])).expect("can act");
    let identity = bench.ca.client(CARE_MANAGER, CARE_INSURANCE);
    let terminal = Terminal::new(bench.hub.url(), &bench.ca, Some(&identity));
    assert!(terminal.get::<Office>("/v1/office").await.is_err(), "the first of two");
    let then = armed().await;
    admin.tell(Method::PUT, "/admin/snapshots/armed").await.expect("takes it");
    assert_eq!(then[0].fired, 1);
    bench.faults.arm(Arming::new(FaultKind::AnswerLost)).expect("can act");
    admin.tell(Method::POST, "/admin/snapshots/armed/restore").await.expect("restores");
    assert_eq!(armed().await, then, "with its counters");
    admin.tell(Method::DELETE, "/admin/faults").await.expect("disarms");
    admin.tell(Method::POST, "/admin/reset").await.expect("resets");
    let again = armed().await;
    assert_eq!(again.len(), 1);
    assert_eq!((&again[0].arming, again[0].fired), (&twice, 0), "as at the start");
}

#[tokio::test]
async fn a_snapshot_has_a_name_that_is_one() {
    let bench = Bench::new().await;
    for bad in ["A", "a%2Fb", "%E6%98%A5", "..%2F..%2Fetc"] {
        let path = format!("/admin/snapshots/{bad}");
        let refused = bench.admin().tell(Method::PUT, &path).await.expect_err("no name");
        assert_eq!(kind(refused), Some(ProblemKind::RequestMalformed), "{bad}");
    }
}
