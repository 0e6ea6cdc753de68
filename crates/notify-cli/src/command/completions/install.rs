//! Where each shell finds completions.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap_complete::Shell;
use etcetera::BaseStrategy as _;

use crate::exit::CommandError;
use crate::output::print_styled;

/// Writes the script into the user's folder, and says what is left to do.
pub(super) fn install(shell: Shell, script: &[u8]) -> Result<(), CommandError> {
    let (file, line) = place(shell)?;
    let folder = file.parent().context("the file is in no folder").map_err(CommandError::local)?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&file, script))
        .with_context(|| format!("the completions cannot be written to {}", file.display()))
        .map_err(|error| {
            CommandError::local(error)
                .help("print the script without --install, and put it where you can write")
        })?;
    let next = match line {
        None => "a new shell has them".to_owned(),
        Some((settings, line)) => format!("add this line to {settings}:\n{line}"),
    };
    print_styled(&format!("{} was written; {next}\n", file.display()))
}

/// A line for a file of the shell's settings.
type Line = (&'static str, String);

/// The file for the script; and a line for the shell's settings, if the shell does not look there by itself.
fn place(shell: Shell) -> Result<(PathBuf, Option<Line>), CommandError> {
    let user = etcetera::choose_base_strategy()
        .map_err(|_| CommandError::setup(anyhow::anyhow!("this user has no home folder")).help("set HOME"))?;
    let own = |name: &str| user.data_dir().join("notify").join(name);
    Ok(match shell {
        Shell::Bash => (user.data_dir().join("bash-completion/completions/notify"), None),
        Shell::Fish => (user.config_dir().join("fish/completions/notify.fish"), None),
        Shell::Zsh => {
            let file = own("completions.zsh");
            let line = format!("source '{}'", file.display());
            (file, Some(("~/.zshrc, below compinit", line)))
        }
        Shell::PowerShell => {
            let file = own("completions.ps1");
            let line = format!(". '{}'", file.display());
            (file, Some(("the file that $PROFILE names", line)))
        }
        Shell::Elvish => {
            let file = own("completions.elv");
            let line = format!("eval (slurp < '{}')", file.display());
            (file, Some(("~/.config/elvish/rc.elv", line)))
        }
        other => {
            return Err(CommandError::usage(format!("where {other} finds completions is not known"))
                .help("print the script without --install, and put it there"));
        }
    })
}
