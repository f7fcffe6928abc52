//! Where a database is, and how to be let in.

use std::{fmt, time::Duration};

use postgres::{
    Config,
    config::{Host, SslMode},
};
use thiserror::Error;

/// How long a server may take to let a connection in.
const CONNECT_WAIT_MAX: Duration = Duration::from_secs(10);
/// How long a server that is silent may keep a connection waiting.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// A database on a PostgreSQL server, and the password, if there is one.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresPlace {
    url: String,
    password: Option<String>,
}

/// Why a URL does not name a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BadPlace {
    /// It is no URL of PostgreSQL.
    #[error("postgres://USER@HOST:PORT/DATABASE")]
    Form,
    /// It has a password in it, which everybody sees who lists the processes.
    #[error("password in the URL")]
    Password,
    /// It asks for a connection that is encrypted, which this program does not make.
    #[error("sslmode=require")]
    Tls,
}

impl PostgresPlace {
    /// Reads `postgres://USER@HOST:PORT/DATABASE`; a HOST that begins with `%2F` is the folder of a
    /// Unix socket. The password comes beside it.
    ///
    /// # Errors
    /// It is no such URL, has a password in it, or asks for TLS.
    pub fn parse(url: &str) -> Result<Self, BadPlace> {
        let scheme = url.split_once("://").map(|(scheme, _)| scheme);
        let Some("postgres" | "postgresql") = scheme else { return Err(BadPlace::Form) };
        let config: Config = url.parse().map_err(|_| BadPlace::Form)?;
        if config.get_password().is_some() {
            return Err(BadPlace::Password);
        }
        if config.get_hosts().is_empty() || config.get_dbname().is_none() {
            return Err(BadPlace::Form);
        }
        if config.get_ssl_mode() == SslMode::Require {
            return Err(BadPlace::Tls);
        }
        Ok(Self { url: url.to_owned(), password: None })
    }

    /// The same place, with the password that the server asks for.
    #[must_use]
    pub fn with_password(self, password: impl Into<String>) -> Self {
        Self { password: Some(password.into()), ..self }
    }

    /// Whether what is sent may leave this machine, which it does as plain text.
    pub fn leaves_the_machine(&self) -> bool {
        let is_away = |host: &Host| match host {
            Host::Tcp(name) => {
                let address: Result<std::net::IpAddr, _> = name.parse();
                name != "localhost" && !address.is_ok_and(|address| address.is_loopback())
            }
            #[cfg(unix)]
            Host::Unix(_) => false,
        };
        self.config().get_hosts().iter().any(is_away)
    }

    pub(super) fn config(&self) -> Config {
        let mut config: Config = self.url.parse().expect("`parse` has read this URL before");
        config.ssl_mode(SslMode::Disable).application_name("careplan-hub");
        config.connect_timeout(CONNECT_WAIT_MAX).tcp_user_timeout(SILENCE_MAX);
        if let Some(password) = &self.password {
            config.password(password);
        }
        config
    }
}

/// The URL, in which there is no password.
impl fmt::Display for PostgresPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.url)
    }
}

impl fmt::Debug for PostgresPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresPlace").field(&self.url).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_database_and_no_secret() {
        let place = PostgresPlace::parse("postgres://hub@127.0.0.1:5432/careplan");
        let place = place.expect("a place").with_password("秘密");
        assert!(!place.leaves_the_machine());
        assert!(!format!("{place} {place:?}").contains("秘密"));
        let refused = |url| PostgresPlace::parse(url).expect_err("refused");
        assert_eq!(refused("postgres://hub:secret@127.0.0.1/careplan"), BadPlace::Password);
        assert_eq!(refused("postgres://h@localhost/c?password=secret"), BadPlace::Password);
        assert_eq!(refused("postgres://hub@db/careplan?sslmode=require"), BadPlace::Tls);
        assert_eq!(refused("host=localhost dbname=careplan"), BadPlace::Form);
        assert_eq!(refused("postgres://hub@localhost"), BadPlace::Form);
    }

    #[test]
    fn what_leaves_the_machine_is_known() {
        let leaves = |url| PostgresPlace::parse(url).expect("a place").leaves_the_machine();
        assert!(leaves("postgres://hub@db.example/careplan"));
        assert!(leaves("postgres://hub@localhost,192.0.2.1/careplan"));
        assert!(!leaves("postgresql://hub@[::1]/careplan"));
    }
}
