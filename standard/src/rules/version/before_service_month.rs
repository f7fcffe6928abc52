//! A new version applies from the service month of its start.

use crate::{
    FileKind, FileName, NameMonth, Rule, Severity, Text, Version,
    example::{Base, Edit, Example},
    row::Breach,
};

/// A new version applies from the service month of its start.
pub(crate) static RULE: Rule = Rule {
    id: "version.before-service-month",
    severity: Severity::Warning,
    because: Text {
        ja: "月遅れの扱いは書かれておらず、実システムは両方のバージョンを運んでいるので、拒みません。",
        en: "What becomes of late months is not written, and the real system carries both versions: no reason to refuse.",
    },
    clause: "標準仕様 CSVバージョン: 適用開始のサービス提供年月",
    states: Text {
        ja: "新しいバージョンは、適用開始のサービス提供年月の分から使います（202208は2023年1月、202407は2025年4月）。",
        en: "A version is used from the service month of its start on (202208: January 2023; 202407: April 2025).",
    },
    text: Text {
        ja: "CSVバージョン{found}は{wanted}のサービスからのものです。",
        en: "CSV version {found} is for services from {wanted} on.",
    },
    advice: Text {
        ja: "それより前の月は、前のバージョンで出力するのが決まりです。相手と確かめてください。",
        en: "Earlier months go in the version before it; ask the partner.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::Results, "_202505_", "_202503_")],
    },
};

pub(super) fn check(name: &FileName, version: &Version) -> Option<Breach> {
    let month = name.month.and_then(NameMonth::month)?;
    let since = || version.since.to_string();
    (month < version.since).then(|| Breach::new(&RULE).found(&version.value).wanted(since()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn months_before_the_version_s_start_are_named_and_refuse_nothing() {
        let of = |month| {
            let name = Edit::Rename(FileKind::ResultsWithdrawal, "202505", month);
            let item = Edit::Set(FileKind::ResultsWithdrawal, 1, "削除対象年月", month);
            found(Base::ResultsWithdrawal, &[name, item])
        };
        assert_eq!(of("202503"), ["?version.before-service-month"]);
        assert_eq!(of("202504"), [""; 0]);
        assert_eq!(of("202612"), [""; 0]);
    }
}
