//! The combinations of features that matter.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools::debian;
use crate::workspace;

/// Combinations of notify-http's features in which its TLS tests are run: each source of TLS alone, and none.
const TLS: [&str; 4] = ["async", "async,rustls", "async,rustls-no-provider", "async,native-tls"];

/// Combinations in which it is checked: each client alone and without TLS, two sources of TLS at once, everything, and
/// nothing.
const CHECKED: [&str; 6] = [
    "",
    "blocking",
    "blocking,rustls",
    "blocking,tracing,rustls-no-provider",
    "async,reqwest-builder,tracing",
    "async,blocking,reqwest-builder,rustls,native-tls,tracing",
];

/// On every change; every other combination is a step of `prove`.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    debian::require(shell, &["pkg-config", "--exists", "openssl"], &["pkg-config", "libssl-dev"])?;
    let cargo = workspace::cargo();
    let package = ["--quiet", "--package", "notify-http", "--no-default-features"];
    for features in CHECKED {
        eprintln!("checking notify-http with [{features}]");
        cmd!(shell, "{cargo} clippy {package...} --features {features} --lib -- -D warnings").run()?;
    }
    for features in TLS {
        eprintln!("testing notify-http with [{features}]");
        cmd!(shell, "{cargo} test {package...} --features {features} --test tls").run()?;
    }
    eprintln!("checking and testing notify-jwt with [defmt]");
    let package = ["--quiet", "--package", "notify-memory-tests", "--features", "defmt"];
    cmd!(shell, "{cargo} clippy {package...} --all-targets -- -D warnings").run()?;
    cmd!(shell, "{cargo} test {package...} --test defmt").run()?;
    Ok(())
}
