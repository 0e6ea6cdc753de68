//! Copies the memory map and the names of interrupts to where the linker looks for them, and passes the linker script, which
//! the start-up code brings.
use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR for build scripts"));
    for script in ["memory.x", "device.x"] {
        fs::copy(script, out.join(script)).expect("the script is readable and the output folder writable");
        println!("cargo::rerun-if-changed={script}");
    }
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
}
