//! `careplan client sent`: 送信一覧, of this terminal or of the whole office.

use careplan_protocol::{
    Problem, ProblemKind,
    hub::{Profile, Submission},
};
use reference_client::{ClientError, OutboxEntry, OutboxState, Terminal};
use serde_json::{Value, json};

use super::{
    TerminalArgs, open,
    show::{failed, file_line, japan_time, party_text, sent_row, sent_state},
};
use crate::{
    table::fit,
    ui::{CommandResult, End, Format, Ui},
};

#[derive(clap::Args)]
pub(super) struct SentArgs {
    #[command(flatten)]
    terminal: TerminalArgs,
    /// 事業所のどの端末から送ったものも（plus） / what any terminal of the office sent (plus)
    #[arg(long)]
    office: bool,
}

pub(super) async fn sent(args: &SentArgs, ui: &Ui) -> CommandResult {
    let mut terminal = match open(&args.terminal, ui)? {
        Ok(terminal) => terminal,
        Err(error) => return failed(&error, ui),
    };
    let lists = match args.office {
        true => of_office(&mut terminal).await,
        false => of_terminal(&mut terminal).await,
    };
    let Lists { sent, outbox, json } = match lists {
        Ok(lists) => lists,
        Err(error) => return failed(&error, ui),
    };
    if ui.format == Format::Json {
        ui.json(&json)?;
        return Ok(End::Good);
    }
    if sent.is_empty() && outbox.is_empty() {
        ui.line(ui.pick("送信したものはありません", "nothing was sent from here"));
        return Ok(End::Good);
    }
    let titles = ui.pick(["送信日時", "送信先", "状態"], ["Sent", "To", "State"]);
    ui.line(&sent_row(titles.map(str::to_owned)));
    outbox.iter().for_each(|entry| show_waiting(entry, ui));
    sent.iter().for_each(|submission| show_sent(submission, ui));
    Ok(End::Good)
}

/// What there is to show.
struct Lists {
    sent: Vec<Submission>,
    outbox: Vec<OutboxEntry>,
    json: Value,
}

async fn of_terminal(terminal: &mut Terminal) -> Result<Lists, ClientError> {
    let (sent, outbox) = (terminal.sent().await?, terminal.outbox()?);
    let json = json!({ "sent": sent, "outbox": outbox });
    let sent = sent.into_iter().map(|entry| entry.submission).collect();
    Ok(Lists { sent, outbox, json })
}

/// A hub of profile `actual` would answer with this terminal's list, which is not what was asked.
async fn of_office(terminal: &mut Terminal) -> Result<Lists, ClientError> {
    let sent = terminal.sent_at_hub().await?;
    if terminal.session().is_some_and(|session| session.profile == Profile::Actual) {
        return Err(Problem::new(ProblemKind::ProfileLacks).into());
    }
    let line = |submission: &Submission| json!({ "submission": submission });
    let json = json!({ "sent": sent.iter().map(line).collect::<Vec<_>>() });
    Ok(Lists { sent, outbox: Vec::new(), json })
}

fn show_waiting(entry: &OutboxEntry, ui: &Ui) {
    let state = match entry.state {
        OutboxState::Pending => ui.pick("未送信", "not sent yet"),
        OutboxState::Refused(_) => ui.pick("送信できません", "refused"),
    };
    let to = entry.to.as_ref().map(party_text).unwrap_or_default();
    ui.line(&sent_row([japan_time(entry.created_at), to, state.to_owned()]));
    if let OutboxState::Refused(problem) = &entry.state {
        ui.line(&format!("  {}", problem.line(ui.lang)));
    }
}

fn show_sent(one: &Submission, ui: &Ui) {
    let to = format!("{} {}", party_text(&one.to), one.to_name);
    let state = sent_state(one.state, ui).to_owned();
    ui.line(&sent_row([japan_time(one.submitted_at), to, state]));
    ui.line(&fit(&format!("  {}  {}", one.id, one.message), 80));
    for file in &one.files {
        ui.line(&file_line(file, ui));
    }
}
