//! Any text as an API key: no panic, no key that the text does not end in, no error that says more than which part is wrong.

#![no_main]

use libfuzzer_sys::fuzz_target;
use notify_jwt::{ApiKey, Signer, UntrustedToken, Verifier};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

/// The first message about each wrong part.
static MESSAGES: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

fuzz_target!(|text: &str| {
    match ApiKey::parse(text) {
        Ok(key) => {
            let trimmed = text.trim_ascii();
            let (_, end) = trimmed.split_at(trimmed.len() - 73);
            assert_eq!(&end[..36], key.service_id());
            let secret = &end[37..];
            assert!(!format!("{key:?}").contains(secret) || key.service_id() == secret);
            let unix_seconds = u64::from_str_radix(&secret[..8], 16).unwrap_or_default();
            let token = Signer::new(&key).mint(unix_seconds);
            let token = UntrustedToken::parse(token.as_str()).expect("a minted token can be parsed");
            token
                .verify_with_leeway(&Verifier::new(&key), unix_seconds, Duration::ZERO)
                .expect("a minted token passes verification");
        }
        Err(error) => {
            // The message about a part is the same for every text. (To search the message for the text is no test: sooner or later
            // the fuzzer finds a text that is part of the message.)
            let message = format!("{error} {error:?}");
            let mut first = MESSAGES.lock().expect("the process ends at the first panic");
            assert_eq!(
                first.entry(format!("{:?}", error.part())).or_insert_with(|| message.clone()),
                &message
            );
        }
    }
});
