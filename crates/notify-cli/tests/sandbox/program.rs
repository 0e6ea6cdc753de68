//! The program as a sandbox, in a process of its own.

use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use notify_jwt::{ApiKey, Signer};
use notify_testkit::http1::{self, Headers, RawRequest, RawResponse};
use serde_json::{Value, json};

const SMS_TEMPLATE: &str = "c0ffee00-0000-4000-8000-000000000011";

/// The built-in world's live key.
pub(crate) const KEY: &str =
    "sandbox-live-c0ffee00-0000-4000-8000-000000000001-c0ffee00-0000-4000-8000-00000000000a";

/// How long a sandbox may take to be ready on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A sandbox in its own process, killed on drop.
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) url: String,
}

impl Program {
    /// Starts the program with these arguments and waits for its ready file.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notify"));
        command.arg("sandbox").args(arguments);
        Self::spawn(folder, command)
    }

    pub(crate) fn spawn(folder: &Path, mut command: Command) -> Self {
        let ready = folder.join("ready");
        let _ = std::fs::remove_file(&ready);
        command.arg("--ready-file").arg(&ready).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let begun = SystemTime::now();
        let url = loop {
            if let Ok(url) = std::fs::read_to_string(&ready) {
                break url.trim_end().to_owned();
            }
            assert_eq!(child.try_wait().unwrap(), None, "it ended before it was ready");
            assert!(begun.elapsed().unwrap() < PATIENCE, "it is not ready");
            thread::sleep(Duration::from_millis(1));
        };
        Self { child, url }
    }

    /// Kills it with SIGKILL, and returns what it printed.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        io::read_to_string(self.child.stderr.take().unwrap()).unwrap()
    }

    pub(crate) fn ask(&self, method: &str, target: &str, body: &Value) -> io::Result<RawResponse> {
        let mut headers = Headers::default();
        headers.push("Host", self.url.trim_start_matches("http://"));
        headers.push("X-Sandbox", "1");
        headers.push("Authorization", bearer());
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        headers.push("Content-Length", body.len().to_string());
        headers.push("Connection", "close");
        let request = RawRequest { method: method.to_owned(), target: target.to_owned(), headers, body };
        http1::exchange(self.url.trim_start_matches("http://").parse().unwrap(), &request)
    }

    pub(crate) fn send(&self, reference: &str) -> io::Result<RawResponse> {
        let body = json!({
            "phone_number": "07900900123",
            "template_id": SMS_TEMPLATE,
            "reference": reference,
            "personalisation": { "name": "Kim", "permit number": "E15" },
        });
        self.ask("POST", "/v2/notifications/sms", &body)
    }

    /// Expects each of these messages to exist, with this status if one is given.
    pub(crate) fn expect(&self, acknowledged: &[(String, Option<&str>)]) {
        for (id, status) in acknowledged {
            let answer = self.ask("GET", &format!("/v2/notifications/{id}"), &Value::Null).unwrap();
            let message: Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(answer.status, 200, "{id} was acknowledged: {message}");
            assert_eq!(message["body"], "Hello Kim, your permit E15 is ready.");
            if let Some(status) = status {
                assert_eq!(message["status"], *status, "{id}");
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn bearer() -> String {
    let signer = Signer::new(&ApiKey::parse(KEY).unwrap());
    signer.bearer(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).as_str().to_owned()
}
