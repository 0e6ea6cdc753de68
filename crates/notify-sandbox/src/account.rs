//! What the service knows of its customers: services, keys, templates and limits, and the messages, received texts and
//! files they have sent or received.
//!
//! What a sibling of GOV.UK Notify limits, prices or reports differently belongs here.

pub(crate) mod dialect;
pub(crate) mod documents;
pub(crate) mod inbox;
pub(crate) mod limits;
pub(crate) mod mailbox;
pub(crate) mod message;
mod price;
pub(crate) mod service;
pub(crate) mod services;
pub(crate) mod status;
pub(crate) mod template;
