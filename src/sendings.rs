//! Sendings as they lie on a disk: the files of a folder, or files named one by one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use careplan_standard::SendingFile;
use reference_client::is_to_send;

use crate::ui::Stop;

/// One sending: a folder's files, or all the files that were named one by one.
pub(crate) struct Loaded {
    /// The folder, where there is one.
    pub(crate) folder: Option<PathBuf>,
    /// Its files, by name where they are a folder's.
    pub(crate) files: Vec<LoadedFile>,
}

/// A file of a sending.
pub(crate) struct LoadedFile {
    /// Its name, without a folder.
    pub(crate) name: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

impl Loaded {
    /// The files' names, in their order.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.files.iter().map(|file| file.name.as_str()).collect()
    }

    /// The files as the standard takes them.
    pub(crate) fn sending(&self) -> Vec<SendingFile<'_>> {
        self.files.iter().map(|LoadedFile { name, bytes }| SendingFile { name, bytes }).collect()
    }
}

/// One sending as it is named, before its files are read.
pub(crate) struct Listed {
    /// The folder, where there is one.
    pub(crate) folder: Option<PathBuf>,
    /// Its files, by name where they are a folder's. There is one at least.
    pub(crate) paths: Vec<PathBuf>,
    /// How many folders lie in the folder. They are sendings of their own, if any.
    pub(crate) folders: usize,
}

/// Each folder is a sending, and so are all files that are named one by one, together.
pub(crate) fn list(paths: &[PathBuf]) -> Result<Vec<Listed>, Stop> {
    let mut sendings = vec![];
    let mut single = vec![];
    for path in paths {
        if path.is_dir() {
            sendings.push(list_folder(path)?);
        } else {
            single.push(path.clone());
        }
    }
    if !single.is_empty() {
        sendings.push(Listed { folder: None, paths: single, folders: 0 });
    }
    Ok(sendings)
}

/// The sendings with all that is in their files.
pub(crate) fn load(paths: &[PathBuf]) -> Result<Vec<Loaded>, Stop> {
    let read = |Listed { folder, paths, .. }| {
        let files = paths.iter().map(|path| load_file(path)).collect::<Result<_, _>>()?;
        Ok(Loaded { folder, files })
    };
    list(paths)?.into_iter().map(read).collect()
}

fn list_folder(folder: &Path) -> Result<Listed, Stop> {
    let mut inside: Vec<PathBuf> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(|error| Stop::path(folder, &error))?;
    inside.sort();
    let folders = inside.iter().filter(|path| path.is_dir()).count();
    inside.retain(|path| path.is_file() && is_to_send(path));
    if inside.is_empty() || (0 < folders && !inside.iter().any(|path| is_csv(path))) {
        let folder = folder.display();
        return Err(Stop::setup(
            format!(
                "{folder} に対象のファイルがありません（下のフォルダ {folders}個）。送信1件分のフォルダを指定してください"
            ),
            format!(
                "{folder} holds no file of a sending (but {folders} folders); name the folder of one sending"
            ),
        ));
    }
    Ok(Listed { folder: Some(folder.to_owned()), paths: inside, folders })
}

fn is_csv(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"))
}

fn load_file(path: &Path) -> Result<LoadedFile, Stop> {
    let bytes = fs::read(path).map_err(|error| Stop::path(path, &error))?;
    Ok(LoadedFile { name: name_of(path), bytes })
}

/// A file's name as the standard sees it: without the folder.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
