//! The combinations of features that matter.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use crate::tools::debian;
use crate::workspace;

/// The combinations of notify-http's features for which its TLS tests run: each TLS backend alone, and none.
const TLS: [&str; 4] = ["async", "async,rustls", "async,rustls-no-provider", "async,native-tls"];

/// The combinations that are checked: each client alone and without TLS, two TLS backends at once, everything, and
/// nothing.
const CHECKED: [&str; 6] = [
    "",
    "blocking",
    "blocking,rustls",
    "blocking,tracing,rustls-no-provider",
    "async,reqwest-builder,tracing",
    "async,blocking,reqwest-builder,rustls,native-tls,tracing",
];

/// Combinations of notify-jwt's features in which it is checked and tested; the usual one is the workspace's.
const JWT: [&str; 3] = ["", "heapless-0-9", "verify,heapless-0-9"];

/// The most crates that minting alone may need, notify-jwt itself among them.
const MINTING: usize = 14;

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
    for features in JWT {
        eprintln!("checking and testing notify-jwt with [{features}]");
        let package = ["--quiet", "--package", "notify-jwt", "--no-default-features", "--features", features];
        cmd!(shell, "{cargo} clippy {package...} --lib -- -D warnings").run()?;
        cmd!(shell, "{cargo} test {package...} --lib --test signer --test key --test heapless").run()?;
    }
    eprintln!("checking and testing notify-cli with [keyring]");
    debian::require(shell, &["gnome-keyring-daemon", "--version"], &["dbus-daemon", "gnome-keyring"])?;
    let package = ["--quiet", "--package", "notify-cli", "--features", "keyring"];
    cmd!(shell, "{cargo} clippy {package...} --bin notify -- -D warnings").run()?;
    cmd!(shell, "{cargo} test {package...} --bin notify --test cli keyring").run()?;
    tree_of_minting(shell)?;
    eprintln!("checking and testing notify-jwt with [defmt]");
    let package = ["--quiet", "--package", "notify-memory-tests", "--features", "defmt"];
    cmd!(shell, "{cargo} clippy {package...} --all-targets -- -D warnings").run()?;
    cmd!(shell, "{cargo} test {package...} --test defmt").run()?;
    Ok(())
}

/// A program that only mints tokens compiles few crates, and no procedural macro.
fn tree_of_minting(shell: &Shell) -> Result<()> {
    let cargo = workspace::cargo();
    let scope =
        ["--package", "notify-jwt", "--no-default-features", "--edges", "normal,build", "--target", "all"];
    let tree = cmd!(shell, "{cargo} tree {scope...} --prefix none --no-dedupe").read()?;
    let crates: BTreeSet<&str> = tree.lines().collect();
    ensure!(crates.len() <= MINTING, "minting needs {} crates, over {MINTING}:\n{tree}", crates.len());
    ensure!(!tree.contains("(proc-macro)"), "minting needs a procedural macro:\n{tree}");
    Ok(())
}
