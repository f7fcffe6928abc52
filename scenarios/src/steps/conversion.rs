//! Steps of converting files in hand to another version, as `careplan convert` does, and of what
//! its report says.

use std::collections::{BTreeMap, BTreeSet};

use careplan_standard::{
    SendingFile, ServiceKind, Standard,
    convert::{Conversion, Note, NoteClass, NoteKind, Order, convert},
    read_records,
};

use super::{
    Arguments, Step, StepResult, samples, transport,
    versions::{at_hand, is_meant, put_at_hand},
};
use crate::{
    Failure,
    world::{NamedBytes, World},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}が手元のファイルを{版}に変換する",
        example: "「見本居宅介護支援センター」が手元のファイルを「3.2」に変換する",
        help: "careplan convert と同じ変換をして、変換したものを手元に置く。報告は次の手順で確かめる",
        run: |world, arguments| {
            Box::pin(async move {
                let order = order(arguments.text(1))?;
                change(world, arguments.text(0), "すべて", &order)
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が手元のファイルを、サービス種類{送信元}から{送信先}あてのものとして{版}に変換する",
        example: "「見本居宅介護支援センター」が手元のファイルを、サービス種類「43」から「11」あてのものとして「4.1」に変換する",
        help: "careplan convert に --kind-from と --kind-to を付けた変換をする。3.2の名前にはサービス種類がない",
        run: |world, arguments| Box::pin(async move { change_with_kinds(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が手元の{ファイル}だけを{版}に変換する",
        example: "「見本居宅介護支援センター」が手元の「UPHOSOKU」だけを「3.2」に変換する",
        help: "名前がこれで始まるファイルだけを変換し、ほかはそのまま手元に残す（版の混ざった一式ができる）",
        run: |world, arguments| {
            Box::pin(async move {
                let order = order(arguments.text(2))?;
                change(world, arguments.text(0), arguments.text(1), &order)
            })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の手元のファイルは{版}に変換できない",
        example: "「北部地域包括支援センター」の手元のファイルは「3.2」に変換できない",
        help: "変換してみて、理由を挙げて断られ、1ファイルもできないことを確かめる",
        run: |world, arguments| Box::pin(async move { cannot_change(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の変換の報告に、失われたものは{数}件である",
        example: "「見本居宅介護支援センター」の変換の報告に、失われたものは17件である",
        help: "変換の報告のうち、変換先の版に書く場所がなくて失われたもの（lost）を数える",
        run: |world, arguments| {
            Box::pin(async move {
                let lost = notes(world, arguments.text(0))?.iter().filter(|note| is_lost(note));
                transport::is_count(arguments.number(1)?, lost.count() as u64)
            })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の変換の報告に、失われたものとして{もの}が{数}件ある",
        example: "「見本居宅介護支援センター」の変換の報告に、失われたものとして「TAISコード」が8件ある",
        help: "失われたもののうち、項目の名前かファイルの種類がこれであるものを数える",
        run: |world, arguments| Box::pin(async move { has_lost(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の手元のファイルは、失われたと報告されたところだけが見本{見本}と違う",
        example: "「見本居宅介護支援センター」の手元のファイルは、失われたと報告されたところだけが見本「v4-slip-equipment」と違う",
        help: "別の版に変換してから戻したファイルを、見本と項目ごとに比べる。違いが報告と過不足なく一致し、失われたもののないファイルは1バイトも違わないことを確かめる",
        run: |world, arguments| Box::pin(async move { differs_as_reported(world, &arguments) }),
    },
];

/// Where a value stands: the file's name, the record and the item's No, both from 1.
type Spot = (String, u32, u16);

fn order(version: &str) -> Result<Order<'static>, Failure> {
    let versions = Standard::bundled().versions();
    let to = versions.iter().find(|known| known.label == version);
    let to = to.ok_or_else(|| Failure::setup("標準仕様の版 4.1 か 3.2", version))?;
    Ok(Order { to, from_kind: None, to_kind: None, adds_table3: false })
}

fn change_with_kinds(world: &mut World, arguments: &Arguments) -> StepResult {
    let kind = |at: usize| -> Result<Option<ServiceKind>, Failure> {
        let text = arguments.text(at);
        text.parse().map(Some).map_err(|_| Failure::setup("2桁のサービス種類", text))
    };
    let order = Order { from_kind: kind(1)?, to_kind: kind(2)?, ..order(arguments.text(3))? };
    change(world, arguments.text(0), "すべて", &order)
}

fn change(world: &mut World, office: &str, wanted: &str, order: &Order<'_>) -> StepResult {
    let (meant, mut others): (Vec<NamedBytes>, Vec<NamedBytes>) =
        at_hand(world, office)?.into_iter().partition(|(name, _)| is_meant(name, wanted));
    if meant.is_empty() {
        return Err(Failure::setup("手元にあるファイル", wanted));
    }
    let Conversion { files, notes, .. } = converted(&meant, order)?;
    others.extend(files.into_iter().map(|file| (file.name, file.bytes)));
    world.converted.entry(office.to_owned()).or_default().extend(notes);
    put_at_hand(world, office, &others)
}

fn cannot_change(world: &World, arguments: &Arguments) -> StepResult {
    match converted(&at_hand(world, arguments.text(0))?, &order(arguments.text(1))?) {
        Err(_) => Ok(()),
        Ok(done) => {
            let names: Vec<String> = done.files.into_iter().map(|file| file.name).collect();
            Err(Failure::unlike("変換できない", names.join("、")))
        }
    }
}

fn converted(files: &[NamedBytes], order: &Order<'_>) -> Result<Conversion, Failure> {
    let sending: Vec<SendingFile<'_>> =
        files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
    convert(Standard::bundled(), &sending, order).map_err(|refused| {
        // The value itself stands in a person's file.
        let told = |note: &Note| {
            let item = note.item_name.as_deref().or(note.place.file.as_deref());
            format!("{} {}", note.kind.word(), item.unwrap_or_default())
        };
        let found = refused.notes.iter().map(told);
        Failure::unlike("変換できる", found.collect::<Vec<_>>().join("\n"))
    })
}

fn notes<'a>(world: &'a World, office: &str) -> Result<&'a [Note], Failure> {
    let notes = world.converted.get(office);
    Ok(notes.ok_or_else(|| Failure::setup("先に手元のファイルを変換する手順", office))?)
}

fn is_lost(note: &Note) -> bool {
    note.kind.class() == NoteClass::Lost
}

fn has_lost(world: &World, arguments: &Arguments) -> StepResult {
    let (office, wanted) = (arguments.text(0), arguments.text(1));
    let lost: Vec<&Note> = notes(world, office)?.iter().filter(|note| is_lost(note)).collect();
    let is_it = |note: &&&Note| note.item_name.as_deref().unwrap_or(&note.value) == wanted;
    let (count, found) = (arguments.number(2)?, lost.iter().filter(is_it).count() as u64);
    let told = || lost.iter().map(|note| note.item_name.as_deref().unwrap_or(&note.value));
    match found == count {
        true => Ok(()),
        false => Err(Failure::unlike(
            format!("{wanted} が{count}件"),
            told().collect::<Vec<_>>().join("、"),
        )),
    }
}

fn differs_as_reported(world: &World, arguments: &Arguments) -> StepResult {
    let office = arguments.text(0);
    let original = samples::files(arguments.text(1))?;
    let now: BTreeMap<String, Vec<u8>> = at_hand(world, office)?.into_iter().collect();
    let lost: Vec<&Note> = notes(world, office)?.iter().filter(|note| is_lost(note)).collect();
    let of = |kind: NoteKind| lost.iter().filter(move |note| note.kind == kind);
    let file = |note: &Note| note.place.file.clone().unwrap_or_default();
    let lost_files: BTreeSet<String> = of(NoteKind::FileLost).map(|note| file(note)).collect();
    let lost_values: BTreeSet<Spot> = of(NoteKind::ValueLost)
        .map(|note| {
            (file(note), note.place.record.unwrap_or_default(), note.place.item.unwrap_or_default())
        })
        .collect();

    let mut missing = BTreeSet::new();
    let mut different = BTreeSet::new();
    for (name, bytes) in &original {
        match now.get(name) {
            None => drop(missing.insert(name.clone())),
            Some(found) if bytes == found => {}
            Some(found) => different.extend(differences(name, bytes, found)),
        }
    }
    let told = |files: &BTreeSet<String>, spots: &BTreeSet<Spot>| format!("{files:?}\n{spots:?}");
    let (wanted, found) = (told(&lost_files, &lost_values), told(&missing, &different));
    let stray = now.keys().find(|name| !original.iter().any(|(known, _)| known == *name));
    match stray {
        Some(stray) => Err(Failure::unlike("見本と同じ名前のファイルだけ", stray)),
        None if wanted == found => Ok(()),
        None => Err(Failure::unlike(wanted, found)),
    }
}

/// The items that differ; the whole file, as record 0, where its bytes do and no item.
fn differences(name: &str, before: &[u8], after: &[u8]) -> Vec<Spot> {
    let items = |bytes: &[u8]| -> BTreeMap<(u32, u16), Vec<u8>> {
        let mut items = BTreeMap::new();
        for record in read_records(bytes).records() {
            for (no, field) in (1..).zip(record.fields()) {
                items.insert((record.number(), no), field.bytes().into_owned());
            }
        }
        items
    };
    let (before, after) = (items(before), items(after));
    let places: BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
    let differ = places.into_iter().filter(|place| before.get(place) != after.get(place));
    let spots: Vec<Spot> = differ.map(|(record, no)| (name.to_owned(), record, no)).collect();
    if spots.is_empty() { vec![(name.to_owned(), 0, 0)] } else { spots }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_differ_where_an_item_does() {
        let spot = |record, item| ("a".to_owned(), record, item);
        assert_eq!(differences("a", b"1,2\r\n3,4\r\n", b"1,2\r\n3,\r\n"), [spot(2, 2)]);
        assert_eq!(differences("a", b"1,2\r\n", b"1,2\n"), [spot(0, 0)], "line ends alone");
        assert_eq!(differences("a", b"1\r\n2\r\n", b"1\r\n"), [spot(2, 1)], "a record less");
    }
}
