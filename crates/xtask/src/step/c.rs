//! Programs in C and C++ that mint and send, on this machine and on boards in QEMU.

mod board;
mod build_systems;
mod host;

use anyhow::{Context as _, Result, ensure};
use fastrand::Rng;
use xshell::{Shell, cmd};

use crate::firmware::c_archive::{self, EMBEDDED, HOST_TARGET, LIBRARIES};
use crate::firmware::c_package;
use crate::firmware::test_vectors::{self, TestVector};
use crate::tools::debian;
use crate::workspace;

/// How many test vectors each program is given.
const VECTORS: usize = 128;

/// Builds the archives of this machine and of two boards, and tests them.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    for program in ["gcc", "g++", "clang", "cmake", "pkg-config"] {
        debian::require(shell, &[program, "--version"], &[program])?;
    }
    let seed = workspace::fresh_seed()?;
    let vectors =
        test_vectors::from_python(shell, test_vectors::inputs(VECTORS, &mut Rng::with_seed(seed.into())))?;
    for library in LIBRARIES {
        c_archive::of(HOST_TARGET)?.build(shell, library)?;
        c_archive::of(build_systems::ZEPHYR_TARGET)?.build(shell, library)?;
    }
    c_package::complete(shell)?;
    let folder = workspace::target_dir()?.join("c-archives").join("programs");
    shell.create_dir(&folder)?;
    host::in_each_language(shell, &folder, &vectors).with_context(|| format!("seed {seed}"))?;
    pages(shell)?;
    for program in &host::PROGRAMS {
        build_systems::check(shell, program, &folder, &vectors)?;
    }
    host::beside_another(shell, &folder)?;
    for board in board::BOARDS {
        board.check(shell, &vectors).with_context(|| format!("{}, seed {seed}", board.target))?;
        eprintln!("{}: {VECTORS} header values are Python's (seed {seed})", board.target);
    }
    Ok(())
}

/// The pages that show code in C.
const PAGES: [&str; 3] =
    ["docs/from-a-microcontroller.md", "crates/notify-jwt-c/README.md", "crates/notify-embedded-c/README.md"];

/// Compiles the code that the pages show.
fn pages(shell: &Shell) -> Result<()> {
    let include = EMBEDDED.include_options();
    for page in PAGES {
        let text = shell.read_file(page)?;
        let blocks: Vec<&str> =
            text.split("```c\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)).collect();
        ensure!(!blocks.is_empty(), "{page} shows no code in C");
        for block in blocks {
            let options = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c", "-"];
            let include = &include;
            cmd!(shell, "gcc {include...} {options...}")
                .stdin(block)
                .run()
                .with_context(|| format!("{page} shows code that does not compile:\n{block}"))?;
        }
    }
    Ok(())
}

/// Compares header values with Python's tokens.
fn same(printed: &[&str], vectors: &[TestVector]) -> Result<()> {
    ensure!(printed.len() == vectors.len(), "{} lines for {} test vectors", printed.len(), vectors.len());
    for (vector, printed) in vectors.iter().zip(printed) {
        let expected = format!("Bearer {}", vector.token);
        ensure!(*printed == expected, "at {}: printed {printed}, not {expected}", vector.moment);
    }
    Ok(())
}
