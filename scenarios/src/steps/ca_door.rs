//! An office at the CA's door: bare requests over HTTP, one at a time, as anybody may make them. The
//! client does all of it at once; a scenario stops between, as a person does who mistypes.

use std::time::Duration;

use careplan_protocol::{
    Problem,
    ca::{LoggedIn, Login, PasswordChange},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::sleep;

use super::{StepResult, accounts::password, door};
use crate::{
    Failure,
    world::{Attempt, World},
};

/// How often somebody asks where the CA misbehaves for a moment, and how long between.
const ASKS_MAX: usize = 20;
const ASK_PAUSE: Duration = Duration::from_millis(20);

/// What the CA says: what was asked for, or why not.
pub(super) type Said<T> = Result<T, Problem>;

/// An office that has logged in at the CA.
pub(super) struct AtCa {
    office: String,
    token: String,
}

impl AtCa {
    /// Logs in with the password that the office has now.
    pub(super) async fn log_in(world: &World, office: &str) -> Result<Said<Self>, Failure> {
        let login = Login {
            user_id: world.office(office)?.user_id.clone(),
            password: password(world, office)?,
        };
        let mut ca = Self { office: office.to_owned(), token: String::new() };
        let said: Said<LoggedIn> = ca.ask(world, "POST /v1/login", &body(&login)?).await?;
        Ok(said.map(|LoggedIn { token, .. }| {
            ca.token = token;
            ca
        }))
    }

    /// Asks with a body of JSON, or with none, and reads what the CA answers.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        world: &World,
        request: &str,
        body: &str,
    ) -> Result<Said<T>, Failure> {
        let answer = self.bytes(world, request, body).await?;
        match door::is_good(&answer) {
            true => serde_json::from_slice(door::json(&answer))
                .map(Ok)
                .map_err(|error| Failure::unlike("認証局の答え", error.to_string())),
            false => door::problem_in(&answer).map(Err),
        }
    }

    /// Asks, and asks again where the run makes the CA misbehave and it does so just now: it has then
    /// done nothing.
    async fn bytes(&self, world: &World, request: &str, body: &str) -> Result<Vec<u8>, Failure> {
        let asks = if world.meets_faults() { ASKS_MAX } else { 1 };
        for _ in 1..asks {
            match self.bytes_once(world, request, body).await {
                Ok(answer) if !door::is_in_trouble(&answer) => return Ok(answer),
                _ => sleep(ASK_PAUSE).await,
            }
        }
        self.bytes_once(world, request, body).await
    }

    async fn bytes_once(
        &self,
        world: &World,
        request: &str,
        body: &str,
    ) -> Result<Vec<u8>, Failure> {
        let head = match self.token.as_str() {
            "" => String::new(),
            token => format!("authorization: Bearer {token}\r\n"),
        };
        let (ca, ask) = (world.sandbox()?.ca_address(), door::request(request, &head, body));
        let answer = door::talk(ca, door::stranger(world)?, ask.as_bytes()).await;
        world.note_exchange(door::shown((&self.office, request), ca, &answer));
        answer.map_err(|error| Failure::unlike("認証局の答え", error.to_string()))
    }
}

/// A request's body.
pub(super) fn body(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::ours(error.to_string()))
}

/// Changes the password that the office has now, and says what the CA says to it.
pub(super) async fn change_password(
    world: &World,
    office: &str,
    new_password: &str,
) -> Result<Said<()>, Failure> {
    let ca = AtCa { office: office.to_owned(), token: String::new() };
    let change = PasswordChange {
        user_id: world.office(office)?.user_id.clone(),
        old_password: password(world, office)?,
        new_password: new_password.to_owned(),
    };
    let answer = ca.bytes(world, "POST /v1/password", &body(&change)?).await?;
    if door::is_good(&answer) { Ok(Ok(())) } else { door::problem_in(&answer).map(Err) }
}

/// Notes how it went at the CA.
pub(super) fn note<T>(world: &mut World, said: Said<T>) -> StepResult {
    world.attempt = Some(match said {
        Ok(_) => Attempt::Accepted,
        Err(problem) => world.refused(&problem),
    });
    Ok(())
}

/// What was asked for; a refusal is something else than the step says.
pub(super) fn granted<T>(said: Said<T>) -> Result<T, Failure> {
    said.map_err(|problem| Failure::unlike("認証局が応じる", problem.to_string()))
}
