//! Files that a command writes beside the originals, never over anything.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use crate::{sendings::Loaded, ui::Stop};

/// One sending goes into the folder itself, several into a folder each.
pub(crate) fn outs(sendings: &[Loaded], out: &Path) -> Result<Vec<PathBuf>, Stop> {
    if let [_] = sendings {
        return Ok(vec![out.to_owned()]);
    }
    let mut outs: Vec<PathBuf> = vec![];
    for sending in sendings {
        let name = sending.folder.as_deref().and_then(Path::file_name);
        let folder = out.join(name.unwrap_or_else(|| "files".as_ref()));
        if outs.contains(&folder) {
            let folder = folder.display();
            return Err(Stop::setup(
                format!("{folder} に2つの送信を書くことになります。1つずつ指定してください"),
                format!("two sendings would be written to {folder}; name them one by one"),
            ));
        }
        outs.push(folder);
    }
    Ok(outs)
}

/// Stops at the first file that is there already.
pub(crate) fn find_room<'a>(
    out: &Path,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), Stop> {
    let there = names.into_iter().map(|name| out.join(name)).find(|path| path.exists());
    let Some(path) = there else { return Ok(()) };
    let path = path.display();
    Err(Stop::setup(
        format!("{path} はもうあります。--out に空のフォルダを指定してください"),
        format!("{path} exists already; name an empty folder with --out"),
    ))
}

/// Writes the files, by name and content.
pub(crate) fn write<'a>(
    out: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<(), Stop> {
    fs::create_dir_all(out).map_err(|error| Stop::path(out, &error))?;
    for (name, bytes) in files {
        let path = out.join(name);
        let written = fs::File::create_new(&path).and_then(|mut new| new.write_all(bytes));
        written.map_err(|error| Stop::path(&path, &error))?;
    }
    Ok(())
}
