//! What is an API key, and what is not.

use notify_jwt::{ApiKey, KeyPart, Signer};
use proptest::prelude::*;
use std::error::Error;

const SERVICE: &str = "61b71411-84f6-4e6b-9685-aa9ad893177c";
const SECRET: &str = "d679f498-29a1-4484-970c-48681a543137";

fn wrong_part(text: &str) -> KeyPart {
    ApiKey::parse(text).expect_err(text).part()
}

#[test]
fn the_name_may_be_anything_on_one_line_or_absent() {
    for name in [
        "",
        "name-",
        "-",
        "--",
        "two-words-",
        "gcntfy-my_key-",
        "a b-",
        "ключ-",
        "\"quoted-",
        &"x-".repeat(4000),
    ] {
        let key = ApiKey::parse(&format!("{name}{SERVICE}-{SECRET}")).expect(name);
        assert_eq!(key.service_id(), SERVICE);
    }
}

#[test]
fn a_name_can_look_like_a_key_itself() {
    let key = ApiKey::parse(&format!("{SECRET}-{SECRET}-{SERVICE}-{SECRET}")).unwrap();
    assert_eq!(key.service_id(), SERVICE);
}

#[test]
fn white_space_around_a_key_is_trimmed() {
    for (before, after) in [("", "\n"), ("", "\r\n"), (" ", " "), ("\t", "\n\n"), ("\x0c", "")] {
        ApiKey::parse(&format!("{before}name-{SERVICE}-{SECRET}{after}")).unwrap();
    }
}

#[test]
fn the_part_that_is_wrong_is_named() {
    let capital = SECRET.to_uppercase();
    let cases = [
        (String::new(), KeyPart::Length),
        (SECRET.to_owned(), KeyPart::Length),
        (format!("{SERVICE}{SECRET}"), KeyPart::Length),
        (format!("-{SECRET}"), KeyPart::Length),
        (format!("name-{SERVICE}-{SECRET}\""), KeyPart::Secret),
        (format!("name-{SERVICE}-{capital}"), KeyPart::Secret),
        (format!("name-{SERVICE}-d679f498-29a1-4484-970c-48681a54313"), KeyPart::Secret),
        (format!("name-{SERVICE}-d679f498-29a1-4484-970c-48681a54313g"), KeyPart::Secret),
        (format!("name-{SERVICE}-d679f498_29a1-4484-970c-48681a543137"), KeyPart::Secret),
        (format!("name-{SERVICE}-d679f498-29a1-4484-970c-48681a543\u{301}1"), KeyPart::Secret),
        (format!("name-{SERVICE}_{SECRET}"), KeyPart::Separator),
        (format!("name-{SERVICE} {SECRET}"), KeyPart::Separator),
        (format!("name-61b7141184f6-4e6b-9685-aa9ad893177c4e6b-{SECRET}"), KeyPart::ServiceId),
        (format!("name-{SERVICE}--{SECRET}"), KeyPart::ServiceId),
        (format!("name{SERVICE}-{SECRET}"), KeyPart::Name),
        (format!("name-\n{SERVICE}-{SECRET}"), KeyPart::Name),
        (format!("name-{SERVICE}-{SECRET}\nname-{SERVICE}-{SECRET}"), KeyPart::Name),
        (format!("na\0me-{SERVICE}-{SECRET}"), KeyPart::Name),
    ];
    for (text, part) in cases {
        assert_eq!(wrong_part(&text), part, "{text:?}");
    }
}

#[test]
fn the_error_tells_in_words_which_part_is_wrong() {
    for (text, words) in [
        (String::new(), "too short"),
        (format!("name-{SERVICE}-{SECRET}\""), "the secret"),
        (format!("name-{SERVICE}_{SECRET}"), "no hyphen between the service id and the secret"),
        (format!("name-{SERVICE}--{SECRET}"), "the service id in the API key is not a UUID"),
        (format!("name{SERVICE}-{SECRET}"), "the name"),
    ] {
        let told = ApiKey::parse(&text).expect_err(&text).to_string();
        assert!(told.contains(words) && told.starts_with("the") && !told.ends_with('.'), "{told}");
    }
}

#[test]
fn a_service_id_may_be_in_capitals_and_stays_so() {
    let service = SERVICE.to_uppercase();
    let key = ApiKey::parse(&format!("{service}-{SECRET}")).unwrap();
    assert_eq!(key.service_id(), service);
}

#[test]
fn nothing_shows_a_secret() {
    let key = ApiKey::parse(&format!("name-{SERVICE}-{SECRET}")).unwrap();
    let signer = Signer::new(&key);
    let (token, bearer) = (signer.mint(1), signer.bearer(1));
    let shown =
        format!("{key:?} {key:#?} {signer:?} {signer:#?} {token:?} {token:#?} {bearer:?} {bearer:#?}");
    assert!(!shown.contains(SECRET), "{shown}");
    // The start of every token, of which a part would do harm too.
    assert!(!shown.contains("eyJ"), "{shown}");
}

proptest! {
    #[test]
    fn an_error_shows_nothing_of_the_text(text in "[ -~]{0,30}[g-z]{8}[ -~]{60,90}") {
        let error = ApiKey::parse(&text).expect_err("letters of no UUID stand in it");
        let told = format!("{error} {error:?}");
        prop_assert!(error.source().is_none());
        for piece in text.as_bytes().windows(8) {
            let piece = std::str::from_utf8(piece).unwrap();
            prop_assert!(!told.contains(piece) || piece.chars().all(|c| c.is_ascii_lowercase() || c == ' '), "{}", piece);
        }
    }

    #[test]
    fn no_text_is_taken_that_does_not_end_in_service_and_secret(text in "\\PC{0,120}") {
        if let Ok(key) = ApiKey::parse(&text) {
            prop_assert!(text.trim_ascii().len() >= 73);
            prop_assert!(text.contains(key.service_id()));
        }
    }

    #[test]
    fn every_key_that_is_well_formed_is_read(
        name in "([a-z0-9_-]{0,12}-)?",
        service in "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        secret in "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        space in "[ \t\r\n]{0,3}",
    ) {
        let key = ApiKey::parse(&format!("{space}{name}{service}-{secret}{space}")).unwrap();
        prop_assert_eq!(key.service_id(), service);
    }
}
