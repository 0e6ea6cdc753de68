//! `PATCH /v2/manage-template/{id}`

use http::Method;
use serde::Serialize;

use super::{ManagedTemplate, of_template, path_of};
use crate::gc::{TemplateCategoryId, TemplateFolderId};
use crate::model::TemplateId;
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Changes a template, which creates a new version of it. The key must have permission to manage templates.
///
/// GC Notify's documentation: [Update a template](https://documentation.notification.canada.ca/en/manage-template.html#update-a-template).
///
/// # Examples
///
/// ```
/// use notify_api::gc::UpdateTemplate;
///
/// let request = UpdateTemplate::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?).content("Hello ((name))");
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use = "a template is changed only when it is given to a client"]
pub struct UpdateTemplate {
    #[serde(skip)]
    id: TemplateId,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template_category_id: Option<TemplateCategoryId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_folder_id: Option<Folder>,
}

/// The folder that a template moves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Folder {
    Into(TemplateFolderId),
    /// Written as null.
    OutOfAny,
}

impl UpdateTemplate {
    /// A change to this template. Whatever you do not set stays as it is.
    pub fn new(id: TemplateId) -> Self {
        Self {
            id,
            name: None,
            subject: None,
            content: None,
            template_category_id: None,
            parent_folder_id: None,
        }
    }

    /// Sets another name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets another subject, for an e-mail.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Sets another text.
    pub fn content(mut self, content: impl Into<String>) -> Self {
        self.content = Some(content.into());
        self
    }

    /// Moves it to another category.
    pub fn template_category_id(mut self, category: TemplateCategoryId) -> Self {
        self.template_category_id = Some(category);
        self
    }

    /// Moves it to this folder.
    pub fn parent_folder_id(mut self, folder: TemplateFolderId) -> Self {
        self.parent_folder_id = Some(Folder::Into(folder));
        self
    }

    /// Takes it out of its folder.
    pub fn without_folder(mut self) -> Self {
        self.parent_folder_id = Some(Folder::OutOfAny);
        self
    }

    fn changes_nothing(&self) -> bool {
        *self == Self::new(self.id)
    }
}

impl Endpoint for UpdateTemplate {
    type Response = ManagedTemplate;
    const OPERATION: Operation = of_template("update_template", Method::PATCH, Effect::Changes);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        // Otherwise the server answers with an internal error.
        if self.changes_nothing() {
            return Err(InvalidRequest::new("a change of a template must change something"));
        }
        RequestParts::new(path_of(self.id)).json(self)
    }

    fn decode(raw: &RawResponse) -> Result<ManagedTemplate, Error> {
        raw.json()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_holds_only_the_changed_fields() {
        let update = UpdateTemplate::new(TemplateId::from_bytes([0; 16]));
        assert!(update.request().is_err());
        let body = |update: UpdateTemplate| update.request().unwrap().body().cloned().unwrap();
        assert_eq!(body(update.clone().content("x")), r#"{"content":"x"}"#);
        assert_eq!(body(update.without_folder()), r#"{"parent_folder_id":null}"#);
    }
}
