//! What is asked.

use bytes::Bytes;

use crate::wire::query::Query;

/// The parts of a request that answers depend on.
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Query,
    /// The query as it was sent.
    pub(crate) query_string: String,
    pub(crate) authorization: Option<Vec<u8>>,
    pub(crate) range: Option<String>,
    /// The sandbox's address as the client knows it: scheme, host and port.
    pub(crate) base: String,
    pub(crate) body: Bytes,
}

impl Request {
    /// A link to another path, with the same query.
    pub(crate) fn link(&self, path: &str) -> String {
        let mark = if self.query_string.is_empty() { "" } else { "?" };
        format!("{}{path}{mark}{}", self.base, self.query_string)
    }
}
