//! The content of a payload: a message as JSON, and the operation that sends it.

mod file;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use base64ct::{Base64, Encoding as _};
use notify_http::model::{EmailReplyToId, Personalisation, Postage, SmsSenderId, TemplateId};
use notify_http::{
    Call, Client, Endpoint, Error, Identity, ListNotifications, Now, SendEmail, SendLetter,
    SendPrecompiledLetter, SendSms, Session,
};
use serde::{Deserialize, Serialize};

use crate::Claim;
pub use file::LinkedFile;

/// A message as JSON, with the API's field names. This is the content of a payload.
///
/// `Debug` shows only the type of the message.
///
/// # Examples
///
/// ```
/// use notify_outbox::Message;
///
/// let message: Message = serde_json::from_str(
///     r#"{
///         "type": "sms",
///         "template_id": "740e5834-3a29-46b4-9a6f-16142fde533a",
///         "phone_number": "+447900900123",
///         "personalisation": {"name": "Kim"}
///     }"#,
/// )?;
/// assert_eq!(format!("{message:?}"), "Message(sms)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Message {
    /// A text message.
    Sms {
        /// The template.
        template_id: TemplateId,
        /// The recipient.
        phone_number: String,
        /// The values for the template's placeholders.
        #[serde(default, skip_serializing_if = "Personalisation::is_empty")]
        personalisation: Personalisation,
        /// The sender. The default is the service's default sender.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sms_sender_id: Option<SmsSenderId>,
    },
    /// An e-mail.
    Email {
        /// The template.
        template_id: TemplateId,
        /// The recipient.
        email_address: String,
        /// The values for the template's placeholders.
        #[serde(default, skip_serializing_if = "Personalisation::is_empty")]
        personalisation: Personalisation,
        /// Where replies go. The default is the service's default address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email_reply_to_id: Option<EmailReplyToId>,
        /// The target of the mail program's unsubscribe button.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        one_click_unsubscribe_url: Option<String>,
        /// The placeholders whose values come from strangers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        sanitise_content_for: Vec<String>,
        /// The placeholders that become links to files.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        files: BTreeMap<String, LinkedFile>,
    },
    /// A letter made from a template, with its address among the values: `address_line_1` and so on.
    Letter {
        /// The template.
        template_id: TemplateId,
        /// The values for the template's placeholders, and the address.
        personalisation: Personalisation,
    },
    /// A precompiled letter.
    PrecompiledLetter {
        /// The PDF, in Base64.
        content: String,
        /// How it is posted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        postage: Option<Postage>,
    },
}

impl Message {
    /// The message as a payload.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_else(|_| unreachable!("its keys are text"))
    }

    /// Checks what can be checked before sending: the form of the message. Only the service can check its recipient and
    /// its template.
    ///
    /// # Errors
    ///
    /// If the message would fail without being sent. The error shows none of its values.
    pub fn check(&self, reference: &str) -> Result<(), InvalidMessage> {
        let operation = self.clone().into_operation(reference);
        operation.and_then(|operation| operation.check()).map_err(|problem| InvalidMessage { problem })
    }

    /// The operation that a claim asks for, or why there is none.
    pub(super) fn of(claim: &Claim) -> Result<Operation, String> {
        let payload = claim.payload.as_deref().ok_or("what is to be sent is not kept any more")?;
        let message: Self = serde_json::from_slice(payload).map_err(|error| {
            // Its text may quote what could not be read.
            format!("what is to be sent cannot be read, at line {} column {}", error.line(), error.column())
        })?;
        message.into_operation(&claim.reference)
    }

    fn into_operation(self, reference: &str) -> Result<Operation, String> {
        Ok(match self {
            Self::Sms { template_id, phone_number, personalisation, sms_sender_id } => {
                let message = SendSms::new(template_id, phone_number).personalisations(personalisation);
                let message = message.unique_reference(reference);
                Operation::Sms(match sms_sender_id {
                    Some(sender) => message.sms_sender_id(sender),
                    None => message,
                })
            }
            Self::Email {
                template_id,
                email_address,
                personalisation,
                email_reply_to_id,
                one_click_unsubscribe_url,
                sanitise_content_for,
                files,
            } => {
                let mut message = SendEmail::new(template_id, email_address)
                    .personalisations(personalisation)
                    .sanitise_content_for(sanitise_content_for)
                    .unique_reference(reference);
                for (name, file) in files {
                    message = message.file(name, file.into_file()?);
                }
                if let Some(id) = email_reply_to_id {
                    message = message.email_reply_to_id(id);
                }
                if let Some(url) = one_click_unsubscribe_url {
                    message = message.one_click_unsubscribe_url(url);
                }
                Operation::Email(message)
            }
            Self::Letter { template_id, personalisation } => Operation::Letter(
                SendLetter::new(template_id, [""; 0])
                    .personalisations(personalisation)
                    .unique_reference(reference),
            ),
            Self::PrecompiledLetter { content, postage } => {
                let pdf = Base64::decode_vec(&content).map_err(|_| "its content is not Base64".to_owned())?;
                let letter = SendPrecompiledLetter::new(reference, pdf).reference_is_unique();
                Operation::PrecompiledLetter(match postage {
                    Some(postage) => letter.postage(postage),
                    None => letter,
                })
            }
        })
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::Sms { .. } => "sms",
            Self::Email { .. } => "email",
            Self::Letter { .. } => "letter",
            Self::PrecompiledLetter { .. } => "precompiled_letter",
        }
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.kind())
    }
}

/// Why a message cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct InvalidMessage {
    problem: String,
}

/// A message as an operation of the API.
#[derive(Clone)]
pub(super) enum Operation {
    Sms(SendSms),
    Email(SendEmail),
    Letter(SendLetter),
    PrecompiledLetter(SendPrecompiledLetter),
}

impl Operation {
    /// The type of message whose daily limit it counts towards.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Sms(_) => "sms",
            Self::Email(_) => "email",
            Self::Letter(_) | Self::PrecompiledLetter(_) => "letter",
        }
    }

    /// Sends it, and returns the service's id.
    pub(super) async fn send(self, client: &Client) -> Result<String, Error> {
        Ok(match self {
            Self::Sms(message) => client.send(message).await?.id.to_string(),
            Self::Email(message) => client.send(message).await?.id.to_string(),
            Self::Letter(message) => client.send(message).await?.id.to_string(),
            Self::PrecompiledLetter(message) => client.send(message).await?.id.to_string(),
        })
    }

    /// The call that sends it.
    pub(super) fn call(&self, session: &Arc<Session>, now: Now) -> Result<Call, Error> {
        match self {
            Self::Sms(message) => Call::new(session, message, now),
            Self::Email(message) => Call::new(session, message, now),
            Self::Letter(message) => Call::new(session, message, now),
            Self::PrecompiledLetter(message) => Call::new(session, message, now),
        }
    }

    fn check(&self) -> Result<(), String> {
        let request = match self {
            Self::Sms(message) => message.request(),
            Self::Email(message) => message.request(),
            Self::Letter(message) => message.request(),
            Self::PrecompiledLetter(message) => message.request(),
        };
        request.map(drop).map_err(|error| error.to_string())
    }

    /// What distinguishes the message from others.
    fn identity(&self) -> Option<Identity> {
        match self {
            Self::Sms(message) => message.identity(),
            Self::Email(message) => message.identity(),
            Self::Letter(message) => message.identity(),
            Self::PrecompiledLetter(message) => message.identity(),
        }
    }

    /// The request for what the service lists under its reference.
    pub(super) fn list(&self) -> ListNotifications {
        let identity = self.identity();
        let reference = identity.as_ref().and_then(|identity| identity.reference.clone()).unwrap_or_default();
        let list = ListNotifications::new().reference(reference);
        match identity {
            Some(identity) => list.template_type(identity.template_type),
            None => list,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_has_its_files_as_links_and_a_file_that_the_service_would_refuse_is_named_before() {
        let email = |filename: &str| {
            let json = format!(
                r#"{{"type": "email", "template_id": "740e5834-3a29-46b4-9a6f-16142fde533a", "email_address": "kim@example.com",
                    "files": {{"link": {{"file": "S2ltLDMK", "filename": "{filename}", "retention_weeks": 4}}}}}}"#
            );
            serde_json::from_str::<Message>(&json).unwrap()
        };
        let message = email("statement.csv");
        assert_eq!(serde_json::from_slice::<Message>(&message.to_json()).unwrap(), message);
        let Operation::Email(operation) = message.into_operation("r").unwrap() else {
            panic!("it is an e-mail")
        };
        let request = operation.request().unwrap();
        let body: serde_json::Value = serde_json::from_slice(request.body().unwrap()).unwrap();
        assert_eq!(body["personalisation"]["link"]["file"], "S2ltLDMK");
        assert_eq!(body["personalisation"]["link"]["retention_period"], "4 weeks");
        assert!(email("statement.exe").check("r").is_err());
    }
}
