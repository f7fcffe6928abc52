//! The operator registers offices and looks after their licences while the hub runs.

use careplan_protocol::{
    ProblemKind,
    admin::{Licence, LicenceChange, OfficeChange, OfficeEntries, OfficeEntry, Plan},
    hub::LicenceState,
};
use reference_hub::{AdminError, Method};
use time::macros::datetime;

use crate::{
    sendings::to,
    support::{Bench, CARE_MANAGER, UNLICENSED},
};

const CENTRE: &str = "2700100021";

fn refusal<T: std::fmt::Debug>(answer: Result<T, AdminError>) -> Option<ProblemKind> {
    match answer.expect_err("refused") {
        AdminError::Refused(problem) => problem.known_kind(),
        AdminError::Away(what) => panic!("no answer: {what}"),
    }
}

async fn licence(bench: &Bench, change: LicenceChange) -> Result<Licence, AdminError> {
    let path = format!("/admin/offices/{UNLICENSED}/licence");
    bench.admin().ask(Method::POST, &path, &change).await
}

fn apply(plan: Plan) -> LicenceChange {
    LicenceChange::Apply { plan, applied_at: None, renews: Some(false) }
}

#[tokio::test]
async fn an_office_comes_and_goes() {
    let bench = Bench::new().await;
    let (admin, path) = (bench.admin(), format!("/admin/offices/{CENTRE}"));
    assert_eq!(refusal(admin.get::<OfficeEntry>(&path).await), Some(ProblemKind::NotFound));
    let change = OfficeChange {
        name: "北部地域包括支援センター".to_owned(),
        kinds: vec!["46".parse().expect("a kind")],
        prefecture: None,
        versions: vec!["202407".to_owned()],
    };
    let entry: OfficeEntry = admin.ask(Method::PUT, &path, &change).await.expect("registered");
    assert_eq!(entry.prefecture.as_deref(), Some("大阪府"));
    assert_eq!(entry.licence.state, LicenceState::None);
    assert_eq!(admin.get::<OfficeEntry>(&path).await.expect("there"), entry);
    let found: OfficeEntries = admin.get("/admin/offices?kind=46").await.expect("found");
    assert_eq!(found.offices, [entry]);
    let page: OfficeEntries = admin.get("/admin/offices?limit=2").await.expect("found");
    assert_eq!(page.next.as_deref(), Some(CARE_MANAGER));
    let table = admin.text("/admin/offices?format=csv").await.expect("a table");
    assert_eq!(table.lines().count(), 6, "{table}");
    admin.tell(Method::DELETE, &path).await.expect("removed");
    assert_eq!(refusal(admin.tell(Method::DELETE, &path).await), Some(ProblemKind::NotFound));
    let wrong = OfficeChange { prefecture: Some("関西".to_owned()), ..change };
    let refused = admin.ask::<OfficeEntry>(Method::PUT, &path, &wrong).await;
    assert_eq!(refusal(refused), Some(ProblemKind::RequestMalformed));
}

#[tokio::test]
async fn a_licence_begins_runs_out_and_begins_again() {
    let bench = Bench::new().await;
    let sends = async |key: &str| {
        let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
        terminal.send(key, &to(UNLICENSED), &[("a.pdf", b"%PDF-1.7")]).await.map(drop)
    };
    assert_eq!(sends("sending-1").await, Err(ProblemKind::RecipientLicence));
    let missing = licence(&bench, LicenceChange::Renew).await;
    assert_eq!(refusal(missing), Some(ProblemKind::LicenceMissing));

    let applied = licence(&bench, apply(Plan::Ordinary)).await.expect("applied");
    assert_eq!((applied.state, applied.yen), (LicenceState::Active, Some(21_000)));
    assert_eq!(sends("sending-1").await, Ok(()));
    let twice = licence(&bench, apply(Plan::Ordinary)).await;
    assert_eq!(refusal(twice), Some(ProblemKind::LicenceInForce));

    let ended = licence(&bench, LicenceChange::Expire).await.expect("ended");
    assert_eq!(ended.state, LicenceState::Expired);
    assert_eq!(sends("sending-2").await, Err(ProblemKind::RecipientLicence));
    let terminal = bench.terminal(UNLICENSED, "pc-1").await;
    let sent = terminal.send("sending-3", &to(CARE_MANAGER), &[("a.pdf", b"%PDF-1.7")]).await;
    assert_eq!(sent.err(), Some(ProblemKind::LicenceExpired));
    assert_eq!(
        refusal(licence(&bench, LicenceChange::Stop).await),
        Some(ProblemKind::LicenceExpired)
    );

    let renewed = licence(&bench, LicenceChange::Renew).await.expect("renewed");
    assert_eq!(renewed.state, LicenceState::Active);
    let resumed = licence(&bench, LicenceChange::Resume).await.expect("resumed");
    assert!(resumed.renews);
    let stopped = licence(&bench, LicenceChange::Stop).await.expect("stopped");
    assert_eq!((stopped.renews, stopped.until), (false, renewed.until), "the year goes on");
}

#[tokio::test]
async fn a_free_pass_is_had_once_and_in_its_year() {
    let bench = Bench::new().await;
    let free = |at| LicenceChange::Apply {
        plan: Plan::FreePass,
        applied_at: Some(at),
        renews: Some(false),
    };
    let late = licence(&bench, free(datetime!(2026-06-01 00:00 +9))).await;
    assert_eq!(refusal(late), Some(ProblemKind::FreePassClosed));
    let first = licence(&bench, free(datetime!(2025-06-01 00:00 +9))).await.expect("applied");
    assert!(first.free_pass_used);
    assert_eq!(first.until, Some(datetime!(2026-06-01 00:00 +9)));
    let again = licence(&bench, free(datetime!(2026-06-01 00:00 +9))).await;
    assert_eq!(refusal(again), Some(ProblemKind::FreePassUsed));
    let never = licence(&bench, free(datetime!(9999-12-31 23:00 UTC))).await;
    assert_eq!(refusal(never), Some(ProblemKind::RequestMalformed));
}
