//! `notify man`

use std::fs;

use anyhow::Context;

use crate::args::{ManArgs, definition};
use crate::exit::CommandError;

/// Writes the manual pages.
pub(crate) fn run(args: &ManArgs) -> Result<(), CommandError> {
    // Its pages would only repeat that there is `--help`.
    let definition = without_help(definition());
    fs::create_dir_all(&args.folder)
        .and_then(|()| clap_mangen::generate_to(definition, &args.folder))
        .with_context(|| format!("the manual pages cannot be written to {}", args.folder.display()))
        .map_err(|error| CommandError::local(error).help("name a folder that you can write to"))
}

/// The definition with `help` hidden below each command.
fn without_help(command: clap::Command) -> clap::Command {
    command.mut_subcommands(|one| if one.get_name() == "help" { one.hide(true) } else { without_help(one) })
}
