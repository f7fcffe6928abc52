//! `careplan hub openapi`: the wire between client and hub, as an OpenAPI 3.1 document.

use crate::ui::{CommandResult, End, Ui};

/// Prints the document that a running hub serves at `/v1/openapi.json`.
pub(super) fn print(ui: &Ui) -> CommandResult {
    ui.line(reference_hub::openapi_document().trim_end());
    Ok(End::Good)
}
