//! What to do about a failed call, where this program knows more than the library.

use std::error::Error as _;

use notify_http::{BaseUrl, Error};

/// What a cause says of the network below HTTP, and what to do about it.
const NETWORK: [(&str, &str); 8] = [
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
    if let Some(advice) = of_causes(error) {
        return Some(advice.to_owned());
    }
    let is_sandbox = base_url.is_private() && base_url.as_str().starts_with("http:");
    if error.is_not_sent() && is_sandbox {
        return Some(
            "start a sandbox with `notify sandbox`, and paste one of the lines that it prints".to_owned(),
        );
    }
    let proxy = PROXIES.into_iter().find(|name| std::env::var_os(name).is_some_and(|url| !url.is_empty()))?;
    // The URL may hold a password.
    Some(format!("{}; the proxy is the one in {proxy}", error.remedy()?))
}

/// By the words of the causes: their types belong to the transport's dependencies.
fn of_causes(error: &Error) -> Option<&'static str> {
    let causes: Vec<String> =
        std::iter::successors(error.source(), |cause| (*cause).source()).map(ToString::to_string).collect();
    let is_said = |text: &str| causes.iter().any(|cause| cause.contains(text));
    NETWORK.iter().find(|(text, _)| is_said(text)).map(|(_, advice)| *advice)
}
