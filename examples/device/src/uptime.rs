//! The time since the start, counted by the processor's own timer.

use core::sync::atomic::{AtomicU32, Ordering};

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;

/// The board's clock after a reset, in cycles a millisecond.
const CYCLES: u32 = 12_500;

static MILLISECONDS: AtomicU32 = AtomicU32::new(0);
static SECONDS: AtomicU32 = AtomicU32::new(0);
/// How many milliseconds of the second have passed.
static OF_SECOND: AtomicU32 = AtomicU32::new(0);

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
    // The seconds are counted apart: the milliseconds begin anew, and an uptime must never go back.
    if OF_SECOND.fetch_add(1, Ordering::Relaxed) == 999 {
        OF_SECOND.store(0, Ordering::Relaxed);
        SECONDS.fetch_add(1, Ordering::Relaxed);
    }
}

/// Milliseconds since the start. They begin anew after 49 days: compare differences, not values.
pub fn milliseconds() -> u32 {
    MILLISECONDS.load(Ordering::Relaxed)
}

/// Whole seconds since the start. They are good for 136 years.
pub fn seconds() -> u64 {
    SECONDS.load(Ordering::Relaxed).into()
}

/// Sleeps for so many seconds.
pub fn sleep(seconds: u32) {
    let began = milliseconds();
    while milliseconds().wrapping_sub(began) < seconds.saturating_mul(1_000) {
        doze();
    }
}

/// Sleeps until something happens: at the latest, the next millisecond.
pub fn doze() {
    cortex_m::asm::wfi();
}
