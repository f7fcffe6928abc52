//! A sending from bytes: as sound as the tables make it where the bytes say nothing, and spoilt
//! where they say so. Fuzzing then spends its time behind the first checks.

use arbitrary::{Result, Unstructured};
use careplan_standard::{
    FileKind, FileName, Item, ItemKind, Layout, NameMonth, Party, Required, SendingFile, Standard,
    Version,
};

/// Few of each, so that a run takes microseconds.
const FILES_MAX: usize = 5;
const RECORDS_MAX: usize = 4;
const SPOILT_MAX: usize = 3;

const OFFICES: [&str; 3] = ["2770100012", "2770200036", "27A0100021"];
const KINDS: [&str; 6] = ["43", "11", "46", "17", "A2", "33"];
const SEQUENCES: [&str; 3] = ["20250328171502", "20250328171503", "20250231990000"];
const MONTHS: [&str; 3] = ["202504", "202505", "202302"];

/// What stands in an item instead of what should.
const SPOILS: [&[u8]; 20] = [
    b"",
    b"0",
    b"9999",
    b"2560",
    b"00000000",
    b"20250230",
    b"202504",
    b"202404",
    b"H000000001",
    b"999999",
    b"17AAAA",
    b"331111",
    b"171001",
    b"9999999999",
    b"1111111111111111111111111111111",
    b"\"\x82\xA0\"",
    b"\"\xF0\x40\"",
    b"\"\x88",
    b"a\"b",
    b",",
];

/// A sending.
#[derive(Debug, Default)]
pub(crate) struct Sending {
    /// Names and contents.
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

impl Sending {
    /// Reads a sending out of bytes; too few of them are a smaller sending.
    pub(crate) fn new(input: &mut Unstructured<'_>) -> Self {
        let mut sending = Self::default();
        // What is there when the bytes end is what there is.
        let _ = sending.fill(input);
        sending
    }

    /// As the checks take it.
    pub(crate) fn files(&self) -> Vec<SendingFile<'_>> {
        self.files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect()
    }

    fn fill(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let version = input.choose(Standard::bundled().versions())?;
        let parties = [party(input, version)?, party(input, version)?];
        for _ in 0..input.int_in_range(1..=FILES_MAX)? {
            let kind = *input.choose(&FileKind::ALL)?;
            let name = name(input, kind, parties)?;
            let mut bytes = vec![];
            let layout = version.layout(kind);
            let written = match layout {
                Some(layout) => records(input, version, layout, name, &mut bytes),
                None => {
                    bytes.extend_from_slice(b"\xFF\xD8\xFF");
                    Ok(())
                }
            };
            self.files.push((as_written(input, &name), bytes));
            written?;
        }
        Ok(())
    }
}

fn party(input: &mut Unstructured<'_>, version: &Version) -> Result<Party> {
    let office = input.choose(&OFFICES)?.parse().expect("an office");
    let kind = input.choose(&KINDS)?.parse().expect("a kind");
    Ok(Party { office, kind: version.names_have_kinds.then_some(kind) })
}

fn name(input: &mut Unstructured<'_>, kind: FileKind, parties: [Party; 2]) -> Result<FileName> {
    let month = NameMonth::Of(input.choose(&MONTHS)?.parse().expect("a month"));
    let month = match kind {
        FileKind::Supplement if input.ratio(1, 3)? => Some(NameMonth::Zero),
        _ => kind.has_month().then_some(month),
    };
    let [from, to] = parties;
    let sequence = input.choose(&SEQUENCES)?.parse().expect("digits");
    let branch = kind.is_image().then_some(1);
    Ok(FileName { kind, month, from, to, sequence, branch })
}

/// The name, now and then with a slip of the pen.
fn as_written(input: &mut Unstructured<'_>, name: &FileName) -> String {
    let mut text = name.to_string();
    match input.int_in_range(0..=15).unwrap_or(0) {
        1 => text = text.to_ascii_lowercase(),
        2 => drop(text.pop()),
        3 => text = text.replacen('_', " ", 1),
        4 => text.insert(7, '1'),
        5 => text = "写真.png".to_owned(),
        _ => {}
    }
    text
}

fn records(
    input: &mut Unstructured<'_>,
    version: &Version,
    layout: &Layout,
    name: FileName,
    out: &mut Vec<u8>,
) -> Result<()> {
    if input.ratio(1, 40)? {
        out.extend_from_slice(input.bytes(input.len().min(200))?);
        return Ok(());
    }
    for _ in 0..input.int_in_range(0..=RECORDS_MAX)? {
        let mut items: Vec<Vec<u8>> =
            layout.items.iter().map(|item| value(item, version, &name).into_bytes()).collect();
        for _ in 0..input.int_in_range(0..=SPOILT_MAX)? {
            let at = input.choose_index(items.len())?;
            items[at] = match input.ratio(1, 4)? {
                true => input.arbitrary::<[u8; 3]>()?.to_vec(),
                false => input.choose(&SPOILS)?.to_vec(),
            };
        }
        out.extend_from_slice(&items.join(&b','));
        out.extend_from_slice(input.choose(&[&b"\r\n"[..], b"\n", b"\r", b""])?);
    }
    Ok(())
}

/// What an item holds when nothing is wrong with it.
fn value(item: &Item, version: &Version, name: &FileName) -> String {
    let month = name.month.map_or_else(|| "202504".to_owned(), |month| month.to_string());
    let text = match item.kind {
        _ if item.no == 1 => version.value.as_str(),
        ItemKind::Month => return month,
        _ if item.required == Required::Optional => "",
        ItemKind::Date if name.kind == FileKind::Supplement => "00000000",
        ItemKind::Date => "20250401",
        ItemKind::Time => "9999",
        ItemKind::Insurer => "271004",
        ItemKind::Insured => "0000000001",
        ItemKind::Office => "2770200036",
        ItemKind::ServiceCode => "111111",
        ItemKind::ServiceKind => "11",
        ItemKind::Code => item.values.first().map_or("", |(value, _)| value),
        ItemKind::Sequence | ItemKind::Integer => "1",
        ItemKind::Decimal => "10.00",
        ItemKind::Fixed => &item.note,
        ItemKind::PostalCode => "599-9999",
        ItemKind::Text => "\"x\"",
        _ => "",
    };
    text.to_owned()
}
