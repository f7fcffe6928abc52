//! A stream whose peer has to take what it is told.
//!
//! TCP waits for ever for a peer that lives and does not read, and with it would wait whatever the
//! peer is told. It has to take something, however little, now and then; where there is nothing to
//! tell it, it may stay for as long as it likes.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// How long a peer may take nothing of what it is told. A slow line takes bytes all the time, but the
/// system lets the next ones in only when a good part of its own buffer has gone, which takes a while.
const STALL_MAX: Duration = Duration::from_secs(60);

/// A stream that breaks when a write, a flush or a shutdown makes no progress for [`STALL_MAX`].
pub(crate) struct Flowing<T> {
    stream: T,
    /// When the one that waits now has waited long enough; none if nothing waits.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<T> Flowing<T> {
    pub(crate) fn new(stream: T) -> Self {
        Self { stream, deadline: None }
    }

    /// What came of a step, unless steps have come to nothing for too long.
    fn in_time<R>(
        &mut self,
        cx: &mut Context<'_>,
        step: Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        if step.is_ready() {
            self.deadline = None;
            return step;
        }
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(STALL_MAX)));
        deadline.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Flowing<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Flowing<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let step = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.in_time(cx, step)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let step = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.in_time(cx, step)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let step = Pin::new(&mut self.stream).poll_flush(cx);
        self.in_time(cx, step)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let step = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.in_time(cx, step)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::{
        body::{Body, Bytes},
        response::Response,
    };
    use hyper::service::service_fn;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex},
        sync::watch,
        task::JoinHandle,
        time::timeout,
    };

    use super::*;
    use crate::{HEAD_WAIT_MAX, converse};

    /// How much lies on its way to the peer at most.
    const ON_ITS_WAY: usize = 1024;
    const BODY_BYTES: usize = 256 * 1024;

    /// A peer that has asked on a connection of its own, and how the connection is served.
    struct Asked {
        peer: DuplexStream,
        serving: JoinHandle<()>,
        _stop: watch::Sender<bool>,
    }

    impl Asked {
        async fn and_answered(body: fn() -> Body) -> Self {
            let (mut peer, far) = duplex(ON_ITS_WAY);
            let (stop, stopping) = watch::channel(false);
            let service =
                service_fn(move |_| async move { Ok::<_, Infallible>(Response::new(body())) });
            let serving = tokio::spawn(converse(far, service, HEAD_WAIT_MAX, stopping));
            let request = b"GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n";
            peer.write_all(request).await.expect("is heard");
            Self { peer, serving, _stop: stop }
        }
    }

    fn large() -> Body {
        Body::from(vec![b'x'; BODY_BYTES])
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_stops_reading_is_given_up() {
        let mut asked = Asked::and_answered(large).await;
        asked.peer.read_exact(&mut [0; 100]).await.expect("the beginning");
        let ended = timeout(2 * STALL_MAX, asked.serving).await;
        ended.expect("not kept for ever").expect("no panic");
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_reads_slowly_hears_all() {
        let mut asked = Asked::and_answered(large).await;
        let mut heard = Vec::new();
        while asked.peer.read_buf(&mut heard).await.expect("goes on") != 0 {
            sleep(STALL_MAX - Duration::from_secs(1)).await;
        }
        assert!(BODY_BYTES < heard.len(), "{} bytes", heard.len());
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_with_nothing_to_say_for_a_while_goes_on() {
        let mut asked = Asked::and_answered(|| {
            let words = futures::stream::unfold(0, |said| async move {
                let word = ["first", "last"].get(said)?;
                sleep(10 * STALL_MAX).await;
                Some((Ok::<_, Infallible>(Bytes::from_static(word.as_bytes())), said + 1))
            });
            Body::from_stream(words)
        })
        .await;
        let mut heard = String::new();
        asked.peer.read_to_string(&mut heard).await.expect("goes on");
        assert!(heard.contains("first") && heard.contains("last"), "{heard}");
    }
}
