//! One row, checked as the service would.

mod content;
mod recipient;
mod value;

use std::collections::BTreeMap;

use notify_http::check::Filled;
use notify_http::model::{EmailReplyToId, Personalisation, SmsSenderId, Template, TemplateType};
use notify_outbox::Message;
use serde::{Serialize, Serializer};

use super::columns::{Columns, Placeholder, recipient_names};
use super::table::{Row, clean};
use recipient::RecipientCheck;
use value::{Value, oddity};

/// The service's words where a value is missing.
const MISSING: &str = "Missing";

/// The recipient of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum Recipient {
    One(Option<String>),
    Address(Vec<Option<String>>),
}

/// A row, and the verdict on it.
#[derive(Debug)]
pub(super) struct CheckedRow {
    pub(super) line: u64,
    pub(super) recipient: Recipient,
    /// The values by the names that the service compares, in the order of the columns.
    values: Vec<(String, Value)>,
    pub(super) errors: Vec<String>,
    pub(super) warnings: Vec<String>,
    /// The values for the template.
    personalisation: Personalisation,
    /// The recipient in one spelling, if it is valid.
    pub(super) normalised: Option<String>,
    /// How many fragments a text message is billed as; a message abroad counts several times.
    pub(super) fragments: u64,
}

impl Serialize for CheckedRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            line: u64,
            recipient: &'a Recipient,
            #[serde(serialize_with = "as_map")]
            personalisation: &'a [(String, Value)],
            errors: &'a [String],
            warnings: &'a [String],
        }
        let Self { line, recipient, values, errors, warnings, .. } = self;
        Shown { line: *line, recipient, personalisation: values, errors, warnings }.serialize(serializer)
    }
}

fn as_map<S: Serializer>(values: &[(String, Value)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(name, value)| (name, value)))
}

/// Checks rows for one template.
#[derive(Debug)]
pub(super) struct RowChecker {
    pub(super) template: Template,
    pub(super) columns: Columns,
    /// The service whose rules apply.
    pub(super) service: notify_sandbox::Service,
    pub(super) facts: notify_http::Service,
    /// The name that the service puts before its text messages.
    pub(super) service_name: Option<String>,
    pub(super) sms_sender_id: Option<SmsSenderId>,
    pub(super) email_reply_to_id: Option<EmailReplyToId>,
}

impl RowChecker {
    /// The service's verdict on a row.
    pub(super) fn check(&self, row: &Row) -> CheckedRow {
        let slots = self.slots(&row.cells);
        let mut checked = CheckedRow {
            line: row.line,
            recipient: self.recipient(&slots),
            values: self.shown(&slots),
            errors: Vec::new(),
            warnings: Vec::new(),
            personalisation: self.personalisation(&slots),
            normalised: None,
            fragments: 0,
        };
        if row.cells.is_empty() {
            checked.errors.push("the row is empty, and others follow".to_owned());
            return checked;
        }
        let rate = self.check_recipient(&mut checked);
        for placeholder in &self.columns.placeholders {
            let spelling = &self.columns.spellings[placeholder.spelling];
            if slots[placeholder.spelling] == Value::Nothing && !spelling.is_recipient {
                checked.errors.push(format!("{}: {MISSING}", spelling.name));
            }
        }
        for (spelling, value) in self.columns.spellings.iter().zip(&slots) {
            if spelling.is_recipient || spelling.is_placeholder {
                let oddities = value.texts().filter_map(oddity);
                checked.warnings.extend(oddities.map(|oddity| format!("{}: {oddity}", spelling.name.trim())));
            }
        }
        self.check_message(&mut checked, rate);
        if row.quote_is_open {
            let column = self.columns.of_column.get(row.cells.len() - 1);
            let name = column.map_or("its last cell", |index| self.columns.spellings[*index].name.trim());
            checked.warnings.push(format!(
                "{name}: its quote is never closed, so the rest of the file is read as part of it"
            ));
        }
        let used = self.columns.of_column.len();
        if row.cells.iter().skip(used).any(|cell| clean(cell).is_some()) {
            checked.warnings.push("it has more cells than the header, and they are ignored".to_owned());
        }
        checked
    }

    /// The message that the cells of a row make, which nothing is wrong with.
    pub(super) fn message(&self, cells: &[String]) -> Message {
        let slots = self.slots(cells);
        let (template_id, personalisation) = (self.template.id, self.personalisation(&slots));
        match self.recipient(&slots) {
            Recipient::Address(lines) => {
                let mut letter = personalisation;
                for (name, line) in address_fields().into_iter().zip(lines) {
                    // If the list has a seventh line, the service ignores the postcode, even in a row that has only a
                    // postcode.
                    let is_used = name != "postcode" || !self.columns.has_seventh_line();
                    if let Some(line) = line.filter(|_| is_used) {
                        letter.insert(name, line);
                    }
                }
                Message::Letter { template_id, personalisation: letter }
            }
            Recipient::One(recipient) if self.template.template_type == TemplateType::Sms => Message::Sms {
                template_id,
                phone_number: recipient.unwrap_or_default(),
                personalisation,
                sms_sender_id: self.sms_sender_id,
            },
            Recipient::One(recipient) => Message::Email {
                template_id,
                email_address: recipient.unwrap_or_default(),
                personalisation,
                email_reply_to_id: self.email_reply_to_id,
                one_click_unsubscribe_url: None,
                sanitise_content_for: Vec::new(),
                files: BTreeMap::new(),
            },
        }
    }

    /// The header of a job that has all rows.
    pub(super) fn job_header(&self) -> Vec<String> {
        let placeholders = self.job_placeholders().map(|placeholder| placeholder.name.clone());
        let recipient = recipient_names(&self.template.template_type).into_iter();
        recipient.chain(placeholders).chain(["reference".to_owned()]).collect()
    }

    /// A row of such a job. `None` for a row with a list, which a job cannot have.
    pub(super) fn job_row(&self, cells: &[String], reference: &str) -> Option<Vec<String>> {
        let slots = self.slots(cells);
        let Recipient::One(Some(recipient)) = self.recipient(&slots) else { return None };
        let mut cells = vec![recipient];
        for placeholder in self.job_placeholders() {
            match &slots[placeholder.spelling] {
                Value::Text(text) => cells.push(text.clone()),
                _ => return None,
            }
        }
        cells.push(reference.to_owned());
        Some(cells)
    }

    /// The placeholders that are columns of their own in a job: the recipient's column fills one of its name too.
    fn job_placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        let placeholders = self.columns.placeholders.iter();
        placeholders.filter(|placeholder| !self.columns.spellings[placeholder.spelling].is_recipient)
    }

    /// How the message of a row would read.
    pub(super) fn filled(&self, checked: &CheckedRow) -> Filled {
        Filled::new(&self.template, &checked.personalisation)
    }

    /// The values under each name of the header.
    fn slots(&self, cells: &[String]) -> Vec<Value> {
        let columns = &self.columns;
        let mut slots: Vec<Option<Vec<Option<String>>>> = vec![None; columns.spellings.len()];
        for (cell, spelling) in cells.iter().zip(&columns.of_column) {
            let value = clean(cell);
            match &mut slots[*spelling] {
                Some(values) => values.push(value),
                slot @ None => *slot = Some(vec![value]),
            }
        }
        slots.into_iter().map(|values| Value::of(values.unwrap_or_default())).collect()
    }

    fn recipient(&self, slots: &[Value]) -> Recipient {
        let text = |spelling: &Option<usize>| match spelling.map(|index| &slots[index]) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        match &self.columns.recipient[..] {
            [one] => Recipient::One(text(one)),
            lines => Recipient::Address(lines.iter().map(text).collect()),
        }
    }

    /// The values that the service would use, by the names that it compares.
    fn shown(&self, slots: &[Value]) -> Vec<(String, Value)> {
        let spellings = self.columns.spellings.iter().zip(slots);
        spellings
            .filter(|(spelling, _)| {
                (spelling.is_recipient || spelling.is_placeholder) && !spelling.is_overridden
            })
            .map(|(spelling, value)| (spelling.key.clone(), value.clone()))
            .collect()
    }

    fn personalisation(&self, slots: &[Value]) -> Personalisation {
        let mut personalisation = Personalisation::default();
        for placeholder in &self.columns.placeholders {
            match &slots[placeholder.spelling] {
                Value::Nothing => {}
                Value::Text(text) => personalisation.insert(&placeholder.name, text.as_str()),
                Value::List(items) => {
                    let items: Vec<String> = items.iter().flatten().cloned().collect();
                    personalisation.insert(&placeholder.name, items);
                }
            }
        }
        personalisation
    }

    /// Checks the recipient, and returns how many domestic texts a text to it costs.
    fn check_recipient(&self, checked: &mut CheckedRow) -> u32 {
        let check = match &checked.recipient {
            Recipient::One(Some(text)) if self.template.template_type == TemplateType::Sms => {
                recipient::phone_number(self.service, text)
            }
            Recipient::One(Some(text)) => recipient::email_address(self.service, text),
            Recipient::One(None) => {
                RecipientCheck { error: Some(MISSING.to_owned()), ..RecipientCheck::default() }
            }
            Recipient::Address(lines) => recipient::address(lines, self.columns.has_seventh_line()),
        };
        let name = match self.columns.recipient[..] {
            [Some(spelling)] => self.columns.spellings[spelling].name.trim(),
            _ => "address",
        };
        checked.errors.extend(check.error.map(|error| format!("{name}: {error}")));
        checked.warnings.extend(check.warnings.into_iter().map(|warning| format!("{name}: {warning}")));
        checked.normalised = check.normalised;
        check.rate_multiplier.max(1)
    }
}

/// The fields of an address in a letter's personalisation, in the order of its columns.
fn address_fields() -> [String; 8] {
    [1, 2, 3, 4, 5, 6, 0, 7].map(|line| match line {
        0 => "postcode".to_owned(),
        line => format!("address_line_{line}"),
    })
}
