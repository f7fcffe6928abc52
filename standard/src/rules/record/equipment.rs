//! Equipment on loan: the kinds that lend it, and the codes that name it.

use crate::{Item, row::Row};

/// Whether a service of this code lends equipment: 福祉用具貸与, 介護予防福祉用具貸与.
pub(super) fn lends_equipment(code: &[u8]) -> bool {
    [b"17", b"67"].iter().any(|kind| code.starts_with(*kind))
}

/// Whether a service of this code is a piece of equipment. Add-ons of 福祉用具貸与 for far places, whose
/// codes have an 8 behind the kind, come with no piece of their own, and nothing is stated of them.
pub(super) fn is_piece_of_equipment(code: &[u8]) -> bool {
    lends_equipment(code) && code.get(2) != Some(&b'8')
}

/// TAISコード and 福祉用具届出コード, where the layout has them.
pub(super) fn equipment_codes<'a>(row: &Row<'a>) -> Option<[(&'a Item, &'a [u8]); 2]> {
    Some([row.named("TAISコード")?, row.named("福祉用具届出コード")?])
}
