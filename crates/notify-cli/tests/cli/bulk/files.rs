//! The files beside a list, which must not be each other.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use super::sent::List;
use crate::fixture::{End, SMS_TEMPLATE};

/// The folder's path to a file, with a detour.
fn detour(list: &List, name: &str) -> String {
    let folder = list.path("");
    let own = folder.file_name().expect("it has a name").to_owned();
    folder.join("..").join(own).join(name).to_string_lossy().into_owned()
}

#[test]
fn no_file_is_overwritten_by_another_of_the_same_list() {
    let list = List::new("bulk-the-same", 3);
    let text = fs::read(list.path("list.csv")).unwrap();
    for (more, says) in [
        (["--result", &detour(&list, "list.csv")], "--result names the list itself"),
        (["--result", &detour(&list, "list.csv.notify-journal")], "--result names the journal itself"),
        (["--journal", &detour(&list, "list.csv")], "--journal names the list itself"),
        (["--result", "-"], "--result needs the path of a file"),
        (["--journal", "-"], "--journal needs the path of a file"),
    ] {
        End::of(list.sending().args(more)).failed(2).says(&[says]);
    }
    assert_eq!(fs::read(list.path("list.csv")).unwrap(), text);
    assert_eq!(list.sandbox.messages().len(), 0);
}

#[test]
fn a_result_file_that_cannot_be_written_is_noticed_before_anything_is_sent() {
    let list = List::new("bulk-no-result", 3);
    fs::create_dir(list.path("folder.csv")).unwrap();
    for name in ["none/result.csv", "folder.csv"] {
        let path = list.path(name);
        let end = End::of(list.sending().args(["--result", path.to_str().unwrap()]));
        end.failed(3).says(&["cannot be written", "name another file with --result; nothing was sent"]);
    }
    assert_eq!(list.sandbox.messages().len(), 0);
    assert!(!list.path("list.csv.notify-journal").exists());
}

#[test]
fn with_json_a_finished_list_says_nothing_before_its_error() {
    let list = List::with_rows("bulk-finished-json", "07900900123,a,1\nx,b,2\n");
    let mut run = list.sending();
    run.args(["--skip-bad-rows", "--output", "json"]);
    for _ in 0..2 {
        let end = End::of(&mut run);
        assert_eq!(end.status, 4, "{end:?}");
        let first: serde_json::Value = serde_json::from_str(end.stderr.lines().next().unwrap()).unwrap();
        assert_eq!(first["kind"], "refused");
    }
}

#[test]
fn a_list_from_stdin_is_called_that() {
    let list = List::new("bulk-stdin-name", 0);
    let says = |text: &str, says: &[&str]| {
        let direct = list.sending();
        let mut command = std::process::Command::new(direct.get_program());
        command.args(["bulk", "--template", SMS_TEMPLATE, "-", "--dry-run"]);
        for (name, value) in direct.get_envs().filter_map(|(name, value)| Some((name, value?))) {
            command.env(name, value);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        End::from(child.wait_with_output().unwrap()).failed(3).says(says);
    };
    says("name\nKim\n", &["the header of stdin does not fit the template", "the first row has: `name`"]);
    says("", &["help: it is empty\n"]);
}
