//! A clock for a device that has none, in the caller's memory.

use core::ffi::c_char;
use core::slice;

use notify_jwt::{Clock, TimeSample, parse_http_date_bytes};

use crate::status::{
    NOTIFY_ERROR_CLOCK_NOT_INITIALISED, NOTIFY_ERROR_DATE, NOTIFY_ERROR_NULL, NOTIFY_OK, NotifyStatus,
    of_clock,
};

/// The service's time, computed from a device's uptime. Place it where you like, in static memory or on the stack, but leave
/// its contents to the functions below.
///
/// Whoever sets this clock chooses when the device's tokens are valid. So set it only from the service's own refusal of a
/// token (status 403, class `AuthError`), and only over a connection on which nobody else can answer, such as TLS that
/// verifies. All uptimes are whole seconds since the device started.
#[repr(C)]
#[derive(Debug)]
pub struct NotifyClock {
    opaque: [u64; 5],
}

const _: () = assert!(size_of::<NotifyClock>() == 40);
const _: () = assert!(size_of::<Clock>() == size_of::<NotifyClock>());
const _: () = assert!(align_of::<Clock>() <= align_of::<NotifyClock>());

impl NotifyClock {
    /// The clock that was made there.
    ///
    /// # Errors
    ///
    /// If the pointer is NULL, or the clock was never initialised.
    ///
    /// # Safety
    ///
    /// It is NULL, or points to a clock, initialised or all zeros, that nobody changes meanwhile.
    pub unsafe fn get<'a>(clock: *const Self) -> Result<&'a Clock, NotifyStatus> {
        // SAFETY: as promised.
        let words = unsafe { clock.as_ref() }.ok_or(NOTIFY_ERROR_NULL)?;
        // All zeros would be a clock of 1970 that learns nothing.
        if words.opaque.iter().all(|word| *word == 0) {
            return Err(NOTIFY_ERROR_CLOCK_NOT_INITIALISED);
        }
        // SAFETY: it was initialised.
        Ok(unsafe { &*clock.cast() })
    }

    /// The same, to change it.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    ///
    /// # Safety
    ///
    /// It is NULL, or points to a clock, initialised or all zeros, that nobody else uses meanwhile.
    pub unsafe fn get_mut<'a>(clock: *mut Self) -> Result<&'a mut Clock, NotifyStatus> {
        // SAFETY: as promised.
        unsafe { Self::get(clock)? };
        // SAFETY: it was initialised.
        Ok(unsafe { &mut *clock.cast() })
    }
}

/// The time by two clocks at the same instant: the device's and the service's.
#[repr(C)]
#[derive(Debug)]
pub struct NotifyTimeSample {
    /// The device's own count of seconds, usually since it was switched on.
    pub uptime: u64,
    /// The service's time, in seconds since 1970.
    pub unix_seconds: u64,
}

/// Starts a clock that counts on from a time in the past, in seconds since 1970: the last confirmed time of the previous run,
/// or the build time of the firmware. It never goes back before that.
///
/// # Safety
///
/// `clock` points to a clock, initialised or not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_clock_init(clock: *mut NotifyClock, last_confirmed: u64) -> NotifyStatus {
    if clock.is_null() {
        return NOTIFY_ERROR_NULL;
    }
    // SAFETY: the caller promises that this is the place of a clock.
    unsafe { clock.cast::<Clock>().write(Clock::starting_at(last_confirmed)) };
    NOTIFY_OK
}

/// Sets how far, in seconds, a time sample may lie from the last confirmed time plus the uptime since then. Without this
/// limit, the clock believes any time after the last confirmed one.
///
/// # Safety
///
/// `clock` points to a clock, initialised or all zeros.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_clock_set_max_adjustment(
    clock: *mut NotifyClock,
    seconds: u64,
) -> NotifyStatus {
    // SAFETY: the caller promises that it is NULL or a clock.
    let clock = match unsafe { NotifyClock::get_mut(clock) } {
        Ok(clock) => clock,
        Err(error) => return error,
    };
    *clock = clock.clone().max_adjustment(seconds);
    NOTIFY_OK
}

/// Writes the service's time at this uptime, in seconds since 1970, as far as the clock knows it.
///
/// # Safety
///
/// `clock` points to a clock, initialised or all zeros, and `unix_seconds` to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_clock_now(
    clock: *const NotifyClock,
    uptime: u64,
    unix_seconds: *mut u64,
) -> NotifyStatus {
    // SAFETY: the caller promises that it is NULL or a clock.
    let clock = match unsafe { NotifyClock::get(clock) } {
        Ok(clock) => clock,
        Err(error) => return error,
    };
    // SAFETY: the caller promises that it is NULL or the place of a number.
    unsafe { write(unix_seconds, clock.now(uptime)) }
}

/// Adjusts the clock to the time in an answer of the service, and the uptime when the answer arrived.
///
/// # Safety
///
/// `clock` points to a clock, initialised or all zeros, and `sample` to a time sample.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_clock_adjust(
    clock: *mut NotifyClock,
    sample: *const NotifyTimeSample,
) -> NotifyStatus {
    // SAFETY: the caller promises that it is NULL or a clock.
    let clock = match unsafe { NotifyClock::get_mut(clock) } {
        Ok(clock) => clock,
        Err(error) => return error,
    };
    // SAFETY: the caller promises that it is NULL or a time sample.
    let Some(sample) = (unsafe { sample.as_ref() }) else { return NOTIFY_ERROR_NULL };
    adjust(clock, sample.uptime, sample.unix_seconds)
}

/// Adjusts the clock to the `Date` header of an answer of the service, such as `Sun, 06 Nov 1994 08:49:37 GMT`, and the
/// uptime when the answer arrived.
///
/// # Safety
///
/// `clock` points to a clock, initialised or all zeros, and `date` to `date_length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_clock_adjust_to_date(
    clock: *mut NotifyClock,
    uptime: u64,
    date: *const c_char,
    date_length: usize,
) -> NotifyStatus {
    // SAFETY: the caller promises that it is NULL or a clock.
    let clock = match unsafe { NotifyClock::get_mut(clock) } {
        Ok(clock) => clock,
        Err(error) => return error,
    };
    if date.is_null() {
        return NOTIFY_ERROR_NULL;
    }
    // SAFETY: the caller promises that this many bytes are there.
    let date = unsafe { slice::from_raw_parts(date.cast(), date_length) };
    match parse_http_date_bytes(date) {
        Ok(unix_seconds) => adjust(clock, uptime, unix_seconds),
        Err(_) => NOTIFY_ERROR_DATE,
    }
}

/// Confirms the time at this uptime: the service accepted a token that was minted then.
///
/// # Safety
///
/// `clock` points to a clock, initialised or all zeros.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_clock_confirm(clock: *mut NotifyClock, uptime: u64) -> NotifyStatus {
    // SAFETY: the caller promises that it is NULL or a clock.
    let clock = match unsafe { NotifyClock::get_mut(clock) } {
        Ok(clock) => clock,
        Err(error) => return error,
    };
    clock.confirm(uptime);
    NOTIFY_OK
}

/// Writes the last confirmed time, in seconds since 1970. Keep it across restarts, for `notify_clock_init`.
///
/// # Safety
///
/// `clock` points to a clock, initialised or all zeros, and `unix_seconds` to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_clock_last_confirmed(
    clock: *const NotifyClock,
    unix_seconds: *mut u64,
) -> NotifyStatus {
    // SAFETY: the caller promises that it is NULL or a clock.
    let clock = match unsafe { NotifyClock::get(clock) } {
        Ok(clock) => clock,
        Err(error) => return error,
    };
    // SAFETY: the caller promises that it is NULL or the place of a number.
    unsafe { write(unix_seconds, clock.last_confirmed()) }
}

fn adjust(clock: &mut Clock, uptime: u64, unix_seconds: u64) -> NotifyStatus {
    match clock.adjust(TimeSample { uptime, unix_seconds }) {
        Ok(()) => NOTIFY_OK,
        Err(error) => of_clock(error),
    }
}

/// # Safety
///
/// `place` is NULL or the place of a number.
unsafe fn write(place: *mut u64, value: u64) -> NotifyStatus {
    if place.is_null() {
        return NOTIFY_ERROR_NULL;
    }
    // SAFETY: as above.
    unsafe { place.write(value) };
    NOTIFY_OK
}
