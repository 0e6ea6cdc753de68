//! `notify man`

use anyhow::Context;

use crate::args::{ManArgs, definition};
use crate::exit::CommandError;

/// Writes the manual pages.
pub(crate) fn run(args: &ManArgs) -> Result<(), CommandError> {
    clap_mangen::generate_to(definition(), &args.folder)
        .with_context(|| format!("the manual pages cannot be written to {}", args.folder.display()))
        .map_err(CommandError::local)
}
