//! A call after a reset, from what the journal says.

use notify_embedded::Call;
use notify_jwt_c::NotifyStatus;

use crate::call::{NotifyCall, place};
use crate::error::NOTIFY_ERROR_NOTHING_TO_LOOK_UP;
use crate::journal::NotifyJournal;
use crate::message::NotifyService;
use crate::pointer::{Attempt, shared, status};

/// Begins a call that finds out what became of the message that was in doubt when the device was reset. It looks the message
/// up and sends nothing. If it ends in `NOTIFY_TRY_AGAIN`, the service did not take the message: begin a new call to send
/// it.
///
/// # Safety
///
/// `call` points to a call, initialised or not, `service` to a service whose texts stay as they are until the call is over,
/// and `journal` to an initialised journal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_call_resume(
    call: *mut NotifyCall,
    service: *const NotifyService,
    journal: *const NotifyJournal,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { resume(call, service, journal) })
}

/// # Safety
///
/// As [`notify_call_resume`].
unsafe fn resume(
    call: *mut NotifyCall,
    service: *const NotifyService,
    journal: *const NotifyJournal,
) -> Attempt {
    // SAFETY: the caller promises that these are NULL, or what they should be.
    let (service, journal) = unsafe { (shared(service)?, shared(journal)?.get()?) };
    let make = || {
        // SAFETY: the caller promises that the texts end, and stay.
        let service = unsafe { service.get()? };
        let resumed = journal.in_doubt().and_then(|in_doubt| Call::resume(service, in_doubt));
        resumed.ok_or(NOTIFY_ERROR_NOTHING_TO_LOOK_UP)
    };
    // SAFETY: the caller promises that this is the place of a call.
    unsafe { place(call, make) }
}
