//! Two hub processes on one PostgreSQL, of which one dies under load.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use careplan_protocol::{Party, ca::CertificateKind, hub::DeliveryState};
use fake_ca::IssuedCertificate;
use private_postgres::Absence;
use reference_client::{
    CertificateSource, Credentials, Enrolment, Sending, SendingFile, Settings, Terminal,
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::{CARE_MANAGER, HOME_HELP, PASSWORD, Serving, Stage, user_id};

const SENDINGS_EACH: usize = 20;
const BEFORE_THE_KILL: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn one_hub_survives_the_others_kill_and_nothing_is_lost_or_doubled() {
    let Some(store) = new_database().await else { return };
    let stage = Stage::new().await;
    let (mut first, second) = two_hubs(&stage, &store);
    let front = Front::before([first.address(), second.address()]).await;
    let [manager, helper] =
        [CARE_MANAGER, HOME_HELP].map(|office| Seats::new(&stage, office, &front));

    let done = Arc::new(AtomicUsize::new(0));
    let mut senders = JoinSet::new();
    for name in ["pc-1", "pc-2"] {
        senders.spawn(send(manager.terminal(name).await, name, Arc::clone(&done)));
    }
    let mut recipients = JoinSet::new();
    for name in ["pc-1", "pc-2"] {
        let into = stage.path().join("into").join(name);
        recipients.spawn(receive(helper.terminal(name).await, into, Arc::clone(&done)));
    }
    while done.load(Ordering::Acquire) < BEFORE_THE_KILL {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    first.kill();

    let sent: Vec<String> = senders.join_all().await.concat();
    let fetched = recipients.join_all().await.concat();
    let mut times: BTreeMap<&str, usize> = sent.iter().map(|said| (said.as_str(), 0)).collect();
    assert_eq!(times.len(), 2 * SENDINGS_EACH);
    for message in &fetched {
        *times.get_mut(message.as_str()).expect("it was sent") += 1;
    }
    assert!(times.values().all(|count| *count == 1), "{times:?}");
    assert!(front.shares().iter().all(|share| 0 < *share), "{:?}", front.shares());
}

/// A new database; none where PostgreSQL is not installed.
#[expect(clippy::print_stderr, reason = "a test that passes over says so")]
async fn new_database() -> Option<String> {
    let new = tokio::task::spawn_blocking(private_postgres::new_database).await;
    match new.expect("nothing panics") {
        Ok(url) => Some(url),
        Err(absence @ Absence::NotInstalled) => {
            eprintln!("skipped: {absence}");
            None
        }
        Err(absence) => panic!("{absence}"),
    }
}

/// Starts both at once, on an empty database: one of them lays out the tables.
fn two_hubs(stage: &Stage, store: &str) -> (Serving, Serving) {
    let command = || stage.hub(&["--store", store, "--offices", "offices.json"]);
    let (first, second) = (command(), command());
    thread::scope(|scope| {
        let first = scope.spawn(|| Serving::start(first));
        let second = Serving::start(second);
        (first.join().expect("starts"), second)
    })
}

/// Sends one after the other, until the hub has said of each that it took it.
async fn send(mut terminal: Terminal, name: &'static str, done: Arc<AtomicUsize>) -> Vec<String> {
    let mut said = Vec::new();
    for number in 0..SENDINGS_EACH {
        let sending = sending(format!("{name} {number}"));
        // The same sending again, which still waits with its key.
        while terminal.send(&sending).await.is_err() {}
        said.push(sending.message);
        done.fetch_add(1, Ordering::Release);
    }
    let sent = terminal.sent().await.expect("lists");
    assert_eq!(sent.len(), SENDINGS_EACH, "{name}");
    said
}

fn sending(message: String) -> Sending {
    let bytes = format!("%PDF-1.7 {message}").into_bytes();
    let destination = Party { office: HOME_HELP.parse().expect("an office number"), kind: None };
    Sending {
        message,
        destination: Some(destination),
        ..Sending::new(vec![SendingFile { name: "報告.pdf".to_owned(), bytes }])
    }
}

/// Claims and fetches until the senders have ended and nothing is left; the messages fetched.
async fn receive(
    mut terminal: Terminal,
    into: impl AsRef<Path>,
    done: Arc<AtomicUsize>,
) -> Vec<String> {
    let mut messages = Vec::new();
    loop {
        let was_last = done.load(Ordering::Acquire) == 2 * SENDINGS_EACH;
        let Ok(inbox) = terminal.inbox().await else { continue };
        let open = inbox.into_iter().map(|entry| entry.delivery);
        let open: Vec<_> = open.filter(|one| one.state != DeliveryState::Fetched).collect();
        if open.is_empty() && was_last {
            return messages;
        }
        for delivery in open {
            if terminal.fetch(&delivery.id, into.as_ref()).await.is_ok() {
                messages.push(delivery.message);
            }
        }
    }
}

/// The terminals of an office, all with its one certificate.
struct Seats<'a> {
    stage: &'a Stage,
    office: &'static str,
    certificate: IssuedCertificate,
    hub_url: String,
}

impl<'a> Seats<'a> {
    fn new(stage: &'a Stage, office: &'static str, front: &Front) -> Self {
        let number = office.parse().expect("an office number");
        let issued = stage.ca.issue_client(number, CertificateKind::CareInsurance);
        let hub_url = format!("https://{}", front.address);
        Self { stage, office, certificate: issued.expect("issues"), hub_url }
    }

    async fn terminal(&self, name: &str) -> Terminal {
        let IssuedCertificate { chain_pem, key_pem, .. } = &self.certificate;
        let credentials = Credentials::from_pem(chain_pem, key_pem).expect("a certificate");
        let enrolment = Enrolment {
            hub_url: self.hub_url.clone(),
            root_pem: self.stage.ca.root_pem().to_owned(),
            user_id: user_id(self.office),
            certificate: CertificateSource::Installed(credentials),
        };
        let folder = self.stage.path().join(self.office).join(name);
        let terminal = Terminal::enrol(&folder, enrolment, Settings::default()).await;
        let mut terminal = terminal.expect("enrols");
        terminal.login(PASSWORD).await.expect("logs in");
        terminal
    }
}

/// What stands before several hubs: it gives each connection to the next one that takes it.
struct Front {
    address: SocketAddr,
    shares: Arc<[AtomicUsize; 2]>,
}

impl Front {
    async fn before(hubs: [&str; 2]) -> Self {
        let hubs: [SocketAddr; 2] = hubs.map(|hub| hub.parse().expect("an address"));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("listens");
        let address = listener.local_addr().expect("listens");
        let shares: Arc<[AtomicUsize; 2]> = Arc::default();
        let counted = Arc::clone(&shares);
        tokio::spawn(async move {
            let mut turn = 0;
            while let Ok((near, _)) = listener.accept().await {
                turn += 1;
                tokio::spawn(carry(near, hubs, turn, Arc::clone(&counted)));
            }
        });
        Self { address, shares }
    }

    fn shares(&self) -> [usize; 2] {
        [0, 1].map(|hub| self.shares[hub].load(Ordering::Relaxed))
    }
}

async fn carry(
    mut near: TcpStream,
    hubs: [SocketAddr; 2],
    turn: usize,
    shares: Arc<[AtomicUsize; 2]>,
) {
    for hub in [turn % 2, (turn + 1) % 2] {
        if let Ok(mut far) = TcpStream::connect(hubs[hub]).await {
            shares[hub].fetch_add(1, Ordering::Relaxed);
            // Either side may break off; the other one sees it then.
            let _ = copy_bidirectional(&mut near, &mut far).await;
            return;
        }
    }
}
