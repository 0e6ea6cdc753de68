//! E-mail addresses, checked as strictly as the service does for its mail provider.

mod host;

use crate::python::case;
use crate::render::content::whitespace;
use std::fmt;

/// Characters besides letters and digits that the part before `@` may have.
const LOCAL_SYMBOLS: &str = ".!#$%&'*+/=?^_`{|}~-";

/// Characters in a whole address.
const LONGEST_ADDRESS: usize = 320;

/// Characters in a host name and in each of its labels (RFC 1035, section 2.3.4).
const LONGEST_HOST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// An e-mail address that the service would send to.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EmailAddress(String);

/// Why a text is not an e-mail address: the service gives one reason for everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Not a valid email address")]
pub(crate) struct EmailError;

impl EmailAddress {
    /// The form in which addresses are compared: lower case.
    pub(crate) fn normalised(&self) -> String {
        case::lower(&self.0)
    }
}

/// Hides the address in logs.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(..)")
    }
}

/// Checks an address.
///
/// # Errors
///
/// If it has no local part of plain ASCII, or no host with a top-level domain.
pub(crate) fn parse(text: &str) -> Result<EmailAddress, EmailError> {
    parse_trimmed(whitespace::trim_obscure(text), LONGEST_ADDRESS)
}

/// Checks an address for a service that knows fewer kinds of white space and sets no maximum length.
///
/// # Errors
///
/// As [`parse`].
pub(crate) fn parse_of_any_length(text: &str) -> Result<EmailAddress, EmailError> {
    const ZERO_WIDTH: [char; 6] = ['\u{180e}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];
    let visible = text.replace(ZERO_WIDTH, "");
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
    parse_trimmed(visible.trim_matches(is_space).to_owned(), usize::MAX)
}

/// The same for a service that takes letters with accents before the `@`.
///
/// # Errors
///
/// As [`parse`].
pub(crate) fn parse_with_accents(text: &str) -> Result<EmailAddress, EmailError> {
    let address =
        parse_of_any_length(&text.replace(|c: char| matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ'), "e"));
    address.map(|_| EmailAddress(text.trim().to_owned()))
}

fn parse_trimmed(address: String, longest: usize) -> Result<EmailAddress, EmailError> {
    let (local, host) = address.split_once('@').ok_or(EmailError)?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || LOCAL_SYMBOLS.contains(c);
    let fits = address.chars().count() <= longest && !address.contains("..");
    if local.is_empty() || !local.chars().all(is_plain) || !fits || !is_host(host) {
        return Err(EmailError);
    }
    Ok(EmailAddress(address))
}

/// Whether `host` is a name of at least two labels, the last of them a top-level domain.
fn is_host(host: &str) -> bool {
    if host.starts_with('.') || host.chars().any(|c| c == '@' || whitespace::is_space(c)) {
        return false;
    }
    let Some(host) = host::to_ascii(host) else { return false };
    let labels: Vec<&str> = host.split('.').collect();
    labels.len() >= 2
        && host.len() <= LONGEST_HOST
        && labels.iter().all(|label| is_label(label))
        && labels.last().is_some_and(|label| is_top_level_domain(label))
}

/// Letters and digits, with hyphens inside.
fn is_label(label: &str) -> bool {
    let inside = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    inside
        && !label.is_empty()
        && label.len() <= LONGEST_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-')
        && !label.contains("---")
}

/// Two or more letters, or Punycode.
fn is_top_level_domain(label: &str) -> bool {
    let is_punycode = label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--"));
    if is_punycode {
        let encoded = &label[4..];
        !encoded.is_empty() && !encoded.starts_with('-') && !encoded.contains("--")
    } else {
        label.len() >= 2 && label.bytes().all(|b| b.is_ascii_alphabetic())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_with_a_host_of_two_labels_pass() {
        for good in [
            "a@b.co",
            ".a.@b.co",
            "!#$%&'*+/=?^_`{|}~-@b.co",
            "a@b-c--d.e9.XN--P1AI",
            "a@bücher.de",
            "a@例。テスト",
            "a@1.uk",
            "a@ＥＸＡＭＰＬＥ.com",
            "a@xn--zzzzzz.com.uk",
            "a@😀.com",
            "a@\u{301}a.co",
            "a@\u{660}.co",
        ] {
            assert!(parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_no_mail_server_would_take_is_refused() {
        for bad in [
            "",
            "@",
            "a@",
            "@b.co",
            "a@b",
            "a@.co",
            "a@b.",
            "a@b..co",
            "a..b@c.de",
            "a@b.c",
            "a@b.c1",
            "a@-b.co",
            "a@b-.co",
            "a@b---c.co",
            "a@b_c.de",
            "a@b.xn--",
            "a@b@c.de",
            "a b@c.de",
            "a@b.co\u{3000}m",
            "é@b.co",
            "a,b@c.de",
            "a@[1.2.3.4]",
            "a@1.2.3.4",
            "a@b\u{202e}c.de",
            "a@א1.co",
            "a@\u{2488}.co",
        ] {
            assert_eq!(parse(bad), Err(EmailError), "{bad}");
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        let local = "a".repeat(LONGEST_ADDRESS - "@b.co".len());
        assert!(parse(&format!("{local}@b.co")).is_ok());
        assert!(parse(&format!("{local}a@b.co")).is_err());
        assert!(parse(&format!("a@{}.co", "b".repeat(LONGEST_LABEL))).is_ok());
        assert!(parse(&format!("a@{}.co", "b".repeat(LONGEST_LABEL + 1))).is_err());
    }

    #[test]
    fn an_address_is_not_logged() {
        assert_eq!(format!("{:?}", parse("ada@example.com").unwrap()), "EmailAddress(..)");
    }
}
