//! The names in the other version: with service kinds where it has them, without where it has none.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    FileKind, FileName, OfficeNumber, Party, Sequence, ServiceKind,
    convert::{ConvertedFile, Member, Note, NoteKind, Order},
    read_records,
};

/// The members' names in the other version.
pub(super) struct Renamed {
    /// One a member, in their order.
    pub(super) names: Vec<String>,
    /// Old and new names of pictures, which records refer to.
    pub(super) pictures: Vec<(String, String)>,
    pub(super) notes: Vec<Note>,
}

/// Names every member. Of one 送信単位 all have the same parties, and its notes stand once.
pub(super) fn rename(members: &[Member<'_>], order: &Order<'_>) -> Renamed {
    let mut renamed = Renamed { names: vec![], pictures: vec![], notes: vec![] };
    let mut parties: BTreeMap<(Sequence, Party, Party), (Party, Party)> = BTreeMap::new();
    for member in members {
        let name = &member.name;
        let (from, to) = *parties
            .entry((name.sequence, name.from, name.to))
            .or_insert_with(|| parties_of(member, members, order, &mut renamed.notes));
        let new = with_extension_of(member, FileName { from, to, ..*name });
        if name.kind.is_image() {
            renamed.pictures.push((member.file.name.to_owned(), new.clone()));
        }
        renamed.names.push(new);
    }
    renamed
}

/// Files that would have the name of another, on a disk that takes no notice of letter case.
pub(super) fn taken_twice(files: &[ConvertedFile]) -> Vec<Note> {
    let mut seen = BTreeSet::new();
    let is_taken = |file: &&ConvertedFile| !seen.insert(file.name.to_lowercase());
    let note = |file: &ConvertedFile| Note::file(NoteKind::NameTaken, &file.name, "");
    files.iter().filter(is_taken).map(note).collect()
}

/// `.csv` stays `.csv`.
fn with_extension_of(member: &Member<'_>, name: FileName) -> String {
    let new = name.to_string();
    match (new.rsplit_once('.'), member.file.name.rsplit_once('.')) {
        (Some((stem, _)), Some((_, extension))) => format!("{stem}.{extension}"),
        _ => new,
    }
}

fn parties_of(
    member: &Member<'_>,
    members: &[Member<'_>],
    order: &Order<'_>,
    notes: &mut Vec<Note>,
) -> (Party, Party) {
    let FileName { from, to, .. } = member.name;
    let without_kind = |party: Party| Party { kind: None, ..party };
    match (member.name.has_kinds(), order.to.names_have_kinds) {
        (true, true) | (false, false) => (from, to),
        (true, false) => {
            let value = format!("{from}→{to}");
            notes.push(Note::file(NoteKind::KindsLost, member.file.name, value));
            (without_kind(from), without_kind(to))
        }
        (false, true) => {
            let unit: Vec<&Member<'_>> = members
                .iter()
                .filter(|other| other.name.sequence == member.name.sequence)
                .collect();
            let mut side = |party: Party, given, in_rows, needed| {
                let (note, kind) = match (given, in_rows) {
                    (Some(kind), _) => (NoteKind::KindGiven, Some(kind)),
                    (None, Some(kind)) => (NoteKind::KindFromRows, Some(kind)),
                    (None, None) => (needed, None),
                };
                let party = Party { kind, ..party };
                notes.push(Note::file(note, member.file.name, party.to_string()));
                party
            };
            let (sender, receiver) = (sender_in_rows(&unit), receiver_in_rows(&unit));
            (
                side(from, order.from_kind, sender, NoteKind::FromKindNeeded),
                side(to, order.to_kind, receiver, NoteKind::ToKindNeeded),
            )
        }
    }
}

/// 実績 and its withdrawal carry the sender's own rows: their kind is the sender's, if there is but
/// one and no row is another office's.
fn sender_in_rows(unit: &[&Member<'_>]) -> Option<ServiceKind> {
    let own = |member: &&&Member<'_>| {
        matches!(member.name.kind, FileKind::Results | FileKind::ResultsWithdrawal)
    };
    let member = unit.iter().find(own)?;
    let rows = services(member);
    let is_own = rows.iter().all(|(office, _)| *office == Some(member.name.from.office));
    is_own.then(|| the_one(rows.into_iter().map(|(_, kind)| kind)))?
}

/// 予定 goes to offices that serve: the kind of the receiver's rows, if there is but one.
fn receiver_in_rows(unit: &[&Member<'_>]) -> Option<ServiceKind> {
    let member = unit.iter().find(|member| member.name.kind == FileKind::Slip)?;
    let to = member.name.to.office;
    let rows = services(member).into_iter().filter(|(office, _)| *office == Some(to));
    the_one(rows.map(|(_, kind)| kind))
}

/// Office and service kind of each row.
fn services(member: &Member<'_>) -> BTreeSet<(Option<OfficeNumber>, Option<ServiceKind>)> {
    let layout = member.version.layout(member.name.kind);
    let no = |name: &str| Some(layout?.named(name)?.no);
    let office_no = no("サービス事業者コード");
    let code_no = no("サービスコード").or_else(|| no("サービス種類コード"));
    read_records(member.file.bytes)
        .records()
        .map(|record| {
            let value = |no: Option<u16>| Some(record.field(no?)?.bytes());
            let office = value(office_no).and_then(|code| OfficeNumber::from_bytes(&code).ok());
            let kind = value(code_no).and_then(|code| ServiceKind::from_bytes(code.get(..2)?).ok());
            (office, kind)
        })
        .collect()
}

/// The kind, if all are one and the standard carries it.
fn the_one(kinds: impl Iterator<Item = Option<ServiceKind>>) -> Option<ServiceKind> {
    let kinds: BTreeSet<Option<ServiceKind>> = kinds.collect();
    let kind = kinds.first().copied().flatten()?;
    (kinds.len() == 1 && kind.scope().is_carried()).then_some(kind)
}
