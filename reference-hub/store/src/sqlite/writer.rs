//! The one thread that writes.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::shelf::SqlShelf;
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
        job: impl FnOnce(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
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
        job: impl FnOnce(&mut dyn Shelf) -> Result<(), Failure> + Send + 'static,
    ) -> Reply<()> {
        let (answer, _) = oneshot::channel();
        self.queue(job, answer)
    }

    fn queue<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
        answer: oneshot::Sender<Result<T, Failure>>,
    ) -> Reply<()> {
        let task: Box<dyn Job> = Box::new(Task { job: Some(job), outcome: None, answer });
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
    /// Runs, and says whether its changes shall stay.
    fn run(&mut self, shelf: &mut dyn Shelf) -> bool;

    /// What befell it, if it ran and that was no refusal.
    fn fault(&self) -> Option<&Fault>;

    /// Answers with the outcome, or with what befell the transaction.
    fn settle(self: Box<Self>, committed: Result<(), Fault>);
}

struct Task<T, F> {
    job: Option<F>,
    outcome: Option<Result<T, Failure>>,
    answer: oneshot::Sender<Result<T, Failure>>,
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnOnce(&mut dyn Shelf) -> Result<T, Failure> + Send,
{
    fn run(&mut self, shelf: &mut dyn Shelf) -> bool {
        // What a job that panicked has changed is rolled back with its savepoint, so that nobody
        // sees it half done; the others of the batch go on.
        let run = |job: F| panic::catch_unwind(AssertUnwindSafe(|| job(shelf)));
        let outcome = self.job.take().map(run);
        self.outcome = outcome.map(|run| run.unwrap_or_else(|_| Err(panicked())));
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

fn work(
    mut connection: Connection,
    mut jobs: mpsc::Receiver<Box<dyn Job>>,
    meter: Option<&dyn Meter>,
) {
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH_JOBS_MAX {
            let Ok(next) = jobs.try_recv() else { break };
            batch.push(next);
        }
        let committed = commit(&mut connection, &mut batch);
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

fn commit(connection: &mut Connection, batch: &mut [Box<dyn Job>]) -> Result<(), Fault> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for job in batch {
        let mut savepoint = transaction.savepoint()?;
        let stays = job.run(&mut SqlShelf::new(&savepoint));
        if savepoint.is_autocommit() {
            // A full disk, among others, rolls the whole transaction back: nobody's changes stay.
            let rolled_back = || Fault::Failed("the transaction was rolled back".to_owned());
            return Err(job.fault().cloned().unwrap_or_else(rolled_back));
        }
        match stays {
            true => savepoint.commit()?,
            false => savepoint.rollback()?,
        }
    }
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened() -> (Writer, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = Connection::open(folder.path().join("a.db")).expect("opens");
        connection.execute_batch("CREATE TABLE notes (note TEXT)").expect("creates");
        (Writer::start(connection, None).expect("starts"), folder)
    }

    #[tokio::test]
    async fn a_job_that_panics_is_a_fault_of_its_own() {
        let (writer, _folder) = opened();
        let panics = writer.submit::<()>(|_| panic!("as the test wants"));
        let good = writer.submit(|_| Ok(7));
        let (panicked, good) = tokio::join!(panics, good);
        assert!(matches!(panicked, Err(Failure::Fault(Fault::Failed(_)))), "{panicked:?}");
        assert_eq!(good, Ok(7));
        assert_eq!(writer.submit(|_| Ok(8)).await, Ok(8), "the writer goes on");
    }
}
