//! The file of offices that a hub is started with.

use std::{fmt::Display, fs, path::Path};

use careplan_protocol::{OfficeNumber, ServiceKind};
use reference_hub::{Licence, LicencePlan, OfficeRegistration};
use serde::Deserialize;
use time::OffsetDateTime;

use crate::ui::Stop;

/// An office, as the file lists it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfficeEntry {
    office: String,
    name: String,
    kinds: Vec<String>,
    #[serde(default)]
    prefecture: Option<String>,
    #[serde(default)]
    versions: Vec<String>,
    #[serde(default)]
    licence: Option<LicenceEntry>,
    /// A licence by its end alone.
    #[serde(default, with = "time::serde::rfc3339::option")]
    licence_until: Option<OffsetDateTime>,
}

/// A licence, as it was applied for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LicenceEntry {
    #[serde(with = "time::serde::rfc3339")]
    applied_at: OffsetDateTime,
    #[serde(default)]
    plan: PlanEntry,
    #[serde(default)]
    renews: Option<bool>,
}

#[derive(Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PlanEntry {
    #[default]
    Ordinary,
    FreePass,
}

/// Reads the file.
pub(super) fn read(path: &Path) -> Result<Vec<OfficeRegistration>, Stop> {
    let text = fs::read_to_string(path).map_err(|error| Stop::path(path, &error))?;
    let read = |text| -> Result<Vec<OfficeRegistration>, Box<dyn Display>> {
        let entries: Vec<OfficeEntry> = serde_json::from_str(text).map_err(boxed)?;
        entries.into_iter().map(registration).collect()
    };
    read(&text).map_err(|what| {
        let path = path.display();
        let form = r#"[{"office":"2770200036","name":"…","kinds":["11"],"licence_until":"2027-04-01T00:00:00+09:00"}]"#;
        Stop::setup(
            format!("{path} が読めません（{what}）。形は {form} です"),
            format!("{path} cannot be read ({what}); its form is {form}"),
        )
    })
}

fn registration(entry: OfficeEntry) -> Result<OfficeRegistration, Box<dyn Display>> {
    if let Some(text) = [&entry.name]
        .into_iter()
        .chain(&entry.versions)
        .find(|text| text.contains(char::is_control))
    {
        return Err(boxed(format!("制御文字 / a control character: {text:?}")));
    }
    let office: OfficeNumber = entry.office.parse().map_err(boxed)?;
    let kinds: Result<Vec<ServiceKind>, _> = entry.kinds.iter().map(|kind| kind.parse()).collect();
    let prefecture = entry.prefecture.map(|text| text.parse()).transpose().map_err(boxed)?;
    Ok(OfficeRegistration {
        office,
        name: entry.name,
        kinds: kinds.map_err(boxed)?,
        prefecture,
        versions: entry.versions,
        licence: entry.licence.map(applied).or_else(|| entry.licence_until.map(Licence::until)),
    })
}

fn applied(entry: LicenceEntry) -> Licence {
    let plan = match entry.plan {
        PlanEntry::Ordinary => LicencePlan::Ordinary,
        PlanEntry::FreePass => LicencePlan::FreePass,
    };
    let licence = Licence::applied(entry.applied_at, plan);
    Licence { renews: entry.renews.unwrap_or(licence.renews), ..licence }
}

fn boxed(error: impl Display + 'static) -> Box<dyn Display> {
    Box::new(error)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn licence(members: &str) -> Result<Option<Licence>, String> {
        let text = format!(
            r#"{{"office": "2770200036", "name": "みどりヘルパーステーション", "kinds": ["11"]{members}}}"#
        );
        let entry: OfficeEntry = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        registration(entry).map(|office| office.licence).map_err(|error| error.to_string())
    }

    #[test]
    fn a_licence_is_given_by_its_application_or_by_its_end() {
        let applied = datetime!(2025-07-01 09:00 +9);
        assert_eq!(licence(""), Ok(None));
        assert_eq!(
            licence(r#", "licence_until": "2026-04-01T00:00:00+09:00""#),
            Ok(Some(Licence::until(datetime!(2026-04-01 00:00 +9))))
        );
        assert_eq!(
            licence(r#", "licence": {"applied_at": "2025-07-01T09:00:00+09:00"}"#),
            Ok(Some(Licence::applied(applied, LicencePlan::Ordinary)))
        );
        let free = Licence::applied(applied, LicencePlan::FreePass);
        assert_eq!(
            licence(
                r#", "licence": {"applied_at": "2025-07-01T09:00:00+09:00",
                     "plan": "free-pass", "renews": false}"#
            ),
            Ok(Some(Licence { renews: false, ..free }))
        );
    }

    #[test]
    fn what_is_misspelt_is_not_passed_over() {
        for wrong in [
            r#", "licenced_until": "2026-04-01T00:00:00+09:00""#,
            r#", "licence": {"plan": "ordinary"}"#,
            r#", "licence": {"applied_at": "2025-07-01T09:00:00+09:00", "plan": "free"}"#,
            r#", "prefecture": "関西""#,
            r#", "versions": ["2024\u000007"]"#,
        ] {
            assert!(licence(wrong).is_err(), "{wrong}");
        }
    }
}
