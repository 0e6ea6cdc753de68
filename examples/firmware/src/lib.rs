//! What the programs here share: a start, a panic handler, and the host at the other end of the debug probe.
//!
//! The firmware itself, the part to copy from, is `src/main.rs`. The programs in `src/bin` are its parts one by one, each
//! the size of what it shows; `cargo xtask firmware-report` measures them against each other.
#![no_std]

mod case;
mod host;

pub use case::{Case, Room};
pub use host::Host;

/// What a program leaves with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It did what it should: 0.
    Done,
    /// It did not: 1.
    Failed,
    /// It panicked: 101, as a program with an operating system would.
    Panicked,
}

impl Status {
    /// The number by which the host knows it.
    fn code(self) -> usize {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Panicked => 101,
        }
    }
}

/// Starts the program with this function, which is given the [`Host`] and returns the [`Status`] to leave with.
///
/// On a board this is nothing but `#[entry] fn main() -> !` of cortex-m-rt or riscv-rt.
#[macro_export]
macro_rules! start {
    ($run:path) => {
        #[cfg_attr(target_arch = "arm", $crate::rt::entry)]
        #[cfg_attr(target_arch = "riscv32", $crate::rt::entry)]
        #[cfg_attr(target_arch = "wasm32", unsafe(export_name = "_start"))]
        fn main() -> ! {
            let mut host = $crate::Host::connect();
            let status = $run(&mut host);
            host.leave(status)
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
    Host::connect().leave(Status::Panicked)
}
