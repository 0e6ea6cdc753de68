//! Measures everything on every board.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use fastrand::Rng;
use xshell::{Shell, cmd};

use super::board::Board;
use super::build::Build;
use super::figures::Figures;
use super::image::Image;
use super::program::{Case, Program};
use super::test_vectors::{self, TestVector};
use super::toolchain::Toolchain;
use super::trace::Call;

/// How many random keys and ten-digit times a function's instructions are counted with.
const USUAL: usize = 12;

/// The times that its stack is measured with: of ten digits, of one, of twenty.
const DEEP: [u64; 3] = [1_795_430_454, 0, u64::MAX];

/// The seed of the random cases: figures are comparable only for the same cases.
const SEED: u64 = 1;

/// Measures on these boards what was built in these ways, the usual one among them.
pub(crate) fn measure(
    shell: &Shell,
    toolchain: &Toolchain,
    boards: &[&'static Board],
    builds: &[Build],
) -> Result<Figures> {
    let mut rng = Rng::with_seed(SEED);
    let usual =
        (0..USUAL).map(|_| (test_vectors::key(&mut rng), test_vectors::ten_digits(&mut rng))).collect();
    let deep = DEEP.map(|moment| (test_vectors::key(&mut rng), moment)).to_vec();
    let (usual, deep) = (test_vectors::from_python(shell, usual)?, test_vectors::from_python(shell, deep)?);

    let mut figures = Figures { tools: tools(shell, toolchain)?, values: BTreeMap::new() };
    for &board in boards {
        let mut measurement = Measurement { shell, board, usual: &usual, deep: &deep, figures: &mut figures };
        for build in builds {
            measurement.minting(*build)?;
        }
        measurement.the_rest(Build::SMALL)?;
    }
    Ok(figures)
}

/// The versions of the compiler and the emulators.
fn tools(shell: &Shell, toolchain: &Toolchain) -> Result<Vec<String>> {
    let mut tools = vec![toolchain.version(shell)?];
    for program in ["qemu-system-arm", "qemu-system-riscv32"] {
        let version = cmd!(shell, "{program} --version").quiet().read()?;
        let line = version.lines().next().context("an emulator without a version")?;
        tools.push(line.replacen("QEMU emulator", program, 1));
    }
    tools.dedup();
    Ok(tools)
}

/// Measures one board.
struct Measurement<'m> {
    shell: &'m Shell,
    board: &'static Board,
    /// Keys and ten-digit times.
    usual: &'m [TestVector],
    /// Keys, and times of other lengths too.
    deep: &'m [TestVector],
    figures: &'m mut Figures,
}

impl Measurement<'_> {
    /// Measures a signer and its minting.
    fn minting(&mut self, build: Build) -> Result<()> {
        let what = format!("mint {build}");
        self.flash(&what, build, "token", "key")?;
        self.panics(&what, build, "token")?;
        self.calls(&what, build, "token", "token::mint", |_| "")
    }

    /// Measures what applies to the default build only.
    fn the_rest(&mut self, build: Build) -> Result<()> {
        let bytes = self.program(build, "token")?.bytes(self.shell)?;
        self.set("static", Image::read(&bytes)?.ram());
        self.calls("prepare", build, "token", "token::prepare", |_| "")?;

        self.flash("key", build, "key", "case")?;

        self.flash("verify", build, "verify", "key")?;
        self.panics("verify", build, "verify")?;
        if self.board.target.starts_with("thumb") {
            self.not_ours(build, "verify")?;
        }
        self.calls("verify", build, "verify", "verify::verify", |case| &case.token)?;

        self.flash("date", build, "date", "case")?;
        self.calls("date", build, "date", "date::read", |case| &case.date)?;

        for line in self.program(build, "sizes")?.run(self.shell, &[])? {
            let (name, bytes) = line.split_once(' ').context("a size without a name")?;
            self.set(name, bytes.parse()?);
        }
        Ok(())
    }

    /// The flash of what one program has and the other lacks.
    fn flash(&mut self, what: &str, build: Build, with: &str, without: &str) -> Result<()> {
        let flash = |name| -> Result<u64> {
            Ok(Image::read(&self.program(build, name)?.bytes(self.shell)?)?.flash())
        };
        let difference = flash(with)?.saturating_sub(flash(without)?);
        self.set(&format!("{what} flash"), difference);
        Ok(())
    }

    /// The functions in a program that exist to panic.
    fn panics(&mut self, what: &str, build: Build, name: &str) -> Result<()> {
        let bytes = self.program(build, name)?.bytes(self.shell)?;
        let panics = Image::read(&bytes)?.panics();
        if !panics.is_empty() {
            eprintln!("{name}, {build}, on {}: {}", self.board.name, panics.join(", "));
        }
        self.set(&format!("{what} panics"), panics.len().try_into()?);
        Ok(())
    }

    /// Checks that only serde-json-core, which checks its own indices, can panic in a program.
    fn not_ours(&self, build: Build, name: &str) -> Result<()> {
        let bytes = self.program(build, name)?.bytes(self.shell)?;
        for panicker in Image::read(&bytes)?.panickers()? {
            ensure!(panicker.contains("serde_json_core::"), "{panicker} can panic on {}", self.board.name);
        }
        Ok(())
    }

    /// The most instructions of a function with ten-digit times, by how many they vary, and the most stack with any
    /// time.
    fn calls(
        &mut self,
        what: &str,
        build: Build,
        name: &str,
        function: &str,
        text: fn(&TestVector) -> &str,
    ) -> Result<()> {
        let program = self.program(build, name)?;
        let bytes = program.bytes(self.shell)?;
        let image = Image::read(&bytes)?;
        let (mut function, ranges) = (image.function(function)?, image.ranges()?);
        let mut trace = |vectors: &[TestVector], registers| -> Result<Vec<Call>> {
            let cases: Vec<Case> =
                vectors.iter().map(|vector| Case::new(&vector.key, vector.moment, text(vector))).collect();
            let calls = program.trace(self.shell, &cases, &mut function, &ranges, registers)?;
            ensure!(calls.len() == cases.len(), "{what}: {} calls for {} cases", calls.len(), cases.len());
            Ok(calls)
        };
        let (deep, usual) = (trace(self.deep, true)?, trace(self.usual, false)?);
        let stack = deep.iter().map(|call| call.stack).max().unwrap_or_default();
        let most = usual.iter().map(|call| call.instructions).max().unwrap_or_default();
        let least = usual.iter().map(|call| call.instructions).min().unwrap_or_default();
        self.set(&format!("{what} stack"), stack.into());
        self.set(&format!("{what} instructions"), most);
        self.set(&format!("{what} varies"), most - least);
        Ok(())
    }

    fn program(&self, build: Build, name: &str) -> Result<Program> {
        build.program(self.board.target, name)
    }

    fn set(&mut self, what: &str, value: u64) {
        self.figures.set(self.board.name, what, value);
    }
}
