//! A hub's process that is killed under load, in the size of CI. `cargo xtask soak kill` kills it 200
//! times on each store.

use careplan_sandbox::Store;
use careplan_soak::{
    kill::{Kills, run},
    linearity::stores::postgres_place,
};
use private_postgres::Absence;

/// How often the hub is killed.
const TIMES: u64 = 5;

async fn holds(store: Store) {
    let binary = env!("CARGO_BIN_EXE_careplan").into();
    let killed = run(&Kills { binary, store, times: TIMES, seed: 1 }).await.expect("runs");
    assert_eq!((killed.kills, killed.broken), (TIMES, Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_on_sqlite_that_is_killed_loses_and_doubles_nothing() {
    holds(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_on_postgresql_that_is_killed_loses_and_doubles_nothing() {
    match tokio::task::spawn_blocking(postgres_place).await.expect("looks for one") {
        Ok(place) => holds(Store::Postgres(place)).await,
        Err(absence @ Absence::NotInstalled) => eprintln!("skipped: {absence}"),
        Err(absence) => panic!("{absence}"),
    }
}
