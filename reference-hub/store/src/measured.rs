//! A store whose work is timed: for those who watch how it keeps up.
//!
//! It promises to change nothing in what the store does; whoever is told must not wait.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    Failure, Reply,
    operations::{Shelf, Shelved, Turn},
};

/// Who is told what the store did.
pub trait Meter: Send + Sync + 'static {
    /// An operation was answered, after waiting its turn and, if it wrote, after its commit.
    fn answered(&self, work: Work, took: Duration);

    /// So many operations went to the disk with one commit. A store whose operations are a commit
    /// each, or none, does not say so.
    fn committed(&self, operations: usize);
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// It changes nothing.
    Read,
    /// It may change something.
    Write,
}

/// A store with its meter.
#[derive(Clone)]
pub struct Measured<S> {
    store: S,
    meter: Arc<dyn Meter>,
}

impl<S> Measured<S> {
    /// Times every operation of `store`.
    pub fn new(store: S, meter: Arc<dyn Meter>) -> Self {
        Self { store, meter }
    }

    /// `begin` may do the whole work before there is a reply to wait for.
    fn timed<T: Send + 'static>(&self, work: Work, begin: impl FnOnce(&S) -> Reply<T>) -> Reply<T> {
        let begun = Instant::now();
        let reply = begin(&self.store);
        let meter = Arc::clone(&self.meter);
        Box::pin(async move {
            let answer = reply.await;
            meter.answered(work, begun.elapsed());
            answer
        })
    }
}

impl<S: Shelved> Shelved for Measured<S> {
    fn look<T: Send + 'static>(
        &self,
        job: impl Fn(&dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        self.timed(Work::Read, |store| store.look(job))
    }

    fn read<T: Send + 'static>(
        &self,
        job: impl Fn(&dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        self.timed(Work::Read, |store| store.read(job))
    }

    fn write<T: Send + 'static>(
        &self,
        turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<T, Failure> + Send + 'static,
    ) -> Reply<T> {
        self.timed(Work::Write, |store| store.write(turn, job))
    }

    /// Nobody waits for what is written behind, so its time is nobody's.
    fn write_behind(
        &self,
        turn: Turn,
        job: impl Fn(&mut dyn Shelf) -> Result<(), Failure> + Send + 'static,
    ) -> Reply<()> {
        self.store.write_behind(turn, job)
    }
}

impl<S: fmt::Debug> fmt::Debug for Measured<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Measured").field(&self.store).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use super::*;
    use crate::{Memory, Sqlite, Store, Upkeep};

    #[derive(Default)]
    struct Notes(Mutex<Vec<String>>);

    impl Meter for Notes {
        fn answered(&self, work: Work, _took: Duration) {
            self.note(format!("{work:?}"));
        }

        fn committed(&self, operations: usize) {
            self.note(format!("committed {operations}"));
        }
    }

    impl Notes {
        fn note(&self, note: String) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(note);
        }

        fn taken(&self) -> Vec<String> {
            std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
        }
    }

    #[tokio::test]
    async fn every_operation_is_told_of_and_every_commit_of_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let notes = Arc::new(Notes::default());
        let memory = Measured::new(Memory::new(), notes.clone());
        memory.register(Vec::new()).await.expect("registers");
        memory.office_count().await.expect("counts");
        assert_eq!(notes.taken(), ["Write", "Read"]);

        let path = folder.path().join("hub.db");
        let sqlite = Sqlite::open_measured(&path, notes.clone()).expect("opens");
        let sqlite = Measured::new(sqlite, notes.clone());
        sqlite.reset(Vec::new()).await.expect("resets");
        assert_eq!(notes.taken(), ["committed 1", "Write"]);
    }
}
