//! What is minted, and where.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

use notify_jwt::{ApiKey, BEARER_MAX, Bearer, Signer, TOKEN_MAX, Token};

fn signer() -> Signer {
    let key = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
    Signer::new(&ApiKey::parse(key).unwrap())
}

#[test]
fn the_longest_token_and_header_value_are_as_long_as_is_said() {
    assert_eq!(signer().mint(u64::MAX).as_str().len(), TOKEN_MAX);
    assert_eq!(signer().bearer(u64::MAX).as_str().len(), BEARER_MAX);
    assert!(signer().mint(9_999_999_999).as_str().len() < TOKEN_MAX);
}

#[test]
fn a_place_is_as_large_as_its_longest_text_with_one_character_in_excess_and_a_length() {
    let word = size_of::<usize>();
    assert_eq!(size_of::<Token>(), (TOKEN_MAX + 1).next_multiple_of(word) + word);
    assert_eq!(size_of::<Bearer>(), (BEARER_MAX + 1).next_multiple_of(word) + word);
}

#[test]
fn an_empty_place_holds_no_token() {
    assert_eq!(Token::EMPTY.as_str(), "");
    assert_eq!(Bearer::EMPTY.as_str(), "");
}

#[test]
fn nothing_is_left_of_the_token_whose_place_another_takes() {
    let signer = signer();
    let (mut token, mut bearer) = (Token::EMPTY, Bearer::EMPTY);
    for moment in [0, u64::MAX, 1_795_430_454, 7, 10_000_000_000] {
        signer.mint_into(moment, &mut token);
        signer.bearer_into(moment, &mut bearer);
        assert_eq!(token.as_str(), signer.mint(moment).as_str());
        assert_eq!(bearer.as_str(), format!("Bearer {}", token.as_str()));
    }
}

#[test]
fn a_signer_is_not_shown() {
    assert_eq!(format!("{:?}", signer()), "Signer { .. }");
}
