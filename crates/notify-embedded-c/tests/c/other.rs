//! Another archive written in Rust, with all of std and its panic handler, as a program may link beside ours.

/// # Safety
///
/// `bytes` points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn other_checksum(bytes: *const u8, length: usize) -> u32 {
    // SAFETY: the caller promises that so many bytes are there.
    let bytes = unsafe { std::slice::from_raw_parts(bytes, length) };
    // It panics unless there are two of them.
    bytes.iter().fold(u32::from(bytes[1]), |sum, byte| sum.rotate_left(5) ^ u32::from(*byte))
}
