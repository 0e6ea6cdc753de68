//! Tokens compared with those of the jsonwebtoken crate, byte for byte, for keys and times of all kinds.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jsonwebtoken::crypto::{rust_crypto, sign};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use notify_jwt::{ApiKey, LEEWAY, Signer, UntrustedToken, Verifier, VerifyError};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct Claims {
    iss: String,
    iat: u64,
}

/// With all features, the benchmarks bring another backend into the same build, and jsonwebtoken does not choose between two.
fn choose_backend() {
    // An error means that one is chosen already.
    let _ = rust_crypto::DEFAULT_PROVIDER.install_default();
}

/// jsonwebtoken's token with these claims, under our header: its own has the same fields in another order.
fn by_jsonwebtoken(claims: &Claims, secret: &str) -> String {
    choose_backend();
    let key = EncodingKey::from_secret(secret.as_bytes());
    let header = Base64UrlUnpadded::encode_string(br#"{"alg":"HS256","typ":"JWT"}"#);
    let token = encode(&Header::new(Algorithm::HS256), claims, &key).expect("any claims can be signed");
    let signed = format!("{header}.{}", token.split('.').nth(1).expect("a token has three parts"));
    let mac = sign(signed.as_bytes(), &key, Algorithm::HS256).expect("any bytes can be signed");
    format!("{signed}.{mac}")
}

fn uuid() -> impl Strategy<Value = String> {
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
}

proptest! {
    #[test]
    fn a_token_equals_the_token_that_jsonwebtoken_makes(
        name in "(\\PC{0,20}-)?",
        service in uuid(),
        secret in uuid(),
        unix_seconds in prop_oneof![0..=u64::MAX, 1_700_000_000_u64..2_000_000_000],
    ) {
        choose_backend();
        let key = ApiKey::parse(&format!("{name}{service}-{secret}")).unwrap();
        let token = Signer::new(&key).mint(unix_seconds);
        let claims = Claims { iss: service, iat: unix_seconds };
        prop_assert_eq!(token.as_str(), by_jsonwebtoken(&claims, &secret));
    }

    #[test]
    fn jsonwebtoken_reads_a_token_with_its_own_secret_and_no_other(
        service in uuid(),
        secret in uuid(),
        other in uuid(),
        unix_seconds in any::<u64>(),
    ) {
        choose_backend();
        prop_assume!(secret != other);
        let key = ApiKey::parse(&format!("{service}-{secret}")).unwrap();
        let token = Signer::new(&key).mint(unix_seconds);
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        let read = |secret: &str| {
            decode::<Claims>(token.as_str(), &DecodingKey::from_secret(secret.as_bytes()), &validation)
        };
        prop_assert_eq!(read(&secret).unwrap().claims, Claims { iss: service, iat: unix_seconds });
        prop_assert!(read(&other).is_err());
    }

    #[test]
    fn a_token_of_jsonwebtoken_is_verified_with_its_own_key_and_no_other(
        service in uuid(),
        secret in uuid(),
        other in uuid(),
        unix_seconds in any::<u64>(),
        late in 0..=LEEWAY.as_secs(),
    ) {
        prop_assume!(secret != other);
        choose_backend();
        let claims = Claims { iss: service.clone(), iat: unix_seconds };
        let token = encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap();
        let token = UntrustedToken::parse(&token).unwrap();
        prop_assert_eq!(token.issuer(), &service);
        let verify = |secret: &str, now| {
            let key = ApiKey::parse(&format!("{service}-{secret}")).unwrap();
            token.verify(&Verifier::new(&key), now).map(|claims| claims.issued_at())
        };
        prop_assert_eq!(verify(&secret, unix_seconds.saturating_add(late)), Ok(unix_seconds));
        prop_assert_eq!(verify(&other, unix_seconds), Err(VerifyError::Mac));
    }
}
