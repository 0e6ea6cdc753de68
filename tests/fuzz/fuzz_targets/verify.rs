//! Any text as a token, and any header and claims under a right MAC: no panic, and nobody believed who lacks the key.

#![no_main]

use libfuzzer_sys::fuzz_target;
use notify_jwt::{ApiKey, LEEWAY, Signer, UntrustedToken, VerifyError, Verifier};

const KEY: &str = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
const NOW: u64 = 1_795_430_454;

fuzz_target!(|text: &str| {
    let key = ApiKey::parse(KEY).expect("it is a key");
    let (token, bearer) = (UntrustedToken::parse(text), UntrustedToken::from_bearer(text));
    for token in [token, bearer].into_iter().flatten() {
        assert_eq!(token.issuer().len(), 36);
        match token.verify(&Verifier::new(&key), NOW, LEEWAY) {
            // Whoever is believed holds the key: the corpus has such tokens, and this is what they say.
            Ok(claims) => {
                assert!(claims.issuer().eq_ignore_ascii_case(key.service_id()));
                assert!(claims.issued_at().abs_diff(NOW) <= LEEWAY);
                let ours = Signer::new(&key).mint(claims.issued_at());
                assert!(text.ends_with(ours.as_str()), "another token than ours was believed");
            }
            Err(error) => assert_ne!(error, VerifyError::Expired, "none of ours expires"),
        }
    }
});
