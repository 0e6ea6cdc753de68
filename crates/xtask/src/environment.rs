//! The environment for the commands that we run.

use std::env;
use std::process::Command;

use anyhow::Result;

/// Restarts this program without the variables that `cargo run` sets for its own package.
///
/// The cargo that we run would take those variables for the user's. Build scripts that depend on them, such as ring's,
/// would then rerun whenever the user and this program take turns in running cargo, and everything that depends on
/// them would be compiled again.
pub(crate) fn start_clean() -> Result<()> {
    let of_our_package: Vec<_> = env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.to_str().is_some_and(is_of_a_package))
        .collect();
    if of_our_package.is_empty() {
        return Ok(());
    }
    let mut again = Command::new(env::current_exe()?);
    again.args(env::args_os().skip(1));
    for name in of_our_package {
        again.env_remove(name);
    }
    replace(again)
}

fn is_of_a_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

#[cfg(unix)]
fn replace(mut again: Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    // `exec` returns only if it fails.
    Err(again.exec().into())
}

#[cfg(not(unix))]
fn replace(mut again: Command) -> Result<()> {
    std::process::exit(again.status()?.code().unwrap_or(1))
}
