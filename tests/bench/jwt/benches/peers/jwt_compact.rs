//! jwt-compact.

use super::{Peer, SECRET, SERVICE};
use chrono::DateTime;
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt, Claims, Header, UntrustedToken};
use serde::{Deserialize, Serialize};

/// The claim that the library does not know.
#[derive(Serialize)]
struct Issuer {
    iss: &'static str,
}

/// The same, parsed.
#[derive(Deserialize)]
struct OwnedIssuer {
    #[expect(dead_code, reason = "read, as by everybody else")]
    iss: String,
}

pub(crate) struct JwtCompact {
    key: Hs256Key,
}

impl Peer for JwtCompact {
    type Token = String;

    fn prepare() -> Self {
        Self { key: Hs256Key::new(SECRET) }
    }

    fn mint(&self, unix_seconds: u64) -> String {
        let mut claims = Claims::new(Issuer { iss: SERVICE });
        claims.issued_at =
            i64::try_from(unix_seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Hs256
            .token(&Header::empty().with_token_type("JWT"), &claims, &self.key)
            .expect("these claims can be signed")
    }

    fn verify(&self, token: &str) -> Option<u64> {
        let token = UntrustedToken::new(token).ok()?;
        let token = Hs256.validator::<OwnedIssuer>(&self.key).validate(&token).ok()?;
        token.claims().issued_at?.timestamp().try_into().ok()
    }
}
