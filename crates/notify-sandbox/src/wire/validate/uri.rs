//! URIs (RFC 3986) by the service's rule: every part must match its grammar, and nothing is decoded.

use std::net::Ipv6Addr;

/// Whether a text is a URI, with a scheme and perhaps a fragment. One line break at its end does no harm.
pub(super) fn is_uri(text: &str) -> bool {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    is_scheme(scheme) && is_made_of(fragment, ":@/?") && is_made_of(query, ":@/?") && is_hierarchy(rest)
}

fn is_scheme(scheme: &str) -> bool {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || "+.-".contains(c);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_inside)
}

/// An authority and a path, or a path alone.
fn is_hierarchy(rest: &str) -> bool {
    let Some(rest) = rest.strip_prefix("//") else { return is_made_of(rest, ":@/") };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    is_made_of(user, ":") && is_host(host) && is_made_of(path, ":@/")
}

fn is_host(host: &str) -> bool {
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = host.strip_prefix('[') {
        let Some((address, rest)) = rest.split_once(']') else { return false };
        return is_address(address) && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port));
    }
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    is_made_of(name, "") && is_port(port)
}

/// An address of version 6, or of one to come.
fn is_address(address: &str) -> bool {
    if let Some((version, rest)) = address.strip_prefix('v').and_then(|address| address.split_once('.')) {
        let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_hexdigit());
        return is_version && !rest.is_empty() && !rest.contains('%') && is_made_of(rest, ":");
    }
    !address.contains('%') && address.parse::<Ipv6Addr>().is_ok()
}

/// Whether a part has only what every part may have, and these characters.
fn is_made_of(part: &str, more: &str) -> bool {
    const EVERYWHERE: &str = "-._~!$&'()*+,;=";
    let escaped =
        |escape: &str| escape.get(..2).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || EVERYWHERE.contains(c) || more.contains(c);
    let mut pieces = part.split('%');
    pieces.next().is_none_or(|piece| piece.chars().all(is_plain))
        && pieces.all(|piece| escaped(piece) && piece.chars().all(is_plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_grammar_allows_is_a_uri() {
        for uri in [
            "https:",
            "https:x",
            "https:/x",
            "https://",
            "https:///x",
            "https:////",
            "https:?#",
            "https+a://b",
            "https://x\n",
            "https://[::1]:80/",
            "https://[v1.a:b]",
            "https://[1:2:3:4:5:6:7::]/",
            "https://[::1.2.3.4]/",
            "https://a:@b:/c",
            "https://a/%41?b=c/?:@#d?/",
            "https://a/'(),;~!$&*+=",
        ] {
            assert!(is_uri(uri), "{uri}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        for text in [
            "",
            "https",
            "httpsfoo",
            "1https://x",
            "https://x\n\n",
            " https://x",
            "https://x y",
            "https:\\\\x",
            "https://a\\b",
            "https://é.gov.uk",
            "https://a/é",
            "https://a/%zz",
            "https://a/%4",
            "https://a:8x/",
            "https://a@b@c/",
            "https://[::1",
            "https://[1::2::3]/",
            "https://[::1%25a]/",
            "https://[::1]a",
            "https://a/[b]",
            "https://a/?b[1]=c",
            "https://a/?b|c",
            "https://a/?{b}",
            "https://a/#b#c",
            "https://a/\"",
            "https://a/`^",
            "https://a/?<>",
        ] {
            assert!(!is_uri(text), "{text}");
        }
    }
}
