//! `GET /v2/reports/{id}/content`

use bytes::Bytes;
use http::Method;

use super::ALONE;
use crate::gc::ReportId;
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Downloads a report: CSV in UTF-8, with a byte order mark at the start.
///
/// GC Notify's documentation: [Download report content](https://documentation.notification.canada.ca/en/reports.html#download-report-content).
///
/// Until it is ready, [`Error::is_not_ready`] holds. It can be downloaded for three days.
/// [`Policy::max_answer_bytes`](crate::Policy::max_answer_bytes) bounds its size.
///
/// # Examples
///
/// ```
/// use notify_api::gc::DownloadReport;
///
/// let request = DownloadReport::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?);
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct DownloadReport {
    id: ReportId,
}

impl DownloadReport {
    /// Requests the content of this report.
    pub fn new(id: ReportId) -> Self {
        Self { id }
    }
}

impl Endpoint for DownloadReport {
    type Response = Bytes;
    const OPERATION: Operation =
        Operation::new("download_report", Method::GET, "/v2/reports/{id}/content", Effect::Reads).only(ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        Ok(RequestParts::new(format!("/v2/reports/{}/content", self.id)))
    }

    fn decode(raw: &RawResponse) -> Result<Bytes, Error> {
        Ok(raw.body().clone())
    }
}
