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

/// A crate of which there are archives.
pub(crate) struct Library {
    /// What it is called in C.
    name: &'static str,
    /// Its folder.
    pub(crate) folder: &'static str,
}

/// The tokens.
pub(crate) const JWT: Library = Library { name: "notify_jwt", folder: "crates/notify-jwt-c" };
/// The tokens, and messages.
pub(crate) const EMBEDDED: Library = Library { name: "notify_embedded", folder: "crates/notify-embedded-c" };

impl Library {
    /// The crate.
    fn package(&self) -> String {
        self.folder.replace("crates/", "")
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

/// Where everything goes that a C program needs.
pub(crate) fn folder() -> Result<PathBuf> {
    Ok(workspace::target_dir()?.join("c-archives").join("notify-jwt"))
}

impl Archive {
    /// Where it goes.
    pub(crate) fn path(&self, library: &Library) -> Result<PathBuf> {
        Ok(folder()?.join("lib").join(self.target).join(format!("lib{}.a", library.name)))
    }

    /// Builds it, and sees that it exports what it should.
    ///
    /// What rustc makes is an archive of the crate and of all that the compiler may ever call. The linker makes one object of what is
    /// used, with memcpy and its like, and only the functions of the header stay visible: an image may have other archives
    /// with another memcpy, and another Rust.
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
        cmd!(shell, "{objcopy} {options...} --keep-global-symbols={exports} {linked} {object}")
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
        let (target, package) = (self.target, library.package());
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

/// Sees that an object exports these names and no others, needs nothing but what libc has, and cannot panic.
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
    ensure!(exported == names, "exported are {exported:?}, and not {names:?}");
    ensure!(needed.is_empty(), "needed are {needed:?}");
    ensure!(panics.is_empty(), "there to panic are {panics:?}");
    Ok(())
}

/// Puts what is not code beside the archives: the header, and the files of build systems.
pub(crate) fn package(shell: &Shell) -> Result<()> {
    let folder = folder()?;
    let of_jwt = JWT.folder;
    for part in ["include", "cmake", "zephyr"] {
        let from = format!("{of_jwt}/{part}");
        shell.remove_path(folder.join(part))?;
        cmd!(shell, "cp -R {from} {folder}").quiet().run()?;
    }
    let header = format!("{}/include/notify_embedded.h", EMBEDDED.folder);
    cmd!(shell, "cp {header} {folder}/include").quiet().run()?;
    let template = shell.read_file(format!("{of_jwt}/pkgconfig/notify-jwt.pc.in"))?;
    for archive in ARCHIVES {
        let path = archive.path(&JWT)?;
        if let Some(lib) = path.parent().filter(|_| shell.path_exists(&path)) {
            let text =
                template.replace("@TRIPLE@", archive.target).replace("@VERSION@", env!("CARGO_PKG_VERSION"));
            shell.write_file(lib.join("pkgconfig/notify-jwt.pc"), text)?;
        }
    }
    Ok(())
}
