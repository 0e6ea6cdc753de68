//! How to install what is not Rust: under `target/`, or with the package manager if permitted.

pub(crate) mod cargo_tool;
pub(crate) mod debian;
pub(crate) mod go;
pub(crate) mod node;
pub(crate) mod python;
