//! Requests, as a client writes them.

use axum::http::Method;
use careplan_protocol::{
    OfficeNumber,
    hub::{IDEMPOTENCY_KEY, SubmissionMeta},
};
use serde::Serialize;

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) office: OfficeNumber,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

/// A file, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paper {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

const BOUNDARY: &str = "----simulated-boundary";

impl Call {
    pub(super) fn get(office: OfficeNumber, path: String) -> Self {
        Self { office, method: Method::GET, path, headers: Vec::new(), body: Vec::new() }
    }

    pub(super) fn post(office: OfficeNumber, path: String) -> Self {
        Self { method: Method::POST, ..Self::get(office, path) }
    }

    pub(super) fn json(mut self, body: &impl Serialize) -> Self {
        self.headers.push(("content-type", "application/json".to_owned()));
        self.body = serde_json::to_vec(body).expect("requests are written as JSON");
        self
    }

    pub(super) fn with_token(mut self, token: &str) -> Self {
        self.headers.retain(|(name, _)| *name != "authorization");
        self.headers.push(("authorization", format!("Bearer {token}")));
        self
    }

    pub(super) fn submission(
        office: OfficeNumber,
        key: &str,
        meta: &SubmissionMeta,
        papers: &[Paper],
    ) -> Self {
        let mut call = Self::post(office, "/v1/submissions".to_owned());
        call.headers.push((IDEMPOTENCY_KEY, key.to_owned()));
        call.headers.push(("content-type", format!("multipart/form-data; boundary={BOUNDARY}")));
        let meta = serde_json::to_vec(meta).expect("requests are written as JSON");
        part(&mut call.body, "name=\"meta\"", &meta);
        for Paper { name, bytes } in papers {
            part(&mut call.body, &format!("name=\"file\"; filename=\"{name}\""), bytes);
        }
        call.body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        call
    }
}

fn part(body: &mut Vec<u8>, disposition: &str, bytes: &[u8]) {
    let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; {disposition}\r\n\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n");
}

/// A part of a path, percent-encoded where it has to be.
pub(super) fn encoded(part: &str) -> String {
    let encode = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    part.bytes().map(encode).collect()
}
