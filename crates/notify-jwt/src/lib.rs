//! The bearer token of the Notify services, minted and verified without `std` and without `alloc`.
//!
//! GOV.UK Notify and its siblings expect a JSON Web Token with each request. The client makes it: two claims, `iss` for the
//! service and `iat` for the issue time, signed by HMAC-SHA256 with the secret of an API key. This crate mints that token in
//! one call that cannot fail, on a microcontroller as on a server. It also verifies such tokens, unless the feature `verify` is
//! off. Without it, the crate needs only a hash and a way to wipe memory, and no procedural macro.
//!
//! ```
//! use notify_jwt::{ApiKey, Signer};
//!
//! let key = ApiKey::parse("doorbell-61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137")?;
//! let signer = Signer::new(&key);
//! drop(key);
//!
//! let now = 1_795_430_454;
//! let bearer = signer.bearer(now);
//! let request = format!("GET /v2/notifications HTTP/1.1\r\nAuthorization: {}\r\n\r\n", bearer.as_str());
//! # assert!(request.contains("Authorization: Bearer eyJ"));
//! # Ok::<(), notify_jwt::ParseApiKeyError>(())
//! ```
//!
//! In scope: API keys, tokens, and the time that tokens need. Out of scope: requests (see `notify-api`), other algorithms, and
//! other claims. Some of the services refuse a token that has more claims than they require.
//!
//! # A key in a device
//!
//! An API key gives access to the whole service. Whoever reads it from a board's flash can send to anyone at the service's
//! expense. They can also read the recipients and the texts of the messages of the last seven days. So:
//!
//! - If there is a server, keep the key there and give the device a token when it asks. That token is valid for 30 seconds,
//!   though for every operation of the service and any number of times.
//! - If there is none, use one key for each batch of devices, with a name that says which batch. Have a plan for revoking it: who
//!   does it, and what the rest of the batch does then.
//! - For devices that are not in the field, use a test or team key.
//!
//! # Time
//!
//! The service refuses a token whose issue time and its own clock are more than [30 seconds](LEEWAY) apart. A board without a
//! battery-backed clock gets the time from its first refusal: see [`Clock`] and [`parse_http_date`], and the risk of
//! that. Mint as late as you can, and a new token for each attempt.
//!
//! # Cost
//!
//! A token signs 121 characters. Only the last 16 depend on the time, until the year 2286. HMAC-SHA256 of 121 characters takes
//! six compressions of SHA-256: one each for the inner and the outer key block, three for the text, and one for the
//! result. [`Signer::new`] does three of them once: both key blocks and the first 64 characters. No implementation can avoid
//! the other three, two for the rest of the text and one for the result:
//!
//! ```text
//! inner:  key ─ eyJhbGci…(64) ┬ …(41) + time (16) + padding ─ length ───┐
//! outer:  key ────────────────┼─────────────────────────────────────────┴─ result
//!         once, in new        │  for each token, in mint
//! ```
//!
//! Apart from that, a mint encodes the 16 characters of the time and the 43 of the MAC: four at a time, or up to sixteen on a
//! 64-bit machine. No branch, no table lookup and no division depends on the data. It takes the same time for every key, and for
//! every time with as many digits. Nothing is allocated. On a server, with SHA-256 in software, it takes 1.05 times the
//! instructions of the three compressions.
//!
//! Minting cannot panic: an image that only mints contains no panic code at `opt-level` `s`, `z` and `3`, as measured on four
//! instruction sets. Verification has no panics of its own. serde-json-core, which parses header and claims, checks its
//! indices and slices, and no input is known to fail those checks.
//!
//! # Bad input
//!
//! | Function | Input | Result |
//! | --- | --- | --- |
//! | [`ApiKey::parse`] | white space around the key | the key without it |
//! | | fewer than 73 characters | [`KeyPart::Length`] |
//! | | a quote after the key; a capital or another wrong character in the secret | [`KeyPart::Secret`] |
//! | | no hyphen between service id and secret | [`KeyPart::Separator`] |
//! | | a service id that is not a UUID (in capitals it is one) | [`KeyPart::ServiceId`] |
//! | | a name without a hyphen after it; two keys on two lines | [`KeyPart::Name`] |
//! | [`Signer::new`], [`Signer::mint`], [`Signer::bearer`], and both `_into` | any key, any `u64` | a token; they cannot fail |
//! | [`Signer::mint_to_slice`], [`Signer::bearer_to_slice`] | too few bytes | [`BufferTooSmall`], and nothing is written |
//! | [`UntrustedToken::from_bearer`] | another scheme, no token | [`ParseTokenError::Scheme`] |
//! | [`UntrustedToken::parse`] | not three segments, a truncated MAC | [`ParseTokenError::Segments`] |
//! | | padding, `+`, `/`, white space, stray bits in a last character | [`ParseTokenError::Encoding`] |
//! | | a header over 128 bytes, claims over 256, a MAC over 32 | [`ParseTokenError::TooLong`] |
//! | | a header that is not a JSON object, has nested values, or has `crit` | [`ParseTokenError::Header`] |
//! | | any `alg` but `HS256`: `none`, `hs256`, none at all, one with an escape | [`ParseTokenError::Algorithm`] |
//! | | claims that are not a JSON object, have nested values, a repeated claim or an `aud`; times that are not whole numbers | [`ParseTokenError::Claims`] |
//! | | a name or an `iss` with an escape: `"\u0061ud"` | [`ParseTokenError::Escape`] |
//! | | an `iss` that is missing, or is not a UUID with hyphens | [`ParseTokenError::Issuer`] |
//! | | no `iat` | [`ParseTokenError::IssuedAt`] |
//! | [`UntrustedToken::verify`] | a MAC of another key, any changed bit | [`VerifyError::Mac`] |
//! | | the right MAC, another service in `iss` | [`VerifyError::Issuer`] |
//! | | an `iat` or an `nbf` outside the leeway | [`VerifyError::ClockSkew`] |
//! | | an `exp` that is past by the leeway | [`VerifyError::Expired`] |
//! | [`parse_http_date`] | the two obsolete forms, a wrong day of the week, a date that does not exist, a year before 1970 | [`ParseHttpDateError`] |
//! | [`Clock::adjust`] | a time before the last confirmed one | [`AdjustClockError::BeforeLastConfirmed`] |
//! | | a time too far from the expected one | [`AdjustClockError::ExceedsMaxAdjustment`] |
//!
//! Verification is stricter than the service. The service also accepts padding, the alphabet with `+` and `/`, times that are
//! strings or have a fraction, and other spellings of a UUID. Neither its official clients nor the common libraries write
//! those.
//!
//! # What stays in memory
//!
//! [`ApiKey`], [`Signer`], [`Verifier`], [`Token`] and [`Bearer`] wipe themselves on drop. None of them can be cloned. Neither
//! `Debug` nor `defmt`, with the feature of that name, shows their secrets. But a type cannot do everything:
//!
//! - A move is a copy, and the old place is not wiped. If you return a key or a signer from a function, or put it into a
//!   struct, its bytes may stay on the stack until something overwrites them. So make it early, and where it stays:
//!   [`Signer::set_key`] computes the hash states in their place.
//!   A token that [`Signer::mint`] returns may leave such a copy. One that [`Signer::mint_into`] writes leaves at
//!   most the bytes of its MAC. Half a minute later, both are worthless.
//! - sha2 copies what it hashes to the stack, in [`Signer::set_key`] the secret too, and does not wipe it.
//! - You have to wipe the text from which you parsed the key, and the buffers to which you copy tokens.
//!
//! A device that must be sure overwrites its stack after start-up, for instance with zeroize's `zeroize_stack`.

#![no_std]
#![forbid(unsafe_code)]

mod base64url;
mod claims;
mod decimal;
#[cfg(feature = "heapless-0-9")]
mod heapless;
mod key;
mod mac;
mod service_id;
mod signer;
mod time;
mod token;
#[cfg(feature = "verify")]
mod verify;

#[cfg(feature = "heapless-0-9")]
pub use heapless::TextBuffer;
pub use key::{ApiKey, KeyPart, ParseApiKeyError};
pub use signer::{KeyParts, ParsePartsError, Signer};
pub use time::{
    AdjustClockError, Clock, ParseHttpDateError, TimeSample, parse_http_date, parse_http_date_bytes,
};
pub use token::{BEARER_MAX, Bearer, BufferTooSmall, TOKEN_MAX, Token};
#[cfg(feature = "verify")]
pub use verify::{LEEWAY, ParseTokenError, UntrustedToken, VerifiedClaims, Verifier, VerifyError};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
