//! A JSON Web Token, read as leniently as the service's library reads it, and checked by its rules.

#[cfg(test)]
mod tests;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::python::base64;
use crate::python::int::PyInt;
use crate::python::json::{self, Object, ReadError, Value};
use crate::time::Timestamp;
use crate::wire::refusal::{Exception, Refusal};

/// How far a token's times may be off the sandbox's clock, in seconds.
pub(super) const LEEWAY: i64 = 30;

/// The parts of a token, none of them verified yet.
pub(super) struct Token<'a> {
    signed: &'a [u8],
    signature: Vec<u8>,
    header: Object,
    claims: Object,
}

/// The result of checking a token against one key.
#[derive(Debug, PartialEq)]
pub(super) enum TokenCheck {
    Accepted,
    /// The signature is not by this key; the next key may match.
    NotByThisKey,
    /// Signed by this key, but a claim is unreadable. The service treats that as another key's signature.
    Unreadable(&'static str),
    /// Refused, even if another key would match.
    Refused(Refusal),
}

/// A claim that is a time.
enum Seconds {
    Absent,
    /// Not a whole number, but of a type that could be one.
    Unreadable,
    At(i128),
}

/// How a service's library treats a token that is signed correctly and unusual otherwise.
pub(crate) struct TokenRules {
    /// How it treats `kid`, `crit` and `b64`.
    pub(crate) check_header: fn(&Object) -> Result<(), Refusal>,
    pub(crate) other_algorithm: Verdict,
    /// `nbf` ahead.
    pub(crate) not_yet_valid: Verdict,
    /// `exp` behind.
    pub(crate) expired: Verdict,
    pub(crate) audience: Verdict,
    /// Whether an empty or null audience counts as absent.
    pub(crate) empty_audience_is_none: bool,
    /// `sub` or `jti` that is not a string.
    pub(crate) odd_subject: Verdict,
}

/// The consequence of an unusual token.
#[derive(Clone, Copy)]
pub(crate) enum Verdict {
    /// It is refused for this reason, even if another key would match.
    Refused(fn(&'static str) -> Refusal),
    /// It counts as signed by another key.
    AnotherKeys,
    /// Its time is wrong.
    ClockSkew,
    Ignored,
}

impl TokenRules {
    pub(crate) const GOV_UK: Self = Self {
        check_header,
        other_algorithm: Verdict::Refused(|_| Refusal::AlgorithmNotHs256),
        not_yet_valid: Verdict::ClockSkew,
        expired: Verdict::Refused(Refusal::TokenMalformed),
        audience: Verdict::Refused(Refusal::TokenMalformed),
        empty_audience_is_none: true,
        odd_subject: Verdict::Refused(Refusal::TokenMalformed),
    };
}

impl Verdict {
    fn on(self, what: &'static str, skew: impl FnOnce() -> Refusal) -> Result<(), TokenCheck> {
        match self {
            Self::Refused(refusal) => Err(TokenCheck::Refused(refusal(what))),
            Self::AnotherKeys => Err(TokenCheck::Unreadable(what)),
            Self::ClockSkew => Err(TokenCheck::Refused(skew())),
            Self::Ignored => Ok(()),
        }
    }
}

/// The segments of a token, decoded as far as the service decodes them before it reads the header.
pub(super) struct Segments<'a> {
    signed: &'a [u8],
    signature: Vec<u8>,
    header: Object,
    claims: Vec<u8>,
}

impl<'a> Segments<'a> {
    pub(super) fn of(token: &'a [u8]) -> Result<Self, Refusal> {
        let last =
            token.iter().rposition(|byte| *byte == b'.').ok_or(Refusal::TokenMalformed("it has no dots"))?;
        let signed = &token[..last];
        let first = signed
            .iter()
            .position(|byte| *byte == b'.')
            .ok_or(Refusal::TokenMalformed("it has fewer than three segments"))?;
        let segment = |segment| {
            base64::decode_segment(segment).map_err(|_| Refusal::TokenMalformed("it is not Base64"))
        };
        let header = object(&segment(&signed[..first])?, "its header is not a JSON object")?;
        let claims = segment(&signed[first + 1..])?;
        let signature = segment(&token[last + 1..])?;
        Ok(Self { signed, signature, header, claims })
    }

    /// The token, whatever its header says.
    pub(super) fn token(self) -> Result<Token<'a>, Refusal> {
        let claims = object(&self.claims, "its payload is not a JSON object")?;
        Ok(Token { signed: self.signed, signature: self.signature, header: self.header, claims })
    }
}

impl<'a> Token<'a> {
    /// Splits a token into its parts.
    pub(super) fn read(token: &'a [u8], rules: &TokenRules) -> Result<Self, Refusal> {
        let segments = Segments::of(token)?;
        (rules.check_header)(&segments.header)?;
        segments.token()
    }

    /// The header, in its order.
    pub(super) fn header(&self) -> &Object {
        &self.header
    }

    /// The claims, in their order.
    pub(super) fn claims(&self) -> &Object {
        &self.claims
    }

    /// The issuer that the token claims.
    pub(super) fn issuer(&self) -> Option<&Value> {
        self.claims.get("iss")
    }
    /// Checks the token against one key.
    pub(super) fn check(&self, secret: &[u8], now: Timestamp, rules: &TokenRules) -> TokenCheck {
        if let Err(verdict) = self.check_algorithm(rules) {
            return verdict;
        }
        if !self.is_signed_with(secret) {
            return TokenCheck::NotByThisKey;
        }
        match CLAIM_CHECKS.iter().try_for_each(|(_, check)| check(self, now, rules)) {
            Ok(()) => TokenCheck::Accepted,
            Err(verdict) => verdict,
        }
    }

    pub(super) fn check_algorithm(&self, rules: &TokenRules) -> Result<(), TokenCheck> {
        if self.header.get("alg").and_then(Value::as_str) == Some("HS256") {
            return Ok(());
        }
        let skew = || Refusal::ClockSkew(String::new());
        rules.other_algorithm.on("alg is not HS256", skew)?;
        Err(TokenCheck::NotByThisKey)
    }

    pub(super) fn is_signed_with(&self, secret: &[u8]) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
        mac.update(self.signed);
        mac.verify_slice(&self.signature).is_ok()
    }

    /// The time in a claim.
    fn seconds(&self, claim: &str) -> Result<Seconds, TokenCheck> {
        let uncaught = |exception, why| Err(TokenCheck::Refused(Refusal::Uncaught(exception, why)));
        match self.claims.get(claim).map(PyInt::of) {
            None => Ok(Seconds::Absent),
            Some(PyInt::Number(seconds)) => Ok(Seconds::At(seconds)),
            Some(PyInt::NotANumber) => Ok(Seconds::Unreadable),
            Some(PyInt::OfWrongType) => uncaught(
                Exception::Type,
                "iat, nbf and exp of a token have to be numbers, not null, a list or an object",
            ),
            Some(PyInt::Infinite) => {
                uncaught(Exception::Overflow, "iat, nbf and exp of a token have to be finite")
            }
        }
    }

    fn issued_ahead(&self, now: Timestamp, _: &TokenRules) -> Result<(), TokenCheck> {
        match self.seconds("iat")? {
            Seconds::At(iat) if is_ahead(iat, now) => Err(TokenCheck::Refused(skew("iat", iat, now))),
            Seconds::Unreadable => Err(TokenCheck::Refused(Refusal::ClockSkew(
                "iat is not a whole number of seconds".to_owned(),
            ))),
            _ => Ok(()),
        }
    }

    fn not_before(&self, now: Timestamp, rules: &TokenRules) -> Result<(), TokenCheck> {
        match self.seconds("nbf")? {
            Seconds::At(nbf) if is_ahead(nbf, now) => {
                rules.not_yet_valid.on("it is not valid yet (nbf)", || skew("nbf", nbf, now))
            }
            Seconds::Unreadable => Err(TokenCheck::Unreadable("nbf is not a whole number of seconds")),
            _ => Ok(()),
        }
    }

    fn expires(&self, now: Timestamp, rules: &TokenRules) -> Result<(), TokenCheck> {
        match self.seconds("exp")? {
            Seconds::At(exp) if is_behind(exp, now) => {
                rules.expired.on("it has expired (exp)", || skew("exp", exp, now))
            }
            Seconds::Unreadable => Err(TokenCheck::Unreadable("exp is not a whole number of seconds")),
            _ => Ok(()),
        }
    }

    fn audience(&self, _: Timestamp, rules: &TokenRules) -> Result<(), TokenCheck> {
        let is_one = |value: &Value| value.is_truthy() || !rules.empty_audience_is_none;
        if self.claims.get("aud").is_some_and(is_one) {
            return rules.audience.on("it has an audience (aud)", moment);
        }
        Ok(())
    }

    fn is_text(&self, claim: &str, rules: &TokenRules) -> Result<(), TokenCheck> {
        if self.claims.get(claim).is_some_and(|value| value.as_str().is_none()) {
            return rules.odd_subject.on("sub or jti is not a string", moment);
        }
        Ok(())
    }

    fn issued_behind(&self, now: Timestamp, _: &TokenRules) -> Result<(), TokenCheck> {
        match self.seconds("iat")? {
            Seconds::At(iat) if i128::from(now.unix_seconds()) > iat.saturating_add(LEEWAY.into()) => {
                Err(TokenCheck::Refused(skew("iat", iat, now)))
            }
            Seconds::At(_) => Ok(()),
            _ => Err(TokenCheck::Unreadable("iat is missing")),
        }
    }
}

/// A check of one claim.
pub(super) type ClaimCheck = fn(&Token<'_>, Timestamp, &TokenRules) -> Result<(), TokenCheck>;

/// The checks of the claims, each with the claim that it reads, in the order of the service.
pub(super) const CLAIM_CHECKS: [(&str, ClaimCheck); 7] = [
    ("iat", |token, now, rules| token.issued_ahead(now, rules)),
    ("nbf", |token, now, rules| token.not_before(now, rules)),
    ("exp", |token, now, rules| token.expires(now, rules)),
    ("aud", |token, now, rules| token.audience(now, rules)),
    ("sub", |token, _, rules| token.is_text("sub", rules)),
    ("jti", |token, _, rules| token.is_text("jti", rules)),
    ("iat", |token, now, rules| token.issued_behind(now, rules)),
];

fn moment() -> Refusal {
    Refusal::ClockSkew("the token has a time".to_owned())
}

fn object(bytes: &[u8], otherwise: &'static str) -> Result<Object, Refusal> {
    match json::read(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Err(ReadError::TooDeep) => Err(Refusal::Uncaught(Exception::Recursion, "the token nests too deep")),
        _ => Err(Refusal::TokenMalformed(otherwise)),
    }
}

/// The header parameters that must be understood.
fn check_header(header: &Object) -> Result<(), Refusal> {
    let refuse = |why| Err(Refusal::Uncaught(Exception::InvalidToken, why));
    if header.get("kid").is_some_and(|kid| kid.as_str().is_none()) {
        return refuse("the token's kid is not a string");
    }
    if let Some(critical) = header.get("crit") {
        let known = matches!(critical, Value::Array(names)
            if !names.is_empty() && names.iter().all(|name| name.as_str() == Some("b64")));
        if !known || !header.contains("b64") {
            return refuse("the token has a critical extension (crit)");
        }
    }
    if header.get("b64") == Some(&Value::Bool(false)) {
        return Err(Refusal::TokenMalformed("its payload is detached (b64)"));
    }
    Ok(())
}

/// Whether a time lies further in the future than we allow.
fn is_ahead(seconds: i128, now: Timestamp) -> bool {
    seconds.saturating_sub(LEEWAY.into()).saturating_mul(1_000_000) > i128::from(now.unix_micros())
}

/// Whether a time lies further in the past than we allow, or exactly that far.
fn is_behind(seconds: i128, now: Timestamp) -> bool {
    seconds.saturating_add(LEEWAY.into()).saturating_mul(1_000_000) <= i128::from(now.unix_micros())
}

fn skew(claim: &str, seconds: i128, now: Timestamp) -> Refusal {
    const CENTURY: i128 = 100 * 366 * 86_400;
    let age = i128::from(now.unix_seconds()).saturating_sub(seconds);
    Refusal::ClockSkew(if age < -CENTURY {
        format!("{claim} is centuries ahead; it must be in seconds, not milliseconds")
    } else if age < 0 {
        format!("{claim} of the token is {} s in the future; the clock of the sender is ahead", -age)
    } else {
        format!("token is {age} s old; the clock of the sender is behind, or the request took long")
    })
}
