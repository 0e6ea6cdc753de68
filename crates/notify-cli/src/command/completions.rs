//! `notify completions`

use crate::args::{CompletionsArgs, definition};
use crate::exit::CommandError;
use crate::output::print;

/// Prints the script for a shell.
pub(crate) fn run(args: &CompletionsArgs) -> Result<(), CommandError> {
    let mut definition = definition();
    let name = definition.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut definition, name, &mut script);
    print(&script)
}
