//! Processors that no emulator here runs: notify-jwt compiles for them.

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use crate::firmware::Toolchain;
use crate::workspace;

/// Processors, each with what the compiler has to be told of it: the core of newer microcontrollers, and one whose `usize` has 16
/// bits, an `atmega328p`.
const ON_EVERY_CHANGE: [(&str, &str); 2] =
    [("thumbv8m.main-none-eabi", ""), ("avr-none", "-C target-cpu=atmega328p")];

/// The others.
const ALL_OTHERS: [(&str, &str); 4] = [
    ("thumbv8m.base-none-eabi", ""),
    ("riscv32imac-unknown-none-elf", ""),
    ("aarch64-unknown-none", ""),
    ("i686-unknown-uefi", ""),
];

pub(crate) fn on_every_change(shell: &Shell) -> Result<()> {
    check(shell, &ON_EVERY_CHANGE)
}

pub(crate) fn as_a_proof(shell: &Shell) -> Result<()> {
    check(shell, &ALL_OTHERS)
}

fn check(shell: &Shell, targets: &[(&str, &str)]) -> Result<()> {
    let toolchain = Toolchain::with_source(shell)?;
    let folder = workspace::target_dir()?.join("portable");
    let cargo = workspace::cargo();
    for (target, flags) in targets {
        eprintln!("checking notify-jwt for {target}");
        let options = ["--quiet", "--locked", "--package", "notify-jwt", "--features", "heapless-0-9"];
        let command = cmd!(shell, "{cargo} check {options...} --target-dir {folder}")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("RUSTFLAGS", flags);
        toolchain.configure(command, &[target]).run().with_context(|| format!("not for {target}"))?;
    }
    Ok(())
}
