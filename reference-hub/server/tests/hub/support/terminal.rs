//! A terminal: what a client does on the wire, and no more.

use std::sync::Arc;

use careplan_protocol::{
    Problem, ProblemKind, TerminalId, UserId,
    hub::{
        Deliveries, Delivery, IDEMPOTENCY_KEY, Login, Session, Submission, SubmissionMeta,
        Submissions,
    },
};
use reqwest::{Client, Method, RequestBuilder, Response, multipart};
use rustls::{
    ClientConfig, RootCertStore, SupportedProtocolVersion,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    version::TLS13,
};
use serde::de::DeserializeOwned;

use super::ca::{Ca, Issued, PASSWORD};

/// A connection to the hub with a certificate, and a session once logged in.
pub(crate) struct Terminal {
    client: Client,
    url: String,
    pub(crate) token: String,
}

impl Terminal {
    pub(crate) fn new(url: String, ca: &Ca, identity: Option<&Issued>) -> Self {
        let tls = client_tls(&ca.root_pem(), identity, &[&TLS13]);
        let client = Client::builder().tls_backend_preconfigured(tls).no_proxy().build();
        Self { client: client.expect("a client"), url, token: String::new() }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    /// Tries to log in, whatever comes of it.
    pub(crate) async fn try_log_in(&self, user: &UserId, password: &str) -> Answer<Session> {
        let login = Login {
            user_id: user.clone(),
            password: password.to_owned(),
            terminal: TerminalId::parse("pc-1").expect("a terminal"),
        };
        read(self.request(Method::POST, "/v1/session").json(&login)).await
    }

    pub(crate) async fn log_in(&mut self, user: &UserId, terminal: &str) {
        let login = Login {
            user_id: user.clone(),
            password: PASSWORD.to_owned(),
            terminal: TerminalId::parse(terminal).expect("a terminal"),
        };
        let session: Answer<Session> =
            read(self.request(Method::POST, "/v1/session").json(&login)).await;
        self.token = session.expect("logs in").token;
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Answer<T> {
        read(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str) -> Answer<T> {
        read(self.request(Method::POST, path)).await
    }

    /// Sends files under a key, each as its bytes.
    pub(crate) async fn send(
        &self,
        key: &str,
        meta: &SubmissionMeta,
        files: &[(&str, &[u8])],
    ) -> Answer<Submission> {
        read(self.sending(key, meta, files)).await
    }

    pub(crate) fn sending(
        &self,
        key: &str,
        meta: &SubmissionMeta,
        files: &[(&str, &[u8])],
    ) -> RequestBuilder {
        let meta = serde_json::to_string(meta).expect("serializes");
        let form =
            files.iter().fold(multipart::Form::new().text("meta", meta), |form, (name, bytes)| {
                let part = multipart::Part::bytes(bytes.to_vec()).file_name((*name).to_owned());
                form.part("file", part)
            });
        self.request(Method::POST, "/v1/submissions").header(IDEMPOTENCY_KEY, key).multipart(form)
    }

    pub(crate) async fn claim(&self) -> Vec<Delivery> {
        let held: Answer<Deliveries> = self.post("/v1/claims").await;
        held.expect("claims").deliveries
    }

    pub(crate) async fn sent(&self) -> Vec<Submission> {
        let sent: Answer<Submissions> = self.get("/v1/submissions").await;
        sent.expect("lists").submissions
    }

    pub(crate) async fn fetch(&self, delivery: &Delivery, file: usize) -> Response {
        let (id, name) = (&delivery.id, &delivery.files[file].name);
        let path = format!("/v1/deliveries/{id}/files/{name}");
        self.request(Method::GET, &path).send().await.expect("an answer")
    }
}

/// A body, or the hub's problem with the request.
pub(crate) type Answer<T> = Result<T, ProblemKind>;

/// Reads an answer. A refusal must be a problem of the catalogue, with its status and media type.
pub(crate) async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Answer<T> {
    let answer = request.send().await.expect("an answer");
    if answer.status().is_success() {
        return Ok(answer.json().await.expect("the body that was promised"));
    }
    Err(problem(answer).await.known_kind().expect("a kind of the catalogue"))
}

pub(crate) async fn problem(answer: Response) -> Problem {
    let status = answer.status().as_u16();
    let media_type = answer.headers().get("content-type").expect("a media type");
    assert_eq!(media_type, Problem::MEDIA_TYPE);
    let problem: Problem = answer.json().await.expect("a problem");
    assert_eq!(problem.status, status);
    problem
}

pub(crate) fn client_tls(
    root_pem: &str,
    identity: Option<&Issued>,
    versions: &[&'static SupportedProtocolVersion],
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(root_pem.as_bytes()).expect("a root");
    roots.add(root).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .expect("versions")
        .with_root_certificates(roots);
    let Some(identity) = identity else { return config.with_no_client_auth() };
    let chain = CertificateDer::pem_slice_iter(identity.chain_pem.as_bytes());
    let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes()).expect("a key");
    config
        .with_client_auth_cert(chain.collect::<Result<_, _>>().expect("a chain"), key)
        .expect("an identity")
}
