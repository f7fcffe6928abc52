//! V4 names carry service kinds, V3 names do not.

use crate::{Rule, Severity, Text, example::Example};

/// V4 names carry service kinds, V3 names do not.
pub(crate) static RULE: Rule = Rule {
    id: "name.form-differs",
    severity: Severity::Error,
    because: Text { ja: "", en: "" },
    clause: "標準仕様: ファイル名",
    states: Text { ja: "", en: "" },
    text: Text {
        ja: "ファイル名の形と中身のCSVバージョン（{found}）が合いません。",
        en: "The form of the name does not go with the content's CSV version ({found}).",
    },
    advice: Text {
        ja: "バージョン4の名前にはサービス種類コードが入り、バージョン3には入りません。出力し直してください。",
        en: "Names of version 4 carry service kinds, those of version 3 do not; export again.",
    },
    example: Example::NONE,
};
