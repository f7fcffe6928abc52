//! What a request to the admin listener has to show.

use std::{
    fmt, fs,
    io::{self, Write as _},
    path::Path,
};

use subtle::ConstantTimeEq as _;

use crate::secrets;

/// How short a token may be: a person's own is no weaker than a guess of 2⁶⁴.
const CHARS_MIN: usize = 16;

/// The admin listener's token. It is shown nowhere but in its file.
#[derive(Clone)]
pub struct AdminToken {
    text: String,
}

impl AdminToken {
    /// A new one, that nobody can guess.
    pub fn fresh() -> Self {
        Self { text: secrets::new_token(&secrets::of_the_machine()) }
    }

    /// The token in a file.
    ///
    /// # Errors
    /// The file cannot be read, or holds no token of at least 16 visible ASCII characters.
    pub fn read(path: &Path) -> io::Result<Self> {
        Self::parse(&fs::read_to_string(path)?)
    }

    /// The token in a file, which is made with a fresh one, for its owner alone, where there is
    /// none.
    ///
    /// # Errors
    /// The file cannot be read or made, or holds no token of at least 16 visible ASCII characters.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        match Self::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let token = Self::fresh();
                token.write(path)?;
                Ok(token)
            }
            read => read,
        }
    }

    fn parse(text: &str) -> io::Result<Self> {
        let text = text.trim();
        if text.len() < CHARS_MIN || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            let wanted = format!("no token: at least {CHARS_MIN} visible ASCII characters");
            return Err(io::Error::new(io::ErrorKind::InvalidData, wanted));
        }
        Ok(Self { text: text.to_owned() })
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let mut options = fs::OpenOptions::new();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // Two hubs that are started at once must not have two tokens in one file.
        let mut file = options.write(true).create_new(true).open(path)?;
        writeln!(file, "{}", self.text)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether this is the token. How long the look takes tells nothing of either.
    pub(crate) fn is(&self, shown: &str) -> bool {
        let digests = [self.text.as_str(), shown].map(secrets::token_digest);
        digests[0].ct_eq(&digests[1]).into()
    }
}

impl fmt::Debug for AdminToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_made_and_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("運用.token");
        let made = AdminToken::of_file(&path).expect("makes");
        let read = AdminToken::of_file(&path).expect("reads");
        assert!(made.is(&read.text) && !made.is(&AdminToken::fresh().text));
        assert!(!format!("{made:?}").contains(&made.text));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        AdminToken::of_file(&path).expect("makes");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_anybody_could_guess_is_no_token() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        for bad in ["", "short\n", "with a space inside it"] {
            fs::write(&path, bad).expect("writes");
            assert!(AdminToken::of_file(&path).is_err(), "{bad:?}");
        }
    }
}
