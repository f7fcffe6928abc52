//! 送信単位: which files go together.

use crate::{Rule, Severity, Text};

/// Where the standard speaks of it.
const CLAUSE: &str = "標準仕様: 送信単位";

/// The list of 送信単位.
pub(crate) static UNKNOWN: Rule = Rule {
    id: "unit.unknown",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "連番{found}のファイルの組み合わせは、標準仕様の送信単位ではありません（{wanted}）。",
        en: "The files of sequence {found} make up no 送信単位 of the standard ({wanted}).",
    },
    advice: Text {
        ja: "一緒に送れる組み合わせを確かめ、別々に出力してください。",
        en: "Check which files go together, and export them separately.",
    },
};

/// A mandatory member missing means that the pair is not exchanging data by the standard.
pub(crate) static MEMBER_MISSING: Rule = Rule {
    id: "unit.member-missing",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "連番{found}の送信単位に「{wanted}」がありません。",
        en: "The unit of sequence {found} lacks {wanted}.",
    },
    advice: Text {
        ja: "足りないファイルを介護ソフトから出力し、まとめて送ってください。",
        en: "Export the missing file and send them together.",
    },
};

/// 別表1 and 別表2 go with 利用者基本情報; whether they may be missing is not said.
pub(crate) static MEMBER_WANTED: Rule = Rule {
    id: "unit.member-wanted",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "連番{found}の送信単位に「{wanted}」がありません。",
        en: "The unit of sequence {found} lacks {wanted}.",
    },
    advice: Text {
        ja: "別表に書くことがなければ、そのまま送れます。",
        en: "If there is nothing to say in it, it can be sent as it is.",
    },
};

/// One file per office number and service kind.
pub(crate) static MEMBER_TWICE: Rule = Rule {
    id: "unit.member-twice",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "連番{found}の送信単位に「{wanted}」が2つ以上あります。",
        en: "The unit of sequence {found} has {wanted} more than once.",
    },
    advice: Text {
        ja: "1つにまとめて出力し直してください。", en: "Export again as one file."
    },
};

/// The files of one 連番 have one sender and one receiver.
pub(crate) static PARTIES_DIFFER: Rule = Rule {
    id: "unit.parties-differ",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "同じ連番{found}のファイルで、送信元または送信先が違います（{wanted}）。",
        en: "Files of one sequence {found} have different senders or receivers ({wanted}).",
    },
    advice: Text {
        ja: "送信先ごとに別の連番で出力し直してください。",
        en: "Export again, with a sequence of its own for each receiver.",
    },
};

/// A monthly unit is of one month.
pub(crate) static MONTH_DIFFERS: Rule = Rule {
    id: "unit.month-differs",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "同じ連番{found}のファイルで、年月が違います（{wanted}）。",
        en: "Files of one sequence {found} are of different months ({wanted}).",
    },
    advice: Text {
        ja: "月ごとに別の連番で出力し直してください。",
        en: "Export again, with a sequence of its own for each month.",
    },
};

/// The files of one unit are of one version.
pub(crate) static VERSION_DIFFERS: Rule = Rule {
    id: "unit.version-differs",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "同じ連番{found}のファイルで、CSVバージョンが違います（{wanted}）。",
        en: "Files of one sequence {found} are of different CSV versions ({wanted}).",
    },
    advice: Text {
        ja: "1つのバージョンで出力し直してください。",
        en: "Export again in one version.",
    },
};

/// 第2表, 第3表, 第7表, 別表 and 補足 belong to a record of the base: 第1表, 第6表, 利用者基本情報,
/// 支援計画書.
pub(crate) static KEY_NOT_IN_BASE: Rule = Rule {
    id: "unit.key-not-in-base",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "このレコードの利用者と日付（{found}）が、「{wanted}」にありません。",
        en: "There is no record of this person and date ({found}) in {wanted}.",
    },
    advice: Text {
        ja: "同じ利用者・同じ日付（対象年月）で、まとめて出力し直してください。",
        en: "Export them again together, for the same persons and the same date or month.",
    },
};

/// That a base must have its dependents for every person is not stated.
pub(crate) static BASE_WITHOUT_DEPENDENT: Rule = Rule {
    id: "unit.base-without-dependent",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "このレコードの利用者と日付（{found}）が、「{wanted}」にありません。",
        en: "There is no record of this person and date ({found}) in {wanted}.",
    },
    advice: Text {
        ja: "相手のソフトが取り込めないことがあります。出力の条件を確かめてください。",
        en: "The partner's software may not import it; check what was chosen for export.",
    },
};
