//! What somebody may try who means harm: each is refused with a problem of its own.

use std::time::Duration;

use careplan_protocol::{
    ProblemKind,
    hub::{Delivery, Submission, SubmissionMeta},
};
use reference_hub::{CheckLevel, HubConfig};
use reqwest::Method;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    sendings::{lent, sample, to},
    support::{Bench, CARE_MANAGER, DAY_CARE, HOME_HELP, terminal::read},
};

const PDF: &[u8] = b"%PDF-1.7\nan invented report\n";

#[tokio::test]
async fn names_that_lead_elsewhere_are_refused() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    for name in [
        "../a.pdf",
        "..%2Fa.pdf/",
        "/etc/a.pdf",
        "C:\\a.pdf",
        "a\\..\\b.pdf",
        "a\u{0}.pdf",
        "a\r\nb.pdf",
        "nul.pdf",
        "a\u{202e}fdp.exe.pdf",
        &format!("{}.pdf", "長".repeat(85)),
    ] {
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n\
             {{\"destination\":{{\"office\":\"{HOME_HELP}\",\"kind\":null}}}}\r\n\
             --x\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''{}\r\n\r\n\
             %PDF-1.7\r\n--x--\r\n",
            name.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>()
        );
        let request = sender
            .request(Method::POST, "/v1/submissions")
            .header("idempotency-key", "hostile-name")
            .header("content-type", "multipart/form-data; boundary=x")
            .body(body);
        let refused = read::<Submission>(request).await;
        assert_eq!(refused.err(), Some(ProblemKind::FileName), "{name:?}");
    }
    assert!(sender.sent().await.is_empty());
}

#[tokio::test]
async fn contents_that_are_not_what_they_say_are_refused() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    for (name, bytes, want) in [
        ("a.pdf", &b"MZ\x90\0%PDF-1.7"[..], ProblemKind::FileContent),
        ("a.pdf", b"\x7fELF\x02%PDF-1.7", ProblemKind::FileContent),
        ("a.png", b"<html><script>", ProblemKind::FileContent),
        ("a.pdf", b"PK\x03\x04\x14\0 word/document.xml %PDF-", ProblemKind::FileDocument),
        ("a.pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ProblemKind::FileDocument),
        ("a.xlsx", b"PK\x03\x04", ProblemKind::FileType),
        ("a.ppt", b"\xd0\xcf\x11\xe0", ProblemKind::FileType),
        ("a.pdf.exe", PDF, ProblemKind::FileType),
    ] {
        let refused = sender.send("hostile-file", &to(HOME_HELP), &[(name, bytes)]).await;
        assert_eq!(refused.err(), Some(want), "{name}");
    }
    let message = SubmissionMeta { message: "a\u{0}b".to_owned(), ..to(HOME_HELP) };
    let refused = sender.send("hostile-text", &message, &[("a.pdf", PDF)]).await;
    assert_eq!(refused.err(), Some(ProblemKind::MessageCharacters));
}

#[tokio::test]
async fn a_compressed_body_is_not_unpacked() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    for encoding in ["gzip", "deflate, gzip", "br", "GZIP"] {
        let sending = sender.sending("bomb-key", &to(HOME_HELP), &[("a.pdf", PDF)]);
        let refused = read::<Submission>(sending.header("content-encoding", encoding)).await;
        assert_eq!(refused.err(), Some(ProblemKind::ContentEncoding), "{encoding}");
    }
    let sending = sender.sending("plain-key", &to(HOME_HELP), &[("a.pdf", PDF)]);
    assert!(read::<Submission>(sending.header("content-encoding", "identity")).await.is_ok());
}

#[tokio::test]
async fn anothers_delivery_is_as_good_as_none() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let sent = sender.send("for-home-help", &to(HOME_HELP), &[("a.pdf", PDF)]).await;
    let sent = sent.expect("taken");
    let id = bench.terminal(HOME_HELP, "pc-1").await.claim().await[0].id.clone();
    for stranger in [bench.terminal(DAY_CARE, "pc-1").await, sender] {
        for (method, path) in [
            (Method::GET, format!("/v1/deliveries/{id}")),
            (Method::GET, format!("/v1/deliveries/{id}/files/a.pdf")),
            (Method::POST, format!("/v1/deliveries/{id}/receipt")),
        ] {
            let refused = read::<Delivery>(stranger.request(method, &path)).await;
            assert_eq!(refused.err(), Some(ProblemKind::NotFound), "{path}");
        }
    }
    let stranger = bench.terminal(DAY_CARE, "pc-2").await;
    let seen = stranger.get::<Submission>(&format!("/v1/submissions/{}", sent.id)).await;
    assert_eq!(seen.err(), Some(ProblemKind::NotFound));
}

#[tokio::test]
async fn the_table_of_roles_holds_in_both_versions() {
    let bench = Bench::with(|config| HubConfig { check: CheckLevel::Envelope, ..config }).await;
    // 訪問介護 sends 予定: in V3, where no name says what it is, the hub knows.
    let helper = bench.terminal(HOME_HELP, "pc-1").await;
    let files = sample("v3-slip");
    let turned: Vec<_> = files
        .into_iter()
        .map(|(name, bytes)| {
            (name.replace("2770100012_2770200036", "2770200036_2770300042"), bytes)
        })
        .collect();
    let refused = helper.send("role-key-v3", &SubmissionMeta::default(), &lent(&turned)).await;
    assert_eq!(refused.err(), Some(ProblemKind::SenderRole));
    // 46 is a service that this office has not registered.
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let other_kind: Vec<_> = sample("v4-slip")
        .into_iter()
        .map(|(name, bytes)| (name.replace("2770100012_43", "2770100012_46"), bytes))
        .collect();
    let refused = sender.send("role-key-v4", &SubmissionMeta::default(), &lent(&other_kind)).await;
    assert_eq!(refused.err(), Some(ProblemKind::SenderKindUnknown));
}

#[tokio::test]
async fn each_check_level_refuses_what_it_says() {
    use CheckLevel::{Envelope, Standard, Strict};
    let broken = sample("broken-utf8");
    let refused = Some(ProblemKind::FilesRefused);
    for (level, want_broken, want_mzpdf) in [
        (Envelope, None, None),
        (Standard, refused, Some(ProblemKind::FileContent)),
        (Strict, refused, Some(ProblemKind::FileContent)),
    ] {
        let bench = Bench::with(|config| HubConfig { check: level, ..config }).await;
        let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
        let sent = sender.send("broken-key", &SubmissionMeta::default(), &lent(&broken)).await;
        assert_eq!(sent.err(), want_broken, "{level:?}");
        let sent = sender.send("program-key", &to(HOME_HELP), &[("a.pdf", b"MZ\x90")]).await;
        assert_eq!(sent.err(), want_mzpdf, "{level:?}");
        let typed = sender.send("type-key", &to(HOME_HELP), &[("a.docx", b"PK\x03\x04")]).await;
        assert_eq!(typed.err(), Some(ProblemKind::FileType), "{level:?}");
        let odd = sender.send("warned-key", &to(HOME_HELP), &[("memo.csv", b"1,2\r\n")]).await;
        assert_eq!(odd.err(), refused.filter(|_| level == Strict), "{level:?}");
        let good = sample("v4-slip");
        let sent = sender.send("good-key", &SubmissionMeta::default(), &lent(&good)).await;
        assert!(sent.is_ok(), "{level:?}: {sent:?}");
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_or_no_http_ends_its_connection_alone() {
    let bench = Bench::new().await;
    let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
    let large = sender.request(Method::GET, "/v1/office").header("x-large", "a".repeat(40_000));
    let refused = read::<Value>(large).await;
    assert_eq!(refused.err(), Some(ProblemKind::HeadTooLarge));
    let mut plain = TcpStream::connect(bench.hub.address()).await.expect("connects");
    plain.write_all(&[0; 4096]).await.expect("writes");
    let mut answer = String::new();
    plain.read_to_string(&mut answer).await.expect("reads");
    assert!(answer.contains("tls-required"), "{answer}");
    assert!(sender.get::<Value>("/v1/office").await.is_ok(), "the others go on");
}

#[tokio::test]
async fn a_flood_of_handshakes_keeps_nobody_out() {
    let bench = Bench::new().await;
    let mut flood = Vec::new();
    // More than there are places of any kind.
    for _ in 0..600 {
        let mut peer = TcpStream::connect(bench.hub.address()).await.expect("connects");
        // The beginning of a handshake that never goes on.
        peer.write_all(&[0x16, 3, 1, 2, 0, 1]).await.expect("writes");
        flood.push(peer);
    }
    let soon = tokio::time::timeout(Duration::from_secs(8), bench.terminal(CARE_MANAGER, "pc-1"));
    let sender = soon.await.expect("before the others' time is over");
    assert!(sender.send("in-the-flood", &to(HOME_HELP), &[("a.pdf", PDF)]).await.is_ok());
}

#[tokio::test]
async fn a_formula_in_a_name_is_a_text_in_the_table() {
    let bench = Bench::with(|mut config| {
        config.offices[0].name = "=HYPERLINK(\"http://x\")".to_owned();
        config
    })
    .await;
    let terminal = bench.terminal(HOME_HELP, "pc-1").await;
    for (path, accept) in [("/v1/offices?format=csv", "*/*"), ("/v1/offices", "text/csv")] {
        let answer = terminal.request(Method::GET, path).header("accept", accept).send().await;
        let answer = answer.expect("answers");
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
        let table = answer.bytes().await.expect("a table");
        let table = std::str::from_utf8(&table).expect("UTF-8");
        assert!(table.starts_with("\u{feff}事業所番号,"), "{table}");
        assert!(table.contains("\"'=HYPERLINK(\"\"http://x\"\")\""), "{table}");
        assert_eq!(table.lines().count(), 4, "a head and three offices: {table}");
    }
}
