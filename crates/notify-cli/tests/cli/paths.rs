//! A path that cannot be used is named, with what to do about it, whichever argument names it.

use crate::fixture::{EMAIL_TEMPLATE, End, Fixture, LETTER_TEMPLATE, SMS_TEMPLATE, folder, notify};

/// The arguments that read a file or a folder, with `{}` in the place of its path.
const READERS: [&[&str]; 15] = [
    &["list", "--api-key-file", "{}"],
    &["send", "sms", "--template", SMS_TEMPLATE, "--to-file", "{}"],
    &["send", "sms", "--template", SMS_TEMPLATE, "--to", "07900900123", "--personalisation-file", "{}"],
    &["send", "email", "--template", EMAIL_TEMPLATE, "--to", "kim@example.com", "--file", "link={}"],
    &["send", "letter", "--template", LETTER_TEMPLATE, "--to-file", "{}"],
    &["send", "precompiled-letter", "{}", "--reference", "r"],
    &["preview", "--template", SMS_TEMPLATE, "--personalisation-file", "{}"],
    &["check", "--template", SMS_TEMPLATE, "--personalisation-file", "{}"],
    &["bulk", "{}.csv", "--template", SMS_TEMPLATE],
    &["bulk", "{}.xlsx", "--template", SMS_TEMPLATE, "--dry-run"],
    &["templates", "diff", "{}"],
    &["callbacks", "listen", "--port", "0", "--token-file", "{}"],
    &["sandbox", "--port", "0", "--world", "{}"],
    &["outbox", "put", "{}", "--store", "{}.outbox"],
    &["outbox", "status", "--store", "{}"],
];

/// The arguments that write one.
const WRITERS: [&[&str]; 6] = [
    &["bulk", "list.csv", "--template", SMS_TEMPLATE, "--yes", "--journal", "{}"],
    &["bulk", "list.csv", "--template", SMS_TEMPLATE, "--yes", "--result", "{}"],
    &["sandbox", "world", "export", "--file", "{}"],
    &["sandbox", "--port", "0", "--state", "{}"],
    &["sandbox", "--port", "0", "--ready-file", "{}"],
    &["sandbox", "--port", "0", "--tls", "{}"],
];

/// What each of these says, unless it names the path and says what to do.
fn silent(name: &str, all: &[&[&str]], path: &str) -> Vec<String> {
    let fixture = Fixture::new();
    let folder = folder(name);
    std::fs::write(folder.join("list.csv"), "phone number,name,permit number\n07900900123,Kim,17\n")
        .expect("the list is written");
    let says = |arguments: &&[&str]| {
        let arguments: Vec<String> = arguments.iter().map(|argument| argument.replace("{}", path)).collect();
        let end = End::of(fixture.notify(arguments.iter().map(String::as_str)).current_dir(&folder));
        let is_told =
            end.status != 0 && ["error: ", "none", "\nhelp: "].iter().all(|it| end.stderr.contains(it));
        (!is_told).then(|| format!("{arguments:?}: {}\n{}", end.status, end.stderr))
    };
    all.iter().filter_map(says).collect()
}

#[test]
fn a_file_that_does_not_exist_is_reported_with_what_to_do() {
    let silent = silent("paths-read", &READERS, "none");
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn a_folder_that_does_not_exist_is_reported_with_what_to_do() {
    let silent = silent("paths-written", &WRITERS, "none/file");
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn a_file_that_is_no_world_is_named_with_the_place_of_what_is_wrong() {
    let file = folder("paths-world").join("parking.json");
    std::fs::write(&file, r#"{"services": [{"premissions": []}]}"#).expect("the world is written");
    let args = ["sandbox", "--port", "0", "--world", file.to_str().expect("it is text")];
    let end = End::failing(&mut notify(args), 3);
    end.says(&["parking.json is not a world", "services[0]: there is no field `premissions`; did you mean"]);
}
