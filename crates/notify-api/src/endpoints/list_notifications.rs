//! `GET /v2/notifications`

use std::fmt;

use http::Method;

use crate::model::{Links, Notification, NotificationId, NotificationPage, Status, TemplateType};
use crate::paged::{self, VisitedCursors};
use crate::{
    ApiResponse, Effect, Endpoint, Error, InvalidRequest, Operation, Paged, RawResponse, RequestParts,
};

/// Reads a page of messages, the newest first, among those sent with a key of the same type.
///
/// GOV.UK Notify's documentation: [Get the status of multiple messages](https://docs.notifications.service.gov.uk/rest-api.html#get-the-status-of-multiple-messages).
///
/// # Examples
///
/// ```
/// use notify_api::ListNotifications;
/// use notify_api::model::{Status, TemplateType};
///
/// let failed_texts = ListNotifications::new().template_type(TemplateType::Sms).status(Status::Failed);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct ListNotifications {
    template_types: Vec<TemplateType>,
    statuses: Vec<Status>,
    reference: Option<String>,
    older_than: Option<NotificationId>,
    visited: VisitedCursors<NotificationId>,
    include_jobs: bool,
}

impl ListNotifications {
    /// Requests the newest messages, up to 250.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps only messages of this type. Call it again to add another type.
    pub fn template_type(mut self, template_type: TemplateType) -> Self {
        self.template_types.push(template_type);
        self
    }

    /// Keeps only messages in this status. Call it again to add another status.
    ///
    /// `failed` stands for every failure, `accepted` for created and sending messages of any type.
    pub fn status(mut self, status: Status) -> Self {
        self.statuses.push(status);
        self
    }

    /// Keeps only messages with this reference.
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// Keeps only messages sent before this one. This is how to reach the next page.
    pub fn older_than(mut self, id: NotificationId) -> Self {
        self.older_than = Some(id);
        self.visited = VisitedCursors::default();
        self
    }

    /// Includes messages that were sent from a spreadsheet or by hand on the service's website.
    pub fn include_jobs(mut self) -> Self {
        self.include_jobs = true;
        self
    }

    /// The same request for the page after a non-empty one with these links.
    pub(crate) fn after_page(&self, links: &Links, raw: &RawResponse) -> Result<Self, Error> {
        let (cursor, visited) = paged::next(links, self.older_than, &self.visited, raw)?;
        Ok(Self { older_than: Some(cursor), visited, ..self.clone() })
    }
}

impl Endpoint for ListNotifications {
    type Response = NotificationPage;
    const OPERATION: Operation =
        Operation::new("list_notifications", Method::GET, "/v2/notifications", Effect::Reads);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        let mut request = RequestParts::new(Self::OPERATION.path());
        for template_type in &self.template_types {
            request = request.query("template_type", template_type.as_str());
        }
        for status in &self.statuses {
            request = request.query("status", status.as_str());
        }
        if let Some(reference) = &self.reference {
            request = request.query("reference", reference);
        }
        if let Some(older_than) = &self.older_than {
            request = request.query("older_than", &older_than.to_string());
        }
        // The service refuses every other word, including `false`.
        Ok(if self.include_jobs { request.query("include_jobs", "true") } else { request })
    }

    fn decode(raw: &RawResponse) -> Result<NotificationPage, Error> {
        raw.json()
    }
}

impl Paged for ListNotifications {
    type Item = Notification;

    fn next_page(&self, page: &ApiResponse<NotificationPage>) -> Result<Option<Self>, Error> {
        if page.notifications.is_empty() && page.unreadable.is_empty() {
            return Ok(None);
        }
        self.after_page(&page.links, page.raw()).map(Some)
    }

    fn items(page: NotificationPage) -> Vec<Notification> {
        page.notifications
    }

    fn left_out(page: &ApiResponse<NotificationPage>) -> Vec<Error> {
        paged::left_out(&page.unreadable, page.raw())
    }
}

impl fmt::Debug for ListNotifications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListNotifications")
            .field("template_types", &self.template_types)
            .field("statuses", &self.statuses)
            .field("older_than", &self.older_than)
            .field("include_jobs", &self.include_jobs)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_is_in_the_query() {
        let list = ListNotifications::new()
            .template_type(TemplateType::Sms)
            .template_type(TemplateType::Email)
            .status(Status::Created)
            .reference("a&b")
            .older_than("740e5834-3a29-46b4-9a6f-16142fde533a".parse().unwrap())
            .include_jobs();
        assert_eq!(
            list.request().unwrap().path_and_query(),
            "/v2/notifications?template_type=sms&template_type=email&status=created&reference=a%26b\
             &older_than=740e5834-3a29-46b4-9a6f-16142fde533a&include_jobs=true"
        );
        assert!(!format!("{list:?}").contains("a&b"));
    }
}
