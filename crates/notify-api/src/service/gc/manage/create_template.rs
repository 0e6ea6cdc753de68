//! `POST /v2/manage-template`

use http::Method;
use serde::Serialize;

use super::ManagedTemplate;
use crate::gc::{TemplateCategoryId, TemplateFolderId};
use crate::model::TemplateType;
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Creates a template. The key must have permission to manage templates.
///
/// GC Notify's documentation: [Create a template](https://documentation.notification.canada.ca/en/manage-template.html#create-a-template).
///
/// The request is not sent again if the service may have created the template. Look for its name in the
/// [list](crate::ListTemplates) first, since two templates can have the same name.
///
/// # Examples
///
/// ```
/// use notify_api::gc::{CreateTemplate, TemplateCategoryId};
///
/// const REMINDER: TemplateCategoryId = TemplateCategoryId::from_static("edb966f3-4a4c-47a4-96ab-05ff259b919c");
/// let text = CreateTemplate::sms("Appointment", "Hello ((name))", REMINDER);
/// let email = CreateTemplate::email("Appointment", "Your appointment", "Hello ((name))", REMINDER);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use = "a template is made only when it is given to a client"]
pub struct CreateTemplate {
    name: String,
    template_type: TemplateType,
    content: String,
    template_category_id: TemplateCategoryId,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_folder_id: Option<TemplateFolderId>,
}

impl CreateTemplate {
    /// A template for text messages, of up to 612 characters.
    pub fn sms(name: impl Into<String>, content: impl Into<String>, category: TemplateCategoryId) -> Self {
        Self {
            name: name.into(),
            template_type: TemplateType::Sms,
            content: content.into(),
            template_category_id: category,
            subject: None,
            parent_folder_id: None,
        }
    }

    /// A template for e-mails, of up to 50,000 characters.
    pub fn email(
        name: impl Into<String>,
        subject: impl Into<String>,
        content: impl Into<String>,
        category: TemplateCategoryId,
    ) -> Self {
        let subject = Some(subject.into());
        Self { template_type: TemplateType::Email, subject, ..Self::sms(name, content, category) }
    }

    /// Puts it into this folder.
    pub fn parent_folder_id(mut self, folder: TemplateFolderId) -> Self {
        self.parent_folder_id = Some(folder);
        self
    }
}

impl Endpoint for CreateTemplate {
    type Response = ManagedTemplate;
    const OPERATION: Operation =
        Operation::new("create_template", Method::POST, "/v2/manage-template", Effect::Changes)
            .only(super::ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        RequestParts::new(Self::OPERATION.path()).json(self)
    }

    fn decode(raw: &RawResponse) -> Result<ManagedTemplate, Error> {
        raw.json()
    }
}
