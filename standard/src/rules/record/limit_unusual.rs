//! 区分支給限度基準額 is that of the care level.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
    reconcile::limit_of,
    row::{Breach, Row},
    values::number,
};

/// 区分支給限度基準額 is that of the care level.
pub(crate) static RULE: Rule = Rule {
    id: "record.limit-unusual",
    severity: Severity::Warning,
    because: Text {
        ja: "市町村が別に定めることがあるので、拒みません。",
        en: "A municipality may set another limit, so it never refuses.",
    },
    clause: "標準仕様 利用者補足情報: 項目18 要介護状態区分、項目19 区分支給限度基準額",
    states: Text {
        ja: "区分支給限度基準額は、要介護状態区分で決まる単位数です。",
        en: "区分支給限度基準額 is the units of the care level.",
    },
    text: Text {
        ja: "{item}「{found}」が、要介護状態区分の基準額（{wanted}）と違います。",
        en: "{item} ({found}) is not the limit of the care level ({wanted}).",
    },
    advice: Text {
        ja: "要介護状態区分と基準額を介護ソフトで確かめてください。",
        en: "Check the care level and the limit in the care software.",
    },
    example: Example {
        of: Base::Slip,
        accepted: &[
            Edit::Set(FileKind::Supplement, 1, "要介護状態区分", "25"),
            Edit::Set(FileKind::Supplement, 1, "区分支給限度基準額", "36217"),
        ],
        refused: &[Edit::Set(FileKind::Supplement, 1, "要介護状態区分", "23")],
    },
};

pub(super) fn check(row: &Row<'_>) -> Option<Breach> {
    let (_, level) = row.named("要介護状態区分")?;
    let (item, limit) = row.named("区分支給限度基準額")?;
    let (wanted, _) = limit_of(std::str::from_utf8(level).ok()?)?;
    // Where the level changed within the month, the heavier one's limit holds.
    let before = row.named("前回要介護状態区分").map_or(&b""[..], |(_, level)| level);
    let before = std::str::from_utf8(before).ok().and_then(limit_of).map(|(limit, _)| limit);
    let is_other = number(limit).is_some_and(|limit| limit != wanted && Some(limit) != before);
    is_other.then(|| row.breach(&RULE, item, limit).wanted(wanted.to_string()))
}

#[cfg(test)]
mod tests {
    use crate::{
        FileKind,
        example::{Base, Edit, tests::found},
    };

    #[test]
    fn the_heavier_of_two_levels_has_its_limit_for_the_month() {
        let level = |now, before, limit| {
            let set = |item, value| Edit::Set(FileKind::Supplement, 1, item, value);
            let edits = [
                set("要介護状態区分", now),
                set("前回要介護状態区分", before),
                set("区分支給限度基準額", limit),
            ];
            found(Base::Slip, &edits)
        };
        assert_eq!(level("06", "", "5032"), [""; 0]);
        assert_eq!(level("22", "23", "27048"), [""; 0]);
        assert_eq!(level("22", "23", "16765"), ["?record.limit-unusual@1.19"]);
        assert_eq!(level("22", "", ""), [""; 0]);
    }
}
