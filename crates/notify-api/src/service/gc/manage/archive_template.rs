//! `DELETE /v2/manage-template/{id}`

use http::Method;

use super::{ManagedTemplate, of_template, path_of};
use crate::model::TemplateId;
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Archives a template, so that it makes no more messages. It can still be read. The key must have permission to manage
/// templates.
///
/// GC Notify's documentation: [Archive a template](https://documentation.notification.canada.ca/en/manage-template.html#archive-a-template).
///
/// # Examples
///
/// ```
/// use notify_api::gc::ArchiveTemplate;
///
/// let request = ArchiveTemplate::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?);
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a template is archived only when it is given to a client"]
pub struct ArchiveTemplate {
    id: TemplateId,
}

impl ArchiveTemplate {
    /// Archives this template.
    pub fn new(id: TemplateId) -> Self {
        Self { id }
    }
}

impl Endpoint for ArchiveTemplate {
    type Response = ManagedTemplate;
    const OPERATION: Operation = of_template("archive_template", Method::DELETE, Effect::Changes);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        Ok(RequestParts::new(path_of(self.id)))
    }

    fn decode(raw: &RawResponse) -> Result<ManagedTemplate, Error> {
        raw.json()
    }
}
