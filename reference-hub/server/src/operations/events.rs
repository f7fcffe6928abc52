//! お知らせ: arrivals and receipts as they happen, as server-sent events (`plus`).
//!
//! The store is looked at when something happens at this hub, and now and then besides, since
//! another hub may share it. A stream ends with its session, its certificate or the hub; whoever
//! comes back with `Last-Event-ID` misses nothing of what is still kept. It is a part of its line: it
//! runs when the line asks for more, and what ends the line leaves nothing behind.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::{Extension, State},
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use careplan_protocol::ProblemKind;
use hub_relay::{Caller, Digest, Profile, Refusal};
use hyper::body::Frame;
use tokio::sync::{mpsc, watch};
use utoipa::ToSchema;

use crate::{
    http::{Answer, App, Head, Visitor, bearer},
    notices::Call,
    peer::Peer,
    problems::Rejection,
    secrets, wire,
};

/// How long a listener sleeps if nobody wakes it: so late is at most what another hub took in, and
/// the end of a session.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// After how many looks without news a listener hears that the line still stands.
const HEARTBEAT_LOOKS: u32 = 5;
/// How many events are read at once.
const EVENTS_MAX: usize = 100;
/// How long a client shall wait before it comes back, in milliseconds.
const COME_BACK_MS: u64 = 2000;

/// One server-sent event.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes an event to the OpenAPI document")]
pub(crate) struct Told {
    /// お知らせの番号。`Last-Event-ID` に使う
    id: String,
    /// 何があったか。`data` の `notice` と同じ
    event: String,
    /// Notice のJSON
    data: String,
}

/// What arrives for this office, and what becomes of what it sent, from now on or from behind the
/// event that `Last-Event-ID` names, with what is still kept.
#[utoipa::path(
    get, path = "/v1/events", tag = "deliveries",
    params(("last-event-id" = Option<u64>, Header, description = "最後に受け取ったお知らせの番号。その次から、残っているものを伝える")),
    responses((
        status = 200, description = "お知らせ（server-sent events）。一つ一つの形",
        body = Told, content_type = "text/event-stream",
    ))
)]
pub(crate) async fn listen(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    visitor: Visitor,
    Head(parts): Head<Parts>,
) -> Answer<Response> {
    if wire::profile(app.profile) == Profile::Actual {
        return Err(Refusal::ProfileLacks.into());
    }
    let office = visitor.caller.office;
    let calls = app.notices.listen(office)?;
    let after = match last_event_id(&parts.headers)? {
        Some(after) => after,
        None => app.store.last_event(office).await?,
    };
    let token_digest = bearer(&parts).map(secrets::token_digest).ok_or(Refusal::SessionMissing)?;
    let (out, said) = mpsc::channel(1);
    let listener = Listener { app, peer, caller: visitor.caller, token_digest, after, out };
    let lines = Lines { listener: Box::pin(listener.follow(calls)), said };
    let headers =
        [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::new(lines)).into_response())
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<u64>, ProblemKind> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.trim().parse::<i64>().ok());
    // Counted from 0, and no higher than the store counts.
    let number = number.and_then(|number| u64::try_from(number).ok());
    number.map(Some).ok_or(ProblemKind::RequestMalformed)
}

/// One stream, from the hub's side.
struct Listener {
    app: Arc<App>,
    peer: Peer,
    caller: Caller,
    token_digest: Digest,
    /// The number of the last event that was told.
    after: u64,
    out: mpsc::Sender<Bytes>,
}

/// The peer has gone.
struct Gone;

impl Listener {
    async fn follow(mut self, mut calls: watch::Receiver<Call>) {
        let mut silent_looks = 0;
        // Whoever has heard nothing yet can come back behind this number, too.
        let welcome = format!("id: {}\nretry: {COME_BACK_MS}\n\n", self.after);
        if self.say(welcome).await.is_err() {
            return;
        }
        while *calls.borrow_and_update() == Call::Look {
            match self.look().await {
                Ok(0) => silent_looks += 1,
                Ok(_) => silent_looks = 0,
                Err(Gone) => return,
            }
            if silent_looks == HEARTBEAT_LOOKS {
                silent_looks = 0;
                if self.say(": \n\n".to_owned()).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                called = calls.changed() => if called.is_err() { return },
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Tells what is new, and how much that was.
    async fn look(&mut self) -> Result<usize, Gone> {
        let mut told = 0;
        loop {
            if let Err(rejection) = self.is_let_in().await {
                tracing::info!(office = %self.caller.office, ?rejection, "a stream of notices ends");
                return Err(Gone);
            }
            let events = self.app.store.events(self.caller.office, self.after, EVENTS_MAX).await;
            // The failure is in the log; the client comes back and goes on where this ended.
            let events = events.map_err(|failure| drop(Rejection::from(failure))).or(Err(Gone))?;
            let (count, is_all) = (events.len(), events.len() < EVENTS_MAX);
            for event in events {
                self.after = event.number;
                let number = event.number;
                let notice = wire::notice(event).or(Err(Gone))?;
                let data = serde_json::to_string(&notice).or(Err(Gone))?;
                self.say(format!("id: {number}\nevent: {}\ndata: {data}\n\n", notice.event()))
                    .await?;
            }
            told += count;
            if is_all {
                return Ok(told);
            }
        }
    }

    /// Whether a request would be heard now.
    async fn is_let_in(&self) -> Answer<()> {
        let now = self.app.now();
        let identity = self.peer.identify(now, |serial| (self.app.is_revoked)(serial))?;
        let session = self.app.store.session(self.token_digest).await?;
        // Which terminal listens was asked when it began.
        hub_relay::admit(session, &identity.certificate.serial, None, now)?;
        Ok(())
    }

    async fn say(&self, line: String) -> Result<(), Gone> {
        self.out.send(line.into()).await.map_err(|_| Gone)
    }
}

/// A body of what a listener says, for as long as it does.
struct Lines {
    listener: Pin<Box<dyn Future<Output = ()> + Send>>,
    said: mpsc::Receiver<Bytes>,
}

impl hyper::body::Body for Lines {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let line = match self.said.poll_recv(context) {
            // The listener has not ended, for it holds the other end.
            Poll::Pending => {
                let _ = self.listener.as_mut().poll(context);
                self.said.poll_recv(context)
            }
            ready => ready,
        };
        line.map(|line| line.map(|line| Ok(Frame::data(line))))
    }
}
