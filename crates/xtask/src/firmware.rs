//! The firmware in `examples/firmware`: building, running and measuring it.

mod bars;
mod board;
mod build;
pub(crate) mod c_archive;
pub(crate) mod c_package;
mod figures;
pub(crate) mod image;
mod measure;
mod program;
mod report;
pub(crate) mod test_vectors;
mod thumb;
mod toolchain;
mod trace;

pub(crate) use board::{BOARDS, Board, targets};
pub(crate) use build::{BUILDS, Build};
pub(crate) use figures::Figures;
pub(crate) use measure::measure;
pub(crate) use program::{Case, Program, require_emulators};
pub(crate) use report::{shown_in, tables};
pub(crate) use toolchain::Toolchain;

/// The firmware's workspace.
pub(crate) const FOLDER: &str = "examples/firmware";
