//! Proxies.

/// The address of the proxy that a request went through, without a user name or password, such as
/// `http://proxy.example:3128`.
///
/// A transport can put it into the [extensions](http::Response::extensions) of a response. If the proxy wants
/// credentials (407), the error names it.
///
/// # Examples
///
/// ```
/// use notify_api::ProxyAddress;
///
/// let mut response = http::Response::new(());
/// *response.status_mut() = http::StatusCode::PROXY_AUTHENTICATION_REQUIRED;
/// response.extensions_mut().insert(ProxyAddress("http://proxy.example:3128".to_owned()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyAddress(pub String);
