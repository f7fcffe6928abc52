//! The CA's service, as the hub uses it: 共通ログイン and the revocation list.

use std::{future::Future, pin::Pin, time::Duration};

use careplan_protocol::{Clock, Problem, ProblemKind, ca};
use reqwest::{Client, Response};

use crate::{config::HubFault, tls};

/// How long the CA may take for an answer. A password takes a while to check.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(10);
/// How long a connection to the CA may take.
const CONNECT_WAIT_MAX: Duration = Duration::from_secs(5);

/// Who knows whether user ID and password belong together.
pub trait LogIns: Send + Sync + 'static {
    /// 共通ログイン: the account, or what there is against it.
    fn log_in<'a>(&'a self, login: &'a ca::Login) -> LogIn<'a>;
}

/// An answer of [`LogIns`] on its way.
pub type LogIn<'a> = Pin<Box<dyn Future<Output = Result<ca::LoggedIn, Problem>> + Send + 'a>>;

impl LogIns for Authority {
    fn log_in<'a>(&'a self, login: &'a ca::Login) -> LogIn<'a> {
        Box::pin(self.ask_log_in(login))
    }
}

/// The CA's service.
#[derive(Clone)]
pub(crate) struct Authority {
    client: Client,
    url: String,
}

impl Authority {
    /// Trusts `root_pem` and nothing else.
    pub(crate) fn new(url: &str, root_pem: &str, clock: &Clock) -> Result<Self, HubFault> {
        let tls = tls::client_config(root_pem, clock).map_err(HubFault::Certificates)?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(true)
            .no_proxy()
            .connect_timeout(CONNECT_WAIT_MAX)
            .timeout(ANSWER_WAIT_MAX)
            .build()
            .map_err(|error| HubFault::Authority(chain(&error)))?;
        Ok(Self { client, url: url.trim_end_matches('/').to_owned() })
    }

    /// The revocation list as it is now, PEM.
    pub(crate) async fn revocation_list(&self) -> Result<String, String> {
        let request = self.client.get(format!("{}/v1/crl.pem", self.url));
        let answer = request.send().await.and_then(Response::error_for_status);
        let answer = answer.map_err(|error| chain(&error))?;
        answer.text().await.map_err(|error| chain(&error))
    }

    /// 共通ログイン. What the CA has against it is passed on as the CA said it.
    async fn ask_log_in(&self, login: &ca::Login) -> Result<ca::LoggedIn, Problem> {
        let request = self.client.post(format!("{}/v1/login", self.url)).json(login);
        let answer = request.send().await.map_err(|error| away(&error))?;
        if answer.status().is_success() {
            return answer.json().await.map_err(|error| away(&error));
        }
        let status = answer.status();
        match answer.json::<Problem>().await {
            Ok(problem) if status.is_client_error() && problem.known_kind().is_some() => {
                Err(problem)
            }
            _ => {
                tracing::warn!(%status, "the CA cannot check log-ins");
                Err(Problem::new(ProblemKind::Unavailable))
            }
        }
    }
}

fn away(error: &reqwest::Error) -> Problem {
    tracing::warn!(error = chain(error), "the CA does not answer");
    Problem::new(ProblemKind::Unavailable)
}

/// An error with its causes: the outermost alone says only that something failed.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
