//! The software's folder: the one place where files are read and written.
//!
//! Invariants: a JSON file is replaced whole or not at all; a received file is kept byte for byte,
//! and counts from the moment that the list names it with its SHA-256.

use std::{
    collections::BTreeSet,
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use careplan_standard::{FileName, Month, OfficeNumber, Sequence};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::{
    as_text, cast::Cast, edition::Edition, error::SoftwareError, export::Sending,
    ledger::ReceivedFile, record::RecordedMonth, slip::MonthlyPlan, week::Client,
};

/// Which part an office plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 居宅介護支援事業所: plans.
    CareManager,
    /// 居宅サービス事業所: provides.
    ServiceOffice,
}

/// Whose folder it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// 事業所番号.
    #[serde(with = "as_text")]
    pub office: OfficeNumber,
    /// Its part.
    pub role: Role,
}

/// A received file, as the list names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// The file's name.
    pub name: String,
    /// 送信元.
    #[serde(with = "as_text")]
    pub from: OfficeNumber,
    /// ファイル連番.
    #[serde(with = "as_text")]
    pub sequence: Sequence,
    /// SHA-256 of the bytes as received, 64 hexadecimal digits.
    pub sha256: String,
    /// How many bytes.
    pub bytes: u64,
}

/// 利用者 and their plans, with the cast that they were planned for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Who takes part.
    pub cast: Cast,
    /// The seed that the people were made with.
    pub seed: u64,
    /// 利用者 with their plans.
    pub clients: Vec<Client>,
}

/// The folder of one office.
#[derive(Debug, Clone)]
pub struct Home {
    dir: PathBuf,
    owner: Owner,
}

impl Home {
    /// The folder, if it is one of this software.
    ///
    /// # Errors
    /// [`SoftwareError::NotAHome`] if it is not, or not yet.
    pub fn open(dir: &Path) -> Result<Self, SoftwareError> {
        let path = dir.join(OWNER);
        match read_json(&path)? {
            Some(owner) => Ok(Self { dir: dir.to_owned(), owner }),
            None => Err(SoftwareError::NotAHome { path: dir.to_owned() }),
        }
    }

    /// The folder of this owner, made if there is none.
    ///
    /// # Errors
    /// The folder is another office's, or cannot be written.
    pub fn open_or_create(dir: &Path, owner: Owner) -> Result<Self, SoftwareError> {
        match Self::open(dir) {
            Ok(home) if home.owner == owner => Ok(home),
            Ok(home) => Err(SoftwareError::OtherOffice { home: home.owner.office }),
            Err(SoftwareError::NotAHome { .. }) => {
                write_json(&dir.join(OWNER), &owner)?;
                Ok(Self { dir: dir.to_owned(), owner })
            }
            Err(error) => Err(error),
        }
    }

    /// Whose folder it is.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// Which versions of the standard the software knows: all, unless [`install`] said otherwise.
    ///
    /// # Errors
    /// The file cannot be read, or names a version that the standard does not have.
    pub fn edition(&self) -> Result<Edition, SoftwareError> {
        edition_of(&self.dir)
    }

    /// 利用者 and their plans.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn people(&self) -> Result<Option<People>, SoftwareError> {
        read_json(&self.dir.join(PEOPLE))
    }

    /// Keeps 利用者 and their plans.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save_people(&self, people: &People) -> Result<(), SoftwareError> {
        write_json(&self.dir.join(PEOPLE), people)
    }

    /// The highest ファイル連番 that this office is known to have written.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn last_sequence(&self) -> Result<Option<Sequence>, SoftwareError> {
        let last: Option<String> = read_json(&self.dir.join(LAST_SEQUENCE))?;
        Ok(last.and_then(|last| last.parse().ok()))
    }

    /// Keeps a ファイル連番 that was written, unless a higher one is known.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn note_sequence(&self, sequence: Sequence) -> Result<(), SoftwareError> {
        if self.last_sequence()?.is_some_and(|last| sequence <= last) {
            return Ok(());
        }
        write_json(&self.dir.join(LAST_SEQUENCE), &sequence.to_string())
    }

    /// The 予定 that this office made for a month.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn plan(&self, month: Month) -> Result<Option<MonthlyPlan>, SoftwareError> {
        read_json(&self.month_file(PLANS, month))
    }

    /// Keeps the 予定 of a month.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save_plan(&self, plan: &MonthlyPlan) -> Result<(), SoftwareError> {
        write_json(&self.month_file(PLANS, plan.month), plan)
    }

    /// The latest month that this office made 予定 for.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn latest_plan(&self) -> Result<Option<Month>, SoftwareError> {
        self.latest(PLANS)
    }

    /// The 実績 that this office recorded for a month.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn recorded(&self, month: Month) -> Result<Option<RecordedMonth>, SoftwareError> {
        read_json(&self.month_file(RESULTS, month))
    }

    /// Keeps the 実績 of a month.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save_recorded(&self, recorded: &RecordedMonth) -> Result<(), SoftwareError> {
        write_json(&self.month_file(RESULTS, recorded.month), recorded)
    }

    /// The latest month that this office recorded 実績 for.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn latest_recorded(&self) -> Result<Option<Month>, SoftwareError> {
        self.latest(RESULTS)
    }

    /// The months that this office recorded 実績 for.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn recorded_months(&self) -> Result<BTreeSet<Month>, SoftwareError> {
        self.months(RESULTS)
    }

    /// The list of what was received.
    ///
    /// # Errors
    /// The list cannot be read.
    pub fn kept(&self) -> Result<Vec<KeptFile>, SoftwareError> {
        Ok(read_json(&self.dir.join(RECEIVED_LIST))?.unwrap_or_default())
    }

    /// The bytes of a file that was received, checked against its SHA-256.
    ///
    /// # Errors
    /// The file is gone, or no longer what it was.
    pub fn read_kept(&self, kept: &KeptFile) -> Result<ReceivedFile, SoftwareError> {
        let path = self.kept_path(kept);
        let bytes = fs::read(&path).map_err(|source| io_error(&path, source))?;
        if sha256(&bytes) != kept.sha256 {
            return Err(SoftwareError::Damaged { path });
        }
        Ok(ReceivedFile { name: kept.name.clone(), bytes })
    }

    /// Keeps received files; those that are kept already stay as they are. Gives the entry of each.
    ///
    /// # Errors
    /// A file of the same name is kept with other bytes; nothing is kept then.
    pub fn keep(
        &self,
        files: &[(FileName, &ReceivedFile)],
    ) -> Result<Vec<KeptFile>, SoftwareError> {
        let mut list = self.kept()?;
        let mut entries = vec![];
        for (name, file) in files {
            let entry = KeptFile {
                name: file.name.clone(),
                from: name.from.office,
                sequence: name.sequence,
                sha256: sha256(&file.bytes),
                bytes: file.bytes.len() as u64,
            };
            // Two names that differ in case alone are one path on Windows and macOS.
            match list.iter().find(|kept| kept.name.eq_ignore_ascii_case(&entry.name)) {
                Some(kept) if kept.sha256 == entry.sha256 => entries.push(kept.clone()),
                Some(_) => return Err(SoftwareError::Changed { name: entry.name }),
                None => {
                    list.push(entry.clone());
                    entries.push(entry);
                }
            }
        }
        for (entry, (_, file)) in entries.iter().zip(files) {
            write_whole(&self.kept_path(entry), &file.bytes)?;
        }
        write_json(&self.dir.join(RECEIVED_LIST), &list)?;
        Ok(entries)
    }

    fn kept_path(&self, kept: &KeptFile) -> PathBuf {
        let folder = format!("{}_{}", kept.sequence, kept.from);
        self.dir.join(RECEIVED).join(folder).join(&kept.name)
    }

    fn month_file(&self, folder: &str, month: Month) -> PathBuf {
        self.dir.join(folder).join(format!("{month}.json"))
    }

    fn latest(&self, folder: &str) -> Result<Option<Month>, SoftwareError> {
        self.months(folder).map(|months| months.last().copied())
    }

    fn months(&self, folder: &str) -> Result<BTreeSet<Month>, SoftwareError> {
        let dir = self.dir.join(folder);
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(source) => return Err(io_error(&dir, source)),
        };
        let months = entries.filter_map(|entry| {
            let path = entry.ok()?.path();
            let is_json = path.extension()? == "json";
            path.file_stem()?.to_str()?.parse::<Month>().ok().filter(|_| is_json)
        });
        Ok(months.collect())
    }
}

/// Installs the software in a folder as one that knows the versions of an edition alone; before or
/// after the folder is an office's.
///
/// # Errors
/// The file cannot be written.
pub fn install(dir: &Path, edition: Edition) -> Result<(), SoftwareError> {
    write_json(&dir.join(EDITION), &edition.newest().value)
}

/// Which versions of the standard the software in a folder knows, whether or not the folder is an
/// office's yet.
///
/// # Errors
/// The file cannot be read, or names a version that the standard does not have.
pub fn edition_of(dir: &Path) -> Result<Edition, SoftwareError> {
    let newest: Option<String> = read_json(&dir.join(EDITION))?;
    newest.map_or_else(|| Ok(Edition::default()), |newest| Edition::up_to(&newest))
}

/// Writes each sending into a folder of its own below `out`, named after its destination. Gives
/// the folders, in the order of the sendings.
///
/// # Errors
/// A folder that holds something already, since whoever sends it would send that, too.
pub fn write_sendings(out: &Path, sendings: &[Sending]) -> Result<Vec<PathBuf>, SoftwareError> {
    let folders: Vec<PathBuf> =
        sendings.iter().map(|sending| out.join(sending.to.to_string())).collect();
    for folder in &folders {
        let is_taken = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        if is_taken {
            return Err(SoftwareError::FolderInUse { path: folder.clone() });
        }
    }
    for (folder, sending) in folders.iter().zip(sendings) {
        for file in &sending.files {
            write_whole(&folder.join(file.name.to_string()), &file.bytes)?;
        }
    }
    Ok(folders)
}

/// Reads files, and what lies directly in folders, for import.
///
/// # Errors
/// A path that does not exist or cannot be read.
pub fn read_files(paths: &[PathBuf]) -> Result<Vec<ReceivedFile>, SoftwareError> {
    let mut files = vec![];
    for path in paths {
        let info = fs::metadata(path).map_err(|source| io_error(path, source))?;
        let mut found = if info.is_dir() { files_in(path)? } else { vec![path.clone()] };
        found.sort();
        for path in found {
            let bytes = fs::read(&path).map_err(|source| io_error(&path, source))?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            files.push(ReceivedFile { name: name.unwrap_or_default(), bytes });
        }
    }
    Ok(files)
}

/// SHA-256 as 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

const OWNER: &str = "office.json";
const EDITION: &str = "edition.json";
const PEOPLE: &str = "people.json";
const LAST_SEQUENCE: &str = "last-sequence.json";
const PLANS: &str = "plans";
const RESULTS: &str = "results";
const RECEIVED: &str = "received";
const RECEIVED_LIST: &str = "received.json";

fn files_in(dir: &Path) -> Result<Vec<PathBuf>, SoftwareError> {
    let entries = fs::read_dir(dir).map_err(|source| io_error(dir, source))?;
    let mut files = vec![];
    for entry in entries {
        let path = entry.map_err(|source| io_error(dir, source))?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, SoftwareError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(io_error(path, source)),
    };
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|source| SoftwareError::Json { path: path.to_owned(), source })
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), SoftwareError> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|source| SoftwareError::Json { path: path.to_owned(), source })?;
    bytes.push(b'\n');
    write_whole(path, &bytes)
}

/// Writes a file beside its place and moves it there, so that nobody ever sees half of it.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), SoftwareError> {
    let write = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut draft = path.as_os_str().to_owned();
        draft.push(".tmp");
        let draft = PathBuf::from(draft);
        let mut file = fs::File::create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, path)
    };
    write().map_err(|source| io_error(path, source))
}

fn io_error(path: &Path, source: io::Error) -> SoftwareError {
    SoftwareError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(number: &str) -> OfficeNumber {
        number.parse().expect("ten digits")
    }

    fn home(dir: &Path) -> Home {
        let owner = Owner { office: office("2770200036"), role: Role::ServiceOffice };
        Home::open_or_create(dir, owner).expect("a folder can be made")
    }

    fn received(bytes: &[u8]) -> (FileName, ReceivedFile) {
        let name = "UPJSK_202504_2770200036_11_2770100012_43_20250428171502.CSV";
        let parsed = FileName::parse(name).expect("the name is the standard's");
        (parsed, ReceivedFile { name: name.to_owned(), bytes: bytes.to_vec() })
    }

    #[test]
    fn a_folder_stays_with_its_office() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        assert!(matches!(Home::open(dir.path()), Err(SoftwareError::NotAHome { .. })));
        let first = home(dir.path()).owner();
        assert_eq!(Home::open(dir.path()).expect("it is a home now").owner(), first);
        let other = Owner { office: office("2770300042"), role: Role::ServiceOffice };
        let refused = Home::open_or_create(dir.path(), other);
        assert!(matches!(refused, Err(SoftwareError::OtherOffice { .. })));
    }

    #[test]
    fn received_bytes_are_kept_and_a_changed_file_is_noticed() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let home = home(dir.path());
        let (name, file) = received(b"\x82\xa0,1\r\n");
        let kept = home.keep(&[(name, &file)]).expect("it is kept");
        assert_eq!(home.read_kept(&kept[0]).expect("it is as it was"), file);
        assert_eq!(kept[0].sha256, sha256(&file.bytes));
        fs::write(home.kept_path(&kept[0]), b"other").expect("the file can be spoilt");
        assert!(matches!(home.read_kept(&kept[0]), Err(SoftwareError::Damaged { .. })));
    }

    #[test]
    fn the_same_file_again_is_nothing_new_and_other_bytes_under_its_name_are_refused() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let home = home(dir.path());
        let (name, file) = received(b"1\r\n");
        home.keep(&[(name, &file)]).expect("it is kept");
        home.keep(&[(name, &file)]).expect("it is the same");
        assert_eq!(home.kept().expect("the list reads").len(), 1);
        let (_, other) = received(b"2\r\n");
        assert!(matches!(home.keep(&[(name, &other)]), Err(SoftwareError::Changed { .. })));
        let lower = |file: &ReceivedFile| {
            let name = file.name.replace("CSV", "csv");
            ReceivedFile { name, bytes: file.bytes.clone() }
        };
        let same = home.keep(&[(name, &lower(&file))]).expect("it is the same");
        assert_eq!(same, home.kept().expect("the list reads"), "there is one, by its first name");
        let changed = home.keep(&[(name, &lower(&other))]);
        assert!(matches!(changed, Err(SoftwareError::Changed { .. })));
        assert_eq!(home.read_kept(&home.kept().expect("the list reads")[0]).ok(), Some(file));
    }

    #[test]
    fn nothing_half_written_stays_behind() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("a").join("b.json");
        write_json(&path, &1).expect("it can be written");
        write_json(&path, &2).expect("it can be replaced");
        assert_eq!(read_json::<u32>(&path).expect("it reads"), Some(2));
        let names = files_in(path.parent().expect("it has a folder")).expect("it lists");
        assert_eq!(names, [path]);
    }
}
