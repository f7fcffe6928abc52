//! Taking a sending in: what it must look like, where it goes (振分け), and that it happens once.
//!
//! [`examine`] needs nothing but the sending itself, so that the store is not kept waiting while
//! files are read; [`submit`] needs what the hub knows.

use std::{collections::BTreeSet, sync::LazyLock};

use careplan_standard::{
    AttachmentFault, Check, FileKind, FileName, OfficeNumber, Party, SendingFile, Severity,
    Standard, check_attachment, check_sending, is_safe_file_name,
};
use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed};
use time::OffsetDateTime;

use crate::{
    Bytes, Caller, Change, Decision, DeliveryId, DeliveryState, Digest, FileEntry, FileRole,
    IdempotencyKey, LicenceState, NewSending, Office, Refusal, Remark, Sending, Side, SubmissionId,
    standing::check_standing,
};

/// Composes the characters of a name.
static NFC: LazyLock<ComposingNormalizerBorrowed<'static>> =
    LazyLock::new(ComposingNormalizer::new_nfc);

/// How much one sending may carry.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Files.
    pub files_max: usize,
    /// Bytes of one file.
    pub file_bytes_max: usize,
    /// Bytes of all files together.
    pub total_bytes_max: usize,
    /// Characters of the message.
    pub message_chars_max: usize,
    /// Bytes of a file's name.
    pub name_bytes_max: usize,
}

impl Limits {
    /// Whether there may be one more file after `files`.
    ///
    /// # Errors
    /// There are as many as there may be.
    pub fn one_more(&self, files: usize) -> Result<(), Refusal> {
        if files < self.files_max {
            Ok(())
        } else {
            Err(Refusal::TooManyFiles { max: self.files_max })
        }
    }

    /// Whether a file may have `bytes` in a sending that has `total` with it.
    ///
    /// # Errors
    /// The file, or the whole sending, is larger than may be.
    pub fn size(&self, file: &str, bytes: usize, total: usize) -> Result<(), Refusal> {
        let too_large = |max| Err(Refusal::TooLarge { file: file.to_owned(), max });
        if self.file_bytes_max < bytes {
            return too_large(self.file_bytes_max);
        }
        if self.total_bytes_max < total {
            return too_large(self.total_bytes_max);
        }
        Ok(())
    }
}

/// How closely a hub looks at what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CheckLevel {
    /// Names, routing and sizes; no file is opened.
    Envelope,
    /// Files too: what breaks the standard is refused.
    #[default]
    Standard,
    /// As `Standard`, and warnings refuse as well.
    Strict,
}

impl CheckLevel {
    /// The word for arguments.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Envelope => "envelope",
            Self::Standard => "standard",
            Self::Strict => "strict",
        }
    }
}

/// A sending as it came in.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Who sends.
    pub caller: Caller,
    /// メッセージ.
    pub message: String,
    /// 送信先, chosen by hand.
    pub destination: Option<Party>,
    /// In the order sent.
    pub files: Vec<DraftFile>,
}

/// A file as it came in.
#[derive(Debug, Clone)]
pub struct DraftFile {
    /// Its name.
    pub name: String,
    /// Its content.
    pub bytes: Bytes,
    /// The SHA-256 of its content.
    pub sha256: Digest,
}

/// A sending that is sound in itself. Holding one is proof that [`examine`] passed it.
#[derive(Debug, Clone)]
pub struct Examined {
    caller: Caller,
    from: Party,
    to: Party,
    message: String,
    files: Vec<FileEntry>,
    members: Vec<FileName>,
    contents: Vec<Bytes>,
    remarks: Vec<Remark>,
}

impl Examined {
    /// The office that sends.
    pub fn sender(&self) -> OfficeNumber {
        self.from.office
    }

    /// The office that it goes to.
    pub fn recipient(&self) -> OfficeNumber {
        self.to.office
    }
}

/// Checks all that can be checked without knowing anything else.
///
/// # Errors
/// The first thing that is wrong, from the outside in: the number, names, sizes and types of the
/// files, the recipient, and last what stands in the files, with every finding.
pub fn examine(draft: Draft, limits: &Limits) -> Result<Examined, Refusal> {
    examine_at(CheckLevel::Standard, draft, limits)
}

/// Checks as closely as the level says.
///
/// # Errors
/// As for [`examine`].
pub fn examine_at(level: CheckLevel, draft: Draft, limits: &Limits) -> Result<Examined, Refusal> {
    check_outside(&draft, limits)?;
    let names: Vec<Option<FileName>> =
        draft.files.iter().map(|file| FileName::parse(&file.name).ok()).collect();
    for (file, name) in draft.files.iter().zip(&names) {
        // What stands in a CSV of the standard is the standard's to judge.
        if name.is_none_or(|name| name.kind.is_image()) {
            match check_attachment(&lying(file)) {
                Err(fault) if level != CheckLevel::Envelope || fault == AttachmentFault::Type => {
                    return Err(refused(file, fault));
                }
                _ => {}
            }
        }
    }
    let (from, to) = route(draft.caller.office, draft.destination, &names)?;
    let check = match level {
        CheckLevel::Envelope => None,
        CheckLevel::Standard => Some(check_files(&draft.files, Severity::Error)?),
        CheckLevel::Strict => Some(check_files(&draft.files, Severity::Warning)?),
    };
    let version = |at: usize| check.as_ref()?.files.get(at)?.version.clone();
    let entry = |(at, file): (usize, &DraftFile)| FileEntry {
        name: file.name.clone(),
        size: file.bytes.len() as u64,
        sha256: file.sha256,
        role: role(names[at]),
        csv_version: version(at),
    };
    Ok(Examined {
        from,
        to,
        files: draft.files.iter().enumerate().map(entry).collect(),
        members: names.iter().flatten().copied().collect(),
        remarks: check.iter().flat_map(|check| &check.findings).map(Remark::from).collect(),
        contents: draft.files.into_iter().map(|file| file.bytes).collect(),
        message: draft.message,
        caller: draft.caller,
    })
}

/// A request to keep a sending.
#[derive(Debug, Clone)]
pub struct Submit {
    /// What to keep.
    pub examined: Examined,
    /// Chosen by the client, once a sending.
    pub key: IdempotencyKey,
    /// Over message, destination and files.
    pub content_digest: Digest,
    /// The name it shall have for its sender, if it is new.
    pub submission: SubmissionId,
    /// The name it shall have for its recipient, if it is new.
    pub delivery: DeliveryId,
}

/// What the hub knows already of the key and of both sides.
#[derive(Debug, Clone)]
pub struct SubmitFacts {
    /// What the sender's office sent with this key.
    pub earlier: Option<Earlier>,
    /// The sender, if registered.
    pub sender: Option<Office>,
    /// The recipient, if registered.
    pub recipient: Option<Office>,
}

/// What was sent with a key.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// Over message, destination and files, as it was then.
    pub content_digest: Digest,
    /// What came of it.
    pub sending: Sending,
}

/// Decides whether a sending is taken. A repetition changes nothing and hears the first answer,
/// whatever has become of licences since.
///
/// # Errors
/// The key was used with other content, a licence is missing, or the recipient is not known.
pub fn submit(
    submit: Submit,
    facts: SubmitFacts,
    now: OffsetDateTime,
) -> Result<Decision<Sending>, Refusal> {
    let Submit { examined, key, content_digest, submission, delivery } = submit;
    if let Some(earlier) = facts.earlier {
        return repeat(earlier, content_digest).map(Decision::only);
    }
    let sender = licensed(facts.sender, now)?;
    let recipient = reachable(facts.recipient, examined.to, now)?;
    check_standing(&examined.members, &sender, &recipient)?;
    let sending = Sending {
        submission,
        delivery,
        submitted_at: now,
        from: Side { party: examined.from, name: sender.name },
        terminal: examined.caller.terminal,
        to: Side { party: examined.to, name: recipient.name },
        message: examined.message,
        files: examined.files,
        remarks: examined.remarks,
        state: DeliveryState::Waiting,
        removed_at: None,
    };
    let accepted =
        NewSending { sending: sending.clone(), contents: examined.contents, key, content_digest };
    Ok(Decision { changes: vec![Change::Accept(Box::new(accepted))], answer: sending })
}

/// What a repetition hears: the first answer, even where the rules have changed since.
///
/// # Errors
/// The key was used with other content.
pub fn repeat(earlier: Earlier, content_digest: Digest) -> Result<Sending, Refusal> {
    if earlier.content_digest == content_digest {
        Ok(earlier.sending)
    } else {
        Err(Refusal::IdempotencyKeyReused)
    }
}

/// The caller's own office, if its licence is in force.
pub(crate) fn licensed(office: Option<Office>, now: OffsetDateTime) -> Result<Office, Refusal> {
    let office = office.ok_or(Refusal::LicenceMissing)?;
    match office.licence(now) {
        LicenceState::Active { .. } => Ok(office),
        LicenceState::None => Err(Refusal::LicenceMissing),
        LicenceState::Expired { .. } => Err(Refusal::LicenceExpired),
    }
}

fn reachable(office: Option<Office>, to: Party, now: OffsetDateTime) -> Result<Office, Refusal> {
    let office = office.ok_or(Refusal::RecipientUnknown(to.office))?;
    // An office whose services are not registered is not judged by them.
    let is_judged = !office.kinds.is_empty();
    if is_judged && to.kind.is_some_and(|kind| !office.kinds.contains(&kind)) {
        return Err(Refusal::RecipientKindUnknown(to));
    }
    match office.licence(now) {
        LicenceState::Active { .. } => Ok(office),
        LicenceState::None | LicenceState::Expired { .. } => {
            Err(Refusal::RecipientLicence(to.office))
        }
    }
}

fn check_outside(draft: &Draft, limits: &Limits) -> Result<(), Refusal> {
    if draft.files.is_empty() && draft.message.trim().is_empty() {
        return Err(Refusal::SendingEmpty);
    }
    if limits.message_chars_max < draft.message.chars().count() {
        return Err(Refusal::MessageTooLong { max: limits.message_chars_max });
    }
    let is_odd = |char: char| char.is_control() && !"\r\n\t".contains(char);
    if draft.message.contains(is_odd) {
        return Err(Refusal::MessageCharacters);
    }
    let mut total = 0;
    let mut seen = BTreeSet::new();
    for (before, file) in draft.files.iter().enumerate() {
        limits.one_more(before)?;
        total += file.bytes.len();
        limits.size(&file.name, file.bytes.len(), total)?;
        let is_safe = file.name.len() <= limits.name_bytes_max && is_safe_file_name(&file.name);
        // Windows takes two names for one file if only their case differs, macOS also if their
        // characters are composed otherwise.
        if !is_safe || !seen.insert(NFC.normalize(&file.name).to_lowercase()) {
            return Err(Refusal::FileName { file: file.name.clone() });
        }
    }
    Ok(())
}

/// 振分け: the names of the files (none where a file is an attachment) say where from and where to;
/// where none does, the sender's choice. A sending on behalf of several service kinds is the
/// office's as a whole.
///
/// # Errors
/// A name speaks of another sender, nothing says where to or several things say it differently, or
/// it is the sender itself.
pub fn route(
    own: OfficeNumber,
    destination: Option<Party>,
    names: &[Option<FileName>],
) -> Result<(Party, Party), Refusal> {
    let members = || names.iter().flatten();
    if let Some(stranger) = members().find(|name| name.from.office != own) {
        return Err(Refusal::SenderMismatch { named: stranger.from.office });
    }
    let to = one_place(members().map(|name| name.to).chain(destination))?;
    let to = to.ok_or(Refusal::RecipientMissing)?;
    if to.office == own {
        return Err(Refusal::RecipientIsSender);
    }
    let kinds: BTreeSet<_> = members().filter_map(|name| name.from.kind).collect();
    let kind = kinds.first().copied().filter(|_| kinds.len() == 1);
    Ok((Party { office: own, kind }, to))
}

/// The one place that all of them mean, as exactly as any of them says it.
fn one_place(parties: impl Iterator<Item = Party>) -> Result<Option<Party>, Refusal> {
    let mut place: Option<Party> = None;
    for party in parties {
        let known = place.unwrap_or(party);
        if !is_same_place(known, party) {
            return Err(Refusal::RecipientsDiffer);
        }
        place = Some(Party { kind: known.kind.or(party.kind), ..known });
    }
    Ok(place)
}

/// A side without a service kind (V3, or chosen by number alone) means the office as a whole.
fn is_same_place(a: Party, b: Party) -> bool {
    a.office == b.office && (a.kind == b.kind || a.kind.is_none() || b.kind.is_none())
}

/// Refuses what the standard says so of, from this weight on.
fn check_files(files: &[DraftFile], refusing: Severity) -> Result<Check, Refusal> {
    let sending: Vec<_> = files.iter().map(lying).collect();
    let check = check_sending(Standard::bundled(), &sending);
    for (file, facts) in files.iter().zip(&check.files) {
        let is_results = matches!(
            &facts.role,
            careplan_standard::FileRole::Member(name) if name.kind == FileKind::Results
        );
        if is_results && facts.records == 0 {
            return Err(Refusal::ResultsEmpty { file: file.name.clone() });
        }
    }
    let refuses = |severity| severity == Severity::Error || severity == refusing;
    if check.findings.iter().any(|finding| refuses(finding.severity)) {
        return Err(Refusal::FilesRefused(check.findings.iter().map(Remark::from).collect()));
    }
    Ok(check)
}

/// The file, as it lies before the standard's checks.
fn lying(file: &DraftFile) -> SendingFile<'_> {
    SendingFile { name: &file.name, bytes: &file.bytes }
}

fn refused(file: &DraftFile, fault: AttachmentFault) -> Refusal {
    let file = file.name.clone();
    match fault {
        AttachmentFault::Type => Refusal::FileType { file },
        AttachmentFault::Content => Refusal::FileContent { file },
        AttachmentFault::Document => Refusal::FileDocument { file },
    }
}

fn role(name: Option<FileName>) -> FileRole {
    match name {
        None => FileRole::Attachment,
        Some(name) if name.kind.is_withdrawal() => FileRole::Withdraw,
        Some(_) => FileRole::Register,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn party(text: &str) -> Party {
        let (office, kind) = text.split_once('_').unwrap_or((text, ""));
        Party { office: office.parse().expect("an office"), kind: kind.parse().ok() }
    }

    fn routed(sides: &[&str], chosen: Option<&str>) -> Result<(Party, Party), Refusal> {
        let name =
            |sides: &&str| FileName::parse(&format!("UPPLAN_202504_{sides}_20250428171502.CSV"));
        let names: Vec<_> = sides.iter().map(|sides| name(sides).ok()).collect();
        assert!(names.iter().all(Option::is_some), "{sides:?}");
        route(party("2770100012").office, chosen.map(party), &names)
    }

    #[test]
    fn names_with_and_without_a_kind_mean_one_place() {
        let (old, new) = ("2770100012_2770200036", "2770100012_43_2770200036_11");
        let whole = Ok((party("2770100012"), party("2770200036")));
        let exact = Ok((party("2770100012_43"), party("2770200036_11")));
        assert_eq!(routed(&[old], None), whole);
        assert_eq!(routed(&[old, new], None), exact);
        assert_eq!(routed(&[new, old], None), exact);
        assert_eq!(routed(&[new], Some("2770200036")), exact);
        let chosen = Ok((party("2770100012"), party("2770200036_11")));
        assert_eq!(routed(&[old], Some("2770200036_11")), chosen);
        let between = "2770100012_43_2770200036_13";
        assert_eq!(routed(&[new, old, between], None), Err(Refusal::RecipientsDiffer));
    }

    #[test]
    fn a_sender_of_several_kinds_is_the_office_as_a_whole() {
        let as_one = "2770100012_43_2770200036_11";
        let as_another = "2770100012_46_2770200036_11";
        let from = |sides: &[&str]| routed(sides, None).map(|(from, _)| from);
        assert_eq!(from(&[as_one, as_one]), Ok(party("2770100012_43")));
        assert_eq!(from(&[as_one, as_another]), Ok(party("2770100012")));
    }
}
