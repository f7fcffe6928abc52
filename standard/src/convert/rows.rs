//! The records in the other version: each item is looked for by its name.

use std::borrow::Cow;

use crate::{
    Field, Item, ItemKind, Layout, Length, LineKind, Record, RecordWriter, Version,
    convert::{Member, Note, NoteKind, place},
    read_records,
    service_codes::is_piece_of_equipment,
};

/// The item that says in which version a record is.
pub(super) const VERSION_ITEM: &str = "CSVバージョン";

/// The file's bytes in another version. A file that is in it already stays as it is.
pub(super) fn convert(
    member: &Member<'_>,
    to: &Version,
    pictures: &[(String, String)],
    notes: &mut Vec<Note>,
) -> Vec<u8> {
    let kind = member.name.kind;
    let (Some(old), Some(new)) = (member.version.layout(kind), to.layout(kind)) else {
        return member.file.bytes.to_vec();
    };
    if member.version.value == to.value {
        return member.file.bytes.to_vec();
    }
    if copy(member.file.bytes, &Plan::new(old, old), &member.version.value) != member.file.bytes {
        notes.push(Note::file(NoteKind::Tidied, member.file.name, ""));
    }
    let plan = Plan::new(old, new);
    let mut writer = RecordWriter::new();
    for record in read_records(member.file.bytes).records() {
        let mut row = Row { file: member.file.name, record: &record, notes };
        for (item, source) in &plan.items {
            match source {
                _ if item.name == VERSION_ITEM => writer.code(&to.value),
                Some(source) => row.carry(source, item, pictures, &mut writer),
                None => writer.empty(),
            }
        }
        writer.end();
        row.note_losses(&plan);
        if plan.gains_equipment {
            row.note_equipment(old);
        }
    }
    writer.finish()
}

/// Which item of the old layout stands where in the new one.
struct Plan<'a> {
    /// The new items in their order, each with the old one that it is filled from.
    items: Vec<(&'a Item, Option<&'a Item>)>,
    /// Old items that the new layout does not have.
    lost: Vec<&'a Item>,
    /// Whether the new layout has codes of equipment and the old one none.
    gains_equipment: bool,
}

impl<'a> Plan<'a> {
    /// By name; a name that stands twice goes by its order.
    fn new(old: &'a Layout, new: &'a Layout) -> Self {
        let twin = |layout: &'a Layout, other: &Layout, item: &Item| {
            let before = |known: &&Item| known.name == item.name && known.no < item.no;
            let nth = other.items.iter().filter(before).count();
            layout.items.iter().filter(|known| known.name == item.name).nth(nth)
        };
        let has_equipment =
            |layout: &Layout| layout.items.iter().any(|item| item.kind == ItemKind::Equipment);
        Self {
            items: new.items.iter().map(|item| (item, twin(old, new, item))).collect(),
            lost: old.items.iter().filter(|item| twin(new, old, item).is_none()).collect(),
            gains_equipment: has_equipment(new) && !has_equipment(old),
        }
    }
}

/// The records as the writer has them, without a word about it.
fn copy(bytes: &[u8], plan: &Plan<'_>, version: &str) -> Vec<u8> {
    let mut writer = RecordWriter::new();
    for record in read_records(bytes).records() {
        for (item, _) in &plan.items {
            match record.field(item.no) {
                _ if item.name == VERSION_ITEM => writer.code(version),
                Some(field) => writer.copied(&field),
                None => writer.empty(),
            }
        }
        writer.end();
    }
    writer.finish()
}

/// A record on its way.
struct Row<'a, 'n> {
    file: &'a str,
    record: &'a Record<'a>,
    notes: &'n mut Vec<Note>,
}

/// How a value goes into an item of another version.
enum Fit {
    AsItIs,
    /// A number, without its leading zeros.
    Shorter(String),
    Not,
}

impl Row<'_, '_> {
    /// Writes the value of the old item into the new one.
    fn carry(
        &mut self,
        old: &Item,
        new: &Item,
        pictures: &[(String, String)],
        writer: &mut RecordWriter,
    ) {
        let Some(field) = self.record.field(old.no) else { return writer.empty() };
        let value = field.bytes();
        if new.kind == ItemKind::ImageName
            && let Some((_, renamed)) = pictures.iter().find(|(name, _)| name.as_bytes() == &*value)
            && renamed.as_bytes() != &*value
        {
            self.note(NoteKind::PictureRenamed, old, &field);
            // A picture's name is ASCII, which MS932 has.
            let _ = writer.text(renamed);
            return;
        }
        match fit(old, new, &value) {
            Fit::AsItIs => writer.copied(&field),
            Fit::Shorter(number) => {
                self.note(NoteKind::ZerosDropped, old, &field);
                writer.code(&number);
            }
            Fit::Not => {
                self.note(NoteKind::DoesNotFit, old, &field);
                writer.empty();
            }
        }
    }

    fn note_losses(&mut self, plan: &Plan<'_>) {
        for item in &plan.lost {
            if let Some(field) = self.record.field(item.no).filter(|field| !field.is_empty()) {
                self.note(NoteKind::ValueLost, item, &field);
            }
        }
    }

    /// A row of 福祉用具貸与 has to name what is lent, and the old version cannot say it.
    fn note_equipment(&mut self, old: &Layout) {
        let Some(item) = old.named("サービスコード") else { return };
        let Some(field) = self.record.field(item.no) else { return };
        let code: Cow<'_, [u8]> = field.bytes();
        if is_piece_of_equipment(&code) && LineKind::of(&code) == LineKind::Service {
            self.note(NoteKind::EquipmentCodeNeeded, item, &field);
        }
    }

    fn note(&mut self, kind: NoteKind, item: &Item, field: &Field<'_>) {
        self.notes.push(Note {
            kind,
            place: place(self.file, Some(self.record.number()), Some(item.no)),
            item_name: Some(item.name.clone()),
            value: field.text(),
        });
    }
}

/// Only what the two versions say differently is looked at: a value that neither allows is carried
/// over, for the check to find.
fn fit(old: &Item, new: &Item, value: &[u8]) -> Fit {
    if new.kind == ItemKind::Code && old.values != new.values && !value.is_empty() {
        let is_listed = |known: &(String, String)| known.0.as_bytes() == value;
        if !new.values.iter().any(is_listed) {
            return Fit::Not;
        }
    }
    let is_certain = !old.uncertain.length && !new.uncertain.length;
    let Length::Chars(most) = new.length else { return Fit::AsItIs };
    if old.length == new.length || !is_certain || value.len() <= usize::from(most) {
        return Fit::AsItIs;
    }
    let is_number = new.kind == ItemKind::Integer && value.iter().all(u8::is_ascii_digit);
    let digits = std::str::from_utf8(value).ok().filter(|_| is_number);
    let short = digits.map(|digits| match digits.trim_start_matches('0') {
        "" => "0",
        short => short,
    });
    match short.filter(|short| short.len() <= usize::from(most)) {
        Some(short) => Fit::Shorter(short.to_owned()),
        None => Fit::Not,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Required, Uncertain};

    fn item(kind: ItemKind, length: u16, values: &[&str]) -> Item {
        Item {
            no: 1,
            name: "回数".to_owned(),
            length: Length::Chars(length),
            required: Required::Always,
            kind,
            values: values.iter().map(|value| ((*value).to_owned(), String::new())).collect(),
            note: String::new(),
            uncertain: Uncertain::default(),
        }
    }

    fn fits(kind: ItemKind, value: &str) -> Option<String> {
        let (old, new) = (item(kind, 3, &["1", "2"]), item(kind, 2, &["1"]));
        match fit(&old, &new, value.as_bytes()) {
            Fit::AsItIs => Some(value.to_owned()),
            Fit::Shorter(short) => Some(short),
            Fit::Not => None,
        }
    }

    #[test]
    fn a_number_is_shortened_by_zeros_and_by_nothing_else() {
        let number = |value| fits(ItemKind::Integer, value);
        assert_eq!(number("99").as_deref(), Some("99"));
        assert_eq!(number("031").as_deref(), Some("31"));
        assert_eq!(number("000").as_deref(), Some("0"));
        assert_eq!(number("100"), None);
        assert_eq!(number("01A"), None, "what is no number stays as it is, or not at all");
    }

    #[test]
    fn a_longer_code_or_one_that_is_not_listed_does_not_fit() {
        assert_eq!(fits(ItemKind::Branch, "012"), None);
        assert_eq!(fits(ItemKind::Code, "1").as_deref(), Some("1"));
        assert_eq!(fits(ItemKind::Code, "2"), None);
        assert_eq!(fits(ItemKind::Code, "").as_deref(), Some(""), "missing is the check's to say");
    }

    #[test]
    fn a_value_that_was_too_long_before_stays_for_the_check_to_find() {
        let same = item(ItemKind::Integer, 2, &[]);
        assert!(matches!(fit(&same, &same, b"12345"), Fit::AsItIs));
    }
}
