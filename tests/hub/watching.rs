//! `careplan client watch` while its hub is killed and started again.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use careplan_protocol::Party;
use reference_client::Sending;
use serde_json::Value;

use super::{CARE_MANAGER, HOME_HELP, PASSWORD, Serving, Stage};

fn letter(message: &str) -> Sending {
    let office = HOME_HELP.parse().expect("an office number");
    let destination = Some(Party { office, kind: None });
    Sending { message: message.to_owned(), destination, ..Sending::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_outlives_its_hub_and_misses_nothing() {
    let stage = Stage::new().await;
    fs::write(stage.path().join("password"), PASSWORD).expect("writes");
    let store = ["--store", "sqlite:hub.db", "--offices", "offices.json", "--profile", "plus"];
    let mut hub = Serving::start(stage.hub(&store));
    let mut sender = stage.terminal(CARE_MANAGER, &hub.url).await;
    // It is enrolled here, and used by the program.
    drop(stage.terminal(HOME_HELP, &hub.url).await);

    let mut command = Command::new(env!("CARGO_BIN_EXE_careplan"));
    command.current_dir(stage.path()).args(["--format", "json", "client", "watch"]);
    command.args(["--home", HOME_HELP, "--password-file", "password"]);
    command.args(["--after", "0", "--count", "3"]).stdin(Stdio::null());
    let watch = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut watch = watch.expect("starts");
    let mut lines = BufReader::new(watch.stdout.take().expect("piped")).lines();
    let mut told = || -> u64 {
        let line = lines.next().expect("goes on").expect("reads");
        let line: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(line["notice"]["notice"], "arrival", "{line}");
        line["number"].as_u64().expect("a number")
    };

    sender.send(&letter("一つめ")).await.expect("arrives");
    let first = told();
    hub.kill();
    let address = hub.address().to_owned();
    let _again = Serving::start(stage.hub(&[&store[..], &["--listen", &address]].concat()));
    for message in ["二つめ", "三つめ"] {
        sender.send(&letter(message)).await.expect("arrives");
    }
    assert_eq!([told(), told()], [first + 1, first + 2], "each once, and none is missed");
    assert_eq!(watch.wait().expect("ends").code(), Some(0));
}
