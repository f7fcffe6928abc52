//! お知らせ: what the hub tells as it happens (profile `plus`), as server-sent events.

use careplan_protocol::hub::Notice;

use crate::{ClientError, Terminal, wire::Request};

/// How long one event may be.
const EVENT_BYTES_MAX: usize = 64 * 1024;

impl Terminal {
    /// Listens until the hub ends the stream or `tell` has heard enough and answers `false`. `last`
    /// is the number of the last notice that was heard: what came since is told first. Answers the
    /// number to go on behind.
    ///
    /// # Errors
    /// What the hub says: `profile-lacks`, `streams-too-many`; [`ClientError::Unreachable`] where
    /// the line is cut.
    pub async fn watch(
        &mut self,
        last: Option<u64>,
        mut tell: impl FnMut(u64, &Notice) -> bool + Send,
    ) -> Result<Option<u64>, ClientError> {
        // An ordinary request logs in anew where the session is over.
        self.get::<serde_json::Value>(&["v1", "office"]).await?;
        let mut request = Request::get(["v1", "events"]).behind(last);
        request.set_token(self.session().map(|session| session.token.as_str()));
        let mut stream = self.wire.open(&request).await?;
        let (mut last, mut waiting) = (last, Vec::new());
        while let Some(chunk) = stream.next().await? {
            waiting.extend_from_slice(&chunk);
            while let Some(end) = waiting.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = waiting.drain(..end + 2).collect();
                let Some((number, notice)) = parsed(&String::from_utf8_lossy(&event)) else {
                    continue;
                };
                last = Some(number);
                if !tell(number, &notice) {
                    return Ok(last);
                }
            }
            if EVENT_BYTES_MAX < waiting.len() {
                let url = stream.url();
                return Err(ClientError::answer(
                    url,
                    "お知らせが長すぎます",
                    "a notice is too long",
                ));
            }
        }
        Ok(last)
    }
}

/// A notice with its number; none for a heartbeat, and for what a newer hub may tell.
fn parsed(event: &str) -> Option<(u64, Notice)> {
    let field = |name: &str| {
        event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim))
    };
    Some((field("id")?.parse().ok()?, serde_json::from_str(field("data")?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_read_and_anything_else_passed_over() {
        let data =
            r#"{"notice":"undelivered","id":"s-1","to":{"office":"2770200036","kind":null}}"#;
        let event = format!("id: 7\nevent: undelivered\ndata: {data}\n\n");
        let (number, notice) = parsed(&event).expect("a notice");
        assert_eq!((number, notice.event()), (7, "undelivered"));
        for other in [": \n\n", "retry: 2000\n\n", "id: 8\nevent: news\ndata: {}\n\n"] {
            assert_eq!(parsed(other), None, "{other}");
        }
    }
}
