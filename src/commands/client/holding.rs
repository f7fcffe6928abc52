//! `careplan client holders`, `release`, `take-back`: which terminal has what (profile `plus`).

use careplan_protocol::hub::{Delivery, DeliveryState};
use serde_json::json;

use super::{
    GiveArgs, TerminalArgs, open,
    show::{failed, japan_time},
};
use crate::{
    table::{fit, pad},
    ui::{CommandResult, End, Format, Ui},
};

/// Who lets go of a delivery.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// The terminal that holds it.
    Release,
    /// Another one of its office.
    TakeBack,
}

pub(super) async fn holders(args: &TerminalArgs, ui: &Ui) -> CommandResult {
    let mut terminal = match open(args, ui)? {
        Ok(terminal) => terminal,
        Err(error) => return failed(&error, ui),
    };
    let deliveries = match terminal.holders().await {
        Ok(deliveries) => deliveries,
        Err(error) => return failed(&error, ui),
    };
    if ui.format == Format::Json {
        ui.json(&json!({ "deliveries": deliveries }))?;
        return Ok(End::Good);
    }
    if deliveries.is_empty() {
        ui.line(ui.pick("この事業所あてのものはありません", "nothing is there for this office"));
        return Ok(End::Good);
    }
    let titles = ui.pick(
        ["受信日時", "送信元", "状態", "受信の期限"],
        ["Received", "From", "State", "Held until"],
    );
    ui.line(&row(titles.map(str::to_owned)));
    for delivery in &deliveries {
        let until = delivery.claimed_until.map(japan_time).unwrap_or_default();
        let (at, from) = (japan_time(delivery.submitted_at), delivery.from_name.clone());
        ui.line(&row([at, from, state(delivery, ui).to_owned(), until]));
        let holder = delivery.terminal.as_ref().map(|terminal| terminal.as_str());
        ui.line(&fit(&format!("  {}  {}", delivery.id, holder.unwrap_or("—")), 80));
    }
    Ok(End::Good)
}

pub(super) async fn give(args: &GiveArgs, way: Way, ui: &Ui) -> CommandResult {
    let mut terminal = match open(&args.terminal, ui)? {
        Ok(terminal) => terminal,
        Err(error) => return failed(&error, ui),
    };
    let given = match way {
        Way::Release => terminal.release(&args.id).await,
        Way::TakeBack => terminal.take_back(&args.id, None).await,
    };
    let delivery = match given {
        Ok(delivery) => delivery,
        Err(error) => return failed(&error, ui),
    };
    match ui.format {
        Format::Json => ui.json(&delivery)?,
        Format::Human => ui.line(&ui.pick(
            format!("{} は、どの端末でも受信できます", delivery.id),
            format!("any terminal may claim {} now", delivery.id),
        )),
    }
    Ok(End::Good)
}

fn state(delivery: &Delivery, ui: &Ui) -> &'static str {
    match delivery.state {
        DeliveryState::Waiting => ui.pick("未受信", "waiting"),
        DeliveryState::Claimed => ui.pick("受信・未取得", "claimed"),
        DeliveryState::Fetched => ui.pick("取得済", "fetched"),
        DeliveryState::Undelivered => ui.pick("打切", "given up"),
    }
}

fn row([at, from, state, until]: [String; 4]) -> String {
    let row = [pad(&at, 16), pad(&from, 28), pad(&state, 14), pad(&until, 16)];
    row.join("  ").trim_end().to_owned()
}
