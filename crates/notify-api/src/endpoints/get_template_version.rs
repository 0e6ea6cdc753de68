//! `GET /v2/template/{id}/version/{version}`

use http::Method;

use crate::model::{Template, TemplateId};
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawAnswer, Request};

/// Reads a template as it stood in one version.
///
/// # Examples
///
/// ```
/// use notify_api::GetTemplateVersion;
///
/// let question = GetTemplateVersion::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, 2);
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a question is asked only when it is given to a client"]
pub struct GetTemplateVersion {
    id: TemplateId,
    version: u32,
}

impl GetTemplateVersion {
    /// Asks for this version of this template, counted from 1; 0 means the current one.
    pub fn new(id: TemplateId, version: u32) -> Self {
        Self { id, version }
    }
}

impl Endpoint for GetTemplateVersion {
    type Answer = Template;
    const OPERATION: Operation = Operation::new(
        "get_template_version",
        Method::GET,
        "/v2/template/{id}/version/{version}",
        Effect::Reads,
    );

    fn request(&self) -> Result<Request, InvalidRequest> {
        Ok(Request::new(format!("/v2/template/{}/version/{}", self.id, self.version)))
    }

    fn decode(raw: &RawAnswer) -> Result<Template, Error> {
        raw.json()
    }
}
