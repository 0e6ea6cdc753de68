//! `notify sandbox messages`, `clock`, `fault`, `reset` and `world export`.

use notify_sandbox::{KeyType, Sandbox, Service, World};
use serde_json::{Value, json};

use crate::fixture::{
    EMAIL_TEMPLATE, End, Fixture, KEY, LETTER_TEMPLATE, SECRET, SEND_SMS, SMS_TEMPLATE, notify,
};
use crate::server::{answer, that_answers, that_is_not_there};

/// The program against the sandbox, without a key.
fn steer<'a>(fixture: &Fixture, args: impl IntoIterator<Item = &'a str>) -> End {
    End::of(notify(["sandbox"].into_iter().chain(args)).env("NOTIFY_BASE_URL", fixture.sandbox.url()))
}

fn json(end: &End) -> Value {
    assert_eq!((end.status, &*end.stderr), (0, ""), "{end:?}");
    serde_json::from_str(&end.stdout).expect("it is one JSON object")
}

#[test]
fn the_messages_of_a_running_sandbox_are_shown() {
    let fixture = Fixture::new();
    let none = steer(&fixture, ["messages"]);
    assert_eq!((none.status, &*none.stdout), (0, "The sandbox has taken no such message.\n"), "{none:?}");
    let id = fixture.json(SEND_SMS)["id"].as_str().unwrap().to_owned();
    let table = steer(&fixture, ["messages"]);
    assert!(table.stdout.contains(&id) && table.stdout.contains("Hello Kim"), "{table:?}");
    for (args, count) in [
        (&["--to", "+44 7900 900123"][..], 1),
        (&["--to", "07900900124"], 0),
        (&["--type", "sms", "--limit", "5"], 1),
        (&["--type", "email"], 0),
        (&["--template", SMS_TEMPLATE], 1),
        (&["--reference", "a&b=c"], 0),
    ] {
        let args = ["messages", "--output", "jsonl"].into_iter().chain(args.iter().copied());
        let end = steer(&fixture, args);
        assert_eq!((end.status, end.stdout.lines().count()), (0, count), "{end:?}");
    }
    let one = json(&steer(&fixture, ["messages", &id, "--output", "json"]));
    assert_eq!((&one["to"], &one["key_type"]), (&json!("07900900123"), &json!("test")), "{one}");
    let end = steer(&fixture, ["messages", "740e5834-3a29-46b4-9a6f-16142fde533a"]).failed(4);
    end.says(&["the sandbox refused (404 Not Found)"]);
}

#[test]
fn the_clock_of_a_running_sandbox_is_set() {
    let fixture = Fixture::new();
    let set = ["clock", "--set", "2026-12-31T23:59:00Z", "--advance", "60", "--freeze", "--output", "json"];
    let clock = json(&steer(&fixture, set));
    let now = clock["now"].as_str().unwrap();
    assert!(now.starts_with("2027-01-01T00:00:0") && clock["frozen"] == true, "{clock}");
    // A clock that is frozen stands still.
    let shown = steer(&fixture, ["clock"]);
    assert_eq!(shown.stdout, format!("now    {now}\nclock  frozen\n"), "{shown:?}");
    let clock = json(&steer(&fixture, ["clock", "--advance", "-3600", "--run", "--output", "json"]));
    assert!(
        clock["now"].as_str().unwrap().starts_with("2026-12-31T23:00:0") && clock["frozen"] == false,
        "{clock}"
    );
}

#[test]
fn the_world_of_a_service_is_read_with_a_key_from_a_file() {
    let fixture = Fixture::new();
    let key = crate::fixture::folder("export-key").join("key");
    std::fs::write(&key, fixture.sandbox.api_key(KeyType::Live)).unwrap();
    let args = ["sandbox", "world", "export", "--base-url", fixture.sandbox.url(), "--api-key-file"];
    let end = End::of(notify(args).arg(&key));
    assert!(json(&end)["services"].is_array(), "{end:?}");
    // It is JSON, whatever format anyone asks for.
    End::failing(notify(args).arg(&key).args(["-o", "csv"]), 2).says(&["--output has no effect"]);
}

#[test]
fn a_fault_can_be_for_one_recipient_or_one_template() {
    let fixture = Fixture::new();
    let status =
        |args: &[&str]| End::of(fixture.notify(args.iter().copied()).args(["--timeout", "2"])).status;
    let other = SEND_SMS.map(|arg| if arg == "07900900123" { "07900900124" } else { arg });
    let end = steer(&fixture, ["fault", "answer", "--status", "504", "--to", "+44 7900 900123"]);
    assert_eq!(end.status, 0, "{end:?}");
    assert_eq!((status(&SEND_SMS), status(&other)), (7, 0), "{end:?}");
    steer(&fixture, ["fault", "--clear"]);
    let end = steer(&fixture, ["fault", "answer", "--status", "504", "-t", EMAIL_TEMPLATE, "-o", "jsonl"]);
    assert_eq!(serde_json::from_str::<Value>(&end.stdout).unwrap()["template"], EMAIL_TEMPLATE, "{end:?}");
    assert_eq!(status(&SEND_SMS), 0);
}

#[test]
fn what_a_sandbox_cannot_do_is_reported_before_any_request() {
    for (args, why) in [
        (&["fault", "answer", "--status", "418"][..], "429, 500, 502, 503 and 504"),
        (&["fault", "delay", "--seconds", "-1"], "below 0"),
        (&["fault", "delay", "--seconds", "nan"], "not a number of seconds"),
        (&["fault", "drop", "--effect", "late", "--late-seconds", "-3"], "below 0"),
        (&["fault", "drop", "--share", "7"], "from 0 to 1"),
        (&["clock", "--advance", "inf"], "not a number of seconds"),
        (&["clock", "--advance", "1e30"], "beyond the calendar"),
        (&["messages", "--limit", "0"], "1..=250"),
        (&["messages", "--limit", "251"], "1..=250"),
    ] {
        let args = ["sandbox"].into_iter().chain(args.iter().copied());
        End::failing(notify(args).env("NOTIFY_BASE_URL", that_is_not_there()), 2).says(&[why]);
    }
}

#[test]
fn faults_are_injected_shown_and_cleared() {
    let fixture = Fixture::new();
    let args = ["fault", "answer", "--status", "503", "--next", "2", "--path", "/v2/templates"];
    let end = steer(&fixture, args);
    assert_eq!(end.status, 0, "{end:?}");
    assert!(end.stdout.contains("fault answer") && end.stdout.contains("status 503"), "{end:?}");
    let shown = json(&steer(&fixture, ["fault", "--output", "json"]));
    assert_eq!((&shown["faults"][0]["fault"], &shown["faults"][0]["next"]), (&json!("answer"), &json!(2)));
    steer(&fixture, ["fault", "drop", "--effect", "late", "--late-seconds", "3", "--method", "POST"]);
    steer(&fixture, ["fault", "cut-body", "--share", "0.5", "--seed", "7"]);
    assert_eq!(fixture.sandbox.faults().len(), 3);
    let rows = steer(&fixture, ["fault", "-o", "csv"]);
    assert_eq!(rows.stdout.lines().nth(1), Some("answer,503,,none,,*,/v2/templates,,,2,,"), "{rows:?}");
    let end = steer(&fixture, ["fault", "--clear"]);
    assert_eq!((end.status, &*end.stdout), (0, "The sandbox has no faults.\n"), "{end:?}");
    for args in
        [&["fault", "answer"][..], &["fault", "delay"], &["fault", "--next", "1"], &["fault", "explode"]]
    {
        steer(&fixture, args.iter().copied()).failed(2);
    }
}

#[test]
fn a_reset_sandbox_has_no_messages() {
    let fixture = Fixture::new();
    fixture.json(SEND_SMS);
    let end = steer(&fixture, ["reset"]);
    assert_eq!((end.status, &*end.stdout, &*end.stderr), (0, "", ""), "{end:?}");
    assert_eq!(fixture.sandbox.messages().len(), 0);
}

#[test]
fn only_a_sandbox_is_steered() {
    // Without a URL, the service is the real one, which is never asked.
    End::failing(&mut notify(["sandbox", "reset"]), 3).says(&["no sandbox is named", "NOTIFY_BASE_URL"]);
    let mut real = notify(["sandbox", "reset", "--base-url", "https://api.notification.canada.ca"]);
    End::failing(&mut real, 3).says(&["no sandbox is named"]);
    let other = that_answers(answer("200 OK", "application/json", "{}"));
    End::failing(notify(["sandbox", "reset"]).env("NOTIFY_BASE_URL", other.url()), 3)
        .says(&["is not a sandbox"]);
    let nowhere = that_is_not_there();
    let mut command = notify(["sandbox", "messages", "--to", "07900900123"]);
    let end = End::failing(command.env("NOTIFY_BASE_URL", nowhere), 6);
    end.says(&["start a sandbox"]);
    assert!(!end.stderr.contains("07900900123"), "{end:?}");
}

#[test]
fn a_sandbox_beyond_this_machine_is_steered_with_its_token() {
    let sandbox = Sandbox::builder().address([0, 0, 0, 0].into()).start().unwrap();
    let url = format!("http://127.0.0.1:{}", sandbox.port());
    let end = End::failing(notify(["sandbox", "clock"]).env("NOTIFY_BASE_URL", &url), 4);
    end.says(&["NOTIFY_SANDBOX_TOKEN"]);
    let mut command = notify(["sandbox", "clock"]);
    let token = sandbox.control_token().unwrap();
    let end = End::of(command.env("NOTIFY_BASE_URL", &url).env("NOTIFY_SANDBOX_TOKEN", token));
    assert_eq!(end.status, 0, "{end:?}");
}

#[test]
fn an_exported_world_makes_a_sandbox_on_which_the_same_ids_work() {
    let fixture = Fixture::new();
    let sender = "8e222534-7f05-4972-86e3-17c5d9f894e2";
    let args = ["sandbox", "world", "export", "--sms-sender-id", sender];
    let world = fixture.answer(args);
    let key = fixture.sandbox.api_key(KeyType::Test);
    assert!(!world.contains("team@sandbox.example.gov.uk"), "whoever made a template is left out");
    let copy =
        Fixture { sandbox: Sandbox::builder().world(World::from_json(&world).unwrap()).start().unwrap() };
    assert_eq!(copy.sandbox.services()[0].id, fixture.sandbox.services()[0].id);
    for id in [SMS_TEMPLATE, EMAIL_TEMPLATE, LETTER_TEMPLATE] {
        let (original, made) = (fixture.json(["template", id]), copy.json(["template", id]));
        for field in
            ["id", "name", "type", "version", "body", "subject", "personalisation", "letter_contact_block"]
        {
            assert_eq!(original[field], made[field], "{field}");
        }
    }
    let sent = copy.json(SEND_SMS.into_iter().chain(["--sms-sender-id", sender]));
    assert_eq!(sent["content"]["body"], "Hello Kim, your permit 17 is ready.");
    // The program itself can serve it, and no key of the real service is in it.
    let file = crate::fixture::folder("export").join("world.json");
    let end = End::of(&mut fixture.notify(["sandbox", "world", "export", "--file", file.to_str().unwrap()]));
    assert_eq!((end.status, &*end.stdout), (0, ""), "{end:?}");
    World::load(&file).unwrap();
    let (_, secret) = key.split_at(key.len() - 36);
    let others = World::from_json(&world.replace(secret, SECRET)).unwrap();
    let other = Fixture { sandbox: Sandbox::builder().world(others).start().unwrap() };
    let mut command = notify(["sandbox", "world", "export"]);
    let end = End::of(command.env("NOTIFY_BASE_URL", other.sandbox.url()).env("NOTIFY_API_KEY", KEY));
    assert!(end.status == 0 && !end.stdout.contains(SECRET), "{end:?}");
}

#[test]
fn a_service_of_another_country_is_exported_too() {
    let sandbox = Sandbox::builder().service(Service::GcNotify).start().unwrap();
    let fixture = Fixture { sandbox };
    let end = End::of(fixture.notify(["sandbox", "world", "export"]).env("NOTIFY_SERVICE", "gc"));
    assert_eq!(end.status, 0, "{end:?}");
    World::from_json(&end.stdout).unwrap();
}
