//! The samples, compiled in, so that the binary runs them anywhere: sendings by a writer that shares
//! nothing with this project.

/// A file of a sample: its name and bytes.
type File = (&'static str, &'static [u8]);

macro_rules! samples {
    ($($folder:literal: [$($name:literal),* $(,)?],)*) => {
        /// Folder by folder, as `samples/README.md` lists them.
        const SAMPLES: &[(&str, &[File])] = &[$(($folder, &[$((
            $name,
            include_bytes!(concat!("../../samples/", $folder, "/", $name)) as &[u8],
        )),*])),*];
    };
}

samples! {
    "v4-plan": [
        "UP1KYO_2770100012_43_2770200036_11_20250428171502.CSV",
        "UP2KYO_2770100012_43_2770200036_11_20250428171502.CSV",
        "UP3KYO_2770100012_43_2770200036_11_20250428171502.CSV",
        "UPHOSOKU_000000_2770100012_43_2770200036_11_20250428171502.CSV",
    ],
    "v4-slip": [
        "UPHOSOKU_202504_2770100012_43_2770200036_11_20250428171502.CSV",
        "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV",
        "UPSIKYU_202504_2770100012_43_2770200036_11_20250428171502.CSV",
    ],
    "v4-jisseki": [
        "UPJSK_202504_2770200036_11_2770100012_43_20250428171502.CSV",
    ],
    "v4-slip-equipment": [
        "UPHOSOKU_202504_2770100012_43_2770400059_17_20250428171502.CSV",
        "UPPLAN_202504_2770100012_43_2770400059_17_20250428171502.CSV",
        "UPSIKYU_202504_2770100012_43_2770400059_17_20250428171502.CSV",
    ],
    "v4-prevention-record": [
        "UPKIHON_2700100021_46_2770100012_43_20250428171502.CSV",
        "UPKIHON_IMAGE_2700100021_46_2770100012_43_20250428171502_0001.jpg",
        "UPKIHON_SUB1_2700100021_46_2770100012_43_20250428171502.CSV",
        "UPKIHON_SUB2_2700100021_46_2770100012_43_20250428171502.CSV",
    ],
    "v4-prevention-plan": [
        "UPYOBO_2700100021_46_2770100012_43_20250428171502.CSV",
        "UPYOBO_SUB_2700100021_46_2770100012_43_20250428171502.CSV",
    ],
    "v4-withdraw-month": [
        "DLTPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV",
    ],
    "v3-plan": [
        "UP1KYO_2770100012_2770200036_20250428171502.CSV",
        "UP2KYO_2770100012_2770200036_20250428171502.CSV",
        "UPHOSOKU_000000_2770100012_2770200036_20250428171502.CSV",
    ],
    "v3-slip": [
        "UPHOSOKU_202504_2770100012_2770200036_20250428171502.CSV",
        "UPPLAN_202504_2770100012_2770200036_20250428171502.CSV",
        "UPSIKYU_202504_2770100012_2770200036_20250428171502.CSV",
    ],
    "v3-jisseki": [
        "UPJSK_202504_2770200036_2770100012_20250428171502.CSV",
    ],
    "broken-utf8": [
        "UPHOSOKU_202504_2770100012_43_2770200036_11_20250428171502.CSV",
        "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV",
        "UPSIKYU_202504_2770100012_43_2770200036_11_20250428171502.CSV",
    ],
    "broken-service-kind": [
        "UPHOSOKU_202504_2770100012_43_2770200036_11_20250428171502.CSV",
        "UPPLAN_202504_2770100012_43_2770200036_11_20250428171502.CSV",
        "UPSIKYU_202504_2770100012_43_2770200036_11_20250428171502.CSV",
    ],
    "broken-month": [
        "UPJSK_202505_2770200036_11_2770100012_43_20250428171502.CSV",
    ],
}

/// The files of a sample, by its folder's name.
pub(crate) fn sample(folder: &str) -> Option<&'static [File]> {
    SAMPLES.iter().find(|(name, _)| *name == folder).map(|(_, files)| *files)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn every_file_of_every_folder_is_compiled_in() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let folders = fs::read_dir(&root).expect("is there").map(|entry| entry.expect("reads"));
        let folders: Vec<_> = folders.filter(|entry| entry.path().is_dir()).collect();
        assert_eq!(folders.len(), SAMPLES.len());
        for folder in folders {
            let files = fs::read_dir(folder.path()).expect("is there");
            let on_disk: BTreeSet<_> = files.map(|entry| name(entry.expect("reads"))).collect();
            let known = sample(&name(folder)).expect("is listed");
            let known: BTreeSet<_> = known.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(known, on_disk);
        }
    }
}
