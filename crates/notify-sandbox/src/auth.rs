//! Who is asking: from an `Authorization` header to a service and one of its keys.
//!
//! The order of the checks is the service's, and so is the mercy: a token is tried against each key of the service that
//! it names, and only what those keys say is held against it.

mod token;

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::id;
use crate::json::Value;
use crate::refusal::Refusal;
use crate::service::{ApiKey, Service};
use crate::timestamp::Timestamp;

use token::{Token, Verdict};

/// A service, and the key that one of its programs used.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) service: Arc<Service>,
    key: usize,
}

impl Caller {
    pub(crate) fn key(&self) -> &ApiKey {
        &self.service.keys[self.key]
    }
}

/// Finds the caller.
pub(crate) fn authorise(
    header: Option<&[u8]>,
    services: &HashMap<Uuid, Arc<Service>>,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    // Headers are text in Latin-1, and that text in UTF-8 is what was signed.
    let token: Vec<u8> = bearer(header)?.iter().map(|byte| char::from(*byte)).collect::<String>().into();
    let token = Token::read(&token)?;
    let issuer = token.issuer().ok_or(Refusal::IssuerMissing)?;
    let id = issuer.as_str().and_then(id::parse).ok_or(Refusal::ServiceIdNotUuid)?;
    let service = services.get(&id).ok_or(Refusal::ServiceNotFound)?;
    let mut keys = service.keys.iter().enumerate().filter(|(_, key)| key.is_known(now)).peekable();
    if keys.peek().is_none() {
        return Err(Refusal::ServiceWithoutKeys);
    }
    if !service.active {
        return Err(Refusal::ServiceArchived);
    }
    let mut reason = "no key of the service made this signature";
    for (index, key) in keys {
        match token.check(key.secret(), now) {
            Verdict::Accepted if key.is_revoked() => return Err(Refusal::KeyRevoked),
            Verdict::Accepted => return Ok(Caller { service: Arc::clone(service), key: index }),
            Verdict::NotByThisKey => {}
            Verdict::Unreadable(what) => reason = what,
            Verdict::Refused(refusal) => return Err(refusal),
        }
    }
    Err(Refusal::KeyNotFound(reason))
}

/// The token: what follows the seven characters of the scheme and its space.
fn bearer(header: Option<&[u8]>) -> Result<&[u8], Refusal> {
    const SCHEME: &[u8] = b"bearer ";
    let header = header.filter(|header| !header.is_empty()).ok_or(Refusal::TokenMissing)?;
    match header.split_at_checked(SCHEME.len()) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(SCHEME) => Ok(token),
        _ => Err(Refusal::SchemeNotBearer),
    }
}

/// Python's `int()`, as far as JSON goes.
#[derive(Debug, PartialEq)]
enum Whole {
    /// The number, at most what 128 bits hold.
    Number(i128),
    /// No number, but of a type that could be one.
    NotANumber,
    /// Of a type that never is one, or infinite.
    Impossible,
}

impl Whole {
    fn of(value: &Value) -> Self {
        use crate::json::Integer;
        match value {
            Value::Bool(value) => Self::Number(i128::from(*value)),
            Value::Integer(Integer::Small(number)) => Self::Number(i128::from(*number)),
            Value::Integer(Integer::Big(digits)) => {
                let beyond = if digits.starts_with('-') { i128::MIN } else { i128::MAX };
                Self::Number(digits.parse().unwrap_or(beyond))
            }
            Value::Float(number) if number.is_nan() => Self::NotANumber,
            #[expect(
                clippy::cast_possible_truncation,
                reason = "truncation is the rule, saturation is enough"
            )]
            Value::Float(number) if number.is_finite() => Self::Number(*number as i128),
            Value::String(text) => Self::parse(text),
            Value::Float(_) | Value::Null | Value::Array(_) | Value::Object(_) => Self::Impossible,
        }
    }

    /// Digits with white space around, a sign before and single underscores between them.
    fn parse(text: &str) -> Self {
        let text = text.trim();
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let grouped = digits
            .split('_')
            .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
        if !grouped {
            return Self::NotANumber;
        }
        let beyond = if text.starts_with('-') { i128::MIN } else { i128::MAX };
        Self::Number(text.replace('_', "").parse().unwrap_or(beyond))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read;

    #[test]
    fn the_scheme_is_seven_characters_in_any_case() {
        assert_eq!(bearer(Some(b"BeArEr x")), Ok(b"x".as_slice()));
        assert_eq!(bearer(Some(b"Bearer  x")), Ok(b" x".as_slice()));
        assert_eq!(bearer(None), Err(Refusal::TokenMissing));
        assert_eq!(bearer(Some(b"")), Err(Refusal::TokenMissing));
        for other in [b"Bearer".as_slice(), b"Basic eDp4", b"x.y.z", b"Bearer\tx"] {
            assert_eq!(bearer(Some(other)), Err(Refusal::SchemeNotBearer));
        }
    }

    #[test]
    fn whole_numbers_are_read_as_python_does() {
        let cases = [
            ("17", Whole::Number(17)),
            ("17.9", Whole::Number(17)),
            ("-17.9", Whole::Number(-17)),
            ("1e3", Whole::Number(1000)),
            ("true", Whole::Number(1)),
            (r#"" 1_7 ""#, Whole::Number(17)),
            (r#""-17""#, Whole::Number(-17)),
            (r#""1__7""#, Whole::NotANumber),
            (r#""17.5""#, Whole::NotANumber),
            (r#""""#, Whole::NotANumber),
            (&format!("\"{}\"", "9".repeat(40)), Whole::Number(i128::MAX)),
            (&format!("\"-{}\"", "9".repeat(40)), Whole::Number(i128::MIN)),
            ("NaN", Whole::NotANumber),
            ("Infinity", Whole::Impossible),
            ("null", Whole::Impossible),
            ("[17]", Whole::Impossible),
        ];
        for (json, expected) in cases {
            assert_eq!(Whole::of(&read(json.as_bytes()).unwrap()), expected, "{json}");
        }
    }
}
