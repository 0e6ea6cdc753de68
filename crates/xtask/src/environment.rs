//! The environment that the commands we run are given.

use std::env;
use std::process::Command;

use anyhow::Result;

/// Starts this program over without what `cargo run` tells it of its own package.
///
/// The cargo that we run would take those variables for the user's: build scripts that ask for them, such as ring's,
/// would run anew whenever cargo is started by the user after us or by us after the user, and all that stands on them
/// would be compiled twice.
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
    // It returns only when it failed.
    Err(again.exec().into())
}

#[cfg(not(unix))]
fn replace(mut again: Command) -> Result<()> {
    std::process::exit(again.status()?.code().unwrap_or(1))
}
