//! Any text as a token, and any header and claims with a right MAC: no panic, no token accepted without the key, and no claim
//! that serde_json reads differently.

#![no_main]

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::{arbitrary, fuzz_target};
use notify_jwt::{ApiKey, LEEWAY, Signer, UntrustedToken, Verifier};
use serde_json::Value;
use sha2::Sha256;

const SERVICE: &str = "61b71411-84f6-4e6b-9685-aa9ad893177c";
const SECRET: &str = "d679f498-29a1-4484-970c-48681a543137";
const NOW: u64 = 1_795_430_454;

#[derive(arbitrary::Arbitrary, Debug)]
enum Input<'i> {
    /// The value of a header, as it stands.
    Bearer(&'i str),
    /// A token, as it stands.
    Token(&'i str),
    /// A header and claims, byte for byte, signed with the key.
    Signed(&'i [u8], &'i [u8]),
    /// The usual header, and these claims after the usual ones.
    Claims(&'i str),
}

fn signed(header: &[u8], claims: &[u8]) -> String {
    let encode = Base64UrlUnpadded::encode_string;
    let signed = format!("{}.{}", encode(header), encode(claims));
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(&signed);
    format!("{signed}.{}", encode(&mac.finalize().into_bytes()))
}

fn claims_of(claims: &[u8], issuer: &str, issued_at: u64) {
    // serde-json-core skips some malformed values that serde_json rejects.
    let Ok(Value::Object(read)) = serde_json::from_slice(claims) else { return };
    assert_eq!(read.get("iss").and_then(Value::as_str), Some(issuer));
    assert_eq!(read.get("iat").and_then(Value::as_u64), Some(issued_at));
    assert!(read.get("aud").is_none_or(Value::is_null));
}

fuzz_target!(|input: Input<'_>| {
    let key = ApiKey::parse(&format!("{SERVICE}-{SECRET}")).expect("it is a key");
    let verifier = Verifier::new(&key);
    let (text, claims) = match input {
        Input::Bearer(value) => {
            if let Ok(token) = UntrustedToken::from_bearer(value) {
                let _ = token.verify(&verifier, NOW);
            }
            return;
        }
        Input::Token(text) => (text.to_owned(), None),
        Input::Signed(header, claims) => (signed(header, claims), Some(claims.to_owned())),
        Input::Claims(more) => {
            let claims = format!(r#"{{"iss":"{SERVICE}","iat":{NOW}{more}"#).into_bytes();
            (signed(br#"{"typ":"JWT","alg":"HS256"}"#, &claims), Some(claims))
        }
    };
    let Ok(token) = UntrustedToken::parse(&text) else { return };
    let Ok(verified) = token.verify(&verifier, NOW) else { return };
    assert!(verified.issuer().eq_ignore_ascii_case(SERVICE));
    assert!(verified.issued_at().abs_diff(NOW) <= LEEWAY.as_secs());
    match claims {
        Some(claims) => claims_of(&claims, verified.issuer(), verified.issued_at()),
        // Nobody guesses a MAC: it is a token of ours from the corpus.
        None => assert_eq!(Signer::new(&key).mint(verified.issued_at()).as_str(), text),
    }
});
