//! The bearer token of the Notify services, minted and verified without `std` and without `alloc`.
//!
//! GOV.UK Notify and its siblings take a JSON Web Token with each request, made by whoever asks: two claims, `iss` for the
//! service and `iat` for the moment, signed by HMAC-SHA256 with the secret of an API key. This crate makes
//! that token in one call that cannot fail, on a microcontroller as on a server, and verifies it.
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
//! In scope: keys, tokens, and the time that they need. Not in scope: requests (see `notify-api`), other algorithms, other
//! claims; a token that says more than the service asks for is refused by some of the services.
//!
//! # A key in a device
//!
//! An API key is the whole service. Whoever takes it out of a board's flash can send to anyone at the service's expense, and can
//! read the recipients and the texts of what was sent in the last seven days. So:
//!
//! - where a server is at hand, leave the key there and give the device a token when it asks: it is good for 30 seconds,
//!   though for any operation of the service and as often as its holder likes;
//! - where none is, one key per batch of devices, named so that you know which, and a plan to revoke it: who does it, and
//!   what the rest of the batch does then;
//! - a test or team key for whatever is not out in the world.
//!
//! # Time
//!
//! A token is refused when its moment and the service's clock are more than [30 seconds](LEEWAY) apart. A board without a
//! battery-backed clock learns the time from its first refusal: see [`Clock`] and [`parse_http_date`], and what
//! that trust costs. Mint as late as you can, anew for each attempt.
//!
//! # What it costs
//!
//! A token signs 121 characters, of which only the last 16 depend on the moment (until the year 2286). HMAC-SHA256 of
//! 121 characters is six compressions of SHA-256: a block each for the key inside and outside, three for the text, one for
//! the result. [`Signer::new`] does three of them once, the two of the key and the first 64 characters; what remains are
//! the three that no implementation can avoid, two for the rest of the text and one for the result:
//!
//! ```text
//! inner:  key ─ eyJhbGci…(64) ┬ …(41) + moment (16) + padding ─ length ─┐
//! outer:  key ────────────────┼─────────────────────────────────────────┴─ result
//!         once, in new        │  for each token, in mint
//! ```
//!
//! Besides them a mint encodes the 16 characters of the moment and the 43 of the MAC, four at a time, or up to sixteen on a machine
//! of 64 bits, without a branch or a table that depends on them, and divides nothing. It does the same for every key, and for
//! every moment of as many digits. Nothing is allocated anywhere. On a server, with SHA-256 in software, all of it is 1.05 times
//! the instructions of the three compressions.
//!
//! Minting has no way to panic: an image that only mints holds no panic code at `opt-level` `s`, `z` and `3`, as measured on
//! four instruction sets. Verifying has none of its own; serde-json-core, which reads header and claims, keeps the checks of
//! its own indices and slices, which no input is known to fail.
//!
//! # Bad input
//!
//! | Function | given | answers |
//! | --- | --- | --- |
//! | [`ApiKey::parse`] | white space around the key | the key without it |
//! | | fewer than 73 characters | [`KeyPart::Length`] |
//! | | a quote after it, a capital or another stray character in the secret | [`KeyPart::Secret`] |
//! | | another character than a hyphen between service id and secret | [`KeyPart::Separator`] |
//! | | a service id that is not a UUID; in capitals it is one | [`KeyPart::ServiceId`] |
//! | | a name without a hyphen after it, or two keys on two lines | [`KeyPart::Name`] |
//! | [`Signer::new`], [`Signer::mint`], [`Signer::bearer`], and both `_into` | any key, any `u64` | a token; they cannot fail |
//! | [`UntrustedToken::from_bearer`] | another scheme, no token | [`ParseTokenError::Scheme`] |
//! | [`UntrustedToken::parse`] | not three segments, a MAC cut short | [`ParseTokenError::Segments`] |
//! | | padding, `+`, `/`, white space, stray bits in a last character | [`ParseTokenError::Encoding`] |
//! | | a header over 128 bytes, claims over 256, a MAC over 32 | [`ParseTokenError::TooLong`] |
//! | | a header that is not a JSON object, nests, or has `crit` | [`ParseTokenError::Header`] |
//! | | any `alg` but `HS256`: `none`, `hs256`, absent, written with an escape | [`ParseTokenError::Algorithm`] |
//! | | claims that are not a JSON object, nest, repeat a claim, have an `aud`; moments that are not whole numbers | [`ParseTokenError::Claims`] |
//! | | an `iss` that is absent, no UUID with hyphens, or written with an escape | [`ParseTokenError::Issuer`] |
//! | | no `iat` | [`ParseTokenError::IssuedAt`] |
//! | [`UntrustedToken::verify`] | a MAC of another key, any bit changed | [`VerifyError::Mac`] |
//! | | the right MAC, another service in `iss` | [`VerifyError::Issuer`] |
//! | | an `iat` further away than the leeway, an `nbf` further ahead | [`VerifyError::Clock`] |
//! | | an `exp` that is past by the leeway | [`VerifyError::Expired`] |
//! | [`parse_http_date`] | the two obsolete forms, a wrong weekday, a day that never was, a year before 1970 | [`ParseHttpDateError`] |
//! | [`Clock::learn`] | a time before the last good second | [`LearnError::Backwards`] |
//! | | a time out of bounds | [`LearnError::OutOfBounds`] |
//!
//! Verification is stricter than the service, which also takes padding, the alphabet with `+` and `/`, moments as strings or with a
//! fraction, and other spellings of a UUID. Neither its official clients nor the common libraries write those.
//!
//! # What stays in memory
//!
//! [`ApiKey`], [`Signer`], [`Verifier`], [`Token`] and [`Bearer`] wipe themselves where they are dropped, none of them can be
//! cloned, and `Debug` shows no secret of theirs; nor does `defmt`, with the feature of that name. What a type cannot do:
//!
//! - a move is a copy, and the place that was moved from is not wiped. Returning a key or a signer from a function, or
//!   putting it in a struct, may leave its bytes on the stack until something else is written there. Make it where it
//!   stays, and early; a token that [`Signer::mint`] returns may leave a copy just so, one that
//!   [`Signer::mint_into`] writes leaves the bytes of its MAC at most, and half a minute later either is worth nothing;
//! - hmac derives its block from the secret on the stack in [`Signer::new`] and does not wipe it;
//! - what you parsed the key from is yours to wipe, and so are buffers that a token is copied to.
//!
//! A device that has to be sure overwrites its stack after start-up, for instance with zeroize's `zeroize_stack`.

#![no_std]
#![forbid(unsafe_code)]

mod base64url;
mod claims;
mod decimal;
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
