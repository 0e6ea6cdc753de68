//! Arguments and variables that are not UTF-8 are said to be so, wherever they stand, and are never taken for missing.
#![cfg(unix)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::fixture::{End, Fixture, SMS_TEMPLATE, notify};

/// A name in Latin-1.
const LATIN: &[u8] = b"caf\xe9";

#[test]
fn an_argument_that_is_not_utf_8_is_named_by_its_position() {
    for (before, position) in [
        (&["get"][..], "argument 2"),
        (&["send", "sms", "--template", SMS_TEMPLATE, "--to"], "argument 6"),
        (&["list", "--reference"], "argument 3"),
        (&["sandbox", "fault", "drop", "--path"], "argument 5"),
    ] {
        let end = End::failing(notify(before.iter().copied()).arg(OsStr::from_bytes(LATIN)), 2);
        end.says(&[position, "bytes that are not UTF-8", "help: "]);
        assert!(!end.stderr.contains("caf"), "{end:?}");
    }
    // A file may have any name.
    let mut command = notify(["list", "--api-key-file"]);
    End::failing(command.arg(OsStr::from_bytes(LATIN)), 3).says(&["cannot be opened"]);
}

#[test]
fn a_variable_that_is_not_utf_8_is_not_a_missing_one() {
    let fixture = Fixture::new();
    for (variable, args) in [
        ("NOTIFY_API_KEY", &["list"][..]),
        ("NOTIFY_BASE_URL", &["list"]),
        ("NOTIFY_SERVICE", &["list"]),
        ("NOTIFY_SERVICE_ID", &["list"]),
        ("NOTIFY_PROFILE", &["list"]),
        ("NOTIFY_SANDBOX_TOKEN", &["sandbox", "messages"]),
        ("NOTIFY_CALLBACK_TOKEN", &["callbacks", "listen", "--port", "0"]),
        ("NOTIFY_OUTBOX_STORE", &["outbox", "status"]),
    ] {
        let mut command = fixture.notify(args.iter().copied());
        let end = End::failing(command.env(variable, OsStr::from_bytes(LATIN)), 3);
        end.says(&[variable, "not UTF-8"]);
        assert!(!end.stderr.contains("caf"), "{end:?}");
    }
}
