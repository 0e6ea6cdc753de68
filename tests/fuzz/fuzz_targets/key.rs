//! Any text as an API key: no panic, no key that does not end in what it was cut from, no error that repeats the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use notify_jwt::{ApiKey, Signer, UntrustedToken, Verifier};

fuzz_target!(|text: &str| {
    match ApiKey::parse(text) {
        Ok(key) => {
            let trimmed = text.trim_ascii();
            let (_, end) = trimmed.split_at(trimmed.len() - 73);
            assert_eq!(&end[..36], key.service_id());
            let secret = &end[37..];
            assert!(!format!("{key:?}").contains(secret) || key.service_id() == secret);
            let moment = u64::from_str_radix(&secret[..8], 16).unwrap_or_default();
            let token = Signer::new(&key).mint(moment);
            let token = UntrustedToken::parse(token.as_str()).expect("what is minted is a token");
            token.verify(&Verifier::new(&key), moment, 0).expect("what is minted is believed");
        }
        Err(error) => {
            // Long enough that it is in no message by chance.
            let told = format!("{error} {error:?}");
            assert!(text.len() < 40 || !told.contains(text));
        }
    }
});
