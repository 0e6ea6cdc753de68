//! The base URL of a service.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use http::Uri;
use http::uri::{PathAndQuery, Scheme};

use crate::{RequestParts, Service};

/// The address of a Notify service: scheme, host, port, and the path prefix that some services have.
///
/// Paths are appended to the prefix and do not replace it: `https://api.va.gov/vanotify` keeps its `/vanotify`.
///
/// # Examples
///
/// ```
/// use notify_api::BaseUrl;
///
/// let base: BaseUrl = "https://api.va.gov/vanotify/".parse()?;
/// assert_eq!(base.as_str(), "https://api.va.gov/vanotify");
/// assert_eq!(BaseUrl::default().as_str(), "https://api.notifications.service.gov.uk");
/// # Ok::<(), notify_api::InvalidBaseUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    uri: Uri,
    is_https: bool,
    is_loopback: bool,
}

impl BaseUrl {
    /// GOV.UK Notify.
    pub const GOV_UK: &str = Service::gov_uk().base_url();

    /// The URL without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The URI of a request: its path and query, appended to the path of this URL.
    pub(crate) fn join(&self, request: &RequestParts) -> Result<Uri, http::Error> {
        // If the URL were written out whole, the host would be parsed again for each request.
        let mut parts = self.uri.clone().into_parts();
        let path_and_query = request.path_and_query_after(self.uri.path().trim_end_matches('/'));
        parts.path_and_query = Some(PathAndQuery::from_maybe_shared(path_and_query)?);
        Ok(Uri::from_parts(parts)?)
    }

    /// Whether requests travel unread by others: over `https`, or over `http` to this very machine.
    ///
    /// A token is good for any operation for 30 seconds, and messages hold personal data. So clients refuse to send
    /// either unencrypted unless you allow it.
    pub fn is_private(&self) -> bool {
        self.is_https || self.is_loopback
    }

    /// The service that owns the host, if it is known.
    pub(crate) fn service(&self) -> Option<Service> {
        self.uri.host().and_then(Service::at_host)
    }

    /// Whether the service is on this very machine, so that no proxy may be in between.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

impl Default for BaseUrl {
    /// [`BaseUrl::GOV_UK`].
    fn default() -> Self {
        Self {
            text: Self::GOV_UK.to_owned(),
            uri: Uri::from_static(Self::GOV_UK),
            is_https: true,
            is_loopback: false,
        }
    }
}

impl From<Service> for BaseUrl {
    /// The base URL of the service.
    fn from(service: Service) -> Self {
        service.base_url().parse().expect("a service has a base URL")
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidBaseUrl> {
        let text = text.trim();
        let uri: Uri = text.parse().map_err(|_| InvalidBaseUrl::NotAUrl)?;
        let is_https = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(InvalidBaseUrl::Scheme),
        };
        let authority = uri.authority().ok_or(InvalidBaseUrl::NotAUrl)?;
        if authority.as_str().contains('@') {
            return Err(InvalidBaseUrl::Credentials);
        }
        let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
        if !matches!(port, "" | ":") && authority.port_u16().is_none_or(|port| port == 0) {
            return Err(InvalidBaseUrl::Port);
        }
        if uri.query().is_some() || text.contains('#') {
            return Err(InvalidBaseUrl::QueryOrFragment);
        }
        Ok(Self {
            text: text.trim_end_matches('/').to_owned(),
            is_https,
            is_loopback: is_loopback(authority.host()),
            uri,
        })
    }
}

/// RFC 6761 §6.3 keeps `localhost` and everything below it on the machine.
fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = host.parse::<IpAddr>() {
        return address.is_loopback();
    }
    let host = host.to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost")
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", self.text)
    }
}

/// Why a text is not a base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBaseUrl {
    /// It cannot be read as a URL with a host.
    #[error("the base URL does not read as a URL; it looks like https://api.notifications.service.gov.uk")]
    NotAUrl,
    /// The scheme is missing, or is neither `http` nor `https`.
    #[error("the base URL must start with https:// (or http:// for a service on this machine)")]
    Scheme,
    /// It holds a user name or password.
    #[error("the base URL must not hold a user name or password; the API key is given apart")]
    Credentials,
    /// Its port is not a number from 1 to 65535.
    #[error("the port in the base URL must be a number from 1 to 65535")]
    Port,
    /// It has a query or a fragment, so no path can be appended.
    #[error("the base URL must not have a query or a fragment")]
    QueryOrFragment,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_base_url_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", InvalidBaseUrl::NotAUrl),
            ("/v2", InvalidBaseUrl::Scheme),
            ("api.notifications.service.gov.uk", InvalidBaseUrl::Scheme),
            ("ftp://example.com", InvalidBaseUrl::Scheme),
            ("https://kim:secret@example.com", InvalidBaseUrl::Credentials),
            ("https://example.com:99999", InvalidBaseUrl::Port),
            ("http://127.0.0.1:65536/prefix", InvalidBaseUrl::Port),
            ("http://[::1]:0", InvalidBaseUrl::Port),
            ("https://example.com:0443000000", InvalidBaseUrl::Port),
            ("https://example.com/?a=b", InvalidBaseUrl::QueryOrFragment),
            ("https://example.com/#a", InvalidBaseUrl::QueryOrFragment),
        ] {
            assert_eq!(text.parse::<BaseUrl>(), Err(reason), "{text}");
        }
    }

    #[test]
    fn only_https_and_this_machine_are_private() {
        for (text, private) in [
            ("https://example.com", true),
            ("http://example.com", false),
            ("http://127.0.0.1:16011", true),
            ("http://[::1]:80", true),
            ("http://localhost", true),
            ("http://notify.localhost:3000", true),
            ("http://localhost.example.com", false),
            ("http://10.0.0.1", false),
            ("http://0.0.0.0", false),
        ] {
            assert_eq!(text.parse::<BaseUrl>().unwrap().is_private(), private, "{text}");
        }
    }
}
