//! Files that a command writes beside the originals, never over anything.

use std::{
    collections::HashSet,
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
    let mut seen = HashSet::new();
    for sending in sendings {
        let name = sending.folder.as_deref().and_then(Path::file_name);
        let folder = out.join(name.unwrap_or_else(|| "files".as_ref()));
        if !seen.insert(as_everywhere(&folder.to_string_lossy())) {
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

/// Stops where something lies in the folder already, or two files would have one name.
pub(crate) fn find_room<'a>(
    out: &Path,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), Stop> {
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert(as_everywhere(name)) {
            return Err(Stop::setup(
                format!(
                    "{name} という名前のファイルが2つになります（大文字と小文字は同じとみなします）。名前を変えてください"
                ),
                format!("two files would be named {name}, whatever their letter case; rename one"),
            ));
        }
    }
    // Two sendings in one folder would be sent as one.
    if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        let out = out.display();
        return Err(Stop::setup(
            format!("{out} は空ではありません。--out に空のフォルダを指定してください"),
            format!("{out} is not empty; name an empty folder with --out"),
        ));
    }
    Ok(())
}

/// The name as Windows and macOS compare it.
fn as_everywhere(name: &str) -> String {
    name.to_lowercase()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_letter_case_alone_have_no_room_beside_each_other() {
        let out = tempfile::tempdir().expect("a folder");
        assert!(find_room(out.path(), ["a.CSV", "b.CSV"]).is_ok());
        assert!(find_room(out.path(), ["a.CSV", "A.csv"]).is_err());
        fs::write(out.path().join("b.CSV"), "").expect("writes");
        assert!(find_room(out.path(), ["c.CSV"]).is_err(), "another sending is there");
    }

    #[test]
    fn two_sendings_do_not_share_a_folder() {
        let of = |folder: &str| Loaded { folder: Some(folder.into()), files: vec![] };
        assert!(outs(&[of("a/one"), of("b/two")], Path::new("out")).is_ok());
        assert!(outs(&[of("a/one"), of("b/One")], Path::new("out")).is_err());
    }
}
