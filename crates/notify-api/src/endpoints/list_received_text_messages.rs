//! `GET /v2/received-text-messages`

use http::Method;

use crate::model::{ReceivedTextMessage, ReceivedTextMessageId, ReceivedTextMessagePage};
use crate::paged::{self, VisitedCursors};
use crate::{
    ApiResponse, Effect, Endpoint, Error, InvalidRequest, Operation, Paged, RawResponse, RequestParts,
};

/// Reads a page of the text messages that people sent to the service, the newest first.
///
/// GOV.UK Notify's documentation: [Get received text messages](https://docs.notifications.service.gov.uk/rest-api.html#get-received-text-messages).
///
/// # Examples
///
/// ```
/// use notify_api::ListReceivedTextMessages;
///
/// let newest = ListReceivedTextMessages::new();
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct ListReceivedTextMessages {
    older_than: Option<ReceivedTextMessageId>,
    visited: VisitedCursors<ReceivedTextMessageId>,
}

impl ListReceivedTextMessages {
    /// Requests the newest messages, up to 250.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps only messages received before this one. This is how to reach the next page.
    pub fn older_than(mut self, id: ReceivedTextMessageId) -> Self {
        self.older_than = Some(id);
        self.visited = VisitedCursors::default();
        self
    }
}

impl Endpoint for ListReceivedTextMessages {
    type Response = ReceivedTextMessagePage;
    const OPERATION: Operation = Operation::new(
        "list_received_text_messages",
        Method::GET,
        "/v2/received-text-messages",
        Effect::Reads,
    );

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        let request = RequestParts::new(Self::OPERATION.path());
        Ok(match &self.older_than {
            Some(id) => request.query("older_than", &id.to_string()),
            None => request,
        })
    }

    fn decode(raw: &RawResponse) -> Result<ReceivedTextMessagePage, Error> {
        raw.json()
    }
}

impl Paged for ListReceivedTextMessages {
    type Item = ReceivedTextMessage;

    fn next_page(&self, page: &ApiResponse<ReceivedTextMessagePage>) -> Result<Option<Self>, Error> {
        if page.received_text_messages.is_empty() && page.unreadable.is_empty() {
            return Ok(None);
        }
        let (cursor, visited) = paged::next(&page.links, self.older_than, &self.visited, page.raw())?;
        Ok(Some(Self { older_than: Some(cursor), visited }))
    }

    fn items(page: ReceivedTextMessagePage) -> Vec<ReceivedTextMessage> {
        page.received_text_messages
    }

    fn left_out(page: &ApiResponse<ReceivedTextMessagePage>) -> Vec<Error> {
        paged::left_out(&page.unreadable, page.raw())
    }
}
