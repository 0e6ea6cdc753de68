//! The API that clients call: which path means what, who is asking, and what each operation does.
//!
//! What a sibling of GOV.UK Notify does differently in its operations (another path, another field, another refusal) goes
//! beside the operation it differs from.

pub(crate) mod auth;
pub(crate) mod dispatch;
pub(crate) mod endpoint;
pub(crate) mod operations;
pub(crate) mod router;
