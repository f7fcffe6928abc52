//! What a person does with the software: plan, import, record, export, reconcile.
//!
//! Each operation reads what it needs from the folder, decides with the pure modules, and writes
//! the outcome last.

use std::{collections::BTreeSet, path::Path};

use careplan_standard::{
    Check, FileName, FileRole, Month, OfficeNumber, SendingFile, Sequence, Standard, Verdict,
    Version, check_sending,
};

use crate::{
    cast::Cast,
    edition::Edition,
    entrusted::is_astray,
    error::SoftwareError,
    export::{
        AnswerEnvelope, Envelope, PlanBook, Sending, export_plans, export_results, export_slips,
        version_for,
    },
    home::{Home, KeptFile, Owner, People, Role},
    ledger::{Held, Ledger, LeftOut, ReceivedFile},
    person::{PEOPLE_MAX, PersonKey},
    reconcile::{Reconciliation, reconcile},
    record::{Rates, RecordedMonth, record},
    slip::{MonthlyPlan, ServiceRow},
    week::Client,
};

/// What is to be planned.
#[derive(Debug, Clone)]
pub struct PlanOrder {
    /// サービス提供年月.
    pub month: Month,
    /// How many people there are to be, 1 to [`PEOPLE_MAX`]. Those who are there stay.
    pub people: u32,
    /// What the people and their plans are made from.
    pub seed: u64,
    /// Who takes part; a folder that has people keeps the cast that it has.
    pub cast: Cast,
}

/// What is to be exported, or withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// 第1表–第3表 with 補足.
    Plan,
    /// 予定: 第6表, 第7表 and 補足.
    Slip,
    /// 実績.
    Results,
}

/// What is to be exported, and how.
#[derive(Debug, Clone)]
pub struct ExportOrder {
    /// What.
    pub what: What,
    /// Of which month; the latest if none.
    pub month: Option<Month>,
    /// CSVバージョン値; if none, that of the 予定 for 実績, else the newest that applies to the month
    /// and that this edition of the software knows.
    pub version: Option<String>,
    /// ファイル連番.
    pub sequence: Sequence,
    /// Only to this office.
    pub to: Option<OfficeNumber>,
}

/// What an import took in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The files, in the order of their ファイル連番, with the SHA-256 of what was received.
    pub files: Vec<KeptFile>,
    /// Files that are none of the standard's; they were left where they are.
    pub attachments: Vec<String>,
    /// Records that are kept with their file, and change nothing.
    pub left_out: Vec<LeftOut>,
    /// What the check says; nothing of it is an error.
    pub check: Check,
}

/// The software of one office.
#[derive(Debug, Clone)]
pub struct CareSoftware {
    home: Home,
}

impl CareSoftware {
    /// The software of this folder.
    pub(crate) fn at(home: Home) -> Self {
        Self { home }
    }

    /// Opens a folder that is in use.
    ///
    /// # Errors
    /// The folder is not one of this software's, or cannot be read.
    pub fn open(dir: &Path) -> Result<Self, SoftwareError> {
        Home::open(dir).map(|home| Self { home })
    }

    /// Opens the folder of a service office, and makes it if there is none.
    ///
    /// # Errors
    /// The folder is another office's, or cannot be written.
    pub fn service_office(dir: &Path, office: OfficeNumber) -> Result<Self, SoftwareError> {
        match Home::open(dir) {
            Ok(home) if home.owner().office == office => Ok(Self { home }),
            _ => {
                let owner = Owner { office, role: Role::ServiceOffice };
                Home::open_or_create(dir, owner).map(|home| Self { home })
            }
        }
    }

    /// Makes people and their 予定 of a month, in the folder of a 居宅介護支援事業所; the folder
    /// is made if there is none. The same order gives the same people and 予定 on every machine.
    ///
    /// # Errors
    /// A cast that cannot be planned with, too many people, a folder of another office.
    pub fn plan(dir: &Path, order: &PlanOrder) -> Result<(Self, MonthlyPlan), SoftwareError> {
        if let Some(fault) = order.cast.fault() {
            return Err(SoftwareError::BadCast(fault));
        }
        if !(1..=PEOPLE_MAX).contains(&order.people) {
            return Err(SoftwareError::BadPeople { most: PEOPLE_MAX });
        }
        let owner = Owner { office: order.cast.manager.number, role: Role::CareManager };
        let home = Home::open_or_create(dir, owner)?;
        let mut people = match home.people()? {
            Some(known) if known.seed != order.seed => {
                return Err(SoftwareError::OtherSeed { made_with: known.seed });
            }
            Some(known) => known,
            None => People { cast: order.cast.clone(), seed: order.seed, clients: vec![] },
        };
        let first_new = u32::try_from(people.clients.len()).unwrap_or(u32::MAX);
        let newcomers = (first_new..order.people)
            .map(|place| Client::invent(order.seed, place, order.month, &people.cast));
        let newcomers: Vec<Client> = newcomers.collect();
        people.clients.extend(newcomers);
        Self::plan_for(dir, &people, order.month)
    }

    /// Makes the 予定 of a month for people who are known already, in the folder of a
    /// 居宅介護支援事業所; the folder is made if there is none.
    ///
    /// # Errors
    /// A folder of another office, or one that cannot be written.
    pub fn plan_for(
        dir: &Path,
        people: &People,
        month: Month,
    ) -> Result<(Self, MonthlyPlan), SoftwareError> {
        let owner = Owner { office: people.cast.manager.number, role: Role::CareManager };
        let home = Home::open_or_create(dir, owner)?;
        let plan = MonthlyPlan::of(month, &people.clients, &people.cast);
        home.save_people(people)?;
        home.save_plan(&plan)?;
        Ok((Self { home }, plan))
    }

    /// The folder, for looking things up.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Takes in one sending as it was received.
    ///
    /// # Errors
    /// The check refuses it, a file is of a version that this edition does not read, or it is
    /// addressed to another office; nothing is kept then.
    pub fn import(&self, files: &[ReceivedFile]) -> Result<Imported, SoftwareError> {
        let sending: Vec<_> =
            files.iter().map(|file| SendingFile { name: &file.name, bytes: &file.bytes }).collect();
        let check = check_sending(Standard::bundled(), &sending);
        if check.verdict() == Verdict::Fail {
            let names = files.iter().map(|file| file.name.clone()).collect();
            return Err(SoftwareError::Refused { check: Box::new(check), names });
        }
        let edition = self.home.edition()?;
        let mut members: Vec<(FileName, &ReceivedFile)> = vec![];
        let mut attachments = vec![];
        for (facts, file) in check.files.iter().zip(files) {
            if let Some(version) = facts.version.as_ref().filter(|it| edition.version(it).is_none())
            {
                return Err(not_read(file, version, edition));
            }
            match facts.role {
                FileRole::Member(name) => members.push((name, file)),
                FileRole::Misnamed | FileRole::Attachment => attachments.push(file.name.clone()),
            }
        }
        let own = self.home.owner().office;
        if let Some((name, _)) = members.iter().find(|(name, _)| name.to.office != own) {
            return Err(SoftwareError::NotForUs { file: Box::new(*name), own });
        }
        if members.is_empty() {
            return Err(SoftwareError::NoFiles);
        }
        members.sort_by_key(|(name, _)| (name.sequence, name.kind));
        // What cannot be read is refused before it is kept, so that the ledger can always be read.
        let readable: Vec<_> = members.iter().map(|(_, file)| (*file).clone()).collect();
        let Ledger { left_out, .. } = Ledger::replay(&readable, Standard::bundled())?;
        Ok(Imported { files: self.home.keep(&members)?, attachments, left_out, check })
    }

    /// What was received, as it stands now.
    ///
    /// # Errors
    /// A kept file is gone or damaged.
    pub fn ledger(&self) -> Result<Ledger, SoftwareError> {
        let kept = self.home.kept()?;
        let files: Result<Vec<_>, _> = kept.iter().map(|kept| self.home.read_kept(kept)).collect();
        Ledger::replay(&files?, Standard::bundled())
    }

    /// Everybody whom the folder knows of: 利用者 of its own, and whoever has 予定 or 実績 in it.
    ///
    /// # Errors
    /// A file of the folder cannot be read.
    pub fn known_people(&self) -> Result<BTreeSet<PersonKey>, SoftwareError> {
        let clients = self.home.people()?.map_or_else(Vec::new, |people| people.clients);
        let mut known: BTreeSet<_> = clients.into_iter().map(|client| client.person.key).collect();
        let Ledger { planned, provided, .. } = self.ledger()?;
        known.extend(planned.into_iter().chain(provided).map(|held| held.row.person));
        for month in self.home.recorded_months()? {
            let answers = self.home.recorded(month)?.map_or_else(Vec::new, |it| it.answers);
            let rows = answers.into_iter().flat_map(|answer| answer.rows);
            known.extend(rows.map(|row| row.person));
        }
        Ok(known)
    }

    /// Records 実績 of a month (the latest that is planned, if none) from the 予定 received.
    ///
    /// # Errors
    /// The folder of a care manager; a month without 予定 of this office.
    pub fn record(
        &self,
        month: Option<Month>,
        seed: u64,
        rates: Rates,
    ) -> Result<RecordedMonth, SoftwareError> {
        let Owner { office, role } = self.home.owner();
        if role != Role::ServiceOffice {
            return Err(SoftwareError::NotAServiceOffice);
        }
        let ledger = self.ledger()?;
        let of = month.or_else(|| ledger.latest_planned_month());
        let recorded = of.map(|month| record(month, &ledger.planned, office, seed, rates));
        match recorded {
            Some(recorded) if !recorded.answers.is_empty() => {
                self.home.save_recorded(&recorded)?;
                Ok(recorded)
            }
            _ => Err(SoftwareError::NoPlan { month }),
        }
    }

    /// Writes what is to be sent, one sending for each destination.
    ///
    /// # Errors
    /// Nothing to send, an unknown version or destination, 実績 without a row.
    pub fn export(&self, order: &ExportOrder) -> Result<Vec<Sending>, SoftwareError> {
        match order.what {
            What::Results => self.export_results(order),
            What::Plan | What::Slip => self.export_planned(order),
        }
    }

    /// 予実突合 of a month: the 予定 that this office made, and those that a 委託先居宅 attached,
    /// against the 実績 that it received. What came past the 委託先居宅 is left out.
    ///
    /// # Errors
    /// The folder of a service office; a month without 予定.
    pub fn reconcile(&self, month: Month) -> Result<Reconciliation, SoftwareError> {
        if self.home.owner().role != Role::CareManager {
            return Err(SoftwareError::NotAManager);
        }
        let Ledger { planned: attached, provided, .. } = self.ledger()?;
        let people = self.home.people()?;
        let of_month = |held: Vec<Held>| -> Vec<ServiceRow> {
            let people = people.as_ref();
            let in_place =
                held.into_iter().filter(|held| !is_astray(&held.from, &held.row.person, people));
            in_place.map(|held| held.row).filter(|row| row.day.month() == month).collect()
        };
        let plan = self.home.plan(month)?;
        let attached = of_month(attached);
        if plan.is_none() && attached.is_empty() {
            return Err(SoftwareError::NoPlan { month: Some(month) });
        }
        let own = plan.map_or_else(Vec::new, |plan| plan.rows);
        Ok(reconcile(&[own, attached].concat(), &of_month(provided)))
    }

    fn export_planned(&self, order: &ExportOrder) -> Result<Vec<Sending>, SoftwareError> {
        if self.home.owner().role != Role::CareManager {
            return Err(SoftwareError::NotAManager);
        }
        let latest = self.home.latest_plan()?;
        let missing = || SoftwareError::NoPlan { month: order.month };
        let month = order.month.or(latest).ok_or_else(missing)?;
        let plan = self.home.plan(month)?.ok_or_else(missing)?;
        let people = self.home.people()?.ok_or_else(missing)?;
        let edition = self.home.edition()?;
        let version = match &order.version {
            Some(value) => version(value, edition)?,
            None => version_for(month, edition.versions()).ok_or_else(missing)?,
        };
        let envelope = Envelope { version, sequence: real(order.sequence)?, to: order.to };
        let book = PlanBook { cast: &people.cast, clients: &people.clients };
        match order.what {
            What::Plan => export_plans(book, envelope),
            _ => export_slips(book, &plan, envelope),
        }
    }

    fn export_results(&self, order: &ExportOrder) -> Result<Vec<Sending>, SoftwareError> {
        let Owner { office, role } = self.home.owner();
        if role != Role::ServiceOffice {
            return Err(SoftwareError::NotAServiceOffice);
        }
        let missing = || SoftwareError::NotRecorded { month: order.month };
        let month = order.month.or(self.home.latest_recorded()?).ok_or_else(missing)?;
        let recorded = self.home.recorded(month)?.ok_or_else(missing)?;
        let edition = self.home.edition()?;
        let wanted = order.version.as_deref().map(|value| version(value, edition)).transpose()?;
        let envelope = AnswerEnvelope {
            standard: Standard::bundled(),
            version: wanted,
            sequence: real(order.sequence)?,
            to: order.to,
        };
        export_results(&recorded, office, envelope)
    }
}

/// The version of this value, which the edition has to know.
pub(crate) fn version(value: &str, edition: Edition) -> Result<&'static Version, SoftwareError> {
    let unknown = || SoftwareError::UnknownVersion { value: value.to_owned(), edition };
    let version = Standard::bundled().version(value).ok_or_else(unknown)?;
    edition.version(value).ok_or_else(|| SoftwareError::NotWritten {
        version: version.value.clone(),
        edition: &edition.newest().label,
    })
}

fn not_read(file: &ReceivedFile, version: &str, edition: Edition) -> SoftwareError {
    SoftwareError::NotRead {
        name: file.name.clone(),
        version: version.to_owned(),
        edition: &edition.newest().label,
    }
}

pub(crate) fn real(sequence: Sequence) -> Result<Sequence, SoftwareError> {
    if sequence.is_real_time() { Ok(sequence) } else { Err(SoftwareError::BadSequence) }
}
