//! 第3表, which a version may want beside 第1表 where another does not have it.

use crate::{
    FileKind, FileName, Layout, Record, RecordWriter, Required,
    convert::{ConvertedFile, Member, Note, NoteKind, Order, rows::VERSION_ITEM},
    read_records,
};

/// The day on which 第3表 was made, and the day of the plan, which it is assumed to be.
const MADE_ON: &str = "週間サービス計画表作成年月日";
const PLANNED_ON: &str = "居宅サービス計画作成（変更）日";

/// Says which 送信単位 need a 第3表, and makes one without services where that was asked for.
pub(super) fn missing(
    members: &[Member<'_>],
    names: &[String],
    order: &Order<'_>,
    notes: &mut Vec<Note>,
) -> Vec<ConvertedFile> {
    let Some(layout) = order.to.layout(FileKind::PlanTable3) else { return vec![] };
    let mut added = vec![];
    for (member, new_name) in members.iter().zip(names) {
        let is_there = |other: &Member<'_>| {
            other.name.kind == FileKind::PlanTable3 && other.name.sequence == member.name.sequence
        };
        if member.name.kind != FileKind::PlanTable1
            || member.version.has(FileKind::PlanTable3)
            || members.iter().any(is_there)
        {
            continue;
        }
        let name = FileName::parse(new_name)
            .map(|name| FileName { kind: FileKind::PlanTable3, ..name }.to_string())
            .unwrap_or_default();
        if order.adds_table3 {
            notes.push(Note::file(NoteKind::Table3Added, &name, ""));
            let bytes = without_services(member, layout, order);
            added.push(ConvertedFile { source: None, name, bytes });
        } else {
            notes.push(Note::file(NoteKind::Table3Needed, member.file.name, name));
        }
    }
    added
}

/// A record for each of 第1表, with the person and the days alone.
fn without_services(table1: &Member<'_>, layout: &Layout, order: &Order<'_>) -> Vec<u8> {
    let mut writer = RecordWriter::new();
    let old = table1.version.layout(FileKind::PlanTable1);
    for record in read_records(table1.file.bytes).records() {
        for item in &layout.items {
            let name = if item.name == MADE_ON { PLANNED_ON } else { &item.name };
            match old.and_then(|old| field(&record, old, name)) {
                _ if item.name == VERSION_ITEM => writer.code(&order.to.value),
                Some(field) if item.required == Required::Always => writer.copied(&field),
                _ => writer.empty(),
            }
        }
        writer.end();
    }
    writer.finish()
}

fn field<'a>(record: &Record<'a>, layout: &Layout, name: &str) -> Option<crate::Field<'a>> {
    record.field(layout.named(name)?.no)
}
