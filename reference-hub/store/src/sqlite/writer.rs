//! The one thread that writes.

use std::thread::{self, JoinHandle};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::shelf::SqlShelf;
use crate::{Failure, Fault, Reply, operations::Shelf};

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
    pub(super) fn start(connection: Connection) -> Result<Self, Fault> {
        let (queue, jobs) = mpsc::channel(QUEUE_JOBS_MAX);
        let thread = thread::Builder::new()
            .name("hub-store-writer".to_owned())
            .spawn(move || work(connection, jobs))
            .map_err(|error| Fault::Failed(error.to_string()))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) fn submit<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        let (answer, answered) = oneshot::channel();
        let task: Box<dyn Job> = Box::new(Task { job: Some(job), outcome: None, answer });
        let queue = self.queue.clone();
        Box::pin(async move {
            let queue = queue.ok_or(Fault::Closed)?;
            queue.send(task).await.map_err(|_| Fault::Closed)?;
            answered.await.map_err(|_| Fault::Closed)?
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
        self.outcome = self.job.take().map(|job| job(shelf));
        matches!(self.outcome, Some(Ok(_)))
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

fn work(mut connection: Connection, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH_JOBS_MAX {
            let Ok(next) = jobs.try_recv() else { break };
            batch.push(next);
        }
        let committed = commit(&mut connection, &mut batch);
        if let Err(fault) = &committed {
            tracing::error!(%fault, operations = batch.len(), "a commit failed");
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
        match job.run(&mut SqlShelf::new(&savepoint)) {
            true => savepoint.commit()?,
            false => savepoint.rollback()?,
        }
    }
    Ok(transaction.commit()?)
}
