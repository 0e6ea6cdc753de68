//! What a signer writes.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

use notify_jwt::{ApiKey, BEARER_MAX, Bearer, Signer, TOKEN_MAX, Token};

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
fn debug_output_shows_nothing_of_a_signer() {
    assert_eq!(format!("{:?}", signer()), "Signer { .. }");
}
