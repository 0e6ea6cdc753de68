//! Tokens in heapless's texts, and keys from them.
#![cfg(feature = "heapless-0-9")]
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

use heapless_0_9::string::StringView;
use heapless_0_9::{String, Vec, VecView};
use notify_jwt::{ApiKey, BEARER_MAX, Signer, TOKEN_MAX};

const KEY: &str = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";

fn signer() -> Signer {
    Signer::new(&ApiKey::parse(KEY).unwrap())
}

#[test]
fn the_longest_token_and_header_value_fit_a_text_of_the_documented_length() {
    let signer = signer();
    let mut token = String::<TOKEN_MAX>::new();
    signer.append_token(u64::MAX, &mut token).unwrap();
    assert_eq!(token, signer.mint(u64::MAX).as_str());
    let mut bearer = Vec::<u8, BEARER_MAX>::new();
    signer.append_bearer(u64::MAX, &mut bearer).unwrap();
    assert_eq!(bearer, signer.bearer(u64::MAX).as_bytes());
}

#[test]
fn what_is_in_a_text_stays_before_the_token() {
    let signer = signer();
    let mut head = String::<250, u8>::try_from("Authorization: ").unwrap();
    signer.append_bearer(1_795_430_454, &mut head).unwrap();
    assert_eq!(head, format!("Authorization: {}", signer.bearer(1_795_430_454).as_str()).as_str());
}

#[test]
fn views_of_texts_are_written_into() {
    let signer = signer();
    let (mut string, mut bytes) = (String::<200>::new(), Vec::<u8, 200>::new());
    let (string, bytes): (&mut StringView, &mut VecView<u8>) = (&mut string, &mut bytes);
    signer.append_token(7, string).unwrap();
    signer.append_token(7, bytes).unwrap();
    assert_eq!((string.as_bytes(), bytes.as_slice()), (signer.mint(7).as_bytes(), signer.mint(7).as_bytes()));
}

#[test]
fn a_text_without_room_for_the_token_stays_as_it_is() {
    let signer = signer();
    let mut string = String::<164>::try_from("as it was").unwrap();
    signer.append_token(1_795_430_454, &mut string).unwrap_err();
    assert_eq!(string, "as it was");
    let mut bytes = Vec::<u8, 171>::new();
    signer.append_bearer(1_795_430_454, &mut bytes).unwrap_err();
    assert!(bytes.is_empty());
}

#[test]
fn a_key_is_taken_out_of_a_text_and_none_of_it_stays() {
    let mut string = String::<128>::try_from(KEY).unwrap();
    let key = ApiKey::take_from(&mut string).unwrap();
    assert_eq!(key.service_id(), &KEY[..36]);
    assert!(string.is_empty());

    let mut bytes = Vec::<u8, 128>::from_slice(KEY.as_bytes()).unwrap();
    ApiKey::take_from(&mut bytes).unwrap();
    // What was there before shows up when the length is set back.
    bytes.resize_default(KEY.len()).unwrap();
    assert!(bytes.iter().all(|byte| *byte == 0));

    let mut no_key = String::<128>::try_from("no key, but perhaps half of one").unwrap();
    ApiKey::take_from(&mut no_key).unwrap_err();
    assert!(no_key.is_empty());
}
