//! jwt.

use super::{Claims, OwnedClaims, Peer, SECRET, SERVICE};
use hmac_012::{Hmac, Mac};
use jwt::{AlgorithmType, Header, SignWithKey, Token, VerifyWithKey};
use sha2_010::Sha256;

pub(crate) struct Jwt {
    key: Hmac<Sha256>,
}

impl Peer for Jwt {
    type Token = String;

    fn prepare() -> Self {
        Self { key: Hmac::new_from_slice(SECRET.as_bytes()).expect("any key will do") }
    }

    fn mint(&self, unix_seconds: u64) -> String {
        let header = Header {
            algorithm: AlgorithmType::Hs256,
            type_: Some(jwt::header::HeaderType::JsonWebToken),
            ..Header::default()
        };
        let token = Token::new(header, Claims { iss: SERVICE, iat: unix_seconds }).sign_with_key(&self.key);
        token.expect("these claims can be signed").as_str().to_owned()
    }

    fn verify(&self, token: &str) -> Option<u64> {
        let claims: OwnedClaims = token.verify_with_key(&self.key).ok()?;
        Some(claims.iat)
    }
}
