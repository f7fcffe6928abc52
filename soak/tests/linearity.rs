//! Histories in the size of CI. `cargo xtask soak linearity` writes long ones.

use careplan_soak::linearity::{Drive, Reopen, run, stores};
use private_postgres::Absence;

/// Eight terminals, some dozen operations each, and a hub that stops.
const DRIVE: Drive = Drive {
    seed: 1,
    terminals: 8,
    operations: 120,
    operations_an_office: 60,
    stops_an_office: 2,
    runs_out: false,
};

/// A database server goes on with what it was asked when the hub has stopped.
const ON_A_SERVER: Drive = Drive { runs_out: true, ..DRIVE };

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

#[tokio::test(flavor = "multi_thread")]
async fn histories_of_postgresql_have_an_order() {
    match tokio::task::spawn_blocking(stores::postgres_place).await.expect("looks for one") {
        Ok(place) => holds(ON_A_SERVER, stores::postgres(place)).await,
        Err(absence @ Absence::NotInstalled) => eprintln!("skipped: {absence}"),
        Err(absence) => panic!("{absence}"),
    }
}
