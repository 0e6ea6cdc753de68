//! Lays the memory map of the target where the linker looks for `memory.x`, and names the linker scripts: the start-up code's
//! `link.x`, which on Arm includes the map.
use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let (map, scripts): (_, &[&str]) = match env::var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("arm") => ("memory/cortex-m.x", &["link.x"]),
        Ok("riscv32") => ("memory/riscv.x", &["memory.x", "link.x"]),
        _ => return,
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it for build scripts"));
    fs::copy(map, out.join("memory.x")).expect("the memory map is readable and the output folder writable");
    println!("cargo::rustc-link-search={}", out.display());
    for script in scripts {
        println!("cargo::rustc-link-arg-bins=-T{script}");
    }
    println!("cargo::rerun-if-changed={map}");
}
