//! A compiler for bare metal: rustup's targets if they are installed, otherwise Debian's compiler with the source of
//! core.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use xshell::{Cmd, Shell, cmd};

use super::FOLDER;
use super::board::targets;
use super::build::Build;
use crate::tools::debian;
use crate::workspace;

/// Debian's compiler, and where it expects the source of core.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/core/src/lib.rs";

/// How to compile for every board.
pub(crate) enum Toolchain {
    /// The toolchain that runs us has all targets.
    Rustup,
    /// The toolchain that runs us builds core from the source that rustup has of it.
    Source,
    /// Debian's compiler builds core from source and links with this linker of rustup's.
    Debian { linker: PathBuf },
}

impl Toolchain {
    pub(crate) fn find(shell: &Shell) -> Result<Self> {
        Self::of(shell, &targets().collect::<Vec<_>>())
    }

    /// One that compiles for all of these.
    pub(crate) fn of(shell: &Shell, targets: &[&str]) -> Result<Self> {
        let has_all = targets.iter().all(|target| {
            let folder = cmd!(shell, "rustc --print target-libdir --target {target}").quiet().read();
            folder.is_ok_and(|folder| shell.path_exists(folder))
        });
        if has_all {
            return Ok(Self::Rustup);
        }
        let list = targets.join(" ");
        Self::debian(shell).with_context(|| {
            format!("no compiler for bare metal; where rustup may: rustup target add {list}")
        })
    }

    /// One that compiles core as well, with our own options: what rustup has compiled is for speed, and its memcpy alone takes 700
    /// bytes.
    pub(crate) fn with_source(shell: &Shell) -> Result<Self> {
        let sysroot = PathBuf::from(cmd!(shell, "rustc --print sysroot").quiet().read()?);
        if shell.path_exists(sysroot.join("lib/rustlib/src/rust/library/core/src/lib.rs")) {
            return Ok(Self::Source);
        }
        Self::debian(shell)
            .context("the source of core is missing; with rustup: rustup component add rust-src")
    }

    fn debian(shell: &Shell) -> Result<Self> {
        debian::require(
            shell,
            &["test", "-x", DEBIAN_RUSTC, "-a", "-e", DEBIAN_SOURCE],
            &["rustc-web", "rust-web-src"],
        )?;
        let libraries = cmd!(shell, "rustc --print target-libdir").quiet().read()?;
        let linker = PathBuf::from(libraries).with_file_name("bin").join("rust-lld");
        Ok(Self::Debian { linker })
    }

    /// The compiler's version.
    pub(crate) fn version(&self, shell: &Shell) -> Result<String> {
        let rustc = match self {
            Self::Rustup | Self::Source => "rustc",
            Self::Debian { .. } => DEBIAN_RUSTC,
        };
        Ok(cmd!(shell, "{rustc} --version").quiet().read()?)
    }

    /// Builds all programs for these targets.
    pub(crate) fn build(&self, shell: &Shell, build: Build, targets: &[&str]) -> Result<()> {
        let folder = build.folder()?;
        let cargo = workspace::cargo();
        // From this folder, cargo finds the firmware's configuration.
        let _folder = shell.push_dir(FOLDER);
        let profile = build.level.profile();
        let mut command =
            cmd!(shell, "{cargo} build --quiet --locked --bins --profile {profile} --target-dir {folder}")
                // Flags from the environment would replace those of the configuration.
                .env_remove("CARGO_ENCODED_RUSTFLAGS")
                .env_remove("RUSTFLAGS");
        if build.unrolled {
            command = command.env("RUSTFLAGS", "");
        }
        command = self.configure(command, targets);
        Ok(command.run()?)
    }

    /// Has a command of Cargo's compile for these targets with this compiler.
    pub(crate) fn configure<'s>(&self, mut command: Cmd<'s>, targets: &[&str]) -> Cmd<'s> {
        if let Self::Debian { linker } = self {
            command = command
                .args(["-Z", "build-std=core"])
                .env("RUSTC", DEBIAN_RUSTC)
                .env("RUSTC_BOOTSTRAP", "1")
                .env_remove("RUSTUP_TOOLCHAIN");
            for target in targets {
                let variable = target.to_uppercase().replace(['-', '.'], "_");
                command = command.env(format!("CARGO_TARGET_{variable}_LINKER"), linker);
            }
        }
        if let Self::Source = self {
            command = command.args(["-Z", "build-std=core"]).env("RUSTC_BOOTSTRAP", "1");
        }
        for target in targets {
            command = command.args(["--target", target]);
        }
        command
    }
}
