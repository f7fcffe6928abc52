//! Copies of a store: consistent, complete in either database, and judged.

use std::{path::Path, sync::Arc};

use hub_store::{
    Damage, Fault, Kept, Postgres, Snapshot, Sqlite, Store, Upkeep, Verified, backup, restore,
    verify,
};

use super::{
    NOW, RECIPIENT, caller, claim_all, file_of, held, new_path, new_place, open_postgres, pdf,
    registered, sending, sent,
};

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("nothing panics")
}

async fn filled(store: &impl Store) {
    registered(store).await;
    for id in ["1", "2", "3"] {
        store.submit(sending(id, "one"), NOW).await.expect("taken");
        claim_all(store, caller(RECIPIENT, "pc-1")).await;
    }
    store.submit(sending("4", "waits"), NOW).await.expect("taken");
    let snapshot = Snapshot { name: "before".to_owned(), note: String::new() };
    store.save(snapshot).await.expect("saves");
}

async fn snapshots(store: &impl Store) -> usize {
    store.snapshots().await.expect("lists").len()
}

async fn checked(kept: Kept) -> Result<Verified, Fault> {
    blocking(move || verify(&kept, &mut |_| {})).await
}

async fn copy_to_file(from: Kept, to: &Path) -> Result<u64, Fault> {
    let to = to.to_owned();
    blocking(move || backup(&from, &to, &mut |_| {})).await
}

async fn copy_from_file(from: &Path, to: Kept) -> Result<u64, Fault> {
    let from = from.to_owned();
    blocking(move || restore(&from, &to, &mut |_| {})).await
}

#[tokio::test]
async fn a_backup_beside_a_running_hub_is_a_store_of_its_own() {
    let (path, folder) = new_path();
    let store = Sqlite::open(&path).expect("opens");
    filled(&store).await;
    let copy = folder.path().join("控え.db");
    let rows = copy_to_file(Kept::Sqlite(path.clone()), &copy).await.expect("copies");
    assert!(8 < rows, "{rows}");
    let before = sent(&store).await;
    store.submit(sending("5", "later"), NOW).await.expect("the hub goes on");

    let again = copy_to_file(Kept::Sqlite(path), &copy).await;
    assert!(matches!(again, Err(Fault::Foreign(_))), "a file that is there is left alone");
    let verified = checked(Kept::Sqlite(copy.clone())).await.expect("is read");
    assert_eq!((verified.files, verified.damage), (4, Vec::new()));
    let opened = Sqlite::open(&copy).expect("is a store");
    assert_eq!(sent(&opened).await, before);
    assert_eq!(
        (snapshots(&store).await, snapshots(&opened).await),
        (1, 0),
        "none without its rows"
    );
}

#[tokio::test]
async fn a_backup_goes_from_one_database_to_the_other_and_back() {
    let (Some(first), Some(second)) = (new_place().await, new_place().await) else { return };
    let store = open_postgres(&first).await.expect("opens");
    filled(&store).await;
    // More than a hub tries again for, if a number is taken.
    for id in ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"] {
        store.submit(sending(id, "waits"), NOW).await.expect("taken");
    }
    let (copy, _folder) = new_path();
    copy_to_file(Kept::Postgres(first.clone()), &copy).await.expect("copies");
    let refused = copy_from_file(&copy, Kept::Postgres(first)).await;
    assert!(matches!(refused, Err(Fault::Foreign(_))), "it is not empty: {refused:?}");
    copy_from_file(&copy, Kept::Postgres(second.clone())).await.expect("copies");

    let restored = open_postgres(&second).await.expect("opens");
    assert_eq!(sent(&restored).await, sent(&store).await);
    let holder = caller(RECIPIENT, "pc-1");
    assert_eq!(held(&restored, &holder).await, held(&store, &holder).await);
    assert_eq!(snapshots(&restored).await, 0);
    restored.submit(sending("5", "new"), NOW).await.expect("numbering goes on");
    let told = |store: &Postgres| store.last_event(holder.office);
    let (before, after) = (told(&store).await, told(&restored).await);
    assert!(before.expect("looks") < after.expect("looks"), "that of events as well");
    let verified = checked(Kept::Postgres(second)).await.expect("is read");
    assert_eq!((verified.files, verified.damage), (15, Vec::new()));
}

#[tokio::test]
async fn a_check_names_what_is_damaged() {
    let (path, _folder) = new_path();
    let store = Sqlite::open(&path).expect("opens");
    filled(&store).await;
    let store = Arc::new(store);
    let beside = rusqlite::Connection::open(&path).expect("opens");
    let spoil = "UPDATE files SET content = x'25' WHERE arrival = 1; \
         UPDATE sendings SET claimed_at = 1 WHERE delivery = 'd-4'; \
         PRAGMA foreign_keys = OFF; \
         INSERT INTO files SELECT 99, place, name, sha256, role, csv_version, size, content \
         FROM files WHERE arrival = 2;";
    beside.execute_batch(spoil).expect("spoils");
    let verified = checked(Kept::Sqlite(path)).await.expect("is read");
    assert_eq!(
        verified.damage,
        [
            Damage::Orphans { table: "files".to_owned(), rows: 1 },
            Damage::State { delivery: "d-4".to_owned() },
            Damage::Digest { delivery: "d-1".to_owned(), place: 1 },
        ]
    );
    drop(store);
}

#[tokio::test]
async fn what_is_not_there_is_not_made() {
    let (path, folder) = new_path();
    assert!(checked(Kept::Sqlite(path.clone())).await.is_err());
    assert!(copy_to_file(Kept::Sqlite(path), &folder.path().join("copy.db")).await.is_err());
    assert_eq!(folder.path().read_dir().expect("a folder").count(), 0);
}

#[tokio::test]
async fn a_database_of_the_form_before_is_brought_up_to_date_with_its_snapshots() {
    let (path, _folder) = new_path();
    let store = Sqlite::open(&path).expect("opens");
    filled(&store).await;
    drop(store);
    let older = rusqlite::Connection::open(&path).expect("opens");
    for table in ["files", "snapshot/before/files"] {
        let unpacked = format!(
            "UPDATE \"{table}\" SET content = CAST(substr('%PDF-1.7 one' || printf('%900s', ''), \
             1, size) AS BLOB) WHERE arrival < 4; DELETE FROM \"{table}\" WHERE arrival = 4; \
             ALTER TABLE \"{table}\" DROP COLUMN size;"
        );
        older.execute_batch(&unpacked).expect("as it was");
    }
    let events = "CREATE TABLE numbered (event INTEGER PRIMARY KEY, office TEXT NOT NULL, kind TEXT NOT \
                  NULL, arrival INTEGER NOT NULL REFERENCES sendings (arrival)) STRICT; \
                  INSERT INTO numbered SELECT * FROM events; DROP TABLE events; \
                  ALTER TABLE numbered RENAME TO events; \
                  CREATE INDEX events_of_office ON events (office, event); \
                  DROP TABLE clock; DROP TABLE \"snapshot/before/clock\"; PRAGMA user_version = 2;";
    older.execute_batch(events).expect("as it was");
    drop(older);

    for is_restored in [false, true] {
        let store = Sqlite::open(&path).expect("is brought up to date");
        if is_restored {
            store.restore("before".to_owned()).await.expect("restores").expect("is there");
        }
        let file = store.file(file_of(&caller(RECIPIENT, "pc-1"), "d-1", "報告.pdf"), NOW).await;
        let file = file.expect("is there");
        assert_eq!((file.entry.size, &*file.bytes), (912, &*pdf("one")));
        drop(store);
        let verified = checked(Kept::Sqlite(path.clone())).await.expect("is read");
        assert_eq!((verified.files, verified.damage), (3, Vec::new()));
    }
}
