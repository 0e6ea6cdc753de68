//! `GET /v2/templates`

use http::Method;

use crate::model::{TemplateList, TemplateType};
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Reads all templates of the service that are not archived, sorted by name.
///
/// GOV.UK Notify's documentation: [Get all templates](https://docs.notifications.service.gov.uk/rest-api.html#get-all-templates).
///
/// # Examples
///
/// ```
/// use notify_api::{ListTemplates, model::TemplateType};
///
/// let all = ListTemplates::new();
/// let letters = ListTemplates::new().template_type(TemplateType::Letter);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct ListTemplates {
    template_type: Option<TemplateType>,
}

impl ListTemplates {
    /// Requests all templates.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps only the templates of one type.
    pub fn template_type(mut self, template_type: TemplateType) -> Self {
        self.template_type = Some(template_type);
        self
    }
}

impl Endpoint for ListTemplates {
    type Response = TemplateList;
    const OPERATION: Operation =
        Operation::new("list_templates", Method::GET, "/v2/templates", Effect::Reads);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        let request = RequestParts::new(Self::OPERATION.path());
        Ok(match &self.template_type {
            Some(template_type) => request.query("type", template_type.as_str()),
            None => request,
        })
    }

    fn decode(raw: &RawResponse) -> Result<TemplateList, Error> {
        raw.json()
    }
}
