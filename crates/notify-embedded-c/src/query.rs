//! A question about a message that was sent before, in the caller's memory.

use core::ffi::c_char;

use notify_embedded::{Answer, NotificationId, Query, Reference, Service};
use notify_jwt::{Clock, Signer};
use notify_jwt_c::{NOTIFY_ERROR_NULL, NotifyClock, NotifySigner, NotifyStatus};

use crate::answer::NotifyAnswer;
use crate::error::{NOTIFY_ERROR_NOTIFICATION_ID, NOTIFY_ERROR_REFERENCE};
use crate::message::NotifyService;
use crate::pinned::Pinned;
use crate::pointer::{Attempt, bytes, shared, status, text, write};
use crate::request::write_request;

/// Asks for one message that was sent before, by its id or by its reference. Place it where you like, in static memory or on
/// the stack, but leave its contents to the functions below, and do not copy it: it points to itself.
///
/// Use it like a call. You may repeat it: it changes nothing.
#[repr(C)]
#[derive(Debug)]
pub struct NotifyQuery {
    opaque: [u64; 128],
}

/// What is in it.
struct Asking {
    query: Query<'static>,
    /// What the query points to.
    reference: Option<Reference>,
}

const _: () = assert!(size_of::<NotifyQuery>() == 1024);
const _: () = assert!(size_of::<Pinned<Asking>>() <= size_of::<NotifyQuery>());
const _: () = assert!(align_of::<Pinned<Asking>>() <= align_of::<NotifyQuery>());

/// The query that was initialised there.
///
/// # Safety
///
/// `query` is NULL, or points to a query, initialised or all zeros, that nobody else uses meanwhile.
unsafe fn get<'a>(query: *mut NotifyQuery) -> Attempt<&'a mut Query<'static>> {
    // SAFETY: as promised.
    let asking = unsafe { Pinned::<Asking>::get(query.cast())? };
    // SAFETY: it was initialised. The rest of it is only read, through the query itself.
    Ok(unsafe { &mut (*asking).query })
}

/// Begins a query for the message with this id.
///
/// # Safety
///
/// `query` points to a query, initialised or not, `service` to a service whose texts stay as they are until the query is
/// answered, and `id` ends in NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_query_get(
    query: *mut NotifyQuery,
    service: *const NotifyService,
    id: *const c_char,
) -> NotifyStatus {
    let make = |asking: *mut Asking, service, id: &str| {
        let id = NotificationId::parse(id).map_err(|_| NOTIFY_ERROR_NOTIFICATION_ID)?;
        // SAFETY: there is room for it, and what was there needs no drop.
        unsafe { (&raw mut (*asking).query).write(Query::get(service, id)) };
        Ok(())
    };
    // SAFETY: the caller promises the same. Of the rest, nothing is read but through the query.
    status(unsafe { begin(query, service, id, make) })
}

/// Begins a query for a message with this reference, the newest if there are several. You need not keep the text of the
/// reference.
///
/// # Safety
///
/// `query` points to a query, initialised or not, `service` to a service whose texts stay as they are until the query is
/// answered, and `reference` ends in NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_query_find(
    query: *mut NotifyQuery,
    service: *const NotifyService,
    reference: *const c_char,
) -> NotifyStatus {
    let make = |asking: *mut Asking, service, reference: &str| {
        let reference = Reference::new(reference).map_err(|_| NOTIFY_ERROR_REFERENCE)?;
        // SAFETY: there is room for it, and what was there needs no drop.
        unsafe { (&raw mut (*asking).reference).write(Some(reference)) };
        // SAFETY: it was just written. It stays there, and nobody changes it until the next query is begun there.
        let reference = unsafe { &(*asking).reference }.as_ref().ok_or(NOTIFY_ERROR_REFERENCE)?;
        // SAFETY: as before.
        unsafe { (&raw mut (*asking).query).write(Query::find(service, reference)) };
        Ok(())
    };
    // SAFETY: the caller promises the same.
    status(unsafe { begin(query, service, reference, make) })
}

/// Begins a query of a service, about what a text says.
///
/// # Safety
///
/// `query` is NULL or the place of a query, `service` is NULL or a service whose texts stay, and `about` is NULL or ends in
/// NUL. `make` initialises the query unless it fails.
unsafe fn begin(
    query: *mut NotifyQuery,
    service: *const NotifyService,
    about: *const c_char,
    make: impl FnOnce(*mut Asking, Service<'static>, &str) -> Attempt,
) -> Attempt {
    // SAFETY: as promised.
    let (service, about) = unsafe { (shared(service)?, text(about)?) };
    // SAFETY: as promised.
    let make = |asking| make(asking, unsafe { service.get()? }, about);
    // SAFETY: as promised.
    unsafe { Pinned::make(query.cast(), make) }
}

/// Writes the request and its length in bytes. Call this once you are connected, since the token in the request is valid for
/// 30 seconds only. 512 bytes are enough for an id, and 640 for any reference. After an error, the query is as it was.
///
/// # Safety
///
/// `query`, `signer` and `clock` are initialised or all zeros, `buffer` points to `buffer_size` bytes, and `length` to a
/// number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_query_request(
    query: *mut NotifyQuery,
    signer: *const NotifySigner,
    clock: *const NotifyClock,
    uptime: u64,
    buffer: *mut u8,
    buffer_size: usize,
    length: *mut usize,
) -> NotifyStatus {
    // SAFETY: the caller promises that it is NULL or a query.
    status(unsafe { get(query) }.and_then(|query| {
        let write = |signer: &Signer, clock: &Clock, buffer: &mut [u8]| {
            Ok(query.request(signer, clock, uptime, buffer)?.len())
        };
        // SAFETY: the caller promises the same.
        unsafe { write_request((signer, clock), (buffer, buffer_size), length, write) }
    }))
}

/// Hands the query a piece of the answer, of any size. The answer is `NOTIFY_PENDING` until it is over. The query ignores
/// what comes after that, and what comes before a request.
///
/// If the service says that the token's time is wrong, this adjusts the clock. If it accepts a token, this confirms the time.
///
/// # Safety
///
/// `query` and `clock` are initialised or all zeros, `piece` points to `length` bytes, and `answer` points to where the
/// answer goes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_query_received(
    query: *mut NotifyQuery,
    clock: *mut NotifyClock,
    uptime: u64,
    piece: *const u8,
    length: usize,
    answer: *mut NotifyAnswer,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { bytes(piece, length) }.and_then(|piece| {
        // SAFETY: as before.
        unsafe { tell(query, clock, answer, |query, clock| query.received(piece, clock, uptime)) }
    }))
}

/// Tells the query that the connection ended. That may be the end of the answer. If the answer is known already, this gives
/// it once more.
///
/// # Safety
///
/// `query` and `clock` are initialised or all zeros, and `answer` points to where the answer goes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_query_closed(
    query: *mut NotifyQuery,
    clock: *mut NotifyClock,
    uptime: u64,
    answer: *mut NotifyAnswer,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { tell(query, clock, answer, |query, clock| Some(query.closed(clock, uptime))) })
}

/// Tells the query that you could not connect, or no longer wait for the answer. Close the connection.
///
/// # Safety
///
/// `query` is initialised or all zeros, and `answer` points to where the answer goes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_query_lost(
    query: *mut NotifyQuery,
    answer: *mut NotifyAnswer,
) -> NotifyStatus {
    // SAFETY: the caller promises that it is NULL or a query.
    status(unsafe { get(query) }.and_then(|query| {
        if answer.is_null() {
            return Err(NOTIFY_ERROR_NULL);
        }
        // SAFETY: the caller promises that this is the place of an answer.
        unsafe { write(answer, NotifyAnswer::of(&query.lost())) }
    }))
}

/// Tells the query something, and writes what comes of it.
///
/// # Safety
///
/// `query` and `clock` are NULL, initialised or all zeros, and `answer` is NULL or the place of an answer.
unsafe fn tell(
    query: *mut NotifyQuery,
    clock: *mut NotifyClock,
    answer: *mut NotifyAnswer,
    what: impl FnOnce(&mut Query<'static>, &mut Clock) -> Option<Answer>,
) -> Attempt {
    // SAFETY: the caller promises that these are NULL, or what they should be.
    let (query, clock) = unsafe { (get(query)?, NotifyClock::get_mut(clock)?) };
    if answer.is_null() {
        return Err(NOTIFY_ERROR_NULL);
    }
    let said = what(query, clock).map_or(NotifyAnswer::PENDING, |answer| NotifyAnswer::of(&answer));
    // SAFETY: as before.
    unsafe { write(answer, said) }
}
