//! The files beside the list: its journal, and the result file.

use std::path::{Path, PathBuf};

use super::results;
use crate::args::BulkArgs;
use crate::exit::CommandError;
use crate::input::is_standard;

pub(super) struct Files {
    pub(super) journal: PathBuf,
    pub(super) result: PathBuf,
}

impl Files {
    /// Where they are. Each is a file of its own, and the result file can be written: after sending it would be too late
    /// to find out.
    pub(super) fn of(args: &BulkArgs) -> Result<Self, CommandError> {
        let is_stdin = is_standard(&args.file);
        let beside = |ending: &str| {
            let mut name = args.file.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        let journal = match &args.journal {
            Some(journal) => journal.clone(),
            None if is_stdin => {
                return Err(CommandError::usage(
                    "a list from stdin needs a --journal, with which to continue",
                )
                .help("to continue, give the same list and the same journal again"));
            }
            None => beside(".notify-journal"),
        };
        let result = match &args.result {
            Some(result) => result.clone(),
            None if is_stdin => journal.with_extension("notify-result.csv"),
            None => beside(".notify-result.csv"),
        };
        let list = if is_stdin { None } else { Some(args.file.as_path()) };
        refuse_the_same("--journal", &journal, "the list", list)?;
        refuse_the_same("--result", &result, "the list", list)?;
        refuse_the_same("--result", &result, "the journal", Some(&journal))?;
        results::refuse_unwritable(&result)?;
        Ok(Self { journal, result })
    }
}

/// Refuses a path that names one of the other files, which would be overwritten, or stdout.
fn refuse_the_same(option: &str, path: &Path, what: &str, other: Option<&Path>) -> Result<(), CommandError> {
    if is_standard(path) {
        return Err(CommandError::usage(format!("{option} needs the path of a file")));
    }
    match other {
        Some(other) if resolved(path) == resolved(other) => {
            Err(CommandError::usage(format!("{option} names {what} itself, {}", other.display()))
                .help("name another file"))
        }
        _ => Ok(()),
    }
}

/// The path without links and detours, also of a file that does not exist yet.
fn resolved(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        path.file_name().map_or_else(|| path.to_owned(), |name| folder.join(name))
    })
}
