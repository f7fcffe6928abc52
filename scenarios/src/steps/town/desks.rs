//! The desks of a town's offices: what each of them does with its terminals and its care software,
//! many at once, none knowing of another.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use careplan_protocol::{
    DeliveryId, Lang,
    hub::{ClaimRequest, Delivery, DeliveryState, Profile},
};
use careplan_sandbox::{
    care_software::home,
    reference_client::{ClientError, Fetched, Sending},
};
use careplan_standard::OfficeNumber;
use futures::{StreamExt as _, TryStreamExt as _, future::join_all, stream};
use tokio::task::spawn_blocking;

use super::super::{
    software::{open, software as unwilling},
    transport::refusal,
};
use crate::{Failure, clerk::Clerk, redact, world::World};

/// How many offices are at work at a time.
pub(super) const AT_ONCE: usize = 8;

/// An office at work, apart from the world of its scenario.
pub(super) struct Desk {
    pub(super) office: OfficeNumber,
    pub(super) software: PathBuf,
    name: String,
    received: PathBuf,
    terminals: Vec<Clerk>,
    profile: Profile,
}

/// What one sending carries: what left an office and what reached one are compared by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Parcel {
    from: OfficeNumber,
    to: OfficeNumber,
    message: String,
    /// Name and SHA-256 of each file, by name.
    files: Vec<(String, String)>,
}

/// Has every one of these offices do its work, some at a time; what each came to, in their order.
pub(super) async fn at_every_desk<T, W>(
    world: &World,
    offices: Vec<OfficeNumber>,
    work: impl Fn(Desk) -> W,
) -> Result<Vec<T>, Failure>
where
    W: Future<Output = Result<T, Failure>>,
{
    let work = &work;
    let at_desk = |office: OfficeNumber| async move {
        let desk = Desk::open(world, office).await?;
        let name = desk.name.clone();
        let done = work(desk).await;
        done.map_err(|failure| Failure { found: format!("{name}: {}", failure.found), ..failure })
    };
    stream::iter(offices).map(at_desk).buffered(AT_ONCE).try_collect().await
}

/// Runs what would hold up other offices, away from them.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    spawn_blocking(work).await.map_err(|error| Failure::ours(error.to_string()))?
}

impl Desk {
    async fn open(world: &World, number: OfficeNumber) -> Result<Self, Failure> {
        let office = world.sandbox()?.offices().iter().find(|one| one.number == number);
        let office = office.ok_or_else(|| Failure::ours(format!("{number}の机がない")))?;
        let mut terminals = Vec::new();
        for terminal in &office.terminals {
            terminals.push(world.terminal(&office.name, Some(&terminal.name)).await?);
        }
        Ok(Self {
            office: number,
            name: office.name.clone(),
            software: office.software.clone(),
            received: office.received.clone(),
            terminals,
            profile: world.settings()?.profile,
        })
    }

    /// 一括送信 at the first terminal.
    pub(super) async fn send(&mut self, sendings: &[Sending]) -> Result<Vec<Parcel>, Failure> {
        let terminal = self.terminals.first_mut();
        let terminal = terminal.ok_or_else(|| Failure::ours("端末のない事業所"))?;
        for outcome in terminal.send_all(sendings).await {
            outcome.map_err(refusal)?;
        }
        sendings.iter().map(|sending| Parcel::sent(self.office, sending)).collect()
    }

    /// Receives at every terminal, and hands each delivery to the care software.
    pub(super) async fn receive(&mut self) -> Result<Vec<Parcel>, Failure> {
        let mut fetched: Vec<Fetched> = Vec::new();
        for at_terminal in self.look().await {
            for outcome in at_terminal.map_err(refusal)? {
                fetched.push(outcome.map_err(refusal)?);
            }
        }
        let (office, software) = (self.office, self.software.clone());
        aside(move || fetched.iter().map(|one| take_in(office, &software, one)).collect()).await
    }

    /// One look into 受信一覧 at each terminal, and what is fetched then.
    ///
    /// In profile `actual` the terminals look at once, and who is first has everything; in profile
    /// `plus` the first one takes every other item by itself, and the next what is left.
    async fn look(&mut self) -> Vec<Result<Vec<Result<Fetched, ClientError>>, ClientError>> {
        let into = self.received.as_path();
        if self.profile == Profile::Plus
            && let [first, rest @ ..] = &mut self.terminals[..]
            && !rest.is_empty()
        {
            let mut seen = vec![claim_half_and_fetch(first, into).await];
            for terminal in rest {
                seen.push(claim_and_fetch(terminal, into).await);
            }
            return seen;
        }
        let looks = self.terminals.iter_mut().map(|terminal| claim_and_fetch(terminal, into));
        join_all(looks).await
    }
}

async fn claim_and_fetch(
    terminal: &mut Clerk,
    into: &Path,
) -> Result<Vec<Result<Fetched, ClientError>>, ClientError> {
    terminal.inbox().await?;
    terminal.fetch_all(into).await
}

/// Claims every other of what waits, and fetches it (profile `plus`).
async fn claim_half_and_fetch(
    terminal: &mut Clerk,
    into: &Path,
) -> Result<Vec<Result<Fetched, ClientError>>, ClientError> {
    let there = terminal.holders().await?.into_iter();
    let waiting = there.filter(|one| one.state == DeliveryState::Waiting);
    let deliveries: Vec<DeliveryId> = waiting.step_by(2).map(|one| one.id).collect();
    // A claim that names nothing is one for all.
    if !deliveries.is_empty() {
        terminal.claim(&ClaimRequest { deliveries, ..ClaimRequest::default() }).await?;
    }
    terminal.fetch_all(into).await
}

/// Hands what was fetched to the care software, as it lies on the disk.
fn take_in(office: OfficeNumber, software: &Path, fetched: &Fetched) -> Result<Parcel, Failure> {
    let files = home::read_files(&fetched.files).map_err(unwilling)?;
    if !files.is_empty() {
        let imported = open(office, software)?.import(&files).map_err(unwilling)?;
        if let Some(left_out) = imported.left_out.first() {
            return Err(Failure::unlike("取り込んだ行がすべて読める", left_out.line(Lang::Ja)));
        }
    }
    let digests = files.iter().map(|file| (file.name.clone(), redact::sha256(&file.bytes)));
    let Delivery { from, message, .. } = &fetched.delivery;
    Ok(Parcel::new(from.office, office, message, digests.collect()))
}

impl Parcel {
    fn new(
        from: OfficeNumber,
        to: OfficeNumber,
        message: &str,
        mut files: Vec<(String, String)>,
    ) -> Self {
        files.sort();
        Self { from, to, message: message.to_owned(), files }
    }

    /// How many files it carries.
    pub(super) fn files(&self) -> usize {
        self.files.len()
    }

    fn sent(from: OfficeNumber, sending: &Sending) -> Result<Self, Failure> {
        let to = sending.recipient().map_err(refusal)?.office;
        let files = sending.files.iter();
        let digests = files.map(|file| (file.name.clone(), redact::sha256(&file.bytes)));
        Ok(Self::new(from, to, &sending.message, digests.collect()))
    }
}

impl fmt::Display for Parcel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, files, .. } = self;
        let name = files.first().map_or("メッセージだけ", |(name, _)| name);
        write!(f, "{from} → {to}（{name} など、ファイル{}個）", files.len())
    }
}
