//! Histories in the size of CI. `cargo xtask soak linearity` writes long ones.

use careplan_soak::linearity::{Drive, Reopen, run, stores};

/// Eight terminals, some dozen operations each, and a hub that stops.
const DRIVE: Drive = Drive {
    seed: 1,
    terminals: 8,
    operations: 120,
    operations_an_office: 60,
    stops_an_office: 2,
    runs_out: false,
};

async fn holds(drive: Drive, reopen: Reopen) {
    let driven = run(drive, reopen).await;
    assert_eq!(driven.broken, Vec::<String>::new());
    assert_eq!((driven.operations, driven.stops), (960, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn histories_of_memory_have_an_order() {
    holds(DRIVE, stores::memory()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn histories_of_sqlite_have_an_order() {
    holds(DRIVE, stores::sqlite().expect("there is room for a folder")).await;
}
