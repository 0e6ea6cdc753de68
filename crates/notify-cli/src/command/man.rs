//! `notify man`

use anyhow::Context;

use crate::args::{ManArgs, definition};
use crate::exit::Failure;

/// Writes the manual pages.
pub(crate) fn run(args: &ManArgs) -> Result<(), Failure> {
    clap_mangen::generate_to(definition(), &args.folder)
        .with_context(|| format!("the manual pages cannot be written to {}", args.folder.display()))
        .map_err(Failure::fault)
}
