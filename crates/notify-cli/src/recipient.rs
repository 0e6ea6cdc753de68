//! Whom a message goes to, from the arguments or a file.

use std::path::Path;

use crate::exit::CommandError;
use crate::input;

/// One phone number or e-mail address.
pub(crate) fn one(typed: Option<String>, file: Option<&Path>) -> Result<String, CommandError> {
    let Some(path) = file else {
        return typed.ok_or_else(|| CommandError::usage("there is no recipient: give --to or --to-file"));
    };
    let mut lines = lines_of(path)?;
    match (lines.pop(), lines.len()) {
        (Some(recipient), 0) => Ok(recipient),
        (last, others) => {
            let count = others + usize::from(last.is_some());
            Err(CommandError::setup(anyhow::anyhow!("the file {} has {count} lines", path.display()))
                .help("write one recipient into it, on one line"))
        }
    }
}

/// The lines of a postal address.
pub(crate) fn lines(typed: Vec<String>, file: Option<&Path>) -> Result<Vec<String>, CommandError> {
    file.map_or(Ok(typed), lines_of)
}

/// The lines of a file that are not blank.
fn lines_of(path: &Path) -> Result<Vec<String>, CommandError> {
    let text = input::read_text(path)?;
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}
