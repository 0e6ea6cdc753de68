//! The bearer token of the Notify services, minted and verified without `std` and without `alloc`.
#![no_std]
#![forbid(unsafe_code)]

mod base64url;
mod claims;
mod key;
mod mac;
mod service_id;
mod signer;
mod time;
mod token;
mod verify;

pub use key::{ApiKey, KeyPart, ParseApiKeyError};
pub use signer::Signer;
pub use time::{Clock, LearnError, ParseHttpDateError, parse_http_date};
pub use token::{BEARER_MAX, Bearer, TOKEN_MAX, Token};
pub use verify::{LEEWAY, ParseTokenError, UntrustedToken, VerifiedClaims, Verifier, VerifyError};
