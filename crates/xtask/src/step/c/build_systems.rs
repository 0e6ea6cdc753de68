//! The packages, as CMake, pkg-config and Zephyr find them.

use std::path::Path;

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use super::host::Program;
use crate::firmware::c_archive::{self, HOST_TARGET};
use crate::firmware::test_vectors::TestVector;

/// The board of the test with Zephyr, and what Zephyr calls its processor.
pub(super) const ZEPHYR_TARGET: &str = "thumbv7m-none-eabi";
const ZEPHYR_PROCESSOR: &str = "CONFIG_CPU_CORTEX_M3";

/// Builds a program through each of them.
pub(super) fn check(shell: &Shell, program: &Program, folder: &Path, vectors: &[TestVector]) -> Result<()> {
    let folder = folder.join(program.library.package_name());
    shell.remove_path(&folder)?;
    shell.create_dir(&folder)?;
    pkg_config(shell, program, &folder, vectors)?;
    cmake(shell, program, &folder, vectors)?;
    zephyr(shell, program, &folder)
}

fn pkg_config(shell: &Shell, program: &Program, folder: &Path, vectors: &[TestVector]) -> Result<()> {
    let (package, name) = (program.library.package_folder()?, program.library.package_name());
    let (source, path) = (program.source(), folder.join("pkg-config"));
    let flags = cmd!(shell, "pkg-config --cflags --libs {name}")
        .env("PKG_CONFIG_PATH", package.join("lib").join(HOST_TARGET).join("pkgconfig"))
        .read()?;
    let flags: Vec<&str> = flags.split_whitespace().collect();
    cmd!(shell, "gcc {source} {flags...} -o {path}").run()?;
    program.expect(shell, &path, vectors)
}

fn cmake(shell: &Shell, program: &Program, folder: &Path, vectors: &[TestVector]) -> Result<()> {
    let (package, name) = (program.library.package_folder()?, program.library.package_name());
    let (project, build) = (folder.join("cmake"), folder.join("cmake/build"));
    let source = shell.current_dir().join(program.source());
    let (library, target) = (program.library.name.to_uppercase(), program.library.name.replace('_', "::"));
    shell.write_file(
        project.join("CMakeLists.txt"),
        format!(
            "cmake_minimum_required(VERSION 3.20)\nproject(host C)\nset({library}_TRIPLE {HOST_TARGET})\n\
             list(APPEND CMAKE_PREFIX_PATH \"{}\")\nfind_package({name} REQUIRED)\nadd_executable(host \"{}\")\n\
             target_link_libraries(host PRIVATE {target})\n",
            package.display(),
            source.display()
        ),
    )?;
    cmd!(shell, "cmake -S {project} -B {build}").ignore_stdout().run()?;
    cmd!(shell, "cmake --build {build}").ignore_stdout().run()?;
    program.expect(shell, &build.join("host"), vectors)
}

/// Zephyr is a gigabyte. So this stands in for what it does with a module: it reads the module's CMakeLists.txt, with the
/// options of a board, and two functions of its own.
fn zephyr(shell: &Shell, program: &Program, folder: &Path) -> Result<()> {
    let (module, library) = (program.library.package_folder()?.join("zephyr"), program.library);
    let project = folder.join("zephyr");
    let (option, linked) = (format!("CONFIG_{}", library.name.to_uppercase()), project.join("linked"));
    shell.write_file(
        project.join("CMakeLists.txt"),
        format!(
            "cmake_minimum_required(VERSION 3.20)\nproject(board NONE)\nadd_library(zephyr_interface INTERFACE)\n\
             function(zephyr_link_libraries target)\n\
             get_target_property(archive ${{target}} INTERFACE_LINK_LIBRARIES)\n\
             file(WRITE \"{}\" \"${{archive}}\")\nendfunction()\nadd_subdirectory(\"{}\" module)\n",
            linked.display(),
            module.display()
        ),
    )?;
    let configure = |options: &[String]| {
        let build = project.join("build");
        shell.remove_path(&build)?;
        shell.remove_path(&linked)?;
        cmd!(shell, "cmake -S {project} -B {build} {options...}")
            .ignore_stdout()
            .ignore_stderr()
            .run()
            .map(|()| shell.read_file(&linked).unwrap_or_default())
    };
    let [switched_on, processor, other] =
        [&*option, ZEPHYR_PROCESSOR, "CONFIG_64BIT"].map(|option| format!("-D{option}=y"));
    let archive = configure(&[switched_on.clone(), processor.clone()])?;
    let expected = c_archive::of(ZEPHYR_TARGET)?.path(library)?;
    let is_same = Path::new(&archive).canonicalize().ok() == expected.canonicalize().ok();
    ensure!(is_same, "Zephyr links {archive:?}, and not {}", expected.display());
    ensure!(configure(&[processor])?.is_empty(), "{option} is off, and Zephyr links it");
    ensure!(configure(&[switched_on, other]).is_err(), "Zephyr links {option} for an unknown processor");
    Ok(())
}
