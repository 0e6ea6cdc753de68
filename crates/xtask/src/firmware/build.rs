//! How the programs can be built.

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
    /// The profile in the firmware's manifest.
    pub(super) fn profile(self) -> &'static str {
        match self {
            Self::Small => "release",
            Self::Smallest => "smallest",
            Self::Fast => "fast",
        }
    }
}

/// One way to build the programs.
#[derive(Clone, Copy)]
pub(crate) struct Build {
    pub(crate) level: Level,
    /// Whether the rounds of the hash are unrolled, which takes more flash and fewer instructions.
    pub(crate) unrolled: bool,
}

impl Build {
    /// Optimised for size, as the firmware is built by default.
    pub(crate) const SMALL: Self = Self { level: Level::Small, unrolled: false };

    /// A program built this way.
    pub(crate) fn program(self, target: &str, name: &str) -> Result<Program> {
        let file = if target == WEB_ASSEMBLY { format!("{name}.wasm") } else { name.to_owned() };
        let path = self.folder()?.join(target).join(self.level.profile()).join(file);
        Ok(Program { target: target.to_owned(), path })
    }

    /// The folder under `target/`. Each set of flags has its own, so that nothing is ever compiled twice.
    pub(crate) fn folder(self) -> Result<PathBuf> {
        let name = if self.unrolled { "firmware-unrolled" } else { "firmware" };
        Ok(workspace::target_dir()?.join(name))
    }
}

/// As written in a manifest, where `s` and `z` are quoted.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Small => "s",
            Self::Smallest => "z",
            Self::Fast => "3",
        })
    }
}

/// For people: `s`, `3 unrolled`.
impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.level, if self.unrolled { " unrolled" } else { "" })
    }
}

/// The builds to compare, the default first.
pub(crate) const BUILDS: [Build; 4] = [
    Build::SMALL,
    Build { level: Level::Smallest, unrolled: false },
    Build { level: Level::Fast, unrolled: false },
    Build { level: Level::Small, unrolled: true },
];
