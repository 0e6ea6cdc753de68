//! jsonwebtoken, with either of its backends.

use super::{Claims, OwnedClaims, Peer, SECRET, SERVICE};
use jsonwebtoken::crypto::{CryptoProvider, aws_lc, rust_crypto};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};

pub(crate) struct Jsonwebtoken {
    header: Header,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Jsonwebtoken {
    /// A process has one backend. A second choice does not change it.
    fn on(backend: &'static CryptoProvider) -> Self {
        let _ = backend.install_default();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        Self {
            header: Header::new(Algorithm::HS256),
            encoding: EncodingKey::from_secret(SECRET.as_bytes()),
            decoding: DecodingKey::from_secret(SECRET.as_bytes()),
            validation,
        }
    }

    fn mint(&self, unix_seconds: u64) -> String {
        encode(&self.header, &Claims { iss: SERVICE, iat: unix_seconds }, &self.encoding)
            .expect("these claims can be signed")
    }

    fn verify(&self, token: &str) -> Option<u64> {
        Some(decode::<OwnedClaims>(token, &self.decoding, &self.validation).ok()?.claims.iat)
    }
}

macro_rules! backend {
    ($name:ident, $backend:ident) => {
        pub(crate) struct $name(Jsonwebtoken);

        impl Peer for $name {
            type Token = String;

            fn prepare() -> Self {
                Self(Jsonwebtoken::on(&$backend::DEFAULT_PROVIDER))
            }

            fn mint(&self, unix_seconds: u64) -> String {
                self.0.mint(unix_seconds)
            }

            fn verify(&self, token: &str) -> Option<u64> {
                self.0.verify(token)
            }
        }
    };
}

backend!(JsonwebtokenRustCrypto, rust_crypto);
backend!(JsonwebtokenAwsLc, aws_lc);
