//! Items of one record that must agree with each other.

use crate::{Rule, Severity, Text};

/// Where the standard speaks of it.
const CLAUSE: &str = "標準仕様: 項目定義";

/// 対象年月 is the one service month, and every サービス利用日 lies in it.
pub(crate) static DAY_OUTSIDE_MONTH: Rule = Rule {
    id: "record.day-outside-month",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」が対象年月（{wanted}）の日ではありません。",
        en: "The day of {item} ({found}) does not lie in the service month ({wanted}).",
    },
    advice: Text {
        ja: "利用日と対象年月を介護ソフトで確かめてください。",
        en: "Check the day and the service month in the care software.",
    },
};

/// 日割対象日 has 31 digits in every month; those beyond its end are 0.
pub(crate) static DAY_MAP_BEYOND_MONTH: Rule = Rule {
    id: "record.day-map-beyond-month",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}に、その月にない日（{found}日）の印があります（{wanted}日まで）。",
        en: "A day that the month does not have ({found}) is marked in {item}; it ends with {wanted}.",
    },
    advice: Text {
        ja: "介護ソフトで日割りの日を確かめてください。",
        en: "Check the days that are billed by the day in the care software.",
    },
};

/// 9999 stands for "no time", so both times or neither are 9999.
pub(crate) static ONE_TIME_MISSING: Rule = Rule {
    id: "record.one-time-missing",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}だけが9999です。開始と終了の両方を9999にするか、両方に時刻を入れます。",
        en: "Only {item} is 9999: either both times are, or neither.",
    },
    advice: Text {
        ja: "介護ソフトでサービスの時刻を確かめてください。",
        en: "Check the times of the service in the care software.",
    },
};

/// Not stated, since an overnight service ends on the day after.
pub(crate) static END_BEFORE_START: Rule = Rule {
    id: "record.end-before-start",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」が開始時刻（{wanted}）より前です。",
        en: "The service ends ({item}, {found}) before it starts ({wanted}).",
    },
    advice: Text {
        ja: "夜間をまたぐサービスなら、このまま送れます。",
        en: "It can be sent as it is if the service lasts over midnight.",
    },
};

/// Not stated for add-ons of 福祉用具貸与, so it refuses nothing.
pub(crate) static EQUIPMENT_CODE_MISSING: Rule = Rule {
    id: "record.equipment-code-missing",
    severity: Severity::Warning,
    clause: CLAUSE,
    text: Text {
        ja: "福祉用具貸与（{found}）に、TAISコードも福祉用具届出コードもありません。",
        en: "Equipment on loan ({found}) has neither TAISコード nor 福祉用具届出コード.",
    },
    advice: Text {
        ja: "用具の行なら、どちらかのコードを介護ソフトで入力してください。",
        en: "If the row is a piece of equipment, enter one of the codes in the care software.",
    },
};

/// 明細判別コード tells pieces of equipment apart; elsewhere it is empty.
pub(crate) static DETAIL_CODE_STRAY: Rule = Rule {
    id: "record.detail-code-stray",
    severity: Severity::Error,
    clause: CLAUSE,
    text: Text {
        ja: "{item}「{found}」は福祉用具貸与（17）だけの項目です（この行は{wanted}）。",
        en: "Only services of kind 17 have {item} ({found}); this one is of kind {wanted}.",
    },
    advice: Text {
        ja: "空にして出力し直してください。介護ソフトの提供元に連絡してください。",
        en: "Leave it empty and export again; tell the care software's vendor.",
    },
};
