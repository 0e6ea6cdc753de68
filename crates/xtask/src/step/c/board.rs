//! Firmware in C, without a libc, and what it costs.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use super::same;
use crate::firmware::c_archive::{self, JWT};
use crate::firmware::image::Image;
use crate::firmware::test_vectors::TestVector;
use crate::firmware::{Case, Program, require_emulators};
use crate::tools::debian;
use crate::workspace;

/// A board of QEMU's.
pub(super) struct Board {
    pub(super) target: &'static str,
    compiler: &'static str,
    /// The Debian package that has the compiler.
    package: &'static str,
    options: &'static [&'static str],
    /// Where its flash and its RAM start.
    memory: [&'static str; 2],
    /// What signing may cost, where that is promised.
    bars: Option<Bars>,
}

/// The most that preparing a key, a header value, and wiping the signer may cost, with memcpy and its like.
struct Bars {
    flash: u64,
    instructions: u64,
    stack: u32,
}

pub(super) const BOARDS: &[Board] = &[
    Board {
        target: "thumbv7m-none-eabi",
        compiler: "arm-none-eabi-gcc",
        package: "gcc-arm-none-eabi",
        options: &["-mcpu=cortex-m3", "-mthumb"],
        memory: ["-Wl,--defsym=FLASH=0", "-Wl,--defsym=RAM=0x20000000"],
        bars: Some(Bars { flash: 3_200, instructions: 15_400, stack: 580 }),
    },
    Board {
        target: "riscv32imc-unknown-none-elf",
        compiler: "riscv64-unknown-elf-gcc",
        package: "gcc-riscv64-unknown-elf",
        options: &["-march=rv32imc", "-mabi=ilp32"],
        memory: ["-Wl,--defsym=FLASH=0x80000000", "-Wl,--defsym=RAM=0x80040000"],
        bars: None,
    },
];

impl Board {
    /// Checks that the firmware mints Python's tokens, leaves no key behind, and costs no more than its bars allow.
    pub(super) fn check(&self, shell: &Shell, vectors: &[TestVector]) -> Result<()> {
        require_emulators(shell)?;
        debian::require(shell, &[self.compiler, "--version"], &[self.package])?;
        c_archive::of(self.target)?.build(shell, &JWT)?;
        let cases: Vec<Case> =
            vectors.iter().map(|vector| Case::new(&vector.key, vector.moment, "")).collect();
        for flags in [&["-DFIND_LEAKS"][..], &[]] {
            let printed = self.compile(shell, flags)?.run(shell, &cases)?;
            same(&printed.iter().map(String::as_str).collect::<Vec<_>>(), vectors)?;
        }
        let leaking = self.compile(shell, &["-DLEAK", "-DFIND_LEAKS"])?.run(shell, &cases);
        ensure!(leaking.is_err(), "a copy of the signer on the stack was not found");
        self.cost(shell, vectors)
    }

    fn cost(&self, shell: &Shell, vectors: &[TestVector]) -> Result<()> {
        let (program, baseline) = (self.compile(shell, &[])?, self.compile(shell, &["-DBASELINE"])?);
        let bytes = program.bytes(shell)?;
        let image = Image::read(&bytes)?;
        let flash = image.flash() - Image::read(&baseline.bytes(shell)?)?.flash();
        let panics = image.panics();
        ensure!(panics.is_empty(), "these functions can panic: {panics:?}");
        let (mut function, ranges) = (image.function("bearer")?, image.ranges()?);
        let mut trace = |ten_digits: bool, registers| {
            let chosen =
                vectors.iter().filter(|vector| !ten_digits || vector.moment.to_string().len() == 10).take(4);
            let cases: Vec<Case> = chosen.map(|vector| Case::new(&vector.key, vector.moment, "")).collect();
            program.trace(shell, &cases, &mut function, &ranges, registers)
        };
        let stack = trace(false, true)?.iter().map(|call| call.stack).max().unwrap_or_default();
        let instructions = trace(true, false)?.iter().map(|call| call.instructions).max().unwrap_or_default();
        eprintln!(
            "{}: {flash} bytes of flash, {instructions} instructions and {stack} bytes of stack a header value",
            self.target
        );
        if let Some(bars) = &self.bars {
            ensure!(flash <= bars.flash, "{flash} bytes of flash, over {}", bars.flash);
            ensure!(
                instructions <= bars.instructions,
                "{instructions} instructions, over {}",
                bars.instructions
            );
            ensure!(stack <= bars.stack, "{stack} bytes of stack, over {}", bars.stack);
        }
        Ok(())
    }

    /// Compiles the firmware, with nothing but our archive.
    fn compile(&self, shell: &Shell, flags: &[&str]) -> Result<Program> {
        let Self { target, compiler, options, memory, .. } = *self;
        let name = flags.first().map_or("signs", |flag| flag.trim_start_matches("-D"));
        let path: PathBuf =
            workspace::target_dir()?.join("c-archives/programs").join(format!("{target}-{name}"));
        let (source, script) =
            (format!("{}/tests/c/board.c", JWT.folder), format!("{}/tests/c/board.ld", JWT.folder));
        let common = [
            "-std=c99",
            "-Os",
            "-g",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-ffreestanding",
            "-nostdlib",
            "-static",
        ];
        let sections = [
            "-ffunction-sections",
            "-fdata-sections",
            "-Wl,--gc-sections",
            "-Wl,--build-id=none",
            "-Wl,-z,noexecstack",
        ];
        let (include, archive) = (format!("-I{}/include", JWT.folder), c_archive::of(target)?.path(&JWT)?);
        cmd!(shell, "{compiler} {common...} {sections...} {options...} {memory...} {flags...} {include} -T {script} {source} {archive} -o {path}")
            .run()?;
        Ok(Program { target: target.to_owned(), path })
    }
}
