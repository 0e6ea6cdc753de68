//! `notify templates pull` and `notify templates diff`: templates as files.

use std::fs;
use std::path::{Path, PathBuf};

use notify_sandbox::{NewTemplate, TemplateContent};
use serde_json::Value;

use crate::fixture::{EMAIL_TEMPLATE, End, Fixture, SMS_TEMPLATE, folder};

/// The files of a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("there is the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

fn run(fixture: &Fixture, verb: &str, folder: &Path, more: &[&str]) -> End {
    let args = ["templates", verb, folder.to_str().expect("a plain path")].into_iter();
    End::of(&mut fixture.notify(args.chain(more.iter().copied())))
}

fn service(fixture: &Fixture) -> String {
    fixture.sandbox.services()[0].id.clone()
}

#[test]
fn each_template_becomes_a_file_with_front_matter_and_body() {
    let (fixture, folder) = (Fixture::new(), folder("pull").join("templates"));
    let end = run(&fixture, "pull", &folder, &[]);
    assert_eq!((end.status, &*end.stderr), (0, ""), "{end:?}");
    let names: Vec<String> =
        files(&folder).iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert!(names.iter().all(|name| end.stdout.contains(name.as_str())), "{end:?}");
    assert_eq!(names.len(), 4);
    let email =
        files(&folder).into_iter().find(|file| fs::read_to_string(file).unwrap().contains(EMAIL_TEMPLATE));
    let text = fs::read_to_string(email.unwrap()).unwrap();
    assert_eq!(
        text,
        format!(
            "---\nid: {EMAIL_TEMPLATE}\nname: \"Permit ready (email)\"\ntype: email\nversion: 1\n\
             subject: \"Your permit ((permit number))\"\n---\nDear ((name)),\n\n# Your permit is ready\n\n\
             * number: ((permit number))\n* valid for one year\n\n((parking??You may park in zone A.))\n\nThank you.\n"
        )
    );
    // Nobody's address is in a file.
    assert!(files(&folder).iter().all(|file| !fs::read_to_string(file).unwrap().contains('@')));

    let end = run(&fixture, "diff", &folder, &[]);
    assert_eq!((end.status, &*end.stdout, &*end.stderr), (0, "", ""), "{end:?}");
    let end = run(&fixture, "pull", &folder, &["--output", "json"]);
    let changes: Value = serde_json::from_str(&end.stdout).unwrap();
    assert!(
        changes["templates"].as_array().unwrap().iter().all(|it| it["change"] == "unchanged"),
        "{changes}"
    );
}

#[test]
fn a_changed_template_is_shown_as_diff_does_and_keeps_its_file() {
    let (fixture, folder) = (Fixture::new(), folder("changed"));
    run(&fixture, "pull", &folder, &[]);
    let before = files(&folder);
    // Whoever renames the file or the template keeps the file.
    let renamed = folder.join("our-permit.md");
    let sms = before.iter().find(|file| fs::read_to_string(file).unwrap().contains(SMS_TEMPLATE)).unwrap();
    fs::rename(sms, &renamed).unwrap();
    let next = NewTemplate::new(
        "Permit is here",
        TemplateContent::Sms { body: "Hello ((name)), here is permit ((permit number))." },
    );
    fixture.sandbox.add_template(&service(&fixture), next.id(SMS_TEMPLATE)).unwrap();

    let end = run(&fixture, "diff", &folder, &[]);
    assert_eq!((end.status, &*end.stderr), (1, ""), "{end:?}");
    for line in [
        "--- ",
        "our-permit.md\n",
        "@@ -1,7 +1,7 @@\n",
        "-version: 1\n",
        "+version: 2\n",
        "-Hello ((name)), your permit ((permit number)) is ready.\n",
        "+Hello ((name)), here is permit ((permit number)).\n",
    ] {
        assert!(end.stdout.contains(line), "{line}: {end:?}");
    }
    let end = run(&fixture, "pull", &folder, &["--output", "jsonl"]);
    assert_eq!(end.status, 0, "{end:?}");
    assert!(end.stdout.contains("\"change\":\"changed\""), "{end:?}");
    assert!(fs::read_to_string(&renamed).unwrap().contains("here is permit"));
    assert_eq!(files(&folder).len(), 4);
    assert_eq!(run(&fixture, "diff", &folder, &[]).status, 0);
}

#[test]
fn what_was_edited_here_is_kept_until_asked() {
    let (fixture, folder) = (Fixture::new(), folder("edited"));
    run(&fixture, "pull", &folder, &[]);
    let file = &files(&folder)[0];
    let pulled = fs::read_to_string(file).unwrap();
    fs::write(file, format!("{pulled}P.S. See you.\n")).unwrap();
    let end = run(&fixture, "pull", &folder, &[]);
    assert!(end.stdout.contains("edited") && end.stdout.contains("--overwrite"), "{end:?}");
    assert!(fs::read_to_string(file).unwrap().contains("P.S."));
    let end = run(&fixture, "diff", &folder, &[]);
    assert!(end.status == 1 && end.stdout.contains("-P.S. See you.\n"), "{end:?}");
    run(&fixture, "pull", &folder, &["--overwrite"]);
    assert_eq!(fs::read_to_string(file).unwrap(), pulled);
}

#[test]
fn a_removed_template_is_reported_and_its_file_deleted_only_on_request() {
    let (fixture, folder) = (Fixture::new(), folder("removed"));
    run(&fixture, "pull", &folder, &[]);
    let gone = folder.join("gone.md");
    let id = "740e5834-3a29-46b4-9a6f-16142fde533a";
    fs::write(&gone, format!("---\nid: {id}\nname: \"Gone\"\ntype: sms\nversion: 1\n---\nBye\n")).unwrap();
    let notes = folder.join("README.md");
    fs::write(&notes, "# Our templates\n").unwrap();
    let end = run(&fixture, "diff", &folder, &[]);
    assert_eq!(end.status, 1, "{end:?}");
    assert!(end.stdout.contains("+++ /dev/null\n") && end.stdout.contains("-Bye\n"), "{end:?}");
    let end = run(&fixture, "pull", &folder, &[]);
    assert!(end.stdout.contains("removed") && end.stdout.contains("--prune"), "{end:?}");
    assert!(gone.exists());
    run(&fixture, "pull", &folder, &["--prune"]);
    assert!(!gone.exists() && notes.exists());
}

#[test]
fn a_missing_or_ambiguous_folder_is_reported() {
    let (fixture, folder) = (Fixture::new(), folder("ambiguous"));
    let end = run(&fixture, "diff", &folder.join("none"), &[]).failed(3);
    end.says(&["none cannot be read"]);
    run(&fixture, "pull", &folder, &[]);
    fs::copy(&files(&folder)[0], folder.join("copy.md")).unwrap();
    run(&fixture, "pull", &folder, &[]).failed(3).says(&["are of the same template", "remove one"]);
}
