//! Opening a database again: what it has, and what is not opened.

use super::*;

#[tokio::test]
async fn what_sqlite_answered_is_there_after_reopening() {
    let (path, _folder) = new_path();
    let store = Sqlite::open(&path).expect("opens");
    registered(&store).await;
    let taken = store.submit(sending("1", "one"), NOW).await.expect("taken");
    claim_all(&store, caller(RECIPIENT, "pc-1")).await;
    drop(store);

    let store = Sqlite::open(&path).expect("opens again");
    let held = held(&store, &caller(RECIPIENT, "pc-1")).await;
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].files, taken.files);
    let again = store.submit(sending("1 again", "one"), NOW).await.expect("taken before");
    assert_eq!(again.submission, taken.submission);
}

#[tokio::test]
async fn sqlite_does_not_open_what_is_not_its_own() {
    let (path, _folder) = new_path();
    std::fs::write(&path, "a letter, not a database. ".repeat(100)).expect("writes");
    assert!(matches!(Sqlite::open(&path), Err(Fault::Foreign(_))));

    let (path, _folder) = new_path();
    let other = rusqlite::Connection::open(&path).expect("opens");
    other.execute_batch("CREATE TABLE songs (title TEXT)").expect("creates");
    drop(other);
    assert!(matches!(Sqlite::open(&path), Err(Fault::Foreign(_))));

    let (path, folder) = new_path();
    assert!(Sqlite::open(&path.join("below")).is_err(), "its folder does not exist");
    assert!(Sqlite::open(folder.path()).is_err(), "a folder is no file");
}

#[tokio::test]
async fn a_large_sqlite_database_is_opened_at_once_only_if_nobody_touched_it() {
    let (path, _folder) = new_path();
    let holder = caller(RECIPIENT, "pc-1");
    let store = Sqlite::open(&path).expect("opens");
    registered(&store).await;
    store.submit(sending("1", "one"), NOW).await.expect("taken");
    claim_all(&store, holder.clone()).await;
    drop(store);
    let beside = rusqlite::Connection::open(&path).expect("opens");
    beside
        .execute_batch("UPDATE files SET content = zeroblob(70 << 20), size = 70 << 20")
        .expect("makes it large");
    drop(beside);
    drop(Sqlite::open(&path).expect("is sound"));

    let mark = path.with_file_name("hub.db-closed");
    let marked = std::fs::read(&mark).expect("it ended in order");
    let file = std::fs::File::options().write(true).open(&path).expect("opens");
    let left_at = file.metadata().and_then(|file| file.modified()).expect("a time");
    let mut bytes = std::fs::read(&path).expect("reads");
    let length = bytes.len();
    bytes[length / 3..length / 3 * 2].fill(0x5a);
    std::fs::write(&path, bytes).expect("writes");
    for _ in 0..2 {
        assert!(matches!(Sqlite::open(&path), Err(Fault::Damaged(_))), "somebody wrote to it");
    }

    std::fs::write(mark, marked).expect("writes");
    file.set_modified(left_at).expect("sets");
    let store = Sqlite::open(&path).expect("nobody wrote to it: it decayed");
    let fetched = store.file(file_of(&holder, "d-1", "報告.pdf"), NOW).await;
    assert!(matches!(fetched, Err(Failure::Fault(Fault::Damaged(_)))), "found where it is read");
}

#[tokio::test]
async fn sqlite_does_not_open_what_is_damaged() {
    let (path, _folder) = new_path();
    let store = Sqlite::open(&path).expect("opens");
    registered(&store).await;
    for id in 'A'..='Z' {
        store.submit(sending(&id.to_string(), "x"), NOW).await.expect("taken");
    }
    drop(store);
    let mut bytes = std::fs::read(&path).expect("reads");
    let length = bytes.len();
    bytes[length / 3..length / 3 * 2].fill(0x5a);
    std::fs::write(&path, bytes).expect("writes");
    assert!(matches!(Sqlite::open(&path), Err(Fault::Damaged(_))));
}
