//! Several hubs on one database.

use hub_relay::DeliveryState;
use hub_store::Store;
use tokio::task::JoinSet;

use super::{
    NOW, RECIPIENT, caller, claim_all, new_place, open_postgres, registered, sending, sent,
};

#[tokio::test]
async fn hubs_that_start_at_once_lay_out_one_set_of_tables() {
    let Some(place) = new_place().await else { return };
    let mut starting = JoinSet::new();
    for _ in 0..4 {
        let place = place.clone();
        starting.spawn(async move { open_postgres(&place).await.map(drop) });
    }
    assert_eq!(starting.join_all().await, [Ok(()), Ok(()), Ok(()), Ok(())]);
}

#[tokio::test]
async fn one_key_makes_one_sending_though_hubs_are_asked_at_once() {
    let Some(place) = new_place().await else { return };
    let first = open_postgres(&place).await.expect("opens");
    let second = open_postgres(&place).await.expect("opens");
    registered(&first).await;
    for letter in 'A'..='H' {
        let ids = [format!("{letter} first"), format!("{letter} second")];
        let [one, two] = ids.map(|id| sending(&id, "x"));
        let (one, two) = tokio::join!(first.submit(one, NOW), second.submit(two, NOW));
        assert_eq!(one.expect("taken"), two.expect("taken"), "one answer for both");
    }
    assert_eq!(sent(&first).await.expect("lists").len(), 8);
}

#[tokio::test]
async fn hubs_that_claim_at_once_share_nothing() {
    let Some(place) = new_place().await else { return };
    let first = open_postgres(&place).await.expect("opens");
    let second = open_postgres(&place).await.expect("opens");
    registered(&first).await;
    for letter in 'A'..='T' {
        first.submit(sending(&letter.to_string(), "x"), NOW).await.expect("taken");
        let (one, two) = tokio::join!(
            claim_all(&first, caller(RECIPIENT, "pc-1")),
            claim_all(&second, caller(RECIPIENT, "pc-2"))
        );
        let newest = |held: &[hub_relay::Sending]| {
            held.iter().filter(|sending| sending.delivery.as_str() == format!("d-{letter}")).count()
        };
        assert_eq!(newest(&one) + newest(&two), 1, "what waited went to one of the two");
        let is_held = |state: &DeliveryState| state.holder().is_some();
        assert!(one.iter().chain(&two).all(|sending| is_held(&sending.state)));
    }
}
