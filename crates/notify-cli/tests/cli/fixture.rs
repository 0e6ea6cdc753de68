//! A sandbox, and the program to run against it.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use notify_sandbox::{KeyType, Sandbox};

/// The sandbox's templates.
pub(crate) const SMS_TEMPLATE: &str = "c0ffee00-0000-4000-8000-000000000011";
pub(crate) const EMAIL_TEMPLATE: &str = "c0ffee00-0000-4000-8000-000000000012";
pub(crate) const LETTER_TEMPLATE: &str = "c0ffee00-0000-4000-8000-000000000013";
/// A key that no service has, in parts.
pub(crate) const KEY: &str =
    "fixture-c0ffee00-0000-4000-8000-000000000001-5ec7e700-0000-4000-8000-00000000000d";
pub(crate) const SECRET: &str = "5ec7e700-0000-4000-8000-00000000000d";

/// How long the program may take in any of these tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// The arguments that send a text message; tests append more.
pub(crate) const SEND_SMS: [&str; 10] = [
    "send",
    "sms",
    "--template",
    SMS_TEMPLATE,
    "--to",
    "07900900123",
    "--personalisation",
    "name=Kim",
    "--personalisation",
    "permit number=17",
];

/// The arguments that send a letter.
pub(crate) const SEND_LETTER: [&str; 14] = [
    "send",
    "letter",
    "--template",
    LETTER_TEMPLATE,
    "--to",
    "Kim Lee",
    "--to",
    "1 Castle Street",
    "--to",
    "SW1A 1AA",
    "--personalisation",
    "name=Kim",
    "--personalisation",
    "permit number=17",
];

/// The program, in an environment without settings.
pub(crate) fn notify<'a>(args: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_notify"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy().to_ascii_uppercase();
        if text.starts_with("NOTIFY_")
            || text.ends_with("_PROXY")
            || text.contains("COLOR")
            || text == "COLUMNS"
        {
            command.env_remove(name);
        }
    }
    command.args(args).stdin(Stdio::null());
    command
}

/// The program, with a key, against a service.
pub(crate) fn notify_at<'a>(url: &str, key: &str, args: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = notify(args);
    command.env("NOTIFY_BASE_URL", url).env("NOTIFY_API_KEY", key);
    command
}

/// A sandbox.
pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self { sandbox: Sandbox::start().expect("a sandbox starts") }
    }

    /// The program against the sandbox, with its test key.
    pub(crate) fn notify<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Command {
        notify_at(self.sandbox.url(), &self.sandbox.api_key(KeyType::Test), args)
    }

    /// What the program prints when it succeeds.
    pub(crate) fn answer<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> String {
        let end = End::of(&mut self.notify(args));
        assert_eq!((end.status, end.stderr.as_str()), (0, ""), "{end:?}");
        end.stdout
    }

    /// The JSON that it prints.
    pub(crate) fn json<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> serde_json::Value {
        let args = args.into_iter().chain(["--output", "json"]);
        serde_json::from_str(&self.answer(args)).expect("the answer is one JSON object")
    }
}

/// How the program ended.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl End {
    /// Runs it to the end.
    pub(crate) fn of(command: &mut Command) -> Self {
        Self::writing(command, Stdio::piped(), Stdio::piped())
    }

    /// Runs it to the end, with these streams to write to.
    pub(crate) fn writing(command: &mut Command, stdout: impl Into<Stdio>, stderr: impl Into<Stdio>) -> Self {
        let child = command.stdout(stdout).stderr(stderr).spawn().expect("the program runs");
        let (id, (done, end)) = (child.id().to_string(), mpsc::channel());
        thread::spawn(move || done.send(child.wait_with_output()));
        let end = end.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            // If there is no such program, the system ends it with the tests.
            let _ = Command::new("kill").arg(&id).status();
            panic!("it did not end by itself: {command:?}")
        });
        end.expect("what is printed can be read").into()
    }

    /// Runs it, and asserts that it fails and prints nothing to stdout.
    pub(crate) fn failing(command: &mut Command, status: i32) -> Self {
        Self::of(command).failed(status)
    }

    /// Asserts that it failed and printed nothing to stdout.
    pub(crate) fn failed(self, status: i32) -> Self {
        assert_eq!((self.status, self.stdout.as_str()), (status, ""), "{self:?}");
        self
    }

    /// Asserts that stderr contains these texts.
    pub(crate) fn says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.stderr.contains(text), "`{text}` is not in:\n{}", self.stderr);
        }
    }
}

impl From<Output> for End {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("what is printed is UTF-8");
        Self {
            status: output.status.code().expect("no signal ended it"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// The test's own folder, empty.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the folder can be emptied");
    }
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}
