//! The one thread that writes.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    thread::{self, JoinHandle},
};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{roll_back, shelf::SqlShelf, turn};
use crate::{Failure, Fault, Meter, Reply, operations::Shelf};

/// How many operations may share a commit.
const BATCH_JOBS_MAX: usize = 256;
/// How many operations may wait; more are held back where they come from.
const QUEUE_JOBS_MAX: usize = 1024;

const _: () = assert!(BATCH_JOBS_MAX <= QUEUE_JOBS_MAX);

/// The way to the thread. Dropping it lets the thread finish what waits, and waits for that.
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        meter: Option<Arc<dyn Meter>>,
    ) -> Result<Self, Fault> {
        let (queue, jobs) = mpsc::channel(QUEUE_JOBS_MAX);
        let thread = thread::Builder::new()
            .name("hub-store-writer".to_owned())
            .spawn(move || work(connection, jobs, meter.as_deref()))
            .map_err(|error| Fault::Failed(error.to_string()))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) fn submit<T: Send + 'static>(
        &self,
        job: impl Fn(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        let (answer, answered) = oneshot::channel();
        let queued = self.queue(job, answer);
        Box::pin(async move {
            queued.await?;
            answered.await.map_err(|_| Fault::Closed)?
        })
    }

    /// Ready once the job stands in the queue; what becomes of it is told to nobody.
    pub(super) fn submit_behind(
        &self,
        job: impl Fn(&mut dyn Shelf) -> Result<(), Failure> + Send + 'static,
    ) -> Reply<()> {
        let (answer, _) = oneshot::channel();
        self.queue(job, answer)
    }

    fn queue<T: Send + 'static>(
        &self,
        job: impl Fn(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
        answer: oneshot::Sender<Result<T, Failure>>,
    ) -> Reply<()> {
        let task: Box<dyn Job> = Box::new(Task { job, outcome: None, answer });
        let queue = self.queue.clone();
        Box::pin(async move {
            let queue = queue.ok_or(Fault::Closed)?;
            Ok(queue.send(task).await.map_err(|_| Fault::Closed)?)
        })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported where it happened.
            let _ = thread.join();
        }
    }
}

/// An operation in the queue: runs within a transaction, answers after it.
trait Job: Send {
    /// Runs, perhaps not for the first time, and says whether its changes shall stay.
    fn run(&mut self, shelf: &mut dyn Shelf) -> bool;

    /// What befell it, if it ran and that was no refusal.
    fn fault(&self) -> Option<&Fault>;

    /// Answers with the outcome, or with what befell the transaction.
    fn settle(self: Box<Self>, committed: Result<(), Fault>);
}

struct Task<T, F> {
    job: F,
    outcome: Option<Result<T, Failure>>,
    answer: oneshot::Sender<Result<T, Failure>>,
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: Fn(&mut dyn Shelf) -> Result<T, Failure> + Send,
{
    fn run(&mut self, shelf: &mut dyn Shelf) -> bool {
        // What a job that panicked has changed is rolled back, so that nobody sees it half done; the
        // others of the batch go on.
        let ran = panic::catch_unwind(AssertUnwindSafe(|| (self.job)(shelf)));
        self.outcome = Some(ran.unwrap_or_else(|_| Err(panicked())));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn fault(&self) -> Option<&Fault> {
        match &self.outcome {
            Some(Err(Failure::Fault(fault))) => Some(fault),
            _ => None,
        }
    }

    fn settle(self: Box<Self>, committed: Result<(), Fault>) {
        let outcome = match committed {
            Ok(()) => self.outcome.unwrap_or(Err(Fault::Closed.into())),
            Err(fault) => Err(fault.into()),
        };
        // One who no longer waits will ask again, with the same key.
        let _ = self.answer.send(outcome);
    }
}

fn panicked() -> Failure {
    Fault::Failed("an operation panicked".to_owned()).into()
}

fn work(connection: Connection, mut jobs: mpsc::Receiver<Box<dyn Job>>, meter: Option<&dyn Meter>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH_JOBS_MAX {
            let Ok(next) = jobs.try_recv() else { break };
            batch.push(next);
        }
        let committed = commit(&connection, &mut batch);
        if let Err(fault) = &committed {
            tracing::error!(%fault, operations = batch.len(), "a commit failed");
        } else if let Some(meter) = meter {
            meter.committed(batch.len());
        }
        for job in batch {
            job.settle(committed.clone());
        }
    }
}

fn commit(connection: &Connection, batch: &mut [Box<dyn Job>]) -> Result<(), Fault> {
    for guard in [Guard::None, Guard::Savepoints] {
        turn(connection, "BEGIN IMMEDIATE")?;
        let ran = batch.iter_mut().try_for_each(|job| run(connection, job.as_mut(), guard));
        let committed = ran.and_then(|()| Ok(turn(connection, "COMMIT")?));
        if committed.is_err() {
            roll_back(connection)?;
        }
        match committed {
            Err(Broken::HalfDone) => {}
            Err(Broken::Fault(fault)) => return Err(fault),
            Ok(()) => return Ok(()),
        }
    }
    Err(Fault::Failed("a job in a savepoint left something half done".to_owned()))
}

/// What keeps a job that fails from leaving half of its changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Nothing: jobs decide before they change anything, so that one that is refused has changed
    /// nothing; if one fails halfway, all of them run again. A savepoint has every page copied.
    None,
    /// A savepoint for each.
    Savepoints,
}

/// Why a transaction ended early.
enum Broken {
    /// A job failed when it had changed something already.
    HalfDone,
    Fault(Fault),
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

fn run(connection: &Connection, job: &mut dyn Job, guard: Guard) -> Result<(), Broken> {
    if guard == Guard::Savepoints {
        turn(connection, "SAVEPOINT job")?;
    }
    let mut shelf = SqlShelf::new(connection);
    let stays = job.run(&mut shelf);
    if connection.is_autocommit() {
        // A full disk, among others, rolls the whole transaction back: nobody's changes stay.
        let rolled_back = || Fault::Failed("the transaction was rolled back".to_owned());
        return Err(Broken::Fault(job.fault().cloned().unwrap_or_else(rolled_back)));
    }
    match (guard, stays) {
        (Guard::None, false) if shelf.is_changed() => Err(Broken::HalfDone),
        (Guard::None, _) => Ok(()),
        (Guard::Savepoints, false) => {
            turn(connection, "ROLLBACK TO job")?;
            Ok(turn(connection, "RELEASE job")?)
        }
        (Guard::Savepoints, true) => Ok(turn(connection, "RELEASE job")?),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc};

    use hub_relay::{Office, Refusal};

    use super::*;
    use crate::{Sqlite, Store as _};

    fn opened() -> (Sqlite, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        (Sqlite::open(&folder.path().join("hub.db")).expect("opens"), folder)
    }

    fn office(number: &str) -> Office {
        Office {
            number: number.parse().expect("an office number"),
            name: "見本".to_owned(),
            kinds: vec![],
            prefecture: None,
            versions: vec![],
            licence: None,
        }
    }

    fn put(number: &'static str) -> impl Fn(&mut dyn Shelf) -> Result<(), Failure> {
        move |shelf| Ok(shelf.put_office(&office(number))?)
    }

    #[tokio::test]
    async fn what_a_job_leaves_half_done_is_undone_and_the_others_of_its_batch_stay() {
        let (store, _folder) = opened();
        let writer = &store.inner.writer;
        let (open, gate) = mpsc::channel::<()>();
        let gate = Mutex::new(gate);
        let held = writer.submit(move |_| {
            // Until all others wait, who share the next commit, or this one.
            let _ = gate.lock().map(|gate| gate.recv());
            Ok(())
        });
        let first = writer.submit(put("2770100012"));
        let refused = writer.submit::<()>(|shelf| {
            put("2770200036")(shelf)?;
            Err(Refusal::NotFound.into())
        });
        let panics = writer.submit::<()>(|shelf| {
            put("2770300042")(shelf)?;
            panic!("as the test wants")
        });
        let last = writer.submit(put("2770400059"));
        let opening = async { drop(open) };
        let all = tokio::join!(held, first, refused, panics, last, opening);
        assert_eq!((all.1, all.4), (Ok(()), Ok(())));
        assert_eq!(all.2, Err(Refusal::NotFound.into()));
        assert!(matches!(all.3, Err(Failure::Fault(Fault::Failed(_)))), "{:?}", all.3);
        assert_eq!(store.office_count().await, Ok(2));
        for (number, is_there) in [("2770100012", true), ("2770200036", false)] {
            let found = store.office(office(number).number).await.expect("looks");
            assert_eq!(found.is_some(), is_there, "{number}");
        }
    }

    #[tokio::test]
    async fn a_job_that_panics_is_a_fault_of_its_own() {
        let (store, _folder) = opened();
        let writer = &store.inner.writer;
        let panics = writer.submit::<()>(|_| panic!("as the test wants"));
        let good = writer.submit(|_| Ok(7));
        let (panicked, good) = tokio::join!(panics, good);
        assert!(matches!(panicked, Err(Failure::Fault(Fault::Failed(_)))), "{panicked:?}");
        assert_eq!(good, Ok(7));
        assert_eq!(writer.submit(|_| Ok(8)).await, Ok(8), "the writer goes on");
    }
}
