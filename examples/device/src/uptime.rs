//! The time since the start, counted by the processor's own timer.

use core::sync::atomic::{AtomicU32, Ordering};

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;

/// The board's clock after a reset, in cycles a millisecond.
const CYCLES: u32 = 12_500;

static MILLISECONDS: AtomicU32 = AtomicU32::new(0);

/// Starts to count.
pub fn start(mut timer: SYST) {
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(CYCLES - 1);
    timer.clear_current();
    timer.enable_counter();
    timer.enable_interrupt();
}

#[exception]
fn SysTick() {
    MILLISECONDS.fetch_add(1, Ordering::Relaxed);
}

/// Milliseconds since the start. They begin anew after 49 days, which a device that runs so long has to count.
pub fn milliseconds() -> u32 {
    MILLISECONDS.load(Ordering::Relaxed)
}

/// Whole seconds since the start.
pub fn seconds() -> u64 {
    (milliseconds() / 1_000).into()
}

/// Sleeps until something happens: at the latest, the next millisecond.
pub fn doze() {
    cortex_m::asm::wfi();
}
