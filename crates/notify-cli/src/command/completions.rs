//! `notify completions`

mod install;

use anyhow::Context as _;
use clap_complete::Shell;
use clap_complete::env::Shells;

use crate::args::CompletionsArgs;
use crate::environment::COMPLETE;
use crate::exit::CommandError;
use crate::output::print;
use install::install;

/// The name of this program on the path.
const PROGRAM: &str = "notify";

/// Prints the script for a shell, or puts it where the shell finds it.
pub(crate) fn run(args: &CompletionsArgs) -> Result<(), CommandError> {
    let shell = args.shell.or_else(Shell::from_env).ok_or_else(|| {
        CommandError::usage("SHELL does not say which shell this is")
            .help("name it: bash, elvish, fish, powershell or zsh")
    })?;
    let script = script(shell).map_err(CommandError::local)?;
    if args.install { install(shell, &script) } else { print(&script) }
}

/// The script asks this program for the words: ids and templates change, and so does the program.
fn script(shell: Shell) -> anyhow::Result<Vec<u8>> {
    let shells = Shells::builtins();
    let completer = shells.completer(&shell.to_string()).context("the shell has no completions")?;
    let mut script = Vec::new();
    completer.write_registration(COMPLETE, PROGRAM, PROGRAM, PROGRAM, &mut script)?;
    Ok(script)
}
