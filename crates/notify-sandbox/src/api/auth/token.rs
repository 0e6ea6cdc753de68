//! A JSON Web Token, read as leniently as the service's library reads it, and checked by its rules.

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
    /// Refused, whatever the other keys say.
    Refused(Refusal),
}

/// A claim that is a time.
enum Seconds {
    Absent,
    /// Not a whole number, but of a type that could be one.
    Unreadable,
    At(i128),
}

/// What a service's library makes of a token that is signed well and odd otherwise.
pub(crate) struct TokenRules {
    /// What it says of `kid`, `crit` and `b64`.
    pub(crate) check_header: fn(&Object) -> Result<(), Refusal>,
    pub(crate) other_algorithm: Verdict,
    /// `nbf` ahead.
    pub(crate) not_yet_valid: Verdict,
    /// `exp` behind.
    pub(crate) expired: Verdict,
    pub(crate) audience: Verdict,
    /// Whether an audience that is empty or null is none.
    pub(crate) empty_audience_is_none: bool,
    /// `sub` or `jti` that is no string.
    pub(crate) odd_subject: Verdict,
}

/// What comes of an odd token.
#[derive(Clone, Copy)]
pub(crate) enum Verdict {
    /// It is refused, whatever the other keys say; with what is wrong.
    Refused(fn(&'static str) -> Refusal),
    /// It counts as signed by another key.
    AnotherKeys,
    /// Its time is what is wrong.
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
        let header = object(&segment(&signed[..first])?, "its header is no JSON object")?;
        let claims = segment(&signed[first + 1..])?;
        let signature = segment(&token[last + 1..])?;
        Ok(Self { signed, signature, header, claims })
    }

    /// The token, whatever its header says.
    pub(super) fn token(self) -> Result<Token<'a>, Refusal> {
        let claims = object(&self.claims, "its payload is no JSON object")?;
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

    /// The time that a claim names.
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

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"9d7a8f6e-5c4b-4a39-8271-605f4e3d2c1b";
    const NOW: i64 = 1_795_430_454;

    fn verdict(header: &str, claims: &str) -> TokenCheck {
        let signed =
            format!("{}.{}", base64::encode_url(header.as_bytes()), base64::encode_url(claims.as_bytes()));
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
        mac.update(signed.as_bytes());
        let token = format!("{signed}.{}", base64::encode_url(&mac.finalize().into_bytes()));
        match Token::read(token.as_bytes(), &TokenRules::GOV_UK) {
            Ok(token) => token.check(SECRET, Timestamp::from_unix_seconds(NOW), &TokenRules::GOV_UK),
            Err(refusal) => TokenCheck::Refused(refusal),
        }
    }

    fn claims(rest: &str) -> TokenCheck {
        verdict(r#"{"alg":"HS256"}"#, &format!(r#"{{"iat":{NOW}{rest}}}"#))
    }

    #[test]
    fn both_ends_of_the_thirty_seconds_are_inside() {
        for (iat, accepted) in [(NOW - 31, false), (NOW - 30, true), (NOW + 30, true), (NOW + 31, false)] {
            let verdict = verdict(r#"{"alg":"HS256"}"#, &format!(r#"{{"iat":{iat}}}"#));
            assert_eq!(verdict == TokenCheck::Accepted, accepted, "{iat}: {verdict:?}");
        }
    }

    #[test]
    fn the_hint_says_whose_clock_is_wrong() {
        let hint = |iat: i64| match verdict(r#"{"alg":"HS256"}"#, &format!(r#"{{"iat":{iat}}}"#)) {
            TokenCheck::Refused(refusal) => refusal.entry().hint.into_owned(),
            other => format!("{other:?}"),
        };
        assert!(hint(NOW - 34).starts_with("token is 34 s old; the clock of the sender is behind"));
        assert!(hint(NOW + 60).contains("60 s in the future"));
        assert!(hint(NOW * 1000).contains("not milliseconds"));
    }

    #[test]
    fn the_first_bad_claim_decides() {
        let malformed =
            |verdict: &TokenCheck| matches!(verdict, TokenCheck::Refused(Refusal::TokenMalformed(_)));
        assert_eq!(claims(r#","aud":"","sub":"a","jti":"b","exp":9999999999"#), TokenCheck::Accepted);
        assert!(malformed(&claims(r#","aud":"x""#)));
        assert!(malformed(&claims(r#","sub":1"#)));
        assert!(malformed(&claims(r#","jti":null"#)));
        assert!(malformed(&claims(&format!(r#","exp":{}"#, NOW - 30))));
        assert_eq!(claims(&format!(r#","exp":{}"#, NOW - 29)), TokenCheck::Accepted);
        assert!(matches!(claims(r#","exp":"soon","aud":"x""#), TokenCheck::Unreadable(_)));
        assert!(matches!(
            claims(r#","nbf":9999999999,"exp":"soon""#),
            TokenCheck::Refused(Refusal::ClockSkew(_))
        ));
        assert!(matches!(
            verdict(r#"{"alg":"HS256"}"#, r#"{"sub":1}"#),
            TokenCheck::Refused(Refusal::TokenMalformed(_))
        ));
        assert!(matches!(verdict(r#"{"alg":"HS256"}"#, "{}"), TokenCheck::Unreadable(_)));
    }

    #[test]
    fn what_the_service_does_not_survive_is_an_exception() {
        let uncaught = |verdict: TokenCheck| match verdict {
            TokenCheck::Refused(Refusal::Uncaught(exception, _)) => Some(exception),
            _ => None,
        };
        for (claim, exception) in [
            ("null", Exception::Type),
            ("[]", Exception::Type),
            ("{\"a\": 1}", Exception::Type),
            ("Infinity", Exception::Overflow),
            ("-1e400", Exception::Overflow),
        ] {
            for name in ["exp", "nbf"] {
                assert_eq!(
                    uncaught(claims(&format!(r#","{name}":{claim}"#))),
                    Some(exception),
                    "{name}: {claim}"
                );
            }
            let iat = verdict(r#"{"alg":"HS256"}"#, &format!(r#"{{"iat":{claim},"exp":null}}"#));
            assert_eq!(uncaught(iat), Some(exception), "iat: {claim}");
        }
        for header in [r#""kid":1"#, r#""kid":null"#, r#""crit":null"#, r#""crit":["b64"]"#, r#""crit":[1]"#]
        {
            let verdict = verdict(&format!(r#"{{"alg":"HS256",{header}}}"#), "{}");
            assert_eq!(uncaught(verdict), Some(Exception::InvalidToken), "{header}");
        }
        assert_eq!(
            verdict(r#"{"alg":"HS256","crit":["b64"],"b64":true}"#, &format!(r#"{{"iat":{NOW}}}"#)),
            TokenCheck::Accepted
        );
    }

    #[test]
    fn only_hs256_is_an_algorithm() {
        for header in [r#"{"alg":"hs256"}"#, r#"{"alg":"none"}"#, r#"{"alg":["HS256"]}"#, "{}"] {
            assert_eq!(verdict(header, "{}"), TokenCheck::Refused(Refusal::AlgorithmNotHs256), "{header}");
        }
    }

    #[test]
    fn what_is_no_token_is_malformed() {
        for text in ["", "x", "x.y", "..", "a.b.c", "e30.e30.a", "W10.e30.", "e30.W10."] {
            assert!(Token::read(text.as_bytes(), &TokenRules::GOV_UK).is_err(), "{text}");
        }
        assert!(Token::read(b"e30.e30.", &TokenRules::GOV_UK).is_ok());
    }
}
