//! Reading and checking the files of sendings, in chunks and on all cores.

use std::{
    fs::{self, File},
    io::Read,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use careplan_standard::{Check, CheckedFile, FileChecker, Standard, check_together};

use super::progress::Progress;
use crate::{
    sendings::{Listed, name_of},
    ui::{Stop, Ui},
};

/// How much of a file is read at a time.
const CHUNK_BYTES: usize = 256 * 1024;

/// A sending and what the standard says of it. What was in the files is not kept.
pub(crate) struct Checked {
    /// The folder, where there is one.
    pub(crate) folder: Option<PathBuf>,
    /// Its files, in the order of the check's.
    pub(crate) paths: Vec<PathBuf>,
    /// What is wrong.
    pub(crate) check: Check,
}

impl Checked {
    /// The files' names, in their order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.paths.iter().map(|path| name_of(path)).collect()
    }
}

/// Checks the sendings, each file on the next core that is free.
pub(crate) fn check_all(sendings: Vec<Listed>, ui: &Ui) -> Result<Vec<Checked>, Stop> {
    let paths: Vec<&Path> =
        sendings.iter().flat_map(|sending| sending.paths.iter().map(PathBuf::as_path)).collect();
    let bytes = |path: &&Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
    let progress = Progress::new(paths.len(), paths.iter().map(bytes).sum(), ui);
    let mut files = check_files(&paths, &progress).into_iter();
    progress.finish();
    for sending in sendings.iter().filter(|sending| 0 < sending.folders) {
        let folder = sending.folder.as_deref().map(Path::display);
        let (folder, count) = (folder.map_or_else(String::new, |f| f.to_string()), sending.folders);
        ui.note(&ui.pick(
            format!(
                "{folder} の中のフォルダ {count}個は検査していません（フォルダ1つが1回の送信です）"
            ),
            format!(
                "{folder}: the {count} folders within were not checked; each folder is one sending"
            ),
        ));
    }
    let checked = |Listed { folder, paths, .. }: Listed| {
        let files = files.by_ref().take(paths.len()).collect::<Result<_, _>>()?;
        Ok(Checked { folder, paths, check: check_together(Standard::bundled(), files) })
    };
    sendings.into_iter().map(checked).collect()
}

/// The files in the order given, whichever was done first.
fn check_files(paths: &[&Path], progress: &Progress<'_>) -> Vec<Result<CheckedFile, Stop>> {
    let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(paths.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut chunk = vec![0; CHUNK_BYTES];
        let mut done = vec![];
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(path) = paths.get(at)
        {
            done.push((at, check_file(path, &mut chunk, progress)));
        }
        done
    };
    let mut files = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let done = |worker: thread::ScopedJoinHandle<'_, Vec<_>>| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().flat_map(done).collect::<Vec<_>>()
    });
    files.sort_by_key(|(at, _)| *at);
    files.into_iter().map(|(_, file)| file).collect()
}

fn check_file(path: &Path, chunk: &mut [u8], progress: &Progress<'_>) -> Result<CheckedFile, Stop> {
    let stop = |error| Stop::path(path, &error);
    let mut checker = FileChecker::new(Standard::bundled(), &name_of(path));
    let mut file = File::open(path).map_err(stop)?;
    loop {
        match file.read(chunk).map_err(stop)? {
            0 => break,
            length => {
                checker.feed(&chunk[..length]);
                progress.bytes(length);
            }
        }
    }
    progress.file();
    Ok(checker.finish())
}
