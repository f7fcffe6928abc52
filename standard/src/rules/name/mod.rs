//! ファイル名.

use crate::{FileKind, FileName, NameFault, Rule, attachments::AttachmentCheck, row::Breach};

mod branch;
mod case_only_differs;
mod extension;
pub(crate) mod form_differs;
mod month;
pub(crate) mod month_differs;
mod office;
mod parts;
mod prefix;
mod role;
mod same_office;
mod sequence;
mod sequence_not_a_time;
mod service_kind;
mod service_kind_unknown;
mod unusual_form;
mod unusual_role;

pub(crate) use branch::RULE as BRANCH;
pub(crate) use case_only_differs::{RULE as CASE_ONLY_DIFFERS, check as check_cases};
pub(crate) use extension::RULE as EXTENSION;
pub(crate) use form_differs::RULE as FORM_DIFFERS;
pub(crate) use month::RULE as MONTH;
pub(crate) use month_differs::RULE as MONTH_DIFFERS;
pub(crate) use office::RULE as OFFICE;
pub(crate) use parts::RULE as PARTS;
pub(crate) use prefix::RULE as PREFIX;
pub(crate) use role::RULE as ROLE;
pub(crate) use same_office::RULE as SAME_OFFICE;
pub(crate) use sequence::RULE as SEQUENCE;
pub(crate) use sequence_not_a_time::RULE as SEQUENCE_NOT_A_TIME;
pub(crate) use service_kind::RULE as SERVICE_KIND;
pub(crate) use service_kind_unknown::RULE as SERVICE_KIND_UNKNOWN;
pub(crate) use unusual_form::RULE as UNUSUAL_FORM;
pub(crate) use unusual_role::RULE as UNUSUAL_ROLE;

/// What is wrong with a name of the standard in itself, but for who sends to whom.
pub(crate) fn check(name: &FileName) -> Vec<Breach> {
    let mut breaches: Vec<_> = sequence_not_a_time::check(name).into_iter().collect();
    breaches.extend(service_kind_unknown::check(name));
    breaches.extend(unusual_form::check(name));
    breaches
}

/// What is wrong with a name that cannot be read. None where the file was not meant to be one of the
/// standard's: a mistake in a name makes no attachment of it.
pub(crate) fn misread(file: &AttachmentCheck, fault: NameFault) -> Option<Breach> {
    let wanted = extension::wanted(file.name());
    let breach = || Breach::new(rule_of(fault)).found(file.name()).wanted(wanted);
    is_meant_for_the_standard(file).then(breach)
}

/// Whether the name is built as the standard builds names: a known beginning on a CSV, nearly one
/// with the numbers of offices and sequence behind it, or a known one with numbers on another file.
fn is_meant_for_the_standard(file: &AttachmentCheck) -> bool {
    let name = file.name();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let numbers = stem.split(['_', ' ']).filter(|part| is_long_number(part)).count();
    if extension.eq_ignore_ascii_case("csv") {
        return begins_as_the_standard_has_it(&stem.to_ascii_uppercase())
            || 1 < numbers && prefix::is_near(stem);
    }
    // No rule names the files that travel beside: a PDF may be called as the CSV that it shows. A
    // text is that CSV where its whole name is.
    let is_text = extension.eq_ignore_ascii_case("txt");
    let is_whole = |name: &str| FileName::parse(name).is_ok();
    let is_beside = !stem.starts_with(FileKind::PersonRecordImage.prefix())
        && !(is_text && (is_whole(stem) || is_whole(&format!("{stem}.CSV"))))
        && file.fault().is_none();
    begins_as_the_standard_has_it(stem) && 0 < numbers && !is_beside
}

fn is_long_number(part: &str) -> bool {
    (9..=15).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn begins_as_the_standard_has_it(stem: &str) -> bool {
    let prefixes = FileKind::ALL.map(FileKind::prefix);
    prefixes.iter().any(|prefix| {
        let rest = stem.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
}

fn rule_of(fault: NameFault) -> &'static Rule {
    match fault {
        NameFault::Extension => &EXTENSION,
        NameFault::Prefix => &PREFIX,
        NameFault::Parts => &PARTS,
        NameFault::Month => &MONTH,
        NameFault::Office => &OFFICE,
        NameFault::ServiceKind => &SERVICE_KIND,
        NameFault::Sequence => &SEQUENCE,
        NameFault::Branch => &BRANCH,
    }
}
