//! `GET /v2/manage-template/{id}`

use http::Method;

use super::{ManagedTemplate, of_template, path_of};
use crate::model::TemplateId;
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Reads a template with its category and folder, even if it is archived. The key must have permission to manage
/// templates. With any other key, use [`GetTemplate`](crate::GetTemplate), which reads what messages are made from.
///
/// GC Notify's documentation: [Get a template by ID](https://documentation.notification.canada.ca/en/manage-template.html#get-a-template-by-id).
///
/// # Examples
///
/// ```
/// use notify_api::gc::GetTemplate;
///
/// let request = GetTemplate::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?);
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct GetTemplate {
    id: TemplateId,
}

impl GetTemplate {
    /// Requests this template.
    pub fn new(id: TemplateId) -> Self {
        Self { id }
    }
}

impl Endpoint for GetTemplate {
    type Response = ManagedTemplate;
    const OPERATION: Operation = of_template("get_managed_template", Method::GET, Effect::Reads);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        Ok(RequestParts::new(path_of(self.id)))
    }

    fn decode(raw: &RawResponse) -> Result<ManagedTemplate, Error> {
        raw.json()
    }
}
