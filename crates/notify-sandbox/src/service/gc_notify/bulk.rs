//! `POST /v2/notifications/bulk`: many messages at once, as rows or as a spreadsheet.

use serde_json::json;
use uuid::Uuid;

use super::{bad_request, csv, iso8601, numbers, send, text, uncaught};
use crate::account::message::{Details, Draft, Extras};
use crate::account::status::Journey;
use crate::account::template::Template;
use crate::api::operations::{Call, send as shared};
use crate::python::json::{Object, Value};
use crate::recipient::email;
use crate::render::content::personalisation::key;
use crate::render::content::whitespace;
use crate::render::field::{self, Values};
use crate::wire::refusal::{Refusal, Said};
use crate::wire::response::{self, Response};
use crate::wire::validate::{self, Kind, Property, Rule, Schema};
use crate::world::{KeyType, MessageType};

/// Rows of a job.
const MAX_ROWS: usize = 50_000;

/// Rows whose errors are told.
const SHOWN: usize = 20;

const BULK: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("name", Kind::Text),
        Property("template_id", Kind::Id),
        Property("scheduled_for", send::SCHEDULED_FOR),
        Property("reply_to_id", Kind::IdOrNull),
        Property("reference", Kind::Text),
        Property("rows", Kind::ListBetween(2, MAX_ROWS + 1)),
        Property("csv", Kind::Text),
    ]),
    Rule::Required(&["template_id", "name"]),
    Rule::NoOthers,
];

pub(super) fn send(call: &Call<'_>) -> Result<Response, Refusal> {
    let form = send::json(call)?;
    send::check_suspended(call)?;
    validate::check(&form, BULK, call.timing.now).map_err(Refusal::Schema)?;
    let given = |name| form.as_object().and_then(|form| form.get(name)).filter(|value| value.is_truthy());
    let (rows, text) = match (given("rows"), given("csv").and_then(Value::as_str)) {
        (Some(Value::Array(rows)), None) => (Some(rows), ""),
        (None, Some(text)) => (None, text),
        _ => return Err(bad_request("You should specify either rows or csv")),
    };
    let template = send::existing(call, shared::text(&form, "template_id").unwrap_or_default())?.clone();
    send::check_active(&template)?;
    send::check_permission(call, template.message_type)?;
    send::check_rate(call)?;
    let table = match rows {
        Some(rows) => {
            let mut table: Vec<_> = rows.iter().map(cells).collect::<Result<_, _>>()?;
            // The end of a spreadsheet is cut off where only commas follow. A row of one empty cell has quotes.
            let is_nothing = |row: &Vec<String>| {
                *row != [""] && row.iter().all(|cell| cell.trim_matches(whitespace::is_space).is_empty())
            };
            while table.pop_if(|row| is_nothing(row)).is_some() {}
            table
        }
        None => csv::rows(text.trim_matches(|c| c == ',' || whitespace::is_space(c)))
            .map_err(|()| uncaught("Error", "a carriage return stands alone"))?,
    };
    let sheet = Sheet::new(table, &template);
    sheet.check(call, &template)?;
    let reply_to = shared::text(&form, "reply_to_id");
    let sender_id = match (template.message_type, reply_to) {
        (MessageType::Sms, None) => default_sender(call),
        (_, None) => None,
        (MessageType::Sms, Some(id)) => {
            send::sender(call, Some(id), "sms_sender_id")?;
            crate::python::id::parse(id)
        }
        (_, Some(id)) => {
            send::reply_to(call, Some(id), "email_reply_to_id")?;
            crate::python::id::parse(id)
        }
    };
    let id = Uuid::new_v4();
    let scheduled_for = shared::text(&form, "scheduled_for").filter(|time| !time.is_empty());
    if scheduled_for.is_none() {
        sheet.send(call, &template, id)?;
    }
    let key = call.caller.key();
    let created_at = call.timing.now.to_string().replace('Z', "+00:00");
    let job = json!({
        "id": id,
        "original_file_name": shared::text(&form, "name"),
        "notification_count": sheet.rows.len(),
        "template": template.id,
        "template_version": template.version,
        "template_type": template.message_type.as_str(),
        "service": call.service().id,
        "service_name": { "name": call.service().name },
        "created_by": { "id": NOTIFY_USER, "name": "Notify service user" },
        "created_at": created_at,
        "updated_at": null,
        "job_status": if scheduled_for.is_some() { "scheduled" } else { "pending" },
        "scheduled_for": scheduled_for.and_then(in_utc),
        "processing_started": null,
        "processing_finished": null,
        "archived": false,
        "api_key": { "id": key.id, "name": key.name(), "key_type": key_type(key.key_type) },
        "sender_id": sender_id,
    });
    Ok(response::json(201, &json!({ "data": job })))
}

/// The service's own user, under whose name jobs of the API run.
const NOTIFY_USER: &str = "6af522d0-2915-4e52-83a3-3690455a5fe6";

/// The sender that texts have if nobody says otherwise.
fn default_sender(call: &Call<'_>) -> Option<Uuid> {
    let senders = &call.service().config().sms_senders;
    senders.iter().find(|sender| sender.is_default).map(|sender| sender.id)
}

/// What its database calls a type of key.
const fn key_type(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::Live => "normal",
        other => other.as_str(),
    }
}

/// The time of a job as it is shown.
fn in_utc(text: &str) -> Option<String> {
    let time = iso8601::parse(text)?.in_utc().to_string();
    Some(time.replace('Z', "+00:00"))
}

/// The cells of a row, as Python writes them into a spreadsheet: the characters of a text, the keys of an object.
fn cells(row: &Value) -> Result<Vec<String>, Refusal> {
    let written = |cell: &Value| if *cell == Value::Null { String::new() } else { cell.to_string() };
    Ok(match row {
        Value::Array(cells) => cells.iter().map(written).collect(),
        Value::String(text) => text.chars().map(String::from).collect(),
        Value::Object(object) => object.keys().map(str::to_owned).collect(),
        other => {
            let name = match other {
                Value::Null => "NoneType",
                Value::Bool(_) => "bool",
                Value::Float(_) => "float",
                _ => "int",
            };
            return Err(bad_request(format!("Error converting to CSV: iterable expected, not {name}")));
        }
    })
}

/// A spreadsheet, with the columns that its template wants.
struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    recipient: &'static [&'static str],
    placeholders: Vec<String>,
}

impl Sheet {
    fn new(table: Vec<Vec<String>>, template: &Template) -> Self {
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
    fn check(&self, call: &Call<'_>, template: &Template) -> Result<(), Refusal> {
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
        let faults = self.rows.iter().enumerate().filter_map(|(index, row)| {
            let faults = self.faults(row);
            (!faults.is_empty()).then(|| format!("Row {index} - {}", faults.join(",")))
        });
        let faults: Vec<String> = faults.collect();
        if faults.is_empty() {
            return Ok(());
        }
        Err(Said::bad_request(format!(
            "Some rows have errors. {}.",
            faults[..faults.len().min(SHOWN)].join(". ")
        ))
        .hint(format!("{} rows have errors", faults.len()))
        .into())
    }

    /// What is wrong with the cells of a row, in the order of the columns.
    fn faults(&self, row: &[String]) -> Vec<String> {
        let mut faults = Vec::new();
        for column in &self.header {
            let cell = self.cell(row, column);
            let is_wanted =
                self.is_recipient(column) || self.placeholders.iter().any(|name| key(name) == key(column));
            match cell {
                None if is_wanted => faults.push(format!("`{column}`: Missing")),
                Some(cell) if self.is_recipient(column) && !self.is_good(cell) => {
                    faults.push(format!("`{column}`: invalid recipient"));
                }
                _ => {}
            }
        }
        faults
    }

    fn is_good(&self, recipient: &str) -> bool {
        if self.recipient[0] == "phone number" {
            numbers::parse(recipient).is_ok()
        } else {
            email::parse_with_accents(recipient).is_ok()
        }
    }

    /// A job is either a smoke test or none.
    fn check_smoke_tests(&self, call: &Call<'_>) -> Result<(), Refusal> {
        const NUMBERS: [&str; 3] = ["16132532222", "16132532223", "16132532224"];
        if call.caller.key().key_type == KeyType::Test || self.recipient[0] != "phone number" {
            return Ok(());
        }
        let is_smoke_test = |row: &&Vec<String>| {
            let number = self.recipient(row).and_then(|recipient| numbers::parse(recipient).ok());
            number.is_some_and(|number| NUMBERS.contains(&number.e164().as_str()))
        };
        let count = self.rows.iter().filter(is_smoke_test).count();
        if count > 0 && count < self.rows.len() {
            return Err(bad_request("Bulk sending to testing and non-testing numbers is not supported"));
        }
        Ok(())
    }

    /// What is left of the year and of the day has to do for all rows, whatever the key.
    fn check_limits(&self, call: &Call<'_>, message: MessageType) -> Result<(), Refusal> {
        if !call.app.is_limited() {
            return Ok(());
        }
        let (year, today) = call.service().limits.sent(message, call.timing.now);
        let limits = send::Limits::of(call.service().config(), message);
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

    /// Sends a message for each row. A column called reference says whose it is.
    fn send(&self, call: &Call<'_>, template: &std::sync::Arc<Template>, job: Uuid) -> Result<(), Refusal> {
        for row in &self.rows {
            let values = self.values(row);
            let filled = Values::of(&values);
            let recipient = self.recipient(row).unwrap_or_default();
            let (body, subject, details, journey) = match template.message_type {
                MessageType::Sms => (
                    text::sms(&template.body, &filled),
                    None,
                    Details::Sms { phone_number: recipient.into(), fragments: 1, rate_multiplier: 1 },
                    Journey::SENT,
                ),
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
