//! How much RAM was used: the stack is painted at the start.

use core::ptr;

use crate::host::{self, Decimal};

const PAINT: u32 = 0x5741_5445;

unsafe extern "C" {
    /// The end of the static variables, and the start of the stack, from the linker script.
    static mut __sheap: u32;
    static _stack_start: u32;
}

/// Paints what is free below the stack. Call it first.
#[inline(never)]
pub fn paint() {
    let here = cortex_m::register::msp::read() as usize - 64;
    let mut place = &raw mut __sheap;
    while place.addr() < here {
        // SAFETY: The memory between the static variables and the stack belongs to nobody.
        unsafe {
            place.write_volatile(PAINT);
            place = place.add(1);
        }
    }
}

/// Prints how many bytes of RAM the static variables take, and the stack took at most since it was painted.
pub fn print_use() {
    host::print_line(&[
        b"RAM: ",
        Decimal::of(statics()).digits(),
        b" static, ",
        Decimal::of(used()).digits(),
        b" stack",
    ]);
}

/// How many bytes of the stack were used since then, at most.
fn used() -> u32 {
    let mut place: *const u32 = &raw const __sheap;
    let end = &raw const _stack_start;
    // SAFETY: As above; it ends at the stack's start.
    while place < end && unsafe { place.read_volatile() } == PAINT {
        place = place.wrapping_add(1);
    }
    (end.addr() - place.addr()) as u32
}

/// How many bytes of RAM the static variables take.
fn statics() -> u32 {
    const RAM: usize = 0x2000_0000;
    (ptr::addr_of!(__sheap).addr() - RAM) as u32
}
