//! `GET /v2/notifications/{id}/pdf`

use bytes::Bytes;
use http::Method;

use super::pdf;
use crate::model::NotificationId;
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Reads a letter as a PDF, as it will be printed.
///
/// GOV.UK Notify's documentation: [Get a PDF for a letter](https://docs.notifications.service.gov.uk/rest-api.html#get-a-pdf-for-a-letter).
///
/// The service takes some seconds to make it; until then [`Error::is_not_ready`] holds.
/// [`Policy::max_answer_bytes`](crate::Policy::max_answer_bytes) bounds the size of the PDF.
///
/// # Examples
///
/// ```
/// use notify_api::GetLetterPdf;
///
/// let request = GetLetterPdf::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?);
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct GetLetterPdf {
    id: NotificationId,
}

impl GetLetterPdf {
    /// Requests the PDF of this letter.
    pub fn new(id: NotificationId) -> Self {
        Self { id }
    }
}

impl Endpoint for GetLetterPdf {
    type Response = Bytes;
    const OPERATION: Operation =
        Operation::new("get_letter_pdf", Method::GET, "/v2/notifications/{id}/pdf", Effect::Reads);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        Ok(RequestParts::new(format!("/v2/notifications/{}/pdf", self.id)))
    }

    fn decode(raw: &RawResponse) -> Result<Bytes, Error> {
        if pdf::is_pdf(raw.body()) { Ok(raw.body().clone()) } else { Err(raw.unreadable("it is not a PDF")) }
    }
}
