//! Steps that speak with the hub as no client of ours would: by bare requests, which skip what a
//! client has to do first or borrow what is another's.

use std::fs;

use careplan_protocol::hub::{Deliveries, Login, Session, TERMINAL};
use rustls::ClientConfig;
use serde::de::DeserializeOwned;

use super::{Arguments, Step, StepResult, door};
use crate::{Failure, world::World};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}が、取得していないものをデータ取得済にしようとする",
        example: "「みどりヘルパーステーション」が、取得していないものをデータ取得済にしようとする",
        help: "受信一覧を開き、ファイルを1つも取得しないまま、届いている最初のものを受領する要求だけを基盤に送る",
        run: |world, arguments| Box::pin(confirm_unfetched(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}の端末{端末}が、端末{別の端末}のログインで受信一覧を開こうとする",
        example: "「みどりヘルパーステーション」の端末「pc-2」が、端末「pc-1」のログインで受信一覧を開こうとする",
        help: "後の端末としてログインした許可証を、先の端末を名乗って使う。証明書は事業所の正しいもの",
        run: |world, arguments| Box::pin(borrow_login(world, arguments)),
    },
];

/// An office at the hub without a client: it has a certificate, and a log-in of one terminal.
struct Bare {
    config: ClientConfig,
    by: String,
    token: String,
}

impl Bare {
    async fn log_in(world: &World, office: &str, terminal: Option<&str>) -> Result<Self, Failure> {
        let terminal = world.terminal(office, terminal).await?.id().clone();
        let home = world.office(office)?;
        let kept = fs::read_to_string(&home.password_file);
        let kept = kept.map_err(|error| Failure::ours(error.to_string()))?;
        let chosen = world.passwords.get(office).cloned();
        let password = chosen.unwrap_or_else(|| kept.trim_end().to_owned());
        let login = Login { user_id: home.user_id.clone(), password, terminal };
        let login =
            serde_json::to_string(&login).map_err(|error| Failure::ours(error.to_string()))?;
        let config = door::proper(world, office)?;
        let mut bare =
            Self { config, by: format!("{office}（素の要求）"), token: String::new() };
        let session: Session = read(&bare.ask(world, "POST /v1/session", "", &login).await?)?;
        bare.token = session.token;
        Ok(bare)
    }

    /// Asks over a connection of its own. `head` are further lines of the header.
    async fn ask(
        &self,
        world: &World,
        request: &str,
        head: &str,
        body: &str,
    ) -> Result<Vec<u8>, Failure> {
        let authorization = match self.token.as_str() {
            "" => String::new(),
            token => format!("authorization: Bearer {token}\r\n"),
        };
        let ask = door::request(request, &format!("{authorization}{head}"), body);
        let hub = world.sandbox()?.hub_address();
        let answer = door::talk(hub, self.config.clone(), ask.as_bytes()).await;
        world.note_exchange(door::shown((&self.by, request), hub, &answer));
        answer.map_err(|error| Failure::unlike("基盤の答え", error.to_string()))
    }
}

async fn confirm_unfetched(world: &mut World, arguments: Arguments) -> StepResult {
    let bare = Bare::log_in(world, arguments.text(0), None).await?;
    let there: Deliveries = read(&bare.ask(world, "POST /v1/claims", "", "").await?)?;
    let first = there.deliveries.first();
    let first = first.ok_or_else(|| Failure::unlike("届いているもの", "何も届いていません"))?;
    let request = format!("POST /v1/deliveries/{}/receipt", first.id);
    let answer = bare.ask(world, &request, "", "").await?;
    world.attempt = Some(door::judge(world, &answer)?);
    Ok(())
}

async fn borrow_login(world: &mut World, arguments: Arguments) -> StepResult {
    let office = arguments.text(0);
    let borrower = world.terminal(office, Some(arguments.text(1))).await?.id().clone();
    let bare = Bare::log_in(world, office, Some(arguments.text(2))).await?;
    let head = format!("{TERMINAL}: {borrower}\r\n");
    let answer = bare.ask(world, "POST /v1/claims", &head, "").await?;
    world.attempt = Some(door::judge(world, &answer)?);
    Ok(())
}

fn read<T: DeserializeOwned>(answer: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(door::json(answer))
        .map_err(|_| Failure::unlike("約束の形の答え", door::head(answer)))
}
