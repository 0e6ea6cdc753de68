//! Lays the memory map of the target where the linker looks for `memory.x`.
use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let map = match env::var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("arm") => "memory/cortex-m.x",
        Ok("riscv32") => "memory/riscv.x",
        _ => return,
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it for build scripts"));
    fs::copy(map, out.join("memory.x")).expect("the memory map is readable and the output folder writable");
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rerun-if-changed={map}");
}
