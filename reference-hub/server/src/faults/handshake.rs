//! A handshake that is slow, refused or cut.

use std::{io, time::Duration};

use careplan_faults::Shot;
use careplan_protocol::faults::FaultKind;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};

/// A fatal alert, `internal_error`, as TLS writes it before keys are agreed (RFC 8446, 6).
const INTERNAL_ERROR: [u8; 7] = [21, 3, 3, 0, 2, 2, 80];
/// A peer's first message fits.
const HELLO_BYTES_MAX: usize = 4096;

/// What becomes of a connection that a fault met.
pub(crate) enum Opening {
    /// It goes on.
    GoesOn,
    /// It is over.
    IsOver,
}

/// Does to a fresh connection what the fault says.
pub(crate) async fn opening(shot: &Shot, stream: &mut TcpStream) -> io::Result<Opening> {
    if shot.arming.fault == FaultKind::HandshakeSlow {
        sleep(Duration::from_millis(shot.arming.wait_ms)).await;
        return Ok(Opening::GoesOn);
    }
    // Closing over unread bytes would reset the connection, and an alert with it.
    let read = stream.read(&mut [0; HELLO_BYTES_MAX]).await?;
    if shot.arming.fault == FaultKind::HandshakeRefused && 0 < read {
        stream.write_all(&INTERNAL_ERROR).await?;
        stream.shutdown().await?;
    }
    Ok(Opening::IsOver)
}
