//! `GET /v2/template/{id}`

use http::Method;

use crate::model::{Template, TemplateId};
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Reads the current version of a template, even if it is archived.
///
/// GOV.UK Notify's documentation: [Get a template by ID](https://docs.notifications.service.gov.uk/rest-api.html#get-a-template-by-id).
///
/// # Examples
///
/// ```
/// use notify_api::GetTemplate;
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
    type Response = Template;
    const OPERATION: Operation =
        Operation::new("get_template", Method::GET, "/v2/template/{id}", Effect::Reads);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        Ok(RequestParts::new(format!("/v2/template/{}", self.id)))
    }

    fn decode(raw: &RawResponse) -> Result<Template, Error> {
        raw.json()
    }
}
