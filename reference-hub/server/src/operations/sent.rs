//! 送信一覧.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use careplan_protocol::hub::{Submission, Submissions};
use hub_relay::{SubmissionId, sent_scope};

use crate::{
    http::{Answer, App, Head, Visitor},
    wire,
};

/// What this terminal (or, in `plus`, this office) sent, newest first.
#[utoipa::path(
    get, path = "/v1/submissions", operation_id = "list_submissions", tag = "submissions",
    responses((status = 200, description = "送信一覧", body = Submissions))
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    visitor: Visitor,
) -> Answer<Json<Submissions>> {
    let sent = app.store.sent(sent_scope(wire::profile(app.profile), &visitor.caller)).await?;
    let submissions = sent.into_iter().map(wire::submission).collect::<Result<_, _>>()?;
    Ok(Json(Submissions { submissions }))
}

/// One of them.
#[utoipa::path(
    get, path = "/v1/submissions/{id}", operation_id = "show_submission", tag = "submissions",
    params(("id" = careplan_protocol::SubmissionId, Path, description = "送信ID")),
    responses((status = 200, description = "送信", body = Submission))
)]
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Head(Path(id)): Head<Path<String>>,
) -> Answer<Json<Submission>> {
    let scope = sent_scope(wire::profile(app.profile), &visitor.caller);
    let sending = app.store.submission(scope, SubmissionId::new(id)).await?;
    Ok(Json(wire::submission(sending)?))
}
