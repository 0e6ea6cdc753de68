//! Every operation, with every field that may identify someone.

use notify_http::{
    Client, GetLetterPdf, GetNotification, GetTemplate, GetTemplateVersion, ListNotifications,
    ListReceivedTextMessages, ListTemplates, PreviewTemplate, SendEmail, SendLetter, SendPrecompiledLetter,
    SendSms, blocking,
};

pub(crate) const SECRET: &str = "3d844edf-8d35-48ac-975b-e847b4f122b0";
pub(crate) const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
pub(crate) const ID: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";
const REFERENCE: &str = "reference of Kim 7";

/// The operations in the order of their calls: name, method, path.
pub(crate) const OPERATIONS: [(&str, &str, &str); 12] = [
    ("send_sms", "POST", "/v2/notifications/sms"),
    ("send_email", "POST", "/v2/notifications/email"),
    ("send_letter", "POST", "/v2/notifications/letter"),
    ("send_precompiled_letter", "POST", "/v2/notifications/letter"),
    ("get_notification", "GET", "/v2/notifications/{id}"),
    ("list_notifications", "GET", "/v2/notifications"),
    ("get_letter_pdf", "GET", "/v2/notifications/{id}/pdf"),
    ("get_template", "GET", "/v2/template/{id}"),
    ("get_template_version", "GET", "/v2/template/{id}/version/{version}"),
    ("list_templates", "GET", "/v2/templates"),
    ("preview_template", "POST", "/v2/template/{id}/preview"),
    ("list_received_text_messages", "GET", "/v2/received-text-messages"),
];
/// How many of them send a message.
pub(crate) const SENDS: usize = 4;

/// Calls each of them on a client, whatever the result.
macro_rules! each {
    ($client:ident $(, $wait:tt)?) => {
        let id = || ID.parse().unwrap();
        let text = SendSms::new(ID.parse().unwrap(), "+447900900123");
        let text = text.personalisation("name", "Kim Kardigan").unique_reference(REFERENCE);
        drop($client.send(text)$(.$wait)?);
        let email = SendEmail::new(ID.parse().unwrap(), "kim.secret@example.com");
        let email = email.personalisation("name", "Kim Kardigan").unique_reference(REFERENCE);
        drop($client.send(email)$(.$wait)?);
        let letter = SendLetter::new(ID.parse().unwrap(), ["Amala Bird", "1 Secret Street", "SW1 1AA"]);
        drop($client.send(letter.unique_reference(REFERENCE))$(.$wait)?);
        let letter = SendPrecompiledLetter::new(REFERENCE, "%PDF-1.7 to Kim Kardigan").reference_is_unique();
        drop($client.send(letter)$(.$wait)?);
        drop($client.send(GetNotification::new(id()))$(.$wait)?);
        let list = ListNotifications::new().reference(REFERENCE).older_than(id());
        drop($client.send(list)$(.$wait)?);
        drop($client.send(GetLetterPdf::new(id()))$(.$wait)?);
        drop($client.send(GetTemplate::new(ID.parse().unwrap()))$(.$wait)?);
        drop($client.send(GetTemplateVersion::new(ID.parse().unwrap(), 2))$(.$wait)?);
        drop($client.send(ListTemplates::new())$(.$wait)?);
        let preview = PreviewTemplate::new(ID.parse().unwrap()).personalisation("name", "Kim Kardigan");
        drop($client.send(preview)$(.$wait)?);
        let received = ListReceivedTextMessages::new().older_than(ID.parse().unwrap());
        drop($client.send(received)$(.$wait)?);
    };
}

pub(crate) async fn carry_out(client: &Client) {
    each!(client, await);
}

pub(crate) fn carry_out_blocking(client: &blocking::Client) {
    each!(client);
}
