//! What the rows of a file say of each person, in memory that does not grow with the file.
//!
//! The rows of one person stand together, as a rule, so that a look at the person before is all it
//! takes; where they do not, the runs of a person are joined when the file is judged. Of a file with
//! more than [`THINGS_MAX`] things the few [`Facts`] remain that refuse it or not: they may be all of
//! a person's at the end of the file, or in any order.

use std::collections::BTreeMap;

/// How many things are kept at a time. An office has some fifty persons with some twenty services.
/// Tests get there sooner.
pub(crate) const THINGS_MAX: usize = if cfg!(test) { 1_000 } else { 100_000 };

/// 保険者番号 and 被保険者番号.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Person([u8; 16]);

impl Person {
    /// None where a number does not have its length, which is a finding of its own.
    pub(crate) fn new(insurer: &[u8], insured: &[u8]) -> Option<Self> {
        let mut person = [0; 16];
        (insurer.len() == 6 && insured.len() == 10).then(|| {
            person[..6].copy_from_slice(insurer);
            person[6..].copy_from_slice(insured);
            Self(person)
        })
    }
}

/// Things, by the person that they are of.
#[derive(Debug)]
pub(crate) struct Runs<T> {
    /// Whose each run of things is, and where it begins.
    runs: Vec<(Person, usize)>,
    things: Vec<T>,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self { runs: vec![], things: vec![] }
    }
}

impl<T> Runs<T> {
    /// Things that come from now on are this person's. Says whether it was another's turn before.
    pub(crate) fn turn_to(&mut self, person: Person) -> bool {
        let is_new = self.runs.last().is_none_or(|(current, _)| *current != person);
        if is_new {
            self.runs.push((person, self.things.len()));
        }
        is_new
    }

    /// One more thing of the person turned to.
    pub(crate) fn push(&mut self, thing: T) {
        self.things.push(thing);
    }

    /// The things of the person turned to, since then.
    pub(crate) fn current(&mut self) -> &mut [T] {
        let from = self.runs.last().map_or(0, |(_, from)| *from);
        &mut self.things[from..]
    }

    /// The things in the order in which they came, each run with its person.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Person, &[T])> {
        let ends = self.runs.iter().skip(1).map(|(_, from)| *from).chain([self.things.len()]);
        self.runs.iter().zip(ends).map(|((person, from), to)| (*person, &self.things[*from..to]))
    }

    /// Every person's things, in the order of the persons' first.
    pub(crate) fn persons(&self) -> Vec<(Person, Vec<&T>)> {
        let mut places = BTreeMap::new();
        let mut persons: Vec<(Person, Vec<&T>)> = vec![];
        for (person, things) in self.iter() {
            let place = *places.entry(person).or_insert_with(|| {
                persons.push((person, vec![]));
                persons.len() - 1
            });
            persons[place].1.extend(things);
        }
        persons
    }

    /// Some of the things, as something else, each still its person's.
    pub(crate) fn filter_map<U>(&self, keep: impl Fn(&T) -> Option<U>) -> Runs<U> {
        let mut out = Runs::default();
        for (person, things) in self.persons() {
            out.turn_to(person);
            things.into_iter().filter_map(&keep).for_each(|thing| out.push(thing));
        }
        out
    }

    /// Once they are too many: all of them, which are let go.
    pub(crate) fn overflow(&mut self) -> Option<Self> {
        (THINGS_MAX <= self.things.len()).then(|| std::mem::take(self))
    }
}

/// What is known of each of many keys, however often and in whatever order they come.
///
/// Keys that come sorted or together take little; others are sorted now and then.
#[derive(Debug)]
pub(crate) struct Facts<K, F> {
    known: Vec<(K, F)>,
    /// How many there may be before the next sorting.
    sort_at: usize,
}

/// How many facts are kept unsorted at least.
const UNSORTED_MAX: usize = 4096;

impl<K, F> Default for Facts<K, F> {
    fn default() -> Self {
        Self { known: vec![], sort_at: UNSORTED_MAX }
    }
}

impl<K: Ord + Copy, F: Fact> Facts<K, F> {
    /// One more fact about a key.
    pub(crate) fn add(&mut self, key: K, fact: F) {
        if let Some((_, known)) = self.known.last_mut().filter(|(last, _)| *last == key) {
            return known.join(&fact);
        }
        if self.sort_at <= self.known.len() {
            self.sort();
            self.sort_at = UNSORTED_MAX.max(2 * self.known.len());
        }
        self.known.push((key, fact));
    }

    /// Whether nothing is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// What is known of each key, ascending, each once.
    pub(crate) fn sorted(&mut self) -> &[(K, F)] {
        self.sort();
        &self.known
    }

    fn sort(&mut self) {
        self.known.sort_unstable_by_key(|(key, _)| *key);
        self.known.dedup_by(|(key, more), (kept, fact)| {
            let is_same = key == kept;
            if is_same {
                fact.join(more);
            }
            is_same
        });
    }
}

/// What is known of a key, in few bytes.
pub(crate) trait Fact {
    /// Takes in what else is known of it, in any order.
    fn join(&mut self, other: &Self);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u32) -> Person {
        Person::new(b"271004", format!("{number:010}").as_bytes()).expect("both have their length")
    }

    fn runs(of: &[(u32, char)]) -> Runs<char> {
        let mut runs = Runs::default();
        for (number, thing) in of {
            runs.turn_to(person(*number));
            runs.push(*thing);
        }
        runs
    }

    #[test]
    fn runs_of_a_person_are_joined_in_the_order_of_the_first() {
        let runs = runs(&[(2, 'a'), (2, 'b'), (1, 'c'), (2, 'd'), (1, 'e')]);
        let persons: Vec<_> = runs
            .persons()
            .into_iter()
            .map(|(person, things)| (person, things.into_iter().collect::<String>()))
            .collect();
        assert_eq!(persons, [(person(2), "abd".to_owned()), (person(1), "ce".to_owned())]);
        assert!(Runs::<char>::default().persons().is_empty());
        assert_eq!(Person::new(b"27100", b"0000000001"), None);
    }

    #[test]
    fn too_many_things_are_let_go() {
        let mut many = runs(&[(1, 'a')]);
        assert!(many.overflow().is_none());
        for _ in 2..THINGS_MAX {
            many.push('a');
        }
        assert!(!many.turn_to(person(1)));
        assert!(many.turn_to(person(2)));
        many.push('b');
        let done = many.overflow().expect("they are too many");
        let lengths: Vec<_> = done.iter().map(|(_, things)| things.len()).collect();
        assert_eq!(lengths, [THINGS_MAX - 1, 1]);
        assert!(many.persons().is_empty());
        assert!(many.turn_to(person(2)), "a new beginning");
    }

    #[derive(Debug, PartialEq)]
    struct Count(u32);

    impl Fact for Count {
        fn join(&mut self, other: &Self) {
            self.0 += other.0;
        }
    }

    #[test]
    fn facts_in_any_order_are_kept_once_a_key() {
        let mut facts = Facts::default();
        assert!(facts.is_empty());
        for at in 0..100_000_u32 {
            facts.add(at * 7 % 1000, Count(1));
        }
        assert!(facts.known.len() <= UNSORTED_MAX);
        assert_eq!(facts.sorted().len(), 1000);
        assert!(facts.sorted().iter().zip(0..).all(|(known, key)| *known == (key, Count(100))));
    }
}
