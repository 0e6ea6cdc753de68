//! `notify check`: what is known of a message before it is sent.

use notify_sandbox::{KeyType, NewTemplate, Sandbox, Service, TemplateContent};
use serde_json::Value;

use crate::fixture::{EMAIL_TEMPLATE, End, Fixture, LETTER_TEMPLATE, SMS_TEMPLATE, folder, notify_at};

/// How the check of a template with these values ends.
fn checked(fixture: &Fixture, template: &str, values: &[&str], more: &[&str]) -> End {
    let values = values.iter().flat_map(|value| ["--personalisation", value]);
    let args = ["check", "--template", template].into_iter().chain(values).chain(more.iter().copied());
    End::of(&mut fixture.notify(args))
}

fn report(fixture: &Fixture, template: &str, values: &[&str]) -> (i32, Value) {
    let end = checked(fixture, template, values, &["--output", "json"]);
    (end.status, serde_json::from_str(&end.stdout).expect("it is one JSON object"))
}

#[test]
fn a_text_message_is_checked_without_being_sent() {
    let fixture = Fixture::new();
    let end = checked(&fixture, SMS_TEMPLATE, &["name=Łucja 🚀", "Permit_Number=17"], &[]);
    assert_eq!((end.status, &*end.stderr), (0, ""), "{end:?}");
    for line in [
        "result     nothing is known against it\n",
        "length     39 characters of 918\n",
        "fragments  1\n",
        "replaced   Ł arrives as L, 🚀 arrives as ?\n",
        "body       Hello Lucja ?, your permit 17 is ready.\n",
    ] {
        assert!(end.stdout.contains(line), "{line}{end:?}");
    }
    assert_eq!(fixture.sandbox.messages().len(), 0);
}

#[test]
fn missing_and_misspelt_placeholders_are_named_and_their_values_are_not() {
    let fixture = Fixture::new();
    let end = checked(&fixture, SMS_TEMPLATE, &["nmae=Kim Lee", "permit number=17"], &[]);
    assert_eq!(end.status, 4, "{end:?}");
    end.says(&["would refuse the message: placeholders without a value: name", "misspelt? nmae"]);
    assert!(!end.stderr.contains("Kim Lee"), "{end:?}");
    let (status, report) = report(&fixture, SMS_TEMPLATE, &["nmae=Kim Lee", "permit number=17"]);
    assert_eq!((status, &report["refused"]), (4, &true.into()));
    assert_eq!((&report["missing"][0], &report["unused"][0]), (&"name".into(), &"nmae".into()));
}

#[test]
fn each_fragment_is_counted_with_the_name_of_the_service() {
    let fixture = Fixture::new();
    let long = format!("name={}", "a".repeat(120));
    let (_, known) = report(&fixture, SMS_TEMPLATE, &[&long, "permit number=17"]);
    assert_eq!((&known["fragments"], &known["encoding"]), (&1.into(), &"gsm-7".into()), "{known}");
    let more = ["--service-name", "Sandbox Borough Council", "--output", "json"];
    let end = checked(&fixture, SMS_TEMPLATE, &[&long, "permit number=17"], &more);
    let named: Value = serde_json::from_str(&end.stdout).unwrap();
    assert_eq!((&named["fragments"], &named["length"]), (&2.into(), &known["length"]), "{named}");
}

#[test]
fn each_service_has_its_own_limit() {
    for (service, longest) in [
        (Service::GovUk, Some(918)),
        (Service::NotifyGovAu, Some(612)),
        (Service::GcNotify, Some(612)),
        (Service::VaNotify, None),
    ] {
        let sandbox = Sandbox::builder().service(service).start().unwrap();
        let fixture = Fixture { sandbox };
        let id = fixture.sandbox.services()[0].id.clone();
        let template = fixture
            .sandbox
            .add_template(&id, NewTemplate::new("all", TemplateContent::Sms { body: "((text))" }))
            .unwrap();
        let check = |length: usize| {
            let value = format!("text={}", "a".repeat(length));
            let args = ["check", "--template", &template, "--personalisation", &value];
            let mut command = fixture.notify(args);
            command.env("NOTIFY_SERVICE", service.as_str());
            if service == Service::VaNotify {
                command.env("NOTIFY_SERVICE_ID", &id);
            }
            End::of(&mut command)
        };
        assert_eq!(
            check(longest.unwrap_or(5_000)).status,
            0,
            "{service}: {:?}",
            check(longest.unwrap_or(5_000))
        );
        if let Some(longest) = longest {
            let end = check(longest + 1);
            assert_eq!(end.status, 4, "{service}: {end:?}");
            end.says(&[&format!("too long: {}, and {longest} are allowed", longest + 1)]);
        }
    }
}

/// A service in the sandbox is the oracle: each counts other characters in another way.
#[test]
fn a_text_is_too_long_where_the_service_says_so() {
    for (service, name, to) in [
        (Service::GovUk, "govuk", "07900900123"),
        (Service::NotifyGovAu, "au", "0412345678"),
        (Service::GcNotify, "gc", "+16135550123"),
    ] {
        let fixture =
            Fixture { sandbox: Sandbox::builder().service(service).without_limits().start().unwrap() };
        let id = fixture.sandbox.services()[0].id.clone();
        let template = fixture
            .sandbox
            .add_template(&id, NewTemplate::new("all", TemplateContent::Sms { body: "((text))" }))
            .unwrap();
        for (text, counts) in [("é", [1, 2, 1]), ("€", [1, 3, 2]), ("ł", [1, 1, 1]), ("ŵ", [1, 1, 1])] {
            let (limit, count) = match service {
                Service::GovUk => (918, counts[0]),
                Service::NotifyGovAu => (612, counts[1]),
                _ => (612, counts[2]),
            };
            // The name that GC Notify puts before a message counts there, and the check does not know it.
            let longest = limit / count;
            for length in [longest - 60, longest + 1] {
                let value = format!("text={}", text.repeat(length));
                let run = |args: &[&str]| {
                    let args =
                        args.iter().copied().chain(["--template", &template, "--personalisation", &value]);
                    End::of(fixture.notify(args).env("NOTIFY_SERVICE", name)).status
                };
                let (checked, sent) = (run(&["check"]), run(&["send", "sms", "--to", to]));
                assert_eq!(checked, sent, "{name} {text} {length}");
                assert_eq!(checked == 4, length > longest, "{name} {text} {length}");
            }
        }
    }
}

#[test]
fn an_email_is_checked_with_its_files() {
    let fixture = Fixture::new();
    let file = folder("check").join("permit.pdf");
    std::fs::write(&file, "%PDF-").unwrap();
    let id = fixture.sandbox.services()[0].id.clone();
    let template = NewTemplate::new(
        "file",
        TemplateContent::Email { subject: "For ((name))", body: "Here it is: ((link))" },
    );
    let template = fixture.sandbox.add_template(&id, template).unwrap();
    let (status, report) = report(&fixture, &template, &["name=Kim"]);
    assert_eq!((status, &report["missing"][0]), (4, &"link".into()), "{report}");
    let link = format!("link={}", file.display());
    let end = checked(&fixture, &template, &["name=Kim"], &["--file", &link]);
    assert_eq!(end.status, 0, "{end:?}");
    assert!(end.stdout.contains("bytes of 2000000"), "{end:?}");
    // A file without a placeholder is a mistake, too.
    let other = format!("lnik={}", file.display());
    let end = checked(&fixture, &template, &["name=Kim"], &["--file", &link, "--file", &other]);
    assert!(end.stdout.contains("unused    lnik\n"), "{end:?}");
    checked(&fixture, SMS_TEMPLATE, &[], &["--file", &link]).failed(2).says(&["only e-mails have files"]);
}

#[test]
fn a_letter_is_checked_for_its_placeholders() {
    let fixture = Fixture::new();
    let (status, known) = report(&fixture, LETTER_TEMPLATE, &["name=Kim"]);
    assert_eq!((status, &known["missing"][0]), (4, &"permit number".into()), "{known}");
    let (status, known) =
        report(&fixture, LETTER_TEMPLATE, &["name=Kim", "permit number=17", "address_line_1=Kim Lee"]);
    assert_eq!((status, &known["unused"]), (0, &serde_json::json!([])), "{known}");
}

#[test]
fn what_the_check_refuses_the_service_refuses_and_what_it_does_not_the_service_takes() {
    let fixture = Fixture::new();
    let key = fixture.sandbox.api_key(KeyType::Test);
    for (kind, template, to, values) in [
        ("sms", SMS_TEMPLATE, "07900900123", &["name=Kim"][..]),
        ("sms", SMS_TEMPLATE, "07900900123", &["name=Kim", "permit number=17"]),
        ("email", EMAIL_TEMPLATE, "kim@example.com", &["name=Kim", "permit number=17"]),
        ("email", EMAIL_TEMPLATE, "kim@example.com", &["name=Kim", "permit number=17", "parking=no"]),
    ] {
        let check = checked(&fixture, template, values, &[]).status;
        let values = values.iter().flat_map(|value| ["--personalisation", value]);
        let args = ["send", kind, "--template", template, "--to", to].into_iter().chain(values);
        let end = End::of(&mut notify_at(fixture.sandbox.url(), &key, args));
        assert_eq!(check, end.status, "{end:?}");
    }
}
