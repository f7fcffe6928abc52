//! What holds of any records: there and back again, and of any bytes.

use careplan_standard::{
    FileKind, ItemKind, RecordWriter, Standard,
    convert::{Note, NoteClass, NoteKind},
    read_records,
};
use proptest::prelude::*;

use crate::{files_of, order, order_with, run};

/// Records of a layout: codes of at most two digits, and texts of all sorts where text stands.
fn records(version: &'static str, kind: FileKind) -> impl Strategy<Value = Vec<u8>> {
    let version = Standard::bundled().version(version).expect("a version");
    let layout = version.layout(kind).expect("a layout");
    let value = || ("[0-9]{0,2}", "[a-z,\"\r\n介護①髙≒∵纊]{0,6}");
    let record = proptest::collection::vec(value(), layout.items.len());
    proptest::collection::vec(record, 1..4).prop_map(move |records| {
        let mut writer = RecordWriter::new();
        for record in records {
            for (item, (code, text)) in layout.items.iter().zip(&record) {
                match item.kind {
                    _ if item.no == 1 => writer.code(&version.value),
                    ItemKind::Text => writer.text(text).expect("MS932"),
                    _ => writer.code(code),
                }
            }
            writer.end();
        }
        writer.finish()
    })
}

/// Puts the values that were lost back into the records of the version that has their items.
fn with_lost_values(bytes: &[u8], notes: &[Note]) -> Vec<u8> {
    let mut writer = RecordWriter::new();
    for record in read_records(bytes).records() {
        for (no, field) in (1..).zip(record.fields()) {
            let is_here = |note: &&Note| {
                note.kind == NoteKind::ValueLost
                    && (note.place.record, note.place.item) == (Some(record.number()), Some(no))
            };
            match notes.iter().find(is_here) {
                Some(note) if note.item_name.as_deref() == Some("用具名称（機種名）") => {
                    writer.text(&note.value).expect("MS932");
                }
                Some(note) => writer.code(&note.value),
                None => writer.copied(&field),
            }
        }
        writer.end();
    }
    writer.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn to_3_2_and_back_loses_what_was_named_and_nothing_else(
        slip in records("202407", FileKind::Slip),
        annex in records("202407", FileKind::SlipAnnex),
    ) {
        let files = vec![
            ("UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV".to_owned(), slip),
            ("UPSIKYU_202504_2770100012_43_2770200036_11_20250428171502.CSV".to_owned(), annex),
        ];
        let old = run(Standard::bundled(), &files, &order("202208")).expect("it can be read");
        let back = order_with("202407", "43", "11");
        let new = run(Standard::bundled(), &files_of(&old), &back).expect("and read again");
        for (at, (name, bytes)) in files.iter().enumerate() {
            let is_here = |note: &&Note| note.place.file.as_ref() == Some(name);
            let notes: Vec<Note> = old.notes.iter().filter(is_here).cloned().collect();
            prop_assert_eq!(&new.files[at].name, name);
            prop_assert_eq!(&with_lost_values(&new.files[at].bytes, &notes), bytes);
        }
    }

    #[test]
    fn to_4_1_and_back_is_the_same_sending(
        slip in records("202208", FileKind::Slip),
        annex in records("202208", FileKind::SlipAnnex),
        supplement in records("202208", FileKind::Supplement),
    ) {
        let name = |prefix: &str| format!("{prefix}_202504_2770100012_2770200036_20250428171502.csv");
        let files = vec![
            (name("UPPLAN"), slip), (name("UPSIKYU"), annex), (name("UPHOSOKU"), supplement),
        ];
        let new = run(Standard::bundled(), &files, &order_with("202407", "43", "11"));
        let new = new.expect("it can be read");
        prop_assert_eq!(new.count(NoteClass::Lost), 0);
        let back = run(Standard::bundled(), &files_of(&new), &order("202208")).expect("and again");
        prop_assert_eq!(files_of(&back), files);
    }

    #[test]
    fn any_bytes_are_converted_or_refused(bytes: Vec<u8>, to_old: bool) {
        let name = "UPJSK_202504_2770200036_11_2770100012_43_20250428171502.CSV".to_owned();
        let to = if to_old { "202208" } else { "202407" };
        let _ = run(Standard::bundled(), &vec![(name, bytes)], &order(to));
    }
}
