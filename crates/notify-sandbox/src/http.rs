//! The socket: HTTP/1.1 on one side, requests and responses as values on the other.

mod body;
mod front;
pub(crate) mod log;
mod request_line;
pub(crate) mod server;
#[cfg(feature = "tls")]
pub(crate) mod tls;
