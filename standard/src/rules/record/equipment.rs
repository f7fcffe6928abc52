//! Equipment on loan: the kinds that lend it, and the codes that name it.

use crate::{Item, row::Row};

/// Whether a service of this code lends equipment: 福祉用具貸与, 介護予防福祉用具貸与.
pub(super) fn lends_equipment(code: &[u8]) -> bool {
    [b"17", b"67"].iter().any(|kind| code.starts_with(*kind))
}

/// TAISコード and 福祉用具届出コード, where the layout has them.
pub(super) fn equipment_codes<'a>(row: &Row<'a>) -> Option<[(&'a Item, &'a [u8]); 2]> {
    Some([row.named("TAISコード")?, row.named("福祉用具届出コード")?])
}
