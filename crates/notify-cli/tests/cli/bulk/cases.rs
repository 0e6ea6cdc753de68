//! Every spreadsheet of `tests/wire/csv`, as `notify bulk --dry-run --output jsonl` reads it, and as the service did.

use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding as _};
use notify_sandbox::{NewTemplate, TemplateContent};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::fixture::{End, Fixture, folder};

#[derive(Deserialize)]
struct Case {
    name: String,
    template_type: String,
    subject: Option<String>,
    content: String,
    /// The text that the service's reader was given.
    csv: Option<String>,
    filename: Option<String>,
    file_base64: Option<String>,
    #[serde(default)]
    options: Map<String, Value>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Expected {
    unreadable: Option<String>,
    #[serde(default)]
    missing_column_headers: Vec<String>,
    #[serde(default)]
    duplicate_recipient_column_headers: Vec<String>,
    has_recipient_columns: Option<bool>,
    #[serde(default)]
    rows: Vec<Option<Row>>,
}

#[derive(Deserialize)]
struct Row {
    recipient: Value,
    personalisation: Value,
    has_error: bool,
    bad_recipient: bool,
}

impl Expected {
    fn is_refused(&self) -> bool {
        self.unreadable.is_some()
            || !self.missing_column_headers.is_empty()
            || !self.duplicate_recipient_column_headers.is_empty()
            || self.has_recipient_columns == Some(false)
    }
}

/// What the service's website does not read, and this program reads with a warning.
const READ_BEYOND: [&str; 4] = ["semicolons", "upload_semicolons", "upload_windows_1252", "upload_utf16"];
/// What hangs on the permissions of the service, which a client cannot know: a warning.
const BY_PERMISSION: [&str; 1] = ["phone_international_refused"];

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/wire/csv/cases.json");
    serde_json::from_slice(&std::fs::read(path).expect("the cases are there")).expect("they can be read")
}

/// The file of a case.
fn write(folder: &Path, case: &Case) -> PathBuf {
    let folder = folder.join(&case.name);
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let path = folder.join(case.filename.as_deref().unwrap_or("list.csv"));
    let bytes = match &case.file_base64 {
        Some(base64) => Base64::decode_vec(base64).expect("it is Base64"),
        None => case.csv.clone().expect("a case without a file has a text").into_bytes(),
    };
    std::fs::write(&path, bytes).expect("the list can be written");
    path
}

fn dry_run(fixture: &Fixture, folder: &Path, case: &Case) -> End {
    let template = match case.template_type.as_str() {
        "sms" => NewTemplate::new("case", TemplateContent::Sms { body: &case.content }),
        "email" => NewTemplate::new(
            "case",
            TemplateContent::Email {
                subject: case.subject.as_deref().unwrap_or("Hello"),
                body: &case.content,
            },
        ),
        _ => NewTemplate::new(
            "case",
            TemplateContent::Letter {
                subject: case.subject.as_deref().unwrap_or("Hello"),
                body: &case.content,
            },
        ),
    };
    let service = &fixture.sandbox.services()[0].id;
    let template = fixture.sandbox.add_template(service, template).expect("the service is there");
    let path = write(folder, case);
    let args = [
        "bulk",
        "--template",
        &template,
        path.to_str().expect("the path is text"),
        "--dry-run",
        "--output",
        "jsonl",
    ];
    End::of(&mut fixture.notify(args))
}

fn rows(end: &End) -> Vec<Value> {
    end.stdout.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn is_empty(list: &Value) -> bool {
    list.as_array().expect("it is a list").is_empty()
}

#[test]
fn a_dry_run_reads_every_list_as_the_service_does() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-cases"));
    let mut read = 0;
    for case in cases() {
        if READ_BEYOND.contains(&case.name.as_str()) {
            continue;
        }
        let end = dry_run(&fixture, &folder, &case);
        let name = &case.name;
        if case.expected.is_refused() {
            assert!(end.status != 0 && end.stdout.is_empty() && !end.stderr.is_empty(), "{name}: {end:?}");
            continue;
        }
        let rows = rows(&end);
        assert_eq!(rows.len(), case.expected.rows.len(), "{name}: {end:?}");
        for (index, (row, expected)) in rows.iter().zip(&case.expected.rows).enumerate() {
            assert_eq!(row["line"], index + 2, "{name}");
            // No row here is beyond a limit, which only the website has.
            let Some(expected) = expected else {
                assert!(case.options.contains_key("max_rows"), "{name}");
                continue;
            };
            assert_eq!(row["recipient"], expected.recipient, "{name}");
            assert_eq!(row["personalisation"], expected.personalisation, "{name}");
            if BY_PERMISSION.contains(&name.as_str()) {
                assert!(expected.bad_recipient && is_empty(&row["errors"]), "{name}: {row}");
                assert!(!is_empty(&row["warnings"]), "{name}: {row}");
            } else {
                assert_eq!(!is_empty(&row["errors"]), expected.has_error, "{name}: {row}");
            }
            read += 1;
        }
        assert_eq!(end.status == 4, rows.iter().any(|row| !is_empty(&row["errors"])), "{name}: {end:?}");
    }
    assert!(read >= 50, "{read}");
}

#[test]
fn what_the_website_cannot_read_is_read_with_a_warning() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-beyond"));
    for case in cases().iter().filter(|case| READ_BEYOND.contains(&case.name.as_str())) {
        let end = dry_run(&fixture, &folder, case);
        let rows = rows(&end);
        assert_eq!((end.status, rows.len()), (0, 1), "{}: {end:?}", case.name);
        let name = rows[0]["personalisation"]["name"].as_str().unwrap();
        assert!(["Kim", "Zoë", "Zoë’s"].contains(&name), "{name}");
        assert!(is_empty(&rows[0]["errors"]) && !is_empty(&rows[0]["warnings"]), "{}", case.name);
    }
}
