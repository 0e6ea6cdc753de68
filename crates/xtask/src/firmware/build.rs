//! The ways in which the programs are built.

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;

use super::board::WEB_ASSEMBLY;
use super::program::Program;
use crate::workspace;

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
    pub(super) fn profile(self) -> &'static str {
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
    pub(super) fn folder(self) -> Result<PathBuf> {
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

/// The ways to build that are compared, the usual one first.
pub(crate) const BUILDS: [Build; 4] = [
    Build::SMALL,
    Build { level: Level::Smallest, unrolled: false },
    Build { level: Level::Fast, unrolled: false },
    Build { level: Level::Small, unrolled: true },
];
