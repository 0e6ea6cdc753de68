//! A request, in the caller's buffer.

use core::slice;

use notify_embedded::RequestError;
use notify_jwt::{Clock, Signer};
use notify_jwt_c::{
    NOTIFY_ERROR_BUFFER_TOO_SMALL, NOTIFY_ERROR_NO_KEY, NOTIFY_ERROR_NULL, NotifyClock, NotifySigner,
};

use crate::error::{NOTIFY_ERROR_OVER, NOTIFY_ERROR_SERVICE};
use crate::pointer::{Attempt, shared, write};

/// Has a request written, and writes its length.
///
/// # Safety
///
/// `signer` and `clock` are NULL, initialised or all zeros, `buffer` is NULL or points to so many bytes, and `length` is NULL
/// or points to a number.
pub(crate) unsafe fn write_request(
    (signer, clock): (*const NotifySigner, *const NotifyClock),
    (buffer, buffer_size): (*mut u8, usize),
    length: *mut usize,
    request: impl FnOnce(&Signer, &Clock, &mut [u8]) -> Result<usize, RequestError>,
) -> Attempt {
    // SAFETY: as promised.
    let (signer, clock) = unsafe { (shared(signer)?, NotifyClock::get(clock)?) };
    if buffer.is_null() || length.is_null() {
        return Err(NOTIFY_ERROR_NULL);
    }
    let signer = signer.get().ok_or(NOTIFY_ERROR_NO_KEY)?;
    // SAFETY: the caller promises that this many bytes are there. Whatever C has left in them, they are bytes to us: no
    // optimiser sees both sides of an archive.
    let buffer = unsafe { slice::from_raw_parts_mut(buffer, buffer_size) };
    let written = request(signer, clock, buffer).map_err(|error| match error {
        RequestError::BufferTooSmall => NOTIFY_ERROR_BUFFER_TOO_SMALL,
        RequestError::MalformedService => NOTIFY_ERROR_SERVICE,
        // The rest is `Over`.
        _ => NOTIFY_ERROR_OVER,
    })?;
    // SAFETY: the caller promises that this is the place of a number.
    unsafe { write(length, written) }
}
