//! How what is not Rust gets here: under `target/`, or by the package manager when it may.

pub(crate) mod cargo_tool;
pub(crate) mod debian;
pub(crate) mod go;
pub(crate) mod node;
pub(crate) mod python;
