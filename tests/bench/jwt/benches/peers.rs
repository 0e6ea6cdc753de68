//! The libraries that make and verify this very token, each with everything prepared that it allows to prepare.

mod floor;
mod jsonwebtoken;
mod jwt;
mod jwt_compact;
mod jwt_simple;
mod notify_jwt;

pub(crate) use floor::Floor;
pub(crate) use jsonwebtoken::{JsonwebtokenAwsLc, JsonwebtokenRustCrypto};
pub(crate) use jwt::Jwt;
pub(crate) use jwt_compact::JwtCompact;
pub(crate) use jwt_simple::JwtSimple;
pub(crate) use notify_jwt::NotifyJwt;

use serde::{Deserialize, Serialize};

/// The service of the token.
pub(crate) const SERVICE: &str = "61b71411-84f6-4e6b-9685-aa9ad893177c";

/// The secret of the token.
pub(crate) const SECRET: &str = "d679f498-29a1-4484-970c-48681a543137";

/// The issue time of the token.
pub(crate) const NOW: u64 = 1_795_430_454;

/// The token that all of them verify.
pub(crate) const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\
    .eyJpc3MiOiI2MWI3MTQxMS04NGY2LTRlNmItOTY4NS1hYTlhZDg5MzE3N2MiLCJpYXQiOjE3OTU0MzA0NTR9\
    .gtpjiXttW91BnduEtBWzAwxKnh2Ttu_cgtJs8_wZT-M";

/// A library that makes and verifies the token.
pub(crate) trait Peer {
    /// Its type for a token.
    type Token;

    /// Prepares everything that depends neither on the time nor on the token.
    fn prepare() -> Self;

    /// Makes the token of a time.
    fn mint(&self, unix_seconds: u64) -> Self::Token;

    /// Verifies a token and returns its issue time if it is valid.
    fn verify(&self, token: &str) -> Option<u64>;
}

/// The claims, for libraries that use serde.
#[derive(Serialize, Deserialize)]
struct Claims<'c> {
    iss: &'c str,
    iat: u64,
}

/// The claims, for libraries that can only read owned ones.
#[derive(Deserialize)]
struct OwnedClaims {
    #[expect(dead_code, reason = "parsed, as by every other library")]
    iss: String,
    iat: u64,
}
