//! `POST /v2/reports`

use http::Method;
use serde::Serialize;

use super::{ALONE, ReportLanguage, ReportType, RequestedReport};
use crate::gc::JobId;
use crate::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// Requests a report, which takes some seconds to make. A service can request ten an hour.
///
/// GC Notify's documentation: [Request a report](https://documentation.notification.canada.ca/en/reports.html#request-a-report).
///
/// Not every deployment has reports; without them, [`Error::is_unknown_operation`] holds.
///
/// # Examples
///
/// ```
/// use notify_api::gc::{ReportLanguage, RequestReport};
///
/// let request = RequestReport::emails(ReportLanguage::French);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use = "a report is asked for only when it is given to a client"]
pub struct RequestReport {
    report_type: ReportType,
    language: ReportLanguage,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_id: Option<JobId>,
}

impl RequestReport {
    /// A report of text messages.
    pub fn text_messages(language: ReportLanguage) -> Self {
        Self { report_type: ReportType::Sms, language, job_id: None }
    }

    /// A report of e-mails.
    pub fn emails(language: ReportLanguage) -> Self {
        Self { report_type: ReportType::Email, language, job_id: None }
    }

    /// A report of the messages of one bulk job.
    pub fn job(job: JobId, language: ReportLanguage) -> Self {
        Self { report_type: ReportType::Job, language, job_id: Some(job) }
    }
}

impl Endpoint for RequestReport {
    type Response = RequestedReport;
    const OPERATION: Operation =
        Operation::new("request_report", Method::POST, "/v2/reports", Effect::Changes).only(ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        RequestParts::new(Self::OPERATION.path()).json(self)
    }

    fn decode(raw: &RawResponse) -> Result<RequestedReport, Error> {
        raw.json()
    }
}
