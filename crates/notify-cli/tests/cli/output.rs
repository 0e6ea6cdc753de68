//! stdout has the answer, stderr the conversation.

use std::fs::File;
use std::process::Stdio;

use crate::fixture::{End, Fixture, SEND_LETTER, SEND_SMS, SMS_TEMPLATE, folder};

#[test]
fn colours_reach_only_terminals_unless_they_are_forced() {
    let fixture = Fixture::new();
    fixture.answer(SEND_SMS);
    for (variables, coloured) in [
        (&[][..], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
    ] {
        let mut list = fixture.notify(["list"]);
        let mut fails = fixture.notify(["get", SMS_TEMPLATE]);
        let list = End::of(list.envs(variables.iter().copied()));
        let fails = End::of(fails.envs(variables.iter().copied()));
        assert_eq!((list.stdout.contains('\u{1b}'), fails.stderr.contains('\u{1b}')), (coloured, coloured));
    }
}

#[test]
fn json_is_never_coloured() {
    let fixture = Fixture::new();
    fixture.answer(SEND_SMS);
    let end = End::of(fixture.notify(["list", "--output", "json"]).env("CLICOLOR_FORCE", "1"));
    assert!(!end.stdout.contains('\u{1b}'), "{end:?}");
}

#[test]
fn json_output_is_the_services_answer() {
    let fixture = Fixture::new();
    let sent = fixture.json(SEND_SMS.into_iter().chain(["--reference", "r"]));
    assert_eq!(
        (sent["reference"].as_str(), sent["content"]["from_number"].as_str()),
        (Some("r"), Some("SANDBOX"))
    );
    let id = sent["id"].as_str().unwrap();
    // A field that this program does not use.
    assert_eq!(fixture.json(["get", id])["scheduled_for"], serde_json::Value::Null);
    assert_eq!(fixture.json(["get", id])["type"], "sms");
    assert_eq!(fixture.json(["templates"])["templates"].as_array().unwrap().len(), 4);
    assert_eq!(fixture.json(["template", SMS_TEMPLATE])["version"], 1);
    assert_eq!(
        fixture.json([
            "preview",
            "--template",
            SMS_TEMPLATE,
            "--personalisation",
            "name=Kim",
            "--personalisation",
            "permit number=1"
        ])["type"],
        "sms"
    );
    assert_eq!(fixture.answer(["get", id, "--output", "jsonl"]).lines().count(), 1);
}

#[test]
fn a_message_without_a_reference_gets_one() {
    let fixture = Fixture::new();
    for args in [&[][..], &["--generate-reference"]] {
        let sent = fixture.json(SEND_SMS.into_iter().chain(args.iter().copied()));
        assert_eq!(sent["reference"].as_str().unwrap().len(), 36);
    }
    let sent = fixture.json(SEND_SMS.into_iter().chain(["--reference", "mine", "--unique-reference"]));
    assert_eq!(sent["reference"], "mine");
}

#[test]
fn a_reader_that_stops_early_is_not_an_error() {
    let fixture = Fixture::new();
    for args in
        [vec!["templates"], vec!["list", "--all"], vec!["--help"], vec!["completions", "bash"], vec!["demo"]]
    {
        let mut command = fixture.notify(args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let end = End::from(child.wait_with_output().unwrap());
        assert_eq!((end.status, end.stderr.as_str()), (0, ""), "{end:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_a_sent_message_is_reported_all_the_same() {
    let fixture = Fixture::new();
    let full = || File::options().write(true).open("/dev/full").unwrap();
    fixture.answer(SEND_SMS);
    for args in [
        vec!["templates"],
        vec!["list", "--output", "jsonl"],
        vec!["token"],
        vec!["completions", "zsh"],
        vec!["--help"],
        vec!["--version"],
    ] {
        let end = End::writing(&mut fixture.notify(args), full(), Stdio::piped()).failed(1);
        end.says(&["the answer cannot be written", "No space left"]);
    }
    let end = End::writing(&mut fixture.notify(SEND_SMS), full(), Stdio::piped()).failed(7);
    end.says(&[
        "error: the message may have been sent: the service took it as ",
        "the answer cannot be written",
    ]);
    assert_eq!(fixture.answer(["list", "--output", "jsonl"]).lines().count(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn an_error_keeps_its_exit_status_even_if_stderr_is_closed() {
    let fixture = Fixture::new();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let end = End::writing(&mut fixture.notify(["get", SMS_TEMPLATE]), Stdio::piped(), full).failed(4);
    assert_eq!(end.stderr, "");
}

#[test]
fn a_messages_text_cannot_affect_a_terminal() {
    let fixture = Fixture::new();
    let mut args = SEND_SMS.to_vec();
    args[7] = "name=\u{1b}]0;owned\u{7}\u{202e}Kim";
    let text = fixture.answer(args.clone());
    let id = text.lines().next().unwrap().rsplit(' ').next().unwrap();
    for shown in [&text, &fixture.answer(["get", id]), &fixture.answer(["get", id, "--output", "json"])] {
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
        assert!(shown.contains("Kim"));
    }
}

#[test]
fn a_letter_can_be_sent_read_and_fetched() {
    let fixture = Fixture::new();
    let folder = folder("letter");
    let file = folder.join("letter.pdf");
    let sent = fixture.json(SEND_LETTER);
    let id = sent["id"].as_str().unwrap();
    let text = fixture.answer(["get", id]);
    assert!(text.contains("to                  Kim Lee\n                    1 Castle Street\n"), "{text}");
    // It takes a moment to be made.
    let begin = std::time::Instant::now();
    let end = loop {
        let end = End::of(&mut fixture.notify(["pdf", id, file.to_str().unwrap()]));
        if end.status == 0 || begin.elapsed().as_secs() > 10 {
            break end;
        }
        end.says(&["ask again in some seconds"]);
    };
    assert_eq!((end.status, end.stdout.as_str()), (0, ""), "{end:?}");
    let pdf = std::fs::read(&file).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    assert_eq!(fixture.notify(["pdf", id, "-"]).output().unwrap().stdout, pdf);
    let end = End::failing(&mut fixture.notify(["pdf", id, folder.to_str().unwrap()]), 1);
    end.says(&["the PDF cannot be written to", folder.to_str().unwrap()]);

    let args =
        ["send", "precompiled-letter", file.to_str().unwrap(), "--postage", "first", "--reference", "r"];
    let sent = fixture.json(args);
    assert_eq!((sent["postage"].as_str(), sent["reference"].as_str()), (Some("first"), Some("r")));
}

#[test]
fn an_email_can_carry_a_file() {
    let fixture = Fixture::new();
    let file = folder("file").join("permit.csv");
    std::fs::write(&file, "permit,17\n").unwrap();
    let argument = format!("link_to_file={}", file.display());
    let sent = fixture.json([
        "send",
        "email",
        "--template",
        "c0ffee00-0000-4000-8000-000000000014",
        "--to",
        "kim@example.com",
        "--personalisation",
        "name=Kim",
        "--file",
        &argument,
    ]);
    assert!(sent["content"]["body"].as_str().unwrap().contains("Download your permit: http"), "{sent}");
}

#[test]
fn values_may_come_from_a_file_and_an_argument_wins_over_it() {
    let fixture = Fixture::new();
    let file = folder("values").join("values.json");
    std::fs::write(&file, r#"{"Name": "Kim", "permit number": 17}"#).unwrap();
    let args = ["preview", "--template", SMS_TEMPLATE, "--personalisation-file", file.to_str().unwrap()];
    assert!(fixture.answer(args).contains("Hello Kim, your permit 17 is ready."));
    let args = args.into_iter().chain(["--personalisation", "name=Lee"]);
    assert!(fixture.answer(args).contains("Hello Lee, your permit 17 is ready."));
}
