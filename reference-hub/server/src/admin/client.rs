//! The other end of the admin listener: for the command line, the sandbox and scripts.

use std::{io, path::Path, time::Duration};

use careplan_protocol::{Clock, Problem};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;

use super::AdminToken;
use crate::tls;

/// How long a connection may take.
const CONNECT_WAIT_MAX: Duration = Duration::from_secs(5);

/// A way to a hub's admin listener.
#[derive(Clone)]
pub struct AdminClient {
    client: Client,
    url: String,
    token: AdminToken,
}

/// Why an admin request was not granted.
#[derive(Debug, Error)]
pub enum AdminError {
    /// The hub says no.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// Nobody there speaks as an admin listener does.
    #[error("{0}")]
    Away(String),
}

impl AdminClient {
    /// A way to the listener at `http://…`, with its token. Nothing is asked yet.
    ///
    /// # Errors
    /// No client can be made.
    pub fn new(url: &str, token: AdminToken) -> Result<Self, AdminError> {
        // The library wants to know what TLS is even where none is spoken.
        let tls = tls::client_of_nobody(&Clock::system()).map_err(AdminError::Away)?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_WAIT_MAX)
            .build()
            .map_err(|error| away(&error))?;
        Ok(Self { client, url: url.trim_end_matches('/').to_owned(), token })
    }

    /// A way to the listener, with the token in a file that the hub was started with.
    ///
    /// # Errors
    /// The file cannot be read, or holds no token.
    pub fn with_token_file(url: &str, path: &Path) -> io::Result<Self> {
        Self::new(url, AdminToken::read(path)?).map_err(io::Error::other)
    }

    /// Asks for something.
    ///
    /// # Errors
    /// The hub refuses or is away; so for all requests here.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, AdminError> {
        self.read(self.request(Method::GET, path)).await
    }

    /// Asks with a JSON body, for a JSON answer.
    ///
    /// # Errors
    /// As for [`AdminClient::get`].
    pub async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, AdminError> {
        self.read(self.request(method, path).json(body)).await
    }

    /// Tells the hub to do something that it answers with no body.
    ///
    /// # Errors
    /// As for [`AdminClient::get`].
    pub async fn tell(&self, method: Method, path: &str) -> Result<(), AdminError> {
        self.answer(self.request(method, path)).await.map(drop)
    }

    /// Asks for a text.
    ///
    /// # Errors
    /// As for [`AdminClient::get`].
    pub async fn text(&self, path: &str) -> Result<String, AdminError> {
        let answer = self.answer(self.request(Method::GET, path)).await?;
        answer.text().await.map_err(|error| away(&error))
    }

    /// A request of any form, with the token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).bearer_auth(self.token.text())
    }

    /// Sends a request: the answer if it is granted.
    ///
    /// # Errors
    /// As for [`AdminClient::get`].
    pub async fn answer(&self, request: RequestBuilder) -> Result<Response, AdminError> {
        let answer = request.send().await.map_err(|error| away(&error))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        match answer.json().await {
            Ok(problem) => Err(AdminError::Refused(problem)),
            Err(_) => Err(AdminError::Away(format!("HTTP {status}"))),
        }
    }

    async fn read<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, AdminError> {
        self.answer(request).await?.json().await.map_err(|error| away(&error))
    }
}

fn away(error: &reqwest::Error) -> AdminError {
    AdminError::Away(crate::authority::chain(error))
}
