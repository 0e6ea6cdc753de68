//! A report, as the service describes it.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::gc::{ApiKeyId, ReportId};
use crate::json;
use crate::model::word::words;
use crate::model::{Links, ServiceId, Timestamp, UnreadableItem};

words!(
    /// What a report is about.
    ReportType {
        /// Text messages.
        Sms = "sms",
        /// E-mails.
        Email = "email",
        /// The messages of one bulk job.
        Job = "job",
    }
);

words!(
    /// The language of a report.
    ReportLanguage {
        /// English.
        English = "en",
        /// French.
        French = "fr",
    }
);

words!(
    /// How far a report has come.
    ReportStatus {
        /// It was requested.
        Requested = "requested",
        /// It is being made.
        Generating = "generating",
        /// It can be downloaded, until it expires.
        Ready = "ready",
        /// It could not be made.
        Error = "error",
    }
);

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// The report.
    pub id: ReportId,
    /// What it is about.
    #[serde(default = "json::unsaid", deserialize_with = "json::word")]
    pub report_type: ReportType,
    /// The service.
    #[serde(default, deserialize_with = "json::option")]
    pub service_id: Option<ServiceId>,
    /// How far it has come.
    #[serde(default = "json::unsaid", deserialize_with = "json::word")]
    pub status: ReportStatus,
    /// When it was requested.
    #[serde(default, deserialize_with = "json::option")]
    pub requested_at: Option<Timestamp>,
    /// When it was finished, according to the service: even a report that was only just requested has such a time.
    #[serde(default, deserialize_with = "json::option")]
    pub completed_at: Option<Timestamp>,
    /// The end of the time in which it can be downloaded.
    #[serde(default, deserialize_with = "json::option")]
    pub expires_at: Option<Timestamp>,
    /// The API key that requested it.
    #[serde(default, deserialize_with = "json::option")]
    pub api_key_id: Option<ApiKeyId>,
}

/// A report that was requested.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RequestedReport {
    /// The report.
    #[serde(rename = "report_id")]
    pub id: ReportId,
    /// How far it has come.
    #[serde(default = "json::unsaid", deserialize_with = "json::word")]
    pub status: ReportStatus,
}

/// A page of reports, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Listing")]
#[non_exhaustive]
pub struct ReportPage {
    /// The reports.
    pub reports: Vec<Report>,
    /// The items of the page that cannot be read.
    pub unreadable: Vec<UnreadableItem>,
    /// Where this page is, and the next.
    pub links: Links,
}

#[derive(Deserialize)]
struct Listing {
    reports: Vec<Box<RawValue>>,
    #[serde(default, deserialize_with = "json::or_default")]
    links: Links,
}

impl From<Listing> for ReportPage {
    fn from(listing: Listing) -> Self {
        let (reports, unreadable) = json::elements("reports", listing.reports);
        Self { reports, unreadable, links: listing.links }
    }
}
