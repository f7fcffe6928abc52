//! A new version applies from the service month of its start.

use crate::{Rule, Severity, Text, example::Example};

/// A new version applies from the service month of its start.
pub(crate) static RULE: Rule = Rule {
    id: "version.before-service-month",
    severity: Severity::Warning,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: CSVバージョン",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "CSVバージョン{found}は{wanted}のサービスからのものです。",
        en: "CSV version {found} is for services from {wanted} on.",
    },
    advice: Text {
        ja: "それより前の月は、前のバージョンで出力するのが決まりです。相手と確かめてください。",
        en: "Earlier months go in the version before it; ask the partner.",
    },
    example: Example::NONE,
};
