//! What a signer writes.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

use notify_jwt::{ApiKey, BEARER_MAX, Bearer, KeyParts, Signer, TOKEN_MAX, Token};

fn signer() -> Signer {
    let key = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
    Signer::new(&ApiKey::parse(key).unwrap())
}

#[test]
fn the_longest_token_and_header_value_have_the_documented_length() {
    assert_eq!(signer().mint(u64::MAX).as_str().len(), TOKEN_MAX);
    assert_eq!(signer().bearer(u64::MAX).as_str().len(), BEARER_MAX);
    assert!(signer().mint(9_999_999_999).as_str().len() < TOKEN_MAX);
}

#[test]
fn a_token_takes_its_longest_text_one_surplus_character_and_a_length() {
    let word = size_of::<usize>();
    assert_eq!(size_of::<Token>(), (TOKEN_MAX + 1).next_multiple_of(word) + word);
    assert_eq!(size_of::<Bearer>(), (BEARER_MAX + 1).next_multiple_of(word) + word);
}

#[test]
fn an_empty_buffer_contains_no_token() {
    assert_eq!(Token::EMPTY.as_str(), "");
    assert_eq!(Bearer::EMPTY.as_str(), "");
}

#[test]
fn nothing_is_left_of_a_token_that_another_overwrites() {
    let signer = signer();
    let (mut token, mut bearer) = (Token::EMPTY, Bearer::EMPTY);
    for unix_seconds in [0, u64::MAX, 1_795_430_454, 7, 10_000_000_000] {
        signer.mint_into(unix_seconds, &mut token);
        signer.bearer_into(unix_seconds, &mut bearer);
        assert_eq!(token.as_str(), signer.mint(unix_seconds).as_str());
        assert_eq!(bearer.as_str(), format!("Bearer {}", token.as_str()));
    }
}

#[test]
fn a_signer_that_gets_another_key_signs_with_that_alone() {
    let other =
        ApiKey::parse("0f6ddd3c-0000-4000-8000-000000000001-d679f498-29a1-4484-970c-48681a543138").unwrap();
    let mut reused = signer();
    reused.set_key(&other);
    for unix_seconds in [0, 1_795_430_454, u64::MAX] {
        assert_eq!(reused.mint(unix_seconds).as_str(), Signer::new(&other).mint(unix_seconds).as_str());
    }
}

#[test]
fn a_token_is_written_into_bytes_that_have_room_for_it_and_into_no_others() {
    let signer = signer();
    for unix_seconds in [0, 1_795_430_454, u64::MAX] {
        let (token, bearer) = (signer.mint(unix_seconds), signer.bearer(unix_seconds));
        for room in 0..BEARER_MAX + 20 {
            let mut buffer = vec![b'#'; room];
            let written = signer.mint_to_slice(unix_seconds, &mut buffer);
            check(&buffer, written.ok(), token.as_bytes());
            let mut buffer = vec![b'#'; room];
            let written = signer.bearer_to_slice(unix_seconds, &mut buffer);
            check(&buffer, written.ok(), bearer.as_bytes());
        }
    }
}

fn check(buffer: &[u8], written: Option<usize>, text: &[u8]) {
    if buffer.len() < text.len() {
        assert_eq!(written, None);
        assert!(buffer.iter().all(|byte| *byte == b'#'), "something was written");
    } else {
        assert_eq!(written.map(|length| &buffer[..length]), Some(text));
        assert!(buffer.iter().skip(BEARER_MAX + 1).all(|byte| *byte == b'#'));
    }
}

#[test]
fn a_token_is_text_and_bytes() {
    fn text(text: &(impl AsRef<str> + AsRef<[u8]>)) -> &str {
        assert_eq!(AsRef::<str>::as_ref(text).as_bytes(), AsRef::<[u8]>::as_ref(text));
        text.as_ref()
    }
    let (token, bearer) = (signer().mint(7), signer().bearer(7));
    assert_eq!((text(&token), text(&bearer)), (token.as_str(), bearer.as_str()));
}

#[test]
fn debug_output_shows_nothing_of_a_signer() {
    assert_eq!(format!("{:?}", signer()), "Signer { .. }");
    let parts = KeyParts { service_id: "the id", secret: "the secret" };
    assert_eq!(format!("{parts:?}"), r#"KeyParts { service_id: "the id", .. }"#);
}
