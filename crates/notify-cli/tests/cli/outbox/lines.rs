//! Messages that are put, a line each.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use serde_json::{Value, json};

use super::{Outbox, line};
use crate::fixture::End;

#[test]
fn wrong_lines_are_named_and_the_others_kept_and_a_repeat_changes_nothing() {
    let outbox = Outbox::in_file("lines");
    let file = outbox.folder.join("messages.jsonl");
    let path = file.to_str().unwrap();
    let wrong = line("r3").replace("phone_number", "number");
    std::fs::write(&file, format!("{}\n{}{wrong}not 07900900123\n{}", line("r1"), line("r2"), line("r1")))
        .unwrap();
    let end = End::of(&mut outbox.command(["put", path]));
    assert_eq!((end.status, end.stdout.as_str()), (3, "2 put, 1 known before\n"), "{end:?}");
    end.says(&[
        "line 4: such a message has no field `number`\n",
        "line 5: it is not a JSON object",
        "2 lines are wrong",
    ]);
    assert!(!end.stderr.contains("07900900123"), "{end:?}");
    std::fs::write(&file, line("r1") + &line("r2") + &line("r3")).unwrap();
    assert_eq!(outbox.json(["put", path]), json!({ "put": 1, "known": 2, "wrong": [] }));
    let status = outbox.json(["status"]);
    assert_eq!((&status["ready"], &status["sent"]), (&json!(3), &json!(0)));
    assert!(status["oldest_seconds"].as_u64().unwrap() < 60);
    // Looking for what is wrong keeps nothing.
    std::fs::write(&file, line("r4")).unwrap();
    assert_eq!(outbox.json(["put", path, "--check"])["put"], 1);
    assert_eq!(outbox.json(["status"])["ready"], 3);
}

#[test]
fn a_program_that_puts_one_after_the_other_is_told_of_each_once_it_is_kept() {
    let outbox = Outbox::in_file("stream");
    let mut command = outbox.command(["put", "--output", "jsonl"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for (number, reference, result) in [(1, "r1", "put"), (2, "r2", "put"), (3, "r1", "known")] {
        input.write_all(line(reference).as_bytes()).unwrap();
        let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        assert_eq!(answer, json!({ "line": number, "reference": reference, "result": result }));
    }
    // What was told is kept, whatever becomes of the program.
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(outbox.json(["status"])["ready"], 2);
}

#[test]
fn a_line_that_is_no_text_is_wrong_alone_and_one_without_end_ends_it() {
    let outbox = Outbox::in_file("bytes");
    let file = outbox.folder.join("messages.jsonl");
    let mut bytes = b"\xff\xfe\n".to_vec();
    bytes.extend(line("r1").into_bytes());
    bytes.resize(bytes.len() + 34 * 1024 * 1024, b'x');
    std::fs::write(&file, bytes).unwrap();
    let end = End::of(&mut outbox.command(["put", file.to_str().unwrap()]));
    assert_eq!((end.status, end.stdout.as_str()), (3, "1 put, 0 known before\n"), "{end:?}");
    end.says(&["line 1: it is not UTF-8", "line 3: it is longer than 32 MiB, and nothing after it is read"]);
}
