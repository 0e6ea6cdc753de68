//! Answers with plausible values. Change those that your test cares about.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::callback::{Complaint, DeliveryReceipt, ReceivedText, ReturnedLetter};
use crate::model::{
    Notification, NotificationPage, ReceivedTextMessage, ReceivedTextMessagePage, SentEmail, SentLetter,
    SentPrecompiledLetter, SentSms, Template, TemplateId, TemplateList, TemplatePreview, TemplateType,
};

/// The template of all these answers.
pub const TEMPLATE: TemplateId = TemplateId::from_static("740e5834-3a29-46b4-9a6f-16142fde533a");

const ID: &str = "b1d7f2c0-52a4-4c6f-8a0e-2f7c6a4f0d11";
const SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
const URL: &str = "https://api.notifications.service.gov.uk";
const MOMENT: &str = "2026-11-23T10:42:43.906471Z";
const LATER: &str = "2026-11-23T10:42:45.129916Z";

/// Reads the JSON here as the models read the service's answers, which is the only other way to make them.
fn read<T: DeserializeOwned>(json: &Value) -> T {
    serde_json::from_str(&json.to_string()).expect("the values here are of the right types")
}

fn template_reference() -> Value {
    json!({ "id": TEMPLATE, "version": 1, "uri": format!("{URL}/services/{SERVICE}/templates/{TEMPLATE}") })
}

fn sent(content: &Value) -> Value {
    json!({
        "id": ID,
        "reference": null,
        "content": content,
        "uri": format!("{URL}/v2/notifications/{ID}"),
        "template": template_reference(),
    })
}

/// A text message that the service took.
pub fn sent_sms() -> SentSms {
    read(&sent(&json!({ "body": "Dear Kim, your appointment is at 9.", "from_number": "GOVUK" })))
}

/// An e-mail that the service took.
pub fn sent_email() -> SentEmail {
    read(&sent(&json!({
        "subject": "Your appointment",
        "body": "Dear Kim, your appointment is at 9.",
        "from_email": "borough@notifications.service.gov.uk",
        "one_click_unsubscribe_url": null,
    })))
}

/// A letter made from a template, which the service took.
pub fn sent_letter() -> SentLetter {
    read(&sent(&json!({ "subject": "Your appointment", "body": "Dear Kim, your appointment is at 9." })))
}

/// A precompiled letter that the service took.
pub fn sent_precompiled_letter() -> SentPrecompiledLetter {
    read(&json!({ "id": ID, "reference": "invoice 17", "postage": "second" }))
}

/// A text message as the service stores it, delivered.
pub fn notification() -> Notification {
    read(&json!({
        "id": ID,
        "phone_number": "+447900900123",
        "type": "sms",
        "status": "delivered",
        "template": template_reference(),
        "body": "Dear Kim, your appointment is at 9.",
        "created_at": MOMENT,
        "sent_at": MOMENT,
        "completed_at": LATER,
    }))
}

/// A page of these messages. It names the next page by the last of them.
pub fn notification_page(notifications: Vec<Notification>) -> NotificationPage {
    let last = notifications.last().map(|message| message.id.to_string());
    let page = read(&json!({ "notifications": [], "links": links("notifications", last.as_deref()) }));
    NotificationPage { notifications, ..page }
}

/// A text message that somebody sent to the service.
pub fn received_text_message() -> ReceivedTextMessage {
    read(&json!({
        "id": ID,
        "created_at": MOMENT,
        "service_id": SERVICE,
        "notify_number": "07700900500",
        "user_number": "447900900123",
        "content": "Thanks",
    }))
}

/// A page of these texts. It names the next page by the last of them.
pub fn received_text_message_page(texts: Vec<ReceivedTextMessage>) -> ReceivedTextMessagePage {
    let last = texts.last().map(|text| text.id.to_string());
    let links = links("received-text-messages", last.as_deref());
    let page = read(&json!({ "received_text_messages": [], "links": links }));
    ReceivedTextMessagePage { received_text_messages: texts, ..page }
}

fn links(name: &str, last: Option<&str>) -> Value {
    let current = format!("{URL}/v2/{name}");
    last.map_or_else(
        || json!({ "current": current }),
        |last| json!({ "current": current, "next": format!("{current}?older_than={last}") }),
    )
}

/// A template of this type, with the one placeholder `name`.
pub fn template(template_type: &TemplateType) -> Template {
    let subject = (*template_type != TemplateType::Sms).then_some("Your appointment");
    read(&json!({
        "id": TEMPLATE,
        "name": "Appointment",
        "type": template_type,
        "created_at": MOMENT,
        "created_by": "kim@example.gov.uk",
        "version": 1,
        "body": "Dear ((name)), your appointment is at 9.",
        "subject": subject,
        "personalisation": { "name": { "required": true } },
        "postage": (*template_type == TemplateType::Letter).then_some("second"),
    }))
}

/// A list of these templates.
pub fn template_list(templates: Vec<Template>) -> TemplateList {
    TemplateList { templates, unreadable: Vec::new() }
}

/// A template of text messages, filled in.
pub fn template_preview() -> TemplatePreview {
    read(&json!({
        "id": TEMPLATE,
        "type": "sms",
        "version": 1,
        "body": "Dear Kim, your appointment is at 9.",
    }))
}

/// The receipt of a text message that was delivered.
pub fn delivery_receipt() -> DeliveryReceipt {
    read(&json!({
        "id": ID,
        "reference": null,
        "to": "+447900900123",
        "status": "delivered",
        "created_at": MOMENT,
        "completed_at": LATER,
        "sent_at": MOMENT,
        "notification_type": "sms",
        "template_id": TEMPLATE,
        "template_version": 1,
    }))
}

/// A text message that somebody sent, as the service posts it.
pub fn received_text() -> ReceivedText {
    read(&json!({
        "id": ID,
        "source_number": "447900900123",
        "destination_number": "07700900500",
        "message": "Thanks",
        "date_received": MOMENT,
    }))
}

/// A complaint about an e-mail.
pub fn complaint() -> Complaint {
    read(&json!({
        "notification_id": ID,
        "complaint_id": "0c7a4a52-6f5c-4bb5-9d0e-54a3c56ad7a4",
        "reference": null,
        "to": "kim@example.com",
        "complaint_date": LATER,
    }))
}

/// A letter that came back.
pub fn returned_letter() -> ReturnedLetter {
    read(&json!({
        "notification_id": ID,
        "reference": null,
        "date_sent": MOMENT,
        "sent_by": "API",
        "template_name": "Appointment",
        "template_id": TEMPLATE,
        "template_version": 1,
    }))
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;
    use crate::Paged as _;

    /// A serialised value reads back as the same value.
    fn round<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
        let json = serde_json::to_string(value).unwrap();
        assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value, "{json}");
    }

    #[test]
    fn what_is_serialised_reads_as_the_same() {
        round(&sent_sms());
        round(&sent_email());
        round(&sent_letter());
        round(&sent_precompiled_letter());
        round(&notification_page(vec![notification()]));
        round(&received_text_message_page(vec![received_text_message()]));
        round(&template_list(
            [TemplateType::Sms, TemplateType::Email, TemplateType::Letter].map(|it| template(&it)).into(),
        ));
        round(&template_preview());
        round(&delivery_receipt());
        round(&received_text());
        round(&complaint());
        round(&returned_letter());
    }

    #[test]
    fn a_page_leads_to_the_next_and_an_empty_one_ends_the_list() {
        let first = crate::ListNotifications::new();
        let page =
            super::super::response::<crate::ListNotifications>(notification_page(vec![notification()]));
        let next = first.next_page(&page).unwrap().unwrap();
        let end = super::super::response::<crate::ListNotifications>(notification_page(Vec::new()));
        assert!(next.next_page(&end).unwrap().is_none());
    }
}
