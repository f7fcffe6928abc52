//! What the hub's operator is promised: starting anew, and going back.

use hub_store::Snapshot;

use super::*;

pub(crate) async fn a_snapshot_brings_everything_back(store: impl Store) {
    registered(&store).await;
    store.submit(sending("1", "one"), NOW).await.expect("taken");
    let token = [3; 32];
    let session = Session {
        token_digest: token,
        caller: caller(SENDER, "pc-1"),
        certificate_serial: "0a".to_owned(),
        expires_at: NOW + Duration::hours(1),
    };
    store.open_session(session.clone(), NOW).await.expect("opens");
    let snapshot = Snapshot { name: "before".to_owned(), note: "時刻".to_owned() };
    store.save(snapshot.clone()).await.expect("saves");

    store.close_session(token).await.expect("closes");
    let held = claim_all(&store, caller(RECIPIENT, "pc-1")).await;
    store.file(file_of(&caller(RECIPIENT, "pc-1"), "d-1", "報告.pdf"), NOW).await.expect("fetches");
    store.receipt(caller(RECIPIENT, "pc-1"), held[0].delivery.clone(), NOW).await.expect("ok");
    store.submit(sending("2", "two"), NOW).await.expect("taken");

    let restored = store.restore("before".to_owned()).await.expect("restores");
    assert_eq!(restored, Some(snapshot));
    assert_eq!(store.session(token).await.expect("looks"), Some(session));
    let sent_then = sent(&store).await.expect("lists");
    assert_eq!(sent_then.len(), 1, "the second was never sent");
    assert_eq!(sent_then[0].state, DeliveryState::Waiting, "the first was never claimed");
    let other = caller(RECIPIENT, "pc-9");
    assert_eq!(claim_all(&store, other.clone()).await.len(), 1);
    let file = store.file(file_of(&other, "d-1", "報告.pdf"), NOW).await;
    assert_eq!(*file.expect("its content is there").bytes, *pdf("one"));
    store.submit(sending("2", "two"), NOW).await.expect("its key was never used");
    assert!(store.restore("before".to_owned()).await.expect("once more").is_some());
    assert_eq!(sent(&store).await.expect("lists").len(), 1);
}

pub(crate) async fn snapshots_are_listed_replaced_and_forgotten(store: impl Store) {
    registered(&store).await;
    let snapshot = |name: &str, note: &str| Snapshot { name: name.into(), note: note.into() };
    for (name, note) in [("b", "1"), ("a", "1"), ("b", "2"), ("b/c", "odd"), ("\"", "odd")] {
        store.save(snapshot(name, note)).await.expect("saves");
    }
    assert!(store.forget("b/c".to_owned()).await.expect("forgets"));
    assert!(store.forget("\"".to_owned()).await.expect("forgets"));
    let listed = store.snapshots().await.expect("lists");
    assert_eq!(listed, [snapshot("a", "1"), snapshot("b", "2")]);
    assert!(store.forget("a".to_owned()).await.expect("forgets"));
    assert!(!store.forget("a".to_owned()).await.expect("there is none"));
    assert_eq!(store.restore("a".to_owned()).await.expect("there is none"), None);
    assert_eq!(store.office_count().await, Ok(2), "nothing has changed");
}

pub(crate) async fn a_reset_store_is_as_new(store: impl Store) {
    registered(&store).await;
    store.submit(sending("1", "one"), NOW).await.expect("taken");
    store.save(Snapshot { name: "kept".into(), note: String::new() }).await.expect("saves");
    store.reset(vec![office(SENDER)]).await.expect("resets");
    assert_eq!(store.office_count().await, Ok(1));
    assert_eq!(store.office(number(SENDER)).await, Ok(Some(office(SENDER))));
    assert!(sent(&store).await.expect("lists").is_empty());
    assert!(store.restore("kept".to_owned()).await.expect("restores").is_some());
    assert_eq!(sent(&store).await.expect("lists").len(), 1);
}

pub(crate) async fn no_number_of_an_event_comes_twice(store: impl Store) {
    registered(&store).await;
    let first = [office(SENDER), office(RECIPIENT)];
    let mut heard = 0;
    for round in 0..4 {
        let key = round.to_string();
        store.submit(sending(&key, "one"), NOW).await.expect("taken");
        let told = store.events(number(RECIPIENT), heard, 9).await.expect("lists");
        assert_eq!(told.len(), 1, "round {round}: the new one, and nothing missed");
        heard = told[0].number;
        match round {
            0 => {
                let kept = Snapshot { name: "kept".into(), note: String::new() };
                store.save(kept).await.expect("saves");
            }
            1 => store.reset(first.to_vec()).await.expect("resets"),
            _ => drop(store.restore("kept".to_owned()).await.expect("restores")),
        }
    }
}

pub(crate) async fn the_clock_is_noted_with_all_that_is_told_by_it(store: impl Store) {
    assert_eq!(store.clock().await, Ok(None));
    for note in ["one", "two"] {
        store.set_clock(note.to_owned()).await.expect("notes");
        assert_eq!(store.clock().await, Ok(Some(note.to_owned())));
    }
    store.save(Snapshot { name: "kept".into(), note: String::new() }).await.expect("saves");
    store.reset(vec![]).await.expect("resets");
    assert_eq!(store.clock().await, Ok(None));
    assert!(store.restore("kept".to_owned()).await.expect("restores").is_some());
    assert_eq!(store.clock().await, Ok(Some("two".to_owned())));
}
