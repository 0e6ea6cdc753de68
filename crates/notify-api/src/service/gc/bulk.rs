//! `POST /v2/notifications/bulk`

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ALONE, JobId};
use crate::json;
use crate::model::masked::debug_only;
use crate::model::{PersonalisationValue, ServiceId, TemplateId, TemplateType, Timestamp};
use crate::service::message;
use crate::{Endpoint, Error, Identity, InvalidRequest, Operation, RawResponse, RequestParts};

/// How many rows a job may have, not counting the header.
const MAX_ROWS: usize = 50_000;

/// Sends a message for each row of a table, as one job.
///
/// GC Notify's documentation: [Sending notifications in bulk](https://documentation.notification.canada.ca/en/send.html#sending-notifications-in-bulk).
///
/// The header names the recipient, `email address` or `phone number`, and each placeholder of the template. A column
/// `reference` gives each message its reference, by which you can look it up. Every cell must have a value, including
/// those of conditional placeholders. In a job, foreign numbers need no permission, and team keys do not work.
///
/// The whole job counts as one request towards the limit a minute.
///
/// # When the answer is lost
///
/// A job is never sent again once the service may have taken it: the call ends in an error for which
/// [`Error::may_have_been_sent`] holds. The service has no list of jobs. To find out, give the rows a `reference`
/// column, and list messages by the reference of one, with [`include_jobs`](crate::ListNotifications::include_jobs). If
/// the message is listed, the job was taken. If it is not listed, it may still come.
///
/// # Examples
///
/// ```
/// use notify_api::gc::{Csv, SendBulk};
///
/// let template = "740e5834-3a29-46b4-9a6f-16142fde533a".parse()?;
/// let job = SendBulk::rows(template, "January", ["email address", "name", "reference"])
///     .row(["kim@example.com", "Kim", "january-1"])
///     .row(["jo@example.com", "Jo", "january-2"]);
/// let csv = Csv::new("email address,name\nkim@example.com,Kim\n");
/// let same_from_a_file = SendBulk::csv(template, "January", csv);
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a job is sent only when it is given to a client"]
pub struct SendBulk {
    name: String,
    template_id: TemplateId,
    #[serde(flatten)]
    table: Table,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_for: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to_id: Option<String>,
}

#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Table {
    /// The header first.
    Rows(Vec<Vec<PersonalisationValue>>),
    Csv(Csv),
}

/// The text of a CSV file with a header. Its lines end with LF or CRLF.
///
/// `Debug` leaves out the text.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Csv(String);

impl Csv {
    /// The file with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    fn has_only_carriage_returns(&self) -> bool {
        self.0.contains('\r') && !self.0.contains('\n')
    }
}

impl fmt::Debug for Csv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Csv").finish_non_exhaustive()
    }
}

impl SendBulk {
    /// A job with this name. `header` names the columns; add rows with [`row`](Self::row).
    pub fn rows<H: Into<PersonalisationValue>>(
        template_id: TemplateId,
        name: impl Into<String>,
        header: impl IntoIterator<Item = H>,
    ) -> Self {
        Self::new(template_id, name, Table::Rows(Vec::new())).row(header)
    }

    /// A job with this name and the rows of a CSV file.
    pub fn csv(template_id: TemplateId, name: impl Into<String>, csv: Csv) -> Self {
        Self::new(template_id, name, Table::Csv(csv))
    }

    fn new(template_id: TemplateId, name: impl Into<String>, table: Table) -> Self {
        Self { name: name.into(), template_id, table, scheduled_for: None, reply_to_id: None }
    }

    /// Adds a row, with a value for each column. Does nothing for a job made from CSV.
    pub fn row<C: Into<PersonalisationValue>>(mut self, cells: impl IntoIterator<Item = C>) -> Self {
        if let Table::Rows(rows) = &mut self.table {
            rows.push(cells.into_iter().map(Into::into).collect());
        }
        self
    }

    /// Sends the messages at this time, up to 96 hours from now. To send one message later, use a job of one row.
    pub fn scheduled_for(mut self, time: Timestamp) -> Self {
        let time = time.to_string();
        // The service reads a time without an offset as UTC.
        self.scheduled_for = Some(time.split('.').next().unwrap_or(&time).to_owned());
        self
    }

    /// Sets where replies to e-mails go, or the sender of text messages: the id of an
    /// [`EmailReplyToId`](crate::model::EmailReplyToId) or an [`SmsSenderId`](crate::model::SmsSenderId).
    pub fn reply_to_id(mut self, id: impl fmt::Display) -> Self {
        self.reply_to_id = Some(id.to_string());
        self
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        match &self.table {
            Table::Rows(rows) if rows.len() > MAX_ROWS + 1 => {
                Err(InvalidRequest::new("must not have more than 50,000 rows").in_field("rows"))
            }
            // Otherwise the server answers with an internal error.
            Table::Csv(csv) if csv.has_only_carriage_returns() => {
                Err(InvalidRequest::new("must have lines that end with LF or CRLF").in_field("csv"))
            }
            _ => Ok(()),
        }
    }
}

impl Endpoint for SendBulk {
    type Response = BulkJob;
    const OPERATION: Operation = message::sending("send_bulk", "/v2/notifications/bulk", ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        self.check()?;
        RequestParts::new(Self::OPERATION.path()).json(self)
    }

    /// A job has no reference of its own, so it is never looked up. Its template tells whether an answer is about
    /// another job.
    fn identity(&self) -> Option<Identity> {
        let no_type = TemplateType::Other(String::new());
        Some(Identity::from_template(no_type, self.template_id, None, None))
    }

    fn is_about(answer: &BulkJob, identity: &Identity) -> bool {
        identity.is_answered_by(None, answer.template_id)
    }

    fn decode(raw: &RawResponse) -> Result<BulkJob, Error> {
        Ok(raw.json::<Data>()?.data)
    }
}

impl fmt::Debug for SendBulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendBulk")
            .field("template_id", &self.template_id)
            .field("scheduled_for", &self.scheduled_for)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Data {
    data: BulkJob,
}

/// A bulk job that the service took.
///
/// `Debug` leaves out its name, and the names of those who made it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BulkJob {
    /// The job.
    pub id: JobId,
    /// The name that it was given.
    #[serde(rename = "original_file_name", default, deserialize_with = "json::text_or_empty")]
    pub name: String,
    /// How many messages it has: one for each row, not counting the header.
    #[serde(default, deserialize_with = "json::number")]
    pub notification_count: Option<u32>,
    /// The template that its messages are made from.
    #[serde(rename = "template", default, deserialize_with = "json::option")]
    pub template_id: Option<TemplateId>,
    /// The version of the template.
    #[serde(default, deserialize_with = "json::number")]
    pub template_version: Option<u32>,
    /// What kind of messages it sends.
    #[serde(default = "json::unsaid", deserialize_with = "json::word")]
    pub template_type: TemplateType,
    /// How far it has come: `pending` or `scheduled` if it was only just taken.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub job_status: String,
    /// When the service took it.
    #[serde(default, deserialize_with = "json::option")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "json::option")]
    pub updated_at: Option<Timestamp>,
    /// When its messages go out.
    #[serde(default, deserialize_with = "json::option")]
    pub scheduled_for: Option<Timestamp>,
    /// When the service began to make its messages.
    #[serde(default, deserialize_with = "json::option")]
    pub processing_started: Option<Timestamp>,
    /// When the service had made them all.
    #[serde(default, deserialize_with = "json::option")]
    pub processing_finished: Option<Timestamp>,
    /// Whether it was archived.
    #[serde(default, deserialize_with = "json::flag")]
    pub archived: bool,
    /// Where replies go, or the sender of the messages, if that was set.
    #[serde(default, deserialize_with = "json::text")]
    pub sender_id: Option<String>,
    /// The service.
    #[serde(rename = "service", default, deserialize_with = "json::option")]
    pub service_id: Option<ServiceId>,
    /// The name of the service.
    #[serde(default, deserialize_with = "json::or_default")]
    pub service_name: Named,
    /// The user to which the service attributes requests through the API.
    #[serde(default, deserialize_with = "json::or_default")]
    pub created_by: Named,
    /// The API key that it was sent with.
    #[serde(default, deserialize_with = "json::or_default")]
    pub api_key: Named,
}

/// Something with a name.
///
/// `Debug` leaves the name out.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Named {
    /// Its id, if the answer says it.
    #[serde(default, deserialize_with = "json::text")]
    pub id: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub name: String,
    /// The type of an API key: `normal`, `team` or `test`.
    #[serde(default, deserialize_with = "json::text")]
    pub key_type: Option<String>,
}

debug_only! {
    BulkJob { id, notification_count, template_id, template_version, job_status, scheduled_for }
    Named { id, key_type }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> TemplateId {
        TemplateId::from_bytes([0; 16])
    }

    #[test]
    fn rows_are_aligned_with_their_header() {
        let job = SendBulk::rows(template(), "J", ["phone number", "n"])
            .row([PersonalisationValue::from("+16135550110"), 1.into()])
            .scheduled_for("2026-11-23T13:50:50.5Z".parse().unwrap());
        let body: serde_json::Value = serde_json::from_slice(job.request().unwrap().body().unwrap()).unwrap();
        assert_eq!(body["rows"], serde_json::json!([["phone number", "n"], ["+16135550110", 1]]));
        assert_eq!((&body["scheduled_for"], body.get("csv")), (&"2026-11-23T13:50:50".into(), None));
        assert!(!format!("{job:?}").contains("5550110"));
    }

    #[test]
    fn what_the_service_surely_refuses_is_not_sent() {
        let mut job = SendBulk::rows(template(), "J", ["phone number"]);
        for _ in 0..MAX_ROWS {
            job = job.row(["+16135550110"]);
        }
        assert!(job.request().is_ok());
        assert!(job.row(["+16135550110"]).request().is_err());
        let old = Csv::new("phone number\r+16135550110\r");
        assert!(!format!("{old:?}").contains("5550110"));
        assert!(SendBulk::csv(template(), "J", old).request().is_err());
        let csv = Csv::new("phone number\r\n+16135550110\r\n");
        assert!(SendBulk::csv(template(), "J", csv).request().is_ok());
    }
}
