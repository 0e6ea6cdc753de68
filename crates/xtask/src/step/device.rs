//! The doorbell that sends by itself, in QEMU, against the sandbox; and TLS for it, against OpenSSL.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use xshell::{Shell, cmd};

use crate::firmware::Toolchain;
use crate::firmware::c_archive::{self, EMBEDDED};
use crate::firmware::image::Image;
use crate::parallel;
use crate::tools::debian;
use crate::workspace;

/// The workspaces of the examples, and the target of their board.
const FOLDER: &str = "examples/device";
const TLS: &str = "examples/device-tls";
const TARGET: &str = "thumbv7m-none-eabi";

/// The tests that drive boards, with the features that the whole workspace compiles with, so that nothing is compiled again.
const DEVICE_TESTS: [&str; 2] = ["--quiet", "--workspace"];

/// The crates of an image that must not panic, whatever else is in it.
const OURS: [&str; 3] = ["notify_embedded::", "notify_jwt::", "notify_device_tls::"];

/// The most that the doorbell may cost, in bytes of flash, with its network.
const FLASH: u64 = 40 * 1024;

/// Builds the board's programs, looks for code that panics, and runs the doorbell through the sandbox's faults.
pub(crate) fn run(shell: &Shell) -> Result<()> {
    debian::require(shell, &["qemu-system-arm", "--version"], &["qemu-system-arm"])?;
    let programs = build(shell, &["--bins"])?;
    let intrinsics = programs.join("intrinsics");
    let machine = ["-machine", "lm3s6965evb", "-nographic"];
    cmd!(
        shell,
        "qemu-system-arm {machine...} -semihosting-config enable=on,target=native -kernel {intrinsics}"
    )
    .ignore_stderr()
    .run()?;
    let answer = shell.read_binary_file(programs.join("answer"))?;
    let panics = Image::read(&answer)?.panics();
    ensure!(panics.is_empty(), "an image that sends contains code that panics: {}", panics.join(", "));
    let doorbell = programs.join("notify-device");
    let bytes = shell.read_binary_file(&doorbell)?;
    let flash = Image::read(&bytes)?.flash();
    eprintln!("the doorbell takes {flash} bytes of flash");
    ensure!(flash <= FLASH, "the doorbell takes {flash} bytes of flash, over {FLASH}");
    let (query, from_c) = (programs.join("query"), from_c(shell)?);
    faults(shell, &[[&doorbell, &query], [&from_c, &from_c]])?;
    tls(shell)
}

/// Sends through the sandbox's faults and the board's resets, and asks what became of it, with all images at once: they wait
/// for each other's minutes, and not for the processor. In each pair, the first sends and the second asks.
fn faults(shell: &Shell, images: &[[&PathBuf; 2]]) -> Result<()> {
    let cargo = workspace::cargo();
    cmd!(shell, "{cargo} test {DEVICE_TESTS...} --test device --no-run").run()?;
    parallel::for_each(shell, images, |shell, [image, query]| {
        cmd!(shell, "{cargo} test {DEVICE_TESTS...} --test device -- --ignored --test-threads=16")
            .env("NOTIFY_DEVICE_IMAGE", image)
            .env("NOTIFY_DEVICE_QUERY_IMAGE", query)
            .run()
            .with_context(|| image.display().to_string())
    })
}

/// Builds the archive of notify-embedded for the board, compiles the doorbell and its question in C, and links all with the
/// board.
fn from_c(shell: &Shell) -> Result<PathBuf> {
    debian::require(shell, &["arm-none-eabi-gcc", "--version"], &["gcc-arm-none-eabi"])?;
    let archive = c_archive::of(TARGET)?;
    archive.build(shell, &EMBEDDED)?;
    let archive = archive.path(&EMBEDDED)?;
    let folder = workspace::target_dir()?.join("device");
    let include = EMBEDDED.include_options();
    let options = ["-std=c99", "-Os", "-mcpu=cortex-m3", "-mthumb", "-ffreestanding", "-ffunction-sections"];
    let warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];
    let mut parts = vec![archive];
    for name in ["doorbell", "query"] {
        let (source, object) = (format!("{FOLDER}/c/{name}.c"), folder.join(name).with_extension("o"));
        let files = ["-c", &source, "-o"];
        let include = &include;
        cmd!(shell, "arm-none-eabi-gcc {options...} {warnings...} {include...} {files...} {object}").run()?;
        parts.insert(0, object);
    }
    let toolchain = Toolchain::of(shell, &[TARGET])?;
    let cargo = workspace::cargo();
    let _folder = shell.push_dir(FOLDER);
    let command = ["--quiet", "--locked", "--release", "--features", "from-c", "--bin", "from_c"];
    let command = cmd!(shell, "{cargo} rustc {command...} --target-dir {folder}")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS");
    let parts = parts.iter().map(|part| format!("-Clink-arg={}", part.display()));
    toolchain.configure(command, &[TARGET]).arg("--").args(parts).run()?;
    Ok(folder.join(TARGET).join("release").join("from_c"))
}

/// Checks the pinned key, and tests it on this machine and on the board.
fn tls(shell: &Shell) -> Result<()> {
    debian::require(shell, &["openssl", "version"], &["openssl"])?;
    let folder = workspace::target_dir()?.join("device-tls");
    let cargo = workspace::cargo();
    {
        let _folder = shell.push_dir(TLS);
        let options = ["--quiet", "--locked", "--target-dir"];
        cmd!(shell, "{cargo} clippy {options...} {folder} --all-targets -- -D warnings").run()?;
        cmd!(shell, "{cargo} test {options...} {folder}").run()?;
    }
    let image = build(shell, &["--features", "tls", "--bin", "tls"])?.join("tls");
    // The libraries for TLS and for its cryptography have code that panics. Ours has none.
    let panickers = Image::read(&shell.read_binary_file(&image)?)?.panickers()?;
    let ours: Vec<&String> =
        panickers.iter().filter(|name| OURS.iter().any(|ours| name.contains(ours))).collect();
    ensure!(ours.is_empty(), "with TLS, code of ours panics: {ours:?}");
    cmd!(shell, "{cargo} test {DEVICE_TESTS...} --test device_tls -- --ignored --nocapture")
        .env("NOTIFY_DEVICE_TLS_IMAGE", &image)
        .run()
        .context("TLS on the board")
}

/// Compiles these programs for the board, and returns the folder that they are in.
fn build(shell: &Shell, programs: &[&str]) -> Result<PathBuf> {
    let toolchain = Toolchain::of(shell, &[TARGET])?;
    let folder = workspace::target_dir()?.join("device");
    let cargo = workspace::cargo();
    // From this folder, cargo finds the example's configuration.
    let _folder = shell.push_dir(FOLDER);
    let command = cmd!(shell, "{cargo} build --quiet --locked {programs...} --release --target-dir {folder}")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS");
    toolchain.configure(command, &[TARGET]).run()?;
    Ok(folder.join(TARGET).join("release"))
}
