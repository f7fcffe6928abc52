//! One installation of the client: log in, send, and resume what was cut off.

use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
};

use careplan_protocol::{
    Clock, IdempotencyKey, OfficeNumber, Problem, ProblemKind, SubmissionId, TerminalId, UserId,
    hub::{Login, Session, Submission, Submissions},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    ClientError, Credentials, OutboxEntry, OutboxState, Patience, Sending, SentEntry, Settings,
    home::{self, Home},
    outbox::Outbox,
    tls,
    wire::{Answer, Request, Wire, share},
};

/// 端末: one installation's state in a folder, held by this process alone while the value lives.
pub struct Terminal {
    pub(crate) home: Home,
    pub(crate) identity: Identity,
    pub(crate) wire: Wire,
    credentials: Option<Credentials>,
    outbox: Outbox,
    session: Option<Session>,
    password: Option<String>,
    settings: Settings,
}

/// Who a terminal is: `terminal.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) terminal: TerminalId,
    pub(crate) user_id: UserId,
    pub(crate) hub_url: String,
    pub(crate) ca_url: Option<String>,
}

/// What became of a sending that an earlier send left unfinished.
#[derive(Debug)]
pub struct Resumed {
    /// The entry as it lay in the outbox.
    pub entry: OutboxEntry,
    /// The hub's answer. After a refusal the entry stays, marked; after anything else it waits on.
    pub outcome: Result<Submission, ClientError>,
}

/// What became of a 一括送信, and of what went out along with it.
#[derive(Debug)]
pub struct Batch {
    /// Of what was asked for, in that order.
    pub outcomes: Vec<Result<Submission, ClientError>>,
    /// Of what an earlier send left unfinished.
    pub along: Vec<Resumed>,
}

impl Terminal {
    /// Opens an enrolled terminal.
    ///
    /// # Errors
    /// [`ClientError::Local`]: the folder is no terminal's, is in use by another process, or a file
    /// in it is damaged; the error names it, and nothing is deleted.
    pub fn open(folder: &Path, settings: Settings) -> Result<Self, ClientError> {
        Self::from_home(Home::open(folder)?, settings)
    }

    pub(crate) fn from_home(home: Home, settings: Settings) -> Result<Self, ClientError> {
        let path = home.path(home::IDENTITY);
        let identity: Identity =
            home::read(&path)?.ok_or_else(|| home::damaged(&path, &"missing"))?;
        let root_path = home.path(home::ROOT);
        let root = read_text(&root_path)?.unwrap_or_default();
        tls::roots(&root).map_err(|_| home::damaged(&root_path, &"PEM"))?;
        let path = home.path(home::CREDENTIALS);
        let credentials = match read_text(&path)? {
            Some(text) => Some(
                Credentials::from_pem(&text, &text).map_err(|_| home::damaged(&path, &"PEM"))?,
            ),
            None => None,
        };
        let wire = Wire::new(&identity.hub_url, &root, credentials.clone(), &settings)?
            .of_terminal(identity.terminal.clone());
        let outbox = Outbox::new(&home);
        outbox.sweep()?;
        let session = home::read(&home.path(home::SESSION))?;
        Ok(Self { home, identity, wire, credentials, outbox, session, password: None, settings })
    }

    /// Remembers the password, in memory alone, for when a request finds the session over.
    #[must_use]
    pub fn with_password(self, password: impl Into<String>) -> Self {
        Self { password: Some(password.into()), ..self }
    }

    /// Logs in at the hub and keeps the session.
    ///
    /// # Errors
    /// What the hub says: `login-failed`, `password-temporary`, `identity-mismatch`, ….
    pub async fn login(&mut self, password: &str) -> Result<(), ClientError> {
        let login = Login {
            user_id: self.identity.user_id.clone(),
            password: password.to_owned(),
            terminal: self.identity.terminal.clone(),
        };
        let request = Request::post(["v1", "session"]).json(&login)?;
        let session: Session = self.wire.execute(&request).await?.json()?;
        home::write(&self.home.path(home::SESSION), &session)?;
        self.session = Some(session);
        Ok(())
    }

    /// Sends: the entry is on the disk before the first attempt. Whatever an earlier send left
    /// unfinished goes first; the same content that still waits is not sent twice, and what went out
    /// along with another sending is the answer, once and for a day, to whoever sends it again.
    ///
    /// # Errors
    /// [`ClientError::Check`] and local problems before anything is kept or sent. `recipient-version`
    /// before anything is sent, where 利用事業所一覧 says that the recipient's software takes other
    /// versions. A refusal leaves the entry in the outbox, marked; anything else leaves it there to
    /// be resumed.
    pub async fn send(&mut self, sending: &Sending) -> Result<Submission, ClientError> {
        let mut batch = self.send_all(std::slice::from_ref(sending)).await;
        batch.outcomes.pop().expect("one sending has one outcome")
    }

    /// 一括送信: as [`send`](Self::send), for several sendings; each has its outcome, in their order.
    ///
    /// All that may go out are on the disk before the first attempt for any. Once the hub cannot be
    /// reached, or asks for time, the rest is not tried, and waits.
    pub async fn send_all(&mut self, sendings: &[Sending]) -> Batch {
        let entries = self.take_in_all(sendings);
        let (mut along, mut outcomes) = (Vec::new(), Vec::new());
        let mut not_now = self.send_earlier(&entries, &mut along).await.err();
        for entry in entries {
            let outcome = match (entry, &not_now) {
                (Err(error), _) => Err(error),
                (Ok(OutboxEntry { key, taken_along: Some(taken), .. }), _) => {
                    self.outbox.remove(&key).map(|()| taken.submission)
                }
                (Ok(_), Some(error)) => Err(error.clone()),
                (Ok(entry), None) => self.transmit(&entry).await,
            };
            if let Err(error) = &outcome
                && error.is_not_now()
            {
                not_now = Some(error.clone());
            }
            outcomes.push(outcome);
        }
        Batch { outcomes, along }
    }

    /// Sends what a crash or a cut left unfinished, oldest first, each with its own key.
    ///
    /// # Errors
    /// The outbox cannot be read. What became of each sending is in its [`Resumed::outcome`]; once
    /// the hub cannot be reached, or asks for time, the rest is left for later.
    pub async fn resume(&mut self) -> Result<Vec<Resumed>, ClientError> {
        let mut resumed = Vec::new();
        for entry in self.pending()? {
            let outcome = self.transmit(&entry).await;
            let is_over = outcome.as_ref().is_err_and(ClientError::is_not_now);
            resumed.push(Resumed { entry, outcome });
            if is_over {
                break;
            }
        }
        Ok(resumed)
    }

    /// What the hub has not taken yet, oldest first.
    ///
    /// # Errors
    /// An entry cannot be read; the error names its file.
    pub fn outbox(&self) -> Result<Vec<OutboxEntry>, ClientError> {
        self.outbox.entries()
    }

    /// Removes an entry from the outbox, with its copies of the files.
    ///
    /// # Errors
    /// There is no such entry, or it cannot be removed.
    pub fn discard(&mut self, key: &IdempotencyKey) -> Result<(), ClientError> {
        if self.outbox()?.iter().any(|entry| entry.key == *key) {
            return self.outbox.remove(key);
        }
        Err(ClientError::input(
            "未送信の一覧にありません。一覧を開き直してください",
            "is not in the outbox; open the list again",
        ))
    }

    /// 送信一覧 as this terminal last knew it, newest first. Asks nobody.
    ///
    /// # Errors
    /// An entry cannot be read; the error names its file.
    pub fn sent_list(&self) -> Result<Vec<SentEntry>, ClientError> {
        self.outbox.sent()
    }

    /// 送信一覧: what this terminal sent, newest first, with the hub's word on who has fetched it.
    ///
    /// # Errors
    /// What the hub says, or an entry that cannot be read or written.
    pub async fn sent(&mut self) -> Result<Vec<SentEntry>, ClientError> {
        let known = self.sent_at_hub().await?;
        for entry in self.outbox.sent()? {
            let now = known.iter().find(|other| other.id == entry.submission.id);
            if let Some(now) = now.filter(|now| **now != entry.submission) {
                self.outbox.write_sent(&SentEntry { submission: now.clone(), ..entry })?;
            }
        }
        self.outbox.sent()
    }

    /// 送信一覧 as the hub has it, newest first: what this terminal sent; in profile `plus`, what
    /// any terminal of the office sent.
    ///
    /// # Errors
    /// What the hub says.
    pub async fn sent_at_hub(&mut self) -> Result<Vec<Submission>, ClientError> {
        let mut submissions = Vec::new();
        let mut after: Option<SubmissionId> = None;
        loop {
            let mut request = Request::get(["v1", "submissions"]);
            if let Some(after) = &after {
                request = request.query("after", after.as_str());
            }
            let page: Submissions = self.ask(request).await?.json()?;
            submissions.extend(page.submissions);
            // A hub that names the same page again would never end.
            if page.next.is_none() || page.next == after {
                return Ok(submissions);
            }
            after = page.next;
        }
    }

    /// Asks the hub for anything else, as JSON: `["v1", "office"]`.
    ///
    /// # Errors
    /// What the hub says, or an answer of another form.
    pub async fn get<T: DeserializeOwned>(&mut self, path: &[&str]) -> Result<T, ClientError> {
        self.ask(Request::get(path.iter().copied())).await?.json()
    }

    /// 端末ID.
    pub fn id(&self) -> &TerminalId {
        &self.identity.terminal
    }

    /// ユーザID.
    pub fn user_id(&self) -> &UserId {
        &self.identity.user_id
    }

    /// 事業所番号, as the certificate has it, or else the last log-in.
    pub fn office(&self) -> Option<OfficeNumber> {
        let certified = self.credentials.as_ref().and_then(Credentials::office);
        certified.or_else(|| self.session.as_ref().map(|session| session.office))
    }

    /// The terminal's folder.
    pub fn folder(&self) -> &Path {
        self.home.folder()
    }

    /// Where the hub is.
    pub fn hub_url(&self) -> &str {
        &self.identity.hub_url
    }

    /// The certificate that it shows, if it has one.
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// The file with that certificate and its key, PEM: whoever has it can pass for the office.
    pub fn credentials_file(&self) -> PathBuf {
        self.home.path(home::CREDENTIALS)
    }

    /// The open session: its end and the hub's profile. The hub alone knows whether it still holds.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.settings.clock
    }

    pub(crate) fn patience(&self) -> Patience {
        self.settings.patience
    }

    /// Shows another certificate, which is kept already. No session is bound to it yet.
    pub(crate) fn show_from_now_on(&mut self, credentials: Credentials) -> Result<(), ClientError> {
        self.wire = self.wire.showing(credentials.clone())?;
        (self.credentials, self.session) = (Some(credentials), None);
        Ok(())
    }

    /// Asks within the session; logs in anew if it is over and the password is known.
    pub(crate) async fn ask(&mut self, request: Request<'_>) -> Result<Answer, ClientError> {
        self.ask_within_session(request).await.map_err(|unanswered| unanswered.error)
    }

    pub(crate) async fn ask_within_session(
        &mut self,
        mut request: Request<'_>,
    ) -> Result<Answer, Unanswered> {
        let now = self.clock().now();
        if self.session.as_ref().is_none_or(|session| session.expires_at <= now) {
            self.log_in_anew().await.map_err(Unanswered::at_the_door)?;
        }
        let patience = self.settings.patience;
        let mut attempt = 1;
        loop {
            request.set_token(self.session.as_ref().map(|session| session.token.as_str()));
            let error = match self.wire.execute(&request).await {
                Err(error) if is_session_over(&error) && self.password.is_some() => error,
                outcome => return outcome.map_err(Unanswered::inside),
            };
            if patience.attempts_max <= attempt {
                return Err(Unanswered::inside(error));
            }
            // A session that is lost once is nothing; a hub that keeps losing them is not pressed.
            if 1 < attempt {
                self.wire.pause(patience.wait_after(attempt, share()), &error).await;
            }
            self.log_in_anew().await.map_err(Unanswered::at_the_door)?;
            attempt += 1;
        }
    }

    /// Without a password the request goes out as it is, and the hub says what is missing.
    async fn log_in_anew(&mut self) -> Result<(), ClientError> {
        match self.password.clone() {
            Some(password) => self.login(&password).await,
            None => Ok(()),
        }
    }

    fn take_in_all(&self, sendings: &[Sending]) -> Vec<Result<OutboxEntry, ClientError>> {
        let mut keys = BTreeSet::new();
        let mut take_in = |sending: &Sending| {
            let versions = match sending.unchecked {
                true => Vec::new(),
                false => sending.ready(self.settings.lang)?,
            };
            let entry = self.outbox.take_in(sending, versions, self.clock().now())?;
            if keys.insert(entry.key.clone()) { Ok(entry) } else { Err(named_twice()) }
        };
        sendings.iter().map(&mut take_in).collect()
    }

    /// Sends what waits beside these entries. The outcomes are no reason to hold up a new sending,
    /// unless nothing gets through.
    async fn send_earlier(
        &mut self,
        new: &[Result<OutboxEntry, ClientError>],
        along: &mut Vec<Resumed>,
    ) -> Result<(), ClientError> {
        let is_new = |other: &OutboxEntry| new.iter().flatten().any(|entry| entry.key == other.key);
        if new.iter().all(Result::is_err) {
            return Ok(());
        }
        for entry in self.pending()?.into_iter().filter(|entry| !is_new(entry)) {
            let outcome = self.offer(&entry).await.and_then(|taken| {
                self.outbox.settle_along(&entry, &taken, self.clock().now())?;
                Ok(taken)
            });
            let not_now = outcome.as_ref().err().filter(|error| error.is_not_now()).cloned();
            along.push(Resumed { entry, outcome });
            if let Some(error) = not_now {
                return Err(error);
            }
        }
        Ok(())
    }

    async fn transmit(&mut self, entry: &OutboxEntry) -> Result<Submission, ClientError> {
        let taken = self.offer(entry).await?;
        self.outbox.settle(&entry.key, &taken)?;
        Ok(taken)
    }

    async fn offer(&mut self, entry: &OutboxEntry) -> Result<Submission, ClientError> {
        if let Some(problem) = self.version_lacking(entry).await? {
            self.outbox.refuse(entry, &problem)?;
            return Err(problem.into());
        }
        let upload = self.outbox.upload(entry)?;
        self.outbox.begin(entry)?;
        let request = Request::post(["v1", "submissions"]).upload(&upload);
        match self.ask_within_session(request).await {
            Ok(answer) => answer.json(),
            Err(unanswered) => {
                if let Some(problem) = unanswered.judgement() {
                    self.outbox.refuse(entry, problem)?;
                }
                Err(unanswered.error)
            }
        }
    }

    fn pending(&self) -> Result<Vec<OutboxEntry>, ClientError> {
        let mut entries = self.outbox.entries()?;
        entries.retain(|entry| entry.state == OutboxState::Pending);
        Ok(entries)
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal")
            .field("folder", &self.home.folder())
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

fn named_twice() -> ClientError {
    ClientError::input(
        "同じ内容の送信が2回指定されています。1回だけ指定してください",
        "the same sending is given twice; give it once",
    )
}

/// Whether logging in anew helps. A session of another certificate is as good as none.
fn is_session_over(error: &ClientError) -> bool {
    matches!(
        error.problem_kind(),
        Some(
            ProblemKind::SessionMissing
                | ProblemKind::SessionExpired
                | ProblemKind::SessionElsewhere
                | ProblemKind::SessionOtherTerminal
        )
    )
}

/// Why a request within a session has no answer.
pub(crate) struct Unanswered {
    pub(crate) error: ClientError,
    /// Logging in anew failed: the request itself was not heard.
    is_at_the_door: bool,
}

impl Unanswered {
    fn at_the_door(error: ClientError) -> Self {
        Self { error, is_at_the_door: true }
    }

    pub(crate) fn inside(error: ClientError) -> Self {
        Self { error, is_at_the_door: false }
    }

    /// The hub's no, if it looked at what was asked. Where it only did not let this terminal in, a
    /// sending waits until it does.
    pub(crate) fn judgement(&self) -> Option<&Problem> {
        let ClientError::Problem(problem) = &self.error else { return None };
        let is_about_the_terminal = problem.known_kind().is_some_and(is_about_the_terminal);
        let is_judged = (400..500).contains(&problem.status)
            && ![401, 408, 429].contains(&problem.status)
            && !is_about_the_terminal
            && !self.is_at_the_door;
        is_judged.then_some(problem)
    }
}

/// Whether the hub says this of certificate and session, before it hears what is asked.
fn is_about_the_terminal(kind: ProblemKind) -> bool {
    tls::is_about_the_connection(kind)
        || matches!(
            kind,
            ProblemKind::CertificateKind
                | ProblemKind::CertificateWithoutOffice
                | ProblemKind::SessionMissing
                | ProblemKind::SessionExpired
                | ProblemKind::SessionElsewhere
                | ProblemKind::SessionOtherTerminal
        )
}

fn read_text(path: &Path) -> Result<Option<String>, ClientError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ClientError::io(path, &error)),
    }
}
