//! The outbox as a program: what is put is sent once, whatever is killed or stopped.
//!
//! What needs PostgreSQL, or waits for longer than a test should, is ignored here and run by `cargo xtask test --only outbox`.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod database;
mod decisions;
mod lines;
mod watched;
mod worker;

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use notify_sandbox::{KeyType, Sandbox};
use serde_json::{Value, json};

use crate::fixture::{End, SMS_TEMPLATE, folder, notify, notify_at};

/// An outbox, and the sandbox to which it sends.
pub(crate) struct Outbox {
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: PathBuf,
    store: String,
}

impl Outbox {
    /// In a file.
    pub(crate) fn in_file(test: &str) -> Self {
        let folder = folder(&format!("outbox-{test}"));
        let store = folder.join("outbox.sqlite").to_str().expect("it is text").to_owned();
        Self::at(folder, store)
    }

    /// Wherever it is.
    pub(crate) fn at(folder: PathBuf, store: String) -> Self {
        let sandbox = Sandbox::builder().without_limits().start().expect("a sandbox starts");
        let outbox = Self { sandbox, folder, store };
        assert_eq!(End::of(&mut outbox.command(["init"])).status, 0);
        outbox
    }

    /// A command of the outbox, with everything that it may need.
    pub(crate) fn command<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        self.notify(["outbox"].into_iter().chain(args))
    }

    /// The program, with everything that it may need.
    pub(crate) fn notify<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = notify_at(self.sandbox.url(), &self.sandbox.api_key(KeyType::Test), args);
        command.env("NOTIFY_OUTBOX_STORE", &self.store);
        command
    }

    /// What a command prints that succeeds.
    pub(crate) fn answer<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> String {
        let end = End::of(&mut self.command(args));
        assert_eq!((end.status, end.stderr.as_str()), (0, ""), "{end:?}");
        end.stdout
    }

    pub(crate) fn json<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Value {
        let args = args.into_iter().chain(["--output", "json"]);
        serde_json::from_str(&self.answer(args)).expect("it is one JSON object")
    }

    /// Puts messages with the references `r0`, `r1` and so on.
    pub(crate) fn put(&self, count: usize) {
        let lines: String = (0..count).map(|number| line(&format!("r{number}"))).collect();
        let file = self.folder.join("messages.jsonl");
        std::fs::write(&file, lines).expect("it can be written");
        let put = self.json(["put", file.to_str().expect("it is text")]);
        assert_eq!(put["wrong"], json!([]));
    }

    /// A worker, which runs until it ends or is ended.
    pub(crate) fn worker(&self, args: &[&str]) -> Child {
        let mut command = self.command(["run"].into_iter().chain(args.iter().copied()));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs")
    }

    /// Asserts that the service has each of so many messages once.
    pub(crate) fn each_was_sent_once(&self, count: usize) {
        let messages = self.sandbox.messages();
        for number in 0..count {
            let reference = format!("r{number}");
            let sent = messages.clone().with_reference(&reference).iter().count();
            assert_eq!(sent, 1, "{reference}");
        }
    }

    /// Waits until the service has taken so many.
    pub(crate) fn wait_for(&self, taken: usize) {
        wait_until(|| self.sandbox.messages().iter().count() >= taken);
    }
}

/// A line to put.
pub(crate) fn line(reference: &str) -> String {
    let message = json!({
        "reference": reference,
        "type": "sms",
        "template_id": SMS_TEMPLATE,
        "phone_number": "07900900123",
        "personalisation": { "name": "Kim", "permit number": "17" },
    });
    format!("{message}\n")
}

pub(crate) fn wait_until(mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < Duration::from_secs(100), "it never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn signal(child: &Child, name: &str) {
    let done =
        Command::new("kill").args(["-s", name, &child.id().to_string()]).status().expect("there is kill");
    assert!(done.success());
}

/// How a child ended.
pub(crate) fn ended(child: Child) -> End {
    End::from(child.wait_with_output().expect("what is printed can be read"))
}

#[test]
fn without_a_store_the_error_says_how_to_name_one() {
    let end = End::failing(&mut notify(["outbox", "status"]), 3);
    end.says(&["no store is named", "NOTIFY_OUTBOX_STORE", "--store"]);
    let end = End::failing(&mut notify(["outbox", "status", "--store", "/nowhere/outbox.sqlite"]), 3);
    end.says(&["there is no outbox at /nowhere/outbox.sqlite", "notify outbox init"]);
}

#[test]
fn a_password_is_no_argument_and_never_shown() {
    const URL: &str = "postgres://notify:open-sesame@127.0.0.1:9/app";
    let end = End::failing(&mut notify(["outbox", "status", "--store", URL]), 2);
    end.says(&["a URL with a password", "NOTIFY_OUTBOX_STORE"]);
    assert!(!end.stderr.contains("sesame"), "{end:?}");
    for (url, status) in [(URL, 6), ("postgres://notify:open-sesame@db/app?sslmode=sesame", 3)] {
        for verb in ["init", "put", "status", "doubt"] {
            let mut command = notify(["outbox", verb]);
            let end = End::failing(command.env("NOTIFY_OUTBOX_STORE", url), status);
            assert!(!end.stderr.contains("sesame"), "{end:?}");
        }
    }
}
