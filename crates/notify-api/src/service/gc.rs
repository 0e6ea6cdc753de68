//! What GC Notify offers beyond GOV.UK Notify.
//!
//! Text messages use GOV.UK Notify's [`SendSms`](crate::SendSms). E-mails without files can use GOV.UK Notify's
//! operation, too. This module has the rest: [`SendEmail`] with files attached or linked, [`SendBulk`], the templates
//! ([`CreateTemplate`], [`GetTemplate`], [`UpdateTemplate`], [`ArchiveTemplate`], [`ListTemplateCategories`]), and
//! reports ([`RequestReport`], [`ListReports`], [`GetReport`], [`DownloadReport`]).
//!
//! Calls carry a JSON Web Token. The service also accepts the whole API key (`ApiKey-v1`), but that holds no time: a
//! delayed request could be taken hours later. So nothing here sends it.
//!
//! # What it does badly
//!
//! - **A message is saved late.** It is listed, and found by its id, 10 to 20 seconds after the answer; a minute or
//!   more when the service is busy; according to its source even half an hour later. Until then it is "not found". Its
//!   `created_at` is the moment of saving. So a lookup can find a message, but never prove that there is none.
//! - **A request runs on** although nobody waits for it: one was listed 137 seconds after its client had left.
//! - **`scheduled_for`** works only for bulk jobs; to send one message later, use a job of one row. For a single
//!   message, the server drops the offset of the time, shows it hours off, and does not send the message at that time.
//!   So single messages have no such option here.
//! - **Letters** never work: the service answers every one with a 500. This crate refuses them before sending.
//! - **A file in a text message** is printed into it as an object of the server's language. So text messages have no
//!   files here.
//! - **Text messages** have at most 612 characters; the name of the service counts, and `^ { } \ [ ~ ] | €` count twice.
//! - **Refused requests count** towards the limit of 1,000 in the last minute.
//! - **Callbacks**: a 4xx is final; see [what to answer](crate::callback#what-to-answer).

mod bulk;
mod file;
mod id;
mod manage;
mod notification;
mod refusals;
mod reports;
mod send_email;

pub use bulk::{BulkJob, Csv, Named, SendBulk};
pub use file::File;
pub use id::{ApiKeyId, JobId, ReportId, TemplateCategoryId, TemplateFolderId};
pub use manage::{
    ArchiveTemplate, CreateTemplate, GetTemplate, ListTemplateCategories, ManagedTemplate,
    TemplateCategories, TemplateCategory, TemplateContent, UpdateTemplate,
};
pub use notification::{GetNotification, ListNotifications, NotificationFields, ReceiptFields};
pub use reports::{
    DownloadReport, GetReport, ListReports, Report, ReportLanguage, ReportPage, ReportStatus, ReportType,
    RequestReport, RequestedReport,
};
pub use send_email::SendEmail;

use super::{Properties, Service, SmsLength};

const PROPERTIES: Properties = Properties {
    name: "gc",
    title: "GC Notify",
    base_url: "https://api.notification.canada.ca",
    domain: "notification.canada.ca",
    bounds_requests: false,
    messages_per_minute: 1_000,
    max_sms_characters: Some(612),
    sms_length: SmsLength::Gsm,
    max_file_bytes: Some(File::MAX_BYTES),
    lacks: &["/v2/notifications/letter", "/v2/notifications/{id}/pdf"],
    smoke_test_numbers: &["6132532222", "6132532223", "6132532224"],
    refusals: &refusals::LINES,
};

impl Service {
    /// GC Notify. It saves messages in batches, which may appear minutes after it took them.
    pub const fn gc_notify() -> Self {
        Self(&PROPERTIES)
    }
}

/// Only this service has the operations of this module.
const ALONE: &[Service] = &[Service::gc_notify()];
