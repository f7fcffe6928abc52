//! Who may send what to whom: the standard's table of roles, by what the hub knows of both offices.
//!
//! In V4 the names say which service is meant, and it has to be one that the office has. In V3 they
//! do not, and any of the office's services may be meant. An office whose services are not
//! registered is not judged.

use careplan_standard::{FileName, Party, ServiceKind, may_receive, may_send};

use crate::{Office, Refusal};

pub(crate) fn check_standing(
    members: &[FileName],
    sender: &Office,
    recipient: &Office,
) -> Result<(), Refusal> {
    for name in members {
        let from = meant(name.from, sender).ok_or(Refusal::SenderKindUnknown(name.from))?;
        let to = meant(name.to, recipient).ok_or(Refusal::RecipientKindUnknown(name.to))?;
        let is_free = |kinds: &[ServiceKind], may: fn(ServiceKind, _) -> bool| {
            kinds.is_empty() || kinds.iter().any(|kind| may(*kind, name.kind))
        };
        let file = name.kind.prefix().to_owned();
        if !is_free(&from, may_send) {
            return Err(Refusal::SenderRole { file });
        }
        if !is_free(&to, may_receive) {
            return Err(Refusal::RecipientRole { file });
        }
    }
    Ok(())
}

/// The services of the office that a name may mean; none if it names one that the office has not.
fn meant(side: Party, office: &Office) -> Option<Vec<ServiceKind>> {
    match side.kind {
        None => Some(office.kinds.clone()),
        Some(kind) if office.kinds.is_empty() || office.kinds.contains(&kind) => Some(vec![kind]),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(number: &str, kinds: &str) -> Office {
        let kinds = kinds.split_whitespace().map(|kind| kind.parse().expect("a kind"));
        Office {
            number: number.parse().expect("an office number"),
            name: String::new(),
            kinds: kinds.collect(),
            prefecture: None,
            versions: Vec::new(),
            licence: None,
        }
    }

    /// One file from an office with some kinds to another; the names carry kinds or do not.
    fn judged(prefix: &str, from: (&str, &str), to: (&str, &str)) -> Result<(), Refusal> {
        let side = |office: &str, kind: &str| match kind {
            "" => office.to_owned(),
            kind => format!("{office}_{kind}"),
        };
        let month = if prefix.contains("KIHON") { "" } else { "_202504" };
        let (own, other) = ("2770100012", "2770200036");
        let (sender, recipient) = (side(own, from.0), side(other, to.0));
        let name = format!("{prefix}{month}_{sender}_{recipient}_20250428171502.CSV");
        let name = FileName::parse(&name).expect("a name of the standard");
        check_standing(&[name], &office(own, from.1), &office(other, to.1))
    }

    #[test]
    fn names_of_v4_mean_a_service_that_both_sides_have() {
        let party = |text: &str| Party {
            office: text.parse().expect("an office number"),
            kind: "46".parse().ok(),
        };
        assert_eq!(judged("UPPLAN", ("43", "43 46"), ("11", "11 13")), Ok(()));
        assert_eq!(
            judged("UPPLAN", ("46", "43"), ("11", "11")),
            Err(Refusal::SenderKindUnknown(party("2770100012")))
        );
        assert_eq!(
            judged("UPJSK", ("11", "11"), ("46", "43")),
            Err(Refusal::RecipientKindUnknown(party("2770200036")))
        );
        assert_eq!(judged("UPPLAN", ("43", ""), ("11", "")), Ok(()), "nothing is known");
    }

    #[test]
    fn names_of_v3_are_judged_by_all_that_an_office_does() {
        let role = |file: &str| Refusal::SenderRole { file: file.to_owned() };
        assert_eq!(judged("UPPLAN", ("", "43"), ("", "11")), Ok(()));
        assert_eq!(judged("UPPLAN", ("", "11"), ("", "15")), Err(role("UPPLAN")));
        assert_eq!(judged("UPPLAN", ("", "11 43"), ("", "15")), Ok(()), "both under one number");
        assert_eq!(judged("UPJSK", ("", "11"), ("", "43")), Ok(()));
        let reads = Refusal::RecipientRole { file: "UPJSK".to_owned() };
        assert_eq!(judged("UPJSK", ("", "43"), ("", "11")), Err(reads));
        assert_eq!(judged("UPJSK", ("", ""), ("", "")), Ok(()), "nothing is known");
    }

    #[test]
    fn a_centre_and_an_office_that_works_for_it_exchange_everything_both_ways() {
        for (prefix, from, to) in [
            ("UPKIHON", "46", "43"),
            ("UPKIHON", "43", "46"),
            ("UPPLAN", "43", "46"),
            ("UPPLAN", "46", "43"),
            ("UPJSK", "43", "46"),
            ("UPJSK", "63", "43"),
            ("UPKIHON", "43", "63"),
        ] {
            assert_eq!(judged(prefix, (from, from), (to, to)), Ok(()), "{prefix} {from} {to}");
        }
    }
}
