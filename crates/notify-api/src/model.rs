//! What the service answers, and what goes into a request, typed.
//!
//! The types are open: words the service did not know when this was written are kept in `Other`, and fields it did not
//! have are ignored (they are in [`RawResponse::body`](crate::RawResponse::body)). A field is an `Option` where the service
//! says `null`, and where an answer may lack it.
//!
//! Only ids have to be there: that of the thing itself, and in the answer to a send that of the template, which shows that
//! it is about this message. Another field that is missing, or is not what it should be, costs nothing but itself. The
//! service serves some values back as they were given, whatever they are: where a text belongs, other JSON is kept as its
//! own text, such as `2.5` or `true`. What cannot be read is `None`, an empty text, an empty word in `Other`, or the version
//! 0; of a list the items that cannot be read stand apart, as [`UnreadableItem`]s.
//!
//! The answers read from JSON alone, since such values are looked at as they were written.

pub(crate) mod base64;
mod file;
pub(crate) mod id;
pub(crate) mod masked;
mod notification;
mod page;
mod personalisation;
mod placeholder;
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

pub use file::{File, FileFault};
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
