//! One record for each request, for the developer's log.

use std::fmt::{self, Debug, Display, Formatter};
use std::sync::Arc;
use std::time::Duration;

use crate::python::id;
use crate::wire::query::Query;

/// What happened to a request. Its [`Display`] is one line, and contains no secret and no personal data.
///
/// ```text
/// POST /v2/notifications/sms 201 main/main-test 1.2 ms
/// GET /v2/notifications?reference 403 token is 34 s old; the clock of the sender is behind, or the request took long
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The method.
    pub method: String,
    /// The path, with the names of the query's parameters but not their values.
    pub path: String,
    /// The status of the answer; none if a fault cut the connection before one.
    pub status: Option<u16>,
    /// The name of the service and the label of the key, if the caller is known.
    pub caller: Option<(String, String)>,
    /// Why the request was refused, in words that a developer can act on.
    pub reason: Option<String>,
    /// How long the answer took.
    pub duration: Duration,
}

impl Display for RequestRecord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.method, self.path)?;
        match self.status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("cut")?,
        }
        if let Some((service, key)) = &self.caller {
            write!(f, " [{service}, key {key}]")?;
        }
        match &self.reason {
            Some(reason) => write!(f, " {reason}"),
            None => write!(f, " {:.1} ms", self.duration.as_secs_f64() * 1000.0),
        }
    }
}

/// Where records go.
#[derive(Clone, Default)]
pub(crate) struct Log(Option<Arc<Sink>>);

type Sink = dyn Fn(&RequestRecord) + Send + Sync;

impl Log {
    pub(crate) fn to(sink: impl Fn(&RequestRecord) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(sink)))
    }

    /// Writes a record. It is made only if there is a sink.
    pub(crate) fn write(&self, record: impl FnOnce() -> RequestRecord) {
        if let Some(sink) = &self.0 {
            sink(&record());
        }
    }
}

impl Debug for Log {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Log(to a sink)" } else { "Log(nowhere)" })
    }
}

/// A path for the log, without references, keys of files, or numbers and addresses that a client has put there by
/// mistake.
pub(super) fn path_without_values(path: &str, query: Option<&str>) -> String {
    let path = path.split('/').map(part_for_log).collect::<Vec<_>>().join("/");
    let query = query.map(Query::read);
    let names: Vec<&str> = query.iter().flat_map(Query::names).map(part_for_log).collect();
    if names.is_empty() { path } else { format!("{path}?{}", names.join("&")) }
}

/// A part of a path, unless it looks like a number or an address.
fn part_for_log(part: &str) -> &str {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits > 5 && digits * 2 > part.len() && id::parse(part).is_none();
    if is_number || part.contains('@') || part.contains("%40") { "…" } else { part }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_the_log_have_no_values() {
        assert_eq!(
            path_without_values("/v2/notifications", Some("reference=secret&status=a")),
            "/v2/notifications?reference&status"
        );
        assert_eq!(path_without_values("/v2/templates", None), "/v2/templates");
        let id = "/v2/notifications/00000000-0000-4000-8000-000000000001/pdf";
        assert_eq!(path_without_values(id, None), id);
    }

    #[test]
    fn paths_in_the_log_contain_no_personal_data() {
        for (path, query, logged) in [
            ("/v2/notifications/07900900123", None, "/v2/notifications/…"),
            ("/v2/notifications/tel:+44%207900%20900123", None, "/v2/notifications/…"),
            ("/v2/amala@example.com/pdf", None, "/v2/…/pdf"),
            ("/amala%40example.com", Some("+447900900123=1&a@b.c&status=x"), "/…?…&…&status"),
        ] {
            assert_eq!(path_without_values(path, query), logged);
        }
    }
}
