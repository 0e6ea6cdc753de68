//! The board: its host, what that wants, its flash, its network, its uptime and its stack.
//!
//! The firmware itself, the part to copy, is `src/main.rs`. `src/bin/answer.rs` is a part of it, without a network, in which
//! the build looks for code that panics. `src/bin/query.rs` asks what became of the message. `src/bin/tls.rs` sends over TLS. `src/bin/intrinsics.rs` checks the few lines in
//! assembly.
#![no_std]

pub mod ethernet;
pub mod flash;
pub mod host;
pub mod input;
mod intrinsics;
pub mod network;
pub mod stack;
pub mod uptime;

unsafe extern "C" {
    /// What the start-up code does about interrupts that nobody handles.
    fn DefaultHandler();
}

/// The interrupts of the LM3S6965. The firmware enables none.
// SAFETY: The linker script expects them there, and each has a handler.
#[unsafe(link_section = ".vector_table.interrupts")]
#[unsafe(no_mangle)]
pub static __INTERRUPTS: [unsafe extern "C" fn(); 44] = [DefaultHandler; 44];

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    host::print("panicked");
    host::exit(101)
}
