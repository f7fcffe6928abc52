//! Connections, as the hub and the certificate authority keep them: places for those who come, and
//! HTTP to whose every request there is an answer with a body.
//!
//! It promises that whoever speaks hears what is wrong: where the HTTP library itself gives up on a
//! request it says no more than a status, and the problem is told here. Nobody is waited for without
//! end who does not go on, whether to shake hands, to ask or to hear. It never looks at what a
//! request means.

mod flow;
mod reception;

use std::{
    error::Error,
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::response::Response;
use careplan_protocol::{Problem, ProblemKind};
use hyper::{Request, body::Incoming, server::conn::http1, service::Service};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::TcpStream,
    sync::watch,
    time::timeout,
};

use crate::flow::Flowing;

pub use reception::{Arrival, Connected, Place, begin_tls, receive};

/// How long a peer may take for the head of a request, and stay silent between two.
pub const HEAD_WAIT_MAX: Duration = Duration::from_secs(30);
/// How large the head of a request may be.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// How long a peer that has its answer is still read from, if it goes on sending.
const FAREWELL_MAX: Duration = Duration::from_secs(2);
/// How long it may be silent meanwhile.
const SILENCE_MAX: Duration = Duration::from_millis(100);
/// The first byte of every TLS connection.
const TLS_HANDSHAKE_RECORD: u8 = 0x16;

/// Whether a peer begins TLS. One that begins something else is told so in the words of HTTP, which
/// it most likely speaks, and its connection is over.
async fn begins_tls(stream: &mut TcpStream) -> io::Result<bool> {
    let mut first = [0];
    if stream.peek(&mut first).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if first[0] == TLS_HANDSHAKE_RECORD {
        return Ok(true);
    }
    tell(stream, ProblemKind::TlsRequired).await?;
    part(stream).await;
    Ok(false)
}

/// Answers what is asked on `stream` until the peer has enough, does not finish a head within
/// `head_wait_max`, takes nothing of its answer for a minute, or `stopping` says so and what is under
/// way has ended.
pub async fn converse<T, S>(
    stream: T,
    service: S,
    head_wait_max: Duration,
    mut stopping: watch::Receiver<bool>,
) where
    T: AsyncRead + AsyncWrite + Unpin,
    S: Service<Request<Incoming>, Response = Response, Error: Into<Box<dyn Error + Send + Sync>>>,
    S: Unpin,
{
    let mut serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_wait_max)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_header_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(Withholding::new(Flowing::new(stream))), service);
    let (ended, is_stopped) = tokio::select! {
        ended = &mut serving => (ended, false),
        _ = stopping.changed() => {
            Pin::new(&mut serving).graceful_shutdown();
            ((&mut serving).await, true)
        }
    };
    let parts = serving.into_parts();
    let mut connection = parts.io.into_inner();
    let Err(error) = ended else {
        match connection.give().await {
            // A refusal may have come before the end of what it refuses.
            Ok(()) if !is_stopped => part(&mut connection.stream).await,
            // Whatever happens here, the connection ends.
            _ => drop(connection.stream.shutdown().await),
        }
        return;
    };
    tracing::debug!(%error, "a connection ended early");
    let is_begun = !parts.read_buf.is_empty();
    if let Some(kind) = unanswered(&error, is_begun)
        && tell(&mut connection.stream, kind).await.is_ok()
    {
        part(&mut connection.stream).await;
    }
}

/// What is wrong with a request that never reached the service; none if there is nobody to tell.
fn unanswered(error: &hyper::Error, is_begun: bool) -> Option<ProblemKind> {
    match () {
        () if error.is_parse_too_large() => Some(ProblemKind::HeadTooLarge),
        () if error.is_parse() => Some(ProblemKind::RequestMalformed),
        () if error.is_timeout() && is_begun => Some(ProblemKind::RequestTimeout),
        () => None,
    }
}

/// Answers with a problem, as the last word on a connection.
async fn tell(stream: &mut (impl AsyncWrite + Unpin), kind: ProblemKind) -> io::Result<()> {
    let body = serde_json::to_string(&Problem::new(kind))?;
    let answer = format!(
        "HTTP/1.1 {} {}\r\ncontent-type: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        kind.status(),
        kind.id(),
        Problem::MEDIA_TYPE,
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.flush().await
}

/// Closes so that the last words arrive: closing over unread bytes would reset the connection and
/// lose them on their way.
async fn part(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    let mut rest = vec![0; 16 * 1024];
    let reading = async {
        stream.shutdown().await?;
        while let Ok(read) = timeout(SILENCE_MAX, stream.read(&mut rest)).await {
            if read? == 0 {
                break;
            }
        }
        io::Result::Ok(())
    };
    // Whatever happens here, the connection ends.
    let _ = timeout(FAREWELL_MAX, reading).await;
}

/// A stream that withholds what looks like an answer of the HTTP library's own until the next read
/// shows that it was none. After its own answer the library reads no more.
struct Withholding<T> {
    stream: T,
    withheld: Vec<u8>,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Withholding<T> {
    fn new(stream: T) -> Self {
        Self { stream, withheld: Vec::new() }
    }

    /// Writes what was withheld after all.
    fn poll_give(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.withheld.is_empty() {
            return Poll::Ready(Ok(()));
        }
        while !self.withheld.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.withheld))?;
            self.withheld.drain(..written);
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    async fn give(&mut self) -> io::Result<()> {
        poll_fn(|cx| self.poll_give(cx)).await
    }
}

/// Whether these bytes are the whole of an answer without a body that refuses.
fn is_bare_refusal(bytes: &[u8]) -> bool {
    bytes.len() < 256
        && bytes.starts_with(b"HTTP/1.1 4")
        && bytes.windows(19).any(|part| part == b"content-length: 0\r\n")
        && bytes.ends_with(b"\r\n\r\n")
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncRead for Withholding<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_give(cx))?;
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Withholding<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_give(cx))?;
        if is_bare_refusal(bytes) {
            self.withheld = bytes.to_vec();
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match slices {
            [bytes] => self.poll_write(cx, bytes),
            _ => {
                ready!(self.poll_give(cx))?;
                Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.withheld.is_empty() {
            true => Pin::new(&mut self.stream).poll_shutdown(cx),
            // There may be something better to say, and whoever serves the connection closes it.
            false => Poll::Ready(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use hyper::service::service_fn;
    use tokio::io::duplex;

    use super::*;

    /// What a service that answers every request with an empty 404 is heard to say.
    async fn heard(said: &[u8], pause: Duration) -> String {
        let (near, far) = duplex(64 * 1024);
        let (_stop, stopping) = watch::channel(false);
        let service = service_fn(|_| async {
            let mut answer = Response::new(axum::body::Body::empty());
            *answer.status_mut() = axum::http::StatusCode::NOT_FOUND;
            Ok::<_, Infallible>(answer)
        });
        let head_wait_max = Duration::from_millis(100);
        let serving = tokio::spawn(converse(far, service, head_wait_max, stopping));
        let (mut reading, mut writing) = tokio::io::split(near);
        let said = said.to_vec();
        let saying = tokio::spawn(async move {
            for piece in said.chunks(if pause.is_zero() { said.len() } else { 1 }) {
                if writing.write_all(piece).await.is_err() {
                    break;
                }
                tokio::time::sleep(pause).await;
            }
            writing
        });
        let mut heard = String::new();
        reading.read_to_string(&mut heard).await.expect("UTF-8");
        saying.abort();
        serving.await.expect("no panic");
        heard
    }

    #[tokio::test]
    async fn a_head_that_comes_byte_by_byte_is_cut_off_with_a_word() {
        let slow = format!("GET / HTTP/1.1\r\nx: {}", "y".repeat(500));
        let heard = heard(slow.as_bytes(), Duration::from_millis(5)).await;
        assert!(heard.starts_with("HTTP/1.1 408 "), "{heard}");
        assert!(heard.contains("request-timeout"), "{heard}");
    }

    #[tokio::test]
    async fn who_asks_nothing_is_told_nothing() {
        assert_eq!(heard(b"", Duration::ZERO).await, "");
    }

    #[tokio::test]
    async fn the_services_own_bare_refusals_stay_as_they_are() {
        let two = b"GET / HTTP/1.1\r\nhost: h\r\n\r\nGET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n";
        let heard = heard(two, Duration::ZERO).await;
        assert_eq!(heard.matches("HTTP/1.1 404 Not Found").count(), 2, "{heard}");
        assert!(!heard.contains("problem+json"), "{heard}");
    }

    #[tokio::test]
    async fn what_is_no_request_is_answered_by_a_problem_even_after_a_good_one() {
        let then = b"GET / HTTP/1.1\r\nhost: h\r\n\r\nNONSENSE\x01\r\n\r\n";
        let heard = heard(then, Duration::ZERO).await;
        assert!(heard.contains("404 Not Found"), "{heard}");
        assert!(heard.contains("request-malformed"), "{heard}");
    }
}
