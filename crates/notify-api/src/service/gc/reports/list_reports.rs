//! `GET /v2/reports`

use http::Method;

use super::{ALONE, Report, ReportPage};
use crate::gc::ReportId;
use crate::paged::{self, VisitedCursors};
use crate::{
    ApiResponse, Effect, Endpoint, Error, InvalidRequest, Operation, Paged, RawResponse, RequestParts,
};

/// Reads a page of reports, the newest first.
///
/// GC Notify's documentation: [Get a list of reports](https://documentation.notification.canada.ca/en/reports.html#get-a-list-of-reports).
///
/// # Examples
///
/// ```
/// use notify_api::gc::ListReports;
///
/// let newest = ListReports::new();
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "a request is made only when it is given to a client"]
pub struct ListReports {
    older_than: Option<ReportId>,
    visited: VisitedCursors<ReportId>,
}

impl ListReports {
    /// Requests the newest reports.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps only reports that were requested before this one. This is how to reach the next page.
    pub fn older_than(mut self, id: ReportId) -> Self {
        self.older_than = Some(id);
        self.visited = VisitedCursors::default();
        self
    }
}

impl Endpoint for ListReports {
    type Response = ReportPage;
    const OPERATION: Operation =
        Operation::new("list_reports", Method::GET, "/v2/reports", Effect::Reads).only(ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        let request = RequestParts::new(Self::OPERATION.path());
        Ok(match &self.older_than {
            Some(id) => request.query("older_than", &id.to_string()),
            None => request,
        })
    }

    fn decode(raw: &RawResponse) -> Result<ReportPage, Error> {
        raw.json()
    }
}

impl Paged for ListReports {
    type Item = Report;

    fn next_page(&self, page: &ApiResponse<ReportPage>) -> Result<Option<Self>, Error> {
        if page.reports.is_empty() && page.unreadable.is_empty() {
            return Ok(None);
        }
        let (cursor, visited) = paged::next(&page.links, self.older_than, &self.visited, page.raw())?;
        Ok(Some(Self { older_than: Some(cursor), visited }))
    }

    fn items(page: ReportPage) -> Vec<Report> {
        page.reports
    }

    fn left_out(page: &ApiResponse<ReportPage>) -> Vec<Error> {
        paged::left_out(&page.unreadable, page.raw())
    }
}
