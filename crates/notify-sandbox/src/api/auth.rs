//! Authentication: from an `Authorization` header to a service and one of its keys.
//!
//! The checks and their order are the service's. A token is tried against each key of the service that it names, and is
//! refused only for what those keys find.

mod token;

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::account::service::{Service, ServiceKey};
use crate::python::id;
use crate::time::Timestamp;
use crate::wire::refusal::Refusal;

use token::{Token, TokenCheck};

/// The service that is calling, and the key it used.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) service: Arc<Service>,
    key: usize,
}

impl Caller {
    pub(crate) fn key(&self) -> &ServiceKey {
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
            TokenCheck::Accepted if key.is_revoked() => return Err(Refusal::KeyRevoked),
            TokenCheck::Accepted => return Ok(Caller { service: Arc::clone(service), key: index }),
            TokenCheck::NotByThisKey => {}
            TokenCheck::Unreadable(what) => reason = what,
            TokenCheck::Refused(refusal) => return Err(refusal),
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
