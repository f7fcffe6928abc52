//! `careplan up`: starts the certificate authority, the hub and three offices, and keeps them up.

use std::path::{Path, PathBuf};

use careplan_protocol::{Clock, Lang};
use careplan_sandbox::{
    Description, OfficeDescription, Sandbox, SandboxConfig, SandboxError, Store,
};
use clap::ValueEnum;

use crate::{
    commands::run::ProfileWord,
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
    /// 基盤のプロファイル / the hub's profile
    #[arg(long, value_enum, default_value_t = ProfileWord::Actual)]
    profile: ProfileWord,
    /// 基盤の保管場所 / where the hub keeps things
    #[arg(long, value_enum, default_value_t = StoreWord::Memory)]
    store: StoreWord,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StoreWord {
    /// メモリー（終わると消える） / in memory, gone at the end
    Memory,
    /// フォルダーの中のSQLiteファイル / an SQLite file in the folder
    Sqlite,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    let config = SandboxConfig {
        folder: args.dir.clone(),
        seed: args.seed,
        profile: args.profile.into(),
        store: match args.store {
            StoreWord::Memory => Store::Memory,
            StoreWord::Sqlite => Store::Sqlite,
        },
        clock: Clock::system(),
        pkcs12: true,
        ..SandboxConfig::default()
    };
    let careplan = std::env::current_exe().map_err(Stop::ours)?;
    block_on(async {
        // One listener from the first moment to the last: what is asked in between is not lost.
        let mut end = std::pin::pin!(asked_to_end()?);
        let sandbox = tokio::select! {
            biased;
            () = &mut end => return Ok(End::Good),
            started = Sandbox::start(config) => started.map_err(stop)?,
        };
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

/// What a person reads: who is there, and the three commands to try first.
fn summary(description: &Description, careplan: &Path, ui: &Ui) -> String {
    let mut lines = vec![
        String::new(),
        ui.pick(
            "起動しました（すべて模擬・この端末の中だけ）",
            "running: all synthetic, on this machine only",
        )
        .to_owned(),
        format!("  {} {}", ui.pick("認証局:    ", "CA:    "), description.ca_url),
        format!("  {} {}", ui.pick("基盤:      ", "hub:   "), description.hub_url),
        format!("  {} {}", ui.pick("フォルダー:", "folder:"), description.folder.display()),
    ];
    for office in &description.offices {
        let OfficeDescription { number, name, kinds, user_id, .. } = office;
        lines.push(format!("  {number} ({}) {user_id} {name}", kinds.join(", ")));
    }
    lines.push(String::new());
    lines.push(
        ui.pick(
            "別の画面で、次の3つを順に試せます（予定を作る、書き出す、送る）:",
            "in another window, try these three (make a plan, write it out, send it):",
        )
        .to_owned(),
    );
    let mut commands = commands(description, careplan);
    let receive = commands.pop();
    lines.extend(commands);
    lines.push(
        ui.pick("送ったものを相手の端末で受け取る:", "receive at the other office:").to_owned(),
    );
    lines.extend(receive);
    lines.push(String::new());
    lines.push(ui.pick("Ctrl-C で終わります。", "Ctrl-C ends it.").to_owned());
    lines.join("\n")
}

/// Three commands that carry a 予定 out, and the one that receives it, ready to be pasted.
fn commands(description: &Description, careplan: &Path) -> Vec<String> {
    let [manager, provider, ..] = description.offices.as_slice() else { return Vec::new() };
    let now = Clock::system().now();
    let month = format!("{:04}{:02}", now.year(), u8::from(now.month()));
    let out = description.folder.join("try");
    // A folder is named by its destination, with the service kind that V4 names carry.
    let sending = out.join(format!("{}_{}", provider.number, provider.kinds.concat()));
    let [careplan, out, sending] = [careplan, &out, &sending].map(word);
    let at = |office: &OfficeDescription| {
        format!(
            "--home {} --password-file {}",
            word(&office.terminal_home),
            word(&office.password_file)
        )
    };
    let software = word(&manager.software_home);
    let (to, received) = (&provider.number, word(&description.folder.join("received")));
    vec![
        format!(
            "  {careplan} software plan --home {software} --month {month} --seed {}",
            description.seed
        ),
        format!("  {careplan} software export --home {software} --out {out} --to {to}"),
        format!("  {careplan} client send {} {sending}", at(manager)),
        format!("  {careplan} client fetch {} --all --into {received}", at(provider)),
    ]
}

/// A path as a word of a command line.
fn word(path: &Path) -> String {
    let path = path.display().to_string();
    if path.contains(char::is_whitespace) { format!("\"{path}\"") } else { path }
}
