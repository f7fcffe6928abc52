//! What goes out: one sending for each destination, as files of one version.

use std::collections::BTreeMap;

use careplan_standard::{
    Date, FileKind, FileName, Month, NameMonth, OfficeNumber, Party, Sequence, ServiceKind,
    Standard, Version,
};
use time::{Duration, PrimitiveDateTime, Time};

use crate::{
    annex::annex,
    cast::{Cast, Office},
    edition::Edition,
    error::SoftwareError,
    person::PersonKey,
    plan_sheets,
    record::{Answer, RecordedMonth},
    sheet::{self, Line},
    slip::{MonthlyPlan, ServiceRow},
    slip_sheets::{self, AnnexSheet, SupplementOf},
    week::Client,
};

/// How a sending is to be written.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// The CSVバージョン of the files.
    pub version: &'a Version,
    /// ファイル連番.
    pub sequence: Sequence,
    /// Only to this office; to every office that has a part if none.
    pub to: Option<OfficeNumber>,
}

/// How 実績 are to be written.
#[derive(Debug, Clone, Copy)]
pub struct AnswerEnvelope<'a> {
    /// Where the version of the 予定 is looked up.
    pub standard: &'a Standard,
    /// The CSVバージョン of the files; that of the 予定 if none.
    pub version: Option<&'a Version>,
    /// ファイル連番 of the first file; each further one takes the next second's.
    pub sequence: Sequence,
    /// Only to this office; to every office that planned if none.
    pub to: Option<OfficeNumber>,
}

/// A file, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutFile {
    /// Its name.
    pub name: FileName,
    /// Its content: MS932, CR LF.
    pub bytes: Vec<u8>,
}

/// What one destination is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// 送信先; without a service kind in V3.
    pub to: Party,
    /// The files.
    pub files: Vec<OutFile>,
}

/// The months that people have plans for, with everything that goes into the files.
#[derive(Debug, Clone, Copy)]
pub struct PlanBook<'a> {
    /// Who takes part.
    pub cast: &'a Cast,
    /// 利用者 with their plans.
    pub clients: &'a [Client],
}

/// 第1表, 第2表, 第3表 (where the version has it) and 補足, for each office of the plans.
///
/// # Errors
/// A destination that no plan names; a character that MS932 does not have.
pub fn export_plans(
    book: PlanBook<'_>,
    envelope: Envelope<'_>,
) -> Result<Vec<Sending>, SoftwareError> {
    // People of 介護予防 have a plan of another form.
    let planned = || book.clients.iter().filter(|client| client.prevention.is_none());
    let to = destinations(planned().flat_map(|client| client.care_plan.offices()));
    for_each_destination(to, envelope, book.cast, |pack, to| {
        let is_theirs = |client: &&Client| {
            client.care_plan.offices().iter().any(|office| pack.is_addressed(to, office))
        };
        let clients: Vec<&Client> = planned().filter(is_theirs).collect();
        let version = envelope.version;
        let table_1 = clients.iter().map(|client| plan_sheets::table_1(version, client, book.cast));
        let table_2 =
            clients.iter().flat_map(|client| plan_sheets::table_2(version, client, book.cast));
        let table_3 = clients.iter().flat_map(|client| plan_sheets::table_3(version, client));
        pack.files(vec![
            (FileKind::PlanTable1, None, table_1.collect()),
            (FileKind::PlanTable2, None, table_2.collect()),
            (FileKind::PlanTable3, None, table_3.collect()),
            (
                FileKind::Supplement,
                Some(NameMonth::Zero),
                supplement(&clients, SupplementOf::Plan, pack),
            ),
        ])
    })
}

/// 第6表, 第7表 and 補足 of a month, for each office that has a part in it.
///
/// Everybody with a service of the destination goes to it, with the services of every office, as
/// the standard has it; the others do not.
///
/// # Errors
/// No row in the month; a destination without a row; a character that MS932 does not have.
pub fn export_slips(
    book: PlanBook<'_>,
    plan: &MonthlyPlan,
    envelope: Envelope<'_>,
) -> Result<Vec<Sending>, SoftwareError> {
    if plan.rows.is_empty() {
        return Err(SoftwareError::NoPlan { month: Some(plan.month) });
    }
    let mut rows: RowsOf<'_> = BTreeMap::new();
    for row in &plan.rows {
        rows.entry(&row.person).or_default().push(row);
    }
    // A month may be changed to offices that stand in no weekly plan.
    let offices = book.clients.iter().flat_map(|client| client.care_plan.offices());
    let offices = offices.chain(&book.cast.services);
    let planned = offices.filter(|office| plan.rows.iter().any(|row| is_of(row, office)));
    for_each_destination(destinations(planned), envelope, book.cast, |pack, to| {
        let is_theirs = |client: &&Client| {
            let mut own = rows.get(&client.person.key).into_iter().flatten();
            own.any(|row| row.office == to.number && (!pack.has_kinds() || is_of(row, to)))
        };
        let clients: Vec<&Client> = book.clients.iter().filter(is_theirs).collect();
        pack.slip(&clients, &rows, plan.month, book.cast)
    })
}

/// 実績 of a month, one sending for each office whose 予定 they answer.
///
/// # Errors
/// No row at all: 実績 without a row cannot be sent. A destination that has no answer.
pub fn export_results(
    recorded: &RecordedMonth,
    own: OfficeNumber,
    envelope: AnswerEnvelope<'_>,
) -> Result<Vec<Sending>, SoftwareError> {
    let mut answers: Vec<&Answer> =
        recorded.answers.iter().filter(|answer| !answer.rows.is_empty()).collect();
    if answers.is_empty() {
        return Err(SoftwareError::NothingProvided { month: recorded.month });
    }
    if let Some(only) = envelope.to {
        answers.retain(|answer| answer.to == only);
        if answers.is_empty() {
            return Err(SoftwareError::UnknownDestination(only));
        }
    }
    answers
        .into_iter()
        .map(|answer| answer_sending(recorded.month, answer, own, envelope))
        .collect()
}

/// The answer to one office: one file, and one unit, for each own service kind that names tell
/// apart.
fn answer_sending(
    month: Month,
    answer: &Answer,
    own: OfficeNumber,
    envelope: AnswerEnvelope<'_>,
) -> Result<Sending, SoftwareError> {
    let version = match envelope.version {
        Some(version) => version,
        None => envelope.standard.version(&answer.version).ok_or_else(|| {
            let value = answer.version.clone();
            SoftwareError::UnknownVersion { value, edition: Edition::default() }
        })?,
    };
    let to_kind = answer.to_kind.unwrap_or(ServiceKind::CARE_MANAGEMENT);
    let to = Party { office: answer.to, kind: version.names_have_kinds.then_some(to_kind) };
    let mut files = vec![];
    let mut sequence = envelope.sequence;
    for (kind, rows) in by_own_kind(&answer.rows, version) {
        let pack = Pack { from: Party { office: own, kind }, to, sequence, version };
        let line = |row: &&ServiceRow| slip_sheets::slip_line(version, row, own);
        let lines = rows.iter().map(line).collect();
        files.extend(pack.files(vec![(FileKind::Results, Some(NameMonth::Of(month)), lines)])?);
        sequence = next_sequence(sequence)?;
    }
    Ok(Sending { to, files })
}

/// The sequence of the second after this one.
///
/// # Errors
/// The sequence is not a time that exists.
pub fn next_sequence(sequence: Sequence) -> Result<Sequence, SoftwareError> {
    let following = || {
        let (day, time) = sequence.as_str().split_at(8);
        let day: Date = day.parse().ok()?;
        let month = time::Month::try_from(day.month().month()).ok()?;
        let date =
            time::Date::from_calendar_date(i32::from(day.month().year()), month, day.day()).ok()?;
        let part = |at: usize| time.get(at..at + 2)?.parse::<u8>().ok();
        let time = Time::from_hms(part(0)?, part(2)?, part(4)?).ok()?;
        Some(sequence_at(PrimitiveDateTime::new(date, time).saturating_add(Duration::SECOND)))
    };
    following().ok_or(SoftwareError::BadSequence)
}

/// The sequence that a time writes: its fourteen digits.
pub fn sequence_at(at: PrimitiveDateTime) -> Sequence {
    let text = format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}",
        at.year().clamp(0, 9999),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
    );
    text.parse().expect("fourteen digits were written")
}

/// Which version a month's files have, unless somebody says otherwise: the newest that applies.
pub fn version_for(month: Month, versions: &[Version]) -> Option<&Version> {
    versions.iter().rev().find(|version| version.since <= month)
}

/// One 送信単位 on its way: everything that its files' names and records share.
#[derive(Clone, Copy)]
pub(crate) struct Pack<'a> {
    pub(crate) from: Party,
    pub(crate) to: Party,
    pub(crate) sequence: Sequence,
    pub(crate) version: &'a Version,
}

/// The rows of each person of a month.
pub(crate) type RowsOf<'a> = BTreeMap<&'a PersonKey, Vec<&'a ServiceRow>>;

pub(crate) type Sheet = (FileKind, Option<NameMonth>, Vec<Line>);

impl<'a> Pack<'a> {
    /// From one office to another, with their service kinds where names carry them.
    pub(crate) fn between(
        from: &Office,
        to: &Office,
        sequence: Sequence,
        version: &'a Version,
    ) -> Self {
        let kind = |office: &Office| version.names_have_kinds.then_some(office.kind);
        let party = |office: &Office| Party { office: office.number, kind: kind(office) };
        Self { from: party(from), to: party(to), sequence, version }
    }

    fn has_kinds(self) -> bool {
        self.version.names_have_kinds
    }

    /// Whether a file to `to` is meant for `office`: V3 names do not tell the kinds apart.
    fn is_addressed(self, to: &Office, office: &Office) -> bool {
        office.number == to.number && (!self.has_kinds() || office.kind == to.kind)
    }

    /// 予定: 第6表, 第7表 and 補足 of some people, every office's rows.
    pub(crate) fn slip(
        self,
        clients: &[&Client],
        rows: &RowsOf<'_>,
        month: Month,
        cast: &Cast,
    ) -> Result<Vec<OutFile>, SoftwareError> {
        let (table_6, table_7) = slip_lines(clients, rows, cast, self);
        let supplement = supplement(clients, SupplementOf::Slip(month), self);
        let month = Some(NameMonth::Of(month));
        self.files(vec![
            (FileKind::Slip, month, table_6),
            (FileKind::SlipAnnex, month, table_7),
            (FileKind::Supplement, month, supplement),
        ])
    }

    /// The files of those sheets that the version has.
    pub(crate) fn files(self, sheets: Vec<Sheet>) -> Result<Vec<OutFile>, SoftwareError> {
        let mut files = vec![];
        for (kind, month, lines) in sheets {
            let Some(layout) = self.version.layout(kind) else { continue };
            let Self { from, to, sequence, .. } = self;
            let name = FileName { kind, month, from, to, sequence, branch: None };
            let bytes = sheet::write(layout, &lines)
                .map_err(|error| SoftwareError::Unencodable { character: error.character })?;
            files.push(OutFile { name, bytes });
        }
        Ok(files)
    }
}

/// Each office once, in the order of their first mention.
pub(crate) fn destinations<'a>(offices: impl Iterator<Item = &'a Office>) -> Vec<&'a Office> {
    let mut each: Vec<&Office> = vec![];
    for office in offices {
        if !each.contains(&office) {
            each.push(office);
        }
    }
    each
}

fn for_each_destination(
    mut offices: Vec<&Office>,
    envelope: Envelope<'_>,
    cast: &Cast,
    files: impl Fn(Pack<'_>, &Office) -> Result<Vec<OutFile>, SoftwareError>,
) -> Result<Vec<Sending>, SoftwareError> {
    if let Some(only) = envelope.to {
        offices.retain(|office| office.number == only);
        if offices.is_empty() {
            return Err(SoftwareError::UnknownDestination(only));
        }
    }
    let mut sendings: Vec<Sending> = vec![];
    for office in offices {
        let pack = Pack::between(&cast.manager, office, envelope.sequence, envelope.version);
        if sendings.iter().any(|sending| sending.to == pack.to) {
            continue;
        }
        sendings.push(Sending { to: pack.to, files: files(pack, office)? });
    }
    Ok(sendings)
}

/// 第6表 and 第7表 of some people, every office's rows.
fn slip_lines(
    clients: &[&Client],
    rows: &RowsOf<'_>,
    cast: &Cast,
    pack: Pack<'_>,
) -> (Vec<Line>, Vec<Line>) {
    let (mut table_6, mut table_7) = (vec![], vec![]);
    let updater = pack.from.office;
    for client in clients {
        let person = &client.person;
        let Some(rows) = rows.get(&person.key) else { continue };
        let Some(first) = rows.first() else { continue };
        let sheet = AnnexSheet {
            version: pack.version,
            person,
            made_on: first.made_on,
            month: first.day.month(),
            updater,
            unit_price: cast.unit_price,
            stay: slip_sheets::stay_days(rows),
        };
        let lines = annex(person, rows, cast.unit_price);
        table_6.extend(rows.iter().map(|row| slip_sheets::slip_line(pack.version, row, updater)));
        table_7.extend(lines.iter().map(|line| sheet.line(line)));
    }
    (table_6, table_7)
}

fn supplement(clients: &[&Client], of: SupplementOf, pack: Pack<'_>) -> Vec<Line> {
    let line =
        |client: &&Client| slip_sheets::supplement_line(pack.version, client, of, pack.from.office);
    clients.iter().map(line).collect()
}

fn is_of(row: &ServiceRow, office: &Office) -> bool {
    row.office == office.number && row.kind() == office.kind.as_str()
}

/// One file a service kind where names tell them apart, all in one where they do not.
fn by_own_kind<'a>(
    rows: &'a [ServiceRow],
    version: &Version,
) -> Vec<(Option<ServiceKind>, Vec<&'a ServiceRow>)> {
    let mut files: Vec<(Option<ServiceKind>, Vec<&ServiceRow>)> = vec![];
    for row in rows {
        let kind = if version.names_have_kinds { row.kind().parse().ok() } else { None };
        match files.iter_mut().find(|(of, _)| *of == kind) {
            Some((_, rows)) => rows.push(row),
            None => files.push((kind, vec![row])),
        }
    }
    files
}
