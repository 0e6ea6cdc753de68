//! `GET /v2/reports/{id}`

use http::Method;

use super::{ALONE, Report};
use crate::gc::ReportId;
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Reads how far a report has come.
///
/// GC Notify's documentation: [Get a report by ID](https://documentation.notification.canada.ca/en/reports.html#get-a-report-by-id).
///
/// # Examples
///
/// ```
/// use notify_api::gc::GetReport;
///
/// let request = GetReport::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?);
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct GetReport {
    id: ReportId,
}

impl GetReport {
    /// Requests the state of this report.
    pub fn new(id: ReportId) -> Self {
        Self { id }
    }
}

impl Endpoint for GetReport {
    type Response = Report;
    const OPERATION: Operation =
        Operation::new("get_report", Method::GET, "/v2/reports/{id}", Effect::Reads).only(ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        Ok(RequestParts::new(format!("/v2/reports/{}", self.id)))
    }

    fn decode(raw: &RawResponse) -> Result<Report, Error> {
        raw.json()
    }
}
