//! What a service code says by itself: a line of 第7表 that sums others, equipment on loan.

/// What a line of 第7表 stands for, by its service code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineKind {
    /// A service, or an add-on.
    Service,
    /// kind + AAAA: services within the limit.
    Limited,
    /// kind + EEEE: services outside the limit.
    Outside,
    /// kind + ZZZZ: services beyond 30 days.
    Over30Days,
    /// 999999.
    Total,
}

impl LineKind {
    /// The service code of the total.
    pub const TOTAL_CODE: &str = "999999";

    /// Of a line with this service code.
    pub fn of(code: &[u8]) -> Self {
        if code == Self::TOTAL_CODE.as_bytes() {
            return Self::Total;
        }
        let sums = [Self::Limited, Self::Outside, Self::Over30Days];
        let end = code.get(2..).unwrap_or_default();
        sums.into_iter().find(|sum| sum.ending().as_bytes() == end).unwrap_or(Self::Service)
    }

    /// What follows the service kind in the code of a subtotal; nothing for what is none.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Limited => "AAAA",
            Self::Outside => "EEEE",
            Self::Over30Days => "ZZZZ",
            Self::Service | Self::Total => "",
        }
    }
}

/// Whether a service of this code, or of this kind, lends equipment: 17 福祉用具貸与, 67
/// 介護予防福祉用具貸与.
pub fn lends_equipment(code: &[u8]) -> bool {
    code.starts_with(b"17") || code.starts_with(b"67")
}

/// Whether a service of this code is a piece of equipment. Add-ons of 福祉用具貸与 for far places, whose
/// codes have an 8 behind the kind, come with no piece of their own, and nothing is stated of them.
pub(crate) fn is_piece_of_equipment(code: &[u8]) -> bool {
    lends_equipment(code) && code.get(2) != Some(&b'8')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_known_by_its_code() {
        for (code, kind) in [
            ("999999", LineKind::Total),
            ("11AAAA", LineKind::Limited),
            ("A2EEEE", LineKind::Outside),
            ("21ZZZZ", LineKind::Over30Days),
            ("111111", LineKind::Service),
            ("11AAAAA", LineKind::Service),
            ("1AAAA", LineKind::Service),
            ("11", LineKind::Service),
            ("", LineKind::Service),
        ] {
            assert_eq!(LineKind::of(code.as_bytes()), kind, "{code}");
        }
    }

    #[test]
    fn two_kinds_lend_equipment() {
        assert!(lends_equipment(b"171001") && lends_equipment(b"67"));
        assert!(!lends_equipment(b"111111") && !lends_equipment(b"1") && !lends_equipment(b""));
    }
}
