//! Finding the item of a name in a layout.

use crate::Item;

/// Where items stand, by their names: the rules ask for every record that is not as the one before.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// Twice as many as there are items at least, a power of two: an item's place, from 0, is in the
    /// slot that its name falls on, or in the next ones up to a free one.
    slots: Vec<Option<u16>>,
}

impl Names {
    pub(crate) fn new(items: &[Item]) -> Self {
        let mut slots = vec![None; (2 * items.len()).next_power_of_two().max(2)];
        for (item, place) in items.iter().zip(0..) {
            let mut at = slot(&item.name) & (slots.len() - 1);
            while slots[at].is_some() {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = Some(place);
        }
        Self { slots }
    }

    /// The places in which an item of this name can be, in the order of the items.
    pub(crate) fn places(&self, name: &str) -> impl Iterator<Item = usize> {
        let from = slot(name);
        let slot = move |at| self.slots[(from + at) & (self.slots.len() - 1)];
        (0..).map_while(slot).map(usize::from)
    }
}

/// A number from the end of a name and its length, in which names differ most.
fn slot(name: &str) -> usize {
    let bytes = name.as_bytes();
    let end = bytes.last_chunk::<8>().map_or(0, |end| u64::from_le_bytes(*end));
    let start = bytes.first_chunk::<8>().map_or(0, |start| u64::from_le_bytes(*start));
    let mixed =
        (end ^ start.rotate_left(29) ^ bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(mixed >> 48).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use crate::{FileKind, Standard};

    #[test]
    fn an_item_is_found_by_its_name_and_the_first_of_a_name() {
        for version in Standard::bundled().versions() {
            for layout in FileKind::ALL.into_iter().filter_map(|kind| version.layout(kind)) {
                for item in &layout.items {
                    let first = layout.items.iter().find(|other| other.name == item.name);
                    assert_eq!(layout.named(&item.name), first);
                }
                assert_eq!(layout.named("no item"), None);
                assert_eq!(layout.named(""), None);
            }
        }
    }
}
