//! What a reset and a snapshot of a small sandbox take: printed, for `docs/operating.md`.

use std::time::Instant;

use careplan_protocol::{
    Party,
    hub::{SUBMISSION_FILES_MAX, SubmissionMeta},
};
use reference_hub::{AdminClient, Method};

use crate::support::{Bench, CARE_MANAGER, HOME_HELP, office};

/// How many sendings of three files of 10 KB a small sandbox has.
const SENDINGS: usize = 20;
/// How often each is done.
const ROUNDS: usize = 11;

#[tokio::test]
async fn a_small_sandbox_is_copied_brought_back_and_reset_again_and_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let memory = ("memory", Bench::new().await);
    let sqlite = ("SQLite", Bench::on_disk(&folder.path().join("hub.db")).await);
    for (name, bench) in [memory, sqlite] {
        let sender = bench.terminal(CARE_MANAGER, "pc-1").await;
        let destination = Some(Party { office: office(HOME_HELP), kind: None });
        let meta = SubmissionMeta { message: "4月分".to_owned(), destination };
        let text = "invented ".repeat(10_000 / 9);
        let files = ["a.txt", "b.txt", "c.txt"].map(|name| (name, text.as_bytes()));
        assert!(files.len() <= SUBMISSION_FILES_MAX);
        for number in 0..SENDINGS {
            sender.send(&format!("key-{number:04}"), &meta, &files).await.expect("taken");
        }
        let admin = bench.admin();
        let mut tooks = [const { Vec::new() }; 3];
        for _ in 0..ROUNDS {
            let steps = [
                (Method::PUT, "/admin/snapshots/full"),
                (Method::POST, "/admin/reset"),
                (Method::POST, "/admin/snapshots/full/restore"),
            ];
            for (tooks, (method, path)) in tooks.iter_mut().zip(steps) {
                tooks.push(millis(&admin, method, path).await);
            }
        }
        assert_eq!(sender.sent().await.len(), SENDINGS, "all is back");
        let [save, reset, restore] = tooks.map(median);
        println!("| {name} | {save:.1} ms | {restore:.1} ms | {reset:.1} ms |");
    }
}

async fn millis(admin: &AdminClient, method: Method, path: &str) -> f64 {
    let begun = Instant::now();
    admin.tell(method, path).await.expect("does it");
    begun.elapsed().as_secs_f64() * 1000.0
}

fn median(mut tooks: Vec<f64>) -> f64 {
    tooks.sort_by(f64::total_cmp);
    tooks[tooks.len() / 2]
}
