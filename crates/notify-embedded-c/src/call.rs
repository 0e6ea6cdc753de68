//! A message on its way, in the caller's memory.

use notify_embedded::{Call, Outcome, Reference};
use notify_jwt::{Clock, Signer};
use notify_jwt_c::{NOTIFY_ERROR_NULL, NotifyClock, NotifySigner, NotifyStatus};

use crate::message::{NOTIFY_VALUES_MAX, NotifyMessage, NotifyService, Pair};
use crate::outcome::NotifyOutcome;
use crate::pinned::Pinned;
use crate::pointer::{Attempt, bytes, shared, status, write};
use crate::request::write_request;

/// One message on its way: it writes the requests, reads the answers, and knows what they mean. Place it where you like, in
/// static memory or on the stack, but leave its contents to the functions below, and do not copy it: it points to itself.
///
/// Connect, have it write a request, send that, and tell it what came back. Each request has a connection of its own.
#[repr(C)]
#[derive(Debug)]
pub struct NotifyCall {
    opaque: [u64; 192],
}

/// What is in it.
struct Sending {
    call: Call<'static>,
    /// What the message of the call points to.
    reference: Option<Reference>,
    values: [Pair; NOTIFY_VALUES_MAX],
}

const _: () = assert!(size_of::<NotifyCall>() == 1536);
const _: () = assert!(size_of::<Pinned<Sending>>() <= size_of::<NotifyCall>());
const _: () = assert!(align_of::<Pinned<Sending>>() <= align_of::<NotifyCall>());

/// The call that was initialised there.
///
/// # Safety
///
/// `call` is NULL, or points to a call, initialised or all zeros, that nobody else uses meanwhile.
pub(crate) unsafe fn get<'a>(call: *mut NotifyCall) -> Attempt<&'a mut Call<'static>> {
    // SAFETY: as promised.
    let sending = unsafe { Pinned::<Sending>::get(call.cast())? };
    // SAFETY: it was initialised. The rest of it is only read, through the call itself.
    Ok(unsafe { &mut (*sending).call })
}

/// Places a call that has no message of its own in the caller's memory.
///
/// # Safety
///
/// `call` is NULL, or the place of a call, initialised or not.
pub(crate) unsafe fn place(call: *mut NotifyCall, make: impl FnOnce() -> Attempt<Call<'static>>) -> Attempt {
    let make = |sending: *mut Sending| {
        // SAFETY: there is room for it, and what was there needs no drop.
        unsafe { (&raw mut (*sending).call).write(make()?) };
        Ok(())
    };
    // SAFETY: as promised. Of the rest, nothing is read but through the call.
    unsafe { Pinned::make(call.cast(), make) }
}

/// Begins a call that sends a message. Keep the texts where they are until the call is over.
///
/// # Safety
///
/// `call` points to a call, initialised or not, `service` to a service and `message` to a message, whose texts end in NUL or
/// are NULL. The texts stay as they are until the call is over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_call_init(
    call: *mut NotifyCall,
    service: *const NotifyService,
    message: *const NotifyMessage,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { init(call, service, message) })
}

/// # Safety
///
/// As [`notify_call_init`].
unsafe fn init(
    call: *mut NotifyCall,
    service: *const NotifyService,
    message: *const NotifyMessage,
) -> Attempt {
    // SAFETY: the caller promises that these are NULL, or what they should be.
    let (service, message) = unsafe { (shared(service)?, shared(message)?) };
    let make = |sending: *mut Sending| {
        // SAFETY: the caller promises that the texts end, and stay.
        let (service, reference) = unsafe { (service.get()?, message.reference()?) };
        let mut values = [("", ""); NOTIFY_VALUES_MAX];
        // SAFETY: as before.
        unsafe { message.fill(&mut values)? };
        // SAFETY: there is room for both, and what was there needs no drop.
        unsafe {
            (&raw mut (*sending).reference).write(reference);
            (&raw mut (*sending).values).write(values);
        }
        // SAFETY: they were just written. They stay there, and nobody changes them until the next call is begun there.
        let (reference, values) = unsafe { (&(*sending).reference, &(*sending).values) };
        let values = values.get(..message.personalisation_count).unwrap_or_default();
        // SAFETY: as before.
        let message = unsafe { message.get(reference.as_ref(), values)? };
        // SAFETY: there is room for it.
        unsafe { (&raw mut (*sending).call).write(Call::new(service, message)) };
        Ok(())
    };
    // SAFETY: the caller promises that this is the place of a call. Of the rest, nothing is read but through the call.
    unsafe { Pinned::make(call.cast(), make) }
}

/// Writes the next request and its length in bytes. The request sends the message, or looks it up. Call this once you are
/// connected, since the token in the request is valid for 30 seconds only. If you keep a journal, write its record before the
/// first byte of the request leaves.
///
/// A buffer of 1,024 bytes is enough for a message whose recipient, names and values together have 300 bytes. After an
/// error, the call is as it was. `uptime` is in whole seconds since the device started, here and below, and must not go back.
///
/// # Safety
///
/// `call`, `signer` and `clock` are initialised or all zeros, `buffer` points to `buffer_size` bytes, and `length` to a
/// number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_call_request(
    call: *mut NotifyCall,
    signer: *const NotifySigner,
    clock: *const NotifyClock,
    uptime: u64,
    buffer: *mut u8,
    buffer_size: usize,
    length: *mut usize,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { request(call, (signer, clock), uptime, (buffer, buffer_size), length) })
}

/// # Safety
///
/// As [`notify_call_request`].
unsafe fn request(
    call: *mut NotifyCall,
    (signer, clock): (*const NotifySigner, *const NotifyClock),
    uptime: u64,
    buffer: (*mut u8, usize),
    length: *mut usize,
) -> Attempt {
    // SAFETY: the caller promises that it is NULL or a call.
    let call = unsafe { get(call)? };
    let write = |signer: &Signer, clock: &Clock, buffer: &mut [u8]| {
        Ok(call.request(signer, clock, uptime, buffer)?.len())
    };
    // SAFETY: the caller promises the same.
    unsafe { write_request((signer, clock), buffer, length, write) }
}

/// Tells the call that you could not connect for the next request.
///
/// # Safety
///
/// `call` and `clock` are initialised or all zeros, and `outcome` points to where the outcome goes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_call_not_connected(
    call: *mut NotifyCall,
    clock: *mut NotifyClock,
    uptime: u64,
    outcome: *mut NotifyOutcome,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { tell(call, clock, outcome, |call, clock| Some(call.not_connected(clock, uptime))) })
}

/// Hands the call a piece of the answer, of any size. The outcome is `NOTIFY_PENDING` until the answer is over. The call
/// ignores what comes after that, and what comes before a request.
///
/// If the service says that the token's time is wrong, this adjusts the clock. If it accepts a token, this confirms the time.
///
/// # Safety
///
/// `call` and `clock` are initialised or all zeros, `piece` points to `length` bytes, and `outcome` points to where the
/// outcome goes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_call_received(
    call: *mut NotifyCall,
    clock: *mut NotifyClock,
    uptime: u64,
    piece: *const u8,
    length: usize,
    outcome: *mut NotifyOutcome,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { bytes(piece, length) }.and_then(|piece| {
        // SAFETY: as before.
        unsafe { tell(call, clock, outcome, |call, clock| call.received(piece, clock, uptime)) }
    }))
}

/// Tells the call that the connection ended, in whatever way. Once the call is over, this gives the same outcome again.
///
/// # Safety
///
/// `call` and `clock` are initialised or all zeros, and `outcome` points to where the outcome goes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_call_closed(
    call: *mut NotifyCall,
    clock: *mut NotifyClock,
    uptime: u64,
    outcome: *mut NotifyOutcome,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { tell(call, clock, outcome, |call, clock| Some(call.closed(clock, uptime))) })
}

/// Tells the call that you no longer wait for the answer. Close the connection.
///
/// # Safety
///
/// `call` and `clock` are initialised or all zeros, and `outcome` points to where the outcome goes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_call_timed_out(
    call: *mut NotifyCall,
    clock: *mut NotifyClock,
    uptime: u64,
    outcome: *mut NotifyOutcome,
) -> NotifyStatus {
    // SAFETY: the caller promises the same.
    status(unsafe { tell(call, clock, outcome, |call, clock| Some(call.timed_out(clock, uptime))) })
}

/// Tells the call something, and writes what comes of it.
///
/// # Safety
///
/// `call` and `clock` are NULL, initialised or all zeros, and `outcome` is NULL or the place of an outcome.
unsafe fn tell(
    call: *mut NotifyCall,
    clock: *mut NotifyClock,
    outcome: *mut NotifyOutcome,
    what: impl FnOnce(&mut Call<'static>, &mut Clock) -> Option<Outcome>,
) -> Attempt {
    // SAFETY: the caller promises that these are NULL, or what they should be.
    let (call, clock) = unsafe { (get(call)?, NotifyClock::get_mut(clock)?) };
    if outcome.is_null() {
        return Err(NOTIFY_ERROR_NULL);
    }
    let said = what(call, clock).map_or(NotifyOutcome::PENDING, |outcome| NotifyOutcome::of(&outcome));
    // SAFETY: as before.
    unsafe { write(outcome, said) }
}
