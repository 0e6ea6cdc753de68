//! Where `notify sandbox` listens.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "what is not as expected ends the test, helpers included")]

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Stdio};

use crate::fixture::{End, notify};

/// A running sandbox, ended on drop.
struct Running {
    child: Child,
    lines: Vec<String>,
    /// A sandbox ends when nobody reads what it has to say.
    _rest: Box<dyn Iterator<Item = String>>,
}

impl Running {
    fn start(args: &[&str]) -> Self {
        let mut command = notify(["sandbox", "--quiet"]);
        let mut child = command.args(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut printed = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut keys = 0;
        let mut lines = Vec::new();
        for line in printed.by_ref() {
            keys += usize::from(line.starts_with("export "));
            lines.push(line);
            if keys == 3 {
                break;
            }
        }
        Self { child, lines, _rest: Box::new(printed) }
    }

    /// The line to paste, as variables.
    fn variables(&self) -> Vec<(String, String)> {
        let export =
            self.lines.iter().find(|line| line.starts_with("export NOTIFY_API_KEY=sandbox-live")).unwrap();
        let words = export.split(' ').filter_map(|word| word.split_once('='));
        words.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn port(&self) -> u16 {
        self.variables()[1].1.rsplit(':').next().unwrap().parse().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_line_to_paste_survives_a_restart_and_a_second_sandbox_gets_the_next_port() {
    // Another sandbox may run on this machine, so that the first port is any near the usual one.
    let first = Running::start(&[]);
    let second = Running::start(&[]);
    let (one, other) = (first.port(), second.port());
    assert!((6011..=6031).contains(&one) && one < other, "{one} {other}");
    drop(first);
    let again = Running::start(&[]);
    assert_eq!(again.port(), one);
}

#[test]
fn a_port_that_is_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let end = End::failing(&mut notify(["sandbox", "--port", &port]), 1);
    end.says(&[&format!("port {port} is in use"), "choose another port"]);
}

#[test]
fn a_sandbox_for_all_addresses_prints_a_url_that_this_machine_accepts() {
    for (address, host) in [("0.0.0.0", "http://127.0.0.1:"), ("::", "http://[::1]:")] {
        if TcpListener::bind((address, 0)).is_err() {
            continue;
        }
        let sandbox = Running::start(&["--address", address, "--port", "0"]);
        assert!(sandbox.variables()[1].1.starts_with(host), "{:?}", sandbox.lines);
        let end = End::of(notify(["templates"]).envs(sandbox.variables()));
        assert_eq!(end.status, 0, "{end:?}");
        assert!(sandbox.lines.iter().any(|line| line.contains("other machines")), "{:?}", sandbox.lines);
    }
}
