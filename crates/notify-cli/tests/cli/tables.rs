//! What a person reads on a screen of a certain width, and what a spreadsheet gets.

use notify_sandbox::{IncomingText, KeyType};

use crate::fixture::{End, Fixture, SEND_SMS};

/// The lines that a command prints on a screen of this width.
fn lines(fixture: &Fixture, args: &[&str], columns: &str) -> Vec<String> {
    let end = End::of(fixture.notify(args.iter().copied()).env("COLUMNS", columns));
    assert_eq!((end.status, end.stderr.as_str()), (0, ""), "{end:?}");
    end.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn eighty_columns_are_enough_for_a_table_with_whole_ids() {
    let fixture = Fixture::new();
    let id = fixture.json(SEND_SMS)["id"].as_str().unwrap().to_owned();
    fixture.sandbox.set_status(&id, notify_sandbox::Status::PermanentFailure).unwrap();
    fixture.json(SEND_SMS);
    fixture
        .sandbox
        .receive_text(IncomingText { from: "447700900111", content: &"a long answer ".repeat(20) })
        .unwrap();
    for (args, columns) in [
        (&["list"][..], &["ID", "CREATED", "STATUS"][..]),
        (&["templates"], &["ID", "TYPE", "NAME", "PLACEHOLDERS"]),
        (&["received"], &["ID", "CREATED", "TEXT"]),
    ] {
        let lines = lines(&fixture, args, "80");
        for name in columns {
            assert!(lines[0].contains(name), "{name}: {lines:?}");
        }
        for line in &lines {
            assert!(line.chars().count() <= 80, "{line}");
        }
        for line in &lines[1..] {
            let id = line.split(' ').next().unwrap();
            assert_eq!(id.len(), 36, "{lines:?}");
        }
    }
    let list = lines(&fixture, &["list"], "80");
    assert!(list[2].starts_with(&id) && list[2].contains("permanent-failure"), "{list:?}");
}

#[test]
fn a_person_reads_how_long_ago_it_was() {
    let fixture = Fixture::new();
    let id = fixture.json(SEND_SMS)["id"].as_str().unwrap().to_owned();
    let list = lines(&fixture, &["list"], "80");
    assert!(list[1].contains("  just now  "), "{list:?}");
    let wide = lines(&fixture, &["list"], "140");
    assert!(wide[1].contains(" UTC  "), "{wide:?}");
    fixture.sandbox.clock().advance(std::time::Duration::from_secs(3_600));
    fixture.json(SEND_SMS);
    assert!(lines(&fixture, &["list"], "80")[1].contains("  in "), "the service's clock is ahead");
    let shown = lines(&fixture, &["get", &id], "80");
    let created = shown.iter().find(|line| line.starts_with("created")).unwrap();
    assert!(created.contains(" UTC (") && created.ends_with("just now)"), "{created}");
}

#[test]
fn an_empty_list_says_so() {
    let fixture = Fixture::new();
    assert!(fixture.answer(["list"]).contains("no messages"));
    assert!(fixture.answer(["received"]).contains("no text messages"));
    assert_eq!(fixture.answer(["list", "--output", "csv"]).lines().count(), 1);
}

#[test]
fn a_spreadsheet_gets_a_row_for_each_item_under_columns_that_stay() {
    let fixture = Fixture::new();
    let args = SEND_SMS.map(|arg| if arg == "name=Kim" { "name==cmd|' /C calc'!A0" } else { arg });
    fixture.json(args);
    let sent = SEND_SMS.into_iter().chain(["--reference", "=1+1", "-o", "csv"]);
    let sent = fixture.answer(sent);
    assert!(sent.starts_with("id,reference,template_id,"), "{sent}");
    assert!(sent.lines().nth(1).unwrap().contains(",'=1+1,"), "{sent}");
    let id = sent.lines().nth(1).unwrap().split(',').next().unwrap();

    // Both answers show the same status.
    fixture.sandbox.clock().freeze();
    let list = fixture.answer(["list", "-o", "csv"]);
    let shown = fixture.answer(["get", id, "-o", "csv"]);
    assert_eq!(list.lines().next(), shown.lines().next());
    assert_eq!(list.lines().nth(1), shown.lines().nth(1));
    let mut reader = csv::Reader::from_reader(list.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((rows.len(), rows[0].get(0).unwrap()), (2, id));
    assert!(rows.iter().flatten().all(|value| !value.starts_with(['=', '@', '-'])), "{rows:?}");

    let templates = fixture.answer(["templates", "-o", "csv"]);
    assert!(templates.starts_with("id,type,name,version,"), "{templates}");
    assert!(templates.contains("\"name, parking, permit number\""), "{templates}");
    fixture.sandbox.receive_text(IncomingText { from: "447700900111", content: "a, \"b\"\nc" }).unwrap();
    let received = fixture.answer(["received", "-o", "csv"]);
    assert!(received.contains(",\"a, \"\"b\"\"\nc\"\n"), "{received}");
    let template = fixture.answer(["template", crate::fixture::SMS_TEMPLATE, "-o", "csv"]);
    assert!(template.starts_with("id,type,name,version,"), "{template}");
}

#[test]
fn a_phone_number_is_not_a_formula() {
    let fixture = Fixture::new();
    let args = SEND_SMS.map(|arg| if arg == "07900900123" { "+447900900123" } else { arg });
    fixture.json(args);
    assert!(fixture.answer(["list", "-o", "csv"]).contains(",+447900900123,"));
}

#[test]
fn a_list_of_another_type_of_key_is_explained() {
    let fixture = Fixture::new();
    fixture.json(SEND_SMS);
    let live = fixture.sandbox.api_key(KeyType::Live);
    let end = End::of(fixture.notify(["list"]).env("NOTIFY_API_KEY", live));
    assert!(end.stdout.contains("a key of the same type"), "{end:?}");
}
