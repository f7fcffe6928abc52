//! The check of what the items of one record say together.
//!
//! A value that is wrong in itself is the item check's to report; here it counts as not there.

use std::borrow::Cow;

use crate::{
    Date, FileKind, Item, Layout, Month, Record, Rule, Wanted,
    rules::record::{
        DAY_MAP_BEYOND_MONTH, DAY_OUTSIDE_MONTH, DETAIL_CODE_STRAY, END_BEFORE_START,
        EQUIPMENT_CODE_MISSING, ONE_TIME_MISSING,
    },
};

/// Kinds of service that lend equipment.
const EQUIPMENT_KINDS: [&[u8]; 2] = [b"17", b"67"];
/// What stands for "no time".
const NO_TIME: &[u8] = b"9999";

/// A breach, and the item where the reader should look.
pub(crate) struct Breach<'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) item: &'a Item,
    pub(crate) found: String,
    pub(crate) wanted: Wanted,
}

/// All that is wrong between the items of a record.
pub(crate) fn check<'a>(
    file: FileKind,
    layout: &'a Layout,
    record: &Record<'_>,
) -> Vec<Breach<'a>> {
    let row = Row { layout, record };
    let found = match file {
        FileKind::Slip | FileKind::Results => vec![
            day_in_month(&row),
            day_map_within_month(&row),
            both_times_or_neither(&row),
            end_after_start(&row),
            equipment_has_a_code(&row),
            detail_code_on_equipment_alone(&row),
        ],
        FileKind::SlipAnnex => vec![equipment_has_a_code(&row)],
        _ => vec![],
    };
    found.into_iter().flatten().collect()
}

struct Row<'a, 'r> {
    layout: &'a Layout,
    record: &'r Record<'r>,
}

impl<'a, 'r> Row<'a, 'r> {
    /// The item of this name and its value, if the layout has it.
    fn item(&self, name: &str) -> Option<(&'a Item, Cow<'r, [u8]>)> {
        let item = self.layout.named(name)?;
        Some((item, self.record.field(item.no)?.bytes()))
    }

    fn value(&self, name: &str) -> Option<Cow<'r, [u8]>> {
        self.item(name).map(|(_, value)| value)
    }

    fn month(&self) -> Option<Month> {
        Month::from_bytes(&self.value("対象年月")?).ok()
    }
}

fn day_in_month<'a>(row: &Row<'a, '_>) -> Option<Breach<'a>> {
    let (item, day) = row.item("サービス利用日")?;
    let (month, date) = (row.month()?, Date::from_bytes(&day).ok()?);
    (date.month() != month).then(|| Breach {
        rule: &DAY_OUTSIDE_MONTH,
        item,
        found: date.to_string(),
        wanted: Wanted::same(month.to_string()),
    })
}

fn day_map_within_month<'a>(row: &Row<'a, '_>) -> Option<Breach<'a>> {
    let (item, map) = row.item("日割対象日")?;
    let days = row.month()?.days();
    let beyond = map.iter().skip(usize::from(days)).position(|mark| *mark == b'1')?;
    Some(Breach {
        rule: &DAY_MAP_BEYOND_MONTH,
        item,
        found: (usize::from(days) + beyond + 1).to_string(),
        wanted: Wanted::same(days.to_string()),
    })
}

fn both_times_or_neither<'a>(row: &Row<'a, '_>) -> Option<Breach<'a>> {
    let (start_item, start) = row.item("サービス開始時刻")?;
    let (end_item, end) = row.item("サービス終了時刻")?;
    let item = match (*start == *NO_TIME, *end == *NO_TIME) {
        (true, false) => start_item,
        (false, true) => end_item,
        _ => return None,
    };
    let found = String::from_utf8_lossy(NO_TIME).into_owned();
    Some(Breach { rule: &ONE_TIME_MISSING, item, found, wanted: Wanted::default() })
}

fn end_after_start<'a>(row: &Row<'a, '_>) -> Option<Breach<'a>> {
    let start = row.value("サービス開始時刻")?;
    let (item, end) = row.item("サービス終了時刻")?;
    let is_time =
        |value: &[u8]| value.len() == 4 && value != NO_TIME && value.iter().all(u8::is_ascii_digit);
    (is_time(&start) && is_time(&end) && end < start).then(|| Breach {
        rule: &END_BEFORE_START,
        item,
        found: String::from_utf8_lossy(&end).into_owned(),
        wanted: Wanted::same(String::from_utf8_lossy(&start)),
    })
}

fn equipment_has_a_code<'a>(row: &Row<'a, '_>) -> Option<Breach<'a>> {
    let (_, tais) = row.item("TAISコード")?;
    let notification = row.value("福祉用具届出コード")?;
    let (item, code) = row.item("サービスコード")?;
    let is_equipment = EQUIPMENT_KINDS.iter().any(|kind| code.starts_with(kind));
    let is_subtotal =
        [b"AAAA", b"EEEE", b"ZZZZ"].iter().any(|subtotal| code.ends_with(subtotal.as_slice()));
    (is_equipment && !is_subtotal && tais.is_empty() && notification.is_empty()).then(|| Breach {
        rule: &EQUIPMENT_CODE_MISSING,
        item,
        found: String::from_utf8_lossy(&code).into_owned(),
        wanted: Wanted::default(),
    })
}

fn detail_code_on_equipment_alone<'a>(row: &Row<'a, '_>) -> Option<Breach<'a>> {
    let (item, detail) = row.item("明細判別コード")?;
    let code = row.value("サービスコード")?;
    let kind = code.get(..2)?;
    (!detail.is_empty() && kind != b"17").then(|| Breach {
        rule: &DETAIL_CODE_STRAY,
        item,
        found: String::from_utf8_lossy(&detail).into_owned(),
        wanted: Wanted::same(String::from_utf8_lossy(kind)),
    })
}
