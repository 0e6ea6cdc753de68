//! What a service answers to a token, part by part, without a request.

mod inspection;

use std::borrow::Cow;

use super::AuthRules;
use super::token::{CLAIM_CHECKS, LEEWAY, Segments, Token, TokenCheck};
use crate::api::dialect::ApiDialect;
use crate::python::id;
use crate::python::int::PyInt;
use crate::python::json::{Object, Value};
use crate::time::Timestamp;
use crate::wire::refusal::Refusal;

pub use inspection::{TokenAnswer, TokenInspection, TokenKey, TokenPart, TokenPlace};

/// Inspects a token.
pub(crate) fn inspect(
    token: &[u8],
    key: Option<TokenKey<'_>>,
    now: Timestamp,
    dialect: &dyn ApiDialect,
) -> TokenInspection {
    // Headers are text in Latin-1, and that text in UTF-8 is what was signed.
    let token: Vec<u8> = token.iter().map(|byte| char::from(*byte)).collect::<String>().into();
    let inspector = Inspector { key, now, dialect, rules: dialect.auth_rules() };
    match Segments::of(&token).and_then(Segments::token) {
        Ok(read) => {
            let answer = inspector.first_refusal(&token, &read).err();
            let answer = answer.map(|refusal| inspector.answer(&refusal));
            TokenInspection { parts: inspector.parts(&read), answer }
        }
        Err(refusal) => TokenInspection { parts: Vec::new(), answer: Some(inspector.answer(&refusal)) },
    }
}

struct Inspector<'i> {
    key: Option<TokenKey<'i>>,
    now: Timestamp,
    dialect: &'i dyn ApiDialect,
    rules: &'static AuthRules,
}

impl Inspector<'_> {
    fn answer(&self, refusal: &Refusal) -> TokenAnswer {
        let entry = self.dialect.entry(refusal);
        let message = entry.messages.first().map(ToString::to_string).unwrap_or_default();
        TokenAnswer { status: entry.status, message, why: entry.hint.into_owned() }
    }

    /// The first problem that the service finds, in its order of checks.
    fn first_refusal(&self, text: &[u8], token: &Token<'_>) -> Result<(), Refusal> {
        Token::read(text, &self.rules.token)?;
        let issuer = token.issuer().ok_or(Refusal::IssuerMissing)?;
        self.check_issuer(issuer)?;
        token.check_algorithm(&self.rules.token).map_err(refusal)?;
        self.check_signature(token)?;
        for (_, check) in CLAIM_CHECKS {
            check(token, self.now, &self.rules.token).map_err(refusal)?;
        }
        Ok(())
    }

    fn check_issuer(&self, issuer: &Value) -> Result<(), Refusal> {
        let issuer = (self.rules.issuer)(issuer)?;
        match self.key {
            Some(key) if id::parse(key.service_id) != Some(issuer) => {
                Err(Refusal::KeyNotFound("iss is not the service of the key"))
            }
            _ => Ok(()),
        }
    }

    fn check_signature(&self, token: &Token<'_>) -> Result<(), Refusal> {
        match self.key {
            Some(key) if !token.is_signed_with(key.secret.as_bytes()) => {
                Err(Refusal::KeyNotFound("the signature was not made with the secret of the key"))
            }
            _ => Ok(()),
        }
    }

    fn parts(&self, token: &Token<'_>) -> Vec<TokenPart> {
        let header = token.header().iter().map(|(name, value)| {
            let refused = self.check_parameter(token, name, value).err();
            self.part(TokenPlace::Header, name, Some(value), refused, parameter(name))
        });
        let claims = token.claims().iter().map(|(name, value)| {
            let refused = self.check_claim(token, name).err();
            self.part(TokenPlace::Claims, name, Some(value), refused, claim(name, value, self.now))
        });
        let mut parts: Vec<TokenPart> = header.chain(claims).collect();
        if !token.header().contains("alg") {
            let refused = token.check_algorithm(&self.rules.token).map_err(refusal).err();
            parts.push(self.part(TokenPlace::Header, "alg", None, refused, "".into()));
        }
        for name in ["iss", "iat"] {
            if !token.claims().contains(name) {
                let refused = self.check_claim(token, name).err();
                parts.push(self.part(TokenPlace::Claims, name, None, refused, "".into()));
            }
        }
        let signature = match self.key {
            Some(_) => "made with the secret of the key",
            None => "not checked, which takes the key",
        };
        let refused = self.check_signature(token).err();
        parts.push(self.part(TokenPlace::Signature, "signature", None, refused, signature.into()));
        parts
    }

    /// A part, with an explanation that applies if it is not refused.
    fn part(
        &self,
        place: TokenPlace,
        name: &str,
        value: Option<&Value>,
        refused: Option<Refusal>,
        otherwise: Cow<'static, str>,
    ) -> TokenPart {
        let is_unknown = place == TokenPlace::Signature && self.key.is_none();
        let answer = refused.map(|refusal| self.answer(&refusal));
        let why = answer.as_ref().map_or(otherwise, |answer| Cow::Owned(answer.why.clone()));
        TokenPart { place, name: name.to_owned(), value: value.map(Value::to_json), why, answer, is_unknown }
    }

    fn check_parameter(&self, token: &Token<'_>, name: &str, value: &Value) -> Result<(), Refusal> {
        if name == "alg" {
            return token.check_algorithm(&self.rules.token).map_err(refusal);
        }
        let mut alone = Object::EMPTY;
        alone.insert(name, value.clone());
        if let ("crit", Some(detached)) = (name, token.header().get("b64")) {
            alone.insert("b64", detached.clone());
        }
        (self.rules.token.check_header)(&alone)
    }

    fn check_claim(&self, token: &Token<'_>, name: &str) -> Result<(), Refusal> {
        if name == "iss" {
            return self.check_issuer(token.issuer().ok_or(Refusal::IssuerMissing)?);
        }
        let checks = CLAIM_CHECKS.iter().filter(|(claim, _)| *claim == name);
        checks
            .into_iter()
            .try_for_each(|(_, check)| check(token, self.now, &self.rules.token))
            .map_err(refusal)
    }
}

/// The consequence of a failed check, if the service has no other key.
fn refusal(check: TokenCheck) -> Refusal {
    match check {
        TokenCheck::Refused(refusal) => refusal,
        TokenCheck::Unreadable(what) => Refusal::KeyNotFound(what),
        TokenCheck::Accepted | TokenCheck::NotByThisKey => {
            Refusal::KeyNotFound("no key of the service made this signature")
        }
    }
}

/// The explanation of a parameter that is not refused.
fn parameter(name: &str) -> Cow<'static, str> {
    match name {
        "alg" => "the algorithm that the service takes".into(),
        "typ" => "the service does not read it".into(),
        "kid" => "the service does not need it".into(),
        _ => "not read".into(),
    }
}

/// The explanation of a claim that is not refused.
fn claim(name: &str, value: &Value, now: Timestamp) -> Cow<'static, str> {
    let age = || match PyInt::of(value) {
        PyInt::Number(seconds) => Some(i128::from(now.unix_seconds()).saturating_sub(seconds)),
        _ => None,
    };
    match (name, age()) {
        ("iss", _) => "a service id".into(),
        ("iat", Some(age)) if age < 0 => format!("{} s ahead; {LEEWAY} s are allowed", -age).into(),
        ("iat", Some(age)) => format!("{age} s old; {LEEWAY} s are allowed").into(),
        ("exp", Some(age)) => format!("{} s left", age.saturating_neg()).into(),
        ("nbf", Some(_)) => "in the past".into(),
        ("aud" | "sub" | "jti", _) => "not used".into(),
        _ => "not read".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::base64;
    use crate::service::Service;

    const NOW: i64 = 1_795_430_454;
    const ISSUER: &str = "c0ffee00-0000-4000-8000-000000000001";

    fn inspected(header: &str, claims: &str) -> TokenInspection {
        let part = |json: &str| base64::encode_url(json.as_bytes());
        let token = format!("{}.{}.{}", part(header), part(claims), part("no signature"));
        inspect(token.as_bytes(), None, Timestamp::from_unix_seconds(NOW), Service::GovUk.dialect())
    }

    #[test]
    fn a_usual_token_is_accepted_in_every_part() {
        let claims = format!(r#"{{"iss":"{ISSUER}","iat":{},"extra":[1]}}"#, NOW - 12);
        let inspected = inspected(r#"{"typ":"JWT","alg":"HS256"}"#, &claims);
        assert_eq!(inspected.answer(), None);
        let parts: Vec<_> = inspected.parts().iter().map(|part| (part.name(), part.why())).collect();
        assert_eq!(
            parts[..4],
            [
                ("typ", "the service does not read it"),
                ("alg", "the algorithm that the service takes"),
                ("iss", "a service id"),
                ("iat", "12 s old; 30 s are allowed"),
            ]
        );
        assert_eq!(parts[4..], [("extra", "not read"), ("signature", "not checked, which takes the key")]);
    }

    #[test]
    fn each_part_has_its_own_answer_and_the_token_the_first() {
        let claims = format!(r#"{{"iat":{},"aud":"x","exp":{},"nbf":1}}"#, NOW - 31, NOW - 31);
        let inspected = inspected(r#"{"alg":"none","kid":7}"#, &claims);
        let refused = |part: &&TokenPart| part.answer().is_some();
        let names: Vec<_> = inspected.parts().iter().filter(refused).map(TokenPart::name).collect();
        assert_eq!(names, ["alg", "kid", "iat", "aud", "exp", "iss"]);
        // The service fails on the key id before it reads anything else.
        assert_eq!(inspected.answer().map(TokenAnswer::status), Some(500));
    }

    #[test]
    fn a_malformed_token_has_no_parts() {
        for text in ["", "x.y", "e30.W10.", "Kim"] {
            let now = Timestamp::from_unix_seconds(NOW);
            let inspected = inspect(text.as_bytes(), None, now, Service::GovUk.dialect());
            assert!(inspected.parts().is_empty() && inspected.answer().is_some(), "{text}");
        }
    }
}
