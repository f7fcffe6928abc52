//! A hub on a disk of its own that fills up: what it took stays, what it cannot take it refuses.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use careplan_protocol::{Party, ProblemKind};
use reference_client::{Sending, SendingFile};

use super::{CARE_MANAGER, HOME_HELP, Serving, Stage};

/// A disk in memory that only the hub sees, with something on it that can be removed.
const SETTING: &str = "mount -t tmpfs -o size=16m none disk \
     && head -c 6000000 /dev/zero > disk/filler && exec \"$@\"";
/// How many bytes each sending has.
const SENDING_BYTES: usize = 1_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_answers_507_loses_nothing_and_is_got_over() {
    let probe = Command::new("unshare").args(["-rm", "true"]).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        eprintln!("skipped: this machine lets nobody mount a disk of one's own (unshare -rm)");
        return;
    }
    let stage = Stage::new().await;
    fs::create_dir(stage.path().join("disk")).expect("makes");
    let hub = Serving::start(on_its_own_disk(&stage));
    let mut sender = stage.terminal(CARE_MANAGER, &hub.url).await;
    let mut recipient = stage.terminal(HOME_HELP, &hub.url).await;

    let mut taken = Vec::new();
    let refused = loop {
        let sending = sending(taken.len());
        match sender.send(&sending).await {
            Ok(_) => taken.push(sending),
            Err(error) => break error,
        }
        assert!(taken.len() < 20, "more than the disk has room for");
    };
    assert_eq!(refused.problem_kind(), Some(ProblemKind::StorageFull));
    assert!(2 < taken.len(), "{} were taken", taken.len());
    let sent = sender.sent().await.expect("a full hub still reads");
    assert_eq!(sent.len(), taken.len());

    fs::remove_file(seen_by(&hub, &stage.path().join("disk/filler"))).expect("makes room");
    let resumed = sender.resume().await.expect("the outbox is read");
    assert!(matches!(&resumed[..], [one] if one.outcome.is_ok()), "{resumed:?}");
    taken.push(sending(taken.len()));
    recipient.inbox().await.expect("claims");
    let fetched = recipient.fetch_all(&stage.path().join("into")).await.expect("lists");
    assert_eq!(fetched.len(), taken.len());
    for (fetched, sent) in fetched.into_iter().zip(&taken) {
        let fetched = fetched.expect("fetches");
        assert_eq!(fetched.delivery.message, sent.message);
        assert!(fs::read(&fetched.files[0]).expect("reads") == sent.files[0].bytes, "unchanged");
    }
}

/// The hub's command, on a disk that goes with it.
fn on_its_own_disk(stage: &Stage) -> Command {
    let hub = stage.hub(&["--store", "sqlite:disk/hub.db", "--offices", "offices.json"]);
    let mut command = Command::new("unshare");
    command.current_dir(stage.path()).args(["-rm", "sh", "-c", SETTING, "sh"]);
    command.arg(hub.get_program()).args(hub.get_args());
    command
}

/// A path as the hub's process sees it.
fn seen_by(hub: &Serving, path: &Path) -> PathBuf {
    let root = PathBuf::from(format!("/proc/{}/root", hub.child.id()));
    root.join(path.strip_prefix("/").expect("absolute"))
}

fn sending(number: usize) -> Sending {
    let mut bytes = format!("%PDF-1.7 {number}\n").into_bytes();
    // Noise, as a picture is: packed it takes no less room.
    let mut noise = u32::try_from(number).expect("a few");
    bytes.resize_with(SENDING_BYTES, || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.to_be_bytes()[0]
    });
    let destination = Party { office: HOME_HELP.parse().expect("an office number"), kind: None };
    Sending {
        message: format!("{number}通目"),
        destination: Some(destination),
        ..Sending::new(vec![SendingFile { name: "報告.pdf".to_owned(), bytes }])
    }
}
