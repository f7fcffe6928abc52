//! One request at a time: attempts, waits, and what an answer or its absence means.

use std::time::{Duration, Instant};

use careplan_protocol::{Problem, ProblemKind, TerminalId, certificate::CertificateFlaw, hub};
use rand::{TryRng, rngs::SysRng};
use reqwest::{Client, Method, Response, Url, header, redirect};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use time::OffsetDateTime;
use tokio::time::{sleep, timeout};

use crate::{
    ClientError, Credentials, Settings,
    exchange::{Direction, Exchange, Progress, REDACTED, describe, redact},
    expected::Expected,
    retry_after::retry_after,
    tls,
    upload::Upload,
};

/// The longest answer that is read, lists included.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;

const _: () = assert!(hub::FILE_BYTES_MAX as u64 <= ANSWER_BYTES_MAX);

/// Said of an answer that did not come in time.
const TIMED_OUT: &str = "時間切れ / timed out";

/// A service to speak with, over TLS with one root and at most one certificate.
pub(crate) struct Wire {
    http: Client,
    base: Url,
    credentials: Option<Credentials>,
    root_pem: String,
    terminal: Option<TerminalId>,
    pub(crate) settings: Settings,
}

/// What to ask for.
pub(crate) struct Request<'a> {
    method: Method,
    path: Vec<&'a str>,
    query: Vec<(&'static str, String)>,
    /// The last event that was heard, for a stream that goes on.
    last_event: Option<u64>,
    token: Option<String>,
    body: Body<'a>,
    /// A second attempt might do it twice.
    once: bool,
    expected: Expected<'a>,
}

enum Body<'a> {
    None,
    Json(Value),
    Upload(&'a Upload),
}

/// An answer that is no refusal.
pub(crate) struct Answer {
    pub(crate) url: Url,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: Vec<u8>,
    status: u16,
}

/// An answer that goes on.
pub(crate) struct Stream<'a> {
    wire: &'a Wire,
    url: Url,
    response: Response,
}

impl Stream<'_> {
    /// What came next; none at the end. Whoever is silent for as long as an answer may take, has
    /// gone: a line that is dead in the middle ends nowhere else.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, ClientError> {
        let silence_max = self.wire.settings.patience.answer_max;
        match timeout(silence_max, next_chunk(&mut self.response)).await {
            Ok(chunk) => chunk.map_err(|error| self.wire.cut(&self.url, &error).error),
            Err(_) => {
                let (url, reason) = (self.url.to_string(), TIMED_OUT.to_owned());
                Err(ClientError::Unreachable { url, reason })
            }
        }
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }
}

/// Why an attempt failed.
struct Failure {
    error: ClientError,
    /// Whether another attempt may do better.
    may_pass: bool,
    /// How long the other side asks to wait.
    retry_after: Option<Duration>,
    /// The connection was cut before an answer came.
    was_cut: bool,
}

impl Wire {
    /// # Errors
    /// The address is no `https` URL; the root or the credentials cannot be used.
    pub(crate) fn new(
        base: &str,
        root_pem: &str,
        credentials: Option<Credentials>,
        settings: &Settings,
    ) -> Result<Self, ClientError> {
        let base = Url::parse(base).ok().filter(|url| url.scheme() == "https" && url.has_host());
        let base = base.ok_or_else(|| {
            ClientError::input(
                "アドレスは https:// で始めてください",
                "give an address that begins with https://",
            )
        })?;
        let http = Client::builder()
            .tls_backend_preconfigured(tls::config(
                root_pem,
                credentials.as_ref(),
                &settings.clock,
            )?)
            .https_only(true)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .connect_timeout(settings.patience.connect_max)
            .build()
            .map_err(|error| ClientError::Ours(reason(&error)))?;
        let root_pem = root_pem.to_owned();
        let settings = settings.clone();
        Ok(Self { http, base, credentials, root_pem, terminal: None, settings })
    }

    /// Names this terminal with every request.
    pub(crate) fn of_terminal(self, terminal: TerminalId) -> Self {
        Self { terminal: Some(terminal), ..self }
    }

    /// The way to another service under the same root, without a certificate.
    pub(crate) fn elsewhere(&self, base: &str) -> Result<Self, ClientError> {
        Self::new(base, &self.root_pem, None, &self.settings)
    }

    /// The same way with another certificate.
    pub(crate) fn showing(&self, credentials: Credentials) -> Result<Self, ClientError> {
        let other =
            Self::new(self.base.as_str(), &self.root_pem, Some(credentials), &self.settings)?;
        Ok(Self { terminal: self.terminal.clone(), ..other })
    }

    /// Asks until an answer comes or patience ends.
    pub(crate) async fn execute(&self, request: &Request<'_>) -> Result<Answer, ClientError> {
        let mut patience = self.settings.patience;
        if request.once {
            patience.attempts_max = 1;
        }
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(request).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            if failure.was_cut && matches!(request.body, Body::Upload(_)) {
                self.ask_why_cut(request).await?;
            }
            let wait = patience.wait_before_next(attempt, failure.retry_after, share());
            let Some(wait) = wait.filter(|_| failure.may_pass) else {
                return Err(failure.error);
            };
            self.pause(wait, &failure.error).await;
            attempt += 1;
        }
    }

    /// Waits, and says why.
    pub(crate) async fn pause(&self, wait: Duration, why: &ClientError) {
        self.settings.observer.waiting(wait, why);
        sleep(wait).await;
    }

    /// Opens an answer without end. It is asked for once, and read as it comes.
    pub(crate) async fn open(&self, request: &Request<'_>) -> Result<Stream<'_>, ClientError> {
        let mut prepared = self.prepare(request)?;
        *prepared.timeout_mut() = None;
        let url = prepared.url().clone();
        let response = self.http.execute(prepared).await;
        let response = response.map_err(|error| self.cut(&url, &error).error)?;
        if response.status().is_success() {
            return Ok(Stream { wire: self, url, response });
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.map_err(|error| self.cut(&url, &error).error)?.to_vec();
        let answer = Answer { url, headers, body, status };
        match judge(answer, self.settings.clock.now()) {
            Err(failure) => Err(failure.error),
            Ok(answer) => Err(ClientError::answer(&answer.url, "続きません", "does not go on")),
        }
    }

    /// While a body is still being written, the alert that refuses a certificate may get lost
    /// behind the broken pipe; a request without a body hears it.
    async fn ask_why_cut(&self, request: &Request<'_>) -> Result<(), ClientError> {
        let question = Request { token: request.token.clone(), ..Request::get(["v1", "office"]) };
        match self.attempt(&question).await {
            Err(failure) if failure.is_about_the_connection() => Err(failure.error),
            _ => Ok(()),
        }
    }

    async fn attempt(&self, request: &Request<'_>) -> Result<Answer, Failure> {
        let (at, started) = (self.settings.clock.now(), Instant::now());
        let prepared = self.prepare(request).map_err(Failure::lasting)?;
        let mut log = Exchange {
            at,
            method: prepared.method().to_string(),
            url: prepared.url().to_string(),
            request_headers: shown(prepared.headers()),
            request_body: request.body.describe(),
            status: None,
            response_headers: Vec::new(),
            response_body: String::new(),
            failure: None,
            milliseconds: 0,
        };
        let outcome = self.exchange(request, prepared).await;
        log.milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &outcome {
            Ok(answer) => {
                log.status = Some(answer.status);
                log.response_headers = shown(&answer.headers);
                log.response_body = describe(content_type(&answer.headers), &answer.body);
            }
            Err(failure) => log.failure = Some(failure.error.to_string()),
        }
        self.settings.observer.exchange(&log);
        let answer = judge(outcome?, self.settings.clock.now())?;
        request.expected.check(&answer).map_err(Failure::passing)?;
        Ok(answer)
    }

    fn prepare(&self, request: &Request<'_>) -> Result<reqwest::Request, ClientError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| ClientError::Ours("an https URL has a path".to_owned()))?
            .pop_if_empty()
            .extend(&request.path);
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        let bytes = request.bytes();
        let mut builder = self
            .http
            .request(request.method.clone(), url)
            .timeout(self.settings.patience.attempt_max(bytes));
        if let Some(token) = &request.token {
            builder = builder.bearer_auth(token);
        }
        if let Some(last_event) = request.last_event {
            builder = builder.header("last-event-id", last_event);
        }
        if let Some(terminal) = &self.terminal {
            builder = builder.header(hub::TERMINAL, terminal.as_str());
        }
        builder = match &request.body {
            Body::None => builder,
            Body::Json(value) => builder.json(value),
            Body::Upload(upload) => builder
                .header(hub::IDEMPOTENCY_KEY, upload.key.as_str())
                .multipart(upload.form(&self.settings.observer)?),
        };
        builder.build().map_err(|error| ClientError::Ours(reason(&error)))
    }

    async fn exchange(
        &self,
        request: &Request<'_>,
        prepared: reqwest::Request,
    ) -> Result<Answer, Failure> {
        let url = prepared.url().clone();
        let response = self.http.execute(prepared).await;
        let mut response = response.map_err(|error| self.cut(&url, &error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        loop {
            let chunk = next_chunk(&mut response).await.map_err(|error| self.cut(&url, &error))?;
            let Some(chunk) = chunk else { break };
            body.extend_from_slice(&chunk);
            if body.len() as u64 > ANSWER_BYTES_MAX {
                return Err(Failure::lasting(ClientError::answer(&url, "長すぎます", "too long")));
            }
            if let Some(total) = request.expected.file_bytes().filter(|_| status == 200) {
                let done = (body.len() as u64).min(total);
                let progress = Progress { direction: Direction::Fetching, done, total };
                self.settings.observer.progress(progress);
            }
        }
        Ok(Answer { url, headers, body, status })
    }

    /// What keeps this terminal's certificate out.
    fn diagnose(&self) -> Option<CertificateFlaw> {
        let now = self.settings.clock.now();
        self.credentials.as_ref()?.diagnose(&self.root_pem, now).err()
    }

    /// No answer, or half of one.
    fn cut(&self, url: &Url, error: &reqwest::Error) -> Failure {
        if let Some(fault) = tls::fault(error).filter(|fault| !tls::may_pass(fault)) {
            return Failure::lasting(tls::explain(fault, url.as_str(), || self.diagnose()));
        }
        let reason = if error.is_timeout() { TIMED_OUT.to_owned() } else { reason(error) };
        Failure {
            error: ClientError::Unreachable { url: url.to_string(), reason },
            may_pass: true,
            retry_after: None,
            was_cut: !error.is_connect(),
        }
    }
}

impl<'a> Request<'a> {
    pub(crate) fn get(path: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::POST, path)
    }

    pub(crate) fn json(self, value: &impl Serialize) -> Result<Self, ClientError> {
        let value =
            serde_json::to_value(value).map_err(|error| ClientError::Ours(error.to_string()))?;
        Ok(Self { body: Body::Json(value), ..self })
    }

    pub(crate) fn upload(self, upload: &'a Upload) -> Self {
        Self { body: Body::Upload(upload), ..self }
    }

    /// For something else than JSON.
    pub(crate) fn expecting(self, expected: Expected<'a>) -> Self {
        Self { expected, ..self }
    }

    /// With what stands behind the path's `?`.
    pub(crate) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// For a stream that goes on behind this event.
    pub(crate) fn behind(self, last_event: Option<u64>) -> Self {
        Self { last_event, ..self }
    }

    /// Never asked a second time.
    pub(crate) fn once(self) -> Self {
        Self { once: true, ..self }
    }

    pub(crate) fn set_token(&mut self, token: Option<&str>) {
        self.token = token.map(str::to_owned);
    }

    pub(crate) fn with_token(mut self, token: &str) -> Self {
        self.set_token(Some(token));
        self
    }

    pub(crate) fn new(method: Method, path: impl IntoIterator<Item = &'a str>) -> Self {
        let path = path.into_iter().collect();
        Self {
            method,
            path,
            query: Vec::new(),
            last_event: None,
            token: None,
            body: Body::None,
            once: false,
            expected: Expected::Json,
        }
    }

    /// The bytes that one attempt carries, either way.
    fn bytes(&self) -> u64 {
        match self.body {
            Body::Upload(upload) => upload.size(),
            _ => self.expected.file_bytes().unwrap_or(0),
        }
    }
}

impl Body<'_> {
    fn describe(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Json(value) => redact(value.clone()).to_string(),
            Self::Upload(upload) => upload.describe(),
        }
    }
}

impl Answer {
    /// The answer as what it should be.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ClientError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            ClientError::answer(
                &self.url,
                format!("約束の形ではありません。{line}行{column}列"),
                format!("not of the agreed form at {line}:{column}"),
            )
        })
    }
}

impl Failure {
    fn lasting(error: ClientError) -> Self {
        Self { error, may_pass: false, retry_after: None, was_cut: false }
    }

    fn passing(error: ClientError) -> Self {
        Self { may_pass: true, ..Self::lasting(error) }
    }

    fn is_about_the_connection(&self) -> bool {
        self.error.problem_kind().is_some_and(tls::is_about_the_connection)
    }
}

/// Lets a success through and makes of everything else the problem that it is.
fn judge(answer: Answer, now: OffsetDateTime) -> Result<Answer, Failure> {
    if (200..300).contains(&answer.status) {
        return Ok(answer);
    }
    let is_problem = content_type(&answer.headers).starts_with(Problem::MEDIA_TYPE);
    let problem =
        is_problem.then(|| serde_json::from_slice::<Problem>(&answer.body).ok()).flatten();
    let kind = problem.as_ref().and_then(Problem::known_kind);
    let stays = matches!(kind, Some(ProblemKind::StorageFull | ProblemKind::FileDamaged));
    let may_pass = match answer.status {
        408 | 429 => true,
        507 => false,
        500.. => !stays,
        _ => false,
    };
    let status = answer.status;
    let error = match (problem, status) {
        (Some(problem), _) => problem.into(),
        // A gateway in front of the hub asks for time by the status alone.
        (None, 429) => ClientError::problem(ProblemKind::TooManyRequests),
        (None, 503) => ClientError::problem(ProblemKind::Unavailable),
        (None, _) => {
            ClientError::answer(&answer.url, format!("状態{status}"), format!("status {status}"))
        }
    };
    let retry_after = retry_after(&answer.headers, now);
    Err(Failure { error, may_pass, retry_after, was_cut: false })
}

async fn next_chunk(response: &mut Response) -> reqwest::Result<Option<Vec<u8>>> {
    Ok(response.chunk().await?.map(|chunk| chunk.to_vec()))
}

/// The innermost reason: the outer ones only say that a request failed.
fn reason(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

fn content_type(headers: &header::HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn shown(headers: &header::HeaderMap) -> Vec<(String, String)> {
    let secret = [header::AUTHORIZATION, header::COOKIE, header::SET_COOKIE];
    let show = |(name, value): (&header::HeaderName, &header::HeaderValue)| {
        let value = if secret.contains(name) {
            REDACTED.to_owned()
        } else {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        (name.to_string(), value)
    };
    headers.iter().map(show).collect()
}

/// Where in its span a wait lies, 0 to 1.
pub(crate) fn share() -> f64 {
    SysRng.try_next_u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}
