//! A message as the API shows it.

use serde::Serialize;
use uuid::Uuid;

use super::{Details, Message, Pdf, Timing};
use crate::account::price::Price;
use crate::account::status::Status;
use crate::python::json::Value;
use crate::render::pdf;
use crate::time::{Timestamp, calendar};
use crate::world::KeyType;

impl Message {
    /// The message as the API shows it.
    pub(crate) fn view<'a>(&'a self, base: &str, timing: Timing) -> MessageView<'a> {
        let state = self.state(timing);
        let mut view = MessageView {
            id: self.id,
            reference: self.reference.as_deref(),
            message_type: self.message_type().as_str(),
            status: state.status.shown_for(self.message_type()),
            template: TemplateLink {
                version: self.template.version,
                id: self.template.id,
                uri: format!("{base}/v2/template/{}/version/{}", self.template.id, self.template.version),
            },
            body: &self.body,
            subject: self.subject.as_deref(),
            created_at: self.created_at,
            created_by_name: None,
            sent_at: state.sent_at,
            completed_at: state.status.is_completed().then_some(state.updated_at),
            scheduled_for: None,
            email_address: None,
            phone_number: None,
            lines: [const { &Value::Null }; 7],
            postage: None,
            one_click_unsubscribe_url: None,
            estimated_delivery: None,
            price: Price::default(),
        };
        match &self.details {
            Details::Sms { phone_number, fragments, rate_multiplier } => {
                view.phone_number = Some(phone_number);
                let fragments = if self.is_billed(state.status) { *fragments } else { 0 };
                view.price = Price::of_sms(fragments, *rate_multiplier, state.sent_at);
            }
            Details::Email { email_address, one_click_unsubscribe_url } => {
                view.email_address = Some(email_address);
                view.one_click_unsubscribe_url = one_click_unsubscribe_url.as_deref();
                view.price = Price::of_email();
            }
            Details::Letter { lines, postage, .. } => {
                view.lines = lines.each_ref();
                view.postage = Some(postage);
                view.estimated_delivery = Some(calendar::estimated_delivery(self.created_at, postage));
                view.price = Price::of_letter(postage, self.sheets(timing), state.status);
            }
        }
        view
    }

    /// Whether the fragments of a text message have been counted: with a test key that happens when the receipt comes,
    /// which in some countries is never.
    fn is_billed(&self, status: Status) -> bool {
        self.key_type != KeyType::Test || !matches!(status, Status::Sending | Status::Sent)
    }

    /// How many sheets of paper a letter takes: none before its PDF is made, and none with a test key, for which no PDF of
    /// a template is counted.
    fn sheets(&self, timing: Timing) -> u32 {
        let Details::Letter { pdf, .. } = &self.details else { return 0 };
        let is_counted = match **pdf {
            Pdf::Rendered { .. } => self.key_type != KeyType::Test,
            Pdf::Supplied(_) => true,
        };
        if !is_counted || !self.has_pdf(timing) {
            return 0;
        }
        *self.sheets.get_or_init(|| pdf::sheets(&self.pdf().unwrap_or_default()))
    }
}

/// A message in the API's fields.
#[derive(Serialize)]
pub(crate) struct MessageView<'a> {
    id: Uuid,
    reference: Option<&'a str>,
    email_address: Option<&'a str>,
    phone_number: Option<&'a str>,
    #[serde(flatten, serialize_with = "lines")]
    lines: [&'a Value; 7],
    #[serde(rename = "type")]
    message_type: &'static str,
    status: &'static str,
    template: TemplateLink,
    body: &'a str,
    subject: Option<&'a str>,
    created_at: Timestamp,
    created_by_name: Option<&'static str>,
    sent_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    scheduled_for: Option<&'static str>,
    postage: Option<&'a str>,
    one_click_unsubscribe_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimated_delivery: Option<Timestamp>,
    #[serde(flatten)]
    price: Price<'a>,
}

#[derive(Serialize)]
struct TemplateLink {
    version: u32,
    id: Uuid,
    uri: String,
}

/// The names of the seven address fields. There is no seventh line: what was given as such is not shown.
const ADDRESS_FIELDS: [&str; 7] = ["line_1", "line_2", "line_3", "line_4", "line_5", "line_6", "postcode"];

fn lines<S: serde::Serializer>(lines: &[&Value; 7], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(ADDRESS_FIELDS.iter().zip(lines))
}
