//! `GET /v2/manage-template/template-categories`

use http::Method;

use super::TemplateCategories;
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Lists the categories that a template can have. The key must have permission to manage templates.
///
/// GC Notify's documentation: [Template categories](https://documentation.notification.canada.ca/en/template-categories.html).
///
/// # Examples
///
/// ```
/// use notify_api::gc::ListTemplateCategories;
///
/// let request = ListTemplateCategories;
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct ListTemplateCategories;

impl Endpoint for ListTemplateCategories {
    type Response = TemplateCategories;
    const OPERATION: Operation = Operation::new(
        "list_template_categories",
        Method::GET,
        "/v2/manage-template/template-categories",
        Effect::Reads,
    )
    .only(super::ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        Ok(RequestParts::new(Self::OPERATION.path()))
    }

    fn decode(raw: &RawResponse) -> Result<TemplateCategories, Error> {
        raw.json()
    }
}
