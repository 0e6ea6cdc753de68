//! Go, with libraries from the system's packages.

use std::path::PathBuf;

use anyhow::Result;
use xshell::{Shell, cmd};

use super::debian;
use crate::workspace;

/// Where Debian puts the source of Go libraries.
const GOPATH: &str = "/usr/share/gocode";

/// A library.
pub(crate) struct Package {
    /// The import path.
    pub(crate) import: &'static str,
    /// The Debian package that contains it.
    pub(crate) debian: &'static str,
}

/// Builds the program in this one file, with these libraries, under `target/go`.
pub(crate) fn program(shell: &Shell, source: &str, packages: &[Package]) -> Result<PathBuf> {
    let target = workspace::target_dir()?;
    let _path = shell.push_env("GOPATH", GOPATH);
    // Libraries come from that path, not from the network.
    let _modules = shell.push_env("GO111MODULE", "off");
    let _cache = shell.push_env("GOCACHE", target.join("go/cache"));
    debian::require(shell, &["go", "version"], &["golang-go"])?;
    for package in packages {
        debian::require(shell, &["go", "list", package.import], &[package.debian])?;
    }
    let name = source.rsplit('/').next().unwrap_or(source).trim_end_matches(".go");
    let program = target.join("go").join(name);
    cmd!(shell, "go build -o {program} {source}").run()?;
    Ok(program)
}
