//! Lists beyond those that were recorded.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use notify_sandbox::{NewTemplate, TemplateContent};
use serde_json::{Value, json};

use crate::fixture::{End, Fixture, SMS_TEMPLATE, folder};

/// A list, in a folder that is the test's own.
fn list(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).expect("the list can be written");
    path
}

fn check(fixture: &Fixture, path: &Path) -> (End, Vec<Value>) {
    let path = path.to_str().expect("the path is text");
    let args = ["bulk", "--template", SMS_TEMPLATE, path, "--dry-run", "--output", "jsonl"];
    let end = End::of(&mut fixture.notify(args));
    let rows = end.stdout.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    (end, rows)
}

#[test]
fn a_dry_run_shows_the_first_messages_and_what_all_cost() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-shown"));
    let long = "x".repeat(160);
    let path = list(
        &folder,
        "list.csv",
        format!("phone number,name,permit number,shoe size\n07900900123,Kim,17,44\n07900900124,{long},18,\n"),
    );
    let path = path.to_str().unwrap();
    let end = End::of(&mut fixture.notify(["bulk", "--template", SMS_TEMPLATE, path, "--dry-run"]));
    assert_eq!(end.status, 0, "{end:?}");
    assert!(end.stdout.contains("line 2, 1 fragment\n  Hello Kim, your permit 17 is ready.\n"), "{end:?}");
    assert!(end.stdout.ends_with("2 text messages, billed as 3 fragments\n"), "{end:?}");
    end.says(&["does not use these columns: shoe size"]);
    assert_eq!(fixture.sandbox.messages().len(), 0);
}

#[test]
fn every_bad_row_is_named_by_its_line_and_not_shown() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-bad"));
    let rows = "phone number,name,permit number\n07900900123,Kim,17\n0790090,Sam,18\n\n07900900124,,\n07900900125,Jo,1\n";
    let path = list(&folder, "list.csv", rows);
    let path = path.to_str().unwrap();
    let end = End::of(&mut fixture.notify(["bulk", "--template", SMS_TEMPLATE, path, "--dry-run"]));
    assert_eq!(end.status, 4, "{end:?}");
    end.says(&[
        "line 3: phone number: Not enough digits\n",
        "line 4: the row is empty, and others follow\n",
        "line 5: name: Missing\n",
        "line 5: permit number: Missing\n",
        "3 of 5 rows would be refused",
        "--skip-bad-rows",
    ]);
    assert!(!end.stderr.contains("0790090,") && !end.stderr.contains("Sam"), "{end:?}");
}

#[test]
fn what_a_spreadsheet_program_did_to_a_number_is_said() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-numbers"));
    let rows = "phone number,name,permit number\n7900900123,a,1\n4.47701E+11,a,1\n07900 900123,a,1\n+1 202 555 0123,a,1\n\"4,47701E+11\",a,1\n447701000000,a,1\n";
    let (_, rows) = check(&fixture, &list(&folder, "list.csv", rows));
    let warning = |row: usize| rows[row]["warnings"].to_string();
    assert!(warning(0).contains("leading zero"));
    assert!(warning(1).contains("shortened") && warning(4).contains("shortened"));
    assert!(warning(5).contains("rounded"));
    assert!(warning(2).contains("an earlier row has the same recipient"));
    assert!(warning(3).contains("abroad"));
    let errors: Vec<bool> = rows.iter().map(|row| row["errors"] != json!([])).collect();
    assert_eq!(errors, [false, true, false, false, true, false]);
}

#[test]
fn empty_lines_before_the_header_count_as_a_spreadsheet_program_counts_them() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-empty-lines"));
    for (name, content) in [
        ("feeds.csv", "\n \nphone number,name,permit number\n07900900123,a,1\n\n07900900124,b,2\n"),
        (
            "returns.csv",
            "\u{feff}\r\n\r\nphone number,name,permit number\r\n07900900123,a,1\r\n\r\n07900900124,b,2",
        ),
    ] {
        let (_, rows) = check(&fixture, &list(&folder, name, content));
        let lines: Vec<&Value> = rows.iter().map(|row| &row["line"]).collect();
        assert_eq!(lines, [4, 5, 6], "{name}");
    }
}

#[test]
fn columns_of_one_name_are_a_list_in_which_an_empty_cell_keeps_its_place() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-columns"));
    let rows = "permit number,name,name,name,phone number\n1,a,,c,07900900123\n1,,,,07900900124\n1,,b,,07900900125\n";
    let (_, rows) = check(&fixture, &list(&folder, "list.csv", rows));
    assert_eq!(rows[0]["personalisation"]["name"], json!(["a", null, "c"]));
    assert_eq!(rows[1]["personalisation"]["name"], json!(null));
    assert_eq!(rows[2]["personalisation"]["name"], json!([null, "b", null]));
}

#[test]
fn a_first_line_that_names_the_separator_is_no_header_and_no_row() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-separator"));
    for (name, line, content) in [
        ("semicolons.csv", 2, "sep=;\r\nphone number;name;permit number\r\n07900900123;Kim, Jo;17\r\n"),
        (
            "mark.csv",
            3,
            "\u{feff}\"sep=|\"\n\nphone number|name|permit number\n07900900123| \"Kim, Jo\"|17\n",
        ),
        ("commas.csv", 2, "SEP=,\nphone number,name,permit number\n07900900123,\"Kim, Jo\",17\n"),
        ("tabs.tsv", 2, "sep=\t\nphone number\tname\tpermit number\n07900900123\tKim, Jo\t17\n"),
    ] {
        let (end, rows) = check(&fixture, &list(&folder, name, content));
        assert_eq!((end.status, rows.len()), (0, 1), "{name}: {end:?}");
        // As a spreadsheet program numbers it.
        assert_eq!(
            (&rows[0]["line"], &rows[0]["personalisation"]["name"]),
            (&json!(line), &json!("Kim, Jo")),
            "{name}"
        );
        assert!(rows[0]["warnings"].to_string().contains("names the separator"), "{name}: {rows:?}");
    }
    let (end, _) =
        check(&fixture, &list(&folder, "other.csv", "sep=;\nphone number,name,permit number\n1,2,3\n"));
    end.failed(3).says(&["there is no column `phone number`"]);
}

#[test]
fn a_quote_that_is_never_closed_is_named_by_the_line_and_column_where_it_opens() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-quote"));
    let header = "phone number,name,permit number\n07900900123,\"Kim\nJo\",16\n";
    let rest = "07900900125,Sam,18\n07900900126,Lee,19\n";
    let (end, rows) =
        check(&fixture, &list(&folder, "middle.csv", format!("{header}07900900124,\"Kim,17\n{rest}")));
    assert_eq!((end.status, rows.len()), (4, 2), "{end:?}");
    assert_eq!(rows[0]["warnings"], json!([]));
    let says = json!(["name: its quote is never closed, so the rest of the file is read as part of it"]);
    assert_eq!((&rows[1]["line"], &rows[1]["warnings"]), (&json!(3), &says));
    // In the last column nothing is missing, so that only this says what is wrong.
    let path = list(&folder, "last.csv", format!("{header}07900900124,Kim,\"17\n{rest}"));
    let end = End::of(&mut fixture.notify([
        "bulk",
        "--template",
        SMS_TEMPLATE,
        path.to_str().unwrap(),
        "--dry-run",
    ]));
    assert_eq!(end.status, 0, "{end:?}");
    end.says(&["line 3: permit number: its quote is never closed"]);
    let (end, _) = check(
        &fixture,
        &list(&folder, "long.csv", format!("{header}07900900124,\"Kim,17\n{}", rest.repeat(4_000))),
    );
    end.failed(3).says(&["line 3: ", "a quote may never be closed"]);
    let (end, _) =
        check(&fixture, &list(&folder, "header.csv", "phone number,name,\"permit number\n1,2,3\n"));
    end.failed(3).says(&["a quote in its first line is never closed"]);
}

#[test]
fn a_letter_whose_qr_code_no_phone_could_read_is_a_bad_row() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-qr"));
    let service = &fixture.sandbox.services()[0].id;
    let letter = TemplateContent::Letter { subject: "Pay", body: "Dear ((name))\n\nqr: ((link))" };
    let template = fixture.sandbox.add_template(service, NewTemplate::new("qr", letter)).unwrap();
    let rows: String =
        ["x".repeat(504), "x".repeat(505)].map(|link| format!("Kim,1 Road,SW1A 1AA,Kim,{link}\n")).concat();
    let path = list(&folder, "list.csv", format!("address line 1,address line 2,postcode,name,link\n{rows}"));
    let args = ["bulk", "--template", &template, path.to_str().unwrap(), "--dry-run"];
    let end = End::of(&mut fixture.notify(args));
    assert_eq!(end.status, 4, "{end:?}");
    end.says(&["line 3: a QR code is too long: 505 bytes, and 504 are allowed\n", "1 of 2 rows"]);
}

#[test]
fn a_list_may_come_through_a_pipe() {
    let fixture = Fixture::new();
    for text in [
        "phone number,name,permit number\n07900900123,Kim,17\n",
        "phone number\tname\tpermit number\n07900900123\tKim\t17\n",
        "phone number;name;permit number\n07900900123;Kim;17\n",
    ] {
        let args = ["bulk", "--template", SMS_TEMPLATE, "-", "--dry-run", "--output", "jsonl"];
        let mut command = fixture.notify(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let end = End::from(child.wait_with_output().unwrap());
        assert_eq!(end.status, 0, "{end:?}");
        let row: Value = serde_json::from_str(&end.stdout).unwrap();
        assert_eq!(
            row["personalisation"],
            json!({"phonenumber": "07900900123", "name": "Kim", "permitnumber": "17"})
        );
    }
}

#[test]
fn a_file_that_is_not_a_list_is_refused() {
    let (fixture, folder) = (Fixture::new(), folder("bulk-refused"));
    for (name, content, says) in [
        ("list.txt", "phone number\n", "must end with .csv"),
        ("empty.csv", "", "there is no column `phone number`"),
        ("tabs.csv", "phone number\tname\tpermit number\n1\t2\t3\n", "ends with .tsv"),
        ("other.csv", "email address,name\nkim@example.com,Kim\n", "there is no column for: permit number"),
        ("list.xlsx", "no workbook", "not a spreadsheet that can be read"),
        ("list.xls", "no workbook", "not a spreadsheet that can be read"),
        ("list.ods", "no workbook", "not a spreadsheet that can be read"),
    ] {
        let (end, _) = check(&fixture, &list(&folder, name, content));
        end.failed(3).says(&[says]);
    }
    let names = "other\t".repeat(1_001);
    let wide = format!("phone number\tname\tpermit number\t{names}\n07900900123\tKim\t17\n");
    let (end, _) = check(&fixture, &list(&folder, "wide.tsv", &wide));
    end.failed(3).says(&["its first row has 1004 columns, and 1000 are allowed"]);
    let (end, _) = check(&fixture, &list(&folder, "wide.csv", wide.replace('\t', ",")));
    assert_eq!(end.status, 0, "{end:?}");
    let (end, _) = check(&fixture, &folder.join("none.csv"));
    end.failed(3).says(&["none.csv cannot be used", "No such file"]);
    let (end, _) = check(&fixture, &list(&folder, "large.xlsx", vec![0; 10 * 1024 * 1024 + 1]));
    end.failed(3).says(&["10 MB", "save it as CSV"]);
}
