//! The person at a terminal, who does what the client leaves to people.
//!
//! A client that hears 507 keeps the sending and does not press the hub: it is the person who
//! presses the button again a little later. A client shows a list as it comes: it is the person who
//! looks again for what may have come late. Where no faults are expected nobody does so: a scenario
//! then sees what the client does at once.

use std::{
    ops::{Deref, DerefMut},
    path::Path,
    slice,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use careplan_protocol::{
    DeliveryId, ProblemKind, TerminalId,
    hub::{ClaimRequest, Delivery, Submission},
};
use careplan_sandbox::reference_client::{
    ClientError, Fetched, InboxEntry, Resumed, Sending, SentEntry, Terminal,
};
use serde::de::DeserializeOwned;
use tokio::time::sleep;

/// How often a patient person tries what the hub has no room for, and how long between.
const TRIES: usize = 20;
const PAUSE: Duration = Duration::from_millis(20);

/// How often a patient person looks at a list before what is not in it counts as not there.
const LOOKS: usize = 3;

/// A terminal, and the person at it. What is not said here is the terminal's own.
pub(crate) struct Clerk {
    terminal: Terminal,
    is_patient: bool,
    told: Told,
}

/// What the offices' terminals told last when something did not go through. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Option<ClientError>>>);

impl Told {
    /// The last of it.
    pub(crate) fn last(&self) -> Option<ClientError> {
        // One value is whole even if somebody panicked while holding it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes it.
    pub(crate) fn note(&self, error: &ClientError) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
    }
}

impl Clerk {
    /// Somebody sits down at a terminal; a patient one expects that hub and CA misbehave.
    pub(crate) fn at(terminal: Terminal, is_patient: bool, told: Told) -> Self {
        Self { terminal, is_patient, told }
    }

    pub(crate) async fn login(&mut self, password: &str) -> Result<(), ClientError> {
        self.again(async |terminal| terminal.login(password).await).await
    }

    pub(crate) async fn send(&mut self, sending: &Sending) -> Result<Submission, ClientError> {
        let mut outcomes = self.send_all(slice::from_ref(sending)).await;
        outcomes.pop().expect("one sending has one outcome")
    }

    pub(crate) async fn send_all(
        &mut self,
        sendings: &[Sending],
    ) -> Vec<Result<Submission, ClientError>> {
        let mut outcomes = self.terminal.send_all(sendings).await.outcomes;
        for _ in 1..self.tries() {
            let waits = |at: &usize| outcomes[*at].as_ref().is_err_and(is_for_later);
            let waiting: Vec<usize> = (0..outcomes.len()).filter(waits).collect();
            if waiting.is_empty() {
                break;
            }
            sleep(PAUSE).await;
            // The terminal knows the content that waits: pressing again is no second sending.
            for at in waiting {
                outcomes[at] = self.terminal.send(&sendings[at]).await;
            }
        }
        self.note(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()));
        outcomes
    }

    pub(crate) async fn resume(&mut self) -> Result<Vec<Resumed>, ClientError> {
        let mut resumed = self.terminal.resume().await?;
        for _ in 1..self.tries() {
            let before = resumed.len();
            resumed.retain(|one| !one.outcome.as_ref().is_err_and(is_for_later));
            if resumed.len() == before {
                break;
            }
            sleep(PAUSE).await;
            resumed.extend(self.terminal.resume().await?);
        }
        self.note(resumed.iter().filter_map(|one| one.outcome.as_ref().err()));
        Ok(resumed)
    }

    pub(crate) async fn inbox(&mut self) -> Result<Vec<InboxEntry>, ClientError> {
        self.look(async |terminal| terminal.inbox().await).await
    }

    pub(crate) async fn claim(
        &mut self,
        wanted: &ClaimRequest,
    ) -> Result<Vec<InboxEntry>, ClientError> {
        self.look(async |terminal| terminal.claim(wanted).await).await
    }

    pub(crate) async fn held(&mut self) -> Result<Vec<InboxEntry>, ClientError> {
        self.look(async |terminal| terminal.held().await).await
    }

    pub(crate) async fn holders(&mut self) -> Result<Vec<Delivery>, ClientError> {
        self.look(async |terminal| terminal.holders().await).await
    }

    pub(crate) async fn sent(&mut self) -> Result<Vec<SentEntry>, ClientError> {
        self.look(async |terminal| terminal.sent().await).await
    }

    pub(crate) async fn sent_at_hub(&mut self) -> Result<Vec<Submission>, ClientError> {
        self.look(async |terminal| terminal.sent_at_hub().await).await
    }

    pub(crate) async fn release(&mut self, id: &DeliveryId) -> Result<Delivery, ClientError> {
        self.again(async |terminal| terminal.release(id).await).await
    }

    pub(crate) async fn take_back(
        &mut self,
        id: &DeliveryId,
        from: &TerminalId,
    ) -> Result<Delivery, ClientError> {
        self.again(async |terminal| terminal.take_back(id, Some(from)).await).await
    }

    pub(crate) async fn fetch(
        &mut self,
        id: &DeliveryId,
        into: &Path,
    ) -> Result<Fetched, ClientError> {
        self.again(async |terminal| terminal.fetch(id, into).await).await
    }

    pub(crate) async fn fetch_all(
        &mut self,
        into: &Path,
    ) -> Result<Vec<Result<Fetched, ClientError>>, ClientError> {
        let (mut outcomes, mut left, mut looks) = (Vec::new(), Vec::new(), 0);
        for _ in 0..self.tries() {
            let round = self.again(async |terminal| terminal.fetch_all(into).await).await?;
            let is_left = |one: &Result<_, _>| one.as_ref().is_err_and(is_for_later);
            let done;
            (left, done) = round.into_iter().partition(is_left);
            let is_refused = done.iter().any(Result::is_err);
            outcomes.extend(done);
            looks += usize::from(left.is_empty());
            if is_refused || self.looks() <= looks {
                break;
            }
            sleep(PAUSE).await;
        }
        outcomes.extend(left);
        self.note(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()));
        Ok(outcomes)
    }

    pub(crate) async fn get<T: DeserializeOwned>(
        &mut self,
        path: &[&str],
    ) -> Result<T, ClientError> {
        self.again(async |terminal| terminal.get(path).await).await
    }

    /// Does it, and does it again as long as the hub has no room for it.
    async fn again<T>(
        &mut self,
        mut act: impl AsyncFnMut(&mut Terminal) -> Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        let mut outcome = act(&mut self.terminal).await;
        for _ in 1..self.tries() {
            if !outcome.as_ref().is_err_and(is_for_later) {
                break;
            }
            sleep(PAUSE).await;
            outcome = act(&mut self.terminal).await;
        }
        self.note(outcome.as_ref().err());
        outcome
    }

    /// Looks at a list: the fullest of so many looks.
    async fn look<T>(
        &mut self,
        mut list: impl AsyncFnMut(&mut Terminal) -> Result<Vec<T>, ClientError>,
    ) -> Result<Vec<T>, ClientError> {
        let mut fullest = self.again(&mut list).await?;
        for _ in 1..self.looks() {
            let seen = self.again(&mut list).await?;
            if fullest.len() <= seen.len() {
                fullest = seen;
            }
        }
        Ok(fullest)
    }

    fn note<'a>(&self, errors: impl IntoIterator<Item = &'a ClientError>) {
        if let Some(error) = errors.into_iter().next() {
            self.told.note(error);
        }
    }

    const fn tries(&self) -> usize {
        if self.is_patient { TRIES } else { 1 }
    }

    const fn looks(&self) -> usize {
        if self.is_patient { LOOKS } else { 1 }
    }
}

impl Deref for Clerk {
    type Target = Terminal;

    fn deref(&self) -> &Terminal {
        &self.terminal
    }
}

impl DerefMut for Clerk {
    fn deref_mut(&mut self) -> &mut Terminal {
        &mut self.terminal
    }
}

/// Whether the hub could not do it now, and the client leaves it to people to try again.
fn is_for_later(error: &ClientError) -> bool {
    error.problem_kind() == Some(ProblemKind::StorageFull)
}
