//! The three groups of items in a row of 第3表: a service, a daily activity, another service.

use std::ops::Range;

use crate::row::Row;

/// The Nos of each group.
pub(super) fn groups(row: &Row<'_>) -> [Range<u16>; 3] {
    let service = row.no_of("介護サービス内容");
    let activity = row.no_of("主な日常生活上の活動");
    let other = row.no_of("週単位以外のサービス");
    [service..activity, activity..other, other..other + 1]
}

/// Start and end of the service, and of the activity: the last two items of their groups. They have
/// the same names, so that only their places tell them apart.
pub(super) fn times(row: &Row<'_>) -> [[u16; 2]; 2] {
    let [service, activity, _] = groups(row);
    [service, activity].map(|group| [2, 1].map(|back| group.end.saturating_sub(back)))
}
