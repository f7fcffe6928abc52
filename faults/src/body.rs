//! What faults do to bodies: slow, halting, cut.

use std::{io, time::Duration};

use axum::body::{Body, Bytes};
use futures::{Stream, StreamExt as _, stream};
use tokio::time::sleep;

/// In how many pieces a slow answer comes.
const PIECES: usize = 8;
/// Before how many pieces of a slow request there is a pause.
const PAUSES: u32 = 4;

/// The first half, then the end of the connection.
pub(crate) fn cut(bytes: Bytes) -> Body {
    let half = bytes.slice(..bytes.len() / 2);
    let pieces = [Ok(half), Err(io::Error::from(io::ErrorKind::ConnectionAborted))];
    Body::from_stream(stream::iter(pieces).then(async |piece| {
        if piece.is_err() {
            // Lets the first half out before the connection ends.
            tokio::task::yield_now().await;
        }
        piece
    }))
}

/// The first half, a silence, the second half.
pub(crate) fn halting(bytes: Bytes, wait: Duration) -> Body {
    let middle = bytes.len() / 2;
    Body::from_stream(paced(vec![bytes.slice(..middle), bytes.slice(middle..)], wait))
}

/// Small pieces with pauses, which take `wait` together.
pub(crate) fn slow(bytes: &Bytes, wait: Duration) -> Body {
    let size = bytes.len().div_ceil(PIECES).max(1);
    let pieces = bytes.chunks(size).map(Bytes::copy_from_slice).collect();
    Body::from_stream(paced(pieces, wait / 8))
}

/// A request's body that is taken in with pauses, which take `wait` together.
pub(crate) fn slowly_taken(body: Body, wait: Duration) -> Body {
    let pieces = body.into_data_stream().enumerate();
    Body::from_stream(pieces.then(move |(at, piece)| async move {
        if at < PAUSES as usize {
            sleep(wait / PAUSES).await;
        }
        piece
    }))
}

/// Reads about so many bytes of a body, or all of it.
pub(crate) async fn read_some(body: Body, wanted: usize) {
    let mut pieces = body.into_data_stream();
    let mut read = 0;
    while read < wanted
        && let Some(Ok(piece)) = pieces.next().await
    {
        read += piece.len();
    }
}

fn paced(pieces: Vec<Bytes>, wait: Duration) -> impl Stream<Item = io::Result<Bytes>> {
    stream::iter(pieces.into_iter().enumerate()).then(move |(at, piece)| async move {
        if 0 < at {
            sleep(wait).await;
        }
        Ok(piece)
    })
}
