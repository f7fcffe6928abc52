//! CSVバージョン.

use crate::{FileName, Standard, Version, row::Breach, rules::name::form_differs};

mod as_printed;
mod before_service_month;
mod layout_missing;
mod mixed;
mod unknown;

pub(crate) use as_printed::RULE as AS_PRINTED;
pub(crate) use before_service_month::RULE as BEFORE_SERVICE_MONTH;
pub(crate) use layout_missing::RULE as LAYOUT_MISSING;
pub(crate) use mixed::RULE as MIXED;
pub(crate) use unknown::RULE as UNKNOWN;

/// The version of this value, or the one that an example of the published text means by it.
pub(crate) fn known<'s>(standard: &'s Standard, value: &str) -> Option<&'s Version> {
    standard.version(value).or_else(|| as_printed::meant(standard, value))
}

/// Whether a version has no file of this kind. A picture has no record that says its version: its
/// name does.
pub(crate) fn lacks(version: &Version, name: &FileName) -> Option<Breach> {
    layout_missing::check(name, version)
}

/// What is wrong with a version that is met in a file, at the first record that has it. `before` is
/// the one that the records above have.
pub(crate) fn check(
    standard: &Standard,
    name: &FileName,
    (value, record): (&str, u32),
    before: Option<&str>,
) -> Vec<Breach> {
    let at = |rule| Breach {
        item: Some((1, "CSVバージョン".to_owned())),
        ..Breach::new(rule).at(record).found(value)
    };
    let Some(version) = known(standard, value) else {
        return vec![Breach { wanted: unknown::wanted(standard, value), ..at(&UNKNOWN) }];
    };
    let mut breaches = vec![];
    breaches.extend(before.map(|before| at(&MIXED).wanted(before)));
    if version.value != value {
        breaches.push(at(&AS_PRINTED).wanted(version.value.as_str()));
    }
    breaches.extend(form_differs::check(name, version));
    breaches.extend(before_service_month::check(name, version));
    breaches.extend(lacks(version, name));
    breaches
}
