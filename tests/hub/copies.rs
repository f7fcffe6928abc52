//! `careplan hub backup | restore | verify`, beside a hub that runs and after one that is gone.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use careplan_protocol::Party;
use reference_client::{Sending, SendingFile, Terminal};
use serde_json::Value;

use super::{CARE_MANAGER, HOME_HELP, Serving, Stage};

const LETTER: &[u8] = "控えにも残る連絡です。".as_bytes();

#[tokio::test(flavor = "multi_thread")]
async fn what_was_backed_up_is_served_again_after_the_store_is_gone() {
    let stage = Stage::new().await;
    let mut hub = Serving::start(serve(&stage, "sqlite:hub.db", "127.0.0.1:0"));
    let mut sender = stage.terminal(CARE_MANAGER, &hub.url).await;
    let mut recipient = stage.terminal(HOME_HELP, &hub.url).await;
    send(&mut sender, "控えの前").await;
    let copied = json(&stage, &["backup", "--store", "sqlite:hub.db", "--to", "控え.db"], 0);
    assert!(copied["rows"].as_u64().is_some_and(|rows| 4 < rows), "{copied}");
    send(&mut sender, "控えの後").await;
    let running = json(&stage, &["verify", "--store", "sqlite:hub.db"], 0);
    assert_eq!((&running["verdict"], &running["files"]), (&"pass".into(), &2.into()));
    let again = run(&stage, &["backup", "--store", "sqlite:hub.db", "--to", "控え.db"]);
    assert_eq!(again.status.code(), Some(2), "a backup that is there is left alone");

    hub.kill();
    let address = hub.address().to_owned();
    json(&stage, &["restore", "--from", "控え.db", "--store", "sqlite:restored.db"], 0);
    let over = run(&stage, &["restore", "--from", "控え.db", "--store", "sqlite:hub.db"]);
    assert_eq!(over.status.code(), Some(2), "a store that holds something is left alone");
    let _hub = Serving::start(serve(&stage, "sqlite:restored.db", &address));
    let inbox = recipient.inbox().await.expect("the session was backed up as well");
    let messages: Vec<_> = inbox.iter().map(|entry| &*entry.delivery.message).collect();
    assert_eq!(messages, ["控えの前"], "as it was at the backup");
    let into = stage.path().join("into");
    let fetched = recipient.fetch(&inbox[0].delivery.id, &into).await.expect("fetches");
    assert_eq!(fs::read(&fetched.files[0]).expect("reads"), LETTER);
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_named_and_never_served() {
    let stage = Stage::new().await;
    let mut hub = Serving::start(serve(&stage, "sqlite:hub.db", "127.0.0.1:0"));
    let mut sender = stage.terminal(CARE_MANAGER, &hub.url).await;
    send(&mut sender, "連絡").await;
    json(&stage, &["backup", "--store", "sqlite:hub.db", "--to", "backup.db"], 0);
    hub.kill();

    let whole = fs::read(stage.path().join("backup.db")).expect("reads");
    let file = place_of(LETTER, &whole).expect("its bytes lie there as they are");
    let mut changed = whole.clone();
    changed[file] ^= 1;
    put(&stage, "changed.db", &changed);
    let told = json(&stage, &["verify", "--store", "sqlite:changed.db"], 1);
    assert_eq!(told["verdict"], "fail", "one bit of one file: {told}");
    assert_eq!(told["damage"].as_array().map(Vec::len), Some(1), "{told}");

    for (name, bytes) in [("short.db", &whole[..whole.len() / 2]), ("other.db", b"a letter")] {
        put(&stage, name, bytes);
        let store = format!("sqlite:{name}");
        let verified = run(&stage, &["verify", "--store", &store]);
        assert!(matches!(verified.status.code(), Some(1 | 2)), "{name}: {verified:?}");
        let started = serve(&stage, &store, "127.0.0.1:0").output().expect("runs");
        let said = String::from_utf8_lossy(&started.stderr).into_owned();
        assert!(started.status.code() == Some(2) && started.stdout.is_empty(), "{name}: {said}");
        assert_eq!(fs::read(stage.path().join(name)).expect("reads"), bytes, "left as it lies");
    }
    let nowhere = run(&stage, &["verify", "--store", "sqlite:nowhere.db"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(!stage.path().join("nowhere.db").exists(), "nothing is made by looking");
    assert_eq!(
        run(&stage, &["backup", "--store", "memory", "--to", "m.db"]).status.code(),
        Some(2)
    );
}

fn serve(stage: &Stage, store: &str, listen: &str) -> Command {
    stage.hub(&["--store", store, "--offices", "offices.json", "--listen", listen])
}

fn run(stage: &Stage, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_careplan"));
    command.current_dir(stage.path()).args(["--lang", "en", "--format", "json", "hub"]);
    command.args(arguments).output().expect("runs")
}

#[track_caller]
fn json(stage: &Stage, arguments: &[&str], status: i32) -> Value {
    let output = run(stage, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

async fn send(sender: &mut Terminal, message: &str) {
    let destination = Party { office: HOME_HELP.parse().expect("an office number"), kind: None };
    let letter = SendingFile { name: "連絡.txt".to_owned(), bytes: LETTER.to_vec() };
    let sending = Sending {
        message: message.to_owned(),
        destination: Some(destination),
        ..Sending::new(vec![letter])
    };
    sender.send(&sending).await.expect("taken");
}

fn put(stage: &Stage, name: &str, bytes: &[u8]) {
    fs::write(Path::new(stage.path()).join(name), bytes).expect("writes");
}

fn place_of(part: &[u8], whole: &[u8]) -> Option<usize> {
    whole.windows(part.len()).position(|window| window == part)
}
