//! Which texts are API keys.

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
fn a_name_can_look_like_a_key() {
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
fn a_key_is_read_from_bytes_as_from_text() {
    let key = ApiKey::parse_bytes(format!("name-{SERVICE}-{SECRET}\n").as_bytes()).unwrap();
    assert_eq!(key.service_id(), SERVICE);
    // The name of an old board may be in any encoding.
    let latin = [b"caf\xe9-", SERVICE.as_bytes(), b"-", SECRET.as_bytes()].concat();
    assert_eq!(ApiKey::parse_bytes(&latin).unwrap().service_id(), SERVICE);
    // What an erased page of flash has after the key is not part of it.
    let erased = [SERVICE.as_bytes(), b"-", SECRET.as_bytes(), b"\xff\xff"].concat();
    assert_eq!(ApiKey::parse_bytes(&erased).unwrap_err().part(), KeyPart::Secret);
}

#[test]
fn the_error_names_the_wrong_part() {
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
fn the_message_says_which_part_is_wrong() {
    for (text, expected) in [
        (String::new(), "too short"),
        (format!("name-{SERVICE}-{SECRET}\""), "the secret"),
        (format!("name-{SERVICE}_{SECRET}"), "no hyphen between the service id and the secret"),
        (format!("name-{SERVICE}--{SECRET}"), "the service id in the API key is not a UUID"),
        (format!("name{SERVICE}-{SECRET}"), "the name"),
    ] {
        let message = ApiKey::parse(&text).expect_err(&text).to_string();
        assert!(
            message.contains(expected) && message.starts_with("the") && !message.ends_with('.'),
            "{message}"
        );
    }
}

#[test]
fn a_service_id_in_capitals_is_kept_as_it_is() {
    let service = SERVICE.to_uppercase();
    let key = ApiKey::parse(&format!("{service}-{SECRET}")).unwrap();
    assert_eq!(key.service_id(), service);
}

#[test]
fn debug_output_shows_no_secret() {
    let key = ApiKey::parse(&format!("name-{SERVICE}-{SECRET}")).unwrap();
    let signer = Signer::new(&key);
    let (token, bearer) = (signer.mint(1), signer.bearer(1));
    let shown =
        format!("{key:?} {key:#?} {signer:?} {signer:#?} {token:?} {token:#?} {bearer:?} {bearer:#?}");
    assert!(!shown.contains(SECRET), "{shown}");
    // The start of every token.
    assert!(!shown.contains("eyJ"), "{shown}");
}

proptest! {
    #[test]
    fn an_error_repeats_nothing_of_the_text(text in "[ -~]{0,30}[g-z]{8}[ -~]{60,90}") {
        let error = ApiKey::parse(&text).expect_err("no UUID has the letters g to z");
        let message = format!("{error} {error:?}");
        prop_assert!(error.source().is_none());
        for piece in text.as_bytes().windows(8) {
            let piece = std::str::from_utf8(piece).unwrap();
            prop_assert!(!message.contains(piece) || piece.chars().all(|c| c.is_ascii_lowercase() || c == ' '), "{}", piece);
        }
    }

    #[test]
    fn no_text_is_accepted_that_does_not_end_in_a_service_id_and_a_secret(text in "\\PC{0,120}") {
        if let Ok(key) = ApiKey::parse(&text) {
            prop_assert!(text.trim_ascii().len() >= 73);
            prop_assert!(text.contains(key.service_id()));
        }
    }

    #[test]
    fn every_well_formed_key_is_accepted(
        name in "([a-z0-9_-]{0,12}-)?",
        service in "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        secret in "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        space in "[ \t\r\n]{0,3}",
    ) {
        let key = ApiKey::parse(&format!("{space}{name}{service}-{secret}{space}")).unwrap();
        prop_assert_eq!(key.service_id(), service);
    }
}
