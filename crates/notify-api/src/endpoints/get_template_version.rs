//! `GET /v2/template/{id}/version/{version}`

use http::Method;

use crate::model::{Template, TemplateId};
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Reads one version of a template.
///
/// GOV.UK Notify's documentation: [Get a template by ID and version](https://docs.notifications.service.gov.uk/rest-api.html#get-a-template-by-id-and-version).
///
/// # Examples
///
/// ```
/// use notify_api::GetTemplateVersion;
///
/// let request = GetTemplateVersion::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, 2);
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct GetTemplateVersion {
    id: TemplateId,
    version: u32,
}

impl GetTemplateVersion {
    /// Requests this version of this template. Versions count from 1; 0 means the current one.
    pub fn new(id: TemplateId, version: u32) -> Self {
        Self { id, version }
    }
}

impl Endpoint for GetTemplateVersion {
    type Response = Template;
    const OPERATION: Operation = Operation::new(
        "get_template_version",
        Method::GET,
        "/v2/template/{id}/version/{version}",
        Effect::Reads,
    );

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        Ok(RequestParts::new(format!("/v2/template/{}/version/{}", self.id, self.version)))
    }

    fn decode(raw: &RawResponse) -> Result<Template, Error> {
        raw.json()
    }
}
