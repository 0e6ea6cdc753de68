//! Lines as they arrive, read on a thread that may block.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use tokio::sync::mpsc;

use crate::exit::CommandError;
use crate::input::is_standard;

/// The longest line, in bytes: more than any message that the service takes.
const LONGEST: u64 = 32 * 1024 * 1024;
/// How many lines are read ahead.
const AHEAD: usize = 64;

/// A line and its number.
type Line = (u64, io::Result<String>);

pub(super) struct Lines(mpsc::Receiver<Line>);

impl Lines {
    /// The lines of a file, or of stdin.
    pub(super) fn of(path: &Path) -> Result<Self, CommandError> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        if is_standard(path) {
            if io::stdin().is_terminal() {
                // If stderr is closed, nobody wants to read this.
                let _ = writeln!(anstream::stderr().lock(), "type one JSON object a line; Ctrl-D ends");
            }
            std::thread::spawn(move || read(BufReader::new(io::stdin()), &sender));
        } else {
            let file =
                File::open(path).with_context(|| format!("the file {} cannot be read", path.display()));
            let file = file.map_err(CommandError::setup)?;
            std::thread::spawn(move || read(BufReader::new(file), &sender));
        }
        Ok(Self(receiver))
    }

    /// The lines that have arrived, at least one and at most this many; none at the end.
    pub(super) async fn next_batch(&mut self, most: usize) -> Vec<Line> {
        let mut batch = Vec::new();
        self.0.recv_many(&mut batch, most).await;
        batch
    }
}

/// Reads to the end, or until nobody listens any more.
fn read(mut from: impl BufRead, to: &mpsc::Sender<Line>) {
    for number in 1.. {
        let mut bytes = Vec::new();
        let line = match (&mut from).take(LONGEST + 1).read_until(b'\n', &mut bytes) {
            Ok(0) => return,
            Ok(_) => text(bytes),
            Err(error) => Err(error),
        };
        if line.as_ref().is_ok_and(|line| line.trim().is_empty()) {
            continue;
        }
        // Text that is not UTF-8 spoils only its own line.
        let is_last = line.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::InvalidData);
        if to.blocking_send((number, line)).is_err() || is_last {
            return;
        }
    }
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    if bytes.len() as u64 > LONGEST {
        let problem =
            format!("it is longer than {} MiB, and nothing after it is read", LONGEST / 1024 / 1024);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, problem));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}
