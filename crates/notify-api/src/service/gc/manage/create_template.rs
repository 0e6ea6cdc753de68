//! `POST /v2/manage-template`

use http::Method;
use serde::Serialize;

use super::ManagedTemplate;
use crate::gc::{TemplateCategoryId, TemplateFolderId};
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
/// use notify_api::gc::{CreateTemplate, TemplateCategoryId, TemplateContent};
///
/// const REMINDER: TemplateCategoryId = TemplateCategoryId::from_static("edb966f3-4a4c-47a4-96ab-05ff259b919c");
/// let text = TemplateContent::Sms { content: "Hello ((name))".into() };
/// let email = TemplateContent::Email { subject: "Your appointment".into(), content: "Hello ((name))".into() };
/// let templates = [
///     CreateTemplate::new("Appointment, by text", REMINDER, text),
///     CreateTemplate::new("Appointment, by e-mail", REMINDER, email),
/// ];
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use = "a template is made only when it is given to a client"]
pub struct CreateTemplate {
    name: String,
    #[serde(flatten)]
    content: TemplateContent,
    template_category_id: TemplateCategoryId,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_folder_id: Option<TemplateFolderId>,
}

/// What a template says, in the type of message that it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "template_type", rename_all = "lowercase")]
#[non_exhaustive]
pub enum TemplateContent {
    /// A template for text messages.
    Sms {
        /// The text, of up to 612 characters.
        content: String,
    },
    /// A template for e-mails.
    Email {
        /// The subject.
        subject: String,
        /// The text in Markdown, of up to 50,000 characters.
        content: String,
    },
}

impl CreateTemplate {
    /// A template with this name, category and content.
    pub fn new(name: impl Into<String>, category: TemplateCategoryId, content: TemplateContent) -> Self {
        Self { name: name.into(), content, template_category_id: category, parent_folder_id: None }
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
