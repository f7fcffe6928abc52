//! What a person does with the papers of 介護予防: make them, send them, pass them on under the own
//! name, withdraw them, look at those of others.

use std::path::Path;

use careplan_standard::{Month, OfficeNumber, Sequence, Standard, Version};

use crate::{
    cast::{Cast, Office},
    edition::Edition,
    error::SoftwareError,
    export::{Pack, Sending, destinations},
    home::{Home, Owner, People, Role},
    ledger::ReceivedFile,
    paper_export::{OutPaper, paper_files, withdrawal_file},
    papers::{PaperKind, Papers},
    person::PersonKey,
    prevention::{Entrusting, PREVENTION_MAX, Prevention},
    prevention_sheets::Subject,
    slip::MonthlyPlan,
    software::{CareSoftware, real},
    week::Client,
};

/// Whom a 地域包括支援センター is to be responsible for.
#[derive(Debug, Clone)]
pub struct PreventionOrder {
    /// サービス提供年月.
    pub month: Month,
    /// What the people and their plans are made from.
    pub seed: u64,
    /// Who takes part; its manager is the centre.
    pub cast: Cast,
    /// How many people it plans for itself.
    pub own: u32,
    /// How many it entrusts, and how.
    pub entrusted: Option<(u32, Entrusting)>,
}

/// Which papers are to be exported.
#[derive(Debug, Clone, Copy)]
pub struct PaperOrder {
    /// 利用者基本情報 or 支援計画書.
    pub kind: PaperKind,
    /// Whether 利用者基本情報 goes with 支援計画書, as one 送信単位.
    pub with_record: bool,
    /// ファイル連番.
    pub sequence: Sequence,
    /// Only to this office.
    pub to: Option<OfficeNumber>,
}

/// Which paper is to be withdrawn.
#[derive(Debug, Clone)]
pub struct PaperWithdrawal {
    /// 利用者基本情報 or 支援計画書.
    pub kind: PaperKind,
    /// Whose.
    pub person: PersonKey,
    /// ファイル連番.
    pub sequence: Sequence,
    /// At which office.
    pub to: OfficeNumber,
}

impl CareSoftware {
    /// Opens the folder of an office that plans, and makes it if there is none.
    ///
    /// # Errors
    /// The folder is another office's, or cannot be written.
    pub fn planning_office(dir: &Path, office: OfficeNumber) -> Result<Self, SoftwareError> {
        let owner = Owner { office, role: Role::CareManager };
        Home::open_or_create(dir, owner).map(Self::at)
    }

    /// Makes people of 介護予防 in the folder of a 地域包括支援センター, and the 予定 of those whom it
    /// plans for itself. Those who are there stay.
    ///
    /// # Errors
    /// Too many people, people of another seed, a folder of another office.
    pub fn plan_prevention(
        dir: &Path,
        order: &PreventionOrder,
    ) -> Result<(Self, MonthlyPlan), SoftwareError> {
        let entrusted = order.entrusted.as_ref().map_or(0, |(count, _)| *count);
        let count = order.own.saturating_add(entrusted);
        if !(1..=PREVENTION_MAX).contains(&count) {
            return Err(SoftwareError::BadPeople { most: PREVENTION_MAX });
        }
        let software = Self::planning_office(dir, order.cast.manager.number)?;
        let mut people = match software.home().people()? {
            Some(known) if known.seed != order.seed => {
                return Err(SoftwareError::OtherSeed { made_with: known.seed });
            }
            Some(known) => known,
            None => People { cast: order.cast.clone(), seed: order.seed, clients: vec![] },
        };
        let first_new = u32::try_from(people.clients.len()).unwrap_or(u32::MAX);
        for place in first_new..count {
            let entrusting = order.entrusted.as_ref().filter(|_| place < entrusted);
            let terms = (&people.cast, entrusting.map(|(_, entrusting)| entrusting));
            let newcomer = Client::invent_prevention(order.seed, place, order.month, terms);
            people.clients.push(newcomer);
        }
        let plan = MonthlyPlan::of(order.month, &people.clients, &people.cast);
        software.home().save_people(&people)?;
        software.home().save_plan(&plan)?;
        Ok((software, plan))
    }

    /// 帳票 that were received, as they stand now.
    ///
    /// # Errors
    /// A kept file is gone or damaged.
    pub fn papers(&self) -> Result<Papers, SoftwareError> {
        let kept = self.home().kept()?;
        let files: Result<Vec<ReceivedFile>, _> =
            kept.iter().map(|kept| self.home().read_kept(kept)).collect();
        Papers::replay(&files?)
    }

    /// Writes papers of 介護予防, one sending for each destination: a centre's for those whom it has
    /// entrusted go to the 委託先居宅; a 委託先居宅 writes them again under its own name for the
    /// service offices, and what it wrote itself for the centre, too.
    ///
    /// # Errors
    /// A folder that has no people, nothing to send, a character that MS932 does not have, a ファイル連番
    /// that is no time.
    pub fn export_papers(&self, order: &PaperOrder) -> Result<Vec<Sending>, SoftwareError> {
        real(order.sequence)?;
        let people = self.home().people()?.ok_or(SoftwareError::NoPapers)?;
        let papers = self.papers()?;
        let version = version_with(order.kind, self.home().edition()?)?;
        let desk = Desk { cast: &people.cast, papers: &papers, version };
        let to = people.clients.iter().flat_map(|client| desk.receivers(client, order.kind));
        let mut sendings = vec![];
        for office in destinations(to) {
            if order.to.is_some_and(|only| only != office.number) {
                continue;
            }
            let theirs = |client: &&Client| desk.receivers(client, order.kind).contains(&office);
            let clients = people.clients.iter().filter(theirs);
            let out: Vec<OutPaper> =
                clients.flat_map(|client| desk.papers(client, order)).collect();
            if !out.is_empty() {
                let pack = desk.pack(office, order.sequence);
                sendings.push(Sending { to: pack.to, files: paper_files(pack, out)? });
            }
        }
        if sendings.is_empty() { Err(SoftwareError::NoPapers) } else { Ok(sendings) }
    }

    /// Writes what withdraws a paper that this office has sent.
    ///
    /// # Errors
    /// The person is none of the office's, or such a paper of theirs does not go to this office; a
    /// ファイル連番 that is no time.
    pub fn withdraw_paper(&self, order: &PaperWithdrawal) -> Result<Sending, SoftwareError> {
        real(order.sequence)?;
        let people = self.home().people()?.ok_or(SoftwareError::NoPapers)?;
        let version = version_with(order.kind, self.home().edition()?)?;
        let desk = Desk { cast: &people.cast, papers: &Papers::default(), version };
        let client = people.clients.iter().find(|client| client.person.key == order.person);
        let client = client.ok_or(SoftwareError::NoPapers)?;
        let receivers = desk.receivers(client, order.kind);
        let office = receivers.into_iter().find(|office| office.number == order.to);
        let office = office.ok_or(SoftwareError::UnknownDestination(order.to))?;
        let prevention = client.prevention.as_ref().ok_or(SoftwareError::NoPapers)?;
        let day = match order.kind {
            PaperKind::PersonRecord => prevention.consulted_on,
            PaperKind::PreventionPlan => client.care_plan.written_on,
        };
        let pack = desk.pack(office, order.sequence);
        let files = withdrawal_file(pack, order.kind, &[(&order.person, day.to_string())])?;
        Ok(Sending { to: pack.to, files })
    }
}

/// The newest version that the software knows, which has to have this paper.
fn version_with(kind: PaperKind, edition: Edition) -> Result<&'static Version, SoftwareError> {
    let newest = Standard::bundled().versions().last();
    match edition.versions().iter().rev().find(|version| version.has(kind.base())) {
        Some(version) => Ok(version),
        None => Err(SoftwareError::NotWritten {
            version: newest.map_or_else(String::new, |version| version.value.clone()),
            edition: &edition.newest().label,
        }),
    }
}

/// What papers are made from.
struct Desk<'a> {
    cast: &'a Cast,
    /// Those that were received.
    papers: &'a Papers,
    version: &'static Version,
}

impl Desk<'_> {
    fn own(&self) -> OfficeNumber {
        self.cast.manager.number
    }

    fn pack(&self, to: &Office, sequence: Sequence) -> Pack<'static> {
        Pack::between(&self.cast.manager, to, sequence, self.version)
    }

    /// Who is to get the person's papers.
    fn receivers<'b>(&self, client: &'b Client, kind: PaperKind) -> Vec<&'b Office> {
        let Some(prevention) = &client.prevention else { return vec![] };
        match &prevention.entrusted {
            Some(entrusting) if prevention.centre.number == self.own() => match kind {
                // What the 委託先居宅 writes is not the centre's to send, nor to withdraw.
                PaperKind::PreventionPlan if prevention.writer().number != self.own() => vec![],
                _ => vec![&entrusting.to],
            },
            _ => {
                let mut offices = client.care_plan.offices();
                let is_writer = prevention.writer().number == self.own();
                let is_centre = prevention.centre.number == self.own();
                if kind == PaperKind::PreventionPlan && is_writer && !is_centre {
                    offices.push(&prevention.centre);
                }
                offices
            }
        }
    }

    /// The person's papers, as this office has them to send.
    fn papers(&self, client: &Client, order: &PaperOrder) -> Vec<OutPaper> {
        let Some(prevention) = &client.prevention else { return vec![] };
        let Some(paper) = self.paper(client, prevention, order.kind) else { return vec![] };
        let record = (order.kind == PaperKind::PreventionPlan && order.with_record)
            .then(|| self.paper(client, prevention, PaperKind::PersonRecord))
            .flatten();
        record.into_iter().chain([paper]).collect()
    }

    /// A paper that this office writes itself, or one that the centre wrote and it passes on.
    fn paper(&self, client: &Client, by: &Prevention, kind: PaperKind) -> Option<OutPaper> {
        let Self { version, cast, .. } = *self;
        let subject = Subject { version, cast, client, prevention: by };
        let is_centre = by.centre.number == self.own();
        match kind {
            PaperKind::PersonRecord if is_centre => Some(OutPaper::record(subject)),
            PaperKind::PreventionPlan if by.writer().number == self.own() => {
                Some(OutPaper::plan(subject))
            }
            _ => {
                let key = &client.person.key;
                self.papers.latest(kind, key, by.centre.number).map(OutPaper::passed_on)
            }
        }
    }
}
