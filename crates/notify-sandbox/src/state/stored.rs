//! Messages and documents as the state file stores them.

use std::sync::Arc;

use rusqlite::types::Type;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::documents::Document;
use crate::account::message::{Details, Draft, Extras, Message, Pdf};
use crate::account::service::Service;
use crate::account::status::Journey;
use crate::python::json::{self, Value};
use crate::time::Timestamp;
use crate::wire::upload::Upload;
use crate::world::KeyType;

/// Reads JSON that this program wrote. If somebody has changed it, the file is invalid.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    let invalid = |error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error));
    serde_json::from_str(text).map_err(invalid)
}

/// A message. What has a column of its own is left out of the text.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredMessage {
    pub(crate) id: Uuid,
    key_type: KeyType,
    reference: Option<String>,
    /// By id and version; none for a letter that came as a PDF.
    template: Option<(Uuid, u32)>,
    body: String,
    subject: Option<String>,
    created_at: Timestamp,
    journey: String,
    details: StoredDetails,
    pub(crate) international: bool,
    #[serde(default)]
    extras: Extras,
    #[serde(skip)]
    pub(super) pdf: Option<Vec<u8>>,
    #[serde(skip)]
    pub(crate) service: Uuid,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredDetails {
    Sms { phone_number: String, fragments: usize, rate_multiplier: u32 },
    Email { email_address: String, one_click_unsubscribe_url: Option<String> },
    Letter { lines: Vec<serde_json::Value>, postage: String, rendered: Option<StoredLetter> },
}

#[derive(Serialize, Deserialize)]
struct StoredLetter {
    address: String,
    contact_block: String,
}

impl StoredMessage {
    pub(super) fn of(message: &Message, international: bool) -> Self {
        let mut pdf = None;
        let details = match &message.details {
            Details::Sms { phone_number, fragments, rate_multiplier } => StoredDetails::Sms {
                phone_number: phone_number.to_string(),
                fragments: *fragments,
                rate_multiplier: *rate_multiplier,
            },
            Details::Email { email_address, one_click_unsubscribe_url } => StoredDetails::Email {
                email_address: email_address.to_string(),
                one_click_unsubscribe_url: one_click_unsubscribe_url.as_deref().map(str::to_owned),
            },
            Details::Letter { lines, postage, pdf: content } => StoredDetails::Letter {
                lines: lines.iter().map(|line| serde_json::to_value(line).unwrap_or_default()).collect(),
                postage: postage.to_string(),
                rendered: match &**content {
                    Pdf::Rendered { address, contact_block } => Some(StoredLetter {
                        address: address.to_string(),
                        contact_block: contact_block.to_string(),
                    }),
                    Pdf::Supplied(bytes) => {
                        pdf = Some(bytes.to_vec());
                        None
                    }
                },
            },
        };
        Self {
            id: message.id,
            key_type: message.key_type,
            reference: message.reference.as_deref().map(str::to_owned),
            template: pdf.is_none().then_some((message.template.id, message.template.version)),
            body: message.body.to_string(),
            subject: message.subject.as_deref().map(str::to_owned),
            created_at: message.created_at,
            journey: message.journey.name().to_owned(),
            details,
            international,
            extras: message.extras().clone(),
            pdf,
            service: Uuid::nil(),
        }
    }

    /// The message itself, unless the file names a template that it does not hold.
    pub(crate) fn restore(self, service: &Service) -> Option<Message> {
        let template = match self.template {
            Some((id, version)) => service.template_version(id, version)?,
            None => &service.precompiled,
        };
        let details = match self.details {
            StoredDetails::Sms { phone_number, fragments, rate_multiplier } => {
                Details::Sms { phone_number: phone_number.into(), fragments, rate_multiplier }
            }
            StoredDetails::Email { email_address, one_click_unsubscribe_url } => Details::Email {
                email_address: email_address.into(),
                one_click_unsubscribe_url: one_click_unsubscribe_url.map(Into::into),
            },
            StoredDetails::Letter { lines, postage, rendered } => {
                let line =
                    |line: serde_json::Value| json::read(line.to_string().as_bytes()).unwrap_or(Value::Null);
                let lines: Vec<Value> = lines.into_iter().map(line).collect();
                Details::Letter {
                    lines: Box::new(lines.try_into().ok()?),
                    postage: postage.into(),
                    pdf: Box::new(match rendered {
                        Some(letter) => Pdf::Rendered {
                            address: letter.address.into(),
                            contact_block: letter.contact_block.into(),
                        },
                        None => Pdf::Supplied(self.pdf?.into()),
                    }),
                }
            }
        };
        let draft = Draft {
            key_type: self.key_type,
            reference: self.reference,
            template: Arc::clone(template),
            body: self.body,
            subject: self.subject,
            details,
            journey: Journey::named(&self.journey)?,
            extras: self.extras,
        };
        Some(Message::new(self.id, draft, self.created_at))
    }
}

/// A file that an e-mail links to.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredDocument {
    service: Uuid,
    content_type: String,
    filename: Option<String>,
    weeks: u64,
    key: String,
    expires_at: Timestamp,
    #[serde(skip)]
    pub(super) id: Uuid,
    #[serde(skip)]
    pub(super) bytes: Vec<u8>,
}

impl StoredDocument {
    pub(super) fn of(id: Uuid, document: &Document) -> Self {
        Self {
            service: document.upload.service,
            content_type: document.upload.content_type.to_owned(),
            filename: document.upload.filename.clone(),
            weeks: document.upload.weeks,
            key: document.key.clone(),
            expires_at: document.expires_at,
            id,
            bytes: document.upload.bytes.clone(),
        }
    }

    pub(crate) fn restore(self) -> (Uuid, Document) {
        let upload = Upload {
            service: self.service,
            bytes: self.bytes,
            content_type: crate::wire::upload::known_type(&self.content_type),
            filename: self.filename,
            weeks: self.weeks,
        };
        (self.id, Document { upload, key: self.key, expires_at: self.expires_at })
    }
}
