//! Any text as an API key: no panic, no key that does not end in what it was cut from, no error that says more than which part
//! is wrong.

#![no_main]

use libfuzzer_sys::fuzz_target;
use notify_jwt::{ApiKey, Signer, UntrustedToken, Verifier};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// By the part that is wrong, what was told of it first.
static TOLD: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

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
            // What it says of a part is the same for every text. (Looking for the text in it is no test: in time a text is found that
            // is a piece of the message.)
            let told = format!("{error} {error:?}");
            let mut before = TOLD.lock().expect("nobody panics and goes on");
            assert_eq!(before.entry(format!("{:?}", error.part())).or_insert_with(|| told.clone()), &told);
        }
    }
});
