//! The reference client against a hub and a CA that misbehave: whatever they do, a sending arrives
//! once, unchanged, and its sender hears of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
    time::Duration,
};

use careplan_protocol::{
    Party, ProblemKind,
    faults::{Arming, FaultKind, FaultPlace, FaultProfile, FaultSchedule, FaultsWanted},
    hub::DeliveryState,
};
use careplan_sandbox::{
    Sandbox, SandboxConfig, Seat,
    reference_client::{Fetched, Patience, Sending, SendingFile, Silent, Terminal},
};
use tokio::time::sleep;

/// How often everybody tries everything before a thing that has not arrived counts as lost.
const ROUNDS: usize = 40;

/// Three offices: the first sends, the others receive.
struct Stage {
    sandbox: Sandbox,
    sent: usize,
    /// What each recipient was handed, in order.
    handed: BTreeMap<usize, Vec<Fetched>>,
}

/// What a sending is made of, found again at the other end: the names and bytes of its files.
type Content = Vec<(String, Vec<u8>)>;

impl Stage {
    async fn new() -> Self {
        let patience = Patience {
            attempts_max: 4,
            wait_first: Duration::from_millis(5),
            wait_max: Duration::from_millis(200),
            connect_max: Duration::from_secs(5),
            answer_max: Duration::from_secs(5),
        };
        let config = SandboxConfig { patience, ..SandboxConfig::default() };
        let sandbox = Sandbox::start(config).await.expect("starts");
        Self { sandbox, sent: 0, handed: BTreeMap::new() }
    }

    async fn terminal(&self, at: usize) -> Terminal {
        let seat = Seat { office: &self.sandbox.offices()[at], terminal: None, via: None };
        self.sandbox.terminal(seat, Arc::new(Silent)).await.expect("an enrolled terminal")
    }

    /// The sending of this number, and who gets it.
    fn sending(&self, number: usize) -> (usize, Sending) {
        let to = 1 + number % 2;
        let files = content(number).into_iter().map(|(name, bytes)| SendingFile { name, bytes });
        let office = &self.sandbox.offices()[to];
        let destination = Some(Party { office: office.number, kind: Some(office.kinds[0]) });
        (to, Sending { destination, ..Sending::new(files.collect()) })
    }

    /// Sends so many more. What does not get through now is in the outbox.
    async fn send(&mut self, count: usize) {
        let mut sender = self.terminal(0).await;
        let password = fs::read_to_string(&self.sandbox.offices()[0].password_file);
        // Sessions live long: without this no log-in would meet a fault. It may fail like all else.
        let _ = sender.login(password.expect("is there").trim()).await;
        for _ in 0..count {
            let (_, sending) = self.sending(self.sent);
            self.sent += 1;
            let _ = sender.send(&sending).await;
        }
    }

    /// Everybody goes on with what is unfinished; whether nothing is.
    async fn round(&mut self) -> bool {
        for at in 1..=2 {
            let into = self.sandbox.offices()[at].received.clone();
            let mut terminal = self.terminal(at).await;
            let _ = terminal.inbox().await;
            let fetched = terminal.fetch_all(&into).await.unwrap_or_default();
            self.handed.entry(at).or_default().extend(fetched.into_iter().flatten());
        }
        let mut sender = self.terminal(0).await;
        let _ = sender.resume().await;
        let Ok(sent) = sender.sent().await else { return false };
        let is_fetched = |state: DeliveryState| state == DeliveryState::Fetched;
        let fetched = sent.iter().filter(|entry| is_fetched(entry.submission.state)).count();
        let handed: usize = self.handed.values().map(Vec::len).sum();
        fetched == self.sent && self.sent <= handed
    }

    async fn settle(&mut self) {
        for _ in 0..ROUNDS {
            if self.round().await {
                return;
            }
        }
    }

    /// Nothing is lost, doubled or changed, whatever `why` says was armed.
    async fn check(&self, why: &str) {
        let sender = self.terminal(0).await;
        let outbox = sender.outbox().expect("lists");
        assert!(outbox.is_empty(), "{why}: the outbox holds {outbox:?}");
        let sent = sender.sent_list().expect("lists");
        assert_eq!(sent.len(), self.sent, "{why}: the sent list");
        let open = sent.iter().filter(|entry| entry.submission.state != DeliveryState::Fetched);
        assert_eq!(open.count(), 0, "{why}: receipts that the sender does not see");
        for at in 1..=2 {
            let handed = self.handed.get(&at).map(Vec::as_slice).unwrap_or_default();
            let ids: BTreeSet<_> = handed.iter().map(|one| &one.delivery.id).collect();
            assert_eq!(ids.len(), handed.len(), "{why}: a delivery was handed over twice");
            let mut got: Vec<Content> = handed.iter().map(read).collect();
            let wanted = (0..self.sent).filter(|number| self.sending(*number).0 == at);
            let mut wanted: Vec<Content> = wanted.map(content).collect();
            got.sort();
            wanted.sort();
            assert!(got == wanted, "{why}: {} arrived of {}", got.len(), wanted.len());
        }
    }

    /// One fault, twice, while two sendings go their way.
    async fn meet(&mut self, kind: FaultKind) {
        let twice = FaultSchedule::Next(2);
        let arming = Arming { wait_ms: 20, schedule: twice, seed: 7, ..Arming::new(kind) };
        let before = self.fired(kind);
        self.sandbox.arm_faults(&FaultsWanted::these(vec![arming])).await.expect("can act");
        self.send(2).await;
        self.settle().await;
        // The hub asks for its revocation list by itself, four times a second.
        for _ in 0..40 {
            if before < self.fired(kind) {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        assert!(before < self.fired(kind), "{kind} never fired");
        self.check(kind.id()).await;
    }

    fn fired(&self, kind: FaultKind) -> u64 {
        self.sandbox.faults().counts().get(&kind).copied().unwrap_or(0)
    }
}

/// The files of the sending of this number.
fn content(number: usize) -> Content {
    let letter = format!("{number}番目の連絡です。").repeat(20).into_bytes();
    let list = format!("番号,{number}\r\n").repeat(30).into_bytes();
    vec![("連絡.txt".to_owned(), letter), ("一覧.txt".to_owned(), list)]
}

fn read(fetched: &Fetched) -> Content {
    let file = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, fs::read(path).expect("is there"))
    };
    fetched.files.iter().map(file).collect()
}

/// Goes through all faults that act at these places.
async fn meet_all(places: &[FaultPlace]) {
    let mut stage = Stage::new().await;
    let kinds: Vec<_> = FaultKind::all().filter(|kind| places.contains(&kind.place())).collect();
    assert!(!kinds.is_empty());
    for kind in kinds {
        stage.meet(kind).await;
    }
    stage.sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_before_the_handler_loses_and_doubles_nothing() {
    meet_all(&[FaultPlace::Before, FaultPlace::BodyIn]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_an_answer_loses_and_doubles_nothing() {
    meet_all(&[FaultPlace::After, FaultPlace::BodyOut, FaultPlace::List]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_around_a_request_loses_and_doubles_nothing() {
    let around = [FaultPlace::Session, FaultPlace::Clock, FaultPlace::Connection, FaultPlace::Tls];
    meet_all(&around).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_at_the_ca_loses_and_doubles_nothing() {
    meet_all(&[FaultPlace::Ca]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_hub_loses_and_doubles_nothing() {
    let mut stage = Stage::new().await;
    let wanted = FaultsWanted::profile(FaultProfile::Hostile, 7);
    stage.sandbox.arm_faults(&wanted).await.expect("can act");
    for _ in 0..8 {
        stage.send(3).await;
        stage.round().await;
    }
    stage.settle().await;
    let fired = stage.sandbox.faults().fired(0).total;
    assert!(20 < fired, "{fired} faults are no hostility");
    stage.check(&format!("replay with {}", wanted.replay())).await;
    stage.sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_revoked_stays_out_when_the_ca_gives_an_older_list() {
    let stage = Stage::new().await;
    let certificates = stage.sandbox.ca().certificates().expect("a list");
    let own = stage.sandbox.offices()[0].number;
    let own = certificates.into_iter().find(|one| one.office == own).expect("has one");
    stage.sandbox.ca().revoke(&own.serial).expect("revokes");
    let refusal = async || {
        let asked: Result<careplan_protocol::hub::Office, _> =
            stage.terminal(0).await.get(&["v1", "office"]).await;
        asked.err().and_then(|error| error.problem_kind())
    };
    while refusal().await != Some(ProblemKind::CertificateRevoked) {
        sleep(Duration::from_millis(50)).await;
    }
    let stale = FaultsWanted::these(vec![Arming::new(FaultKind::CaListStale)]);
    stage.sandbox.arm_faults(&stale).await.expect("can act");
    while stage.fired(FaultKind::CaListStale) < 2 {
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(refusal().await, Some(ProblemKind::CertificateRevoked));
    stage.sandbox.stop().await;
}
