//! The OpenAPI document: made from the routes that are served, so that it cannot lag behind them.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use careplan_protocol::{IdempotencyKey, Problem, hub::Notice};
use utoipa::{
    OpenApi as _,
    openapi::{
        Content, OpenApi, Ref, RefOr, Required, ResponseBuilder,
        path::Operation,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::http;

/// What stands above the requests.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "ケアプランデータ連携 参照基盤 / careplan reference hub",
        description = "この通信仕様は本プロジェクトの参照用の定義であり、実際のシステムのものではありません。\n\nOur own reference definition of the wire; the real system's is not public.",
    ),
    servers((url = "https://127.0.0.1", description = "the address that the hub prints when it starts")),
    security(("certificate" = [], "session" = [])),
    components(schemas(IdempotencyKey, Notice, Problem)),
)]
struct Head;

/// The document before its requests.
pub(crate) fn head() -> OpenApi {
    let mut document = Head::openapi();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(
        "certificate",
        SecurityScheme::MutualTls {
            description: Some("介護保険証明書または請求委任事業所用ケアプラン証明書".to_owned()),
            deprecated: None,
            extensions: None,
        },
    );
    let session = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("POST /v1/session の token / the token of POST /v1/session"));
    components.add_security_scheme("session", SecurityScheme::Http(session.build()));
    document
}

/// The whole document, OpenAPI 3.1, as JSON with one key a line.
pub fn document() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let (_, mut document) = http::routes().split_for_parts();
        for item in document.paths.paths.values_mut() {
            for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.delete] {
                operation.iter_mut().for_each(may_be_refused);
            }
        }
        document.to_pretty_json().expect("names and texts alone are always JSON") + "\n"
    });
    &TEXT
}

/// Every request may be answered by a problem; which, and with which status, its id says.
fn may_be_refused(operation: &mut Operation) {
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    let refused = ResponseBuilder::new()
        .description("拒否または障害（docs/problems.md） / refused, or failed")
        .content(Problem::MEDIA_TYPE, problem);
    operation.responses.responses.insert("default".to_owned(), refused.build().into());
    // A body that is described is a body that is needed, but for what these may leave out.
    let is_optional = matches!(operation.operation_id.as_deref(), Some("claim" | "take_back"));
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.required = Some(if is_optional { Required::False } else { Required::True });
    }
}

/// この文書: OpenAPI 3.1. Needs a certificate, but no session.
#[utoipa::path(
    get, path = "/v1/openapi.json", operation_id = "document", tag = "document", security(("certificate" = [])),
    responses((status = 200, description = "この文書", body = Object, content_type = "application/json"))
)]
pub(crate) async fn served() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document()).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn parsed() -> Value {
        serde_json::from_str(document()).expect("JSON")
    }

    #[test]
    fn it_is_openapi_3_1_and_every_reference_leads_somewhere() {
        let document = parsed();
        assert_eq!(document["openapi"], "3.1.0");
        let text = super::document();
        for (at, _) in text.match_indices("\"$ref\": \"#") {
            let path = text[at + 9..].split('"').next().unwrap_or_default();
            let pointer = path.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{path} leads nowhere");
        }
    }

    #[test]
    fn every_request_says_what_it_does_and_that_it_may_be_refused() {
        let document = parsed();
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths.values().flat_map(|item| item.as_object().into_iter().flatten());
        let mut seen = 0;
        for (method, operation) in operations {
            let id = &operation["operationId"];
            assert!(operation["summary"].is_string(), "{method} {id} has no summary");
            let refused = &operation["responses"]["default"]["content"][Problem::MEDIA_TYPE];
            assert!(refused.is_object(), "{method} {id} is never refused");
            seen += 1;
        }
        assert!(12 < seen, "{seen} requests");
    }

    #[test]
    fn claiming_and_taking_back_need_no_body() {
        let paths = parsed()["paths"].clone();
        for path in ["/v1/claims", "/v1/deliveries/{id}/take-back"] {
            assert_eq!(paths[path]["post"]["requestBody"]["required"], false, "{path}");
        }
    }
}
