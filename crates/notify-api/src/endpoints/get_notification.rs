//! `GET /v2/notifications/{id}`

use http::Method;

use crate::model::{Notification, NotificationId};
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Reads one message, sent with any key of the service.
///
/// GOV.UK Notify's documentation: [Get the status of one message](https://docs.notifications.service.gov.uk/rest-api.html#get-the-status-of-one-message).
///
/// # Examples
///
/// ```
/// use notify_api::GetNotification;
///
/// let request = GetNotification::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?);
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct GetNotification {
    id: NotificationId,
}

impl GetNotification {
    /// Requests this message.
    pub fn new(id: NotificationId) -> Self {
        Self { id }
    }
}

impl Endpoint for GetNotification {
    type Response = Notification;
    const OPERATION: Operation =
        Operation::new("get_notification", Method::GET, "/v2/notifications/{id}", Effect::Reads);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        Ok(RequestParts::new(format!("/v2/notifications/{}", self.id)))
    }

    fn decode(raw: &RawResponse) -> Result<Notification, Error> {
        raw.json()
    }
}
