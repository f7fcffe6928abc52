//! Sendings: taken once or not at all, claimed by one terminal, fetched byte for byte.

use std::{fs, path::Path};

use careplan_protocol::{
    DeliveryId, Party, ProblemKind,
    hub::{Deliveries, Delivery, DeliveryState, FILE_SHA256, FileRole, Profile, SubmissionMeta},
};

use crate::support::{
    Bench, CARE_MANAGER, DAY_CARE, HOME_HELP, UNLICENSED, office,
    terminal::{Terminal, problem},
};

const PDF: &[u8] = b"%PDF-1.7\nan invented report\n";

/// A sending chosen by hand, with a message.
pub(crate) fn to(number: &str) -> SubmissionMeta {
    let destination = Party { office: office(number), kind: None };
    SubmissionMeta { message: "4月分です".to_owned(), destination: Some(destination) }
}

/// A folder of the standard's examples.
pub(crate) fn sample(folder: &str) -> Vec<(String, Vec<u8>)> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let mut files: Vec<_> = fs::read_dir(samples.join(folder))
        .expect("the sample is there")
        .map(|entry| entry.expect("readable"))
        .map(|entry| {
            let name = entry.file_name().into_string().expect("a name in Unicode");
            (name, fs::read(entry.path()).expect("readable"))
        })
        .collect();
    files.sort();
    files
}

pub(crate) fn lent(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

async fn is_bytes(terminal: &Terminal, delivery: &Delivery, file: usize, want: &[u8]) {
    let answer = terminal.fetch(delivery, file).await;
    let digest = answer.headers()[FILE_SHA256].to_str().expect("ASCII").to_owned();
    assert_eq!(digest, delivery.files[file].sha256);
    assert_eq!(answer.bytes().await.expect("a body"), want, "{}", delivery.files[file].name);
}

#[tokio::test]
async fn a_sending_goes_out_and_comes_in_byte_for_byte() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let recipient = bench.terminal(HOME_HELP, "pc-1").await;
    let mut files = sample("v4-slip");
    files.push(("写真 第7表.pdf".to_owned(), PDF.to_owned()));
    let meta = SubmissionMeta { message: "利用票です".to_owned(), destination: None };

    let sent = sender.send("first-key", &meta, &lent(&files)).await.expect("taken");
    assert_eq!(sent.state, DeliveryState::Waiting);
    assert_eq!(sent.to.office, office(HOME_HELP));
    assert_eq!(sent.to.kind, Some("11".parse().expect("a kind")), "the names say so");
    assert_eq!(sent.to_name, "みどりヘルパーステーション");

    let held = recipient.claim().await;
    let [delivery] = &held[..] else { panic!("one delivery: {held:?}") };
    assert_eq!(delivery.from_name, "見本居宅介護支援センター");
    assert_eq!(delivery.message, "利用票です");
    assert_eq!(delivery.state, DeliveryState::Claimed);
    let roles: Vec<_> = delivery.files.iter().map(|file| file.role).collect();
    assert_eq!(roles.last(), Some(&FileRole::Attachment));
    assert!(roles[..3].iter().all(|role| *role == FileRole::Register));
    assert_eq!(delivery.files[1].csv_version.as_deref(), Some("202407"));
    for (at, (_, bytes)) in files.iter().enumerate() {
        is_bytes(&recipient, delivery, at, bytes).await;
    }

    assert_eq!(sender.sent().await[0].state, DeliveryState::Claimed);
    let path = format!("/v1/deliveries/{}/receipt", delivery.id);
    let first: Delivery = recipient.post(&path).await.expect("noted");
    let again: Delivery = recipient.post(&path).await.expect("noted before");
    assert_eq!((first.state, &first), (DeliveryState::Fetched, &again));
    let seen = sender.sent().await;
    assert_eq!(seen[0].state, DeliveryState::Fetched);
    assert!(seen[0].fetched_at.is_some());
    is_bytes(&recipient, delivery, 0, &files[0].1).await;
}

#[tokio::test]
async fn every_passing_sample_is_carried() {
    let bench = Bench::new().await;
    for (folder, from, into) in [
        ("v4-plan", CARE_MANAGER, HOME_HELP),
        ("v4-jisseki", HOME_HELP, CARE_MANAGER),
        ("v4-withdraw-month", CARE_MANAGER, HOME_HELP),
        ("v3-plan", CARE_MANAGER, HOME_HELP),
        ("v3-slip", CARE_MANAGER, HOME_HELP),
        ("v3-jisseki", HOME_HELP, CARE_MANAGER),
    ] {
        let (sender, recipient) =
            (bench.terminal(from, "pc-1").await, bench.terminal(into, "pc-1").await);
        let files = sample(folder);
        let key = format!("sample-{folder}");
        let sent = sender.send(&key, &SubmissionMeta::default(), &lent(&files)).await;
        let sent = sent.unwrap_or_else(|kind| panic!("{folder}: {kind:?}"));
        assert_eq!(sent.to.kind.is_some(), folder.starts_with("v4"), "{folder}");
        let held = recipient.claim().await;
        let delivery = held.last().expect("one more");
        for (at, (_, bytes)) in files.iter().enumerate() {
            is_bytes(&recipient, delivery, at, bytes).await;
        }
    }
}

#[tokio::test]
async fn the_same_key_happens_once() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let files: &[(&str, &[u8])] = &[("a.pdf", PDF)];
    let first = sender.send("same-key", &to(HOME_HELP), files).await.expect("taken");
    let again = sender.send("same-key", &to(HOME_HELP), files).await.expect("the first answer");
    assert_eq!(first, again);
    assert_eq!(sender.sent().await.len(), 1);

    let other_file = sender.send("same-key", &to(HOME_HELP), &[("b.pdf", PDF)]).await;
    assert_eq!(other_file.err(), Some(ProblemKind::IdempotencyKeyReused));
    let other_place = sender.send("same-key", &to(DAY_CARE), files).await;
    assert_eq!(other_place.err(), Some(ProblemKind::IdempotencyKeyReused));

    let other_office = bench.terminal(HOME_HELP, "pc-1").await;
    assert!(other_office.send("same-key", &to(CARE_MANAGER), files).await.is_ok());
}

#[tokio::test]
async fn the_first_terminal_takes_everything() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    for key in ["delivery-1", "delivery-2"] {
        sender.send(key, &to(HOME_HELP), &[("a.pdf", PDF)]).await.expect("taken");
    }
    let (first, second) =
        (bench.terminal(HOME_HELP, "pc-1").await, bench.terminal(HOME_HELP, "pc-2").await);
    let held = first.claim().await;
    assert_eq!(held.len(), 2);
    assert!(second.claim().await.is_empty());
    assert_eq!(first.claim().await, held, "claiming again shows the same");

    let refused = problem(second.fetch(&held[0], 0).await).await;
    assert_eq!(refused.known_kind(), Some(ProblemKind::DeliveryElsewhere));
    let stranger = bench.terminal(DAY_CARE, "pc-1").await;
    let refused = problem(stranger.fetch(&held[0], 0).await).await;
    assert_eq!(refused.known_kind(), Some(ProblemKind::NotFound));
    is_bytes(&first, &held[0], 0, PDF).await;
}

#[tokio::test]
async fn a_broken_sending_leaves_nothing_behind() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let recipient = bench.terminal(HOME_HELP, "pc-1").await;
    for (terminal, folder) in
        [(&sender, "broken-utf8"), (&sender, "broken-service-kind"), (&recipient, "broken-month")]
    {
        let files = sample(folder);
        let request = terminal.sending(folder, &SubmissionMeta::default(), &lent(&files));
        let refused = problem(request.send().await.expect("answers")).await;
        assert_eq!(refused.known_kind(), Some(ProblemKind::FilesRefused), "{folder}");
        assert!(!refused.findings.is_empty(), "{folder}");
        assert!(terminal.sent().await.is_empty());
        assert!(terminal.claim().await.is_empty());
    }
    let mended = sender.send("broken-utf8", &to(HOME_HELP), &[("a.pdf", PDF)]).await;
    assert!(mended.is_ok(), "the key of a refused sending is still free: {mended:?}");
}

#[tokio::test]
async fn each_refusal_has_its_own_problem() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let nowhere = SubmissionMeta::default();
    let long = SubmissionMeta { message: "あ".repeat(1001), ..to(HOME_HELP) };
    let slip = sample("v4-slip");
    let unknown_kind = slip[1].0.replace("_11_", "_13_");
    let own = slip[1].0.replace("2770200036_11", "2770100012_43");
    let results = sample("v4-jisseki");
    let empty_results =
        results[0].0.replace("2770200036_11_2770100012_43", "2770100012_43_2770200036_11");
    let rows: &[u8] = &slip[1].1;
    for (meta, name, bytes, want) in [
        (&nowhere, "a.pdf", PDF, ProblemKind::RecipientMissing),
        (&to("2779999999"), "a.pdf", PDF, ProblemKind::RecipientUnknown),
        (&to(UNLICENSED), "a.pdf", PDF, ProblemKind::RecipientLicence),
        (&to(CARE_MANAGER), "a.pdf", PDF, ProblemKind::RecipientIsSender),
        (&to(DAY_CARE), &slip[1].0, rows, ProblemKind::RecipientsDiffer),
        (&nowhere, &own, rows, ProblemKind::RecipientIsSender),
        (&nowhere, &results[0].0, &results[0].1, ProblemKind::IdentityMismatch),
        (&nowhere, &empty_results, b"", ProblemKind::ResultsEmpty),
        (&nowhere, &unknown_kind, rows, ProblemKind::FilesRefused),
        (&long, "a.pdf", PDF, ProblemKind::MessageTooLong),
        (&to(HOME_HELP), "a.docx", b"PK\x03\x04", ProblemKind::FileType),
        (&to(HOME_HELP), "a.pdf", b"MZ\x90", ProblemKind::FileContent),
        (&to(HOME_HELP), "../a.pdf", PDF, ProblemKind::FileName),
    ] {
        let refused = sender.send("some-key", meta, &[(name, bytes)]).await;
        assert_eq!(refused.err(), Some(want), "{name}");
    }
    let twice = sender.send("some-key", &to(HOME_HELP), &[("a.pdf", PDF), ("A.PDF", PDF)]).await;
    assert_eq!(twice.err(), Some(ProblemKind::FileName));
    let blank = SubmissionMeta { message: "　".to_owned(), ..to(HOME_HELP) };
    let none = sender.send("some-key", &blank, &[]).await;
    assert_eq!(none.err(), Some(ProblemKind::SendingEmpty));
    assert!(sender.sent().await.is_empty());
}

#[tokio::test]
async fn a_message_alone_arrives() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let recipient = bench.terminal(HOME_HELP, "pc-1").await;
    let nowhere = SubmissionMeta { destination: None, ..to(HOME_HELP) };
    let refused = sender.send("nowhere-key", &nowhere, &[]).await;
    assert_eq!(refused.err(), Some(ProblemKind::RecipientMissing));
    let sent = sender.send("message-key", &to(HOME_HELP), &[]).await.expect("taken");
    assert_eq!((&*sent.message, sent.files.len()), ("4月分です", 0));

    let held = recipient.claim().await;
    let [delivery] = &held[..] else { panic!("one delivery: {held:?}") };
    assert_eq!((&*delivery.message, delivery.files.len()), ("4月分です", 0));
    let path = format!("/v1/deliveries/{}/receipt", delivery.id);
    let noted: Delivery = recipient.post(&path).await.expect("noted");
    assert_eq!(noted.state, DeliveryState::Fetched);
    assert_eq!(sender.sent().await[0].state, DeliveryState::Fetched);
}

#[tokio::test]
async fn limits_hold_while_the_body_arrives() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let names: Vec<String> = (0..201).map(|n| format!("{n}.pdf")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), PDF)).collect();
    let refused = sender.send("many-files", &to(HOME_HELP), &many).await;
    assert_eq!(refused.err(), Some(ProblemKind::TooManyFiles));

    let mut large = PDF.to_vec();
    large.resize(20 * 1024 * 1024 + 1, b' ');
    let refused = sender.send("large-file", &to(HOME_HELP), &[("a.pdf", &large)]).await;
    assert_eq!(refused.err(), Some(ProblemKind::TooLarge));
    large.pop();
    let taken = sender.send("large-file", &to(HOME_HELP), &[("a.pdf", &large)]).await;
    assert_eq!(taken.expect("just fits").files[0].size, 20 * 1024 * 1024);
}

#[tokio::test]
async fn an_office_without_a_licence_neither_sends_nor_claims() {
    let bench = Bench::new().await;
    let terminal = bench.terminal(UNLICENSED, "pc-1").await;
    let sent = terminal.send("some-key", &to(HOME_HELP), &[("a.pdf", PDF)]).await;
    assert_eq!(sent.err(), Some(ProblemKind::LicenceMissing));
    let claimed = terminal.post::<Deliveries>("/v1/claims").await;
    assert_eq!(claimed.err(), Some(ProblemKind::LicenceMissing));

    bench.clock.step(time::Duration::days(21));
    let terminal = bench.terminal(CARE_MANAGER, "pc-1").await;
    let sent = terminal.send("some-key", &to(HOME_HELP), &[("a.pdf", PDF)]).await;
    assert_eq!(sent.err(), Some(ProblemKind::LicenceExpired));
}

#[tokio::test]
async fn the_two_profiles_differ_in_the_sent_list_and_in_giving_back() {
    for (profile, want_sent) in [(Profile::Actual, 0), (Profile::Plus, 1)] {
        let bench = Bench::with_profile(profile).await;
        let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
        sender.send("some-key", &to(HOME_HELP), &[("a.pdf", PDF)]).await.expect("taken");
        let beside = bench.terminal(CARE_MANAGER, "pc-2").await;
        assert_eq!(beside.sent().await.len(), want_sent);

        let first = bench.terminal(HOME_HELP, "pc-1").await;
        let second = bench.terminal(HOME_HELP, "pc-2").await;
        let id: DeliveryId = first.claim().await[0].id.clone();
        let released = first.post::<Delivery>(&format!("/v1/deliveries/{id}/release")).await;
        match profile {
            Profile::Actual => assert_eq!(released.err(), Some(ProblemKind::ProfileLacks)),
            Profile::Plus => {
                assert_eq!(released.expect("given back").state, DeliveryState::Waiting);
                assert_eq!(second.claim().await.len(), 1);
                let late = first.post::<Delivery>(&format!("/v1/deliveries/{id}/receipt")).await;
                assert_eq!(late.err(), Some(ProblemKind::DeliveryElsewhere));
                let receipt = format!("/v1/deliveries/{id}/receipt");
                let early = second.post::<Delivery>(&receipt).await;
                assert_eq!(early.err(), Some(ProblemKind::FileUnfetched));
                second.fetch(&second.claim().await[0], 0).await;
                second.post::<Delivery>(&receipt).await.expect("noted");
                let late = second.post::<Delivery>(&format!("/v1/deliveries/{id}/release")).await;
                assert_eq!(late.err(), Some(ProblemKind::DeliveryFetched));
            }
        }
    }
}
