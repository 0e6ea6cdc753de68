//! What C hands us.

use core::ffi::{CStr, c_char};
use core::slice;

use notify_jwt_c::{NOTIFY_ERROR_NULL, NOTIFY_OK, NotifyStatus};

use crate::error::NOTIFY_ERROR_TEXT;

/// A status instead of a value.
pub(crate) type Attempt<T = ()> = Result<T, NotifyStatus>;

/// The status of an attempt.
pub(crate) fn status(attempt: Attempt) -> NotifyStatus {
    attempt.err().unwrap_or(NOTIFY_OK)
}

/// # Safety
///
/// It is NULL, or points to a value that nobody changes meanwhile.
pub(crate) unsafe fn shared<'a, T>(pointer: *const T) -> Attempt<&'a T> {
    // SAFETY: as promised.
    unsafe { pointer.as_ref() }.ok_or(NOTIFY_ERROR_NULL)
}

/// # Safety
///
/// It is NULL, or points to a value that nobody else uses meanwhile.
pub(crate) unsafe fn exclusive<'a, T>(pointer: *mut T) -> Attempt<&'a mut T> {
    // SAFETY: as promised.
    unsafe { pointer.as_mut() }.ok_or(NOTIFY_ERROR_NULL)
}

/// Writes a value to a place of the caller's.
///
/// # Safety
///
/// It is NULL, or the place of such a value.
pub(crate) unsafe fn write<T>(place: *mut T, value: T) -> Attempt {
    if place.is_null() {
        return Err(NOTIFY_ERROR_NULL);
    }
    // SAFETY: as promised.
    unsafe { place.write(value) };
    Ok(())
}

/// # Safety
///
/// It is NULL, or points to so many bytes that nobody changes meanwhile.
pub(crate) unsafe fn bytes<'a>(pointer: *const u8, length: usize) -> Attempt<&'a [u8]> {
    if pointer.is_null() {
        return Err(NOTIFY_ERROR_NULL);
    }
    // SAFETY: as promised.
    Ok(unsafe { slice::from_raw_parts(pointer, length) })
}

/// # Safety
///
/// It is NULL, or a text that ends in NUL and stays as it is.
pub(crate) unsafe fn text<'a>(pointer: *const c_char) -> Attempt<&'a str> {
    if pointer.is_null() {
        return Err(NOTIFY_ERROR_NULL);
    }
    // SAFETY: as promised.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().map_err(|_| NOTIFY_ERROR_TEXT)
}

/// A text, or none if the pointer is NULL.
///
/// # Safety
///
/// As [`text`].
pub(crate) unsafe fn text_or_null<'a>(pointer: *const c_char) -> Attempt<Option<&'a str>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: as promised.
    unsafe { text(pointer) }.map(Some)
}
