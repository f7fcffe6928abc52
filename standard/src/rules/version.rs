//! CSVバージョン.

use crate::{Rule, Severity, Text};

/// Where the standard speaks of it.
const CLAUSE: &str = "標準仕様: CSVバージョン";

/// Only these versions are carried.
pub(crate) static UNKNOWN: Rule = Rule {
    id: "version.unknown",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "CSVバージョン「{found}」は使えません（使えるのは {wanted}）。",
        en: "The CSV version {found} is not carried (carried are {wanted}).",
    },
    advice: Text {
        ja: "介護ソフトのバージョン設定を確かめてください。",
        en: "Check the version setting of the care software.",
    },
};

/// One file holds one CSVバージョン.
pub(crate) static MIXED: Rule = Rule {
    id: "version.mixed",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "1つのファイルに2つのCSVバージョンがあります（{wanted} と {found}）。",
        en: "One file holds two CSV versions ({wanted} and {found}).",
    },
    advice: Text {
        ja: "1つのバージョンで出力し直してください。",
        en: "Export again in one version.",
    },
};

/// 第3表 and the 介護予防 layouts exist since V4.
pub(crate) static LAYOUT_MISSING: Rule = Rule {
    id: "version.layout-missing",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "CSVバージョン{found}にこの種類のファイルはありません。",
        en: "CSV version {found} has no file of this kind.",
    },
    advice: Text {
        ja: "相手がバージョン4に対応しているか確かめ、対応していなければPDFで送ってください。",
        en: "Check whether the partner's software has version 4; if not, send a PDF.",
    },
};

/// The published text contradicts itself: an example shows 202404.
pub(crate) static AS_PRINTED: Rule = Rule {
    id: "version.as-printed",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "CSVバージョン「{found}」は例示だけに見られる値です（{wanted} として検査しました）。",
        en: "The CSV version {found} stands only in an example (checked as {wanted}).",
    },
    advice: Text {
        ja: "そのまま送れます。相手のソフトが読めないときは提供元に連絡してください。",
        en: "It can be sent; tell the vendor if the partner's software cannot read it.",
    },
};

/// A new version applies from the service month of its start.
pub(crate) static BEFORE_SERVICE_MONTH: Rule = Rule {
    id: "version.before-service-month",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "CSVバージョン{found}は{wanted}のサービスからのものです。",
        en: "CSV version {found} is for services from {wanted} on.",
    },
    advice: Text {
        ja: "それより前の月は、前のバージョンで出力するのが決まりです。相手と確かめてください。",
        en: "Earlier months go in the version before it; ask the partner.",
    },
};
