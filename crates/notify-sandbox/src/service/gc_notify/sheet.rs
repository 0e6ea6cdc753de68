//! The spreadsheet of a bulk send: its columns, its rows, and their errors.

use std::sync::Arc;

use uuid::Uuid;

use super::send::SMOKE_NUMBERS;
use super::{bad_request, checks, numbers, text, uncaught};
use crate::account::message::{Details, Draft, Extras};
use crate::account::status::Journey;
use crate::account::template::Template;
use crate::api::operations::{Call, send as shared};
use crate::python::json::{Object, Value};
use crate::recipient::email;
use crate::render::content::personalisation::key;
use crate::render::field::{self, Values};
use crate::wire::refusal::{CustomRefusal, Refusal};
use crate::world::{KeyType, MessageType};

/// How many rows a job may have.
pub(super) const MAX_ROWS: usize = 50_000;

/// How many rows' errors are reported.
const SHOWN: usize = 20;

/// A spreadsheet, with the columns that its template wants.
pub(super) struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    recipient: &'static [&'static str],
    placeholders: Vec<String>,
}

impl Sheet {
    pub(super) fn new(table: Vec<Vec<String>>, template: &Template) -> Self {
        let strip =
            |cell: &String| cell.trim().trim_matches(['\u{200b}', '\u{feff}', '\u{2060}']).trim().to_owned();
        let rows = table.into_iter().map(|row| row.iter().map(strip).collect::<Vec<_>>());
        let mut rows = rows.skip_while(Vec::is_empty);
        let header = rows.next().unwrap_or_default();
        let rows = rows.filter(|row| !row.is_empty());
        Self {
            recipient: match template.message_type {
                MessageType::Sms => &["phone number", "numéro de téléphone"],
                MessageType::Email => &["email address", "adresse courriel"],
                MessageType::Letter => &["address line 1"],
            },
            placeholders: field::placeholders(&template.fields()).into_iter().map(str::to_owned).collect(),
            rows: rows.collect(),
            header,
        }
    }

    /// How many messages it makes.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    fn is_recipient(&self, column: &str) -> bool {
        self.recipient.iter().any(|name| key(name) == key(column))
    }

    /// The cell of a row under a name; the last column of that name counts.
    fn cell<'a>(&self, row: &'a [String], name: &str) -> Option<&'a str> {
        let index = self.header.iter().rposition(|column| key(column) == key(name))?;
        row.get(index).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    fn recipient<'a>(&self, row: &'a [String]) -> Option<&'a str> {
        self.recipient.iter().find_map(|name| self.cell(row, name))
    }

    /// The checks of the service, in their order.
    pub(super) fn check(&self, call: &Call<'_>, template: &Template) -> Result<(), Refusal> {
        if template.message_type == MessageType::Letter {
            return Err(uncaught("NotImplementedError", "letters cannot be sent in bulk"));
        }
        let has = |name: &str| self.header.iter().any(|column| key(column) == key(name));
        let mut missing: Vec<&str> =
            self.placeholders.iter().map(String::as_str).filter(|name| !has(name)).collect();
        if !self.recipient.iter().any(|name| has(name)) {
            missing.push(self.recipient[0]);
        }
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            return Err(bad_request(format!("Missing column headers: {}", missing.join(", "))));
        }
        let of_name = |name: &str| self.header.iter().filter(|column| key(column) == key(name)).count();
        let twice = self.header.iter().map(String::as_str);
        let twice = twice.filter(|column| self.is_recipient(column) && of_name(column) > 1);
        let mut recipients: Vec<&str> = twice.collect();
        recipients.sort_unstable();
        recipients.dedup();
        if !recipients.is_empty() {
            return Err(bad_request(format!("Duplicate column headers: {}", recipients.join(", "))));
        }
        if self.rows.len() > MAX_ROWS {
            return Err(bad_request(format!("Too many rows. Maximum number of rows allowed is {MAX_ROWS}")));
        }
        self.check_recipients(call)?;
        self.check_lengths(call, template)?;
        self.check_rows()?;
        self.check_smoke_tests(call)?;
        self.check_limits(call, template.message_type)
    }

    fn check_recipients(&self, call: &Call<'_>) -> Result<(), Refusal> {
        let service = call.service();
        let explanation = match call.caller.key().key_type {
            KeyType::Live | KeyType::Team if service.trial_mode => {
                "your service is in trial mode. You can only send to members of your team and your safelist."
            }
            KeyType::Team => "you used a team and safelist API key.",
            _ => return Ok(()),
        };
        let knows = |row: &Vec<String>| {
            let recipient = self.recipient(row).unwrap_or_default();
            service.knows_recipient(&service.dialect.comparable(recipient))
        };
        if self.rows.iter().all(knows) {
            return Ok(());
        }
        Err(bad_request(format!("You cannot send to these recipients because {explanation}")))
    }

    fn check_lengths(&self, call: &Call<'_>, template: &Template) -> Result<(), Refusal> {
        if template.message_type != MessageType::Sms {
            return Ok(());
        }
        for (index, row) in self.rows.iter().enumerate() {
            let values = self.values(row);
            let prefix = call.service().sms_prefix.as_deref();
            if text::sms_length(&template.body, &Values::of(&values), prefix) >= text::LIMIT {
                return Err(bad_request(format!(
                    "Row {} - has a character count greater than {} characters. Some messages may be too long due to \
                     custom content.",
                    index + 1,
                    text::LIMIT
                )));
            }
        }
        Ok(())
    }

    fn check_rows(&self) -> Result<(), Refusal> {
        let problems = self.rows.iter().enumerate().filter_map(|(index, row)| {
            let problems = self.problems(row);
            (!problems.is_empty()).then(|| format!("Row {index} - {}", problems.join(",")))
        });
        let problems: Vec<String> = problems.collect();
        if problems.is_empty() {
            return Ok(());
        }
        Err(CustomRefusal::bad_request(format!(
            "Some rows have errors. {}.",
            problems[..problems.len().min(SHOWN)].join(". ")
        ))
        .hint(format!("{} rows have errors", problems.len()))
        .into())
    }

    /// What is wrong with the cells of a row, in the order of the columns.
    fn problems(&self, row: &[String]) -> Vec<String> {
        let mut problems = Vec::new();
        for column in &self.header {
            let cell = self.cell(row, column);
            let is_wanted =
                self.is_recipient(column) || self.placeholders.iter().any(|name| key(name) == key(column));
            match cell {
                None if is_wanted => problems.push(format!("`{column}`: Missing")),
                Some(cell) if self.is_recipient(column) && !self.is_good(cell) => {
                    problems.push(format!("`{column}`: invalid recipient"));
                }
                _ => {}
            }
        }
        problems
    }

    fn is_good(&self, recipient: &str) -> bool {
        if self.recipient[0] == "phone number" {
            numbers::parse(recipient).is_ok()
        } else {
            email::parse_with_accents(recipient).is_ok()
        }
    }

    /// Either all recipients of a job are smoke test recipients, or none.
    fn check_smoke_tests(&self, call: &Call<'_>) -> Result<(), Refusal> {
        if call.caller.key().key_type == KeyType::Test || self.recipient[0] != "phone number" {
            return Ok(());
        }
        let is_smoke_test = |row: &&Vec<String>| {
            let number = self.recipient(row).and_then(|recipient| numbers::parse(recipient).ok());
            number.is_some_and(|number| SMOKE_NUMBERS.contains(&number.e164().as_str()))
        };
        let count = self.rows.iter().filter(is_smoke_test).count();
        if count > 0 && count < self.rows.len() {
            return Err(bad_request("Bulk sending to testing and non-testing numbers is not supported"));
        }
        Ok(())
    }

    /// What is left of the yearly and the daily limit must suffice for all rows, whatever the key.
    fn check_limits(&self, call: &Call<'_>, message: MessageType) -> Result<(), Refusal> {
        if !call.app.is_limited() {
            return Ok(());
        }
        let (year, today) = call.service().limits.sent(message, call.timing.now);
        let limits = checks::Limits::of(call.service().config(), message);
        let left = |limit: u32, sent| u64::from(limit.saturating_sub(sent));
        let annual = limits.annual.map(|limit| (left(limit, year), "annual"));
        let counted = self.rows.len() as u64;
        let short = annual
            .into_iter()
            .chain([(left(limits.daily, today), "daily")])
            .find(|(left, _)| *left < counted);
        let Some((left, which)) = short else { return Ok(()) };
        let what = if message == MessageType::Sms { "sms messages" } else { "messages" };
        Err(bad_request(format!(
            "You only have {left} remaining {what} before you reach your {which} limit. You've tried to send \
             {counted} {what}."
        )))
    }

    fn values(&self, row: &[String]) -> Object {
        let mut values = Object::EMPTY;
        for column in &self.header {
            if let Some(cell) = self.cell(row, column) {
                values.insert(column, Value::String(cell.to_owned()));
            }
        }
        values
    }

    /// Sends a message for each row. A column called `reference` has the references.
    pub(super) fn send(&self, call: &Call<'_>, template: &Arc<Template>, job: Uuid) -> Result<(), Refusal> {
        for row in &self.rows {
            let values = self.values(row);
            let filled = Values::of(&values);
            let recipient = self.recipient(row).unwrap_or_default();
            let (body, subject, details, journey) = match template.message_type {
                MessageType::Sms => {
                    let body = text::sms(&template.body, &filled);
                    let details = Details::sms(recipient, &body, call.service().sms_prefix.as_deref());
                    (body, None, details, Journey::SENT)
                }
                _ => (
                    text::body(&template.body, &filled),
                    Some(text::subject(&template.subject, &filled)),
                    Details::Email { email_address: recipient.into(), one_click_unsubscribe_url: None },
                    Journey::DELIVERED,
                ),
            };
            let draft = Draft {
                key_type: call.caller.key().key_type,
                reference: self.cell(row, "reference").map(str::to_owned),
                template: template.clone(),
                body,
                subject,
                details,
                journey,
                extras: Extras { job: Some(job), ..Extras::default() },
            };
            shared::keep(call, Uuid::new_v4(), draft, false)?;
        }
        Ok(())
    }
}
