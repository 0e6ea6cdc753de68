//! Which proxy answered, and what it said.

use std::error::Error;

use notify_api::{BaseUrl, ProxyAddress};
use reqwest::Url;

use super::Proxy;

/// hyper-util's error message when a proxy answers 407 to the request for a tunnel; its error type is not exported.
const TUNNEL_WANTS_CREDENTIALS: &str = "tunnel error: proxy authorization required";

/// The environment variables that name a proxy, for each scheme in order of precedence.
const FOR_HTTPS: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const FOR_HTTP: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// Whether the tunnel failed because the proxy wants credentials.
pub(super) fn wants_credentials(error: &reqwest::Error) -> bool {
    let mut sources = std::iter::successors(error.source(), |error| (*error).source());
    sources.any(|source| source.to_string() == TUNNEL_WANTS_CREDENTIALS)
}

/// The address of the proxy for requests to this URL; `None` if unknown.
pub(super) fn address(proxy: &Proxy, base_url: &BaseUrl) -> Option<ProxyAddress> {
    let text = match proxy {
        Proxy::At(url) => url.0.clone(),
        Proxy::None => return None,
        Proxy::OfTheSystem => {
            let names = if base_url.as_str().starts_with("https") { FOR_HTTPS } else { FOR_HTTP };
            names.into_iter().find_map(|name| std::env::var(name).ok().filter(|text| !text.is_empty()))?
        }
    };
    shown(&text).map(ProxyAddress)
}

/// The URL without credentials, path and query. In the environment the scheme may be missing.
fn shown(text: &str) -> Option<String> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&with_scheme).ok()?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{}{port}", url.scheme(), url.host_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_named_without_its_password() {
        for (text, named) in [
            ("http://kim:secret@proxy.example:3128/x?y", Some("http://proxy.example:3128")),
            ("proxy.example:3128", Some("http://proxy.example:3128")),
            ("kim:secret@[::1]:8080", Some("http://[::1]:8080")),
            ("socks5://proxy.example", Some("socks5://proxy.example")),
            ("http://", None),
        ] {
            assert_eq!(shown(text).as_deref(), named, "{text}");
        }
    }
}
