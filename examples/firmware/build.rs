//! Copies the memory map of the target to where the linker looks for `memory.x`, and passes the linker scripts. The start-up
//! code brings `link.x`, which on Arm includes the map.
use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let (map, scripts): (_, &[&str]) = match env::var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("arm") => ("memory/cortex-m.x", &["link.x"]),
        Ok("riscv32") => ("memory/riscv.x", &["memory.x", "link.x"]),
        _ => return,
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR for build scripts"));
    fs::copy(map, out.join("memory.x")).expect("the memory map is readable and the output folder writable");
    println!("cargo::rustc-link-search={}", out.display());
    for script in scripts {
        println!("cargo::rustc-link-arg-bins=-T{script}");
    }
    println!("cargo::rerun-if-changed={map}");
}
