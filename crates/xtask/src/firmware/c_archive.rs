//! The archives of notify-jwt-c and notify-embedded-c.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use object::{Object as _, ObjectSymbol as _};
use xshell::{Shell, cmd};

use super::image::is_panic;
use super::toolchain::Toolchain;
use crate::tools::debian;
use crate::workspace;

/// A crate with archives for C.
pub(crate) struct Library {
    /// What it is called in C.
    pub(crate) name: &'static str,
    /// What it has.
    pub(crate) description: &'static str,
    /// Its folder.
    pub(crate) folder: &'static str,
    /// Another library that it includes, so that one archive is enough.
    pub(crate) includes: Option<&'static Library>,
}

/// The tokens.
pub(crate) const JWT: Library = Library {
    name: "notify_jwt",
    description: "The bearer token of the Notify services",
    folder: "crates/notify-jwt-c",
    includes: None,
};
/// The tokens, and messages.
pub(crate) const EMBEDDED: Library = Library {
    name: "notify_embedded",
    description: "One message through a Notify service",
    folder: "crates/notify-embedded-c",
    includes: Some(&JWT),
};
/// All libraries.
pub(crate) const LIBRARIES: [&Library; 2] = [&JWT, &EMBEDDED];

impl Library {
    /// What its package is called, for build systems.
    pub(crate) fn package_name(&self) -> String {
        self.name.replace('_', "-")
    }

    /// The folder for everything that a C program needs.
    pub(crate) fn package_folder(&self) -> Result<PathBuf> {
        Ok(workspace::target_dir()?.join("c-archives").join(self.package_name()))
    }

    /// The crate.
    fn crate_name(&self) -> String {
        self.folder.replace("crates/", "")
    }

    /// The options with which a C compiler finds its header, and those that it includes.
    pub(crate) fn include_options(&self) -> Vec<String> {
        let libraries = [Some(self), self.includes];
        libraries.into_iter().flatten().map(|library| format!("-I{}/include", library.folder)).collect()
    }
}

/// An archive for one processor and float ABI.
pub(crate) struct Archive {
    /// What the compiler calls it.
    pub(crate) target: &'static str,
    pub(crate) tools: &'static Tools,
}

/// A linker and its companions, for one kind of processor.
pub(crate) struct Tools {
    /// What their names start with.
    pub(crate) prefix: &'static str,
    /// The Debian package that has them.
    package: &'static str,
    /// What the linker has to be told to take the objects.
    linker: &'static [&'static str],
}

const ARM: Tools = Tools { prefix: "arm-none-eabi-", package: "binutils-arm-none-eabi", linker: &[] };
const RISCV: Tools = Tools {
    prefix: "riscv64-unknown-elf-",
    package: "binutils-riscv64-unknown-elf",
    linker: &["-m", "elf32lriscv"],
};
const HOST: Tools = Tools { prefix: "", package: "binutils", linker: &[] };

/// The machine that tests run on.
pub(crate) const HOST_TARGET: &str = "x86_64-unknown-linux-gnu";

/// What the compiler calls, and every machine with an operating system has.
const LIBC: [&str; 6] = ["bcmp", "memcmp", "memcpy", "memmove", "memset", "strlen"];

/// All archives.
pub(crate) const ARCHIVES: &[Archive] = &[
    Archive { target: "thumbv6m-none-eabi", tools: &ARM },
    Archive { target: "thumbv7m-none-eabi", tools: &ARM },
    Archive { target: "thumbv7em-none-eabi", tools: &ARM },
    Archive { target: "thumbv7em-none-eabihf", tools: &ARM },
    Archive { target: "thumbv8m.base-none-eabi", tools: &ARM },
    Archive { target: "thumbv8m.main-none-eabi", tools: &ARM },
    Archive { target: "thumbv8m.main-none-eabihf", tools: &ARM },
    Archive { target: "riscv32imc-unknown-none-elf", tools: &RISCV },
    Archive { target: "riscv32imac-unknown-none-elf", tools: &RISCV },
    Archive { target: HOST_TARGET, tools: &HOST },
];

/// The archive for this target.
pub(crate) fn of(target: &str) -> Result<&'static Archive> {
    ARCHIVES
        .iter()
        .find(|archive| archive.target == target)
        .with_context(|| format!("no archive for {target}"))
}

impl Archive {
    /// Where it goes.
    pub(crate) fn path(&self, library: &Library) -> Result<PathBuf> {
        Ok(library.package_folder()?.join("lib").join(self.target).join(format!("lib{}.a", library.name)))
    }

    /// Builds it, and checks what it exports.
    ///
    /// rustc makes an archive of the crate and of everything that the compiler may ever call. The linker combines what
    /// is used into one object, memcpy and its like included, in which only the functions of the header stay visible:
    /// an image may contain other archives, with another memcpy and another Rust. The functions of an included library
    /// are weak, because a program may link that library too.
    pub(crate) fn build(&self, shell: &Shell, library: &Library) -> Result<()> {
        let Tools { prefix, package, linker } = *self.tools;
        let (ld, objcopy, ar) = (format!("{prefix}ld"), format!("{prefix}objcopy"), format!("{prefix}ar"));
        debian::require(shell, &[&ld, "--version"], &[package])?;
        let raw = self.compile(shell, library)?;
        let path = self.path(library)?;
        let folder = path.parent().context("an archive lies in a folder")?;
        let (linked, object) =
            (raw.with_file_name("linked.o"), raw.with_file_name(format!("{}.o", library.name)));
        shell.create_dir(folder)?;
        let exports = format!("{}/exports.txt", library.folder);
        let names = shell.read_file(&exports)?;
        let roots = names.lines().flat_map(|name| ["-u", name]);
        cmd!(shell, "{ld} {linker...} -r --gc-sections {roots...} {raw} -o {linked}").quiet().run()?;
        let options = ["--strip-debug", "--remove-section=.llvmbc", "--remove-section=.llvmcmd"];
        let weak =
            library.includes.map(|included| format!("--weaken-symbols={}/exports.txt", included.folder));
        cmd!(shell, "{objcopy} {options...} --keep-global-symbols={exports} {weak...} {linked} {object}")
            .quiet()
            .run()?;
        let libc: &[&str] = if self.target == HOST_TARGET { &LIBC } else { &[] };
        check(&shell.read_binary_file(&object)?, &names, libc).with_context(|| self.target)?;
        shell.remove_path(&path)?;
        cmd!(shell, "{ar} rcsD {path} {object}").quiet().run()?;
        Ok(())
    }

    /// What rustc makes.
    fn compile(&self, shell: &Shell, library: &Library) -> Result<PathBuf> {
        let (target, package) = (self.target, library.crate_name());
        let (toolchain, folder) = if target == HOST_TARGET {
            (Toolchain::Rustup, "host")
        } else {
            (Toolchain::with_source(shell)?, "boards")
        };
        let build = workspace::target_dir()?.join("c-archives").join(folder);
        let cargo = workspace::cargo();
        let options = ["--quiet", "--locked", "--package", &package, "--lib", "--crate-type", "staticlib"];
        let command = cmd!(shell, "{cargo} rustc {options...} --profile c-archive --target-dir {build}")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("RUSTFLAGS", "-C embed-bitcode=yes --cfg sha2_backend_soft=\"compact\"");
        // Everything is optimised against everything here, and not by the profile: see the manifest of the workspace.
        toolchain.configure(command, &[target]).args(["--", "-C", "lto=fat"]).run()?;
        Ok(build.join(target).join("c-archive").join(format!("lib{}.a", package.replace('-', "_"))))
    }
}

/// Checks that an object exports these names and no others, needs only what a libc has, and cannot panic.
fn check(object: &[u8], names: &str, libc: &[&str]) -> Result<()> {
    let object = object::File::parse(object)?;
    let (mut exported, mut needed, mut panics) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for symbol in object.symbols() {
        let name = symbol.name()?;
        if symbol.is_undefined() {
            if !name.is_empty() && !libc.contains(&name) {
                needed.insert(name);
            }
        } else if symbol.is_global() {
            exported.insert(name);
        }
        if is_panic(name) {
            panics.insert(name);
        }
    }
    let names: BTreeSet<&str> = names.lines().collect();
    ensure!(exported == names, "it exports {exported:?} instead of {names:?}");
    ensure!(needed.is_empty(), "it needs {needed:?}, which no libc has");
    ensure!(panics.is_empty(), "these functions can panic: {panics:?}");
    Ok(())
}
