//! Equipment on loan: the codes that name it.

use crate::{Item, row::Row};

/// TAISコード and 福祉用具届出コード, where the layout has them.
pub(super) fn equipment_codes<'a>(row: &Row<'a>) -> Option<[(&'a Item, &'a [u8]); 2]> {
    Some([row.named("TAISコード")?, row.named("福祉用具届出コード")?])
}
