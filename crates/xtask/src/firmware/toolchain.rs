//! A compiler for bare metal: rustup's targets where they are installed, else Debian's compiler with the source of core.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use super::FOLDER;
use super::board::targets;
use super::build::Build;
use crate::tools::debian;
use crate::workspace;

/// Debian's compiler, and where it looks for the source of core.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/core/src/lib.rs";

/// A way to compile for every board.
pub(crate) enum Toolchain {
    /// The toolchain that runs us has all targets.
    Rustup,
    /// Debian's compiler builds core from source and links with this linker of rustup's.
    Debian { linker: PathBuf },
}

impl Toolchain {
    pub(crate) fn find(shell: &Shell) -> Result<Self> {
        let has_all = targets().all(|target| {
            let folder = cmd!(shell, "rustc --print target-libdir --target {target}").quiet().read();
            folder.is_ok_and(|folder| shell.path_exists(folder))
        });
        if has_all {
            return Ok(Self::Rustup);
        }
        let list = targets().collect::<Vec<_>>().join(" ");
        debian::require(
            shell,
            &["test", "-x", DEBIAN_RUSTC, "-a", "-e", DEBIAN_SOURCE],
            &["rustc-web", "rust-web-src"],
        )
        .with_context(|| format!("no compiler for bare metal; where rustup may: rustup target add {list}"))?;
        let libraries = cmd!(shell, "rustc --print target-libdir").quiet().read()?;
        let linker = PathBuf::from(libraries).with_file_name("bin").join("rust-lld");
        Ok(Self::Debian { linker })
    }

    /// The compiler's version.
    pub(crate) fn version(&self, shell: &Shell) -> Result<String> {
        let rustc = match self {
            Self::Rustup => "rustc",
            Self::Debian { .. } => DEBIAN_RUSTC,
        };
        Ok(cmd!(shell, "{rustc} --version").quiet().read()?)
    }

    /// Builds all programs for these targets.
    pub(crate) fn build(&self, shell: &Shell, build: Build, targets: &[&str]) -> Result<()> {
        let folder = build.folder()?;
        let cargo = workspace::cargo();
        // Cargo looks for the firmware's configuration from here on.
        let _folder = shell.push_dir(FOLDER);
        let profile = build.level.profile();
        let mut command =
            cmd!(shell, "{cargo} build --quiet --locked --bins --profile {profile} --target-dir {folder}")
                // Flags of the environment would stand in for the configuration's.
                .env_remove("CARGO_ENCODED_RUSTFLAGS")
                .env_remove("RUSTFLAGS");
        if build.unrolled {
            command = command.env("RUSTFLAGS", "");
        }
        if let Self::Debian { linker } = self {
            command = command
                .args(["-Z", "build-std=core"])
                .env("RUSTC", DEBIAN_RUSTC)
                .env("RUSTC_BOOTSTRAP", "1")
                .env_remove("RUSTUP_TOOLCHAIN");
            for target in targets {
                let variable = target.to_uppercase().replace('-', "_");
                command = command.env(format!("CARGO_TARGET_{variable}_LINKER"), linker);
            }
        }
        for target in targets {
            command = command.args(["--target", target]);
        }
        Ok(command.run()?)
    }
}
