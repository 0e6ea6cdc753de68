//! Everybody who makes and reads this very token, each with everything prepared that it lets one prepare.

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

/// The moment of the token.
pub(crate) const NOW: u64 = 1_795_430_454;

/// The token that all of them read.
pub(crate) const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\
    .eyJpc3MiOiI2MWI3MTQxMS04NGY2LTRlNmItOTY4NS1hYTlhZDg5MzE3N2MiLCJpYXQiOjE3OTU0MzA0NTR9\
    .gtpjiXttW91BnduEtBWzAwxKnh2Ttu_cgtJs8_wZT-M";

/// Somebody who makes and reads the token.
pub(crate) trait Peer {
    /// What it makes.
    type Token;

    /// Prepares everything that does not depend on the moment, nor on the token.
    fn prepare() -> Self;

    /// Makes the token of a moment.
    fn mint(&self, moment: u64) -> Self::Token;

    /// Reads a token and says for which moment it is, if it is good.
    fn verify(&self, token: &str) -> Option<u64>;
}

/// The claims, for those who write and read them by serde.
#[derive(Serialize, Deserialize)]
struct Claims<'c> {
    iss: &'c str,
    iat: u64,
}

/// The claims, for those who can only read owned ones.
#[derive(Deserialize)]
struct OwnedClaims {
    #[expect(dead_code, reason = "read, as by everybody else")]
    iss: String,
    iat: u64,
}
