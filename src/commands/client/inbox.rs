//! `careplan client inbox`: opens 受信一覧, for all that waits or for a part of it.

use careplan_protocol::{DeliveryId, ServiceKind, hub::ClaimRequest};
use reference_client::InboxEntry;
use serde_json::json;

use super::{
    TerminalArgs, open,
    show::{failed, file_line, inbox_cells, inbox_row},
};
use crate::{
    table::fit,
    ui::{CommandResult, End, Format, Ui},
};

#[derive(clap::Args)]
pub(super) struct InboxArgs {
    #[command(flatten)]
    terminal: TerminalArgs,
    /// このサービス種類あてだけを受信する（plus） / claim only what is for this service kind (plus)
    #[arg(long = "kind", value_name = "KIND")]
    kinds: Vec<ServiceKind>,
    /// サービス種類の書かれていないものも（V3など） / and what names no service kind, as V3
    #[arg(long, requires = "kinds")]
    include_unaddressed: bool,
    /// この配信だけを受信する（plus） / claim only these deliveries (plus)
    #[arg(long = "item", value_name = "ID", conflicts_with = "kinds")]
    items: Vec<DeliveryId>,
}

impl InboxArgs {
    fn wanted(&self) -> ClaimRequest {
        ClaimRequest {
            kinds: self.kinds.clone(),
            include_unaddressed: self.include_unaddressed,
            deliveries: self.items.clone(),
        }
    }
}

pub(super) async fn inbox(args: &InboxArgs, ui: &Ui) -> CommandResult {
    let mut terminal = match open(&args.terminal, ui)? {
        Ok(terminal) => terminal,
        Err(error) => return failed(&error, ui),
    };
    let wanted = args.wanted();
    let claimed = match wanted == ClaimRequest::default() {
        true => terminal.inbox().await,
        false => terminal.claim(&wanted).await,
    };
    let entries = match claimed {
        Ok(entries) => entries,
        Err(error) => return failed(&error, ui),
    };
    if ui.format == Format::Json {
        let line = |entry: &InboxEntry| json!({"delivery": entry.delivery, "folder": entry.folder});
        ui.json(&json!({"deliveries": entries.iter().map(line).collect::<Vec<_>>()}))?;
        return Ok(End::Good);
    }
    if entries.is_empty() {
        ui.line(ui.pick("受信したものはありません", "nothing has arrived"));
        return Ok(End::Good);
    }
    let titles = ui.pick(
        ["受信日時", "送信元", "ファイル数", "CSVバージョン", "取得状況"],
        ["Received", "From", "Files", "CSV version", "State"],
    );
    ui.line(&inbox_row(titles.map(str::to_owned)));
    for entry in &entries {
        ui.line(&inbox_row(inbox_cells(&entry.delivery, ui)));
        ui.line(&fit(&format!("  {}  {}", entry.delivery.id, entry.delivery.message), 80));
        for file in &entry.delivery.files {
            ui.line(&file_line(file, ui));
        }
    }
    Ok(End::Good)
}
