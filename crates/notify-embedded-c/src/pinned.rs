//! A value in the caller's memory that points to itself, so that it counts only where it was made.

use notify_jwt_c::NOTIFY_ERROR_NULL;

use crate::error::NOTIFY_ERROR_NOT_INITIALISED;
use crate::pointer::Attempt;

/// What is in the caller's memory.
pub(crate) struct Pinned<T> {
    value: T,
    /// Its own address, once the value is there.
    address: usize,
}

impl<T> Pinned<T> {
    /// The value that was made there. Its parts are for the caller to borrow: some of them point to others.
    ///
    /// # Safety
    ///
    /// It is NULL, or points to such a place, initialised or all zeros, that nobody else uses meanwhile.
    pub(crate) unsafe fn get(place: *mut Self) -> Attempt<*mut T> {
        if place.is_null() {
            return Err(NOTIFY_ERROR_NULL);
        }
        // SAFETY: there is room for it, and any bytes are an address.
        let address = unsafe { (&raw const (*place).address).read() };
        if address != place.addr() {
            return Err(NOTIFY_ERROR_NOT_INITIALISED);
        }
        // SAFETY: the caller promises that the place is there.
        Ok(unsafe { &raw mut (*place).value })
    }

    /// Forgets what was made there before, and has the value made anew. If that fails, there is none.
    ///
    /// # Safety
    ///
    /// It is NULL, or such a place, initialised or not, and `make` initialises the value unless it fails.
    pub(crate) unsafe fn make(place: *mut Self, make: impl FnOnce(*mut T) -> Attempt) -> Attempt {
        if place.is_null() {
            return Err(NOTIFY_ERROR_NULL);
        }
        // SAFETY: the caller promises that the place is there.
        unsafe { (&raw mut (*place).address).write(0) };
        // SAFETY: as before.
        make(unsafe { &raw mut (*place).value })?;
        // SAFETY: as before.
        unsafe { (&raw mut (*place).address).write(place.addr()) };
        Ok(())
    }
}
