//! How texts of the standard look in the OpenAPI document. The types that carry them belong to the
//! standard, which knows nothing of it.

use utoipa::ToSchema;

/// 事業所番号: ten digits, of which the third may be `A`.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = "^[0-9]{2}[0-9A][0-9]{7}$", example = "2770100012")]
pub(crate) struct OfficeNumber(());

/// サービス種類コード: two digits or capital letters.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = "^[0-9A-Z]{2}$", example = "11")]
pub(crate) struct ServiceKind(());
