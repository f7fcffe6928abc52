//! The laws, on a stable toolchain: random bytes, the samples, and all that ever broke one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use careplan_laws::LAWS;
use proptest::prelude::*;

/// A file of the repository.
fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Every file below a folder, with its name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![];
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            files.push((name, fs::read(&path).expect("it can be read")));
        }
    }
    files
}

#[test]
fn the_laws_hold_for_every_sample() {
    let samples = files(&at("samples"));
    assert!(20 < samples.len());
    for (law, holds) in LAWS {
        for (name, bytes) in &samples {
            if law == "names" {
                holds(name.as_bytes());
            } else {
                holds(bytes);
            }
        }
    }
}

#[test]
fn old_crashes_stay_fixed() {
    for (law, holds) in LAWS {
        let folder = at("fuzz/laws/crashes").join(law);
        if folder.exists() {
            files(&folder).iter().for_each(|(_, bytes)| holds(bytes));
        }
    }
}

#[test]
fn every_law_is_the_target_of_its_name() {
    let manifest = fs::read_to_string(at("fuzz/Cargo.toml")).expect("it is there");
    let named: Vec<&str> =
        manifest.split("[[bin]]").skip(1).filter_map(|target| target.split('"').nth(1)).collect();
    assert_eq!(named, LAWS.map(|(law, _)| law));
    for law in named {
        let target = fs::read_to_string(at(&format!("fuzz/targets/{law}.rs"))).expect(law);
        assert!(target.contains(&format!("careplan_laws::{law}(bytes)")), "{law}");
    }
}

proptest! {
    #[test]
    fn the_laws_hold_for_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        LAWS.iter().for_each(|(_, holds)| holds(&bytes));
    }

    #[test]
    fn the_laws_hold_for_bytes_that_make_structure(
        bytes in r#"([a-c]|,|"|"",|\r\n|\n|介|①|[0-9]{1,3}){0,60}"#,
    ) {
        LAWS.iter().for_each(|(_, holds)| holds(bytes.as_bytes()));
    }
}
