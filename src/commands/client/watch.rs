//! `careplan client watch`: arrivals and receipts as they happen (profile `plus`).

use careplan_protocol::hub::Notice;
use serde_json::json;

use super::{
    WatchArgs, open,
    show::{failed, party_text},
};
use crate::ui::{CommandResult, End, Format, Ui};

pub(super) async fn watch(args: &WatchArgs, ui: &Ui) -> CommandResult {
    let mut terminal = match open(&args.terminal, ui)? {
        Ok(terminal) => terminal,
        Err(error) => return failed(&error, ui),
    };
    let mut left = args.count;
    if left == Some(0) {
        return Ok(End::Good);
    }
    let tell = |number: u64, notice: &Notice| {
        show(number, notice, ui);
        left = left.map(|left| left - 1);
        left != Some(0)
    };
    match terminal.watch(args.after, tell).await {
        Ok(_) => Ok(End::Good),
        Err(error) => failed(&error, ui),
    }
}

fn show(number: u64, notice: &Notice, ui: &Ui) {
    let line = match (ui.format, notice) {
        (Format::Json, _) => json!({ "number": number, "notice": notice }).to_string(),
        (_, Notice::Arrival { id, from, to, files }) => {
            let (from, to) = (party_text(from), party_text(to));
            ui.pick(
                format!("{number}  到着 {from} → {to}（{files}ファイル） {id}"),
                format!("{number}  arrived {from} → {to} ({files} files) {id}"),
            )
        }
        (_, Notice::Receipt { id, to, .. }) => {
            let to = party_text(to);
            ui.pick(format!("{number}  取得済 {to} {id}"), format!("{number}  fetched {to} {id}"))
        }
        (_, Notice::Undelivered { id, to }) => {
            let to = party_text(to);
            ui.pick(
                format!("{number}  未配信（打切） {to} {id}"),
                format!("{number}  never fetched {to} {id}"),
            )
        }
    };
    ui.line(&line);
}
