//! ファイル名.

use crate::{Rule, Severity, Text};

/// Where the standard speaks of it.
const CLAUSE: &str = "標準仕様: ファイル名";

/// `.CSV` (or `.csv`) for records, `.jpg` for pictures.
pub(crate) static EXTENSION: Rule = Rule {
    id: "name.extension",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名の拡張子が「{wanted}」ではありません。",
        en: "The name does not end in {wanted}.",
    },
    advice: Text { ja: "拡張子を確かめてください。", en: "Check the extension." },
};

/// A name begins with the prefix of its kind.
pub(crate) static PREFIX: Rule = Rule {
    id: "name.prefix",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名の先頭が標準仕様の種類ではありません。",
        en: "The name begins with no kind of file of the standard.",
    },
    advice: Text {
        ja: "介護ソフトが出力した名前のまま送ってください。",
        en: "Send it under the name that the care software gave it.",
    },
};

/// Prefix, month where the kind has one, sender, receiver, sequence.
pub(crate) static PARTS: Rule = Rule {
    id: "name.parts",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名の区切り（_）の数が正しくありません。",
        en: "The name has too many or too few parts.",
    },
    advice: Text {
        ja: "介護ソフトが出力した名前のまま送ってください。「(1)」などが付いていないか確かめてください。",
        en: "Send it under the name that the care software gave it; look for a \"(1)\" that was added.",
    },
};

/// The month is YYYYMM, where the kind has one; `000000` only for 補足 with 第1表–第3表.
pub(crate) static MONTH: Rule = Rule {
    id: "name.month",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名の年月が正しくありません。",
        en: "The month in the name is not as it should be.",
    },
    advice: Text {
        ja: "この種類のファイルに年月が要るか、実在する年月かを確かめてください。",
        en: "Check whether this kind of file carries a month, and whether it exists.",
    },
};

/// Ten digits, the third may be A.
pub(crate) static OFFICE: Rule = Rule {
    id: "name.office",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名の事業所番号が10桁ではありません。",
        en: "An office number in the name is not 10 digits.",
    },
    advice: Text {
        ja: "送信元・送信先の事業所番号を確かめてください。",
        en: "Check the sender's and the receiver's office number.",
    },
};

/// Two characters, in V4 names.
pub(crate) static SERVICE_KIND: Rule = Rule {
    id: "name.service-kind",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名のサービス種類コードが英数字2文字ではありません。",
        en: "A service kind in the name is not 2 characters.",
    },
    advice: Text {
        ja: "送信元・送信先のサービス種類コードを確かめてください。",
        en: "Check the sender's and the receiver's service kind.",
    },
};

/// A side of an exchange is a service in scope, or 43, 46, AF.
pub(crate) static SERVICE_KIND_UNKNOWN: Rule = Rule {
    id: "name.service-kind-not-carried",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名のサービス種類コード「{found}」は標準仕様の対象ではありません。",
        en: "The service kind {found} in the name is not carried by the standard.",
    },
    advice: Text {
        ja: "介護ソフトの事業所設定でサービス種類を確かめてください。",
        en: "Check the service kind in the care software's office settings.",
    },
};

/// ファイル連番: YYYYMMDDHHMMSS.
pub(crate) static SEQUENCE: Rule = Rule {
    id: "name.sequence",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名の連番が数字14桁ではありません。",
        en: "The sequence in the name is not 14 digits.",
    },
    advice: Text {
        ja: "介護ソフトが出力した名前のまま送ってください。",
        en: "Send it under the name that the care software gave it.",
    },
};

/// ファイル連番 is a time.
pub(crate) static SEQUENCE_NOT_A_TIME: Rule = Rule {
    id: "name.sequence-not-a-time",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名の連番「{found}」は実在する日時ではありません。",
        en: "The sequence {found} is no time that exists.",
    },
    advice: Text {
        ja: "連番は YYYYMMDDHHMMSS です。介護ソフトの提供元に連絡してください。",
        en: "The sequence is YYYYMMDDHHMMSS; tell the care software's vendor.",
    },
};

/// A picture's name ends in a branch of four digits.
pub(crate) static BRANCH: Rule = Rule {
    id: "name.branch",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "画像のファイル名の枝番が数字4桁ではありません。",
        en: "The branch in the picture's name is not 4 digits.",
    },
    advice: Text {
        ja: "枝番は 0001 からの4桁です。", en: "The branch is 4 digits, from 0001."
    },
};

/// The published text contradicts itself: a UPKIHON example carries `000000`.
pub(crate) static UNUSUAL_FORM: Rule = Rule {
    id: "name.unusual-form",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名に、例示だけに見られる「000000」があります。",
        en: "The name carries a 000000 that stands only in an example.",
    },
    advice: Text {
        ja: "そのまま送れます。相手のソフトが読めないときは提供元に連絡してください。",
        en: "It can be sent; tell the vendor if the partner's software cannot read it.",
    },
};

/// A monthly file holds the one month that its name says. Reported once a file.
pub(crate) static MONTH_DIFFERS: Rule = Rule {
    id: "name.month-differs",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名の年月と、レコードの{item}「{found}」が違います（ファイル名は{wanted}）。",
        en: "The name says {wanted}, but {item} is {found}.",
    },
    advice: Text {
        ja: "対象年月を選び直して出力してください。ファイル名だけを直さないでください。",
        en: "Choose the month again and export; do not just rename the file.",
    },
};

/// V4 names carry service kinds, V3 names do not.
pub(crate) static FORM_DIFFERS: Rule = Rule {
    id: "name.form-differs",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "ファイル名の形と中身のCSVバージョン（{found}）が合いません。",
        en: "The form of the name does not go with the content's CSV version ({found}).",
    },
    advice: Text {
        ja: "バージョン4の名前にはサービス種類コードが入り、バージョン3には入りません。出力し直してください。",
        en: "Names of version 4 carry service kinds, those of version 3 do not; export again.",
    },
};

/// An office does not exchange data with itself.
pub(crate) static SAME_OFFICE: Rule = Rule {
    id: "name.same-office",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "送信元と送信先が同じ事業所（{found}）です。",
        en: "Sender and receiver are one office ({found}).",
    },
    advice: Text {
        ja: "送信先を選び直して出力してください。自事業所あてには送れません。",
        en: "Choose the receiver again and export; an office cannot send to itself.",
    },
};

/// 予定 and plans go from planners (43, 46, AF) to services; 実績 goes the other way.
pub(crate) static ROLE: Rule = Rule {
    id: "name.role",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "サービス種類{found}の事業所は、この種類のファイルを{wanted}。",
        en: "An office of service kind {found} {wanted} files of this kind.",
    },
    advice: Text {
        ja: "送信元・送信先のサービス種類と、ファイルの種類を確かめてください。",
        en: "Check both sides' service kinds and the kind of file.",
    },
};

/// A dash in the table of roles between planners; whether it forbids is not said.
pub(crate) static UNUSUAL_ROLE: Rule = Rule {
    id: "name.unusual-role",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "サービス種類{found}の事業所が、この種類のファイルを{wanted}組み合わせは標準仕様の表にありません。",
        en: "The standard's table of who writes and reads what has no {found} that {wanted} files of this kind.",
    },
    advice: Text {
        ja: "委託など、相手と取り決めた使い方なら送れます。",
        en: "It can be sent where both sides have agreed on it.",
    },
};
