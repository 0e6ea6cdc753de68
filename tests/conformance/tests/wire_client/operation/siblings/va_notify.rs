//! The operations of VA Notify.

use notify_http::va;
use notify_testkit::wire::Exchange;
use serde_json::Value;

use super::super::fields::{Fields, NotText, Personal, base64};
use super::super::{id, values};
use super::{message, template};

/// A person, where one is named.
fn person(fields: &mut Fields) -> Result<Option<va::RecipientIdentifier>, NotText> {
    let Some(value) = fields.0.remove("recipient_identifier") else { return Ok(None) };
    let Value::Object(identifier) = value else { return Err(NotText) };
    let mut identifier = Fields(identifier);
    let (id_type, id_value) = (identifier.text("id_type"), identifier.text("id_value"));
    match (id_type, id_value) {
        (Some(id_type), Some(id_value)) if identifier.are_used_up() => {
            Ok(Some(va::RecipientIdentifier::new(va::IdentifierType::from(&*id_type), id_value)))
        }
        _ => Err(NotText),
    }
}

/// A message to an address, to a person, or to both.
macro_rules! addressed {
    ($type:ty, $fields:ident, $address:literal) => {{
        let template = template(&mut $fields)?;
        match ($fields.optional($address).ok()?, person(&mut $fields).ok()?) {
            (Some(address), None) => <$type>::new(template, address),
            (None, Some(person)) => <$type>::to_person(template, person),
            _ => return None,
        }
    }};
}

pub(super) fn sms(exchange: &Exchange) -> Option<va::SendSms> {
    let mut fields = message(exchange)?;
    let template = template(&mut fields)?;
    let mut sms = match (fields.optional("phone_number").ok()?, person(&mut fields).ok()?) {
        (Some(number), None) => va::SendSms::new(template, number),
        (None, Some(person)) => va::SendSms::to_person(template, person),
        (Some(number), Some(person)) => va::SendSms::new(template, number).recipient_identifier(person),
        (None, None) => return None,
    };
    sms = sms.personalisations(values(&mut fields)?);
    texts!(sms, fields, reference, billing_code, callback_url);
    ids!(sms, fields, sms_sender_id);
    fields.are_used_up().then_some(sms)
}

pub(super) fn email(exchange: &Exchange) -> Option<va::SendEmail> {
    let mut fields = message(exchange)?;
    let template = template(&mut fields)?;
    let mut email = match (fields.optional("email_address").ok()?, person(&mut fields).ok()?) {
        (Some(address), None) => va::SendEmail::new(template, address),
        (None, Some(person)) => va::SendEmail::to_person(template, person),
        (Some(address), Some(person)) => va::SendEmail::new(template, address).recipient_identifier(person),
        (None, None) => return None,
    };
    for (name, value) in fields.personalisation_with(file)? {
        email = match value {
            Personal::Value(value) => email.personalisation(name, value),
            Personal::File(file) => email.file(name, file),
        };
    }
    texts!(email, fields, reference, billing_code, callback_url);
    fields.are_used_up().then_some(email)
}

fn file(mut fields: Fields) -> Option<va::File> {
    let content = base64(&fields.text("file")?)?;
    let filename = fields.text("filename")?;
    let file = match fields.optional("sending_method").ok()?.as_deref() {
        Some("attach") => va::File::attached(filename, content),
        None => va::File::for_placeholder(filename, content),
        Some(_) => return None,
    };
    fields.are_used_up().then_some(file)
}

pub(super) fn push(exchange: &Exchange) -> Option<va::SendPush> {
    let mut fields = message(exchange)?;
    let template = va::PushTemplateId::new(fields.text("template_id")?);
    let person = person(&mut fields).ok()??;
    let is_icn = person.id_type == va::IdentifierType::Icn;
    let mut push = va::SendPush::new(template, is_icn.then_some(person.id_value)?)
        .personalisations(values(&mut fields)?);
    texts!(push, fields, mobile_app);
    fields.are_used_up().then_some(push)
}

pub(super) fn broadcast(exchange: &Exchange) -> Option<va::BroadcastPush> {
    let mut fields = message(exchange)?;
    let template = va::PushTemplateId::new(fields.text("template_id")?);
    let mut push =
        va::BroadcastPush::new(template, fields.text("topic_sid")?).personalisations(values(&mut fields)?);
    texts!(push, fields, mobile_app);
    fields.are_used_up().then_some(push)
}

pub(super) fn v3_sms(exchange: &Exchange) -> Option<va::v3::SendSms> {
    let mut fields = message(exchange)?;
    let mut sms = addressed!(va::v3::SendSms, fields, "phone_number").personalisations(values(&mut fields)?);
    if let Some(reference) = fields.optional("client_reference").ok()? {
        sms = sms.reference(reference);
    }
    texts!(sms, fields, billing_code);
    ids!(sms, fields, sms_sender_id);
    fields.are_used_up().then_some(sms)
}

pub(super) fn v3_email(exchange: &Exchange) -> Option<va::v3::SendEmail> {
    let mut fields = message(exchange)?;
    let mut email =
        addressed!(va::v3::SendEmail, fields, "email_address").personalisations(values(&mut fields)?);
    if let Some(reference) = fields.optional("client_reference").ok()? {
        email = email.reference(reference);
    }
    texts!(email, fields, billing_code);
    fields.are_used_up().then_some(email)
}
