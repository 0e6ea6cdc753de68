//! The typed answers of the service, and the types that go into requests.
//!
//! The types are open. `Other` keeps words that were unknown when this was written, and new fields are ignored (they
//! are in [`RawResponse::body`](crate::RawResponse::body)). A field is an `Option` if the service can say `null`, or if
//! an answer can lack it.
//!
//! Only ids are required: that of the thing itself, and in the answer to a send that of the template, which shows that
//! the answer is about this message. If another field is missing or malformed, only that field is lost. The service
//! returns some values as they were given, whatever they are: where a text belongs, other JSON is kept as its own text,
//! such as `2.5` or `true`. A field that cannot be read is `None`, an empty text, an empty word in `Other`, or the
//! version 0. The items of a list that cannot be read are kept apart, as [`UnreadableItem`]s.
//!
//! These types deserialise only from JSON, since they need such values as they were written.

mod attachment;
pub(crate) mod base64;
mod file;
pub(crate) mod id;
pub(crate) mod masked;
mod notification;
mod page;
mod personalisation;
pub(crate) mod placeholder;
mod postage;
mod preview;
mod received;
mod reference;
mod sent;
mod status;
mod template;
mod timestamp;
mod unreadable;
pub(crate) mod word;

pub(crate) use attachment::Attachment;
pub use file::{File, InvalidFile};
pub use id::{
    ComplaintId, EmailReplyToId, InvalidId, NotificationId, ReceivedTextMessageId, ServiceId, SmsSenderId,
    TemplateId,
};
pub use notification::{CostDetails, Notification};
pub use page::{Links, NotificationPage, ReceivedTextMessagePage};
pub(crate) use personalisation::EmailPersonalisation;
pub use personalisation::{Personalisation, PersonalisationValue};
pub(crate) use placeholder::key as placeholder_key;
pub use postage::Postage;
pub use preview::TemplatePreview;
pub use received::ReceivedTextMessage;
pub(crate) use reference::Reference;
pub use sent::{
    EmailContent, LetterContent, SanitisedValue, SentEmail, SentLetter, SentPrecompiledLetter, SentSms,
    SmsContent,
};
pub use status::Status;
pub use template::{PlaceholderRule, Template, TemplateList, TemplateReference, TemplateType};
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use unreadable::UnreadableItem;
