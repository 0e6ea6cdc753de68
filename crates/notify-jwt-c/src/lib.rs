//! [notify-jwt](https://github.com/notify-toolkit/notify/tree/main/crates/notify-jwt) for C and C++: `include/notify_jwt.h`
//! is made from these files.
//!
//! The caller owns all memory, and nothing is allocated. Every pointer is checked for NULL. Every function returns a
//! [`NotifyStatus`], which is a number. An enumeration would have a size that depends on the flags of the C compiler, and an
//! unknown value would be undefined behaviour in Rust.
#![no_std]

mod clock;
mod signer;
mod status;

pub use clock::{
    NotifyClock, NotifyTimeSample, notify_clock_adjust, notify_clock_adjust_to_date, notify_clock_confirm,
    notify_clock_init, notify_clock_last_confirmed, notify_clock_now, notify_clock_set_max_adjustment,
};
pub use signer::{
    NOTIFY_BEARER_SIZE, NotifySigner, notify_signer_bearer, notify_signer_init, notify_signer_wipe,
};
pub use status::{
    NOTIFY_ERROR_BUFFER_TOO_SMALL, NOTIFY_ERROR_CLOCK_NOT_INITIALISED, NOTIFY_ERROR_DATE,
    NOTIFY_ERROR_KEY_LENGTH, NOTIFY_ERROR_KEY_NAME, NOTIFY_ERROR_KEY_SECRET, NOTIFY_ERROR_KEY_SEPARATOR,
    NOTIFY_ERROR_KEY_SERVICE_ID, NOTIFY_ERROR_NO_KEY, NOTIFY_ERROR_NULL,
    NOTIFY_ERROR_TIME_BEFORE_LAST_CONFIRMED, NOTIFY_ERROR_TIME_EXCEEDS_MAX_ADJUSTMENT, NOTIFY_OK,
    NotifyStatus,
};

// Only an archive needs it, and archives abort. Where panics unwind there is std, which has a handler.
#[cfg(all(feature = "panic-handler", panic = "abort", not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
