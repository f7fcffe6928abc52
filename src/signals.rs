//! How a command that stays up is asked to end: Ctrl-C, a closed window, a service manager.

use crate::ui::Stop;

/// Completes at Ctrl-C, when the terminal's window is closed, or at what a service manager sends.
///
/// It listens from the call on, not from the first `await`: nothing that is asked in between is
/// lost. It needs a Tokio runtime.
#[cfg(unix)]
pub(crate) fn asked_to_end() -> Result<impl Future<Output = ()>, Stop> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(Stop::ours);
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut hang_up = listen(SignalKind::hangup())?;
    let mut terminate = listen(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Completes at Ctrl-C or Ctrl-Break, when the console's window is closed, or at shutdown.
///
/// It listens from the call on, not from the first `await`: nothing that is asked in between is
/// lost. It needs a Tokio runtime.
#[cfg(windows)]
pub(crate) fn asked_to_end() -> Result<impl Future<Output = ()>, Stop> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
    let mut interrupt = ctrl_c().map_err(Stop::ours)?;
    let mut ctrl_break = ctrl_break().map_err(Stop::ours)?;
    let mut close = ctrl_close().map_err(Stop::ours)?;
    let mut shutdown = ctrl_shutdown().map_err(Stop::ours)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = ctrl_break.recv() => {}
            _ = close.recv() => {}
            _ = shutdown.recv() => {}
        }
    })
}
