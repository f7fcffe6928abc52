//! `careplan up`: starts the certificate authority, the hub and three offices, and keeps them up.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use careplan_protocol::{Clock, Lang};
use careplan_sandbox::{
    Description, OfficeDescription, Sandbox, SandboxConfig, SandboxError, Store,
    reference_hub::StoreChoice,
};
use tokio::time::timeout;

use crate::{
    commands::{
        circle, faults, hub,
        levels::{CheckWord, ProfileWord},
    },
    signals::asked_to_end,
    ui::{CommandResult, End, Format, Stop, Ui, block_on},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// すべてのファイルを置くフォルダー。空であること。終わっても残る
    /// folder for all files; must be empty, and stays
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// 利用者と計画を決める種 / seed of people and plans
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// 仕込む障害 / misbehaviour: quiet, realistic, hostile, or a file
    #[arg(long, value_name = "PROFILE|FILE.json")]
    faults: Option<String>,
    /// 基盤のプロファイル / the hub's profile
    #[arg(long, value_enum, default_value_t = ProfileWord::Actual)]
    profile: ProfileWord,
    /// 受け付けるときの検査 / how closely to look at what is sent
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = CheckWord::Standard)]
    check: CheckWord,
    /// 基盤の保管場所 / where the hub keeps things:
    /// memory, sqlite（フォルダーの中 / in the folder）, postgres://USER@HOST:PORT/DATABASE
    #[arg(long, value_name = "STORE", default_value = "memory", value_parser = store)]
    store: Store,
}

fn store(text: &str) -> Result<Store, String> {
    match text {
        "memory" => Ok(Store::Memory),
        "sqlite" => Ok(Store::Sqlite),
        url => match hub::store_choice(url)? {
            StoreChoice::Postgres(place) => Ok(Store::Postgres(place)),
            _ => Err("memory, sqlite, postgres://USER@HOST:PORT/DATABASE".to_owned()),
        },
    }
}

/// How long a start that nobody wants any more may take to its end.
const START_WAIT_MAX: Duration = Duration::from_secs(10);

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let config = SandboxConfig {
        folder: args.dir.clone(),
        seed: args.seed,
        profile: args.profile.into(),
        check: args.check.into(),
        store: args.store.clone(),
        clock: Clock::system(),
        pkcs12: true,
        ..SandboxConfig::default()
    };
    let wanted = faults::wanted(args.faults.as_deref(), args.seed)?;
    let careplan = std::env::current_exe().map_err(Stop::ours)?;
    block_on(async {
        // One listener from the first moment to the last: what is asked in between is not lost.
        let mut end = std::pin::pin!(asked_to_end()?);
        let mut starting = std::pin::pin!(Sandbox::start(config));
        let sandbox = tokio::select! {
            biased;
            () = &mut end => {
                // A start that is broken off would leave behind what it is still writing.
                if let Ok(Ok(sandbox)) = timeout(START_WAIT_MAX, starting).await {
                    ui.note(&farewell(sandbox.stop().await.as_deref(), ui));
                }
                return Ok(End::Good);
            }
            started = &mut starting => started.map_err(stop)?,
        };
        sandbox.start_faults(&wanted).await.map_err(stop)?;
        circle::write_cast(&sandbox)?;
        let description = sandbox.describe().map_err(stop)?;
        ui.json(&description)?;
        if ui.format == Format::Human {
            ui.line(&summary(&description, &careplan, ui));
        }
        end.await;
        let kept = sandbox.stop().await;
        ui.note(&farewell(kept.as_deref(), ui));
        Ok(End::Good)
    })
}

fn stop(error: SandboxError) -> Stop {
    match (error.setup_line(Lang::Ja), error.setup_line(Lang::En)) {
        (Some(ja), Some(en)) => Stop::setup(ja, en),
        _ => Stop::ours(error),
    }
}

fn farewell(kept: Option<&Path>, ui: &Ui) -> String {
    match kept {
        Some(folder) => {
            format!(
                "{}{}",
                ui.pick("終わりました。ファイルは残しました: ", "ended; kept "),
                folder.display()
            )
        }
        None => {
            ui.pick("終わりました。何も残していません", "ended; nothing stays behind").to_owned()
        }
    }
}

/// What a person reads: who is there, and the commands that go once round the circle.
fn summary(description: &Description, careplan: &Path, ui: &Ui) -> String {
    let mut lines = vec![
        String::new(),
        ui.pick(
            "起動しました（すべて模擬・この端末の中だけ）",
            "running: all synthetic, on this machine only",
        )
        .to_owned(),
    ];
    lines.extend(places(description, ui));
    lines.push(String::new());
    let told = "別の画面で、次を順に実行すると、予定から実績までの一巡を試せます。";
    lines.push(
        ui.pick(told, "in another window, these commands go once round the circle:").to_owned(),
    );
    for (number, group) in (1..).zip(circle::circle(description, careplan)) {
        lines.push(format!("{number}. {}", group.title(ui.lang)));
        lines.extend(group.commands.iter().map(|command| format!("  {command}")));
    }
    lines.push(String::new());
    lines.push(ui.pick("Ctrl-C で終わります。", "Ctrl-C ends it.").to_owned());
    lines.join("\n")
}

/// What stands where, and which offices take part.
pub(crate) fn places(description: &Description, ui: &Ui) -> Vec<String> {
    let mut lines = vec![
        format!("  {} {}", ui.pick("認証局:    ", "CA:    "), description.ca_url),
        format!("  {} {}", ui.pick("基盤:      ", "hub:   "), description.hub_url),
        format!("  {} {}", ui.pick("運用:      ", "admin: "), description.admin_url),
        format!(
            "  {} {}",
            ui.pick("トークン:  ", "token: "),
            description.admin_token_file.display()
        ),
        format!("  {} {}", ui.pick("フォルダー:", "folder:"), description.folder.display()),
    ];
    for office in &description.offices {
        let OfficeDescription { number, name, kinds, user_id, .. } = office;
        lines.push(format!("  {number} ({}) {user_id} {name}", kinds.join(", ")));
    }
    lines
}
