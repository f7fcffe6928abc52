//! The way to a running hub's admin listener, for every command that asks it something.

use std::path::PathBuf;

use careplan_protocol::Problem;
use reference_hub::{AdminClient, AdminError, Method};
use serde::{Serialize, de::DeserializeOwned};

use crate::ui::{Stop, block_on};

/// Which hub to ask.
#[derive(clap::Args)]
pub(super) struct DoorArgs {
    /// 運用の窓口（起動時の admin_url） / the hub's admin listener, as it said at its start
    #[arg(long, value_name = "URL", env = "CAREPLAN_ADMIN")]
    admin: String,
    /// 運用の窓口のトークンのファイル / the file with its token
    #[arg(long, value_name = "FILE", env = "CAREPLAN_ADMIN_TOKEN_FILE")]
    token_file: PathBuf,
}

/// What the hub answers: what was asked for, or a refusal.
pub(super) type Reply<T> = Result<T, Box<Problem>>;

impl DoorArgs {
    /// Asks for something.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Reply<T>, Stop> {
        self.wait(async |client: AdminClient| client.get(path).await)
    }

    /// Asks with a JSON body, for a JSON answer.
    pub(super) fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Reply<T>, Stop> {
        self.wait(async |client: AdminClient| client.ask(method, path, body).await)
    }

    /// Has something done that is answered with no body.
    pub(super) fn tell(&self, method: Method, path: &str) -> Result<Reply<()>, Stop> {
        self.wait(async |client: AdminClient| client.tell(method, path).await)
    }

    /// Whatever a command has to say to the hub.
    pub(super) fn wait<T>(
        &self,
        work: impl AsyncFnOnce(AdminClient) -> Result<T, AdminError>,
    ) -> Result<Reply<T>, Stop> {
        if !self.admin.starts_with("http://") {
            return Err(Stop::setup(
                "--admin には起動時に示された admin_url（http://…）を指定してください",
                "--admin takes the admin_url (http://…) that the hub said at its start",
            ));
        }
        let client = AdminClient::with_token_file(&self.admin, &self.token_file)
            .map_err(|error| Stop::path(&self.token_file, &error))?;
        block_on(async {
            match work(client).await {
                Ok(answer) => Ok(Ok(answer)),
                Err(AdminError::Refused(problem)) => Ok(Err(problem)),
                Err(AdminError::Away(what)) => Err(self.away(&what)),
            }
        })
    }

    fn away(&self, what: &str) -> Stop {
        let url = &self.admin;
        Stop::setup(
            format!("{url} の基盤から答えがありません（{what}）。起動しているか確かめてください"),
            format!("the hub at {url} does not answer ({what}); check that it runs"),
        )
    }
}
