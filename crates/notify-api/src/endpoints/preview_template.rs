//! `POST /v2/template/{id}/preview`

use std::fmt;

use http::Method;
use serde::Serialize;

use crate::model::{Personalisation, TemplateId, TemplatePreview};
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Fills a template's placeholders and sends nothing.
///
/// GOV.UK Notify's documentation: [Generate a preview template](https://docs.notifications.service.gov.uk/rest-api.html#generate-a-preview-template).
///
/// `Debug` shows the template and the names of the placeholders, but no values.
///
/// # Examples
///
/// ```
/// use notify_api::PreviewTemplate;
///
/// let request = PreviewTemplate::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?)
///     .personalisation("name", "Kim");
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a request is made only when it is given to a client"]
pub struct PreviewTemplate {
    #[serde(skip)]
    id: TemplateId,
    personalisation: Personalisation,
}

impl PreviewTemplate {
    /// Requests the text of a message made from this template.
    pub fn new(id: TemplateId) -> Self {
        Self { id, personalisation: Personalisation::default() }
    }

    personalisation_options!();
}

impl Endpoint for PreviewTemplate {
    type Response = TemplatePreview;
    const OPERATION: Operation =
        Operation::new("preview_template", Method::POST, "/v2/template/{id}/preview", Effect::Reads);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        RequestParts::new(format!("/v2/template/{}/preview", self.id)).json(self)
    }

    fn decode(raw: &RawResponse) -> Result<TemplatePreview, Error> {
        raw.json()
    }
}

impl fmt::Debug for PreviewTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreviewTemplate")
            .field("id", &self.id)
            .field("personalisation", &self.personalisation)
            .finish()
    }
}
