//! What a scenario knows: its stack, and what its steps noted for those that follow and for the
//! report.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use careplan_protocol::{
    Clock, DeliveryId, Finding, OfficeNumber, Problem, Severity, ca::Applied, hub::Submission,
};
use careplan_sandbox::{
    HubMode, Office, OfficeSpec, Sandbox, SandboxConfig, SandboxError, Seat, Store,
    care_software::RecordedMonth,
    reference_client::{self as client, ClientError, Observer, Patience, Terminal},
};
use careplan_standard::convert::Note;
use tokio::time::sleep;

use crate::{
    Exchange, Failure, FileSeen, Settings, Way,
    clerk::{Clerk, Told},
    line::Line,
    listener::Listener,
    redact::{self, HIDDEN},
    steps::TownDays,
};

/// How long terminals try where a hub was told to misbehave: so often that giving up is no matter of
/// luck any more, and so fast that a run does not wait for it.
const PATIENT: Patience = Patience {
    attempts_max: 10,
    wait_first: Duration::from_millis(5),
    wait_max: Duration::from_secs(2),
    connect_max: Duration::from_secs(10),
    answer_max: Duration::from_secs(30),
};

/// How often a terminal is tried that seems to be in use, and how long between.
const LOCK_TRIES: usize = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// A file in hand: its name and bytes.
pub(crate) type NamedBytes = (String, Vec<u8>);

/// The state of one scenario.
#[derive(Default)]
pub(crate) struct World {
    /// How the run is made; set before the first step.
    pub(crate) settings: Option<Arc<Settings>>,
    /// What an office's software wrote last, ready to be sent; by office.
    pub(crate) written: BTreeMap<String, Vec<PathBuf>>,
    /// What an office sent last; by office.
    pub(crate) sent: BTreeMap<String, Vec<NamedBytes>>,
    /// What an office fetched last; by office.
    pub(crate) fetched: BTreeMap<String, Vec<PathBuf>>,
    /// What an office's software exported, export by export: the files of each sending; by office.
    pub(crate) exported: BTreeMap<String, Vec<Vec<Vec<PathBuf>>>>,
    /// What became of the last 一括送信, sending by sending.
    pub(crate) bulk: Vec<Bulk>,
    /// What the software said when it did not export.
    pub(crate) advice: Option<String>,
    /// Partners that do not take part.
    pub(crate) outside: Vec<OfficeSpec>,
    /// What was split off for paper; by office.
    pub(crate) on_paper: BTreeMap<OfficeNumber, String>,
    /// What an office's software recorded last; by office.
    pub(crate) recorded: BTreeMap<String, RecordedMonth>,
    /// What the hub had of an office's first terminal when it was last counted; by office.
    pub(crate) stored: BTreeMap<String, Vec<Submission>>,
    /// What a terminal held after it last claimed a part; by office and terminal.
    pub(crate) claimed: BTreeMap<(String, String), Vec<DeliveryId>>,
    /// What each terminal of the last race fetched, by its messages.
    pub(crate) raced: Vec<(String, Vec<String>)>,
    /// Who listens for notices; by office and terminal.
    pub(crate) listeners: BTreeMap<(String, String), Listener>,
    /// The passwords that are no longer those of the start; by office.
    pub(crate) passwords: BTreeMap<String, String>,
    /// The certificates that offices have applied for and not received; by office.
    pub(crate) applications: BTreeMap<String, Applied>,
    /// How the last attempt that might be refused went.
    pub(crate) attempt: Option<Attempt>,
    /// What the offices' terminals told last when something did not go through.
    pub(crate) told: Told,
    /// How long terminals of the stack that starts next try, where a step says so.
    pub(crate) patience: Option<Patience>,
    /// The clock of the stack, which a step may have set before it started.
    pub(crate) clock: Clock,
    /// What the hub's check found worth a look in what it took last.
    pub(crate) findings: Vec<Finding>,
    /// What conversions said of an office's files, one after the other; by office.
    pub(crate) converted: BTreeMap<String, Vec<Note>>,
    /// Lines that were laid between offices and the hub; by office.
    pub(crate) lines: BTreeMap<String, Line>,
    /// Where the second hub listens, if there is one.
    pub(crate) second_hub: Option<SocketAddr>,
    /// A town's month, if the scenario plays one.
    pub(crate) town: Option<TownDays>,
    sandbox: Option<Sandbox>,
    exchanges: Arc<Mutex<Vec<StepExchanges>>>,
    record: Record,
    began: Option<Instant>,
}

/// One sending of a 一括送信.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bulk {
    /// 送信先.
    pub(crate) to: OfficeNumber,
    /// Its files.
    pub(crate) files: Vec<PathBuf>,
    /// What became of it.
    pub(crate) attempt: Attempt,
}

/// How an attempt that might be refused went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// It went through.
    Accepted,
    /// The hub, or the TLS layer, refused: the problem's identifier, or `alert:` and the alert.
    Refused {
        /// The identifier.
        id: String,
        /// The rules that files broke.
        rules: Vec<String>,
    },
    /// The terminal refused before sending: the rules that files broke.
    Checked(Vec<String>),
    /// The line was cut.
    CutOff,
}

impl Attempt {
    /// What the hub said no to.
    pub(crate) fn of(problem: &Problem) -> Self {
        Self::Refused {
            id: problem.kind.rsplit(':').next().unwrap_or_default().to_owned(),
            rules: rules_broken(&problem.findings),
        }
    }
}

/// The rules that refuse, each once.
pub(crate) fn rules_broken(findings: &[Finding]) -> Vec<String> {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let mut rules: Vec<String> = errors.map(|finding| finding.rule.clone()).collect();
    rules.sort();
    rules.dedup();
    rules
}

/// What a scenario leaves for the report.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// How long each step that was run took, in milliseconds.
    pub(crate) step_times: Vec<u64>,
    /// The exchanges of each step that was run.
    pub(crate) exchanges: Vec<StepExchanges>,
    /// What each step that was run had to tell.
    pub(crate) told: Vec<Vec<String>>,
    /// The files that moved.
    pub(crate) files: Vec<FileSeen>,
    /// The folder that was kept.
    pub(crate) kept: Option<PathBuf>,
}

impl cucumber::World for World {
    type Error = Infallible;

    async fn new() -> Result<Self, Infallible> {
        Ok(Self::default())
    }
}

impl World {
    /// A step begins: what it asks for is noted by itself.
    pub(crate) fn begin_step(&mut self) {
        self.end_step();
        lock(&self.exchanges).push(StepExchanges::default());
        self.record.step_times.push(0);
        self.record.told.push(Vec::new());
        self.began = Some(Instant::now());
    }

    /// A step has ended.
    pub(crate) fn end_step(&mut self) {
        let Some(began) = self.began.take() else { return };
        if let Some(time) = self.record.step_times.last_mut() {
            *time = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        }
    }

    /// The scenario has ended: takes its stack down and hands over what it noted.
    pub(crate) async fn end(&mut self) -> Record {
        let (mut record, sandbox) = self.leave();
        if let Some(sandbox) = sandbox {
            record.kept = sandbox.stop().await;
        }
        record
    }

    /// The scenario has ended: hands over what it noted, and its stack as it stands.
    pub(crate) fn leave(&mut self) -> (Record, Option<Sandbox>) {
        self.end_step();
        self.listeners.clear();
        self.lines.clear();
        let mut record = std::mem::take(&mut self.record);
        record.exchanges = std::mem::take(&mut *lock(&self.exchanges));
        (record, self.sandbox.take())
    }

    /// Starts the scenario's stack, with a hub that keeps nothing beyond it.
    pub(crate) async fn start(
        &mut self,
        offices: Vec<OfficeSpec>,
        hub: HubMode,
    ) -> Result<(), Failure> {
        self.start_on(Store::Memory, offices, hub).await
    }

    /// Starts the scenario's stack on a store.
    pub(crate) async fn start_on(
        &mut self,
        store: Store,
        offices: Vec<OfficeSpec>,
        hub: HubMode,
    ) -> Result<(), Failure> {
        let settings = self.settings()?;
        let config = SandboxConfig {
            store,
            offices,
            hub,
            profile: settings.profile,
            check: settings.check,
            seed: settings.seed,
            keep: settings.keep,
            clock: self.clock.clone(),
            ..SandboxConfig::default()
        };
        let patient = self.meets_faults().then_some(PATIENT);
        let patience = self.patience.or(patient).unwrap_or(config.patience);
        let config = SandboxConfig { patience, ..config };
        let sandbox =
            Sandbox::start(config).await.map_err(|error| Failure::ours(error.to_string()))?;
        if self.meets_faults() {
            let armed = sandbox.arm_faults(&settings.faults).await;
            armed.map_err(|error| Failure::ours(error.to_string()))?;
        }
        self.sandbox = Some(sandbox);
        Ok(())
    }

    /// How the run is made.
    pub(crate) fn settings(&self) -> Result<Arc<Settings>, Failure> {
        self.settings.clone().ok_or_else(|| Failure::ours("設定のない世界"))
    }

    /// Whether the run makes hub and CA misbehave beside what the scenario itself arms, so that
    /// people are patient.
    pub(crate) fn meets_faults(&self) -> bool {
        self.settings.as_ref().is_some_and(|settings| !settings.faults.source().is_empty())
    }

    /// The stack.
    pub(crate) fn sandbox(&self) -> Result<&Sandbox, Failure> {
        self.sandbox.as_ref().ok_or_else(no_stack)
    }

    /// The stack, to act on the hub's process.
    pub(crate) fn sandbox_mut(&mut self) -> Result<&mut Sandbox, Failure> {
        self.sandbox.as_mut().ok_or_else(no_stack)
    }

    /// An office that takes part, by its name.
    pub(crate) fn office(&self, name: &str) -> Result<&Office, Failure> {
        let sandbox = self.sandbox()?;
        sandbox.offices().iter().find(|office| office.name == name).ok_or_else(|| {
            let names: Vec<_> = sandbox.offices().iter().map(|one| one.name.as_str()).collect();
            Failure::setup(format!("参加している事業所（{}）", names.join("、")), name)
        })
    }

    /// The office's first terminal, or the one of this name, with its exchanges noted and somebody
    /// at it.
    pub(crate) async fn terminal(
        &self,
        office: &str,
        terminal: Option<&str>,
    ) -> Result<Clerk, Failure> {
        let via = self.lines.get(office).map(Line::address);
        let seat = Seat { office: self.office(office)?, terminal, via };
        let mut found = self.sandbox()?.terminal(seat, self.watcher(office)).await;
        // A process that another scenario starts has for a moment all that is open here, locks too.
        for _ in 0..LOCK_TRIES {
            if !matches!(&found, Err(SandboxError::Terminal(ClientError::Local(_)))) {
                break;
            }
            sleep(LOCK_PAUSE).await;
            found = self.sandbox()?.terminal(seat, self.watcher(office)).await;
        }
        let found = found.map_err(|error| Failure::unlike("端末が使える", error.to_string()))?;
        let found = match self.passwords.get(office) {
            Some(changed) => found.with_password(changed),
            None => found,
        };
        Ok(self.clerk(found))
    }

    /// A refusal that no terminal told: notes what it said.
    pub(crate) fn refused(&self, problem: &Problem) -> Attempt {
        self.told.note(&ClientError::from(problem.clone()));
        Attempt::of(problem)
    }

    /// Somebody of this scenario at a terminal.
    pub(crate) fn clerk(&self, terminal: Terminal) -> Clerk {
        Clerk::at(terminal, self.meets_faults(), self.told.clone())
    }

    /// Notes what a terminal of this office asks and hears.
    pub(crate) fn watcher(&self, office: &str) -> Arc<dyn Observer> {
        Arc::new(Watcher { by: office.to_owned(), seen: Arc::clone(&self.exchanges) })
    }

    /// How often each office asked something in the last step in which anybody did.
    pub(crate) fn asked_last(&self) -> BTreeMap<String, usize> {
        let steps = lock(&self.exchanges);
        let last = steps.iter().rev().find(|step| !step.seen.is_empty());
        let mut asked = BTreeMap::new();
        for exchange in last.iter().flat_map(|step| &step.seen) {
            *asked.entry(exchange.by.clone()).or_default() += 1;
        }
        asked
    }

    /// Notes an exchange that no terminal made.
    pub(crate) fn note_exchange(&self, exchange: Exchange) {
        note(&self.exchanges, || exchange);
    }

    /// Tells something of the running step in the report: counts, never a person.
    pub(crate) fn tell(&mut self, line: String) {
        if let Some(told) = self.record.told.last_mut() {
            told.push(line);
        }
    }

    /// Notes a file that left an office, or reached it.
    pub(crate) fn note_file(&mut self, office: &str, way: Way, name: &str, bytes: &[u8]) {
        self.record.files.push(FileSeen {
            office: office.to_owned(),
            way,
            name: name.to_owned(),
            size: bytes.len() as u64,
            sha256: redact::sha256(bytes),
        });
    }
}

/// Notes what a terminal asks and hears.
struct Watcher {
    by: String,
    seen: Arc<Mutex<Vec<StepExchanges>>>,
}

/// How many exchanges of one step a report shows. A step that asks for more does the same over and
/// over.
const STEP_EXCHANGES_MAX: usize = 60;

/// What a step asked and heard, in the order in which it was answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct StepExchanges {
    /// The first of them.
    pub(crate) seen: Vec<Exchange>,
    /// How many more there were.
    pub(crate) left_out: usize,
}

/// The exchange is written only if it is shown: some steps make thousands.
fn note(steps: &Mutex<Vec<StepExchanges>>, exchange: impl FnOnce() -> Exchange) {
    let mut steps = lock(steps);
    // What is asked before the first step belongs to none.
    let Some(step) = steps.last_mut() else { return };
    if step.seen.len() < STEP_EXCHANGES_MAX {
        step.seen.push(exchange());
    } else {
        step.left_out += 1;
    }
}

impl Observer for Watcher {
    fn exchange(&self, exchange: &client::Exchange) {
        let headers = |headers: &[(String, String)]| {
            headers.iter().map(|(name, value)| redact::header(name, value)).collect()
        };
        note(&self.seen, || Exchange {
            by: self.by.clone(),
            request: format!("{} {}", exchange.method, exchange.url),
            request_headers: headers(&exchange.request_headers),
            request_body: redact::text(&exchange.request_body),
            answer: match (exchange.status, &exchange.failure) {
                (Some(status), _) => status.to_string(),
                (None, Some(failure)) => failure.clone(),
                (None, None) => HIDDEN.to_owned(),
            },
            answer_headers: headers(&exchange.response_headers),
            answer_body: redact::text(&exchange.response_body),
        });
    }
}

fn lock(exchanges: &Mutex<Vec<StepExchanges>>) -> MutexGuard<'_, Vec<StepExchanges>> {
    // A list of what was seen is whole even if somebody panicked while holding it.
    exchanges.lock().unwrap_or_else(PoisonError::into_inner)
}

fn no_stack() -> Failure {
    Failure::setup("先に「標準の事業所が参加している」などの前提", "まだ何も動いていません")
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        num::{NonZeroU32, NonZeroUsize},
    };

    use careplan_protocol::{Party, faults::FaultsWanted, hub::Profile};
    use careplan_sandbox::{
        reference_client::{Sending, SendingFile},
        reference_hub::CheckLevel,
    };

    use super::*;
    use crate::{outcome::tests::sample, write_report};

    /// A world with the standard offices.
    async fn world() -> World {
        let settings = Settings {
            careplan: PathBuf::from("careplan"),
            profile: Profile::Actual,
            check: CheckLevel::Standard,
            seed: 7,
            scale: NonZeroU32::MIN,
            jobs: NonZeroUsize::MIN,
            keep: false,
            faults: FaultsWanted::default(),
            faults_given: None,
        };
        let mut world = World { settings: Some(Arc::new(settings)), ..World::default() };
        world.start(OfficeSpec::standard_cast(), HubMode::InProcess).await.expect("it starts");
        world
    }

    #[tokio::test]
    async fn a_name_in_a_message_is_in_no_report_of_a_failing_run() {
        let mut world = world().await;
        world.begin_step();
        let file = SendingFile { name: "連絡.pdf".to_owned(), bytes: b"%PDF-1.7".to_vec() };
        let sending = Sending {
            message: "架空 花子様の件です".to_owned(),
            destination: Some(Party {
                office: "2770200036".parse().expect("an office"),
                kind: None,
            }),
            ..Sending::new(vec![file])
        };
        let mut terminal = world.terminal("見本居宅介護支援センター", None).await.expect("one");
        terminal.send(&sending).await.expect("the hub takes it");
        terminal.sent().await.expect("it lists");
        let record = world.end().await;
        let mut run = sample();
        let step = record.exchanges.into_iter().next().expect("a step");
        run.scenarios[1].steps[0].exchanges = step.seen;
        let folder = tempfile::tempdir().expect("a folder");
        write_report(&run, folder.path()).expect("writes");
        for name in ["index.html", "report.json", "junit.xml"] {
            let text = fs::read_to_string(folder.path().join(name)).expect("is there");
            assert!(!text.contains("花子"), "{name}");
            assert!(name == "junit.xml" || text.contains("連絡.pdf"), "{name} shows the files");
        }
    }
}
