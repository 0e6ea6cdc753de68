//! The result file: what became of each row.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use notify_http::model::Status;
use notify_outbox::{Entry, SqliteStore, State};

use super::List;
use super::arrival::Arrivals;
use super::journal::Tag;
use super::table::{Row, Rows};
use crate::exit::CommandError;

const HEADER: [&str; 4] = ["row", "id", "status", "error"];

/// Writes the file anew, for its owner alone: the rows in the journal, and the bad rows that it leaves out.
pub(super) fn write(
    list: &List,
    store: &SqliteStore,
    path: &Path,
    arrivals: Option<&Arrivals>,
) -> Result<(), CommandError> {
    let part = part(path);
    let written = write_part(list, store, &part, arrivals);
    written.and_then(|()| {
        std::fs::rename(&part, path)
            .with_context(|| format!("the result file {} cannot be written", path.display()))
            .map_err(CommandError::local)
    })
}

/// Refuses a path at which no result file can be written, by writing another one beside it: not its [`part`], which another run
/// may be writing.
pub(super) fn refuse_unwritable(path: &Path) -> Result<(), CommandError> {
    let mut probe = path.as_os_str().to_owned();
    probe.push(format!(".{}", std::process::id()));
    let probe = PathBuf::from(probe);
    let written = if path.is_dir() {
        Err(io::Error::from(io::ErrorKind::IsADirectory))
    } else {
        private(&probe).and_then(|_| std::fs::remove_file(&probe))
    };
    written
        .with_context(|| format!("the result file {} cannot be written", path.display()))
        .map_err(|error| CommandError::setup(error).help("name another file with --result; nothing was sent"))
}

/// The file while it is being written.
fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

fn write_part(
    list: &List,
    store: &SqliteStore,
    part: &Path,
    arrivals: Option<&Arrivals>,
) -> Result<(), CommandError> {
    let unwritten = || format!("the result file {} cannot be written", part.display());
    let file = private(part).with_context(unwritten).map_err(CommandError::local)?;
    let mut results = Results {
        list,
        rows: list.table.rows(),
        csv: csv::Writer::from_writer(BufWriter::new(file)),
        arrivals,
    };
    results.csv.write_record(HEADER).with_context(unwritten).map_err(CommandError::local)?;
    store.for_each(|entry| results.add(&entry).with_context(unwritten).map_err(CommandError::local))?;
    results.add_bad_rows(None).with_context(unwritten).map_err(CommandError::local)?;
    let file = results.csv.into_inner().map_err(|error| CommandError::local(error.into_error()))?;
    file.into_inner()
        .map_err(io::IntoInnerError::into_error)
        .and_then(|mut file| file.flush())
        .with_context(unwritten)
        .map_err(CommandError::local)
}

fn private(path: &Path) -> io::Result<File> {
    // A leftover file may be readable for others.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

struct Results<'a> {
    list: &'a List,
    /// The rows of the list that have not been written yet.
    rows: Rows,
    csv: csv::Writer<BufWriter<File>>,
    arrivals: Option<&'a Arrivals>,
}

impl Results<'_> {
    fn add(&mut self, entry: &Entry<'_>) -> anyhow::Result<()> {
        let tag = Tag::from_bytes(entry.tag).context("the journal is not of this program's making")?;
        self.add_bad_rows(Some(tag.line))?;
        let (id, status, error) = match &entry.row.state {
            State::Sent { id } => {
                let status = self.arrivals.and_then(|arrivals| arrivals.of_line(tag.line));
                (id.as_str(), status.map_or("sent", Status::as_str), String::new())
            }
            State::Failed { reason } => ("", "failed", reason.clone()),
            State::Ready { .. } => ("", "not sent", String::new()),
            State::InFlight { .. } | State::InDoubt { .. } => {
                let error =
                    format!("it may have been sent: look it up by its reference, {}", entry.reference);
                ("", "in doubt", error)
            }
        };
        self.write(tag.line, id, status, &error)
    }

    /// Writes what is wrong with the rows up to this line, which the journal leaves out; up to the end without one.
    fn add_bad_rows(&mut self, up_to: Option<u64>) -> anyhow::Result<()> {
        while let Some(row) = self.rows.read()? {
            if up_to == Some(row.line) {
                break;
            }
            self.add_bad_row(&row)?;
        }
        Ok(())
    }

    fn add_bad_row(&mut self, row: &Row) -> anyhow::Result<()> {
        let errors = self.list.checker.check(row).errors;
        self.write(row.line, "", "skipped", &errors.join("; "))
    }

    fn write(&mut self, line: u64, id: &str, status: &str, error: &str) -> anyhow::Result<()> {
        self.csv.write_record([line.to_string(), inert(id), status.to_owned(), inert(error)])?;
        Ok(())
    }
}

/// A cell that a spreadsheet program takes for text, whatever it begins with.
fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert!(inert(formula).starts_with('\''), "{formula:?}");
        }
        assert_eq!(inert("answered 400"), "answered 400");
    }
}
