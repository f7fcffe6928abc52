//! お知らせ: what the hub tells as it happens (profile `plus`), as server-sent events.
//!
//! Invariant: where the listener stands is kept outside of the line, and every line begins behind
//! it. Whatever becomes of a line, nothing is missed and nothing told twice.

use std::time::Duration;

use careplan_protocol::hub::Notice;

use crate::{
    ClientError, Terminal,
    wire::{Request, share},
};

/// How long one event may be.
const EVENT_BYTES_MAX: usize = 64 * 1024;

impl Terminal {
    /// Listens until `tell` has heard enough and answers `false`. `last` is the number of the last
    /// notice that was heard: what came since is told first. Without it, what comes from now on.
    /// Answers the number to go on behind.
    ///
    /// Where the line is cut, or the hub goes away, this waits and comes back, however long it
    /// takes. Each wait is told to the [`Observer`](crate::Observer).
    ///
    /// # Errors
    /// What will not pass by itself: `profile-lacks`, a session that is over where no password is
    /// known, …; and a hub that could not be reached even once.
    pub async fn watch(
        &mut self,
        last: Option<u64>,
        mut tell: impl FnMut(u64, &Notice) -> bool + Send,
    ) -> Result<Option<u64>, ClientError> {
        let mut place = Place { last, ..Place::default() };
        loop {
            let why = match self.listen(&mut place, &mut tell).await {
                Ok(()) => return Ok(place.last),
                Err(error) if place.was_reached && error.may_pass() => error,
                Err(error) => return Err(error),
            };
            place.misses = place.misses.saturating_add(1);
            let patience = self.patience();
            let asked = place.retry.min(patience.wait_max);
            self.wire.pause(asked + patience.wait_after(place.misses, share()), &why).await;
        }
    }

    /// Listens on one line, until it ends or enough was heard.
    async fn listen(
        &mut self,
        place: &mut Place,
        tell: &mut (impl FnMut(u64, &Notice) -> bool + Send),
    ) -> Result<(), ClientError> {
        // An ordinary request logs in anew where the session is over.
        self.get::<serde_json::Value>(&["v1", "office"]).await?;
        place.was_reached = true;
        let mut request = Request::get(["v1", "events"]).behind(place.last);
        request.set_token(self.session().map(|session| session.token.as_str()));
        let mut stream = self.wire.open(&request).await?;
        let mut waiting = Vec::new();
        while let Some(chunk) = stream.next().await? {
            place.misses = 0;
            waiting.extend_from_slice(&chunk);
            while let Some(end) = waiting.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = waiting.drain(..end + 2).collect();
                let event = Event::read(&String::from_utf8_lossy(&event));
                if let Some((number, notice)) = place.pass(event)
                    && !tell(number, &notice)
                {
                    return Ok(());
                }
            }
            if EVENT_BYTES_MAX < waiting.len() {
                let (ja, en) = ("お知らせが長すぎます", "a notice is too long");
                return Err(ClientError::answer(stream.url(), ja, en));
            }
        }
        let reason = "お知らせが終わりました / the notices ended".to_owned();
        Err(ClientError::Unreachable { url: stream.url().to_string(), reason })
    }
}

/// Where a listener stands.
#[derive(Default)]
struct Place {
    /// The number to go on behind.
    last: Option<u64>,
    /// How long the hub asks to wait before coming back.
    retry: Duration,
    /// Whether the hub has answered yet, if only an ordinary request.
    was_reached: bool,
    /// How many lines in a row told nothing.
    misses: u32,
}

impl Place {
    /// Moves behind an event; a notice in it is to be told.
    fn pass(&mut self, event: Event) -> Option<(u64, Notice)> {
        self.last = event.number.or(self.last);
        self.retry = event.retry.unwrap_or(self.retry);
        event.number.zip(event.notice)
    }
}

/// A server-sent event, as far as we know what it says. A heartbeat has nothing; an event with a
/// number and no notice says where the hub stands, or what a newer hub tells.
#[derive(Debug, PartialEq, Eq)]
struct Event {
    number: Option<u64>,
    notice: Option<Notice>,
    retry: Option<Duration>,
}

impl Event {
    fn read(event: &str) -> Self {
        let field = |name: &str| {
            event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim))
        };
        let number = |name: &str| field(name)?.parse().ok();
        Self {
            number: number("id"),
            notice: field("data").and_then(|data| serde_json::from_str(data).ok()),
            retry: number("retry").map(Duration::from_millis),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_told_and_anything_else_passed_over() {
        let mut place = Place::default();
        let data =
            r#"{"notice":"undelivered","id":"s-1","to":{"office":"2770200036","kind":null}}"#;
        let event = format!("id: 7\nevent: undelivered\ndata: {data}\n\n");
        let (number, notice) = place.pass(Event::read(&event)).expect("a notice");
        assert_eq!((number, notice.event()), (7, "undelivered"));
        for other in [": \n\n", "retry: 2000\n\n", "id: 8\nevent: news\ndata: {}\n\n"] {
            assert_eq!(place.pass(Event::read(other)), None, "{other}");
        }
        assert_eq!((place.last, place.retry), (Some(8), Duration::from_secs(2)));
        assert_eq!(place.pass(Event::read("event: news\n\n")), None);
        assert_eq!(place.last, Some(8), "what has no number moves nobody");
    }
}
