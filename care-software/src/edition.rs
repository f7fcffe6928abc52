//! 介護ソフトの版: which versions of the standard an installation knows.

use careplan_standard::{Standard, Version};

use crate::error::SoftwareError;

/// An installation reads and writes every version up to its own, and none that came after.
#[derive(Debug, Clone, Copy)]
pub struct Edition {
    /// Oldest first; never empty.
    known: &'static [Version],
}

impl Edition {
    /// The edition whose newest version this is: by CSVバージョン値 (`202208`) or label (`3.2`).
    ///
    /// # Errors
    /// [`SoftwareError::UnknownVersion`]: the standard has no such version.
    pub fn up_to(version: &str) -> Result<Self, SoftwareError> {
        let all = Standard::bundled().versions();
        let found = all.iter().position(|one| one.value == version || one.label == version);
        let at = found.ok_or_else(|| SoftwareError::UnknownVersion {
            value: version.to_owned(),
            edition: Self::default(),
        })?;
        Ok(Self { known: &all[..=at] })
    }

    /// The newest version that it knows.
    pub fn newest(self) -> &'static Version {
        self.known.last().expect("an edition knows a version")
    }

    /// Every version that it knows, oldest first.
    pub fn versions(self) -> &'static [Version] {
        self.known
    }

    /// The version of this CSVバージョン値, if it knows it.
    pub fn version(self, value: &str) -> Option<&'static Version> {
        self.known.iter().find(|version| version.value == value)
    }
}

impl Default for Edition {
    /// Knows every version of the standard.
    fn default() -> Self {
        Self { known: Standard::bundled().versions() }
    }
}

impl PartialEq for Edition {
    fn eq(&self, other: &Self) -> bool {
        self.known.len() == other.known.len()
    }
}

impl Eq for Edition {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_knows_its_own_version_and_those_before() {
        let old = Edition::up_to("3.2").expect("is a version");
        assert!(old.version("202208").is_some() && old.version("202407").is_none());
        let new = Edition::up_to("202407").expect("is a version");
        assert_eq!(new.versions().len(), 2);
        assert_eq!(new.newest().label, "4.1");
        assert_eq!(new, Edition::default());
        assert_ne!(new, old);
        assert!(matches!(Edition::up_to("202410"), Err(SoftwareError::UnknownVersion { .. })));
    }
}
