//! The state of a journal: what a device asks it after a reset.

use core::ffi::c_char;
use core::slice;

use notify_embedded::{Ending, REFERENCE_MAX, Reference};
use notify_jwt_c::{NOTIFY_ERROR_BUFFER_TOO_SMALL, NOTIFY_ERROR_NULL, NotifyStatus};

use crate::error::{NOTIFY_ERROR_NOTHING_TO_LOOK_UP, NOTIFY_ERROR_REFERENCE};
use crate::journal::NotifyJournal;
use crate::outcome::{
    NOTIFY_ACCEPTED, NOTIFY_PENDING, NOTIFY_REFUSED, NOTIFY_TRY_AGAIN, NOTIFY_UNKNOWN, put,
};
use crate::pointer::{Attempt, shared, status, text, write};

/// The size of the text of a reference, in bytes, with its NUL.
pub const NOTIFY_REFERENCE_SIZE: usize = 65;
const _: () = assert!(NOTIFY_REFERENCE_SIZE == REFERENCE_MAX + 1);

/// Writes the last time that the service confirmed, in seconds since 1970: what to start the clock from. It is 0 if there is
/// none.
///
/// # Safety
///
/// `journal` is initialised or all zeros, and `unix_seconds` points to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_journal_last_confirmed(
    journal: *const NotifyJournal,
    unix_seconds: *mut u64,
) -> NotifyStatus {
    // SAFETY: the caller promises that these are what they should be, or NULL.
    status(unsafe { shared(journal) }.and_then(NotifyJournal::get).and_then(|journal| {
        // SAFETY: as before.
        unsafe { write(unix_seconds, journal.last_confirmed().unwrap_or_default()) }
    }))
}

/// Writes whether a message was under way when the device was reset: 0 or 1. With a reference that is not NULL, it asks about
/// the message with that reference.
///
/// # Safety
///
/// `journal` is initialised or all zeros, `reference` is NULL or ends in NUL, and `is_in_doubt` points to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_journal_in_doubt(
    journal: *const NotifyJournal,
    reference: *const c_char,
    is_in_doubt: *mut u32,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { in_doubt(journal, reference, is_in_doubt) })
}

/// # Safety
///
/// As [`notify_journal_in_doubt`].
unsafe fn in_doubt(
    journal: *const NotifyJournal,
    reference: *const c_char,
    is_in_doubt: *mut u32,
) -> Attempt {
    // SAFETY: the caller promises that it is NULL or a journal.
    let in_doubt = unsafe { shared(journal)? }.get()?.in_doubt();
    let is_meant = if reference.is_null() {
        in_doubt.is_some()
    } else {
        // SAFETY: the caller promises that it ends in NUL.
        let reference = unsafe { asked(reference)? };
        in_doubt.is_some_and(|in_doubt| in_doubt.reference() == Some(&reference))
    };
    // SAFETY: the caller promises that it is NULL or the place of a number.
    unsafe { write(is_in_doubt, is_meant.into()) }
}

/// # Safety
///
/// It is NULL, or ends in NUL.
unsafe fn asked(reference: *const c_char) -> Attempt<Reference> {
    // SAFETY: as promised.
    Reference::new(unsafe { text(reference)? }).map_err(|_| NOTIFY_ERROR_REFERENCE)
}

/// Writes how the message with this reference ended, if it is the last one: `NOTIFY_ACCEPTED`, `NOTIFY_REFUSED`,
/// `NOTIFY_TRY_AGAIN` if it was not taken, `NOTIFY_UNKNOWN` if it was given up, and otherwise `NOTIFY_PENDING`. Ask for it
/// before you send a message after a reset.
///
/// # Safety
///
/// `journal` is initialised or all zeros, `reference` ends in NUL, and `kind` points to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_journal_ending(
    journal: *const NotifyJournal,
    reference: *const c_char,
    kind: *mut u32,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { ending(journal, reference, kind) })
}

/// # Safety
///
/// As [`notify_journal_ending`].
unsafe fn ending(journal: *const NotifyJournal, reference: *const c_char, kind: *mut u32) -> Attempt {
    // SAFETY: the caller promises that it is NULL or a journal.
    let journal = unsafe { shared(journal)? }.get()?;
    // SAFETY: the caller promises that it is NULL or ends in NUL.
    let reference = unsafe { asked(reference)? };
    let ended = match journal.ending(&reference) {
        None => NOTIFY_PENDING,
        Some(Ending::Accepted(_)) => NOTIFY_ACCEPTED,
        Some(Ending::Refused) => NOTIFY_REFUSED,
        Some(Ending::NotTaken) => NOTIFY_TRY_AGAIN,
        Some(Ending::GivenUp) => NOTIFY_UNKNOWN,
    };
    // SAFETY: the caller promises that it is NULL or the place of a number.
    unsafe { write(kind, ended) }
}

/// Writes the number of the slot for the record that was made last, from 0 to `slots` - 1.
///
/// # Safety
///
/// `journal` is initialised or all zeros, and `slot` points to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_journal_slot(
    journal: *const NotifyJournal,
    slots: usize,
    slot: *mut usize,
) -> NotifyStatus {
    // SAFETY: the caller promises that these are what they should be, or NULL.
    status(unsafe { shared(journal) }.and_then(NotifyJournal::get).and_then(|journal| {
        // SAFETY: as before.
        unsafe { write(slot, journal.slot(slots)) }
    }))
}

/// Writes the reference of the message that was under way when the device was reset, with a NUL at its end. It is empty if
/// the message has none. The buffer needs `NOTIFY_REFERENCE_SIZE` bytes. If no message is in doubt, this is
/// `NOTIFY_ERROR_NOTHING_TO_LOOK_UP`.
///
/// # Safety
///
/// `journal` is initialised or all zeros, and `buffer` points to `buffer_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_journal_reference(
    journal: *const NotifyJournal,
    buffer: *mut c_char,
    buffer_size: usize,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { reference(journal, buffer, buffer_size) })
}

/// # Safety
///
/// As [`notify_journal_reference`].
unsafe fn reference(journal: *const NotifyJournal, buffer: *mut c_char, buffer_size: usize) -> Attempt {
    // SAFETY: the caller promises that it is NULL or a journal.
    let journal = unsafe { shared(journal)? }.get()?;
    if buffer.is_null() {
        return Err(NOTIFY_ERROR_NULL);
    }
    if buffer_size < NOTIFY_REFERENCE_SIZE {
        return Err(NOTIFY_ERROR_BUFFER_TOO_SMALL);
    }
    let in_doubt = journal.in_doubt().ok_or(NOTIFY_ERROR_NOTHING_TO_LOOK_UP)?;
    // SAFETY: the caller promises that there are at least this many bytes.
    let place = unsafe { slice::from_raw_parts_mut(buffer, NOTIFY_REFERENCE_SIZE) };
    place.fill(0);
    put(place, in_doubt.reference().map_or(&[][..], Reference::as_bytes));
    Ok(())
}

/// Writes whether a record is damaged: 0 or 1. A record that the reset cut short is harmless: either no byte of its message
/// had left, or the record before still says that the message is in doubt. A record that decayed later is not harmless, so a
/// device whose flash wears out should report it.
///
/// # Safety
///
/// `journal` is initialised or all zeros, and `is_torn` points to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_journal_is_torn(
    journal: *const NotifyJournal,
    is_torn: *mut u32,
) -> NotifyStatus {
    // SAFETY: the caller promises that these are what they should be, or NULL.
    status(unsafe { shared(journal) }.and_then(NotifyJournal::get).and_then(|journal| {
        // SAFETY: as before.
        unsafe { write(is_torn, journal.is_torn().into()) }
    }))
}
