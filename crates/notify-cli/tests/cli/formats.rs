//! What every verb does with the formats for scripts. The verbs are those of the manual pages, which are written from the
//! program's own command tree, so that a new one is among them.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "what is not as expected ends the test, helpers included")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use notify_http::model::NotificationId;
use serde_json::Value;

use crate::fixture::{EMAIL_TEMPLATE, End, LETTER_TEMPLATE, SEND_SMS, SMS_TEMPLATE, folder, notify};
use crate::machine::error;
use crate::outbox::{Outbox, line};

/// Every verb, as it is typed after `notify`. Tests run side by side, so each names a folder of its own.
fn verbs(name: &str) -> Vec<String> {
    let folder = folder(name);
    assert_eq!(End::of(&mut notify(["man", folder.to_str().unwrap()])).status, 0);
    let pages = fs::read_dir(&folder).unwrap().map(|page| page.unwrap().file_name().into_string().unwrap());
    // A page names its commands with hyphens, and so do some commands.
    let named = |page: String| {
        let words = page.trim_end_matches(".1").replace("precompiled-letter", "precompiled_letter");
        let words = words.replace("not-sent", "not_sent").replace('-', " ").replace('_', "-");
        words.strip_prefix("notify").unwrap().trim().to_owned()
    };
    let verbs: Vec<String> = pages.map(named).collect();
    assert!(verbs.len() > 40, "{verbs:?}");
    verbs
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

/// Whether its help has the option for formats.
fn prints(verb: &str) -> bool {
    let help = End::of(&mut notify(words(verb).into_iter().chain(["-h"])));
    assert_eq!(help.status, 0, "{verb}: {help:?}");
    // Some do nothing without one of the commands below them.
    let usage = help.stdout.lines().find(|line| line.starts_with("Usage: ")).unwrap_or_default();
    help.stdout.contains("--output <FORMAT>") && !usage.ends_with("<COMMAND>")
}

#[test]
fn every_verb_reports_every_error_as_json_on_the_first_line() {
    let home = folder("formats-home");
    for verb in verbs("formats-man-errors") {
        for wrong in [["--no-such-option", "x"], ["--timeout", "never"], ["--service", "us"]] {
            for format in [&["--output", "json"][..], &["-ojsonl"]] {
                let args = words(&verb).into_iter().chain(format.iter().chain(&wrong).copied());
                let end = End::of(notify(args).env("HOME", &home));
                assert_eq!(
                    (end.status, &*end.stdout, &error(&end)["kind"]),
                    (2, "", &"usage".into()),
                    "{verb}: {end:?}"
                );
            }
        }
        // Without arguments, a key or a service: whatever is missing.
        let mut command = notify(words(&verb).into_iter().chain(["--output", "json"]));
        let end = End::of(
            command
                .env("HOME", &home)
                .env_remove("XDG_CONFIG_HOME")
                .env("NOTIFY_BASE_URL", "http://127.0.0.1:9"),
        );
        if end.status != 0 {
            error(&end);
        }
    }
}

/// Every verb that prints rows or an object, with the arguments it needs, and the exit status.
fn printing(outbox: &Outbox, place: &Path) -> Vec<(&'static str, Vec<String>, i32)> {
    let template = ["--template", SMS_TEMPLATE];
    let values = ["--personalisation", "name=Kim", "--personalisation", "permit number=17"];
    let put = place.join("put.jsonl");
    fs::write(&put, line("r1")).unwrap();
    let pdf = place.join("letter.pdf");
    fs::write(&pdf, "%PDF-1.4").unwrap();
    let sent: NotificationId = {
        let end = End::of(&mut outbox.notify(SEND_SMS.into_iter().chain(["-o", "json"])));
        serde_json::from_str::<Value>(&end.stdout).unwrap()["id"].as_str().unwrap().parse().unwrap()
    };
    let sent = sent.to_string();
    let (put, pdf, pulled) = (put.to_str().unwrap(), pdf.to_str().unwrap(), place.join("templates"));
    let pulled = pulled.to_str().unwrap();
    let all = |args: &[&[&str]]| args.concat().into_iter().map(str::to_owned).collect::<Vec<String>>();
    let to_line = ["--to", "Kim", "--to", "1 High Street", "--to", "SW1A 1AA"];
    vec![
        ("templates", vec![], 0),
        ("templates pull", all(&[&[pulled]]), 0),
        ("templates diff", all(&[&[pulled]]), 0),
        ("template", all(&[&[SMS_TEMPLATE]]), 0),
        ("preview", all(&[&template, &values]), 0),
        ("check", all(&[&template, &values]), 0),
        ("send sms", all(&[&template, &values, &["--to", "07900900123"]]), 0),
        (
            "send email",
            all(&[&["-t", EMAIL_TEMPLATE, "--to", "kim@example.com", "-p", "parking=no"], &values]),
            0,
        ),
        ("send letter", all(&[&["-t", LETTER_TEMPLATE], &values, &to_line]), 0),
        ("send precompiled-letter", all(&[&[pdf, "--reference", "r"]]), 0),
        ("get", all(&[&[&sent]]), 0),
        ("wait", all(&[&[&sent]]), 0),
        ("list", vec![], 0),
        ("received", vec![], 0),
        ("token inspect", all(&[&["--at", "1795430454"]]), 4),
        ("token verify", all(&[&["--at", "1795430454"]]), 4),
        ("profile list", vec![], 0),
        ("sandbox messages", vec![], 0),
        ("sandbox clock", vec![], 0),
        ("sandbox fault", vec![], 0),
        ("outbox init", vec![], 0),
        ("outbox put", all(&[&[put]]), 0),
        ("outbox status", vec![], 0),
        ("outbox list", vec![], 0),
        ("outbox doubt", vec![], 0),
        ("outbox doubt list", vec![], 0),
        ("outbox export", all(&[&["07900900123"]]), 0),
        ("outbox run", all(&[&["--until-empty"]]), 0),
        ("outbox erase", all(&[&["07900900123"]]), 0),
    ]
}

/// Those that print something else, and where that is tested.
const OTHERS: [&str; 5] = [
    // Rows as they come: `callbacks`.
    "callbacks listen",
    // A decision about what is in doubt: `outbox::decisions`.
    "outbox doubt sent",
    "outbox doubt not-sent",
    // Nothing.
    "sandbox reset",
    // The rows are in its result file.
    "bulk",
];

#[test]
fn what_prints_rows_or_an_object_takes_each_format() {
    let outbox = Outbox::in_file("formats");
    let (home, place) = (folder("formats-of"), folder("formats-place"));
    let cases = printing(&outbox, &place);
    let known: BTreeSet<&str> = cases.iter().map(|(verb, ..)| *verb).chain(OTHERS).collect();
    let verbs: Vec<String> = verbs("formats-man-rows").into_iter().filter(|verb| prints(verb)).collect();
    assert_eq!(verbs.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
    let token = place.join("token");
    fs::write(&token, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.7ICLRFzGI-3NZBs6_TtsFJfdSUJoA7r9x1yZaC-fZI0")
        .unwrap();
    for (verb, args, status) in &cases {
        for format in ["json", "jsonl", "csv"] {
            let args =
                words(verb).into_iter().chain(args.iter().map(String::as_str)).chain(["--output", format]);
            let mut command = outbox.notify(args);
            command.env("HOME", &home).env_remove("XDG_CONFIG_HOME").stdin(fs::File::open(&token).unwrap());
            let end = End::of(&mut command);
            assert_eq!(end.status, *status, "{verb} {format}: {end:?}");
            // On its way to the end, a wait tells people about each status.
            if *status == 0 && *verb != "wait" {
                assert_eq!(end.stderr, "", "{verb} {format}");
            }
            let context = format!("{verb} {format}: {end:?}");
            match format {
                "json" => {
                    assert!(serde_json::from_str::<Value>(&end.stdout).unwrap().is_object(), "{context}");
                }
                "jsonl" => {
                    for line in end.stdout.lines() {
                        assert!(serde_json::from_str::<Value>(line).unwrap().is_object(), "{context}");
                    }
                }
                _ => {
                    let mut rows = csv::Reader::from_reader(end.stdout.as_bytes());
                    let header = rows.headers().unwrap().clone();
                    assert!(header.iter().all(|name| !name.is_empty() && !name.contains(' ')), "{context}");
                    assert!(!header.is_empty(), "{context}");
                    // A row of another length is an error.
                    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
                    assert!(rows.iter().all(|row| row.iter().any(|value| !value.is_empty())), "{context}");
                }
            }
        }
    }
}

#[test]
fn a_reference_is_not_a_formula_in_the_rows_of_a_sandbox_either() {
    let outbox = Outbox::in_file("formats-formula");
    let args = SEND_SMS.into_iter().chain(["--reference", "=1+1", "-o", "json"]);
    assert_eq!(End::of(&mut outbox.notify(args)).status, 0);
    let end = End::of(&mut outbox.notify(["sandbox", "messages", "-o", "csv"]));
    assert!(end.stdout.contains(",'=1+1,"), "{end:?}");
}
