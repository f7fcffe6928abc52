//! A sending before it is sent: what is in it, where it goes, and whether it may.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use careplan_protocol::{
    CheckReport, Lang, Party, Problem, ProblemKind, Verdict,
    hub::{FILE_BYTES_MAX, MESSAGE_CHARS_MAX, SUBMISSION_BYTES_MAX, SUBMISSION_FILES_MAX},
};
use careplan_standard::{self as standard, FileName, Standard, check_sending};

use crate::{ClientError, durable};

/// A file to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendingFile {
    /// Its name, without a folder.
    pub name: String,
    /// Its bytes, which nobody touches from here on.
    pub bytes: Vec<u8>,
}

/// 送信: what goes out in one piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sending {
    /// Its files, in the order sent. None if it is a message alone.
    pub files: Vec<SendingFile>,
    /// メッセージ.
    pub message: String,
    /// 送信先, chosen by hand: wanted where no CSV file names it.
    pub destination: Option<Party>,
    /// Leaves every check to the hub, and does not ask which versions the recipient's software
    /// takes. For trying out the hub's own, and for partners who say that they can do with it.
    pub unchecked: bool,
}

impl Sending {
    /// Reads what is to be sent: each folder is one sending, the plain files together are one.
    ///
    /// Of a folder the files directly in it are taken, sorted by name, but for hidden ones and
    /// those that the system puts there.
    ///
    /// # Errors
    /// A path that cannot be read, or a file beyond the wire's limit ([`ClientError::Local`] and
    /// `too-large`).
    pub fn gather(paths: &[PathBuf]) -> Result<Vec<Self>, ClientError> {
        let (folders, files): (Vec<_>, Vec<_>) = paths.iter().partition(|path| path.is_dir());
        let mut sendings = Vec::new();
        if !files.is_empty() {
            sendings.push(Self::of_files(files)?);
        }
        for folder in folders {
            let inside =
                durable::entries(folder).map_err(|error| ClientError::io(folder, &error))?;
            sendings.push(Self::of_files(inside.iter().filter(|path| is_to_send(path)))?);
        }
        Ok(sendings)
    }

    /// A sending of these files, with nothing else said.
    pub fn new(files: Vec<SendingFile>) -> Self {
        Self { files, ..Self::default() }
    }

    /// 送信先: chosen by hand, or found in the names of the CSV files.
    ///
    /// # Errors
    /// `recipient-missing` where nothing says it, `recipients-differ` where it is said twice.
    pub fn recipient(&self) -> Result<Party, ClientError> {
        let named = self.files.iter().filter_map(|file| FileName::parse(&file.name).ok());
        let parties = named.map(|name| Party::from(name.to)).chain(self.destination.clone());
        let parties: Vec<Party> = parties.collect();
        let Some(first) = parties.first() else {
            return Err(ClientError::problem(ProblemKind::RecipientMissing));
        };
        let offices: BTreeSet<_> = parties.iter().map(|party| party.office).collect();
        // V3 names carry no kind, and so agree with any.
        let kinds: BTreeSet<_> = parties.iter().filter_map(|party| party.kind).collect();
        if offices.len() > 1 || kinds.len() > 1 {
            let seen: BTreeSet<_> = parties.into_iter().map(standard::Party::from).collect();
            let seen: Vec<_> = seen.iter().map(ToString::to_string).collect();
            let problem = Problem::new(ProblemKind::RecipientsDiffer);
            return Err(problem.with_detail(seen.join(", ")).into());
        }
        Ok(Party { office: first.office, kind: kinds.first().copied() })
    }

    /// What the standard says of the files, with the findings in `lang`.
    pub fn check(&self, lang: Lang) -> CheckReport {
        let files: Vec<_> = self
            .files
            .iter()
            .map(|file| standard::SendingFile { name: &file.name, bytes: &file.bytes })
            .collect();
        let names: Vec<_> = self.files.iter().map(|file| file.name.as_str()).collect();
        CheckReport::new(&check_sending(Standard::bundled(), &files), &names, lang)
    }

    /// Whether it may go out, as far as this side can tell. Gives the CSVバージョン値 of its files,
    /// each once.
    ///
    /// # Errors
    /// The wire's limits and the recipient as [`ClientError::Problem`], the standard's rules as
    /// [`ClientError::Check`].
    pub fn ready(&self, lang: Lang) -> Result<Vec<String>, ClientError> {
        let size: usize = self.files.iter().map(|file| file.bytes.len()).sum();
        let refuse = |kind| Err(ClientError::problem(kind));
        if self.files.is_empty() && self.message.trim().is_empty() {
            return refuse(ProblemKind::SendingEmpty);
        }
        if self.files.len() > SUBMISSION_FILES_MAX {
            return refuse(ProblemKind::TooManyFiles);
        }
        if let Some(file) = self.files.iter().find(|file| FILE_BYTES_MAX < file.bytes.len()) {
            return Err(Problem::new(ProblemKind::TooLarge).with_detail(&file.name).into());
        }
        if size > SUBMISSION_BYTES_MAX {
            return refuse(ProblemKind::TooLarge);
        }
        if self.message.chars().count() > MESSAGE_CHARS_MAX {
            return refuse(ProblemKind::MessageTooLong);
        }
        let report = self.check(lang);
        if report.verdict == Verdict::Fail {
            return Err(ClientError::Check(Box::new(report)));
        }
        self.recipient()?;
        let versions = report.units.into_iter().map(|unit| unit.version);
        let versions: BTreeSet<String> = versions.filter(|version| !version.is_empty()).collect();
        Ok(versions.into_iter().collect())
    }

    fn of_files<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> Result<Self, ClientError> {
        paths.into_iter().map(|path| read(path)).collect::<Result<_, _>>().map(Self::new)
    }
}

fn read(path: &Path) -> Result<SendingFile, ClientError> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| {
        ClientError::local(
            path,
            "ファイル名を読めません。名前を付け直してください",
            "has a name that cannot be read; rename it",
        )
    })?;
    let unusable = |error| ClientError::io(path, &error);
    if fs::metadata(path).map_err(unusable)?.len() > FILE_BYTES_MAX as u64 {
        return Err(Problem::new(ProblemKind::TooLarge).with_detail(name).into());
    }
    let bytes = fs::read(path).map_err(unusable)?;
    Ok(SendingFile { name: name.to_owned(), bytes })
}

/// Whether a file of a folder is sent along: not what systems leave there for themselves.
pub fn is_to_send(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let of_the_system = ["thumbs.db", "desktop.ini"];
    path.is_file() && !name.starts_with('.') && !of_the_system.contains(&&*name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLIP: &str = "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV";
    const OLD_SLIP: &str = "UPPLAN_202504_2770100012_2770200036_20250428171503.CSV";
    const ELSEWHERE: &str = "UPPLAN_202504_2770100012_43_2770300042_15_20250428171502.CSV";

    fn sending(names: &[&str]) -> Sending {
        let file = |name: &&str| SendingFile { name: (*name).to_owned(), bytes: vec![1] };
        Sending::new(names.iter().map(file).collect())
    }

    fn recipient(sending: &Sending) -> Result<String, Option<ProblemKind>> {
        let found = sending.recipient().map_err(|error| error.problem_kind());
        found.map(|party| standard::Party::from(party).to_string())
    }

    #[test]
    fn the_names_of_the_files_say_where_to() {
        assert_eq!(recipient(&sending(&[SLIP, "letter.pdf"])), Ok("2770200036_11".to_owned()));
        assert_eq!(recipient(&sending(&[OLD_SLIP])), Ok("2770200036".to_owned()));
        assert_eq!(recipient(&sending(&[OLD_SLIP, SLIP])), Ok("2770200036_11".to_owned()));
        assert_eq!(recipient(&sending(&[SLIP, OLD_SLIP])), Ok("2770200036_11".to_owned()));
        let office = "2770200036".parse().expect("an office");
        let kind = "11".parse().ok();
        let chosen = Sending { destination: Some(Party { office, kind }), ..sending(&[OLD_SLIP]) };
        assert_eq!(recipient(&chosen), Ok("2770200036_11".to_owned()), "as exactly as it is said");
        let differ = Err(Some(ProblemKind::RecipientsDiffer));
        assert_eq!(recipient(&sending(&[SLIP, ELSEWHERE])), differ);
    }

    #[test]
    fn attachments_alone_want_a_destination_chosen_by_hand() {
        let mut letter = sending(&["letter.pdf"]);
        assert_eq!(recipient(&letter), Err(Some(ProblemKind::RecipientMissing)));
        let office = "2770200036".parse().expect("an office");
        letter.destination = Some(Party { office, kind: None });
        assert_eq!(recipient(&letter), Ok("2770200036".to_owned()));
    }

    #[test]
    fn limits_of_the_wire_are_held_before_anything_is_sent() {
        let refused =
            |sending: &Sending| sending.ready(Lang::Ja).expect_err("refused").problem_kind();
        assert_eq!(refused(&sending(&[])), Some(ProblemKind::SendingEmpty));
        let blank = Sending { message: "　\n".to_owned(), ..sending(&[]) };
        assert_eq!(refused(&blank), Some(ProblemKind::SendingEmpty));
        assert_eq!(refused(&sending(&["a.pdf"; 201])), Some(ProblemKind::TooManyFiles));
        let mut photo = sending(&["a.jpg"]);
        photo.files[0].bytes = vec![0; FILE_BYTES_MAX + 1];
        assert_eq!(refused(&photo), Some(ProblemKind::TooLarge));
        let wordy = Sending { message: "あ".repeat(1001), ..sending(&["a.pdf"]) };
        assert_eq!(refused(&wordy), Some(ProblemKind::MessageTooLong));
    }

    #[test]
    fn a_message_alone_may_go_to_a_destination_chosen_by_hand() {
        let mut message = Sending { message: "了解です".to_owned(), ..sending(&[]) };
        let missing = message.ready(Lang::Ja).expect_err("refused").problem_kind();
        assert_eq!(missing, Some(ProblemKind::RecipientMissing));
        let office = "2770200036".parse().expect("an office");
        message.destination = Some(Party { office, kind: None });
        assert_eq!(message.ready(Lang::Ja).expect("may go out"), [""; 0]);
    }

    #[test]
    fn what_may_go_out_says_of_which_versions_it_is() {
        const WITHDRAWAL: &str = "DLTPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV";
        let bytes = include_bytes!(concat!(
            "../../../samples/v4-withdraw-month/",
            "DLTPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV"
        ));
        let file = SendingFile { name: WITHDRAWAL.to_owned(), bytes: bytes.to_vec() };
        assert_eq!(Sending::new(vec![file]).ready(Lang::Ja).expect("may go out"), ["202407"]);
    }

    #[test]
    fn a_folder_is_a_sending_and_plain_files_are_one_together() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("april");
        fs::create_dir_all(folder.join("done")).expect("folders");
        for name in ["b.csv", "a.csv", ".hidden", "Thumbs.db"] {
            fs::write(folder.join(name), name).expect("writes");
        }
        let plain: Vec<_> = ["x.pdf", "y.pdf"].map(|name| root.path().join(name)).into();
        for path in &plain {
            fs::write(path, "pdf").expect("writes");
        }
        let paths = [&[folder], &plain[..]].concat();
        let names = |sending: &Sending| -> Vec<String> {
            sending.files.iter().map(|file| file.name.clone()).collect()
        };
        let gathered = Sending::gather(&paths).expect("reads");
        let gathered: Vec<_> = gathered.iter().map(names).collect();
        assert_eq!(gathered, [["x.pdf", "y.pdf"], ["a.csv", "b.csv"]]);
    }

    #[test]
    fn a_path_that_lacks_is_named() {
        let error = Sending::gather(&["no-such-file.csv".into()]).expect_err("lacks");
        assert!(error.line(Lang::Ja).contains("no-such-file.csv"), "{error}");
    }
}
