//! Histories in the size of CI. `cargo xtask soak linearity` writes long ones.

use careplan_soak::linearity::{Drive, Reopen, run, stores};

/// Eight terminals, some hundred operations each, and a hub that stops.
const DRIVE: Drive =
    Drive { seed: 1, terminals: 8, operations: 300, operations_an_office: 100, stops_an_office: 2 };

async fn holds(reopen: Reopen) {
    let driven = run(DRIVE, reopen).await;
    assert_eq!(driven.broken, Vec::<String>::new());
    assert_eq!((driven.operations, driven.stops), (2400, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn histories_of_memory_have_an_order() {
    holds(stores::memory()).await;
}
