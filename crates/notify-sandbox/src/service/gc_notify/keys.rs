//! Authenticates a caller by a token, or by the whole key.

use std::sync::Arc;

use uuid::Uuid;

use super::uncaught;
use crate::account::services::Services;
use crate::api::auth::{self, AuthRules, Caller, TokenRules, Verdict};
use crate::python::json::{Object, Value};
use crate::service::caller;
use crate::time::Timestamp;
use crate::wire::refusal::{AUTH, CustomRefusal, Refusal};
use crate::wire::request::{Request, RequestExt as _};

/// What every key starts with.
pub(super) const PREFIX: &str = "gcntfy-";

/// The scheme of a key without a token.
const WHOLE_KEY: &[u8] = b"apikey-v1";

const BEARER: &[u8] = b"bearer";

/// How many characters an id has, and a secret.
const ID: usize = 36;

pub(super) const SCHEMES: &str = "Unauthorized, Authorization header is invalid. GC Notify supports the following \
    authentication methods. Bearer: JWT token that the client generates and passes in, Learn more: \
    https://documentation.notification.canada.ca/en/start.html#headers., ApiKey-v1: If you cannot generate a JWT token \
    you may optionally use the API secret generated for you by GC Notify. Learn more: \
    https://documentation.notification.canada.ca/en/start.html#headers.";

pub(super) static RULES: AuthRules = AuthRules {
    token: TokenRules {
        check_header,
        other_algorithm: Verdict::AnotherKeys,
        not_yet_valid: Verdict::ClockSkew,
        expired: Verdict::Refused(|what| uncaught("TokenError", what)),
        audience: Verdict::Refused(|what| uncaught("TokenError", what)),
        empty_audience_is_none: true,
        odd_subject: Verdict::Refused(|what| uncaught("TokenError", what)),
    },
    issuer,
    forgets_revoked_keys: false,
    keys_expire: false,
};

/// Finds the caller by the scheme of its header. The scheme may be followed by any character.
pub(super) fn authorise(services: &Services, request: &Request, now: Timestamp) -> Result<Caller, Refusal> {
    let header = request.authorization().filter(|header| !header.is_empty()).ok_or(Refusal::TokenMissing)?;
    let behind = |scheme: &[u8]| {
        let (start, rest) = header.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| rest.get(1..).unwrap_or_default().to_vec())
    };
    if let Some(key) = behind(WHOLE_KEY) {
        return by_key(services, String::from_utf8_lossy(&key).trim());
    }
    let token = behind(BEARER).ok_or(Refusal::SchemeNotBearer)?;
    let header = [b"Bearer ", token.trim_ascii()].concat();
    auth::authorise(Some(&header), services.by_id(), now, &RULES)
}

/// The owner of a key. Its name may be anything, and so may the characters between id and secret.
fn by_key(services: &Services, key: &str) -> Result<Caller, Refusal> {
    let refuse = |message| -> Refusal { CustomRefusal::new(403, AUTH, message).into() };
    if !key.starts_with(PREFIX) {
        return Err(refuse("Invalid token: Enter your full API key"));
    }
    let characters: Vec<char> = key.chars().collect();
    let from_end = |from: usize, to: usize| -> String {
        let end = characters.len().saturating_sub(to);
        characters[characters.len().saturating_sub(from)..end].iter().collect()
    };
    let secret = from_end(ID, 0);
    let found = services.iter().find_map(|service| {
        let index = service.keys.iter().position(|key| key.secret() == secret.as_bytes())?;
        Some((Arc::clone(service), index))
    });
    let (service, index) = found.ok_or_else(|| refuse("Invalid token: API key not found"))?;
    if from_end(2 * ID + 1, ID + 1) != service.id.to_string() {
        return Err(refuse("Invalid token: Enter your full API key"));
    }
    if service.keys[index].is_revoked() {
        return Err(Refusal::KeyRevoked);
    }
    Ok(Caller::new(service, index))
}

/// The service repeats its library's message about a header.
fn check_header(header: &Object) -> Result<(), Refusal> {
    let refuse = |what: String| -> Result<(), Refusal> {
        Err(CustomRefusal::new(403, AUTH, format!("Invalid token: {what}")).into())
    };
    if header.get("kid").is_some_and(|kid| kid.as_str().is_none()) {
        return refuse("Key ID header parameter must be a string".to_owned());
    }
    match header.get("crit") {
        None => {}
        Some(Value::Array(names)) if !names.is_empty() => {
            for name in names {
                let Some(name) = name.as_str() else {
                    return refuse("Invalid 'crit' header: values must be strings".to_owned());
                };
                if name != "b64" {
                    return refuse(format!("Unsupported critical extension: {name}"));
                }
                if !header.contains(name) {
                    return refuse(format!("Critical extension '{name}' is missing from headers"));
                }
            }
        }
        Some(_) => return refuse("Invalid 'crit' header: must be a non-empty list".to_owned()),
    }
    if header.get("b64") == Some(&Value::Bool(false)) {
        return Err(Refusal::TokenMalformed("its payload is detached (b64)"));
    }
    Ok(())
}

fn issuer(issuer: &Value) -> Result<Uuid, Refusal> {
    caller::issuer_or_list(issuer, || uncaught("ProgrammingError", "iss is not text"))
}
