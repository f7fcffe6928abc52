//! Histories in the size of CI. `cargo xtask soak linearity` writes long ones.

use std::sync::Arc;

use careplan_soak::linearity::{Drive, Reopen, run, stores};
use hub_relay::Change;
use hub_store::{Commit, Fault, Memory, Store, Watch, Watched};
use private_postgres::Absence;
use time::Duration;

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

/// How a store is not sound.
#[derive(Debug, Clone, Copy)]
enum Flaw {
    /// A claim does not end by itself.
    EndlessLease,
    /// Taking back is answered and changes nothing.
    ForgottenTakeBack,
    /// A claim is answered and not kept.
    ForgottenClaim,
}

impl Watch for Flaw {
    fn call(&self, _name: &'static str) -> Result<(), Fault> {
        Ok(())
    }

    fn change(&self, change: Change) -> Option<Change> {
        match (self, change) {
            (Self::EndlessLease, Change::Claim { deliveries, by, at, until }) => {
                let until = until.map(|until| until + Duration::days(365));
                Some(Change::Claim { deliveries, by, at, until })
            }
            (Self::ForgottenTakeBack, Change::Renew { .. })
            | (Self::ForgottenClaim, Change::Claim { .. }) => None,
            (_, other) => Some(other),
        }
    }

    fn commit(&self) -> Commit {
        Commit::Answered
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_not_sound_has_no_order() {
    for flaw in [Flaw::EndlessLease, Flaw::ForgottenTakeBack, Flaw::ForgottenClaim] {
        let memory = Memory::new();
        let reopen: Reopen = Box::new(move || {
            Arc::new(Watched::new(memory.clone(), Arc::new(flaw))) as Arc<dyn Store>
        });
        let driven = run(DRIVE, reopen).await;
        assert_eq!(driven.broken.len(), 2, "{flaw:?}: neither office's history has an order");
    }
}
