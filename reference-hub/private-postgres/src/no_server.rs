//! Where the system has no Unix sockets and shells, there is no private server.

use crate::{Absence, programs};

/// A server that does not exist.
#[derive(Debug)]
pub struct Server(std::convert::Infallible);

impl Server {
    /// Says why there is none.
    ///
    /// # Errors
    /// Always.
    pub fn start() -> Result<Self, Absence> {
        Err(match programs::folder() {
            None => Absence::NotInstalled,
            Some(_) => Absence::DoesNotStart("Linux, macOS".to_owned()),
        })
    }

    /// Says why there is none, likewise.
    ///
    /// # Errors
    /// Always.
    pub fn start_durable() -> Result<Self, Absence> {
        Self::start()
    }

    /// The URL of a new, empty database.
    ///
    /// # Errors
    /// Never: nobody has a server to ask.
    pub fn new_database(&self) -> Result<String, Absence> {
        match self.0 {}
    }
}
