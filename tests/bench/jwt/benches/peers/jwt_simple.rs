//! jwt-simple, with its pure Rust backend.

use super::{NOW, Peer, SECRET, SERVICE};
use jwt_simple::prelude::*;

pub(crate) struct JwtSimple {
    key: HS256Key,
    options: VerificationOptions,
}

impl Peer for JwtSimple {
    type Token = String;

    fn prepare() -> Self {
        let now = UnixTimeStamp::from_secs(NOW);
        let options = VerificationOptions { artificial_time: Some(now), ..VerificationOptions::default() };
        Self { key: HS256Key::from_bytes(SECRET.as_bytes()), options }
    }

    fn mint(&self, unix_seconds: u64) -> String {
        let mut claims = Claims::create(Duration::from_secs(0)).with_issuer(SERVICE);
        claims.issued_at = Some(UnixTimeStamp::from_secs(unix_seconds));
        claims.expires_at = None;
        claims.invalid_before = None;
        self.key.authenticate(claims).expect("these claims can be signed")
    }

    fn verify(&self, token: &str) -> Option<u64> {
        let claims = self.key.verify_token::<NoCustomClaims>(token, Some(self.options.clone())).ok()?;
        claims.issued_at.map(|issued_at| issued_at.as_secs())
    }
}
