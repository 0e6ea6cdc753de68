//! Programs in C and C++ that mint, on this machine and on boards in QEMU.

mod board;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use fastrand::Rng;
use xshell::{Shell, cmd};

use crate::firmware::c_archive::{self, EMBEDDED, HOST_TARGET, JWT};
use crate::firmware::cases::{self, Judged};
use crate::tools::debian;
use crate::workspace;

/// How many keys and moments each program is asked.
const CASES: usize = 128;

/// The languages, each with a compiler of GCC's and of LLVM's.
const LANGUAGES: [(&str, &str, &str); 4] = [
    ("c99", "gcc", "clang"),
    ("c11", "gcc", "clang"),
    ("c++98", "g++", "clang++"),
    ("c++17", "g++", "clang++"),
];

/// Builds the archives of this machine and of two boards, and tests them.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    for program in ["gcc", "g++", "clang", "cmake", "pkg-config"] {
        debian::require(shell, &[program, "--version"], &[program])?;
    }
    let seed = workspace::fresh_seed()?;
    let judged = cases::judge(shell, cases::any(CASES, &mut Rng::with_seed(seed.into())))?;
    c_archive::of(HOST_TARGET)?.build(shell, &JWT)?;
    c_archive::of(HOST_TARGET)?.build(shell, &EMBEDDED)?;
    c_archive::package(shell)?;
    let folder = workspace::target_dir()?.join("c-archives").join("programs");
    shell.create_dir(&folder)?;
    for (standard, gcc, clang) in LANGUAGES {
        for compiler in [gcc, clang] {
            let program = folder.join(format!("{standard}-{compiler}"));
            host(shell, standard, compiler, &program)?;
            embedded_header(shell, standard, compiler)?;
            expect(shell, &program, &judged)
                .with_context(|| format!("{compiler}, {standard}, seed {seed}"))?;
        }
    }
    pages(shell)?;
    build_systems(shell, &folder, &judged)?;
    beside_another(shell, &folder)?;
    for board in board::BOARDS {
        board.check(shell, &judged).with_context(|| format!("{}, seed {seed}", board.target))?;
        eprintln!("{}: {CASES} header values are Python's (seed {seed})", board.target);
    }
    Ok(())
}

/// Compiles the program for this machine.
fn host(shell: &Shell, standard: &str, compiler: &str, program: &Path) -> Result<()> {
    let include = format!("-I{}/include", JWT.folder);
    let source = format!("{}/tests/c/host.c", JWT.folder);
    let archive = c_archive::of(HOST_TARGET)?.path(&JWT)?;
    let mut language = vec!["-x", "c"];
    let mut warnings = vec!["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];
    if standard.starts_with("c++") {
        language = vec!["-x", "c++"];
        // Of C++98, `long long`, which stdint.h needs.
        warnings.push("-Wno-long-long");
    }
    let options = [format!("-std={standard}"), "-O1".to_owned(), "-fshort-enums".to_owned(), include];
    cmd!(shell, "{compiler} {options...} {warnings...} {language...} {source} -x none {archive} -o {program}")
        .run()
        .with_context(|| format!("{compiler} does not take it as {standard}"))
}

/// Compiles a file that includes the header for messages, twice.
fn embedded_header(shell: &Shell, standard: &str, compiler: &str) -> Result<()> {
    let language = if standard.starts_with("c++") { "c++" } else { "c" };
    let include = format!("-I{}/include", EMBEDDED.folder);
    let options = ["-Wall", "-Wextra", "-Werror", "-fshort-enums", "-fsyntax-only", "-x", language, "-"];
    cmd!(shell, "{compiler} -std={standard} {include} {options...}")
        .stdin("#include \"notify_embedded.h\"\n#include \"notify_embedded.h\"\n")
        .run()
        .with_context(|| format!("{compiler} does not take notify_embedded.h as {standard}"))
}

/// The pages that show code in C.
const PAGES: [&str; 3] =
    ["docs/from-a-microcontroller.md", "crates/notify-jwt-c/README.md", "crates/notify-embedded-c/README.md"];

/// Compiles the code that the pages show.
fn pages(shell: &Shell) -> Result<()> {
    let include = [&JWT, &EMBEDDED].map(|library| format!("-I{}/include", library.folder));
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
                .with_context(|| format!("{page} shows what is no program:\n{block}"))?;
        }
    }
    Ok(())
}

/// Runs the program with these cases, and compares what it prints with Python's tokens.
fn expect(shell: &Shell, program: &Path, judged: &[Judged]) -> Result<()> {
    let mut input = String::new();
    for Judged { key, moment, .. } in judged {
        writeln!(input, "{key}\t{moment}\t")?;
    }
    let printed = cmd!(shell, "{program}").stdin(input).quiet().read()?;
    same(&printed.lines().collect::<Vec<_>>(), judged)
}

/// Compares header values with Python's tokens.
fn same(printed: &[&str], judged: &[Judged]) -> Result<()> {
    ensure!(printed.len() == judged.len(), "{} lines for {} cases", printed.len(), judged.len());
    for (case, printed) in judged.iter().zip(printed) {
        let expected = format!("Bearer {}", case.token);
        ensure!(*printed == expected, "at {}: printed {printed}, not {expected}", case.moment);
    }
    Ok(())
}

/// The program as CMake and pkg-config build it.
fn build_systems(shell: &Shell, folder: &Path, judged: &[Judged]) -> Result<()> {
    let (archives, source) = (c_archive::folder()?, format!("{}/tests/c/host.c", JWT.folder));
    let program = folder.join("pkg-config");
    let flags = cmd!(shell, "pkg-config --cflags --libs notify-jwt")
        .env("PKG_CONFIG_PATH", archives.join("lib").join(HOST_TARGET).join("pkgconfig"))
        .read()?;
    let flags: Vec<&str> = flags.split_whitespace().collect();
    cmd!(shell, "gcc {source} {flags...} -o {program}").run()?;
    expect(shell, &program, judged)?;

    let project = folder.join("cmake");
    shell.remove_path(&project)?;
    let source = shell.current_dir().join(source);
    shell.write_file(
        project.join("CMakeLists.txt"),
        format!(
            "cmake_minimum_required(VERSION 3.20)\nproject(host C)\nset(NOTIFY_JWT_TRIPLE {HOST_TARGET})\n\
             find_package(notify-jwt REQUIRED CONFIG PATHS \"{}\" NO_DEFAULT_PATH)\nadd_executable(host \"{}\")\n\
             target_link_libraries(host PRIVATE notify::jwt)\n",
            archives.join("cmake").display(),
            source.display()
        ),
    )?;
    let build = project.join("build");
    cmd!(shell, "cmake -S {project} -B {build}").ignore_stdout().run()?;
    cmd!(shell, "cmake --build {build}").ignore_stdout().run()?;
    expect(shell, &build.join("host"), judged)
}

/// An image with another archive of Rust's.
fn beside_another(shell: &Shell, folder: &Path) -> Result<()> {
    let (other, program) = (folder.join("libother.a"), folder.join("other"));
    let source = format!("{}/tests/c/other.rs", JWT.folder);
    cmd!(shell, "rustc --edition 2024 --crate-type staticlib -C panic=abort -O {source} -o {other}").run()?;
    let (source, include) = (format!("{}/tests/c/other.c", JWT.folder), format!("-I{}/include", JWT.folder));
    let archive = c_archive::of(HOST_TARGET)?.path(&JWT)?;
    // All members, so that none is left out because nothing calls it.
    let all = ["-Wl,--whole-archive".into(), archive, "-Wl,--no-whole-archive".into()];
    cmd!(shell, "gcc {include} {source} {all...} {other} -lpthread -ldl -lm -o {program}").run()?;
    cmd!(shell, "{program}").run()?;
    Ok(())
}
