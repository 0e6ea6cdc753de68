//! A list, a service without limits, and the program that sends the one to the other.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use notify_sandbox::{KeyType, Sandbox};

use crate::fixture::{End, SMS_TEMPLATE, folder, notify_at};

pub(super) const SENDS: &str = SMS_TEMPLATE;

pub(super) struct List {
    pub(super) sandbox: Sandbox,
    folder: PathBuf,
    rows: usize,
}

impl List {
    /// This many rows, each with a recipient of its own.
    pub(super) fn new(name: &str, rows: usize) -> Self {
        Self::on(unlimited(), name, rows)
    }

    /// The same for this sandbox.
    pub(super) fn on(sandbox: Sandbox, name: &str, rows: usize) -> Self {
        let mut text = String::new();
        for row in 0..rows {
            let _ = writeln!(text, "0790{:07},name{row},p{row}", 900_000 + row);
        }
        Self { sandbox, rows, folder: written(name, &text) }
    }

    /// These rows.
    pub(super) fn with_rows(name: &str, rows: &str) -> Self {
        Self { sandbox: unlimited(), folder: written(name, rows), rows: 0 }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// `notify bulk` with the list and these arguments.
    pub(super) fn command(&self, more: &[&str]) -> Command {
        let list = self.path("list.csv");
        let args = ["bulk", "--template", SMS_TEMPLATE, list.to_str().expect("the path is text")];
        let key = self.sandbox.api_key(KeyType::Live);
        notify_at(self.sandbox.url(), &key, args.into_iter().chain(more.iter().copied()))
    }

    /// The same, to be sent as fast as can be.
    pub(super) fn sending(&self) -> Command {
        self.command(&["--yes", "--per-minute", "1000000"])
    }

    pub(super) fn run(&self) -> End {
        End::of(&mut self.sending())
    }

    /// The ids of the messages that the result file names.
    pub(super) fn result_ids(&self) -> HashSet<String> {
        let result = fs::read_to_string(self.path("list.csv.notify-result.csv")).expect("there is a result");
        let ids = result.lines().skip(1).filter_map(|line| line.split(',').nth(1));
        ids.filter(|id| !id.is_empty()).map(str::to_owned).collect()
    }

    pub(super) fn start(&self) -> Running {
        Running::of(&mut self.sending())
    }

    pub(super) fn wait_until_sent(&self, count: usize) {
        let begin = Instant::now();
        while self.sandbox.messages().len() < count {
            assert!(begin.elapsed() < Duration::from_secs(60), "it never came");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Asserts that the service took a message for each row, and none twice.
    pub(super) fn assert_sent_once(&self) {
        let mut taken: HashMap<String, usize> = HashMap::new();
        for message in &self.sandbox.messages() {
            *taken.entry(message.body().to_owned()).or_default() += 1;
        }
        let doubled = taken.values().filter(|count| **count > 1).count();
        assert_eq!((doubled, self.rows - taken.len()), (0, 0), "doubled, lost");
    }
}

fn unlimited() -> Sandbox {
    Sandbox::builder().without_limits().start().expect("a sandbox starts")
}

/// A folder with this list.
fn written(name: &str, rows: &str) -> PathBuf {
    let folder = folder(name);
    let text = format!("phone number,name,permit number\n{rows}");
    fs::write(folder.join("list.csv"), text).expect("the list can be written");
    folder
}

/// A program that runs.
pub(super) struct Running(pub(super) Child);

impl Running {
    pub(super) fn of(command: &mut Command) -> Self {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        Self(child.expect("the program runs"))
    }

    pub(super) fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        let done = Command::new("kill").args(["-s", name, &id]).status().expect("there is kill");
        assert!(done.success());
    }

    /// Ends it at once, wherever it is.
    pub(super) fn kill(mut self) {
        self.0.kill().expect("it runs");
        self.0.wait().expect("it was started here");
    }

    pub(super) fn end(self) -> End {
        self.0.wait_with_output().expect("what is printed can be read").into()
    }
}
