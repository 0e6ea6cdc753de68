//! The API that clients call: which path means what, who is calling, and what each operation does.
//!
//! The operations here are those of GOV.UK Notify. The other services have tables of [endpoints](endpoint::Endpoint) of
//! their own, in `service/`, and use what they share with it from here.

pub(crate) mod auth;
pub(crate) mod dialect;
pub(crate) mod dispatch;
pub(crate) mod endpoint;
pub(crate) mod operations;
pub(crate) mod outcome;
mod refused;
pub(crate) mod router;
