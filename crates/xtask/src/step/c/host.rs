//! Programs of this machine.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use super::same;
use crate::firmware::c_archive::{self, EMBEDDED, HOST_TARGET, JWT, Library};
use crate::firmware::test_vectors::TestVector;

/// The languages, each with a compiler of GCC's and of LLVM's.
const LANGUAGES: [(&str, &str, &str); 4] = [
    ("c99", "gcc", "clang"),
    ("c11", "gcc", "clang"),
    ("c++98", "g++", "clang++"),
    ("c++17", "g++", "clang++"),
];

/// A program that checks what it gets from a library. It reads the cases, and prints their header values.
pub(super) struct Program {
    pub(super) library: &'static Library,
}

pub(super) const PROGRAMS: [Program; 2] = [Program { library: &JWT }, Program { library: &EMBEDDED }];

impl Program {
    pub(super) fn source(&self) -> String {
        format!("{}/tests/c/host.c", self.library.folder)
    }

    /// Compiles it.
    fn compile(&self, shell: &Shell, standard: &str, compiler: &str, program: &Path) -> Result<()> {
        let (source, include) = (self.source(), self.library.include_options());
        let archive = c_archive::of(HOST_TARGET)?.path(self.library)?;
        let mut language = vec!["-x", "c"];
        let mut warnings = vec!["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];
        if standard.starts_with("c++") {
            language = vec!["-x", "c++"];
            // Of C++98, `long long`, which stdint.h needs.
            warnings.push("-Wno-long-long");
        }
        let options = [&format!("-std={standard}"), "-O1", "-fshort-enums"];
        cmd!(
            shell,
            "{compiler} {options...} {include...} {warnings...} {language...} {source} -x none {archive} -o {program}"
        )
        .run()
        .with_context(|| format!("{compiler} rejects it as {standard}"))
    }

    /// Runs it with these test vectors, and compares what it prints with Python's tokens.
    pub(super) fn expect(&self, shell: &Shell, program: &Path, vectors: &[TestVector]) -> Result<()> {
        let mut input = String::new();
        for TestVector { key, moment, .. } in vectors {
            writeln!(input, "{key}\t{moment}\t")?;
        }
        let printed = cmd!(shell, "{program}").stdin(input).quiet().read()?;
        same(&printed.lines().collect::<Vec<_>>(), vectors)
            .with_context(|| format!("{} in {}", self.library.name, program.display()))
    }
}

/// Compiles and runs both programs in each language.
pub(super) fn in_each_language(shell: &Shell, folder: &Path, vectors: &[TestVector]) -> Result<()> {
    for (standard, gcc, clang) in LANGUAGES {
        for compiler in [gcc, clang] {
            for program in &PROGRAMS {
                let path = folder.join(format!("{}-{standard}-{compiler}", program.library.name));
                program.compile(shell, standard, compiler, &path)?;
                program.expect(shell, &path, vectors).with_context(|| format!("{compiler}, {standard}"))?;
            }
        }
    }
    Ok(())
}

/// Images with both archives, in either order, and with another archive of Rust's.
pub(super) fn beside_another(shell: &Shell, folder: &Path) -> Result<()> {
    let (other, program) = (folder.join("libother.a"), folder.join("other"));
    let source = format!("{}/tests/c/other.rs", EMBEDDED.folder);
    cmd!(shell, "rustc --edition 2024 --crate-type staticlib -C panic=abort -O {source} -o {other}").run()?;
    let (source, include) = (format!("{}/tests/c/other.c", EMBEDDED.folder), EMBEDDED.include_options());
    let object = folder.join("other.o");
    cmd!(shell, "gcc {include...} -c {source} -o {object}").run()?;
    let archive = c_archive::of(HOST_TARGET)?;
    let (jwt, embedded) = (archive.path(&JWT)?, archive.path(&EMBEDDED)?);
    for archives in [&[&embedded][..], &[&jwt, &embedded], &[&embedded, &jwt]] {
        // All members, so that none is left out because nothing calls it.
        let (all, rest) = ("-Wl,--whole-archive", ["-Wl,--no-whole-archive", "-lpthread", "-ldl", "-lm"]);
        cmd!(shell, "gcc {object} {all} {archives...} {other} {rest...} -o {program}").run()?;
        cmd!(shell, "{program}").run()?;
        // As a linker takes them by itself: a member if something asks for it.
        cmd!(shell, "gcc {object} {archives...} {other} {rest...} -o {program}").run()?;
        cmd!(shell, "{program}").run()?;
    }
    Ok(())
}
