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
use serde_json::json;
use tokio::{fs::File, io::AsyncReadExt};

use crate::{
    ClientError,
    exchange::{Direction, Observer, Progress, redact},
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

    /// What a watcher may see of it: one JSON value, without the message.
    pub(crate) fn describe(&self) -> String {
        let file = |file: &UploadFile| json!({ "name": file.name, "size": file.size });
        let files: Vec<_> = self.files.iter().map(file).collect();
        redact(json!({ "meta": self.meta, "files": files })).to_string()
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_watcher_sees_one_json_value_with_every_file_and_no_message() {
        let message = "架空 花子様の件\nよろしく".to_owned();
        let file = |name: &str, size| UploadFile {
            name: name.to_owned(),
            copy: PathBuf::from("nowhere"),
            size,
        };
        let upload = Upload {
            key: "0123456789abcdef0123456789abcdef".parse().expect("a key"),
            meta: SubmissionMeta { message, destination: None },
            files: vec![file("写真.jpg", 3), file("a\nb.pdf", 5)],
        };
        let shown = upload.describe();
        assert!(!shown.contains("花子"), "{shown}");
        let shown: Value = serde_json::from_str(&shown).expect("one value");
        assert_eq!(shown["files"][1], json!({ "name": "a\nb.pdf", "size": 5 }));
        assert_eq!(shown["meta"]["destination"], Value::Null);
    }
}
