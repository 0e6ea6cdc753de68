//! Workbooks that other programs wrote: `people.xls` with Python's xlwt, `people.ods` with odfpy, `people.xlsm` with openpyxl.
//! Each has a hidden sheet first, then the same people.

use std::path::{Path, PathBuf};

use notify_sandbox::{NewTemplate, TemplateContent};
use serde_json::{Value, json};

use crate::fixture::{End, Fixture, SMS_TEMPLATE, folder};

/// The same people, as text.
const PEOPLE: &str = "Phone_Number,name,permit number,when,name\n07900 900123,\"Zoë, \"\"Z\"\"\",17,DATE,and Jo\n\
    +447900900124,\"a\nb\",2.5,2026-05-03 10:30:00,\n,,,,\n7900900125,TRUE,True,later,x\n";

fn workbook(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/bulk/workbooks").join(name)
}

#[test]
fn a_workbook_is_read_as_the_same_rows_as_the_text() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-workbooks"));
    let service = &fixture.sandbox.services()[0].id;
    let template =
        NewTemplate::new("people", TemplateContent::Sms { body: "((name)) ((permit number)) ((when))" });
    let template = fixture.sandbox.add_template(service, template).unwrap();
    let read = |path: &Path| {
        let path = path.to_str().unwrap();
        let args = ["bulk", "--template", &template, path, "--dry-run", "--output", "jsonl"];
        let end = End::of(&mut fixture.notify(args));
        assert_eq!(end.status, 4, "{end:?}");
        let rows = end.stdout.lines().map(|line| serde_json::from_str(line).unwrap());
        rows.collect::<Vec<Value>>()
    };
    // The service writes a date by the kind of its workbook.
    for (name, date) in
        [("people.xls", "2026-05-03"), ("people.ods", "2026-05-03"), ("people.xlsm", "2026-05-03 00:00:00")]
    {
        let text = folder.join("people.csv");
        std::fs::write(&text, PEOPLE.replace("DATE", date)).unwrap();
        let (of_text, of_book) = (read(&text), read(&workbook(name)));
        assert_eq!(of_book, of_text, "{name}");
        assert_eq!(of_book[0]["personalisation"]["name"], json!(["Zoë, \"Z\"", "and Jo"]));
        assert_eq!(of_book[2]["errors"], json!(["the row is empty, and others follow"]));
    }
}

#[test]
fn a_workbook_under_the_name_of_another_kind_is_refused_with_its_own() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-misnamed"));
    for (book, name, says) in [
        ("people.xls", "people.xlsx", ".xls"),
        ("people.ods", "people.xls", ".ods"),
        ("people.xlsm", "people.csv", ".xlsx"),
    ] {
        let path = folder.join(name);
        std::fs::copy(workbook(book), &path).unwrap();
        let args = ["bulk", "--template", SMS_TEMPLATE, path.to_str().unwrap(), "--dry-run"];
        let end = End::of(&mut fixture.notify(args));
        end.failed(3).says(&[&format!("let the name end with {says}\n")]);
    }
}
