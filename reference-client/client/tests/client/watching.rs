//! A listener that loses its line comes back, and misses nothing.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use careplan_protocol::{ProblemKind, hub::Notice};
use reference_client::{ClientError, Patience, Settings, Terminal};

use crate::stub::{Bench, LineEnd, Reply, Seen, hasty};

/// The hub's first words: where it stands, and that nobody needs to wait long.
fn welcome(number: u64) -> String {
    format!("id: {number}\nretry: 1\n\n")
}

fn arrival(number: u64) -> String {
    let party = |office: &str| format!(r#"{{"office":"{office}","kind":null}}"#);
    let (from, to) = (party("2770200036"), party("2770100012"));
    let data =
        format!(r#"{{"notice":"arrival","id":"d-{number}","from":{from},"to":{to},"files":1}}"#);
    format!("id: {number}\nevent: arrival\ndata: {data}\n\n")
}

/// A hub whose streams are these, one after the other; the last one again and again.
fn hub(streams: Vec<fn() -> Reply>) -> impl Fn(&Seen) -> Reply {
    let count = AtomicUsize::new(0);
    move |seen: &Seen| match seen.line().as_str() {
        "GET /v1/events" => {
            let at = count.fetch_add(1, Ordering::SeqCst).min(streams.len() - 1);
            streams[at]()
        }
        _ => Reply::Json(200, "{}".to_owned()),
    }
}

/// The events behind which each stream was asked for.
fn places(bench: &Bench) -> Vec<Option<String>> {
    let streams = bench.hub.seen().into_iter().filter(|seen| seen.path == "/v1/events");
    streams.map(|seen| seen.last_event().map(str::to_owned)).collect()
}

/// Listens until this notice.
async fn watch_until(
    terminal: &mut Terminal,
    number: u64,
) -> (Vec<u64>, Result<Option<u64>, ClientError>) {
    let mut told = Vec::new();
    let tell = |heard: u64, _: &Notice| {
        told.push(heard);
        heard != number
    };
    let watching = terminal.watch(None, tell);
    let outcome = tokio::time::timeout(Duration::from_secs(20), watching).await;
    (told, outcome.expect("it comes back soon"))
}

#[tokio::test]
async fn a_torn_stream_is_gone_on_with_behind_the_last_notice() {
    let mut bench = Bench::new(hub(vec![
        || Reply::Events(welcome(4) + &arrival(5) + &arrival(6), LineEnd::Torn),
        || Reply::Cut,
        || Reply::Problem(ProblemKind::Unavailable),
        || Reply::Events(welcome(6) + &arrival(7) + &arrival(8), LineEnd::Torn),
    ]))
    .await;
    let (told, outcome) = watch_until(&mut bench.terminal, 8).await;
    assert_eq!(told, [5, 6, 7, 8]);
    assert_eq!(outcome.expect("heard enough"), Some(8));
    let six = || Some("6".to_owned());
    assert_eq!(places(&bench), [None, six(), six(), six()]);
    let waits = bench.watcher.waits.lock().expect("no panic");
    assert_eq!(waits.len(), 3, "each wait is told: {waits:?}");
}

#[tokio::test]
async fn a_line_that_is_torn_before_the_first_notice_misses_nothing_either() {
    let mut bench = Bench::new(hub(vec![|| Reply::Events(welcome(7), LineEnd::Torn), || {
        Reply::Events(welcome(7) + &arrival(8), LineEnd::Torn)
    }]))
    .await;
    let (told, _) = watch_until(&mut bench.terminal, 8).await;
    assert_eq!(told, [8]);
    assert_eq!(places(&bench), [None, Some("7".to_owned())]);
}

#[tokio::test]
async fn a_line_that_falls_silent_is_given_up() {
    let mut bench = Bench::new(hub(vec![|| Reply::Events(welcome(1), LineEnd::Silent), || {
        Reply::Events(arrival(2), LineEnd::Silent)
    }]))
    .await;
    let home = bench.terminal.folder().to_owned();
    let settings = hasty(&bench.watcher);
    let patience = Patience { answer_max: Duration::from_millis(300), ..settings.patience };
    drop(bench.terminal);
    bench.terminal = Terminal::open(&home, Settings { patience, ..settings }).expect("opens");
    let (told, _) = watch_until(&mut bench.terminal, 2).await;
    assert_eq!(told, [2]);
    assert_eq!(places(&bench), [None, Some("1".to_owned())]);
}

#[tokio::test]
async fn what_will_not_pass_ends_the_listening() {
    let mut bench =
        Bench::new(hub(vec![|| Reply::Events(welcome(1) + &arrival(2), LineEnd::Torn), || {
            Reply::Problem(ProblemKind::ProfileLacks)
        }]))
        .await;
    let (told, outcome) = watch_until(&mut bench.terminal, 9).await;
    assert_eq!(told, [2]);
    let error = outcome.expect_err("refused");
    assert_eq!(error.problem_kind(), Some(ProblemKind::ProfileLacks));
}

#[tokio::test]
async fn a_hub_that_was_never_there_is_told_at_once() {
    let mut bench = Bench::new(|_| Reply::Cut).await;
    let (_, outcome) = watch_until(&mut bench.terminal, 9).await;
    let error = outcome.expect_err("nobody answers");
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    assert!(places(&bench).is_empty(), "no stream was asked for");
}
