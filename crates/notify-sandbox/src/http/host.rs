//! Who may call the control API: programs but not web pages, and beyond loopback only those that know the token.

use std::net::IpAddr;

use http::header::{self, HeaderMap};

use crate::control::ControlApi;
use crate::wire::response::{self, Response};

/// Refuses requests that a web page could have made.
///
/// A page can make a browser send requests here, and by DNS rebinding even read the answers. It cannot set a header of
/// its own without asking first, which is never granted; and the name by which a rebinding page knows us is not one of
/// ours.
pub(super) fn refuse(control_api: &ControlApi, headers: &HeaderMap) -> Option<Response> {
    if headers.get("x-sandbox").is_none_or(|value| value != "1") {
        return Some(response::control_error(403, "set the header X-Sandbox: 1"));
    }
    let Some(token) = control_api.token() else {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        return match host {
            Some(host) if is_loopback(host) => None,
            _ => Some(response::control_error(
                403,
                "the header Host has to name this machine: localhost, 127.0.0.1 or [::1]",
            )),
        };
    };
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer "));
    if given.is_some_and(|given| are_equal(given, token)) {
        None
    } else {
        Some(response::control_error(
            401,
            "beyond this machine, the header Authorization: Bearer needs the control token",
        ))
    }
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

/// Compares in constant time, so that timing does not reveal the token.
fn are_equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
