//! For your program's tests: answers and errors without a service, and a conformance suite for transports.
//!
//! Enable the feature `testing` under `[dev-dependencies]`. This module re-exports everything in
//! [`notify_api::testing`].

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
