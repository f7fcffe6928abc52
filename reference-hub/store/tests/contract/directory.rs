//! 利用事業所一覧, as every store searches it.

use std::sync::Arc;

use hub_relay::{
    Licence, LicencePlan, LicenceRequest, LicenceState, Office, OfficeQuery, Prefecture, folded,
};
use hub_store::Store;
use time::{Duration, UtcOffset};
use tokio::task::JoinSet;

use super::{NOW, SENDER, number, office};

/// Number, name, kinds, and the prefecture that the office stands in.
const OFFICES: [(&str, &str, &str, u8); 5] = [
    ("0170100015", "見本訪問看護ステーション", "13 63", 1),
    ("2700100021", "北部地域包括支援センター", "46 AF", 27),
    ("2770100012", "見本居宅介護支援センター", "43 46", 27),
    ("2770400059", "福祉用具サポート髙島", "17 67", 28),
    ("27A0100019", "ｺｺﾛﾍﾙﾊﾟｰ", "A2", 27),
];

async fn registered(store: &impl Store) {
    let office = |(place, (office, name, kinds, prefecture)): (i64, &(&str, &str, &str, u8))| {
        let ends = NOW + Duration::days(place - 1);
        Office {
            number: number(office),
            name: (*name).to_owned(),
            kinds: kinds.split(' ').map(|kind| kind.parse().expect("a kind")).collect(),
            prefecture: Prefecture::from_code(*prefecture),
            versions: Vec::new(),
            licence: Some(Licence::until(ends)),
        }
    };
    store.register((0..).zip(&OFFICES).map(office).collect()).await.expect("registers");
}

async fn found(store: &impl Store, query: OfficeQuery) -> Vec<String> {
    let page = store.directory(query).await.expect("searches");
    page.offices.iter().map(|office| office.number.to_string()).collect()
}

pub(super) async fn finds_what_is_looked_for(store: &impl Store) {
    registered(store).await;
    let all: Vec<&str> = OFFICES.iter().map(|office| office.0).collect();
    let any = OfficeQuery::default;
    let name = |text: &str| OfficeQuery { name: folded(text), ..any() };
    let start = |text: &str| OfficeQuery { number: text.to_owned(), ..any() };
    let kind = |text: &str| OfficeQuery { kind: text.parse().ok(), ..any() };
    let inside = |code| OfficeQuery { prefecture: Prefecture::from_code(code), ..any() };
    for (query, want) in [
        (any(), &*all),
        (start("27"), &all[1..]),
        (start("2770"), &all[2..4]),
        (start("2770100012"), &all[2..3]),
        (start("9"), &[]),
        (start("%"), &[]),
        (name("見本"), &[all[0], all[2]]),
        (name("ヘルパー"), &all[4..]),
        (name("高島"), &all[3..4]),
        (name("%"), &[]),
        (kind("46"), &all[1..3]),
        (kind("67"), &all[3..4]),
        (kind("11"), &[]),
        (inside(27), &[all[1], all[2], all[4]]),
        (inside(28), &all[3..4]),
        (OfficeQuery { prefecture: Prefecture::from_code(27), ..kind("46") }, &all[1..3]),
        (OfficeQuery { name: folded("センター"), ..start("277") }, &all[2..3]),
        (OfficeQuery { licensed_at: Some(NOW), ..any() }, &all[2..]),
        (OfficeQuery { licensed_at: Some(NOW), ..kind("46") }, &all[2..3]),
    ] {
        assert_eq!(found(store, query.clone()).await, want, "{query:?}");
    }
    licences_are_looked_at(store).await;
    let moved = Office {
        kinds: vec!["11".parse().expect("a kind")],
        ..store.office(number(all[1])).await.expect("reads").expect("is there")
    };
    store.register(vec![moved]).await.expect("registers");
    assert_eq!(found(store, kind("46")).await, all[2..3], "a kind given up is not found");
    assert_eq!(found(store, kind("11")).await, all[1..2]);
    store.remove_office(number(all[1])).await.expect("removes");
    assert!(found(store, kind("11")).await.is_empty());
}

async fn licences_are_looked_at(store: &impl Store) {
    let office = store.office(number("0170100015")).await.expect("reads").expect("is there");
    for (licence, is_found) in [
        (None, false),
        (Some(Licence { renews: true, ..Licence::until(NOW - Duration::days(800)) }), true),
        (Some(Licence::applied(NOW, LicencePlan::Ordinary)), true),
        (Some(Licence::applied(NOW + Duration::MILLISECOND, LicencePlan::Ordinary)), false),
    ] {
        store.register(vec![Office { licence, ..office.clone() }]).await.expect("registers");
        let query =
            OfficeQuery { number: "01".to_owned(), licensed_at: Some(NOW), ..Default::default() };
        assert_eq!(found(store, query).await.len(), usize::from(is_found), "{licence:?}");
    }
    store.register(vec![office]).await.expect("registers");
}

pub(super) async fn comes_page_by_page(store: &impl Store) {
    registered(store).await;
    for (limit, query) in [
        (2, OfficeQuery::default()),
        (1, OfficeQuery { kind: "46".parse().ok(), ..OfficeQuery::default() }),
        (1, OfficeQuery { prefecture: Prefecture::from_code(27), ..OfficeQuery::default() }),
        (3, OfficeQuery { number: "27".to_owned(), ..OfficeQuery::default() }),
    ] {
        let whole = store.directory(query.clone()).await.expect("searches");
        assert_eq!(whole.next, None);
        let (mut offices, mut after) = (Vec::new(), None);
        loop {
            let page = OfficeQuery { limit, after, ..query.clone() };
            let page = store.directory(page).await.expect("searches");
            assert!(page.offices.len() <= limit);
            assert_eq!(
                page.next,
                page.next.and_then(|_| page.offices.last().map(|office| office.number))
            );
            offices.extend(page.offices);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(offices, whole.offices, "{query:?}");
    }
}

pub(super) async fn keeps_the_licence_beside_a_changing_entry(store: impl Store) {
    let new = store.enter(office(SENDER)).await;
    assert_eq!(new, Ok(office(SENDER)), "a new one begins with the licence that it is given");
    let store = Arc::new(store);
    let (years, mut changes) = (8, JoinSet::new());
    for year in 0..years {
        let (renewing, renaming) = (Arc::clone(&store), Arc::clone(&store));
        changes.spawn(async move {
            let renewed = renewing.change_licence(number(SENDER), LicenceRequest::Renew, NOW);
            renewed.await.expect("is in force");
        });
        changes.spawn(async move {
            let name = format!("新しい名称{year}");
            let renamed = Office { name: name.clone(), licence: None, ..office(SENDER) };
            assert_eq!(renaming.enter(renamed).await.expect("enters").name, name);
        });
    }
    changes.join_all().await;
    let kept = store.office(number(SENDER)).await.expect("reads").expect("is there");
    assert!(kept.name.starts_with("新しい名称"), "{kept:?}");
    let before = office(SENDER).licence.expect("a licence").until;
    let until = before.replace_year(before.year() + years).expect("no leap day");
    let state = LicenceState::Active { until: until.to_offset(UtcOffset::UTC) };
    assert_eq!(kept.licence(NOW), state, "no renewal is lost");
}
