//! A sending on its way out: multipart, streamed from the outbox's copies.

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use careplan_protocol::{IdempotencyKey, hub::SubmissionMeta};
use futures::{Stream, stream};
use reqwest::{
    Body,
    multipart::{Form, Part},
};
use tokio::{fs::File, io::AsyncReadExt};

use crate::{
    ClientError,
    exchange::{Direction, Observer, Progress},
};

/// How much of a file is read and handed to the network at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// The content of a submission, with the key that makes it happen once.
pub(crate) struct Upload {
    pub(crate) key: IdempotencyKey,
    pub(crate) meta: SubmissionMeta,
    pub(crate) files: Vec<UploadFile>,
}

/// A file of a submission, and where its copy lies.
pub(crate) struct UploadFile {
    pub(crate) name: String,
    pub(crate) copy: PathBuf,
    pub(crate) size: u64,
}

impl Upload {
    /// The bytes of all files.
    pub(crate) fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// The body for one attempt; the observer hears how far it is.
    pub(crate) fn form(&self, observer: &Arc<dyn Observer>) -> Result<Form, ClientError> {
        let ours = |error: &dyn std::fmt::Display| ClientError::Ours(error.to_string());
        let tally = Arc::new(Tally {
            done: AtomicU64::new(0),
            total: self.size(),
            observer: Arc::clone(observer),
        });
        let meta = serde_json::to_string(&self.meta).map_err(|error| ours(&error))?;
        let meta = Part::text(meta).mime_str("application/json").map_err(|error| ours(&error))?;
        let mut form = Form::new().part("meta", meta);
        for file in &self.files {
            let body = Body::wrap_stream(chunks(file.copy.clone(), Arc::clone(&tally)));
            let part = Part::stream_with_length(body, file.size)
                .file_name(file.name.clone())
                .mime_str("application/octet-stream")
                .map_err(|error| ours(&error))?;
            form = form.part("file", part);
        }
        Ok(form)
    }

    /// What a watcher may see of it.
    pub(crate) fn describe(&self) -> String {
        let meta = serde_json::to_string(&self.meta).unwrap_or_default();
        let files = self.files.iter().map(|file| format!("\n{} ({} bytes)", file.name, file.size));
        meta + &files.collect::<String>()
    }
}

struct Tally {
    done: AtomicU64,
    total: u64,
    observer: Arc<dyn Observer>,
}

impl Tally {
    fn add(&self, bytes: usize) {
        let bytes = bytes as u64;
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.observer.progress(Progress { direction: Direction::Sending, done, total: self.total });
    }
}

fn chunks(path: PathBuf, tally: Arc<Tally>) -> impl Stream<Item = io::Result<Vec<u8>>> + Send {
    stream::try_unfold(None, move |open: Option<File>| {
        let (path, tally) = (path.clone(), Arc::clone(&tally));
        async move {
            let mut file = match open {
                Some(file) => file,
                None => File::open(&path).await?,
            };
            let mut chunk = vec![0; CHUNK_BYTES];
            let read = file.read(&mut chunk).await?;
            chunk.truncate(read);
            tally.add(read);
            Ok((read > 0).then_some((chunk, Some(file))))
        }
    })
}
