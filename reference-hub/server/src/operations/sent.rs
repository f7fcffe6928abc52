//! 送信一覧.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
};
use careplan_protocol::hub::{Submission, Submissions};
use hub_relay::{Page, SubmissionId, sent_scope};

use crate::{
    http::{Answer, App, Head, Part, Visitor},
    wire,
};

/// What this terminal (or, in `plus`, this office) sent, newest first.
#[utoipa::path(
    get, path = "/v1/submissions", operation_id = "list_submissions", tag = "submissions",
    params(
        ("after" = Option<careplan_protocol::SubmissionId>, Query, description = "前のページの next"),
        ("limit" = Option<usize>, Query, description = "件数（1～500）", minimum = 1, maximum = 500),
    ),
    responses((status = 200, description = "送信一覧", body = Submissions))
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Head(Query(part)): Head<Query<Part>>,
) -> Answer<Json<Submissions>> {
    let limit = part.limit()?;
    let scope = sent_scope(wire::profile(app.profile), &visitor.caller);
    let page = Page { after: part.after.map(SubmissionId::new), limit: limit + 1 };
    let sent = app.store.sent(scope, page).await?;
    Ok(Json(wire::submissions(sent, limit, app.now())?))
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
    Ok(Json(wire::submission(sending, app.now())?))
}
