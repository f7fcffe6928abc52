//! The report of a run, as a page, for machines, and for CI.

mod html;
mod junit;
mod scenario;
mod sequence;
mod words;

use std::{fs, io, path::Path};

use crate::RunReport;

/// Writes `index.html`, `junit.xml` and `report.json` into a folder, which is made if need be.
///
/// # Errors
/// The folder or a file in it cannot be written.
pub fn write_report(run: &RunReport, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("index.html"), html::page(run))?;
    fs::write(folder.join("junit.xml"), junit::xml(run).map_err(io::Error::other)?)?;
    fs::write(folder.join("report.json"), serde_json::to_vec_pretty(run)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::tests::sample;

    #[test]
    fn the_json_is_the_run() {
        let folder = tempfile::tempdir().expect("a folder");
        let inner = folder.path().join("new").join("report");
        write_report(&sample(), &inner).expect("writes");
        let text = fs::read(inner.join("report.json")).expect("is there");
        let again: RunReport = serde_json::from_slice(&text).expect("parses");
        assert_eq!(again, sample());
        assert!(inner.join("index.html").is_file());
        assert!(inner.join("junit.xml").is_file());
    }
}
