//! What the service answers, and what goes into a request, typed.
//!
//! The types are open: words the service did not know when this was written are kept in `Other`, and fields it did not
//! have are ignored (they are in [`RawAnswer::body`](crate::RawAnswer::body)). A field is an `Option` where the service
//! says `null`.

mod id;
mod masked;
mod notification;
mod page;
mod personalisation;
mod reference;
mod sent;
mod status;
mod template;
mod timestamp;
mod word;

pub use id::{EmailReplyToId, InvalidId, NotificationId, SmsSenderId, TemplateId};
pub use notification::{CostDetails, Notification};
pub use page::{Links, NotificationPage};
pub use personalisation::{Personalisation, PersonalisationValue};
pub(crate) use reference::Reference;
pub use sent::{EmailContent, SanitisedValue, SentEmail, SentSms, SmsContent};
pub use status::Status;
pub use template::{PlaceholderRule, Template, TemplateList, TemplateReference, TemplateType};
pub use timestamp::Timestamp;
