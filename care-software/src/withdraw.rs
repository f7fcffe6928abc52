//! 取下げ: what was sent is taken back, by DLT1KYO, DLTPLAN and DLTJSK.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use careplan_standard::{
    FileKind, FileName, Month, NameMonth, OfficeNumber, Party, Sequence, ServiceKind, Standard,
    Version,
};

use crate::{
    cast::Office,
    error::SoftwareError,
    export::{Pack, Sending, next_sequence, version_for},
    home::{KeptFile, Owner, People, Role, write_sendings},
    ledger::Ledger,
    person::PersonKey,
    record::{Answer, RecordedMonth},
    sheet::Line,
    slip::{MonthlyPlan, ServiceRow},
    software::{CareSoftware, What, real, version},
    week::Client,
};

/// What is to be withdrawn.
#[derive(Debug, Clone)]
pub struct WithdrawOrder {
    /// Which: the plan goes with 第1表 to 第3表 and 補足, the slip with 第7表 and 補足.
    pub what: What,
    /// Of which month; the latest if none. A plan has no month.
    pub month: Option<Month>,
    /// Whose.
    pub people: Vec<PersonKey>,
    /// CSVバージョン値; if none, as an export has it.
    pub version: Option<String>,
    /// ファイル連番.
    pub sequence: Sequence,
    /// From this office alone; from every office that had it if none.
    pub to: Option<OfficeNumber>,
}

impl CareSoftware {
    /// Writes what takes back what these people's offices were sent, one sending for each. 予定 and
    /// own 実績 that are withdrawn are gone here, too; a plan stays, to be written anew, and so do the
    /// 実績 of others that a 委託先居宅 withdraws from a centre.
    ///
    /// # Errors
    /// A folder that has nothing of the kind, a month without it, nobody to withdraw it from.
    pub fn withdraw(&self, order: &WithdrawOrder) -> Result<Vec<Sending>, SoftwareError> {
        let Withdrawal { sendings, rest } = self.withdrawal(order)?;
        self.keep_rest(&rest)?;
        Ok(sendings)
    }

    /// The same, into a folder for each destination below `out`, as [`write_sendings`] has it.
    /// Nothing is gone here before all of it is written there.
    ///
    /// # Errors
    /// Those of [`Self::withdraw`]; a folder that holds something already, or cannot be written.
    pub fn withdraw_into(
        &self,
        order: &WithdrawOrder,
        out: &Path,
    ) -> Result<Vec<(Sending, PathBuf)>, SoftwareError> {
        let Withdrawal { sendings, rest } = self.withdrawal(order)?;
        let folders = write_sendings(out, &sendings)?;
        self.keep_rest(&rest)?;
        Ok(sendings.into_iter().zip(folders).collect())
    }

    fn withdrawal(&self, order: &WithdrawOrder) -> Result<Withdrawal, SoftwareError> {
        real(order.sequence)?;
        match (order.what, self.home().owner().role) {
            (What::Results, Role::ServiceOffice) => self.withdraw_results(order),
            (What::Results, Role::CareManager) => self.withdraw_sent_on(order),
            (_, Role::ServiceOffice) => Err(SoftwareError::NotAManager),
            (What::Plan, _) => self.withdraw_plan(order),
            (What::Slip, _) => self.withdraw_slip(order),
        }
    }

    /// What a 委託先居宅 has sent on to the centres, whether or not it still has it: a service office
    /// may have withdrawn it here already. It is the service offices', so what is here stays.
    fn withdraw_sent_on(&self, order: &WithdrawOrder) -> Result<Withdrawal, SoftwareError> {
        let people = self.home().people()?.ok_or(SoftwareError::NotAServiceOffice)?;
        let manager = &people.cast.manager;
        let named = people.clients.iter().filter(|client| order.names(&client.person.key));
        let of_centres = named.filter_map(|client| {
            let centre = &client.prevention.as_ref()?.centre;
            (centre.number != manager.number).then_some((centre, &client.person.key))
        });
        let entrusted: Vec<(&Office, &PersonKey)> = of_centres.collect();
        if entrusted.is_empty() {
            return Err(SoftwareError::NotAServiceOffice);
        }
        let missing = || SoftwareError::NoPlan { month: order.month };
        let month = order.month.or(self.home().latest_plan()?).ok_or_else(missing)?;
        let edition = self.home().edition()?;
        let version = match &order.version {
            Some(value) => version(value, edition)?,
            None => version_for(month, edition.versions()).ok_or_else(missing)?,
        };
        let ever = self.ever_provided(month)?;
        let lines = |to: Party| -> Vec<Line> {
            let is_there = |whose: &PersonKey| {
                entrusted.iter().any(|(centre, it)| centre.number == to.office && *it == whose)
            };
            let had = ever.iter().filter(|row| is_there(&row.person));
            let had: BTreeSet<_> =
                had.map(|row| (row.kind(), row.office.as_str(), &row.person)).collect();
            let line = |(kind, office, person): (&str, &str, &PersonKey)| {
                withdrawn_line(version, month, office, (kind, person))
            };
            had.into_iter().map(line).collect()
        };
        let centres = entrusted.iter().map(|(centre, _)| *centre);
        let centres: Vec<&Office> = centres.filter(|centre| order.is_to(centre.number)).collect();
        let month = Some(NameMonth::Of(month));
        let notice = Notice { kind: FileKind::ResultsWithdrawal, month, version };
        let sendings = sendings(order, notice, manager, &centres, lines)?;
        Ok(Withdrawal { sendings, rest: Rest::AsItWas })
    }

    /// The 実績 of a month as they would stand if nobody had withdrawn any.
    fn ever_provided(&self, month: Month) -> Result<Vec<ServiceRow>, SoftwareError> {
        let is_withdrawal = |kept: &&KeptFile| {
            FileName::parse(&kept.name).is_ok_and(|name| name.kind == FileKind::ResultsWithdrawal)
        };
        let kept = self.home().kept()?;
        let files = kept.iter().filter(|kept| !is_withdrawal(kept));
        let files: Result<Vec<_>, _> = files.map(|kept| self.home().read_kept(kept)).collect();
        let rows = Ledger::replay(&files?, Standard::bundled())?.provided;
        Ok(rows.into_iter().map(|held| held.row).filter(|row| row.day.month() == month).collect())
    }

    fn keep_rest(&self, rest: &Rest) -> Result<(), SoftwareError> {
        match rest {
            Rest::AsItWas => Ok(()),
            Rest::Plan(plan) => self.home().save_plan(plan),
            Rest::Recorded(recorded) => self.home().save_recorded(recorded),
        }
    }

    fn withdraw_plan(&self, order: &WithdrawOrder) -> Result<Withdrawal, SoftwareError> {
        let people = self.home().people()?.ok_or(SoftwareError::NoPlan { month: None })?;
        // People of 介護予防 have a plan of another form, which is withdrawn as a paper.
        let written = people.clients.iter().filter(|client| client.prevention.is_none());
        let clients: Vec<&Client> =
            written.filter(|client| order.names(&client.person.key)).collect();
        let offices = clients.iter().flat_map(|client| client.care_plan.offices());
        let offices: Vec<&Office> = offices.filter(|office| order.is_to(office.number)).collect();
        let edition = self.home().edition()?;
        let version = match &order.version {
            Some(value) => version(value, edition)?,
            None => edition.newest(),
        };
        let line = |client: &&Client| {
            Line::new(version, &client.person.key)
                .code("居宅サービス計画作成（変更）日", client.care_plan.written_on)
        };
        let lines = |to: Party| -> Vec<Line> {
            let is_it = |office: &&Office| {
                office.number == to.office && to.kind.is_none_or(|kind| kind == office.kind)
            };
            let had = |client: &&&Client| client.care_plan.offices().iter().any(is_it);
            clients.iter().filter(had).map(line).collect()
        };
        let notice = Notice { kind: FileKind::PlanWithdrawal, month: None, version };
        let sendings = sendings(order, notice, &people.cast.manager, &offices, lines)?;
        Ok(Withdrawal { sendings, rest: Rest::AsItWas })
    }

    fn withdraw_slip(&self, order: &WithdrawOrder) -> Result<Withdrawal, SoftwareError> {
        let missing = || SoftwareError::NoPlan { month: order.month };
        let month = order.month.or(self.home().latest_plan()?).ok_or_else(missing)?;
        let mut plan = self.home().plan(month)?.ok_or_else(missing)?;
        let people = self.home().people()?.ok_or_else(missing)?;
        let edition = self.home().edition()?;
        let version = match &order.version {
            Some(value) => version(value, edition)?,
            None => version_for(month, edition.versions()).ok_or_else(missing)?,
        };
        let offices = who_had(order, &plan, &people);
        let line = |person: &PersonKey| Line::new(version, person).code("削除対象年月", month);
        let lines = |to: Party| -> Vec<Line> {
            let is_there = |row: &&ServiceRow| {
                row.office == to.office && to.kind.is_none_or(|kind| kind.as_str() == row.kind())
            };
            let there: BTreeSet<&PersonKey> =
                plan.rows.iter().filter(is_there).map(|row| &row.person).collect();
            let had = order.people.iter().filter(|person| there.contains(person));
            let had: Vec<Line> = had.map(line).collect();
            // An office without any was named: it may have had all of them before a change.
            if had.is_empty() { order.people.iter().map(line).collect() } else { had }
        };
        let notice =
            Notice { kind: FileKind::SlipWithdrawal, month: Some(NameMonth::Of(month)), version };
        let sendings = sendings(order, notice, &people.cast.manager, &offices, lines)?;
        plan.rows.retain(|row| !(order.names(&row.person) && order.is_to(row.office)));
        Ok(Withdrawal { sendings, rest: Rest::Plan(plan) })
    }

    fn withdraw_results(&self, order: &WithdrawOrder) -> Result<Withdrawal, SoftwareError> {
        let Owner { office: own, .. } = self.home().owner();
        let missing = || SoftwareError::NotRecorded { month: order.month };
        let month = order.month.or(self.home().latest_recorded()?).ok_or_else(missing)?;
        let mut recorded = self.home().recorded(month)?.ok_or_else(missing)?;
        let edition = self.home().edition()?;
        let mut sendings = vec![];
        for answer in recorded.answers.iter_mut().filter(|answer| order.is_to(answer.to)) {
            let value = order.version.as_ref().unwrap_or(&answer.version);
            let pack = AnswerPack { version: version(value, edition)?, month, own };
            sendings.extend(pack.withdrawn(order, answer)?);
            answer.rows.retain(|row| !order.names(&row.person));
        }
        if sendings.is_empty() {
            return Err(order.nobody());
        }
        recorded.deviations.retain(|entry| entry.row().is_none_or(|row| !order.names(&row.person)));
        Ok(Withdrawal { sendings, rest: Rest::Recorded(recorded) })
    }
}

impl WithdrawOrder {
    fn names(&self, person: &PersonKey) -> bool {
        self.people.contains(person)
    }

    fn is_to(&self, office: OfficeNumber) -> bool {
        self.to.is_none_or(|only| only == office)
    }

    fn nobody(&self) -> SoftwareError {
        SoftwareError::NobodyHas { to: self.to }
    }
}

/// What goes out, and what is left here.
struct Withdrawal {
    sendings: Vec<Sending>,
    rest: Rest,
}

/// What of a month is left when some of it is withdrawn.
enum Rest {
    AsItWas,
    Plan(MonthlyPlan),
    Recorded(RecordedMonth),
}

/// What the files of a withdrawal are called, and how they are written.
#[derive(Clone, Copy)]
struct Notice {
    kind: FileKind,
    month: Option<NameMonth>,
    version: &'static Version,
}

/// Who has rows of these people; an office that is named may have had them before a change.
fn who_had<'a>(order: &WithdrawOrder, plan: &MonthlyPlan, people: &'a People) -> Vec<&'a Office> {
    let has_rows = |office: &&Office| {
        let of =
            |row: &&ServiceRow| row.office == office.number && row.kind() == office.kind.as_str();
        plan.rows.iter().filter(of).any(|row| order.names(&row.person))
    };
    let known = || people.cast.services.iter().filter(|office| order.is_to(office.number));
    let with_rows: Vec<&Office> = known().filter(has_rows).collect();
    match order.to {
        Some(_) if with_rows.is_empty() => known().collect(),
        _ => with_rows,
    }
}

/// One sending for each office, as a file to each of its services where names tell them apart, with
/// the lines that are for it.
fn sendings(
    order: &WithdrawOrder,
    notice: Notice,
    manager: &Office,
    offices: &[&Office],
    lines: impl Fn(Party) -> Vec<Line>,
) -> Result<Vec<Sending>, SoftwareError> {
    let has_kinds = notice.version.names_have_kinds;
    let party =
        |office: &Office| Party { office: office.number, kind: has_kinds.then_some(office.kind) };
    let mut sendings: Vec<Sending> = vec![];
    for office in offices {
        let to = party(office);
        if sendings.iter().any(|sending| sending.to == to) {
            continue;
        }
        let lines = lines(to);
        if lines.is_empty() {
            continue;
        }
        let pack =
            Pack { from: party(manager), to, sequence: order.sequence, version: notice.version };
        let files = pack.files(vec![(notice.kind, notice.month, lines)])?;
        sendings.push(Sending { to, files });
    }
    if sendings.is_empty() {
        return Err(order.nobody());
    }
    Ok(sendings)
}

/// How what takes back 実績 is written.
struct AnswerPack {
    version: &'static Version,
    month: Month,
    own: OfficeNumber,
}

impl AnswerPack {
    /// What takes back 実績 from one office: a file for each own service kind, with the people who
    /// had it, whatever their satellite. None if none of them had any.
    fn withdrawn(
        &self,
        order: &WithdrawOrder,
        answer: &Answer,
    ) -> Result<Option<Sending>, SoftwareError> {
        let has_kinds = self.version.names_have_kinds;
        let to_kind = answer.to_kind.unwrap_or(ServiceKind::CARE_MANAGEMENT);
        let to = Party { office: answer.to, kind: has_kinds.then_some(to_kind) };
        let had = answer.rows.iter().filter(|row| order.names(&row.person));
        let had: BTreeSet<Had<'_>> = had.map(|row| (row.kind(), &row.person)).collect();
        let had: Vec<Had<'_>> = had.into_iter().collect();
        let mut files = vec![];
        let mut sequence = order.sequence;
        let is_one_file = |one: &Had<'_>, other: &Had<'_>| !has_kinds || one.0 == other.0;
        for part in had.chunk_by(is_one_file) {
            let kind = part.first().and_then(|(kind, _)| kind.parse().ok());
            let from = Party { office: self.own, kind: kind.filter(|_| has_kinds) };
            let pack = Pack { from, to, sequence, version: self.version };
            let own = self.own.as_str();
            let line = |had: &Had<'_>| withdrawn_line(self.version, self.month, own, *had);
            let lines = part.iter().map(line).collect();
            let month = Some(NameMonth::Of(self.month));
            files.extend(pack.files(vec![(FileKind::ResultsWithdrawal, month, lines)])?);
            sequence = next_sequence(sequence)?;
        }
        Ok((!files.is_empty()).then_some(Sending { to, files }))
    }
}

/// A record of DLTJSK: one person's month at one service of an office.
fn withdrawn_line(version: &Version, month: Month, office: &str, (kind, person): Had<'_>) -> Line {
    Line::new(version, person)
        .code("削除対象年月", month)
        .code("サービス事業者コード", office)
        .code("サービス種類コード", kind)
}

/// サービス種類コード, and who had it.
type Had<'a> = (&'a str, &'a PersonKey);
