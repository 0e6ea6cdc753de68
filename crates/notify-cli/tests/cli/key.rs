//! Where the key and the base URL come from.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use notify_sandbox::KeyType;

use crate::fixture::{End, Fixture, KEY, SECRET, folder, notify, notify_at};

#[test]
fn a_key_may_come_from_a_file_or_stdin_with_white_space_around_it() {
    let fixture = Fixture::new();
    let file = folder("key-file").join("key");
    fs::write(
        &file,
        format!("\u{feff} {}\r\n\n", fixture.sandbox.api_key(KeyType::Test)).trim_start_matches('\u{feff}'),
    )
    .unwrap();
    for path in [file.to_str().unwrap(), "-"] {
        let mut command = notify(["templates", "--api-key-file", path, "--base-url", fixture.sandbox.url()]);
        let stdin = fs::File::open(&file).unwrap();
        // A named key takes precedence over a wrong one in the environment.
        let end = End::of(command.stdin(Stdio::from(stdin)).env("NOTIFY_API_KEY", KEY));
        assert_eq!(end.status, 0, "{end:?}");
    }
}

#[test]
fn without_a_key_nothing_is_sent_and_the_error_says_where_to_put_one() {
    for key in [None, Some(""), Some(" \n")] {
        let mut command = notify(["templates"]);
        let end = End::failing(command.envs(key.map(|key| ("NOTIFY_API_KEY", key))), 3);
        end.says(&["no API key in NOTIFY_API_KEY", "--api-key-file", "notify sandbox", "notify demo"]);
    }
}

#[test]
fn the_error_for_a_damaged_key_names_its_place_and_the_wrong_part_and_does_not_show_it() {
    for (key, part) in [
        (KEY.replacen("-4000-", "-4g00-", 1), "service"),
        (KEY.replace(SECRET, "5ec7e700"), ""),
        (format!("\"{KEY}\""), "quot"),
        (format!("{KEY} {KEY}x"), ""),
        ("hunter2".to_owned(), ""),
    ] {
        let end = End::failing(&mut notify_at("http://127.0.0.1:9", &key, ["list"]), 3);
        end.says(&["the API key in NOTIFY_API_KEY cannot be used", part, "copy it again"]);
        for secret in ["5ec7e700", "hunter2"] {
            assert!(!end.stderr.contains(secret), "{end:?}");
        }
    }
}

#[test]
fn the_error_for_an_unreadable_key_file_names_the_file() {
    let folder = folder("key-files");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    fs::write(path("large"), KEY.repeat(100)).unwrap();
    fs::write(path("image"), [0xff, 0xd8, 0xff, 0xe0]).unwrap();
    fs::write(path("empty"), "").unwrap();
    for (name, reason) in [
        ("none", "cannot be opened"),
        (".", "cannot be"),
        ("large", "too large to hold just an API key"),
        ("image", "cannot be read"),
        ("empty", "there is no API key in"),
    ] {
        let end = End::failing(&mut notify(["list", "--api-key-file", &path(name)]), 3);
        end.says(&[&path(name), reason]);
    }
}

#[test]
fn a_key_among_the_arguments_is_refused_in_any_position_and_not_shown() {
    for args in
        [vec!["list", "--api-key-file", KEY], vec!["token", KEY], vec![KEY], vec!["send", "sms", "--to", KEY]]
    {
        let end = End::failing(&mut notify(args), 2);
        end.says(&["looks like an API key", "NOTIFY_API_KEY", "revoke it"]);
        assert!(!end.stderr.contains(SECRET), "{end:?}");
    }
}

#[test]
fn stdin_can_be_read_only_once() {
    let mut command = notify([
        "send",
        "sms",
        "--template",
        crate::fixture::SMS_TEMPLATE,
        "--to",
        "07900900123",
        "--personalisation-file",
        "-",
        "--api-key-file",
        "-",
    ]);
    let mut child =
        command.stdin(Stdio::piped()).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // It may end without reading.
    let _ = child.stdin.take().unwrap().write_all(b"{}");
    let end = End::from(child.wait_with_output().unwrap());
    assert_eq!(end.status, 2, "{end:?}");
    end.says(&["stdin"]);
}

#[test]
fn a_base_url_that_cannot_be_used_is_refused_with_its_place() {
    for (url, reason) in [
        ("api.notifications.service.gov.uk", "must start with https://"),
        ("ftp://example.com", "must start with https://"),
        ("https://kim:hunter2@example.com", "user name or password"),
        ("https://example.com/?a=b", "query or a fragment"),
        ("http://example.com", "http:// to another machine exposes messages and tokens"),
    ] {
        let from_environment = End::failing(&mut notify_at(url, KEY, ["list"]), 3);
        let from_argument = End::failing(notify(["list", "--base-url", url]).env("NOTIFY_API_KEY", KEY), 3);
        for end in [&from_environment, &from_argument] {
            end.says(&[reason]);
            assert!(!end.stderr.contains("hunter2"), "{end:?}");
        }
    }
}

#[test]
fn a_base_url_may_have_a_path_and_a_slash_at_its_end() {
    let fixture = Fixture::new();
    let url = format!(" {}/ ", fixture.sandbox.url());
    let end = End::of(&mut notify_at(&url, &fixture.sandbox.api_key(KeyType::Test), ["templates"]));
    assert_eq!(end.status, 0, "{end:?}");
}

/// As VA Notify makes secrets: 86 characters, issued without the service id.
const LONG_SECRET: &str =
    "c2VjcmV0LW9mLWVpZ2h0eS1zaXgtY2hhcmFjdGVycy1hcy1WQS1Ob3RpZnktbWFrZXMtdGhlbV9hbG9uZV9vdXQ";

#[test]
fn a_secret_that_was_handed_out_alone_goes_with_the_id_of_its_service() {
    let token = |secret: &str, service_id: &str| {
        let mut command = notify(["token", "--at", "1795430454"]);
        command.env("NOTIFY_API_KEY", secret).env("NOTIFY_SERVICE_ID", service_id);
        command
    };
    let service_id = &KEY[KEY.len() - 73..KEY.len() - 37];
    // The parts of a whole key make its token.
    let whole = End::of(notify(["token", "--at", "1795430454"]).env("NOTIFY_API_KEY", KEY));
    let apart = End::of(&mut token(SECRET, service_id));
    assert_eq!((apart.status, &apart.stdout), (0, &whole.stdout), "{apart:?}");
    assert_eq!(End::of(&mut token(LONG_SECRET, service_id)).status, 0);

    let alone = End::failing(notify(["token"]).env("NOTIFY_API_KEY", LONG_SECRET), 3);
    alone.says(&["the API key in NOTIFY_API_KEY cannot be used", "set NOTIFY_SERVICE_ID"]);
    End::failing(&mut token(LONG_SECRET, "17"), 3).says(&["the service id is not a UUID"]);
    End::failing(&mut token(KEY, service_id), 3).says(&["NOTIFY_SERVICE_ID is set too", "unset it"]);
    for end in [alone, apart] {
        assert!(!end.stderr.contains(LONG_SECRET) && !end.stderr.contains(SECRET), "{end:?}");
    }
}

#[test]
fn what_a_service_does_not_offer_is_not_requested() {
    let id = "740e5834-3a29-46b4-9a6f-16142fde533a";
    let end = End::failing(&mut notify_at("http://127.0.0.1:9", KEY, ["pdf", id, "-", "--service", "gc"]), 2);
    end.says(&["GC Notify does not offer get_letter_pdf", "GOV.UK Notify", "nothing was sent"]);
    let end = End::failing(&mut notify_at("http://127.0.0.1:9", KEY, ["received", "--service", "va"]), 2);
    end.says(&["VA Notify does not offer list_received_text_messages"]);
    End::failing(&mut notify(["list", "--service", "us"]), 2).says(&["US Notify is not supported"]);
}
