//! A model of the reference client: what it keeps on its disk, in which order, and what it asks.
//!
//! It behaves as `reference-client` does: a sending is on the disk with its key before the first
//! attempt and leaves the outbox after the sent list has it; a receipt follows the files; a session
//! that is over is opened anew; an attempt that got no answer is repeated with doubled waits. It may
//! crash before and after every write. In `plus` it also claims a part, gives back, takes back from
//! a terminal of its office that it saw holding something, and follows the notices: what it heard is on the
//! disk, with its number, before the next one, and a new line begins behind the last.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use careplan_protocol::{
    OfficeNumber, TerminalId, UserId,
    hub::{
        ClaimRequest, Deliveries, Delivery, DeliveryState, Login, Session, Submission,
        SubmissionMeta, TakeBackRequest,
    },
};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{
    call::{Call, Paper, encoded},
    cast::Cast,
    hub::{Answer, PASSWORD},
    link::Link,
    notices::{self, Said},
};
use crate::dice::Dice;

const ATTEMPTS_MAX: u32 = 5;
const FIRST_WAIT: u64 = 250;
/// The header that names the last notice heard.
pub(super) const LAST_EVENT_ID: &str = "last-event-id";
/// How long a session is used, in milliseconds; the hub's lasts as long.
const SESSION_LASTS: u64 = 60 * 60 * 1000;

/// What outlives a crash of the terminal.
#[derive(Default)]
pub(super) struct Disk {
    session: Option<(String, u64)>,
    pub(super) outbox: Vec<Entry>,
    /// Message to 送信ID.
    pub(super) sent: BTreeMap<String, String>,
    /// Message to the files, and whether the receipt is noted.
    pub(super) inbox: BTreeMap<String, (Vec<Paper>, bool)>,
    /// The number that the notices began behind here, and that of the last one.
    pub(super) following: Option<(u64, u64)>,
    /// The numbers of the notices that it heard.
    pub(super) heard: BTreeSet<u64>,
    /// How many sendings people will still hand in here.
    pub(super) to_hand_in: u64,
}

impl Disk {
    /// The disk of a new terminal.
    pub(super) fn new(to_hand_in: u64) -> Self {
        Self { to_hand_in, ..Self::default() }
    }

    fn hear(&mut self, said: &Said) {
        let (began, _) = self.following.unwrap_or((said.number, said.number));
        self.following = Some((began, said.number));
        if said.notice.is_some() {
            self.heard.insert(said.number);
        }
    }
}

/// A sending on its way.
#[derive(Clone)]
pub(super) struct Entry {
    key: String,
    meta: SubmissionMeta,
    papers: Vec<Paper>,
}

/// A terminal's process.
pub(super) struct Terminal {
    pub(super) office: OfficeNumber,
    pub(super) name: String,
    pub(super) link: Link,
    pub(super) disk: Rc<std::cell::RefCell<Disk>>,
    pub(super) cast: Rc<Cast>,
    pub(super) dice: Dice,
    /// Whether all troubles are over.
    pub(super) is_calm: Rc<Cell<bool>>,
    pub(super) crashes_per_mille: u64,
}

impl Terminal {
    /// Its life: one thing after the other, with pauses.
    pub(super) async fn live(self: Rc<Self>) {
        loop {
            self.link.sleep(self.dice.between(100, 4_000)).await;
            if self.is_calm.get() {
                self.send_pending().await;
                self.receive().await;
                self.follow().await;
                continue;
            }
            match self.dice.below(14) {
                0..=3 => {
                    self.hand_in().await;
                    self.send_pending().await;
                }
                4..=7 => self.receive().await,
                8 => self.look_at_sent().await,
                9 => self.pry().await,
                10 | 11 if self.cast.is_plus => self.take_back().await,
                12 | 13 if self.cast.is_plus => self.follow().await,
                _ => self.receive().await,
            }
        }
    }

    /// A person hands something in.
    async fn hand_in(&self) {
        if self.disk.borrow().to_hand_in == 0 {
            return;
        }
        let (meta, papers) = self.cast.new_sending(self.office, &self.name, &self.dice);
        let entry = Entry { key: self.dice.name(), meta, papers };
        self.write(|disk| {
            disk.to_hand_in -= 1;
            disk.outbox.push(entry);
        })
        .await;
    }

    async fn send_pending(&self) {
        let pending = self.disk.borrow().outbox.clone();
        for entry in pending {
            let call = Call::submission(self.office, &entry.key, &entry.meta, &entry.papers);
            let Some(answer) = self.ask_within_session(call).await else { return };
            let Some(taken) = read::<Submission>(&answer, 201) else { continue };
            let message = entry.meta.message.clone();
            self.write(|disk| drop(disk.sent.insert(message, taken.id.to_string()))).await;
            self.write(|disk| disk.outbox.retain(|other| other.key != entry.key)).await;
        }
    }

    async fn receive(&self) {
        let mut claim = Call::post(self.office, "/v1/claims".to_owned());
        if let Some(part) = self.part().await {
            claim = claim.json(&part);
        }
        if self.ask_within_session(claim).await.is_none() {
            return;
        }
        let list = Call::get(self.office, "/v1/deliveries".to_owned());
        let Some(answer) = self.ask_within_session(list).await else { return };
        let Some(held) = read::<Deliveries>(&answer, 200) else { return };
        for delivery in held.deliveries {
            self.cast.gossip(delivery.id.as_str());
            let is_here = self.disk.borrow().inbox.contains_key(&delivery.message);
            if delivery.state == DeliveryState::Fetched && is_here {
                continue;
            }
            if !is_here && !self.is_calm.get() && self.cast.is_plus && self.dice.happens(150) {
                let path = format!("/v1/deliveries/{}/release", delivery.id);
                self.ask_within_session(Call::post(self.office, path)).await;
                continue;
            }
            if self.fetch(&delivery).await.is_none() {
                return;
            }
        }
    }

    /// What of the inbox to claim; none for all of it.
    async fn part(&self) -> Option<ClaimRequest> {
        if self.is_calm.get() || !self.cast.is_plus {
            return None;
        }
        match self.dice.below(10) {
            0..=1 => {
                let kinds = self.cast.kinds_of(self.office);
                let kinds = vec![kinds[self.dice.place(kinds.len())]];
                let include_unaddressed = self.dice.happens(500);
                Some(ClaimRequest { kinds, include_unaddressed, ..ClaimRequest::default() })
            }
            2..=3 => {
                let mut listed = self.of_office().await;
                listed.retain(|one| one.state == DeliveryState::Waiting && self.dice.happens(700));
                let deliveries: Vec<_> = listed.into_iter().map(|one| one.id).collect();
                let part = ClaimRequest { deliveries, ..ClaimRequest::default() };
                (!part.deliveries.is_empty()).then_some(part)
            }
            _ => None,
        }
    }

    /// Takes something back from whoever has it.
    async fn take_back(&self) {
        let mut listed = self.of_office().await;
        listed.retain(|one| one.state == DeliveryState::Claimed);
        if listed.is_empty() {
            return;
        }
        let one = &listed[self.dice.place(listed.len())];
        let path = format!("/v1/deliveries/{}/take-back", one.id);
        let request = TakeBackRequest { holder: one.terminal.clone() };
        self.ask_within_session(Call::post(self.office, path).json(&request)).await;
    }

    /// Who of the office holds what.
    async fn of_office(&self) -> Vec<Delivery> {
        let list = Call::get(self.office, "/v1/deliveries?scope=office".to_owned());
        let answer = self.ask_within_session(list).await;
        let listed = answer.and_then(|answer| read::<Deliveries>(&answer, 200));
        listed.unwrap_or_default().deliveries
    }

    /// Files, then the record, then the receipt. None where the line is down.
    async fn fetch(&self, listed: &Delivery) -> Option<()> {
        let path = format!("/v1/deliveries/{}", listed.id);
        let answer = self.ask_within_session(Call::get(self.office, path.clone())).await?;
        let Some(delivery) = read::<Delivery>(&answer, 200) else { return Some(()) };
        let mut papers = Vec::new();
        for file in &delivery.files {
            let call = Call::get(self.office, format!("{path}/files/{}", encoded(&file.name)));
            let answer = self.ask_within_session(call).await?;
            if answer.status != 200 || hex(&answer.body) != file.sha256 {
                return Some(());
            }
            let bytes = answer.body.to_vec();
            papers.push(Paper { name: file.name.clone(), bytes });
        }
        let message = delivery.message.clone();
        self.write(|disk| drop(disk.inbox.insert(message.clone(), (papers, false)))).await;
        let receipt = Call::post(self.office, format!("{path}/receipt"));
        let answer = self.ask_within_session(receipt).await?;
        let is_noted = answer.status == 200;
        self.write(|disk| match disk.inbox.get_mut(&message) {
            Some((_, receipt)) if is_noted => *receipt = true,
            _ => {}
        })
        .await;
        Some(())
    }

    async fn look_at_sent(&self) {
        let list = Call::get(self.office, "/v1/submissions".to_owned());
        self.ask_within_session(list).await;
    }

    /// Hears what there is to tell, from now on or from behind what it heard last.
    async fn follow(&self) {
        if !self.cast.is_plus {
            return;
        }
        let last = self.disk.borrow().following.map(|(_, last)| last);
        let mut call = Call::get(self.office, "/v1/events".to_owned());
        call.headers.extend(last.map(|last| (LAST_EVENT_ID, last.to_string())));
        let Some(answer) = self.ask_within_session(call).await else { return };
        if answer.status != 200 {
            return;
        }
        for said in notices::read(&answer.body) {
            self.write(|disk| disk.hear(&said)).await;
        }
    }

    /// Asks for a delivery that may be anybody's.
    async fn pry(&self) {
        if let Some(id) = self.cast.overheard(&self.dice) {
            let rest = ["", "/receipt", "/release", "/take-back"][self.dice.place(4)];
            let path = format!("/v1/deliveries/{id}{rest}");
            let call = match rest {
                "" => Call::get(self.office, path),
                _ if !self.cast.is_others(self.office, &id) => return,
                _ => Call::post(self.office, path),
            };
            self.ask_within_session(call).await;
        }
    }

    async fn ask_within_session(&self, call: Call) -> Option<Answer> {
        let mut token = self.session_token().await?;
        for _ in 0..2 {
            let answer = self.ask(call.clone().with_token(&token)).await?;
            if answer.status != 401 {
                return Some(answer);
            }
            self.write(|disk| disk.session = None).await;
            token = self.session_token().await?;
        }
        None
    }

    async fn session_token(&self) -> Option<String> {
        let known = self.disk.borrow().session.clone();
        if let Some((token, _)) = known.filter(|(_, ends)| self.link.now() < *ends) {
            return Some(token);
        }
        let login = Login {
            user_id: UserId::parse(&format!("KJ00{}", self.office)).ok()?,
            password: PASSWORD.to_owned(),
            terminal: TerminalId::parse(&self.name).ok()?,
        };
        let call = Call::post(self.office, "/v1/session".to_owned()).json(&login);
        let session = read::<Session>(&self.ask(call).await?, 201)?;
        let ends = self.link.now() + SESSION_LASTS;
        self.write(|disk| disk.session = Some((session.token.clone(), ends))).await;
        Some(session.token)
    }

    /// Attempts with growing waits, as long as another may do better.
    async fn ask(&self, call: Call) -> Option<Answer> {
        for attempt in 1..=ATTEMPTS_MAX {
            let answer = self.link.ask(call.clone()).await;
            let may_pass = match answer.as_ref().map(|answer| answer.status) {
                None | Some(408 | 429 | 500..=506) => true,
                Some(_) => false,
            };
            if !may_pass || attempt == ATTEMPTS_MAX {
                return answer;
            }
            let full = FIRST_WAIT << (attempt - 1);
            self.link.sleep(full / 2 + self.dice.below(full / 2)).await;
        }
        None
    }

    async fn write(&self, change: impl FnOnce(&mut Disk)) {
        let crashes = !self.is_calm.get() && self.dice.happens(self.crashes_per_mille);
        if crashes && self.dice.happens(500) {
            self.link.crash().await;
        }
        change(&mut self.disk.borrow_mut());
        if crashes {
            self.link.crash().await;
        }
    }
}

/// An answer of this status, as what it should be.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer, status: u16) -> Option<T> {
    if answer.status != status {
        return None;
    }
    serde_json::from_slice(&answer.body).ok()
}

/// The SHA-256, lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
