//! `GET /v2/notifications`

use http::Method;

use super::{ALONE, NotificationFields};
use crate::model::{Notification, TemplateId};
use crate::paged::left_out;
use crate::service::{Extended, ExtendedPage};
use crate::{
    ApiResponse, Effect, Endpoint, Error, InvalidRequest, Operation, Paged, RawResponse, RequestParts,
};

/// Reads a page of messages as [`ListNotifications`](crate::ListNotifications) does, with the additional fields of
/// Notify.gov.au.
///
/// Notify.gov.au's documentation closed with the service. GOV.UK Notify's, from which it came: [Get the status of multiple messages](https://docs.notifications.service.gov.uk/rest-api.html#get-the-status-of-multiple-messages).
///
/// It is built from that list and its filters, and adds two filters. Messages of jobs are listed unless you exclude
/// them.
///
/// # Examples
///
/// ```
/// use notify_api::au::ListNotifications;
/// use notify_api::model::Status;
///
/// let failed = notify_api::ListNotifications::new().status(Status::Failed);
/// let failed_without_jobs = ListNotifications::from(failed).exclude_jobs();
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct ListNotifications {
    list: crate::ListNotifications,
    template_id: Option<TemplateId>,
    excludes_jobs: bool,
}

impl From<crate::ListNotifications> for ListNotifications {
    fn from(list: crate::ListNotifications) -> Self {
        Self { list, template_id: None, excludes_jobs: false }
    }
}

impl ListNotifications {
    /// Keeps only messages made from this template.
    pub fn template_id(mut self, template_id: TemplateId) -> Self {
        self.template_id = Some(template_id);
        self
    }

    /// Leaves out messages that were sent from a spreadsheet or by hand on the service's website.
    pub fn exclude_jobs(mut self) -> Self {
        self.excludes_jobs = true;
        self
    }
}

impl Endpoint for ListNotifications {
    type Response = ExtendedPage<NotificationFields>;
    const OPERATION: Operation =
        Operation::new("list_notifications", Method::GET, "/v2/notifications", Effect::Reads).only(ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        let mut request = self.list.request()?;
        if let Some(template_id) = &self.template_id {
            request = request.query("template_id", &template_id.to_string());
        }
        Ok(if self.excludes_jobs { request.query("include_jobs", "false") } else { request })
    }

    fn decode(raw: &RawResponse) -> Result<Self::Response, Error> {
        raw.json()
    }
}

impl Paged for ListNotifications {
    type Item = Extended<Notification, NotificationFields>;

    fn next_page(&self, page: &ApiResponse<Self::Response>) -> Result<Option<Self>, Error> {
        if page.notifications.is_empty() && page.unreadable.is_empty() {
            return Ok(None);
        }
        let list = self.list.after_page(&page.links, page.raw())?;
        Ok(Some(Self { list, ..self.clone() }))
    }

    fn items(page: Self::Response) -> Vec<Self::Item> {
        page.notifications
    }

    fn left_out(page: &ApiResponse<Self::Response>) -> Vec<Error> {
        left_out(&page.unreadable, page.raw())
    }
}
