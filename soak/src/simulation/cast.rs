//! Who takes part, and what they send each other.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use careplan_protocol::{OfficeNumber, Party, ServiceKind, hub::SubmissionMeta};
use hub_relay::{Licence, Office};
use time::Duration;

use super::{call::Paper, hub::START};
use crate::dice::Dice;

/// Offices of the field, with their kinds.
const OFFICES: [(&str, &str, [&str; 2]); 5] = [
    ("2770100012", "見本居宅介護支援センター", ["43", "11"]),
    ("2770200036", "みどりヘルパーステーション", ["11", "15"]),
    ("2770300042", "デイサービス陽だまり", ["15", "11"]),
    ("2770400059", "福祉用具サポート髙島", ["17", "67"]),
    ("2700100021", "北部地域包括支援センター", ["46", "43"]),
];

/// What was handed in, by whom, for whom. Its message is its name.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) from: OfficeNumber,
    pub(super) terminal: String,
    pub(super) to: OfficeNumber,
    pub(super) kind: Option<ServiceKind>,
    pub(super) papers: Vec<Paper>,
}

/// Everybody, and what they have handed in and talked about.
pub(super) struct Cast {
    pub(super) offices: Vec<Office>,
    pub(super) is_plus: bool,
    pub(super) known: RefCell<BTreeMap<String, Known>>,
    /// Delivery to the office that it is for.
    addressees: RefCell<BTreeMap<String, OfficeNumber>>,
    overheard: RefCell<Vec<String>>,
    count: Cell<u64>,
}

impl Cast {
    pub(super) fn new(count: usize, is_plus: bool) -> Self {
        let office = |(number, name, kinds): &(&str, &str, [&str; 2])| Office {
            number: number.parse().expect("a sound office number"),
            name: (*name).to_owned(),
            kinds: kinds.map(|kind| kind.parse().expect("a sound kind")).into(),
            prefecture: None,
            versions: Vec::new(),
            licence: Some(Licence::until(START + Duration::days(365))),
        };
        Self {
            offices: OFFICES.iter().take(count).map(office).collect(),
            is_plus,
            known: RefCell::default(),
            addressees: RefCell::default(),
            overheard: RefCell::default(),
            count: Cell::new(0),
        }
    }

    /// Something to send from an office to another.
    pub(super) fn new_sending(
        &self,
        from: OfficeNumber,
        terminal: &str,
        dice: &Dice,
    ) -> (SubmissionMeta, Vec<Paper>) {
        let others: Vec<&Office> =
            self.offices.iter().filter(|office| office.number != from).collect();
        let to = others[dice.place(others.len())];
        self.count.set(self.count.get() + 1);
        let message = format!("第{}便", self.count.get());
        let papers: Vec<Paper> = (0..dice.between(1, 3)).map(|place| paper(place, dice)).collect();
        let kind = dice.happens(600).then(|| to.kinds[dice.place(to.kinds.len())]);
        let destination = Some(Party { office: to.number, kind });
        let known = Known {
            from,
            terminal: terminal.to_owned(),
            to: to.number,
            kind,
            papers: papers.clone(),
        };
        self.known.borrow_mut().insert(message.clone(), known);
        (SubmissionMeta { message, destination }, papers)
    }

    /// The office that a message is for.
    pub(super) fn addressee(&self, message: &str) -> Option<OfficeNumber> {
        self.known.borrow().get(message).map(|known| known.to)
    }

    /// Whether a message is for this office.
    pub(super) fn is_for(&self, message: &str, office: OfficeNumber) -> bool {
        self.addressee(message) == Some(office)
    }

    /// The services of an office.
    pub(super) fn kinds_of(&self, office: OfficeNumber) -> Vec<ServiceKind> {
        let of = self.offices.iter().find(|one| one.number == office);
        of.map(|one| one.kinds.clone()).unwrap_or_default()
    }

    /// A delivery becomes known, to those whom it does not concern as well.
    pub(super) fn gossip(&self, delivery: &str) {
        let mut overheard = self.overheard.borrow_mut();
        if !overheard.iter().any(|known| known == delivery) {
            overheard.push(delivery.to_owned());
        }
    }

    pub(super) fn overheard(&self, dice: &Dice) -> Option<String> {
        let overheard = self.overheard.borrow();
        (!overheard.is_empty()).then(|| overheard[dice.place(overheard.len())].clone())
    }

    pub(super) fn note_addressee(&self, delivery: &str, office: OfficeNumber) {
        self.addressees.borrow_mut().insert(delivery.to_owned(), office);
    }

    /// Whether a delivery is for another office.
    pub(super) fn is_others(&self, office: OfficeNumber, delivery: &str) -> bool {
        self.addressees.borrow().get(delivery).is_some_and(|other| *other != office)
    }
}

fn paper(place: u64, dice: &Dice) -> Paper {
    let mut bytes = b"%PDF-1.7 ".to_vec();
    let length = dice.between(1, 400);
    let start = bytes.len();
    bytes.resize(start + usize::try_from(length).unwrap_or(0), 0);
    dice.fill(&mut bytes[start..]);
    let stem = ["報告", "サービス担当者会議", "photo 1", "計画書(写)"][dice.place(4)];
    Paper { name: format!("{stem}{}.pdf", place + 1), bytes }
}
