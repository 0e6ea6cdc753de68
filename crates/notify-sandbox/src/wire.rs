//! What goes over the wire: requests, queries, schemas, uploads, responses, and every refusal.
//!
//! What a sibling of GOV.UK Notify words differently (an error's class, a message, a field of a schema) belongs here.

pub(crate) mod database;
pub(crate) mod query;
pub(crate) mod refusal;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod upload;
pub(crate) mod validate;
