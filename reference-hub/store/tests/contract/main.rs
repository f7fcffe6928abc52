//! What every store promises. A store without this list of tests does not exist.

mod backup;
mod directory;
mod holding;
mod opening;
mod shared;
mod upkeep;

use std::{path::PathBuf, sync::Arc};

use hub_relay::{
    Caller, Claim, DeliveryId, DeliveryState, Draft, DraftFile, Fetching, IdempotencyKey,
    InboxScope, Licence, LicencePlan, LicenceRequest, Limits, Office, OfficeNumber, OfficeQuery,
    Page, Party, Prefecture, Profile, Refusal, Sending, SentScope, Session, SubmissionId, Submit,
    TerminalId, Terms, Wanted, examine,
};
use hub_store::{Failure, Fault, Memory, Postgres, PostgresPlace, Sqlite, Store};
use private_postgres::Absence;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime, macros::datetime};
use tokio::task::JoinSet;

const NOW: OffsetDateTime = datetime!(2025-04-28 17:15:02.5 UTC);
const SENDER: &str = "2770100012";
const RECIPIENT: &str = "2770200036";

fn number(text: &str) -> OfficeNumber {
    text.parse().expect("an office number")
}

fn caller(office: &str, terminal: &str) -> Caller {
    Caller { office: number(office), terminal: TerminalId::new(terminal) }
}

fn office(text: &str) -> Office {
    Office {
        number: number(text),
        name: format!("見本事業所{text}"),
        kinds: vec!["11".parse().expect("a kind"), "2A".parse().expect("a kind")],
        prefecture: Prefecture::of(number(text)),
        versions: vec!["202208".to_owned(), "202407".to_owned()],
        licence: Some(Licence::until(NOW + Duration::days(365))),
    }
}

/// A sending of one attachment; everything about it follows from `id` and `content`.
/// A file that takes less room packed.
fn pdf(content: &str) -> Vec<u8> {
    format!("%PDF-1.7 {content}{:900}", "").into_bytes()
}

fn sending(id: &str, content: &str) -> Submit {
    let bytes = pdf(content);
    let sha256 = Sha256::digest(&bytes).into();
    let destination = Party { office: number(RECIPIENT), kind: None };
    let draft = Draft {
        caller: caller(SENDER, "pc-1"),
        message: "4月分①".to_owned(),
        destination: Some(destination),
        files: vec![DraftFile { name: "報告.pdf".to_owned(), bytes: bytes.into(), sha256 }],
    };
    let limits = Limits {
        files_max: 10,
        file_bytes_max: 1 << 20,
        total_bytes_max: 1 << 20,
        message_chars_max: 100,
        name_bytes_max: 255,
    };
    let mut content_digest = [0; 32];
    content_digest[..content.len()].copy_from_slice(content.as_bytes());
    Submit {
        examined: examine(draft, &limits).expect("sound"),
        key: IdempotencyKey::new(format!("key-{}", &id[..1])),
        content_digest,
        submission: SubmissionId::new(format!("s-{id}")),
        delivery: DeliveryId::new(format!("d-{id}")),
    }
}

async fn registered(store: &impl Store) {
    store.register(vec![office(RECIPIENT), office(SENDER)]).await.expect("registers");
}

fn everything_sent() -> SentScope {
    SentScope { office: number(SENDER), terminal: None }
}

const ACTUAL: Terms = Terms { profile: Profile::Actual, lease: Duration::minutes(30) };

fn first_page<Id>() -> Page<Id> {
    Page { after: None, limit: 100 }
}

async fn sent(store: &impl Store) -> Result<Vec<Sending>, Failure> {
    store.sent(everything_sent(), first_page()).await
}

/// Claims all that waits, as in `actual`.
async fn claim_all(store: &impl Store, caller: Caller) -> Vec<Sending> {
    let claim = Claim { caller, wanted: Wanted::Everything, terms: ACTUAL };
    store.claim(claim, 100, NOW).await.expect("claims")
}

async fn held(store: &impl Store, caller: &Caller) -> Vec<Sending> {
    store.inbox(InboxScope::held(caller), first_page(), NOW).await.expect("lists")
}

fn file_of(caller: &Caller, id: &str, file: &str) -> Fetching {
    let (caller, file) = (caller.clone(), file.to_owned());
    Fetching { caller, delivery: DeliveryId::new(id), file, terms: ACTUAL }
}

mod contract {
    pub(crate) use super::holding::{
        a_claim_of_a_part_leaves_the_rest, a_lease_that_ends_gives_back, an_office_takes_back,
        lists_come_in_pages, notices_go_with_what_they_tell_of, offices_are_told_in_order,
        what_was_kept_long_enough_goes,
    };
    pub(crate) use super::upkeep::*;
    use super::*;

    pub(crate) async fn offices_are_kept_and_brought_up_to_date(store: impl Store) {
        registered(&store).await;
        let renamed =
            Office { name: "新しい名称".to_owned(), licence: None, ..office(SENDER) };
        store.register(vec![renamed.clone()]).await.expect("registers");
        assert_eq!(store.office(number(SENDER)).await, Ok(Some(renamed.clone())));
        assert_eq!(store.office_count().await, Ok(2));
        let all = store.directory(OfficeQuery::default()).await;
        assert_eq!(all.map(|page| page.offices), Ok(vec![renamed.clone(), office(RECIPIENT)]));
        assert_eq!(store.office(number("2779999999")).await, Ok(None));
        assert_eq!(store.remove_office(number(SENDER)).await, Ok(renamed));
        assert_eq!(store.office(number(SENDER)).await, Ok(None));
        let gone = store.remove_office(number(SENDER)).await;
        assert_eq!(gone, Err(Failure::Refused(Refusal::NotFound)));
    }

    pub(crate) async fn a_licence_comes_back_as_it_was_applied_for(store: impl Store) {
        registered(&store).await;
        let unlicensed = Office { licence: None, ..office(SENDER) };
        store.register(vec![unlicensed]).await.expect("registers");
        let at = datetime!(2025-06-01 00:00:00.25 +9).to_offset(time::UtcOffset::UTC);
        let apply = LicenceRequest::Apply { plan: LicencePlan::FreePass, at, renews: None };
        let office = store.change_licence(number(SENDER), apply, at).await.expect("applied");
        let want = Licence::applied(at, LicencePlan::FreePass);
        assert_eq!(office.licence, Some(want));
        assert_eq!(store.office(number(SENDER)).await, Ok(Some(office)));
        let again = store.change_licence(number(SENDER), apply, at).await;
        let in_force = Refusal::LicenceInForce { until: want.until };
        assert_eq!(again, Err(Failure::Refused(in_force)));
        let unknown = store.change_licence(number("2779999999"), apply, at).await;
        assert_eq!(unknown, Err(Failure::Refused(Refusal::NotFound)));
    }

    pub(crate) async fn the_directory_finds_what_is_looked_for(store: impl Store) {
        directory::finds_what_is_looked_for(&store).await;
    }

    pub(crate) async fn the_directory_comes_page_by_page(store: impl Store) {
        directory::comes_page_by_page(&store).await;
    }

    pub(crate) async fn an_entry_that_changes_leaves_the_licence_alone(store: impl Store) {
        directory::keeps_the_licence_beside_a_changing_entry(store).await;
    }

    pub(crate) async fn sessions_are_kept_until_they_end(store: impl Store) {
        let session = |name: u8, minutes| Session {
            token_digest: [name; 32],
            caller: caller(SENDER, "pc-1"),
            certificate_serial: "0a1b".to_owned(),
            expires_at: NOW + Duration::minutes(minutes),
        };
        store.open_session(session(1, 60), NOW).await.expect("opens");
        store.open_session(session(2, 90), NOW).await.expect("opens");
        assert_eq!(store.session([1; 32]).await, Ok(Some(session(1, 60))));
        let later = NOW + Duration::minutes(60);
        store.open_session(session(3, 120), later).await.expect("opens");
        assert_eq!(store.session([1; 32]).await, Ok(None), "its time is over");
        store.close_session([2; 32]).await.expect("closes");
        store.close_session([2; 32]).await.expect("closing again is no harm");
        assert_eq!(store.session([2; 32]).await, Ok(None));
        assert_eq!(store.session([3; 32]).await, Ok(Some(session(3, 120))));
    }

    pub(crate) async fn a_sending_comes_back_as_it_was_taken(store: impl Store) {
        registered(&store).await;
        let taken = store.submit(sending("1", "one"), NOW).await.expect("taken");
        assert_eq!(taken.submitted_at, NOW);
        assert_eq!(taken.to.name, office(RECIPIENT).name);
        assert_eq!(sent(&store).await, Ok(vec![taken.clone()]));
        let found = store.submission(everything_sent(), SubmissionId::new("s-1")).await;
        assert_eq!(found, Ok(taken));
        let unknown = store.submission(everything_sent(), SubmissionId::new("s-2")).await;
        assert_eq!(unknown, Err(Failure::Refused(Refusal::NotFound)));
    }

    pub(crate) async fn a_key_is_used_once(store: impl Store) {
        registered(&store).await;
        let first = store.submit(sending("1", "one"), NOW).await;
        let again = store.submit(sending("1 again", "one"), NOW + Duration::hours(1)).await;
        assert_eq!(first, again, "the first answer, with the first ids");
        let other = store.submit(sending("1 other", "two"), NOW).await;
        assert_eq!(other, Err(Failure::Refused(Refusal::IdempotencyKeyReused)));
        assert_eq!(sent(&store).await.map(|sent| sent.len()), Ok(1));
    }

    pub(crate) async fn a_repetition_is_known_by_key_and_content(store: impl Store) {
        registered(&store).await;
        let key = || IdempotencyKey::new("key-1");
        let (one, two) = (sending("1", "one"), sending("1", "two"));
        let repeated = |office, digest| store.repeated(number(office), key(), digest);
        assert_eq!(repeated(SENDER, one.content_digest).await, Ok(None), "nothing was sent yet");
        let first = store.submit(one.clone(), NOW).await.expect("taken");
        assert_eq!(repeated(SENDER, one.content_digest).await, Ok(Some(first)));
        assert_eq!(repeated(RECIPIENT, one.content_digest).await, Ok(None), "another's key");
        let reused = repeated(SENDER, two.content_digest).await;
        assert_eq!(reused, Err(Refusal::IdempotencyKeyReused.into()));
    }

    pub(crate) async fn a_refused_sending_leaves_nothing(store: impl Store) {
        store.register(vec![office(SENDER)]).await.expect("registers");
        let refused = store.submit(sending("1", "one"), NOW).await;
        assert_eq!(refused, Err(Failure::Refused(Refusal::RecipientUnknown(number(RECIPIENT)))));
        assert_eq!(sent(&store).await, Ok(Vec::new()));
        registered(&store).await;
        assert!(store.submit(sending("1", "two"), NOW).await.is_ok(), "the key is still free");
    }

    pub(crate) async fn lists_are_in_order_of_arrival(store: impl Store) {
        registered(&store).await;
        for id in ["3", "1", "2"] {
            store.submit(sending(id, "x"), NOW).await.expect("taken");
        }
        let listed = sent(&store).await.expect("lists");
        let sent: Vec<_> = listed.iter().map(|sending| sending.submission.as_str()).collect();
        assert_eq!(sent, ["s-2", "s-1", "s-3"], "newest first");
        let held = claim_all(&store, caller(RECIPIENT, "pc-1")).await;
        let held: Vec<_> = held.iter().map(|sending| sending.delivery.as_str()).collect();
        assert_eq!(held, ["d-3", "d-1", "d-2"], "oldest first");
        let other = SentScope { terminal: Some(TerminalId::new("pc-2")), ..everything_sent() };
        assert_eq!(store.sent(other, first_page()).await, Ok(Vec::new()));
    }

    pub(crate) async fn a_delivery_goes_from_waiting_to_fetched(store: impl Store) {
        registered(&store).await;
        store.submit(sending("1", "one"), NOW).await.expect("taken");
        let (first, second) = (caller(RECIPIENT, "pc-1"), caller(RECIPIENT, "pc-2"));
        let id = DeliveryId::new("d-1");
        let early = store.delivery(first.clone(), id.clone(), NOW).await;
        assert_eq!(early, Err(Failure::Refused(Refusal::NotFound)), "nobody claimed it");

        let claimed = claim_all(&store, first.clone()).await;
        let by = TerminalId::new("pc-1");
        assert_eq!(claimed[0].state, DeliveryState::Claimed { by: by.clone(), until: None });
        assert_eq!(claim_all(&store, second.clone()).await, []);
        assert_eq!(held(&store, &first).await, claimed);
        assert_eq!(store.delivery(first.clone(), id.clone(), NOW).await, Ok(claimed[0].clone()));
        let elsewhere = store.delivery(second.clone(), id.clone(), NOW).await;
        assert_eq!(elsewhere, Err(Failure::Refused(Refusal::DeliveryElsewhere)));

        let early = store.receipt(first.clone(), id.clone(), NOW).await;
        let unfetched = Refusal::FileUnfetched { file: "報告.pdf".to_owned() };
        assert_eq!(early, Err(unfetched.into()));
        store.file(file_of(&first, "d-1", "報告.pdf"), NOW).await.expect("is there");

        let at = NOW + Duration::minutes(5);
        let fetched = store.receipt(first.clone(), id.clone(), at).await.expect("noted");
        assert_eq!(fetched.state, DeliveryState::Fetched { by, at });
        let again = store.receipt(first.clone(), id.clone(), at + Duration::hours(1)).await;
        assert_eq!(again, Ok(fetched.clone()));
        assert_eq!(sent(&store).await, Ok(vec![fetched]));
    }

    pub(crate) async fn what_is_given_back_waits_again(store: impl Store) {
        registered(&store).await;
        store.submit(sending("1", "one"), NOW).await.expect("taken");
        let (first, second) = (caller(RECIPIENT, "pc-1"), caller(RECIPIENT, "pc-2"));
        let id = DeliveryId::new("d-1");
        claim_all(&store, first.clone()).await;
        let lacks = store.release(Profile::Actual, first.clone(), id.clone(), NOW).await;
        assert_eq!(lacks, Err(Failure::Refused(Refusal::ProfileLacks)));
        let released = store.release(Profile::Plus, first.clone(), id.clone(), NOW).await;
        assert_eq!(released.map(|sending| sending.state), Ok(DeliveryState::Waiting));
        assert_eq!(held(&store, &first).await, []);
        assert_eq!(claim_all(&store, second).await.len(), 1);
        let gone = store.receipt(first, id, NOW).await;
        assert_eq!(gone, Err(Failure::Refused(Refusal::DeliveryElsewhere)));
    }

    pub(crate) async fn a_file_comes_back_byte_for_byte(store: impl Store) {
        registered(&store).await;
        let taken = store.submit(sending("1", "one"), NOW).await.expect("taken");
        let holder = caller(RECIPIENT, "pc-1");
        claim_all(&store, holder.clone()).await;
        let file = store.file(file_of(&holder, "d-1", "報告.pdf"), NOW).await.expect("is there");
        assert_eq!(*file.bytes, *pdf("one"));
        assert_eq!(file.entry, taken.files[0]);
        let other = store.file(file_of(&holder, "d-1", "other.pdf"), NOW).await;
        assert_eq!(other, Err(Failure::Refused(Refusal::NotFound)));
    }

    pub(crate) async fn terminals_that_race_share_nothing(store: impl Store) {
        registered(&store).await;
        let store = Arc::new(store);
        let mut work = JoinSet::new();
        for id in 0_u8..30 {
            let (store, id) = (Arc::clone(&store), char::from(b'A' + id).to_string());
            work.spawn(async move {
                store.submit(sending(&id, "x"), NOW).await.expect("taken");
                let terminal = caller(RECIPIENT, &format!("pc-{}", id.as_bytes()[0] % 3));
                claim_all(&*store, terminal).await;
            });
        }
        while let Some(done) = work.join_next().await {
            done.expect("nothing panics");
        }
        let mut all = Vec::new();
        for terminal in 0..3 {
            let held = held(&*store, &caller(RECIPIENT, &format!("pc-{terminal}"))).await;
            all.extend(held.into_iter().map(|sending| sending.delivery));
        }
        all.sort();
        let count = all.len();
        all.dedup();
        assert_eq!((count, all.len()), (30, 30), "each delivery has one holder");
    }
}

/// An open store, and what must outlive it.
mod open {
    use super::*;

    pub(crate) async fn memory() -> Option<(Memory, ())> {
        Some((Memory::new(), ()))
    }

    pub(crate) async fn sqlite() -> Option<(Sqlite, TempDir)> {
        let (path, folder) = new_path();
        Some((Sqlite::open(&path).expect("opens"), folder))
    }

    pub(crate) async fn postgres() -> Option<(Postgres, ())> {
        let place = new_place().await?;
        Some((open_postgres(&place).await.expect("opens"), ()))
    }
}

/// A new database; none where PostgreSQL is not installed.
#[expect(clippy::print_stderr, reason = "a test that passes over says so")]
async fn new_place() -> Option<PostgresPlace> {
    let new = tokio::task::spawn_blocking(private_postgres::new_database).await;
    match new.expect("nothing panics") {
        Ok(url) => Some(PostgresPlace::parse(&url).expect("a place")),
        Err(absence @ Absence::NotInstalled) => {
            eprintln!("skipped: {absence}");
            None
        }
        Err(absence) => panic!("{absence}"),
    }
}

async fn open_postgres(place: &PostgresPlace) -> Result<Postgres, Fault> {
    let place = place.clone();
    let opening = tokio::task::spawn_blocking(move || Postgres::open(&place));
    opening.await.expect("nothing panics")
}

fn new_path() -> (PathBuf, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    (folder.path().join("hub.db"), folder)
}

macro_rules! fulfils_contract {
    ($store:ident: $($promise:ident)*) => {
        mod $store {
            $(
                #[tokio::test]
                async fn $promise() {
                    let Some((store, _outlives)) = super::open::$store().await else { return };
                    super::contract::$promise(store).await;
                }
            )*
        }
    };
    ($($store:ident)*) => {
        $(fulfils_contract! { $store:
            offices_are_kept_and_brought_up_to_date
            a_licence_comes_back_as_it_was_applied_for
            the_directory_finds_what_is_looked_for
            the_directory_comes_page_by_page
            an_entry_that_changes_leaves_the_licence_alone
            sessions_are_kept_until_they_end
            a_sending_comes_back_as_it_was_taken
            a_key_is_used_once
            a_repetition_is_known_by_key_and_content
            a_refused_sending_leaves_nothing
            lists_are_in_order_of_arrival
            a_delivery_goes_from_waiting_to_fetched
            what_is_given_back_waits_again
            a_file_comes_back_byte_for_byte
            terminals_that_race_share_nothing
            a_claim_of_a_part_leaves_the_rest
            a_lease_that_ends_gives_back
            an_office_takes_back
            lists_come_in_pages
            offices_are_told_in_order
            what_was_kept_long_enough_goes
            notices_go_with_what_they_tell_of
            a_snapshot_brings_everything_back
            snapshots_are_listed_replaced_and_forgotten
            a_reset_store_is_as_new
            no_number_of_an_event_comes_twice
            the_clock_is_noted_with_all_that_is_told_by_it
        })*
    };
}

fulfils_contract!(memory sqlite postgres);
