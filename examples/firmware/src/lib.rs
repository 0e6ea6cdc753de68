//! What the programs of this example share: an entry point, a panic handler, and access to the host.
//!
//! The firmware itself, the part to copy, is `src/main.rs`. Each program in `src/bin` does one part of it;
//! `cargo xtask firmware-report` measures them against each other.
#![no_std]

mod case;
mod host;

pub use case::{Case, LineBuffer};
pub use host::Host;

/// The exit status of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It succeeded: 0.
    Success,
    /// It failed: 1.
    Failure,
    /// It panicked: 101, as in a program with an operating system.
    Panicked,
}

impl Status {
    /// Its number on the host.
    fn code(self) -> usize {
        match self {
            Self::Success => 0,
            Self::Failure => 1,
            Self::Panicked => 101,
        }
    }
}

/// Makes this function the entry point of the program. It takes the [`Host`] and returns the exit [`Status`].
///
/// On a real board, this is just the `#[entry] fn main() -> !` of cortex-m-rt or riscv-rt.
#[macro_export]
macro_rules! start {
    ($run:path) => {
        #[cfg_attr(target_arch = "arm", $crate::rt::entry)]
        #[cfg_attr(target_arch = "riscv32", $crate::rt::entry)]
        #[cfg_attr(target_arch = "wasm32", unsafe(export_name = "_start"))]
        fn main() -> ! {
            let mut host = $crate::Host::connect();
            let status = $run(&mut host);
            host.exit(status)
        }
    };
}

#[cfg(target_arch = "arm")]
#[doc(hidden)]
pub use cortex_m_rt as rt;
#[cfg(target_arch = "riscv32")]
#[doc(hidden)]
pub use riscv_rt as rt;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    Host::connect().exit(Status::Panicked)
}
