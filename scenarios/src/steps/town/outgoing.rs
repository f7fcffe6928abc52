//! What the software of a town's offices writes, ready to be sent.

use std::path::Path;

use careplan_protocol::Party as WireParty;
use careplan_sandbox::{
    care_software::{
        Answer, CareSoftware, EntrustedMonth, ExportOrder, OutFile, Practice, Sending as Written,
        SoftwareError, Town, What,
    },
    reference_client::{Sending, SendingFile},
};
use careplan_standard::{Month, OfficeNumber, Sequence, Standard};

use super::super::software::software as unwilling;
use crate::Failure;

/// 予定 for each service office of a practice, in the version that the office's software reads.
pub(super) fn slips(
    town: &Town,
    folder: &Path,
    sequence: Sequence,
) -> Result<Vec<Sending>, Failure> {
    let software = CareSoftware::open(folder).map_err(unwilling)?;
    let mut slips = Vec::new();
    for version in Standard::bundled().versions() {
        let order = ExportOrder {
            what: What::Slip,
            month: Some(town.month),
            version: Some(version.value.clone()),
            sequence,
            to: None,
        };
        let written = software.export(&order).map_err(unwilling)?;
        let read = written.into_iter().filter(|one| {
            town.version_for(one.to.office).is_some_and(|read| read.value == version.value)
        });
        slips.extend(read.map(ready));
    }
    Ok(slips)
}

/// 実績 for each practice that planned; a message where there is none.
pub(super) fn results(
    month: Month,
    folder: &Path,
    sequence: Sequence,
) -> Result<Vec<Sending>, Failure> {
    let software = CareSoftware::open(folder).map_err(unwilling)?;
    let order =
        ExportOrder { what: What::Results, month: Some(month), version: None, sequence, to: None };
    let written = match software.export(&order) {
        Err(SoftwareError::NothingProvided { .. }) => Vec::new(),
        written => written.map_err(unwilling)?,
    };
    let recorded = software.home().recorded(month).map_err(unwilling)?;
    let answers = recorded.into_iter().flat_map(|recorded| recorded.answers);
    let empty = answers.filter(|answer| answer.rows.is_empty());
    let letter = |answer: Answer| Sending {
        message: format!("{}月のご利用はありませんでした", month.month()),
        destination: Some(WireParty { office: answer.to, kind: answer.to_kind }),
        ..Sending::default()
    };
    Ok(written.into_iter().map(ready).chain(empty.map(letter)).collect())
}

/// 実績 of those whom a centre has entrusted to a practice, with their 予定.
pub(super) fn onward(
    town: &Town,
    practice: OfficeNumber,
    folder: &Path,
    sequence: Sequence,
) -> Result<Sending, Failure> {
    let is_it = |one: &&Practice| one.people.cast.manager.number == practice;
    let practice = town.practices.iter().find(is_it);
    let centre = practice.ok_or_else(|| Failure::ours("町にない居宅"))?.centre.number;
    let software = CareSoftware::open(folder).map_err(unwilling)?;
    let order = EntrustedMonth { centre, month: town.month, version: None, sequence };
    software.export_entrusted(&order).map(ready).map_err(unwilling)
}

fn ready(written: Written) -> Sending {
    let files = written.files.into_iter();
    let file = |file: OutFile| SendingFile { name: file.name.to_string(), bytes: file.bytes };
    Sending::new(files.map(file).collect())
}
