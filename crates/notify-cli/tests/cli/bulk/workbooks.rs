//! Workbooks that other programs wrote: `people.xls` with Python's xlwt, `people.ods` with odfpy, `people.xlsm` with openpyxl.
//! Each has a hidden sheet first, then the same people.

use std::path::{Path, PathBuf};

use notify_sandbox::{NewTemplate, TemplateContent};
use serde_json::{Value, json};

use crate::fixture::{End, Fixture, SMS_TEMPLATE, folder};

/// The same people, as text.
const PEOPLE: &str = "Phone_Number,name,permit number,when,name\n07900 900123,\"Zoë, \"\"Z\"\"\",17,DATE,and Jo\n\
    +447900900124,\"a\nb\",2.5,2026-05-03 10:30:00\n,,,,\n7900900125,TRUE,TRUTH,later,x\n";

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
    // The service writes dates and truths by the kind of their workbook.
    for (name, date, truth) in [
        ("people.xls", "2026-05-03", "1"),
        ("people.ods", "2026-05-03", "True"),
        ("people.xlsm", "2026-05-03 00:00:00", "True"),
    ] {
        let text = folder.join("people.csv");
        std::fs::write(&text, PEOPLE.replace("DATE", date).replace("TRUTH", truth)).unwrap();
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

/// Written with openpyxl: the header in `B3`, row 5 hidden, column C hidden, row 7 empty, and a merged name over rows 8 and 9.
#[test]
fn the_rows_of_a_workbook_have_the_numbers_that_a_spreadsheet_program_shows() {
    let fixture = Fixture::new();
    let holes = workbook("holes.xlsx");
    let args =
        ["bulk", "--template", SMS_TEMPLATE, holes.to_str().unwrap(), "--dry-run", "--output", "jsonl"];
    let end = End::of(&mut fixture.notify(args));
    let rows: Vec<Value> = end.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lines: Vec<&Value> = rows.iter().map(|row| &row["line"]).collect();
    assert_eq!(lines, [4, 6, 7, 8, 9], "{end:?}");
    let names: Vec<&Value> = rows.iter().map(|row| &row["personalisation"]["name"]).collect();
    assert_eq!(names, [&json!("Kim"), &json!("#N/A"), &json!(null), &json!("Both"), &json!("Both")]);
    assert_eq!(
        rows[1]["warnings"],
        json!(["name: its formula has no value, and #N/A is sent in place of one"])
    );
    assert_eq!(rows[2]["errors"], json!(["the row is empty, and others follow"]));
}

/// Written with openpyxl: a list, and one cell in the last row and column that Excel has.
#[test]
fn a_stray_cell_at_the_end_of_a_sheet_is_named() {
    let fixture = Fixture::new();
    let stray = workbook("stray.xlsx");
    let args = ["bulk", "--template", SMS_TEMPLATE, stray.to_str().unwrap(), "--dry-run"];
    End::of(&mut fixture.notify(args)).failed(3).says(&["a value in the cell XFD1048576"]);
}

/// Written with odfpy: line 3 is filtered out, and line 4 is not.
#[test]
fn what_an_ods_hides_counts_with_a_warning() {
    let fixture = Fixture::new();
    let filtered = workbook("filtered.ods");
    let args = ["bulk", "--template", SMS_TEMPLATE, filtered.to_str().unwrap(), "--dry-run"];
    let end = End::of(&mut fixture.notify(args));
    assert_eq!(end.status, 0, "{end:?}");
    end.says(&["warning: the sheet hides rows or columns, which count like others in an ods\n"]);
    assert!(end.stdout.ends_with("3 text messages, billed as 3 fragments\n"), "{end:?}");
    // That another sheet is hidden means nothing.
    let people = workbook("people.ods");
    let args = ["bulk", "--template", SMS_TEMPLATE, people.to_str().unwrap(), "--dry-run"];
    let end = End::of(&mut fixture.notify(args));
    assert!(!end.stderr.contains("hides"), "{end:?}");
}
