//! Authentication: from an `Authorization` header to a service and one of its keys.
//!
//! The checks and their order are the service's. A token is tried against each key of the service that it names.

pub(crate) mod inspect;
mod token;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::account::service::{Service, ServiceKey};
use crate::python::id;
use crate::python::json::Value;
use crate::time::Timestamp;
use crate::wire::refusal::Refusal;

use token::{Token, TokenCheck};
pub(crate) use token::{TokenRules, Verdict};

/// The service that is calling, and the key it used.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) service: Arc<Service>,
    key: usize,
}

impl Caller {
    pub(crate) fn new(service: Arc<Service>, key: usize) -> Self {
        Self { service, key }
    }

    pub(crate) fn key(&self) -> &ServiceKey {
        &self.service.keys[self.key]
    }
}

/// How a service finds out who is calling.
pub(crate) struct AuthRules {
    pub(crate) token: TokenRules,
    /// The service that an issuer names.
    pub(crate) issuer: fn(&Value) -> Result<Uuid, Refusal>,
    /// Whether revoked keys are forgotten after some days.
    pub(crate) forgets_revoked_keys: bool,
    /// Whether keys expire.
    pub(crate) keys_expire: bool,
}

impl AuthRules {
    pub(crate) const GOV_UK: Self = Self {
        token: TokenRules::GOV_UK,
        issuer: |issuer| issuer.as_str().and_then(id::parse).ok_or(Refusal::ServiceIdNotUuid),
        forgets_revoked_keys: true,
        keys_expire: false,
    };
}

/// The issuer that a token names, whoever signed it.
pub(crate) fn issuer(header: Option<&[u8]>, rules: &AuthRules) -> Result<Value, Refusal> {
    let token = Token::read(bearer(header)?, &rules.token)?;
    token.issuer().cloned().ok_or(Refusal::IssuerMissing)
}

/// Finds the caller.
pub(crate) fn authorise(
    header: Option<&[u8]>,
    services: &HashMap<Uuid, Arc<Service>>,
    now: Timestamp,
    rules: &AuthRules,
) -> Result<Caller, Refusal> {
    // Headers are text in Latin-1, and that text in UTF-8 is what was signed.
    let token = bearer(header)?;
    let token = if token.is_ascii() {
        Cow::Borrowed(token)
    } else {
        Cow::Owned(token.iter().map(|byte| char::from(*byte)).collect::<String>().into())
    };
    let token = Token::read(&token, &rules.token)?;
    let issuer = token.issuer().ok_or(Refusal::IssuerMissing)?;
    let service = services.get(&(rules.issuer)(issuer)?).ok_or(Refusal::ServiceNotFound)?;
    let is_known = |key: &ServiceKey| !rules.forgets_revoked_keys || key.is_known(now);
    let mut keys = service.keys.iter().enumerate().filter(|(_, key)| is_known(key)).peekable();
    if keys.peek().is_none() {
        return Err(Refusal::ServiceWithoutKeys);
    }
    if !service.active {
        return Err(Refusal::ServiceArchived);
    }
    let mut reason = "no key of the service made this signature";
    for (index, key) in keys {
        match token.check(key.secret(), now, &rules.token) {
            TokenCheck::Accepted if key.is_revoked() => return Err(Refusal::KeyRevoked),
            TokenCheck::Accepted if rules.keys_expire && key.has_expired(now) => {
                return Err(Refusal::KeyExpired);
            }
            TokenCheck::Accepted => return Ok(Caller { service: Arc::clone(service), key: index }),
            TokenCheck::NotByThisKey => {}
            TokenCheck::Unreadable(what) => reason = what,
            TokenCheck::Refused(refusal) => return Err(refusal),
        }
    }
    Err(Refusal::KeyNotFound(reason))
}

/// The token: what follows the seven characters of the scheme and its space.
pub(crate) fn bearer(header: Option<&[u8]>) -> Result<&[u8], Refusal> {
    const SCHEME: &[u8] = b"bearer ";
    let header = header.filter(|header| !header.is_empty()).ok_or(Refusal::TokenMissing)?;
    match header.split_at_checked(SCHEME.len()) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(SCHEME) => Ok(token),
        _ => Err(Refusal::SchemeNotBearer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
