//! One run: hub, terminals and network in one thread, on one virtual clock.

use std::{
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    fmt::Write as _,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Waker},
};

use hub_relay::{OfficeNumber, Profile};
use time::Duration;

use super::{
    Outcome, Place, Setup, Tally,
    call::Call,
    cast::Cast,
    hub::{Answer, Hub, Step},
    judge::{Asked, Judge, Verdict},
    link::Link,
    overseer::Overseer,
    quiet,
    terminal::{Disk, Terminal},
};
use crate::dice::Dice;

/// How long it storms, in milliseconds of virtual time.
const STORM: u64 = 60 * 1000;
/// How long after the storm everything has to be where it belongs.
const CALM_MAX: u64 = 30 * 60 * 1000;
/// How long it may be until the next sweep.
const SWEEP_WITHIN: u64 = 10 * 1000;
/// How often it is looked whether all is quiet.
const LOOK_EVERY: u64 = 1_000;

/// What happens next, at some time.
enum Event {
    /// A request reaches the hub.
    Arrive {
        client: usize,
        life: u32,
        request: u64,
        call: Call,
    },
    /// The hub goes on with what it held up.
    GoOn {
        arrival: u64,
    },
    /// An answer, or the end of the line, reaches a terminal.
    Hear {
        client: usize,
        life: u32,
        request: u64,
        answer: Option<Answer>,
    },
    /// Time has passed for a terminal.
    Wake {
        client: usize,
        life: u32,
    },
    StartTerminal {
        client: usize,
    },
    StartHub,
    PowerCut,
    Sweep,
    Calm,
    Look,
}

/// A terminal at work.
type Process = (Rc<Terminal>, Pin<Box<dyn Future<Output = ()>>>);

/// A terminal's place: its disk stays, its process comes and goes.
struct Client {
    office: OfficeNumber,
    name: String,
    disk: Rc<RefCell<Disk>>,
    life: u32,
    process: Option<Process>,
}

struct Arrival {
    client: usize,
    life: u32,
    request: u64,
    asked: Asked,
}

/// One run.
pub(super) struct World {
    setup: Setup,
    dice: Dice,
    now: Rc<Cell<u64>>,
    names: Rc<Cell<u64>>,
    is_calm: Rc<Cell<bool>>,
    cast: Rc<Cast>,
    hub: Hub,
    clients: Vec<Client>,
    arrivals: BTreeMap<u64, Arrival>,
    /// Sweeps under way, and when they began.
    sweeps: BTreeMap<u64, u64>,
    events: BinaryHeap<Reverse<(u64, u64)>>,
    details: BTreeMap<u64, Event>,
    judge: Judge,
    tally: Tally,
    log: String,
}

impl World {
    pub(super) fn new(seed: u64, setup: Setup) -> Self {
        let dice = Dice::new(seed);
        let is_plus = setup.profile == Profile::Plus;
        let cast = Rc::new(Cast::new(setup.offices, is_plus));
        let overseer = Overseer::new(setup.troubles.clone(), setup.canary, dice.clone());
        let mut hub = Hub::new(&setup, overseer, dice.clone());
        let lease = u64::try_from(setup.lease.whole_milliseconds()).unwrap_or(0);
        hub.register(cast.offices.clone());
        let mut world = Self {
            dice,
            now: Rc::default(),
            names: Rc::default(),
            is_calm: Rc::default(),
            judge: Judge::new(Rc::clone(&cast), is_plus.then_some(lease), setup.retention),
            cast,
            hub,
            clients: Vec::new(),
            arrivals: BTreeMap::new(),
            sweeps: BTreeMap::new(),
            events: BinaryHeap::new(),
            details: BTreeMap::new(),
            tally: Tally::default(),
            log: String::new(),
            setup,
        };
        world.prepare();
        world
    }

    /// Runs to the end.
    pub(super) fn run(mut self) -> Outcome {
        let verdict = loop {
            match self.step() {
                Ok(true) => {}
                Ok(false) => break Ok(()),
                Err(broken) => break Err(broken),
            }
        };
        self.tally.count("virtual seconds", self.now.get() / 1000);
        self.judge.add_to(&mut self.tally);
        self.tally.count("store calls", self.hub.overseer.calls());
        self.hub.overseer.add_to(&mut self.tally);
        Outcome { verdict, tally: self.tally, log: self.log, calls: self.hub.overseer.calls() }
    }

    fn prepare(&mut self) {
        let offices: Vec<OfficeNumber> = self.cast.offices.iter().map(|one| one.number).collect();
        for office in offices {
            for _ in 0..self.setup.terminals {
                let disk = Disk::new(self.setup.sendings);
                let name = format!("pc-{}", self.clients.len() + 1);
                let disk = Rc::new(RefCell::new(disk));
                self.clients.push(Client { office, name, disk, life: 0, process: None });
            }
        }
        self.after(0, Event::StartHub);
        self.after(SWEEP_WITHIN, Event::Sweep);
        for client in 0..self.clients.len() {
            self.after(self.dice.between(1, 2000), Event::StartTerminal { client });
        }
        for _ in 0..self.setup.power_cuts {
            self.after(self.dice.between(1000, STORM), Event::PowerCut);
        }
        self.after(self.setup.storm.unwrap_or(STORM), Event::Calm);
    }

    fn after(&mut self, milliseconds: u64, event: Event) {
        let id = self.names.get();
        self.names.set(id + 1);
        self.events.push(Reverse((self.now.get() + milliseconds, id)));
        self.details.insert(id, event);
    }

    /// Lets the next thing happen. False once all is quiet.
    fn step(&mut self) -> Result<bool, String> {
        let Some(Reverse((at, id))) = self.events.pop() else {
            return Err("nothing more happens".to_owned());
        };
        self.now.set(at);
        self.hub.set_now(at);
        let Some(event) = self.details.remove(&id) else { return Ok(true) };
        match event {
            Event::Arrive { client, life, request, call } => {
                self.arrive(client, life, request, call)?;
            }
            Event::GoOn { arrival } => {
                let step = self.hub.go_on(arrival);
                self.settle(arrival, step)?;
            }
            Event::Hear { client, life, request, answer } => {
                if let Some((terminal, _)) = self.living(client, life) {
                    terminal.link.hear(request, answer);
                    self.poll(client);
                }
            }
            Event::Wake { client, life } => {
                if self.living(client, life).is_some() {
                    self.poll(client);
                }
            }
            Event::StartTerminal { client } => self.start_terminal(client),
            Event::StartHub => self.start_hub()?,
            Event::PowerCut => {
                if self.hub.is_up() && !self.is_calm.get() {
                    self.hub.overseer.stop();
                    self.lose_hub();
                }
            }
            Event::Sweep => {
                self.after(self.dice.between(1000, SWEEP_WITHIN), Event::Sweep);
                return self.sweep().map(|()| true);
            }
            Event::Calm => {
                self.note("calm");
                self.is_calm.set(true);
                self.hub.overseer.mend();
                self.after(LOOK_EVERY, Event::Look);
            }
            Event::Look => return self.look(),
        }
        Ok(true)
    }

    fn look(&mut self) -> Result<bool, String> {
        let disks: Vec<_> = self.clients.iter().map(|client| client.disk.borrow()).collect();
        let view: Vec<_> = self
            .clients
            .iter()
            .zip(&disks)
            .map(|(client, disk)| (client.office, &**disk))
            .collect();
        let kept = self.hub.kept();
        self.judge.look(&kept, self.now.get())?;
        self.judge.check_events(&self.hub)?;
        let open = quiet::still_open(&self.judge, &self.cast, &view);
        if open.is_none() {
            self.judge.check_store(&kept, self.now.get())?;
            let known = self.cast.known.borrow();
            quiet::check_end(&*self.hub.store, &self.judge.ledger, &known, &view)?;
            return Ok(false);
        }
        drop(view);
        drop(disks);
        if self.setup.storm.unwrap_or(STORM) + CALM_MAX < self.now.get() {
            return Err(format!("long after the storm {}", open.unwrap_or_default()));
        }
        self.after(LOOK_EVERY, Event::Look);
        Ok(true)
    }

    fn start_hub(&mut self) -> Verdict {
        self.hub.start();
        self.note("hub starts");
        let kept = self.hub.kept();
        self.judge.look(&kept, self.now.get())?;
        self.judge.check_events(&self.hub)?;
        self.judge.check_store(&kept, self.now.get())
    }

    /// The hub puts away what it has kept long enough, unless it is at that.
    fn sweep(&mut self) -> Verdict {
        if !self.hub.is_up() || !self.sweeps.is_empty() {
            return Ok(());
        }
        let id = self.names.get();
        self.names.set(id + 1);
        self.tally.count("sweeps", 1);
        self.note(&format!("sweep → #{id}"));
        self.judge.look(&self.hub.kept(), self.now.get())?;
        // Of what is removed now nothing more is told.
        self.judge.check_events(&self.hub)?;
        self.sweeps.insert(id, self.now.get());
        let step = self.hub.sweep(id);
        self.settle(id, step)
    }

    /// The hub has stopped: what was under way hears nothing more.
    fn lose_hub(&mut self) {
        self.note("hub stops");
        self.tally.count("hub restarts", 1);
        self.hub.lose_memory();
        self.sweeps.clear();
        for (_, arrival) in std::mem::take(&mut self.arrivals) {
            self.judge.ended(&arrival.asked, self.now.get());
            let Arrival { client, life, request, .. } = arrival;
            // A machine that lost its power says nothing; a process that died resets the line.
            if self.dice.happens(700) {
                let wait = self.dice.between(1, 50);
                self.after(wait, Event::Hear { client, life, request, answer: None });
            }
        }
        let wait = self.dice.between(100, 10_000);
        self.after(wait, Event::StartHub);
    }

    fn arrive(&mut self, client: usize, life: u32, request: u64, call: Call) -> Verdict {
        if !self.hub.is_up() {
            self.tally.count("request to a hub that is down", 1);
            self.after(5, Event::Hear { client, life, request, answer: None });
            return Ok(());
        }
        let is_cut = !self.is_calm.get() && !call.body.is_empty() && self.chance(self.setup.cut);
        if is_cut {
            self.tally.count("body cut off", 1);
        }
        let mut asked = Asked::new(&self.clients[client].name, call, self.now.get(), is_cut);
        let id = self.names.get();
        self.names.set(id + 1);
        self.tally.count("requests", 1);
        self.note(&format!("{} {} {} → #{id}", asked.terminal, asked.call.method, asked.call.path));
        self.judge.arrived(&mut asked);
        let step = self.hub.take_in(id, &asked.call, is_cut);
        self.arrivals.insert(id, Arrival { client, life, request, asked });
        self.settle(id, step)
    }

    fn settle(&mut self, id: u64, step: Step) -> Verdict {
        if self.sweeps.contains_key(&id) {
            self.judge.look(&self.hub.kept(), self.now.get())?;
        }
        match step {
            Step::HeldUp(at) => {
                let wait = at.saturating_sub(self.now.get());
                self.after(wait, Event::GoOn { arrival: id });
            }
            Step::Stopped if self.hub.is_up() && self.hub.overseer.has_stopped() => self.lose_hub(),
            Step::Stopped => {}
            Step::Answered(answer) => {
                self.note(&format!("#{id} → {}", answer.status));
                if let Some(begun) = self.sweeps.remove(&id) {
                    return self.swept(begun, &answer);
                }
                let Some(arrival) = self.arrivals.remove(&id) else { return Ok(()) };
                self.answered(&arrival.asked, &answer)?;
                let Arrival { client, life, request, .. } = arrival;
                if self.is_lost() {
                    self.tally.count("answer lost", 1);
                    return Ok(());
                }
                let answer = self.as_heard(&arrival.asked, answer);
                let delay = self.delay();
                self.after(delay, Event::Hear { client, life, request, answer: Some(answer) });
            }
        }
        Ok(())
    }

    /// An answer leaves the hub.
    fn answered(&mut self, asked: &Asked, answer: &Answer) -> Verdict {
        let (now, fault) = (self.now.get(), self.hub.overseer.last_fault());
        let verdict = self.judge.answered(asked, answer, now, fault);
        self.judge.ended(asked, now);
        verdict?;
        if !asked.is_stream() {
            return Ok(());
        }
        self.judge.look(&self.hub.kept(), now)?;
        self.judge.check_events(&self.hub)?;
        self.judge.check_stream(asked, answer)
    }

    /// A sweep that began then has come to its end.
    fn swept(&mut self, begun: u64, answer: &Answer) -> Verdict {
        match answer.status {
            200 => self.judge.ledger.check_swept(begun),
            _ if self.hub.overseer.last_fault().is_some_and(|fault| begun <= fault) => Ok(()),
            _ => Err("a sweep fails, and nothing else did".to_owned()),
        }
    }

    /// A line with notices may be cut off anywhere.
    fn as_heard(&mut self, asked: &Asked, mut answer: Answer) -> Answer {
        let is_cut = asked.is_stream() && !self.is_calm.get() && self.chance(self.setup.cut);
        if is_cut && !answer.body.is_empty() {
            self.tally.count("line with notices cut off", 1);
            answer.body.truncate(self.dice.place(answer.body.len()));
        }
        answer
    }

    fn start_terminal(&mut self, at: usize) {
        let client = &mut self.clients[at];
        client.life += 1;
        let terminal = Rc::new(Terminal {
            office: client.office,
            name: client.name.clone(),
            link: Link::new(Rc::clone(&self.now), Rc::clone(&self.names)),
            disk: Rc::clone(&client.disk),
            cast: Rc::clone(&self.cast),
            dice: self.dice.clone(),
            is_calm: Rc::clone(&self.is_calm),
            crashes_per_mille: self.setup.terminal_crashes,
        });
        client.process = Some((Rc::clone(&terminal), Box::pin(terminal.live())));
        self.poll(at);
    }

    fn living(&mut self, client: usize, life: u32) -> Option<&mut Process> {
        let client = &mut self.clients[client];
        client.process.as_mut().filter(|_| client.life == life)
    }

    /// Lets a terminal go on, and carries what it asks.
    fn poll(&mut self, at: usize) {
        let life = self.clients[at].life;
        let Some((terminal, living)) = &mut self.clients[at].process else { return };
        let terminal = Rc::clone(terminal);
        // A life has no end but a crash.
        let _ = living.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        for (request, call) in terminal.link.take_outgoing() {
            self.carry(at, life, request, call);
        }
        for timer in terminal.link.take_timers() {
            let wait = timer.saturating_sub(self.now.get());
            self.after(wait, Event::Wake { client: at, life });
        }
        if terminal.link.has_crashed() {
            self.tally.count("terminal crashed", 1);
            self.note(&format!("{} crashes", terminal.name));
            self.clients[at].process = None;
            let wait = self.dice.between(500, 20_000);
            self.after(wait, Event::StartTerminal { client: at });
        }
    }

    fn carry(&mut self, client: usize, life: u32, request: u64, call: Call) {
        if self.is_lost() {
            self.tally.count("request lost", 1);
            return;
        }
        if !self.is_calm.get() && self.chance(self.setup.twice) {
            self.tally.count("request arrived twice", 1);
            let delay = self.delay();
            self.after(delay, Event::Arrive { client, life, request, call: call.clone() });
        }
        let delay = self.delay();
        self.after(delay, Event::Arrive { client, life, request, call });
    }

    fn is_lost(&mut self) -> bool {
        !self.is_calm.get() && self.chance(self.setup.loss)
    }

    fn delay(&mut self) -> u64 {
        if !self.is_calm.get() && self.chance(self.setup.delay) {
            self.tally.count("long delay", 1);
            return self.dice.between(1_000, 45_000);
        }
        self.dice.between(1, 80)
    }

    fn chance(&self, per_mille: u64) -> bool {
        self.dice.happens(per_mille)
    }

    fn note(&mut self, what: &str) {
        let at = Duration::milliseconds(i64::try_from(self.now.get()).unwrap_or(0));
        let _ = writeln!(self.log, "{:>9.3} {what}", at.as_seconds_f64());
    }
}

impl Place {
    pub(super) const BOTH: [Self; 2] = [Self::Memory, Self::Sqlite];
}
