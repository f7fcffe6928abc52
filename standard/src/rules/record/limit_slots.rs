//! The slots of 補足 for limits of single service kinds (種類支給限度額).

/// The kind in each slot, in their order.
pub(super) const SLOTS: [&str; 9] = [
    "１サービス種類コード",
    "２サービス種類コード",
    "３サービス種類コード",
    "４サービス種類コード",
    "５サービス種類コード",
    "６サービス種類コード",
    "７サービス種類コード",
    "８サービス種類コード",
    "９サービス種類コード",
];
