//! What a device keeps in flash, in the caller's memory.

use core::slice;

use notify_embedded::{Ending, Journal, RECORD_LEN, Record};
use notify_jwt_c::{NOTIFY_ERROR_NULL, NotifyClock, NotifyStatus};

use crate::call::{NotifyCall, get};
use crate::error::{NOTIFY_ERROR_NOT_INITIALISED, NOTIFY_ERROR_STILL_IN_DOUBT};
use crate::outcome::NotifyOutcome;
use crate::pointer::{Attempt, exclusive, shared, status, write};

/// The size of a record, in bytes.
pub const NOTIFY_RECORD_SIZE: usize = 128;
const _: () = assert!(NOTIFY_RECORD_SIZE == RECORD_LEN);

/// The journal of a device that sends one message at a time: a record before the first byte of a message leaves, and one when
/// its outcome is known. It neither reads nor writes flash. Give it the records that are there; it gives you the next one.
#[repr(C)]
#[derive(Debug)]
pub struct NotifyJournal {
    opaque: [u64; 24],
}

/// The last of those words, in a journal that was read.
const IS_READ: u64 = 0x6e6f_7469_6679_4a4a;

const _: () = assert!(size_of::<NotifyJournal>() == 192);
// The journal fits before that word.
const _: () = assert!(size_of::<Journal>() <= size_of::<NotifyJournal>() - size_of::<u64>());
const _: () = assert!(align_of::<Journal>() <= align_of::<NotifyJournal>());

impl NotifyJournal {
    pub(crate) fn get(&self) -> Attempt<&Journal> {
        if self.opaque.last() != Some(&IS_READ) {
            return Err(NOTIFY_ERROR_NOT_INITIALISED);
        }
        // SAFETY: as it was read, `notify_journal_read` has made a journal there.
        Ok(unsafe { &*(&raw const self.opaque).cast::<Journal>() })
    }

    fn get_mut(&mut self) -> Attempt<&mut Journal> {
        self.get()?;
        // SAFETY: as before.
        Ok(unsafe { &mut *(&raw mut self.opaque).cast::<Journal>() })
    }
}

/// Reads the records from flash after a start. They lie one after another, in any order. Slots that were erased and never
/// written count as empty.
///
/// # Safety
///
/// `journal` points to a journal, initialised or not, and `slots` to `count` records of `NOTIFY_RECORD_SIZE`
/// bytes each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_journal_read(
    journal: *mut NotifyJournal,
    slots: *const u8,
    count: usize,
) -> NotifyStatus {
    if journal.is_null() || slots.is_null() {
        return NOTIFY_ERROR_NULL;
    }
    // SAFETY: the caller promises that this many records are there.
    let slots = unsafe { slice::from_raw_parts(slots.cast::<Record>(), count) };
    // SAFETY: the caller promises that this is the place of a journal.
    unsafe { journal.write_bytes(0, 1) };
    // SAFETY: there is room for it, as asserted above.
    unsafe { journal.cast::<Journal>().write(Journal::read(slots)) };
    // SAFETY: it was just written.
    let words = unsafe { &mut (*journal).opaque };
    if let Some(last) = words.last_mut() {
        *last = IS_READ;
    }
    notify_jwt_c::NOTIFY_OK
}

/// Makes the record of the request that the call has just written. Write it to flash before the first byte of that request
/// leaves. `has_record` becomes 1; or 0 if the request is a lookup, which needs no record.
///
/// # Safety
///
/// `journal`, `call` and `clock` are initialised or all zeros, `record` points to `NOTIFY_RECORD_SIZE` bytes, and
/// `has_record` to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_journal_sending(
    journal: *mut NotifyJournal,
    call: *mut NotifyCall,
    clock: *const NotifyClock,
    record: *mut u8,
    has_record: *mut u32,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { sending(journal, call, clock, record, has_record) })
}

/// # Safety
///
/// As [`notify_journal_sending`].
unsafe fn sending(
    journal: *mut NotifyJournal,
    call: *mut NotifyCall,
    clock: *const NotifyClock,
    record: *mut u8,
    has_record: *mut u32,
) -> Attempt {
    if record.is_null() || has_record.is_null() {
        return Err(NOTIFY_ERROR_NULL);
    }
    // SAFETY: the caller promises that these are NULL, or what they should be.
    let (journal, call) = unsafe { (exclusive(journal)?.get_mut()?, get(call)?) };
    // SAFETY: as before.
    let clock = unsafe { NotifyClock::get(clock)? };
    let made = journal.sending(call, clock).map_err(|_| NOTIFY_ERROR_STILL_IN_DOUBT)?;
    if let Some(made) = &made {
        // SAFETY: the caller promises that a record has room there.
        unsafe { record.cast::<Record>().write(*made) };
    }
    // SAFETY: the caller promises that this is the place of a number.
    unsafe { write(has_record, made.is_some().into()) }
}

/// Makes the record to write when the outcome is known. After `NOTIFY_TRY_AGAIN` it says that the message was not taken, and
/// after `NOTIFY_LOOK_UP` or `NOTIFY_UNKNOWN` that you gave it up: nothing looks it up any more.
/// If no message is under way, the record says what the last one said.
///
/// # Safety
///
/// `journal` and `clock` are initialised or all zeros, `outcome` points to an outcome, and `record` to `NOTIFY_RECORD_SIZE`
/// bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_journal_finished(
    journal: *mut NotifyJournal,
    outcome: *const NotifyOutcome,
    clock: *const NotifyClock,
    record: *mut u8,
) -> NotifyStatus {
    // SAFETY: the caller promises that it is NULL or an outcome.
    let ending = unsafe { shared(outcome) }.and_then(NotifyOutcome::ending);
    // SAFETY: the caller promises the same.
    status(ending.and_then(|ending| unsafe { end(journal, ending, clock, record) }))
}

/// Makes the record to write when you give up a message that is in doubt. Nothing looks it up any more, and it must not be
/// sent again.
///
/// # Safety
///
/// `journal` and `clock` are initialised or all zeros, and `record` points to `NOTIFY_RECORD_SIZE` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_journal_give_up(
    journal: *mut NotifyJournal,
    clock: *const NotifyClock,
    record: *mut u8,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { end(journal, Ending::GivenUp, clock, record) })
}

/// # Safety
///
/// As [`notify_journal_give_up`].
unsafe fn end(
    journal: *mut NotifyJournal,
    ending: Ending,
    clock: *const NotifyClock,
    record: *mut u8,
) -> Attempt {
    if record.is_null() {
        return Err(NOTIFY_ERROR_NULL);
    }
    // SAFETY: the caller promises that these are NULL, or what they should be.
    let (journal, clock) = unsafe { (exclusive(journal)?.get_mut()?, NotifyClock::get(clock)?) };
    // SAFETY: the caller promises that a record has room there.
    unsafe { write(record.cast::<Record>(), journal.ended(ending, clock)) }
}
