//! Reports of what became of messages.

mod download_report;
mod get_report;
mod list_reports;
mod report;
mod request_report;

pub use download_report::DownloadReport;
pub use get_report::GetReport;
pub use list_reports::ListReports;
pub use report::{Report, ReportLanguage, ReportPage, ReportStatus, ReportType, RequestedReport};
pub use request_report::RequestReport;

use super::ALONE;
