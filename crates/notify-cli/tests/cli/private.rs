//! What a user types after an option stays out of errors, and need not be typed at all.

use crate::fixture::{EMAIL_TEMPLATE, End, Fixture, LETTER_TEMPLATE, SMS_TEMPLATE, folder, notify};

#[test]
fn no_word_that_could_be_a_value_is_repeated() {
    let fixture = Fixture::new();
    let sms = ["send", "sms", "--template", SMS_TEMPLATE, "--to", "07900900123"];
    for more in [
        &["--personalisation", "kim"][..],
        &["-p", "kim"],
        &["-pkim"],
        &["--personalisation", "name=kim", "kim"],
        &["--personalisation", "--kim"],
        &["--reference", "x", "--unique-reference", "kim"],
        &["--kim"],
    ] {
        let end = End::failing(&mut fixture.notify(sms.iter().chain(more).copied()), 2);
        assert!(!end.stderr.contains("kim"), "{end:?}");
    }
    for args in [
        "get kim",
        "list --status kim",
        "list --type kim",
        "list --template-type kim",
        "list --since kim",
        "list --limit kim",
        "list --older-than kim",
        "list --output kim",
        "list --service kim",
        "list --timeout kim",
        "templates --type kim",
        "template c0ffee00-0000-4000-8000-000000000011 --version kim",
        "send kim",
        "send precompiled-letter x --postage kim",
        "send email --file kim",
        "sandbox --port kim",
        "sandbox --address kim",
        "token --at kim",
        "completions kim",
        "kim",
        "received kim",
    ] {
        let end = End::failing(&mut fixture.notify(args.split(' ')), 2);
        assert!(!end.stderr.contains("kim"), "{args}: {end:?}");
    }
    // A slip in a command or an option is shown, so that it can be found.
    End::failing(&mut notify(["lsit"]), 2).says(&["'lsit'", "'list'"]);
    End::failing(&mut notify(["list", "--statu", "failed"]), 2).says(&["'--statu'", "'--status'"]);
}

#[test]
fn recipients_may_come_from_files() {
    let fixture = Fixture::new();
    let folder = folder("recipients");
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let values = ["-p", "name=Kim", "-p", "permit number=17", "-p", "parking=no"];
    let to = |kind: &str, template: &str, path: &str| {
        let sent = fixture.json(["send", kind, "-t", template, "--to-file", path].into_iter().chain(values));
        fixture.json(["get", sent["id"].as_str().unwrap()])
    };
    let sms = to("sms", SMS_TEMPLATE, &file("sms", "\u{feff}07900900123\r\n"));
    assert_eq!(sms["phone_number"], "07900900123");
    let email = to("email", EMAIL_TEMPLATE, &file("email", "\n kim@example.com"));
    assert_eq!(email["email_address"], "kim@example.com");
    let letter = to("letter", LETTER_TEMPLATE, &file("letter", "Kim Lee\n1 Castle Street\n\nSW1A 1AA\n"));
    assert_eq!((&letter["line_1"], &letter["line_2"]), (&"Kim Lee".into(), &"1 Castle Street".into()));

    let fails = |path: &str, more: &[&str], status| {
        let args = ["send", "sms", "-t", SMS_TEMPLATE, "--to-file", path];
        End::failing(&mut fixture.notify(args.into_iter().chain(values).chain(more.iter().copied())), status)
    };
    let two = fails(&file("two", "07900900123\n07900900124\n"), &[], 3);
    two.says(&["has 2 lines", "one recipient"]);
    fails(&file("none", " \n"), &[], 3).says(&["has 0 lines"]);
    let other = folder.join("other");
    std::fs::write(&other, b"07900900123\xff").unwrap();
    fails(other.to_str().unwrap(), &[], 3).says(&["is not UTF-8, from byte 11 on"]);
    fails(&file("both", "07900900123"), &["--to", "07900900124"], 2).says(&["cannot be used with"]);
    let none = End::failing(&mut fixture.notify(["send", "sms", "-t", SMS_TEMPLATE]), 2);
    none.says(&["--to"]);
    assert!(!two.stderr.contains("0790090012"), "{two:?}");
}

#[test]
fn a_number_that_would_be_misprinted_is_explained() {
    let fixture = Fixture::new();
    let folder = folder("numbers");
    let file = folder.join("values.json");
    for (text, says) in [
        (r#"{"name": "Kim", "permit number": 2.50}"#, "in quotes"),
        (r#"{"name": "Kim", "permit number": 1e3}"#, "in quotes"),
        (r#"{"name": "Kim", "permit number": null}"#, "write it like"),
    ] {
        std::fs::write(&file, text).unwrap();
        let args = ["preview", "-t", SMS_TEMPLATE, "--personalisation-file", file.to_str().unwrap()];
        let end = End::failing(&mut fixture.notify(args), 3);
        end.says(&["`permit number`", says]);
        assert!(!end.stderr.contains("Kim\" is"), "{end:?}");
    }
    std::fs::write(&file, "\u{feff}{\"name\": \"Kim\", \"permit number\": \"2.50\"}").unwrap();
    let args = ["preview", "-t", SMS_TEMPLATE, "--personalisation-file", file.to_str().unwrap()];
    assert!(fixture.answer(args).contains("your permit 2.50 is ready"));
}

#[test]
fn a_key_file_may_begin_with_a_byte_order_mark() {
    let fixture = Fixture::new();
    let file = folder("marked-key").join("key");
    let key = fixture.sandbox.api_key(notify_sandbox::KeyType::Test);
    std::fs::write(&file, format!("\u{feff}{key}\r\n")).unwrap();
    let args = ["templates", "--api-key-file", file.to_str().unwrap(), "--base-url", fixture.sandbox.url()];
    let end = End::of(&mut notify(args));
    assert_eq!(end.status, 0, "{end:?}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf_8_is_a_mistake_and_not_a_missing_one() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let fixture = Fixture::new();
    let odd = OsStr::from_bytes(b"http://kim\xff");
    for name in ["NOTIFY_BASE_URL", "NOTIFY_API_KEY", "NOTIFY_SERVICE", "NOTIFY_SERVICE_ID"] {
        let end = End::failing(fixture.notify(["list"]).env(name, odd), 3);
        end.says(&[name, "not UTF-8"]);
        assert!(!end.stderr.contains("kim") && !end.stderr.contains("no API key"), "{end:?}");
    }
}
