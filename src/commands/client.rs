//! `careplan client`: one terminal of an office, its state in a folder.

mod certificate;
mod enrol;
mod holding;
mod inbox;
mod input;
mod sent;
mod show;
mod watch;

use std::{path::PathBuf, sync::Arc};

use careplan_protocol::{DeliveryId, Party, Problem, ProblemKind, hub::Submission};
use clap::Subcommand;
use reference_client::{
    Batch, ClientError, Fetched, OutboxState, Resumed, Sending, Settings, Terminal,
};
use serde_json::{Value, json};

use self::{
    holding::Way,
    input::{parse_party, secret},
    show::{Bar, error_json, failed, japan_time, report_human, rfc3339, sent_line, stop_of, worse},
};
use crate::ui::{CommandResult, End, Format, Stop, Ui, block_on};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// 端末を登録し、証明書を受け取る / enrol a terminal and get its certificate
    Enrol(enrol::EnrolArgs),
    /// 証明書を更新する（期限の90日前から） / renew the certificate (from 90 days before its end)
    Renew(certificate::CaArgs),
    /// 事業所の証明書の一覧 / the office's certificates
    Certificates(certificate::CaArgs),
    /// 代理人が請求する事業所（一覧・追加・削除） / the offices that an agent bills for
    Agent(certificate::AgentArgs),
    /// ログインする / log in
    Login(TerminalArgs),
    /// ファイルやメッセージを送信する / send files, or a message
    Send(SendArgs),
    /// 受信一覧を開く（届いているものをすべてこの端末で受信する） / claim all that waits, and list it
    Inbox(inbox::InboxArgs),
    /// 事業所のどの端末が何を受信しているか（plus） / who of the office holds what (plus)
    Holders(TerminalArgs),
    /// 到着や取得済のお知らせを受ける。Ctrl-C で終了（plus） / tell of arrivals and receipts (plus)
    Watch(WatchArgs),
    /// 受信したものを返却する（plus） / give back what this terminal holds (plus)
    Release(GiveArgs),
    /// ほかの端末が受信したものを取り戻す（plus） / take back what another terminal holds (plus)
    TakeBack(GiveArgs),
    /// 受信したファイルを取得する / fetch the files of deliveries
    Fetch(FetchArgs),
    /// 送信一覧 / what was sent, and whether it was fetched
    Sent(sent::SentArgs),
}

#[derive(clap::Args)]
struct TerminalArgs {
    /// 端末のフォルダ / the terminal's folder
    #[arg(long, value_name = "DIR")]
    home: PathBuf,
    /// パスワードのファイル（- は標準入力）。ログインが切れたときに使う
    /// file with the password (- is standard input), for when the session is over
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

#[derive(clap::Args)]
struct WatchArgs {
    #[command(flatten)]
    terminal: TerminalArgs,
    /// このお知らせの次から（省略時は今から） / from behind this notice; from now on without it
    #[arg(long, value_name = "NUMBER")]
    after: Option<u64>,
    /// この件数で終わる / end after so many
    #[arg(long, value_name = "COUNT")]
    count: Option<u64>,
}

#[derive(clap::Args)]
struct GiveArgs {
    #[command(flatten)]
    terminal: TerminalArgs,
    /// 配信ID / delivery id
    #[arg(value_name = "ID")]
    id: DeliveryId,
}

#[derive(clap::Args)]
struct SendArgs {
    #[command(flatten)]
    terminal: TerminalArgs,
    /// フォルダ（1つで1回の送信）またはファイル（まとめて1回の送信）。メッセージだけなら省略する
    /// folders (each is one sending) or files (together one sending); none for a message alone
    #[arg(value_name = "PATH", required_unless_present = "resume",
          required_unless_present_all = ["message", "to"])]
    paths: Vec<PathBuf>,
    /// メッセージ / message
    #[arg(long, value_name = "TEXT", default_value = "")]
    message: String,
    /// 送信先（CSVがないとき）。メッセージだけを送るときは必須
    /// destination, where no CSV file names it; wanted for a message alone
    #[arg(long, value_name = "OFFICE[:KIND]", value_parser = parse_party)]
    to: Option<Party>,
    /// 途中で切れた送信を続ける / send what was cut off before
    #[arg(long)]
    resume: bool,
    /// 検査せず、送信先の介護ソフトの版も確かめずに送る
    /// leave every check to the hub, and do not look at the versions that the recipient takes
    #[arg(long)]
    unchecked: bool,
}

#[derive(clap::Args)]
struct FetchArgs {
    #[command(flatten)]
    terminal: TerminalArgs,
    /// 配信ID / delivery ids
    #[arg(value_name = "ID", required_unless_present = "all")]
    ids: Vec<DeliveryId>,
    /// 受信一覧を開き、未取得のものをすべて / open the inbox and take all that is not fetched
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    /// 保存先のフォルダ（配信ごとに1つフォルダができる） / folder to put a folder a delivery in
    #[arg(long, value_name = "DIR", default_value = ".")]
    into: PathBuf,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> CommandResult {
    block_on(async {
        match &args.action {
            Action::Enrol(args) => enrol::enrol(args, ui).await,
            Action::Renew(args) => certificate::renew(args, ui).await,
            Action::Certificates(args) => certificate::list(args, ui).await,
            Action::Agent(args) => certificate::agent(args, ui).await,
            Action::Login(args) => login(args, ui).await,
            Action::Send(args) => send(args, ui).await,
            Action::Inbox(args) => inbox::inbox(args, ui).await,
            Action::Holders(args) => holding::holders(args, ui).await,
            Action::Watch(args) => watch::watch(args, ui).await,
            Action::Release(args) => holding::give(args, Way::Release, ui).await,
            Action::TakeBack(args) => holding::give(args, Way::TakeBack, ui).await,
            Action::Fetch(args) => fetch(args, ui).await,
            Action::Sent(args) => sent::sent(args, ui).await,
        }
    })
}

async fn login(args: &TerminalArgs, ui: &Ui) -> CommandResult {
    let mut terminal = match Terminal::open(&args.home, settings(ui)) {
        Ok(terminal) => terminal,
        Err(error) => return failed(&error, ui),
    };
    let password = secret(args.password_file.as_deref(), ui)?;
    if let Err(error) = terminal.login(&password).await {
        return failed(&error, ui);
    }
    let session = terminal.session().ok_or_else(|| Stop::ours("logged in without a session"))?;
    let until = session.expires_at;
    match ui.format {
        Format::Json => ui.json(&json!({
            "office": session.office.to_string(), "expires_at": rfc3339(until), "profile": session.profile,
        }))?,
        Format::Human => ui.line(&ui.pick(
            format!("ログインしました。事業所番号 {}、{} まで", session.office, japan_time(until)),
            format!("logged in: office {}, until {} JST", session.office, japan_time(until)),
        )),
    }
    certificate::note_end(&terminal, ui);
    Ok(End::Good)
}

async fn send(args: &SendArgs, ui: &Ui) -> CommandResult {
    let mut terminal = match open(&args.terminal, ui)? {
        Ok(terminal) => terminal,
        Err(error) => return failed(&error, ui),
    };
    let batch = if args.resume && args.paths.is_empty() {
        let resumed = terminal.resume().await;
        resumed.map(|resumed| Batch { outcomes: outcomes(resumed), along: Vec::new() })
    } else {
        match sendings(args) {
            Ok(sendings) => Ok(terminal.send_all(&sendings).await),
            Err(error) => Err(error),
        }
    };
    let end = match batch {
        Ok(batch) => report_sent(batch, ui),
        Err(error) => return failed(&error, ui),
    };
    let outbox = terminal.outbox().unwrap_or_default();
    let waiting = outbox.iter().filter(|entry| entry.state == OutboxState::Pending).count();
    if waiting > 0 {
        ui.note(&ui.pick(
            format!("未送信が{waiting}件あります。careplan client send --resume で続けられます"),
            format!("{waiting} not sent yet; go on with careplan client send --resume"),
        ));
    }
    end
}

fn sendings(args: &SendArgs) -> Result<Vec<Sending>, ClientError> {
    let mut sendings = Sending::gather(&args.paths)?;
    // A folder that turns out to be empty is a mistake, and not a message alone.
    if sendings.iter().any(|sending| sending.files.is_empty()) {
        return Err(Problem::new(ProblemKind::SendingEmpty).into());
    }
    if args.paths.is_empty() {
        sendings.push(Sending::default());
    }
    for sending in &mut sendings {
        sending.message.clone_from(&args.message);
        sending.destination.clone_from(&args.to);
        sending.unchecked = args.unchecked;
    }
    Ok(sendings)
}

fn outcomes(resumed: Vec<Resumed>) -> Vec<Result<Submission, ClientError>> {
    resumed.into_iter().map(|one| one.outcome).collect()
}

/// One line, or one JSON member, a sending. Set-up errors end the command, after all are reported.
/// What went along is told of, too, and is not what the command was asked for: it ends as that does.
fn report_sent(Batch { outcomes: asked, along }: Batch, ui: &Ui) -> CommandResult {
    let left = |taken: &Submission| {
        let sent = sent_line(taken, ui);
        ui.pick(format!("前に残った分を{sent}"), format!("left from before: {sent}"))
    };
    let (_, along) = tell_each(outcomes(along), "submission", left, ui);
    if asked.is_empty() && ui.format == Format::Human {
        ui.line(ui.pick("送信するものはありません", "there is nothing to send"));
    }
    let is_of_version =
        |error: &ClientError| error.problem_kind() == Some(ProblemKind::RecipientVersion);
    let can_insist = asked.iter().any(|outcome| outcome.as_ref().is_err_and(is_of_version));
    let (end, sendings) = tell_each(asked, "submission", |taken| sent_line(taken, ui), ui);
    if ui.format == Format::Json {
        ui.json(&json!({ "sendings": sendings, "along": along }))?;
    }
    if can_insist {
        ui.note(ui.pick(
            "相手が取り込めるとわかっているときは、--unchecked を付ければ送れます",
            "if you know that the recipient can take them, send with --unchecked",
        ));
    }
    end
}

/// Tells each outcome to a person, or makes JSON of it, in which what went well has this name; and
/// the end of the weightiest of them.
fn tell_each<T: serde::Serialize>(
    outcomes: Vec<Result<T, ClientError>>,
    name: &str,
    line: impl Fn(&T) -> String,
    ui: &Ui,
) -> (CommandResult, Vec<Value>) {
    let (mut end, mut members) = (Ok(End::Good), Vec::new());
    for outcome in outcomes {
        match (outcome, ui.format) {
            (Ok(done), Format::Json) => members.push(json!({ name: done })),
            (Ok(done), Format::Human) => ui.line(&line(&done)),
            (Err(error), format) => {
                match format {
                    Format::Json => members.push(error_json(&error)),
                    Format::Human => report_human(&error, ui),
                }
                end = worse(end, stop_of(&error));
            }
        }
    }
    (end, members)
}

async fn fetch(args: &FetchArgs, ui: &Ui) -> CommandResult {
    let mut terminal = match open(&args.terminal, ui)? {
        Ok(terminal) => terminal,
        Err(error) => return failed(&error, ui),
    };
    let outcomes = if args.all {
        match terminal.inbox().await {
            Ok(_) => terminal.fetch_all(&args.into).await,
            Err(error) => Err(error),
        }
    } else {
        Ok(terminal.fetch_each(&args.ids, &args.into).await)
    };
    match outcomes {
        Ok(outcomes) => report_fetched(outcomes, ui),
        Err(error) => failed(&error, ui),
    }
}

fn report_fetched(outcomes: Vec<Result<Fetched, ClientError>>, ui: &Ui) -> CommandResult {
    if outcomes.is_empty() && ui.format == Format::Human {
        ui.line(ui.pick("取得するものはありません", "there is nothing to fetch"));
    }
    let line = |fetched: &Fetched| {
        let (folder, files) = (fetched.folder.display(), fetched.files.len());
        ui.pick(
            format!("取得しました {folder}（{files}ファイル）"),
            format!("fetched {folder} ({files} files)"),
        )
    };
    let (end, deliveries) = tell_each(outcomes, "fetched", line, ui);
    if ui.format == Format::Json {
        ui.json(&json!({ "deliveries": deliveries }))?;
    }
    end
}

/// The terminal, with the password for logging in anew if a file was given.
fn open(args: &TerminalArgs, ui: &Ui) -> Result<Result<Terminal, ClientError>, Stop> {
    let password = match &args.password_file {
        Some(file) => Some(secret(Some(file), ui)?),
        None => None,
    };
    let terminal = Terminal::open(&args.home, settings(ui));
    Ok(terminal.map(|terminal| match password {
        Some(password) => terminal.with_password(password),
        None => terminal,
    }))
}

fn settings(ui: &Ui) -> Settings {
    Settings { lang: ui.lang, observer: Arc::new(Bar::new(ui.lang)), ..Settings::default() }
}
