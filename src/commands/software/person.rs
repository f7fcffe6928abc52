//! Who is meant by a number that somebody typed.

use std::collections::BTreeSet;

use care_software::{CareSoftware, PersonKey};

use super::stop;
use crate::ui::Stop;

/// The person of a 被保険者番号, as `month` shows it; where two insurers have the number, of
/// `保険者番号-被保険者番号`.
pub(super) fn person(own: &CareSoftware, number: &str) -> Result<PersonKey, Stop> {
    let known = own.known_people().map_err(|error| stop(&error))?;
    find(&known, number)
}

fn find(known: &BTreeSet<PersonKey>, number: &str) -> Result<PersonKey, Stop> {
    let full = |key: &PersonKey| format!("{}-{}", key.insurer, key.insured);
    let is_meant = |key: &&PersonKey| {
        key.insured.eq_ignore_ascii_case(number) || full(key).eq_ignore_ascii_case(number)
    };
    let found: Vec<&PersonKey> = known.iter().filter(is_meant).collect();
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Stop::setup(
            format!(
                "{number} の利用者はいません。software month に出る被保険者番号を指定してください"
            ),
            format!("there is no person {number}; give a number that software month shows"),
        )),
        several => {
            let several: Vec<String> = several.iter().map(|key| full(key)).collect();
            Err(Stop::setup(
                format!(
                    "{number} の利用者は二人以上います。保険者番号を付けて {} のどれかを指定してください",
                    several.join("、")
                ),
                format!("{number} is several people; give one of {}", several.join(", ")),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_two_insurers_have_asks_for_the_insurer() {
        let key = |insurer: &str, insured: &str| PersonKey {
            insurer: insurer.to_owned(),
            insured: insured.to_owned(),
        };
        let known: BTreeSet<PersonKey> =
            [key("271004", "0000000101"), key("271005", "0000000101"), key("271004", "H000000102")]
                .into();
        let found = |number: &str| find(&known, number).ok();
        assert_eq!(found("271005-0000000101"), Some(key("271005", "0000000101")));
        assert_eq!(found("h000000102"), Some(key("271004", "H000000102")));
        for wrong in ["0000000101", "0000000999", ""] {
            assert!(matches!(find(&known, wrong), Err(Stop::Setup { .. })), "{wrong}");
        }
        let Err(asks) = find(&known, "0000000101") else { return };
        assert!(asks.line(careplan_protocol::Lang::Ja).contains("271005-0000000101"));
    }
}
