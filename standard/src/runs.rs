//! What the rows of a file say of each person, in memory that does not grow with the file.
//!
//! The rows of one person stand together, as a rule, so that a look at the person before is all it
//! takes; where they do not, the runs of a person are joined when the file is judged. A file with
//! more than [`THINGS_MAX`] things is judged in parts.

use std::collections::BTreeMap;

/// How many things are kept at a time. An office has some fifty persons with some twenty services.
pub(crate) const THINGS_MAX: usize = 100_000;

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
    /// Things that come from now on are this person's.
    pub(crate) fn turn_to(&mut self, person: Person) {
        if self.runs.last().is_none_or(|(current, _)| *current != person) {
            self.runs.push((person, self.things.len()));
        }
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

    /// Every person's things, in the order of the persons' first.
    pub(crate) fn persons(&self) -> Vec<(Person, Vec<&T>)> {
        let mut places = BTreeMap::new();
        let mut persons: Vec<(Person, Vec<&T>)> = vec![];
        let ends = self.runs.iter().skip(1).map(|(_, from)| *from).chain([self.things.len()]);
        for ((person, from), to) in self.runs.iter().zip(ends) {
            let place = *places.entry(*person).or_insert_with(|| {
                persons.push((*person, vec![]));
                persons.len() - 1
            });
            persons[place].1.extend(&self.things[*from..to]);
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

    /// Once they are too many: all but the current person's, to be judged and let go. Somebody who
    /// has that many alone is let go, too.
    pub(crate) fn overflow(&mut self) -> Option<Self> {
        if self.things.len() < THINGS_MAX {
            return None;
        }
        let (person, from) = self.runs.pop()?;
        let current = self.things.split_off(from);
        let things = std::mem::take(&mut self.things);
        let done = Self { runs: std::mem::take(&mut self.runs), things };
        if current.len() < THINGS_MAX {
            self.runs.push((person, 0));
            self.things = current;
        }
        Some(done)
    }
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
    fn too_many_things_are_let_go_but_for_the_current_persons() {
        let mut many = runs(&[(1, 'a')]);
        assert!(many.overflow().is_none());
        for _ in 2..THINGS_MAX {
            many.push('a');
        }
        many.turn_to(person(2));
        many.push('b');
        let done = many.overflow().expect("they are too many");
        assert_eq!(done.persons()[0].1.len(), THINGS_MAX - 1);
        many.push('c');
        assert_eq!(many.current(), ['b', 'c']);
        assert_eq!(many.persons().len(), 1);
        for _ in 0..THINGS_MAX {
            many.push('d');
        }
        assert!(many.overflow().is_some_and(|done| done.persons().is_empty()));
        assert!(many.persons().is_empty(), "nobody has that many");
    }
}
