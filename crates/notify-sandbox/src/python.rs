//! Parses and prints as Python does: JSON, `repr()`, `int()`, Base64, UUIDs, ISO dates, white space. The service is
//! written in Python, and clients can tell. Nothing here knows about Notify.

pub(crate) mod base64;
pub(crate) mod bytes;
pub(crate) mod case;
pub(crate) mod decomposition;
pub(crate) mod digits;
pub(crate) mod html;
pub(crate) mod id;
pub(crate) mod int;
pub(crate) mod iso_datetime;
pub(crate) mod json;
pub(crate) mod whitespace;
pub(crate) mod word;
