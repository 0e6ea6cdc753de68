//! What to do about a failed call, where this program knows more than the library.

use std::error::Error as _;

use notify_http::{BaseUrl, Error};

use crate::setup::certificates;

/// What a cause says about the network below HTTP, and what to do about it. It goes by the text: the causes' types belong to the
/// transport's dependencies.
const NETWORK: [(&str, &str); 10] = [
    (
        "CaUsedAsEndEntity",
        "the server shows the certificate of an authority as its own: it needs one of its own, signed by that authority",
    ),
    (
        "UnknownIssuer",
        "this machine does not trust the certificate: if a proxy inspects the traffic, install its certificate \
         in the system, or name its file in SSL_CERT_FILE",
    ),
    ("certificate expired", "the certificate is out of date by this machine's clock: check the clock"),
    (
        "certificate not valid yet",
        "the certificate is not valid yet by this machine's clock: check the clock",
    ),
    ("certificate not valid for name", "the certificate is another host's: check the base URL"),
    ("invalid peer certificate", "the certificate cannot be trusted: check the base URL and the proxy"),
    (
        "invalid HTTP version",
        "what listens there does not speak HTTP: check the base URL; it begins with https:// if the server speaks TLS, as \
         `notify sandbox --tls` does",
    ),
    (
        "corrupt message",
        "what listens there does not speak TLS: check the base URL; a sandbox is at http://, not https://",
    ),
    ("failed to lookup address", "the host is unknown: check the name in the base URL, and the network"),
    ("dns error", "the host is unknown: check the name in the base URL, and the network"),
];

/// The variables that name a proxy, in the order in which they count.
const PROXIES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// What to do about a failed call; `None` if the library's own remedy is the best.
pub(super) fn advice(error: &Error, base_url: &BaseUrl, options: &str) -> Option<String> {
    if error.is_template_refused() {
        return Some(format!("{}; `notify templates{options}` lists them", error.remedy()?));
    }
    if error.is_clock_refused() {
        return Some(format!(
            "{}; on most systems that is a setting to keep the time from the network",
            error.remedy()?
        ));
    }
    let is_network = error.status().is_none() && error.attempts() > 0 && !error.may_have_been_sent();
    if !is_network {
        return None;
    }
    let causes: Vec<String> =
        std::iter::successors(error.source(), |cause| (*cause).source()).map(ToString::to_string).collect();
    let is_said = |text: &str| causes.iter().any(|cause| cause.contains(text));
    let proxy = PROXIES.into_iter().find(|name| std::env::var_os(name).is_some_and(|url| !url.is_empty()));
    // The proxy itself was not reached; its URL may hold a password.
    if let Some(proxy) = proxy.filter(|_| is_said("failed to create underlying connection")) {
        return Some(format!("the proxy cannot be reached: check its URL, in {proxy}"));
    }
    if let Some((text, advice)) = NETWORK.iter().find(|(text, _)| is_said(text)) {
        let unread = certificates::unread().filter(|_| *text == "UnknownIssuer").unwrap_or_default();
        return Some(format!("{advice}{unread}"));
    }
    let is_sandbox = base_url.is_private() && base_url.as_str().starts_with("http:");
    if error.is_not_sent() && is_sandbox {
        return Some(
            "start a sandbox with `notify sandbox`, and paste one of the lines that it prints".to_owned(),
        );
    }
    Some(format!("{}; the proxy is the one in {}", error.remedy()?, proxy?))
}
