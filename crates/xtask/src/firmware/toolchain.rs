//! A compiler for bare metal: rustup's targets where they are installed, else Debian's compiler with the source of core.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use super::FOLDER;
use super::board::{WEB_ASSEMBLY, targets};
use super::program::Program;
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

/// What the compiler optimises for.
#[derive(Clone, Copy)]
pub(crate) enum Level {
    /// `opt-level = "s"`: size.
    Small,
    /// `opt-level = "z"`: size at any price.
    Smallest,
    /// `opt-level = 3`: speed.
    Fast,
}

impl Level {
    /// The profile of the firmware's manifest.
    fn profile(self) -> &'static str {
        match self {
            Self::Small => "release",
            Self::Smallest => "smallest",
            Self::Fast => "fast",
        }
    }
}

/// How the programs are built.
#[derive(Clone, Copy)]
pub(crate) struct Build {
    pub(crate) level: Level,
    /// Whether the hash's rounds are unrolled, which takes flash and saves instructions.
    pub(crate) unrolled: bool,
}

impl Build {
    /// Small, as the firmware is built when nobody says otherwise.
    pub(crate) const SMALL: Self = Self { level: Level::Small, unrolled: false };

    /// A program that was built so.
    pub(crate) fn program(self, target: &str, name: &str) -> Result<Program> {
        let file = if target == WEB_ASSEMBLY { format!("{name}.wasm") } else { name.to_owned() };
        let path = self.folder()?.join(target).join(self.level.profile()).join(file);
        Ok(Program { target: target.to_owned(), path })
    }

    /// The folder under `target/`: other flags, another folder, so that neither is ever compiled twice.
    fn folder(self) -> Result<PathBuf> {
        let name = if self.unrolled { "firmware-unrolled" } else { "firmware" };
        Ok(workspace::target_dir()?.join(name))
    }
}

/// As a manifest says it, where `s` and `z` are quoted.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Small => "s",
            Self::Smallest => "z",
            Self::Fast => "3",
        })
    }
}

/// As people say it: `s`, `3 unrolled`.
impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.level, if self.unrolled { " unrolled" } else { "" })
    }
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
