//! `careplan client renew`, `certificates`, `agent`: what an office arranges at the CA.

use std::path::PathBuf;

use careplan_protocol::{
    Clock, OfficeNumber, ProblemKind,
    ca::{AgentOffices, CertificateInfo, Certificates, RENEWAL_DAYS},
};
use reference_client::{CaAccount, ClientError, FirstLogin, Terminal};
use time::Duration;

use super::{
    TerminalArgs,
    input::secret,
    settings,
    show::{failed, japan_time},
};
use crate::{
    commands::ca::certificate_table,
    ui::{CommandResult, End, Format, Stop, Ui},
};

#[derive(clap::Args)]
pub(super) struct CaArgs {
    #[command(flatten)]
    terminal: TerminalArgs,
    /// 認証局のアドレス（認証局に申請して登録した端末では省略） / the CA's address; known to a terminal that was enrolled there
    #[arg(long, value_name = "URL")]
    ca: Option<String>,
    /// 期限の切れたパスワードを変更する先のファイル / file with the password to change to first
    #[arg(long, value_name = "FILE")]
    new_password_file: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(super) struct AgentArgs {
    #[command(subcommand)]
    action: AgentAction,
}

#[derive(clap::Subcommand)]
enum AgentAction {
    /// 請求を受任した事業所の一覧 / list the offices
    List(CaArgs),
    /// 事業所を加える（100まで） / add an office (at most 100)
    Add(AgentOfficeArgs),
    /// 事業所を外す / remove an office
    Remove(AgentOfficeArgs),
}

#[derive(clap::Args)]
struct AgentOfficeArgs {
    #[command(flatten)]
    ca: CaArgs,
    /// 事業所番号 / office number
    #[arg(value_name = "NUMBER")]
    office: OfficeNumber,
}

/// 更新.
pub(super) async fn renew(args: &CaArgs, ui: &Ui) -> CommandResult {
    let (mut terminal, ca) = match log_in(args, ui).await? {
        Ok(both) => both,
        Err(error) => return refused(&error, ui),
    };
    let before = terminal.credentials().map(|own| own.not_after());
    let info = match terminal.renew(&ca).await {
        Ok(info) => info,
        Err(error) => return failed(&error, ui),
    };
    match ui.format {
        Format::Json => ui.json(&info)?,
        Format::Human => {
            ui.line(&renewed(&info, ui));
            if let Some(before) = before {
                let (day, file) = (japan_time(before), terminal.credentials_file());
                let enrol =
                    format!("careplan client enrol --certificate {0} --key {0} …", file.display());
                ui.line(&ui.pick(
                    format!("ほかの端末の証明書は {day} までです。入れ替えるには: {enrol}"),
                    format!("the other terminals' certificate ends {day}; to change it: {enrol}"),
                ));
            }
        }
    }
    Ok(End::Good)
}

fn renewed(info: &CertificateInfo, ui: &Ui) -> String {
    let (serial, until) = (&info.serial, japan_time(info.not_after));
    ui.pick(
        format!(
            "証明書を更新しました（{until} まで、シリアル番号 {serial}）。ログインし直してください"
        ),
        format!("renewed: until {until}, serial number {serial}; log in again"),
    )
}

/// What the CA knows of the office's certificates.
pub(super) async fn list(args: &CaArgs, ui: &Ui) -> CommandResult {
    let listed = match log_in(args, ui).await? {
        Ok((_, ca)) => ca.certificates().await,
        Err(error) => return refused(&error, ui),
    };
    match (listed, ui.format) {
        (Err(error), _) => return failed(&error, ui),
        (Ok(certificates), Format::Json) => ui.json(&Certificates { certificates })?,
        (Ok(certificates), Format::Human) => {
            certificate_table(&certificates, ui).iter().for_each(|line| ui.line(line));
        }
    }
    Ok(End::Good)
}

/// The offices that an agent bills for, after the change if one was asked for.
pub(super) async fn agent(args: &AgentArgs, ui: &Ui) -> CommandResult {
    let ca_args = match &args.action {
        AgentAction::List(args) => args,
        AgentAction::Add(args) | AgentAction::Remove(args) => &args.ca,
    };
    let ca = match log_in(ca_args, ui).await? {
        Ok((_, ca)) => ca,
        Err(error) => return refused(&error, ui),
    };
    let changed = match &args.action {
        AgentAction::List(_) => Ok(()),
        AgentAction::Add(args) => ca.add_agent_office(args.office).await,
        AgentAction::Remove(args) => ca.remove_agent_office(args.office).await,
    };
    let offices = match changed {
        Ok(()) => ca.agent_offices().await,
        Err(error) => Err(error),
    };
    match (offices, ui.format) {
        (Err(error), _) => return failed(&error, ui),
        (Ok(offices), Format::Json) => ui.json(&AgentOffices { offices })?,
        (Ok(offices), Format::Human) if offices.is_empty() => {
            ui.line(ui.pick("請求を受任した事業所はありません", "there is no office to bill for"));
        }
        (Ok(offices), Format::Human) => {
            offices.iter().for_each(|office| ui.line(office.as_str()));
        }
    }
    Ok(End::Good)
}

/// Says how a password that must be changed is changed on the way.
pub(super) fn note_password(error: &ClientError, ui: &Ui) {
    let wants_change = [ProblemKind::PasswordTemporary, ProblemKind::PasswordExpired];
    if error.problem_kind().is_some_and(|kind| wants_change.contains(&kind)) {
        ui.note(ui.pick(
            "--new-password-file で新しいパスワードのファイルを渡すと、変更して続けます",
            "give a new password with --new-password-file to change it on the way",
        ));
    }
}

/// Says that the certificate nears its end, and what to do.
pub(super) fn note_end(terminal: &Terminal, ui: &Ui) {
    let Some(end) = terminal.credentials().map(|own| own.not_after()) else { return };
    if end - Duration::days(RENEWAL_DAYS) <= Clock::system().now() {
        let day = japan_time(end);
        ui.note(&ui.pick(
            format!("証明書の期限は {day} です。careplan client renew で更新してください"),
            format!("the certificate ends on {day}; renew it with careplan client renew"),
        ));
    }
}

fn refused(error: &ClientError, ui: &Ui) -> CommandResult {
    let end = failed(error, ui);
    note_password(error, ui);
    end
}

/// The terminal, and its office's account at the CA.
async fn log_in(
    args: &CaArgs,
    ui: &Ui,
) -> Result<Result<(Terminal, CaAccount), ClientError>, Stop> {
    let terminal = match Terminal::open(&args.terminal.home, settings(ui)) {
        Ok(terminal) => terminal,
        Err(error) => return Ok(Err(error)),
    };
    let password = secret(args.terminal.password_file.as_deref(), ui)?;
    let new_password = args.new_password_file.as_deref();
    let new_password = new_password.map(|file| secret(Some(file), ui)).transpose()?;
    let login = FirstLogin { password, new_password };
    let account = terminal.at_ca(args.ca.as_deref(), login).await;
    Ok(account.map(|ca| (terminal, ca)))
}
