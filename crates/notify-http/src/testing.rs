//! For the tests of your program: answers and errors without a service, and what every transport has to keep to.
//!
//! Enable the feature `testing` under `[dev-dependencies]`. Everything of [`notify_api::testing`] is here too.

mod server;
mod transport;

pub use notify_api::testing::{
    TEMPLATE, check_rate_limiter, complaint, delivery_receipt, lost, not_sent, notification,
    notification_page, received_text, received_text_message, received_text_message_page, refusal, response,
    returned_letter, sent_email, sent_letter, sent_precompiled_letter, sent_sms, template, template_list,
    template_preview,
};
#[cfg(feature = "blocking")]
pub use transport::check_blocking_transport;
#[cfg(feature = "async")]
pub use transport::check_transport;
