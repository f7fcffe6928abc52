//! A sandbox as its users see it: what it starts, and that nothing of it stays behind.

use std::{net::TcpStream, path::PathBuf, sync::Arc, time::Duration};

use careplan_protocol::hub::{DeliveryState, Office};
use careplan_sandbox::{
    HubMode, OfficeSpec, Sandbox, SandboxConfig, SandboxError, Seat, Store,
    reference_client::{Credentials, Sending, SendingFile, Silent, Terminal},
};

fn seat(sandbox: &Sandbox, at: usize) -> Seat<'_> {
    Seat { office: &sandbox.offices()[at], terminal: None, via: None }
}

async fn terminal(sandbox: &Sandbox, at: usize) -> Terminal {
    sandbox.terminal(seat(sandbox, at), Arc::new(Silent)).await.expect("an enrolled terminal")
}

/// A sending that no rule of the standard speaks of.
fn note(to: &OfficeSpec) -> Sending {
    let file = SendingFile { name: "連絡.txt".to_owned(), bytes: "8月は利用なし".into() };
    let destination = careplan_protocol::Party { office: to.number, kind: Some(to.kinds[0]) };
    Sending { destination: Some(destination), ..Sending::new(vec![file]) }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_office_is_known_to_the_hub_by_its_own_certificate() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("starts");
    for (at, spec) in OfficeSpec::standard_cast().into_iter().enumerate() {
        let own: Office =
            terminal(&sandbox, at).await.get(&["v1", "office"]).await.expect("is let in");
        assert_eq!((own.office, own.name, own.kinds), (spec.number, spec.name, spec.kinds));
    }
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_hub_writes_an_audit_log_of_its_own() {
    let mut sandbox = Sandbox::start(SandboxConfig::default()).await.expect("starts");
    sandbox.start_second_hub().await.expect("starts beside the first");
    sandbox.start_second_hub().await.expect("starts in the place of the second");
    let logs = ["audit.jsonl", "audit-2.jsonl"].map(|name| sandbox.folder().join("hub").join(name));
    assert!(logs.iter().all(|log| log.is_file()), "{logs:?}");
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_and_dropping_free_the_ports_and_the_folder() {
    for is_stopped in [true, false] {
        let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("starts");
        let (hub, folder) = (sandbox.hub_address(), sandbox.folder().to_owned());
        assert!(folder.join("root.pem").is_file());
        TcpStream::connect(hub).expect("it listens");
        if is_stopped {
            assert_eq!(sandbox.stop().await, None);
        } else {
            drop(sandbox);
        }
        // A drop tells the listeners to end; they do so when they are next looked at.
        for _ in 0..100 {
            if TcpStream::connect(hub).is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(!folder.exists());
        assert!(TcpStream::connect(hub).is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_folder_describes_itself_and_stays() {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("mine");
    let config = || SandboxConfig {
        folder: Some(folder.clone()),
        store: Store::Sqlite,
        pkcs12: true,
        ..SandboxConfig::default()
    };
    let sandbox = Sandbox::start(config()).await.expect("starts");
    let described = sandbox.describe().expect("all is there");
    assert_eq!(described.store, "sqlite");
    for office in &described.offices {
        let read = |path: &PathBuf| std::fs::read(path).expect("is there");
        let text = |path| String::from_utf8(read(path)).expect("text");
        let (p12, p12_password) = (office.p12_file.as_ref(), office.p12_password_file.as_ref());
        let p12 = read(p12.expect("asked for"));
        let opened = Credentials::from_pkcs12(&p12, &text(p12_password.expect("asked for")));
        assert_eq!(
            opened.expect("opens").office().map(|own| own.to_string()).as_ref(),
            Some(&office.number)
        );
        let pem =
            Credentials::from_pem(text(&office.certificate_chain_file), text(&office.key_file));
        assert!(pem.is_ok());
        let shown = serde_json::to_string(&described).expect("serializes");
        assert!(!shown.contains(&text(&office.password_file)), "secrets are named, not shown");
    }
    assert_eq!(sandbox.stop().await, Some(folder.clone()));
    assert!(folder.join("hub").is_dir());
    let again = Sandbox::start(config()).await.err();
    assert!(matches!(again, Some(SandboxError::NotEmpty(_))), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_terminal_is_of_the_same_office_and_has_lists_of_its_own() {
    let mut sandbox = Sandbox::start(SandboxConfig::default()).await.expect("starts");
    let to = OfficeSpec::standard_cast().remove(1);
    sandbox.add_terminal(to.number, "pc-2").await.expect("enrols");
    let unknown = sandbox.add_terminal("2799999999".parse().expect("a number"), "pc-2").await;
    assert!(matches!(unknown, Err(SandboxError::Missing(_))), "{unknown:?}");
    terminal(&sandbox, 0).await.send(&note(&to)).await.expect("is taken");
    let second = Seat { terminal: Some("pc-2"), ..seat(&sandbox, 1) };
    let mut second = sandbox.terminal(second, Arc::new(Silent)).await.expect("is there");
    assert_eq!(second.inbox().await.expect("a list").len(), 1);
    assert!(terminal(&sandbox, 1).await.inbox().await.expect("a list").is_empty());
    let sent = terminal(&sandbox, 0).await.sent().await.expect("a list");
    assert_eq!(sent[0].submission.state, DeliveryState::Claimed);
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sandboxes_know_nothing_of_each_other() {
    let start = || Sandbox::start(SandboxConfig::default());
    let (first, second) = tokio::join!(start(), start());
    let (first, second) = (first.expect("starts"), second.expect("starts"));
    assert_ne!(first.hub_address(), second.hub_address());
    assert_ne!(first.root_pem(), second.root_pem());
    let stranger = Seat { via: Some(second.hub_address()), ..seat(&first, 0) };
    let mut stranger = first.terminal(stranger, Arc::new(Silent)).await.expect("opens");
    assert!(stranger.inbox().await.is_err(), "neither side trusts the other");
    first.stop().await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_process_of_its_own_can_be_killed() {
    let mut sandbox = Sandbox::start(SandboxConfig::default()).await.expect("starts");
    let refused = sandbox.kill_hub().await;
    assert!(matches!(refused, Err(SandboxError::Missing(_))), "{refused:?}");
    let _: Office = terminal(&sandbox, 0).await.get(&["v1", "office"]).await.expect("still there");
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_cannot_be_started_is_a_fault_of_its_process() {
    let parent = tempfile::tempdir().expect("a folder");
    let binary = parent.path().join("no-such-binary");
    let config = SandboxConfig { hub: HubMode::Process { binary }, ..SandboxConfig::default() };
    let refused = Sandbox::start(config).await.err();
    assert!(matches!(refused, Some(SandboxError::Process(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_office_has_one_certificate_of_the_ca() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.expect("starts");
    let certificates = sandbox.ca().certificates().expect("a list");
    assert_eq!(certificates.len(), sandbox.offices().len(), "one an office, got over the wire");
    sandbox.stop().await;
}
