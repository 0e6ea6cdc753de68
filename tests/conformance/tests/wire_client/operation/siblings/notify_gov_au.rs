//! The operations of Notify.gov.au.

use notify_http::au;
use notify_testkit::wire::Exchange;

use super::super::{id, list_notifications, pairs, values};
use super::{message, template};

/// A URL and a token, or a token alone.
macro_rules! status_callback {
    ($message:ident, $fields:ident) => {
        match (
            $fields.optional("status_callback_url").ok()?,
            $fields.optional("status_callback_bearer_token").ok()?,
        ) {
            (Some(url), Some(token)) => $message = $message.status_callback(url, token),
            (None, Some(token)) => $message = $message.status_callback_bearer_token(token),
            (None, None) => {}
            (Some(_), None) => return None,
        }
    };
}

/// The filters that are this service's own, and the others.
pub(super) fn list(query: &str) -> Option<au::ListNotifications> {
    let (own, common): (Vec<_>, Vec<_>) =
        query.split('&').partition(|pair| pair.starts_with("template_id=") || *pair == "include_jobs=false");
    let mut list = au::ListNotifications::from(list_notifications(&common.join("&"))?);
    let mut names = Vec::new();
    for (name, value) in pairs(&own.join("&"))? {
        if names.contains(&name.to_owned()) {
            return None;
        }
        names.push(name.to_owned());
        list = if name == "template_id" { list.template_id(id(value)?) } else { list.exclude_jobs() };
    }
    Some(list)
}

pub(super) fn sms(exchange: &Exchange) -> Option<au::SendSms> {
    let mut fields = message(exchange)?;
    let mut sms = au::SendSms::new(template(&mut fields)?, fields.text("phone_number")?)
        .personalisations(values(&mut fields)?);
    texts!(sms, fields, reference);
    ids!(sms, fields, sms_sender_id);
    status_callback!(sms, fields);
    fields.are_used_up().then_some(sms)
}

pub(super) fn email(exchange: &Exchange) -> Option<au::SendEmail> {
    let mut fields = message(exchange)?;
    let mut email = au::SendEmail::new(template(&mut fields)?, fields.text("email_address")?)
        .personalisations(values(&mut fields)?);
    texts!(email, fields, reference);
    ids!(email, fields, email_reply_to_id);
    status_callback!(email, fields);
    fields.are_used_up().then_some(email)
}
