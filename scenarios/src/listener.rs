//! A terminal that listens for notices while the script goes on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use careplan_protocol::hub::Notice;
use careplan_sandbox::reference_client::ClientError;
use tokio::task::JoinHandle;

use crate::clerk::Clerk;

/// A notice with its number.
pub(crate) type Numbered = (u64, Notice);

/// A terminal that listens; dropping it ends the listening.
pub(crate) struct Listener {
    heard: Arc<Mutex<Vec<Numbered>>>,
    task: JoinHandle<Result<Option<u64>, ClientError>>,
}

impl Listener {
    /// Listens from the first notice on, for as long as it lives.
    pub(crate) fn start(mut terminal: Clerk) -> Self {
        let heard: Arc<Mutex<Vec<Numbered>>> = Arc::default();
        let noted = Arc::clone(&heard);
        let task = tokio::spawn(async move {
            let note = |number: u64, notice: &Notice| {
                lock(&noted).push((number, notice.clone()));
                true
            };
            terminal.watch(Some(0), note).await
        });
        Self { heard, task }
    }

    /// What it has heard so far.
    pub(crate) fn heard(&self) -> Vec<Numbered> {
        lock(&self.heard).clone()
    }

    /// Why it listens no longer, if it has ended.
    pub(crate) async fn end(&mut self) -> Option<String> {
        if !self.task.is_finished() {
            return None;
        }
        Some(match (&mut self.task).await {
            Ok(Ok(_)) => "終わった".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(heard: &Mutex<Vec<Numbered>>) -> MutexGuard<'_, Vec<Numbered>> {
    // A list of what was heard is whole even if somebody panicked while holding it.
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}
