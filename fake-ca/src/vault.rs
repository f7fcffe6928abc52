//! Where the [`State`] is: in memory, or in a folder that several processes may use.
//!
//! Invariant: in a folder, whoever reads or changes the state holds the folder's lock and works on
//! what the file says, never on what this process remembers. `state.json` is written last when a CA
//! is minted: a folder without it holds no CA.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use time::OffsetDateTime;

use crate::{
    CaFault,
    authority::{Authority, AuthorityPem},
    files,
    secret::Exposure,
    state::State,
};

const STATE: &str = "state.json";
const ROOT: &str = "root.pem";
const ROOT_KEY: &str = "root-key.pem";
const ISSUING: &str = "issuing.pem";
const ISSUING_KEY: &str = "issuing-key.pem";
const LOCK: &str = "lock";

pub(crate) struct Vault {
    folder: Option<PathBuf>,
    /// The state in memory; in a folder, what the file said last and what that means.
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    text: String,
    state: State,
}

impl Vault {
    /// Keeps all in memory.
    pub(crate) fn memory() -> Self {
        Self { folder: None, held: Mutex::default() }
    }

    /// Who may see what is kept.
    pub(crate) fn exposure(&self) -> Exposure {
        if self.folder.is_some() { Exposure::File } else { Exposure::Memory }
    }

    /// Opens the CA in this folder, or mints one there.
    pub(crate) fn folder(
        folder: PathBuf,
        now: OffsetDateTime,
    ) -> Result<(Self, Authority), CaFault> {
        files::make_folder(&folder)?;
        let _lock = files::lock(&folder.join(LOCK))?;
        if !Self::is_in(&folder) {
            write_authority(&folder, &AuthorityPem::mint(now)?)?;
            files::replace(&folder.join(STATE), render(&State::default())?.as_bytes())?;
        }
        let authority = open_authority(&folder)?;
        Ok((Self { folder: Some(folder), held: Mutex::default() }, authority))
    }

    /// Whether the folder holds a CA.
    pub(crate) fn is_in(folder: &Path) -> bool {
        folder.join(STATE).is_file()
    }

    /// Where the root certificate lies.
    pub(crate) fn root_path(&self) -> Option<PathBuf> {
        self.folder.as_deref().map(|folder| folder.join(ROOT))
    }

    /// Looks at the state as it is now.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> Result<T, CaFault> {
        let mut held = self.held();
        match &self.folder {
            None => {}
            Some(folder) => {
                let _lock = files::lock(&folder.join(LOCK))?;
                held.reload(folder)?;
            }
        }
        Ok(look(&held.state))
    }

    /// Changes the state as it is now, and keeps it before returning.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> Result<T, CaFault> {
        let mut held = self.held();
        let Some(folder) = &self.folder else { return Ok(change(&mut held.state)) };
        let _lock = files::lock(&folder.join(LOCK))?;
        held.reload(folder)?;
        // Should writing fail, memory must not be taken for what the file says.
        let before = std::mem::take(&mut held.text);
        let outcome = change(&mut held.state);
        let after = render(&held.state)?;
        if after != before {
            files::replace(&folder.join(STATE), after.as_bytes())?;
        }
        held.text = after;
        Ok(outcome)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // After a panic in between, the file is read again; in memory every change is one step.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn reload(&mut self, folder: &Path) -> Result<(), CaFault> {
        let path = folder.join(STATE);
        let text = files::read(&path)?;
        if text != self.text {
            self.state = serde_json::from_str(&text)
                .map_err(|error| CaFault::Damaged { path, what: error.to_string() })?;
            self.text = text;
        }
        Ok(())
    }
}

fn render(state: &State) -> Result<String, CaFault> {
    serde_json::to_string_pretty(state).map_err(|error| CaFault::Inner(error.to_string()))
}

fn write_authority(folder: &Path, pem: &AuthorityPem) -> Result<(), CaFault> {
    files::replace(&folder.join(ROOT_KEY), pem.root_key.as_bytes())?;
    files::replace(&folder.join(ROOT), pem.root.as_bytes())?;
    files::replace(&folder.join(ISSUING_KEY), pem.issuing_key.as_bytes())?;
    files::replace(&folder.join(ISSUING), pem.issuing.as_bytes())
}

fn open_authority(folder: &Path) -> Result<Authority, CaFault> {
    let read = |name: &str| files::read(&folder.join(name));
    let pem = AuthorityPem {
        root: read(ROOT)?,
        root_key: read(ROOT_KEY)?,
        issuing: read(ISSUING)?,
        issuing_key: read(ISSUING_KEY)?,
    };
    Authority::open(pem).map_err(|error| CaFault::Damaged {
        path: folder.to_owned(),
        what: format!("its certificates and keys do not belong together ({error})"),
    })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2025-04-01 09:00 UTC);

    fn number(vault: &Vault) -> Option<u64> {
        vault.read(|state| state.crl.as_ref().map(|crl| crl.number)).expect("reads")
    }

    fn set_number(vault: &Vault, number: u64) {
        let crl = crate::state::Crl { number, this_update: NOW, pem: String::new() };
        vault.change(|state| state.crl = Some(crl)).expect("writes");
    }

    #[test]
    fn two_vaults_on_one_folder_see_each_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, _) = Vault::folder(folder.path().to_owned(), NOW).expect("mints");
        let (other, _) = Vault::folder(folder.path().to_owned(), NOW).expect("opens");
        set_number(&one, 1);
        assert_eq!(number(&other), Some(1));
        set_number(&other, 2);
        assert_eq!(number(&one), Some(2));
    }

    #[test]
    fn a_state_that_cannot_be_read_is_said_to_be_damaged() {
        let folder = tempfile::tempdir().expect("a folder");
        let (vault, _) = Vault::folder(folder.path().to_owned(), NOW).expect("mints");
        std::fs::write(folder.path().join(STATE), "{").expect("writes");
        let fault = vault.read(|_| ()).expect_err("it is damaged");
        assert!(
            matches!(&fault, CaFault::Damaged { path, .. } if path.ends_with(STATE)),
            "{fault}"
        );
    }

    #[test]
    fn a_minting_that_was_cut_off_is_begun_again() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(ROOT), "half a ro").expect("writes");
        assert!(!Vault::is_in(folder.path()));
        let (_, authority) = Vault::folder(folder.path().to_owned(), NOW).expect("mints");
        let kept = std::fs::read_to_string(folder.path().join(ROOT)).expect("reads");
        assert_eq!(kept, authority.root_pem());
    }

    #[test]
    fn keys_that_do_not_belong_to_the_certificates_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        Vault::folder(folder.path().to_owned(), NOW).expect("mints");
        let stranger = AuthorityPem::mint(NOW).expect("mints");
        std::fs::write(folder.path().join(ISSUING_KEY), stranger.issuing_key).expect("writes");
        let opened = Vault::folder(folder.path().to_owned(), NOW);
        assert!(matches!(opened, Err(CaFault::Damaged { .. })));
    }
}
