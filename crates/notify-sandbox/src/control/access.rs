//! Who may use the control API and look at its page: programs and people, but no other web page.
//!
//! A page elsewhere can make a browser send requests here, and by DNS rebinding even read the answers. But it cannot
//! set a header of its own without a preflight request, which we never grant; and the host name that a rebinding page
//! uses is not one of ours. Beyond loopback any name may be ours, so a caller needs the control token, or the cookie
//! that a browser gets for a link that works once. A browser sends a cookie only to the host that set it.

mod links;

use std::net::IpAddr;

use http::header::{self, HeaderMap};
use uuid::Uuid;

use links::Links;

/// Where the page is.
pub(crate) const PAGE: &str = "/sandbox/inbox";

/// The parameter of a link that lets a browser in.
pub(crate) const TOKEN: &str = "token";

/// The cookie that a browser gets for a link.
const COOKIE: &str = "notify-sandbox";

/// Who may enter.
pub(crate) enum Access {
    /// Anyone who names this machine by one of its own names.
    ThisMachine,
    /// Anyone who knows the control token, or has received a link.
    AnyMachine { token: String, links: Links, is_encrypted: bool },
}

/// Why somebody may not enter.
#[derive(Debug, PartialEq)]
pub(crate) enum Denied {
    /// The header that no other page can set is missing.
    WithoutHeader,
    /// The header `Host` does not name this machine.
    OtherHost,
    /// Neither the token nor a cookie.
    Unknown,
}

impl Denied {
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::WithoutHeader | Self::OtherHost => 403,
            Self::Unknown => 401,
        }
    }

    pub(crate) const fn why(&self) -> &'static str {
        match self {
            Self::WithoutHeader => "set the header X-Sandbox: 1",
            Self::OtherHost => "the header Host has to name this machine: localhost, 127.0.0.1 or [::1]",
            Self::Unknown => "beyond this machine, the header Authorization: Bearer needs the control token",
        }
    }
}

impl Access {
    /// The rules for a sandbox that listens on this address, perhaps with HTTPS.
    pub(crate) fn to(address: IpAddr, is_encrypted: bool) -> Self {
        if address.is_loopback() {
            return Self::ThisMachine;
        }
        Self::AnyMachine { token: Uuid::new_v4().simple().to_string(), links: Links::default(), is_encrypted }
    }

    /// The control token, if one is needed.
    pub(crate) fn token(&self) -> Option<&str> {
        match self {
            Self::ThisMachine => None,
            Self::AnyMachine { token, .. } => Some(token),
        }
    }

    /// Checks a request to the control API.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), Denied> {
        if headers.get("x-sandbox").is_none_or(|value| value != "1") {
            return Err(Denied::WithoutHeader);
        }
        self.check_visit(headers)
    }

    /// Checks a request for the page or a part of it, which a browser makes without a header of ours.
    pub(crate) fn check_visit(&self, headers: &HeaderMap) -> Result<(), Denied> {
        match self {
            Self::ThisMachine => {
                let host = text(headers, header::HOST);
                host.is_some_and(is_loopback).then_some(()).ok_or(Denied::OtherHost)
            }
            Self::AnyMachine { token, links, .. } => {
                let bearer =
                    text(headers, header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
                let is_known = bearer.is_some_and(|given| are_equal(given, token))
                    || cookies(headers).any(|(name, value)| name == COOKIE && links.knows(value));
                is_known.then_some(()).ok_or(Denied::Unknown)
            }
        }
    }

    /// A link to the page. Beyond this machine it is a new one, and lets one browser in, once.
    pub(crate) fn link(&self, base: &str) -> String {
        // The address of all interfaces cannot be visited, but one of them belongs to this machine.
        let base = base.replace("://0.0.0.0:", "://127.0.0.1:").replace("://[::]:", "://[::1]:");
        match self {
            Self::ThisMachine => format!("{base}{PAGE}"),
            Self::AnyMachine { links, .. } => format!("{base}{PAGE}?{TOKEN}={}", links.add()),
        }
    }

    /// The `Set-Cookie` value for the token of a link. A token works once.
    pub(crate) fn redeem(&self, token: &str) -> Option<String> {
        let Self::AnyMachine { links, is_encrypted, .. } = self else { return None };
        let value = links.redeem(token)?;
        let secure = if *is_encrypted { "; Secure" } else { "" };
        Some(format!("{COOKIE}={value}; Path=/sandbox; HttpOnly; SameSite=Strict{secure}"))
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='))
}

/// Whether an authority, with or without a port, names this machine.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Compares in constant time, so that timing does not reveal a token.
fn are_equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn names_of_this_machine_are_known_and_others_are_not() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:6011", "127.9.9.9", "[::1]:6011", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.0.1", "::1"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_link_lets_one_browser_in_and_its_cookie_does_so_again() {
        let access = Access::to([0, 0, 0, 0].into(), false);
        let mut headers = HeaderMap::new();
        assert_eq!(access.check_visit(&headers), Err(Denied::Unknown));
        let link = access.link("http://0.0.0.0:6011");
        let token = link.strip_prefix("http://127.0.0.1:6011/sandbox/inbox?token=").unwrap();
        let cookie = access.redeem(token).unwrap();
        assert_eq!(access.redeem(token), None, "a link is good once");
        assert!(cookie.ends_with("; Path=/sandbox; HttpOnly; SameSite=Strict"), "{cookie}");
        let pair = format!("theme=dark; {}", cookie.split(';').next().unwrap());
        headers.insert(header::COOKIE, HeaderValue::try_from(pair).unwrap());
        assert_eq!(access.check_visit(&headers), Ok(()));
        assert_eq!(access.check(&headers), Err(Denied::WithoutHeader), "a cookie alone orders nothing");
        headers.insert("x-sandbox", HeaderValue::from_static("1"));
        assert_eq!(access.check(&headers), Ok(()));
        let other = Access::to([0, 0, 0, 0].into(), true);
        let link = other.link("https://0.0.0.0:6011");
        let cookie = other.redeem(link.split_once('=').unwrap().1).unwrap();
        assert!(cookie.ends_with("; Secure"), "{cookie}");
        assert_eq!(other.check(&headers), Err(Denied::Unknown), "it is another sandbox's cookie");
    }
}
