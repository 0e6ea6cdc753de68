//! Runs each example as a program against a sandbox.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use notify_sandbox::{IncomingText, KeyType, Sandbox};
use notify_testkit::http1::{Headers, RawRequest, exchange};
use notify_testkit::wire::Recording;

/// The programs that end by themselves.
const PROGRAMS: [&str; 10] = [
    "send_and_wait",
    "email_with_file",
    "letter_from_pdf",
    "check_before_sending",
    "when_it_fails",
    "received_texts",
    "blocking",
    "outbox_inside_a_job",
    "over_hyper",
    "over_ureq",
];
const SERVER: &str = "receive_callbacks";
/// This one needs a database.
const DATABASE: &str = "outbox_in_your_transaction";
/// For these, Cargo builds the tests instead of the program; the tests run the program too.
const TESTS: &str = "own_tests";

/// The program of an example, which Cargo builds with the tests of its package.
fn program(name: &str) -> Command {
    let deps = std::env::current_exe().unwrap();
    let path = deps.ancestors().nth(2).unwrap().join("examples").join(name);
    let path = path.with_extension(std::env::consts::EXE_EXTENSION);
    assert!(path.exists(), "not built: run `cargo test --package notify-examples`, without --test");
    let mut program = Command::new(path);
    for name in ["NOTIFY_API_KEY", "NOTIFY_BASE_URL", "NOTIFY_CALLBACK_TOKEN", "PORT"] {
        program.env_remove(name);
    }
    program
}

/// What a program prints if it succeeds, run against this sandbox.
fn printed(name: &str, sandbox: &Sandbox) -> String {
    let mut program = program(name);
    program.env("NOTIFY_API_KEY", sandbox.api_key(KeyType::Live)).env("NOTIFY_BASE_URL", sandbox.url());
    output(name, &mut program)
}

fn output(name: &str, program: &mut Command) -> String {
    let output = program.output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_program_runs_without_an_account() {
    for name in PROGRAMS {
        assert!(!output(name, &mut program(name)).is_empty(), "{name} prints nothing");
    }
}

#[test]
fn a_text_message_is_followed_until_it_arrives() {
    let printed = printed("send_and_wait", &Sandbox::start().unwrap());
    assert!(printed.contains("Hello Kim, your permit A-17 is ready."), "{printed}");
    assert!(printed.ends_with("status: delivered\nit has arrived\n"), "{printed}");
}

#[test]
fn a_job_that_is_run_again_after_a_lost_answer_sends_once() {
    let printed = output("outbox_inside_a_job", &mut program("outbox_inside_a_job"));
    assert!(printed.starts_with("RunAgain(") && printed.contains("InDoubt"), "{printed}");
    assert!(printed.lines().last().unwrap().starts_with("Done: Sent"), "{printed}");
}

#[cfg(unix)]
#[test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
fn the_outbox_keeps_a_message_if_and_only_if_the_transaction_is_committed() {
    let server = notify_testkit::postgres::Server::start();
    let sandbox = Sandbox::start().unwrap();
    let mut program = program(DATABASE);
    program.env("NOTIFY_API_KEY", sandbox.api_key(KeyType::Live)).env("NOTIFY_BASE_URL", sandbox.url());
    program.env("DATABASE_URL", server.database("bookings"));
    assert_eq!(output(DATABASE, &mut program), "sent: 1, failed: 0\n");
    assert_eq!(sandbox.messages().only().reference(), Some("booking-17-confirmation"));
}

#[test]
fn an_email_has_a_link_to_its_file() {
    let printed = printed("email_with_file", &Sandbox::start().unwrap());
    assert!(printed.contains("Download your permit: http"), "{printed}");
}

#[test]
fn a_letter_is_printed() {
    let printed = printed("letter_from_pdf", &Sandbox::start().unwrap());
    assert!(printed.starts_with("letter invoice 17, by first class\n"), "{printed}");
    assert!(printed.contains("status: received\nprinted from "), "{printed}");
}

#[test]
fn a_message_is_checked_and_its_cost_shown() {
    let printed = printed("check_before_sending", &Sandbox::start().unwrap());
    assert_eq!(
        printed,
        "it would be refused: placeholders without a value: permit number\n\
         1 fragments: Hello Lucja, your permit A-17 is ready.\nŁ arrives as L\n"
    );
}

#[test]
fn each_error_says_what_to_do() {
    let printed = printed("when_it_fails", &Sandbox::start().unwrap());
    for todo in [
        "wake someone up: give each placeholder of the template a value",
        "ask the person for another number",
        "wake someone up: check the base URL, the network and the proxy",
    ] {
        assert!(printed.contains(todo), "{todo} is not in:\n{printed}");
    }
    assert!(!printed.contains("not a number") && !printed.contains("Kim"), "{printed}");
}

#[test]
fn received_texts_are_listed_newest_first() {
    let sandbox = Sandbox::start().unwrap();
    sandbox.receive_text(IncomingText { from: "447700900111", content: "one" }).unwrap();
    sandbox.receive_text(IncomingText { from: "447700900111", content: "two" }).unwrap();
    let printed = printed("received_texts", &sandbox);
    let texts: Vec<&str> = printed.lines().map(|line| line.rsplit(": ").next().unwrap()).collect();
    assert_eq!(texts, ["two", "one"], "{printed}");
}

#[test]
fn a_program_without_async_sends_and_lists() {
    let printed = printed("blocking", &Sandbox::start().unwrap());
    assert!(printed.starts_with("sent: Your permit A-17\n"), "{printed}");
    assert_eq!(printed.lines().count(), 2, "{printed}");
}

#[test]
fn other_transports_work_too() {
    let sandbox = Sandbox::start().unwrap();
    let printed = [printed("over_hyper", &sandbox), printed("over_ureq", &sandbox)];
    assert_eq!(printed[0], printed[1]);
    assert_eq!(printed[0].lines().count(), 4, "{}", printed[0]);
}

#[test]
fn callbacks_are_accepted_once_and_only_from_the_service() {
    let recording = Recording::gov_uk().unwrap();
    let recorded = |name: &str| recording.exchange(name).unwrap().request.body().unwrap().unwrap();
    let (receipt, text) =
        (recorded("callback-sent/delivery-sms-delivered"), recorded("callback-sent/received-text"));
    let mut server = program(SERVER);
    let server = server.env("NOTIFY_CALLBACK_TOKEN", "0123456789").stdout(Stdio::piped());
    let mut server = server.spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map(Result::unwrap);
    let listening = lines.next().unwrap();
    let address = listening.strip_prefix("listening on http://").unwrap().parse().unwrap();

    let post = |token: &str, body: &[u8]| {
        let mut headers = Headers::default();
        headers.push("Host", "callbacks.example");
        headers.push("Authorization", format!("Bearer {token}"));
        headers.push("Content-Length", body.len().to_string());
        headers.push("Connection", "close");
        let (method, target) = ("POST".to_owned(), "/".to_owned());
        exchange(address, &RawRequest { method, target, headers, body: body.to_vec() }).unwrap().status
    };
    assert_eq!(post("9876543210", &receipt), 401);
    assert_eq!(post("0123456789", &receipt), 204);
    assert_eq!(post("0123456789", &receipt), 204);
    assert_eq!(post("0123456789", b"{}"), 400);
    assert_eq!(post("0123456789", &text), 204);

    // Neither the first one twice, nor a refused one.
    assert!(lines.next().unwrap().ends_with(" is delivered"));
    assert!(lines.next().unwrap().starts_with("a text from "));
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(lines.next(), None);
}

#[test]
fn every_example_is_run_here_and_named_on_the_front_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let there: BTreeSet<String> =
        files.filter(|path| path.extension().is_some_and(|it| it == "rs")).map(name).collect();
    let run: BTreeSet<String> =
        PROGRAMS.into_iter().chain([SERVER, TESTS, DATABASE]).map(str::to_owned).collect();
    assert_eq!(there, run);
    let page = fs::read_to_string(folder.join("../README.md")).unwrap();
    for name in there {
        assert!(page.contains(&format!("[`{name}`](examples/{name}.rs)")), "{name}");
    }
}
