//! The signer, in the caller's memory.

use core::ffi::c_char;
use core::slice;

use notify_jwt::{ApiKey, BEARER_MAX, Signer};
use zeroize::Zeroize;

use crate::status::{
    NOTIFY_ERROR_BUFFER_TOO_SMALL, NOTIFY_ERROR_NO_KEY, NOTIFY_ERROR_NULL, NOTIFY_OK, NotifyStatus, of_key,
};

/// The size of the buffer for a header value, in bytes: the longest value, and a NUL.
pub const NOTIFY_BEARER_SIZE: usize = 187;
const _: () = assert!(NOTIFY_BEARER_SIZE == BEARER_MAX + 1);

/// Mints the tokens of one API key. Place it where you like, in static memory or on the stack, but leave its contents to the
/// functions below. Wipe it when you no longer need it.
#[repr(C)]
#[derive(Debug)]
pub struct NotifySigner {
    opaque: [u64; 24],
}

impl NotifySigner {
    /// The signer, if it has a key.
    #[must_use]
    pub fn get(&self) -> Option<&Signer> {
        // SAFETY: as it has a key, `notify_signer_init` has made a signer there.
        (self.opaque.last() == Some(&HAS_KEY)).then(|| unsafe { &*(&raw const self.opaque).cast::<Signer>() })
    }
}

/// The last of those words, in a signer that has a key.
const HAS_KEY: u64 = 0x6e6f_7469_6679_2121;

const _: () = assert!(size_of::<NotifySigner>() == 192);
// The signer fits before that word.
const _: () = assert!(size_of::<Signer>() <= size_of::<NotifySigner>() - size_of::<u64>());
const _: () = assert!(align_of::<Signer>() <= align_of::<NotifySigner>());

/// Prepares an API key for signing. White space around the key is ignored. `key_length` is in bytes, without a NUL at the end:
/// what `strlen` returns.
///
/// After an error, the signer has no key. The text of the key is no longer needed: wipe it if it is in RAM.
///
/// # Safety
///
/// `signer` points to a signer, initialised or not, and `key` to `key_length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_signer_init(
    signer: *mut NotifySigner,
    key: *const c_char,
    key_length: usize,
) -> NotifyStatus {
    if signer.is_null() || key.is_null() {
        return NOTIFY_ERROR_NULL;
    }
    // If this is not a key, nothing is left of an earlier one.
    // SAFETY: the caller promises that this is the place of a signer.
    unsafe { signer.write_bytes(0, 1) };
    // SAFETY: it was just written.
    let place = unsafe { &mut *signer };
    // SAFETY: the caller promises that this many bytes are there.
    let key = unsafe { slice::from_raw_parts(key.cast(), key_length) };
    match ApiKey::parse_bytes(key) {
        Ok(key) => {
            let signer = (&raw mut place.opaque).cast::<Signer>();
            // SAFETY: a signer consists of numbers, all of which may be zero; there is room for it, as asserted above.
            unsafe { &mut *signer }.set_key(&key);
            if let Some(last) = place.opaque.last_mut() {
                *last = HAS_KEY;
            }
            NOTIFY_OK
        }
        Err(error) => of_key(error.part()),
    }
}

/// Writes the value of an `Authorization` header, `Bearer` and a token that is issued at this time, in seconds since 1970,
/// with a NUL at its end. The buffer needs `NOTIFY_BEARER_SIZE` bytes.
///
/// The service accepts it while its own clock is within 30 seconds of that time. So mint a new one for each request, as late as
/// you can. The bare token starts at the eighth character.
///
/// # Safety
///
/// `signer` points to a signer, initialised or all zeros, and `buffer` to `buffer_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_signer_bearer(
    signer: *const NotifySigner,
    unix_seconds: u64,
    buffer: *mut c_char,
    buffer_size: usize,
) -> NotifyStatus {
    if signer.is_null() || buffer.is_null() {
        return NOTIFY_ERROR_NULL;
    }
    // SAFETY: the caller promises that this is a signer.
    let Some(signer) = unsafe { &*signer }.get() else { return NOTIFY_ERROR_NO_KEY };
    if buffer_size < NOTIFY_BEARER_SIZE {
        return NOTIFY_ERROR_BUFFER_TOO_SMALL;
    }
    // SAFETY: the caller promises that there are at least this many bytes. Whatever C has left in them, they are bytes to us:
    // no optimiser sees both sides of an archive.
    let buffer = unsafe { &mut *buffer.cast::<[u8; NOTIFY_BEARER_SIZE]>() };
    let Ok(length) = signer.bearer_to_slice(unix_seconds, buffer) else {
        return NOTIFY_ERROR_BUFFER_TOO_SMALL;
    };
    if let Some(end) = buffer.get_mut(length) {
        *end = 0;
    }
    NOTIFY_OK
}

/// Overwrites a signer. Whoever reads its memory afterwards cannot sign with it.
///
/// # Safety
///
/// `signer` points to a signer, initialised or not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn notify_signer_wipe(signer: *mut NotifySigner) -> NotifyStatus {
    if signer.is_null() {
        return NOTIFY_ERROR_NULL;
    }
    // SAFETY: the caller promises that this is the place of a signer.
    unsafe { &mut *signer.cast::<[core::mem::MaybeUninit<u64>; 24]>() }.as_mut_slice().zeroize();
    NOTIFY_OK
}
