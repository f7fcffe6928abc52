//! 別表1 and 別表2 go with 利用者基本情報; whether they may be missing is not said.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// 別表1 and 別表2 go with 利用者基本情報; whether they may be missing is not said.
pub(crate) static RULE: Rule = Rule {
    id: "unit.member-wanted",
    severity: Severity::Warning,
    because: Text {
        ja: "別表がなくてよいかは書かれていないので、拒みません。",
        en: "Whether they may be missing is not said, so it never refuses.",
    },
    clause: "標準仕様 4.1 送信単位: 利用者基本情報",
    states: Text {
        ja: "利用者基本情報は、別表1・別表2と一緒に送ります。",
        en: "利用者基本情報 goes with its 別表1 and 別表2.",
    },
    text: Text {
        ja: "連番{found}の送信単位に「{wanted}」がありません。",
        en: "The unit of sequence {found} lacks {wanted}.",
    },
    advice: Text {
        ja: "別表に書くことがなければ、そのまま送れます。",
        en: "If there is nothing to say in it, it can be sent as it is.",
    },
    example: Example {
        of: Base::PersonRecord,
        accepted: &[],
        refused: &[Edit::DropFile(FileKind::PersonRecordDay)],
    },
};
