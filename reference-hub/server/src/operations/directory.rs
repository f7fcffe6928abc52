//! 利用事業所一覧: who can be sent to, page by page, or whole as a table for spreadsheets.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use careplan_protocol::{
    Problem, ProblemKind,
    hub::{DIRECTORY_PAGE, DIRECTORY_PAGE_MAX, Directory, DirectoryEntry},
};
use futures::stream;
use hub_relay::{OfficeQuery, folded};
use serde::Deserialize;

use crate::{
    http::{Answer, App, Head, Visitor},
    problems::Rejection,
    table,
};

/// What is looked for; all of it must hold.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// The beginning of an office number.
    number: Option<String>,
    /// A part of a name, however it is typed.
    name: Option<String>,
    /// 都道府県, by code or name.
    prefecture: Option<String>,
    /// サービス種類コード.
    kind: Option<String>,
    /// How many lines the page may have.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// Where the page before said that this one begins.
    cursor: Option<String>,
    /// `json` or `csv`.
    format: Option<String>,
}

/// The offices that can be sent to.
#[utoipa::path(
    get, path = "/v1/offices", operation_id = "search_offices", tag = "offices", params(Filter),
    responses((status = 200, description = "利用事業所一覧", content((Directory = "application/json"), (String = "text/csv"))))
)]
pub(crate) async fn search(
    State(app): State<Arc<App>>,
    _visitor: Visitor,
    headers: HeaderMap,
    Head(Query(filter)): Head<Query<Filter>>,
) -> Answer<Response> {
    let is_table = filter.wants_table(&headers)?;
    let query = OfficeQuery { licensed_at: Some(app.now()), ..filter.query()? };
    if is_table {
        return Ok(as_table(app, query));
    }
    let page = app.store.directory(query).await?;
    let next = page.next.map(|number| number.to_string());
    let offices = page.offices.into_iter().map(entry).collect();
    Ok(Json(Directory { offices, next }).into_response())
}

impl Filter {
    /// The query that it means, of offices with and without a licence.
    pub(crate) fn query(self) -> Answer<OfficeQuery> {
        let limit = self.limit.unwrap_or(DIRECTORY_PAGE);
        if !(1..=DIRECTORY_PAGE_MAX).contains(&limit) {
            return Err(malformed(format!("limit: 1–{DIRECTORY_PAGE_MAX}")));
        }
        Ok(OfficeQuery {
            number: self.number.unwrap_or_default(),
            name: folded(&self.name.unwrap_or_default()),
            prefecture: parsed("prefecture", self.prefecture)?,
            kind: parsed("kind", self.kind)?,
            licensed_at: None,
            after: parsed("cursor", self.cursor)?,
            limit,
        })
    }

    /// Whether a table is asked for.
    pub(crate) fn wants_table(&self, headers: &HeaderMap) -> Answer<bool> {
        match self.format.as_deref() {
            Some("csv") => Ok(true),
            Some("json") => Ok(false),
            Some(_) => Err(malformed("format: json, csv".to_owned())),
            None => Ok(headers
                .get(header::ACCEPT)
                .and_then(|accept| accept.to_str().ok())
                .is_some_and(|accept| accept.contains("text/csv"))),
        }
    }
}

/// A value of the query, if it stands there; an empty one is none.
fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    name: &str,
    text: Option<String>,
) -> Answer<Option<T>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|error| malformed(format!("{name}: {error}")))
}

fn malformed(detail: String) -> Rejection {
    Problem::new(ProblemKind::RequestMalformed).with_detail(detail).into()
}

fn entry(office: hub_relay::Office) -> DirectoryEntry {
    DirectoryEntry {
        office: office.number,
        name: office.name,
        kinds: office.kinds,
        prefecture: office.prefecture.map(|prefecture| prefecture.to_string()),
        versions: office.versions,
    }
}

/// Everything that the query finds, from its cursor on, read page by page while it goes out.
pub(crate) fn as_table(app: Arc<App>, query: OfficeQuery) -> Response {
    let query = OfficeQuery { limit: DIRECTORY_PAGE_MAX, ..query };
    let rest = stream::unfold(Some(query), move |query| {
        let app = Arc::clone(&app);
        async move {
            let query = query?;
            let page = match app.store.directory(query.clone()).await {
                Ok(page) => page,
                Err(failure) => {
                    tracing::error!(?failure, "a table of offices was cut off");
                    return Some((Err(std::io::Error::other("cut off")), None));
                }
            };
            let rows = page.offices.iter().map(row).collect::<String>();
            let next = page.next.map(|after| OfficeQuery { after: Some(after), ..query });
            Some((Ok(rows), next))
        }
    });
    let head = stream::once(async { Ok(table::START.to_owned() + &table::row(COLUMNS)) });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"offices.csv\""),
    ];
    (headers, Body::from_stream(stream::StreamExt::chain(head, rest))).into_response()
}

const COLUMNS: [&str; 5] =
    ["事業所番号", "事業所名称", "都道府県", "サービス種類", "CSVバージョン"];

fn row(office: &hub_relay::Office) -> String {
    let kinds: Vec<_> = office.kinds.iter().map(|kind| kind.as_str()).collect();
    table::row([
        office.number.as_str(),
        &office.name,
        office.prefecture.map_or("", |prefecture| prefecture.name()),
        &kinds.join(" "),
        &office.versions.join(" "),
    ])
}
