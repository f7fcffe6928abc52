//! An office does not exchange data with itself.

use crate::{
    FileKind, Rule, Severity, Text,
    example::{Base, Edit, Example},
};

/// An office does not exchange data with itself.
pub(crate) static RULE: Rule = Rule {
    id: "name.same-office",
    severity: Severity::Error,
    because: Text {
        ja: "実システムの案内に「自事業所あてには送れない」とあり、送信が失敗します。",
        en: "The real system's guide says that an office cannot send to its own number; the sending fails.",
    },
    clause: "システムの案内（FAQ）: 送信先",
    states: Text {
        ja: "送信元と送信先は、別の事業所番号です。",
        en: "Sender and receiver have different office numbers.",
    },
    text: Text {
        ja: "送信元と送信先が同じ事業所（{found}）です。",
        en: "Sender and receiver are one office ({found}).",
    },
    advice: Text {
        ja: "送信先を選び直して出力してください。自事業所あてには送れません。",
        en: "Choose the receiver again and export; an office cannot send to itself.",
    },
    example: Example {
        of: Base::Results,
        accepted: &[],
        refused: &[Edit::Rename(FileKind::Results, "2770100012", "2770200036")],
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::tests::found;

    #[test]
    fn an_office_does_not_send_to_itself_as_another_service_either() {
        let edit = Edit::Rename(FileKind::Results, "2770100012_43", "2770200036_43");
        assert_eq!(found(Base::Results, &[edit]), ["name.same-office"]);
        let plain = Edit::Rename(FileKind::Results, "2770100012", "2770200036");
        assert_eq!(found(Base::ResultsPlain, &[plain]), ["name.same-office"]);
    }
}
