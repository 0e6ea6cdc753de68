//! Checks in QEMU what `src/intrinsics.rs` copies, fills, compares and divides. Ends with status 0 if all of it is right.
#![no_std]
#![no_main]

use core::ffi::c_int;
use core::hint::black_box;

use cortex_m_rt::entry;
use notify_device::host;

/// Room around what is written, to see what should not be.
const ROOM: usize = 48;
/// More than a few words, at any place in one.
const LONGEST: usize = 21;

type Copy = unsafe extern "C" fn(*mut u8, *const u8, usize) -> *mut u8;

unsafe extern "C" {
    fn memcpy(to: *mut u8, from: *const u8, length: usize) -> *mut u8;
    fn memmove(to: *mut u8, from: *const u8, length: usize) -> *mut u8;
    fn memset(to: *mut u8, byte: c_int, length: usize) -> *mut u8;
    fn memcmp(one: *const u8, other: *const u8, length: usize) -> c_int;
    fn __aeabi_memcpy4(to: *mut u8, from: *const u8, length: usize) -> *mut u8;
    fn __aeabi_memset(to: *mut u8, length: usize, byte: c_int);
    fn __aeabi_memclr(to: *mut u8, length: usize);
}

#[entry]
fn main() -> ! {
    let checks = [copies, moves, fills, compares, divides];
    let wrong = checks.iter().position(|check| !check());
    if wrong.is_some() {
        host::print("an intrinsic is wrong");
    }
    host::exit(wrong.map_or(0, |check| check + 1))
}

#[repr(align(8))]
struct Bytes([u8; ROOM]);

/// A byte that tells its place.
fn mark(at: usize) -> u8 {
    (at as u8).wrapping_mul(37) ^ 0xa5
}

/// Bytes that tell their places.
fn marked() -> Bytes {
    let mut bytes = Bytes([0; ROOM]);
    for (at, byte) in bytes.0.iter_mut().enumerate() {
        *byte = black_box(mark(at));
    }
    bytes
}

/// Whether these are the marked bytes, except that in so many from here on there is something else.
fn is_marked_but(bytes: &[u8], start: usize, length: usize, there: impl Fn(usize) -> u8) -> bool {
    bytes.iter().enumerate().all(|(at, byte)| {
        let expected = if (start..start + length).contains(&at) { there(at - start) } else { mark(at) };
        *byte == black_box(expected)
    })
}

fn copies() -> bool {
    let from = marked();
    let is_copied = |copy: Copy, step: usize, gives_place: bool| {
        (0..=LONGEST).all(|length| {
            (0..8).step_by(step).all(|start| {
                let mut to = marked();
                // SAFETY: Both have room for that, and are apart.
                let place = unsafe { copy(to.0.as_mut_ptr().add(start), from.0.as_ptr().add(16), length) };
                (!gives_place || place.addr() == to.0.as_ptr().addr() + start)
                    && is_marked_but(&to.0, start, length, |at| mark(16 + at))
            })
        })
    };
    is_copied(memcpy, 1, true) && is_copied(__aeabi_memcpy4, 4, false)
}

fn moves() -> bool {
    (0..=LONGEST).all(|length| {
        (0..8).all(|to| {
            (0..8).all(|from| {
                let mut bytes = marked();
                let start = bytes.0.as_mut_ptr();
                // SAFETY: There is room for that, and they may overlap.
                let place = unsafe { memmove(start.add(to), start.add(from), length) };
                place.addr() == bytes.0.as_ptr().addr() + to
                    && is_marked_but(&bytes.0, to, length, |at| mark(from + at))
            })
        })
    })
}

fn fills() -> bool {
    (0..=LONGEST).all(|length| {
        (0..8).all(|start| {
            let [mut one, mut other, mut clear] = [marked(), marked(), marked()];
            // SAFETY: There is room for that.
            let place = unsafe {
                __aeabi_memset(other.0.as_mut_ptr().add(start), length, 0x1c3);
                __aeabi_memclr(clear.0.as_mut_ptr().add(start), length);
                memset(one.0.as_mut_ptr().add(start), 0x1c3, length)
            };
            place.addr() == one.0.as_ptr().addr() + start
                && is_marked_but(&one.0, start, length, |_| 0xc3)
                && is_marked_but(&other.0, start, length, |_| 0xc3)
                && is_marked_but(&clear.0, start, length, |_| 0)
        })
    })
}

fn compares() -> bool {
    let one = marked();
    (0..=LONGEST).all(|length| {
        (0..=length).all(|at| {
            let mut other = marked();
            // Beyond the end, nothing counts.
            if let Some(byte) = other.0.get_mut(at) {
                *byte = byte.wrapping_add(1);
            }
            let expected = one.0.get(at).cmp(&other.0.get(at));
            // SAFETY: Both are that long.
            let order = unsafe { memcmp(one.0.as_ptr(), other.0.as_ptr(), length) };
            if at == length { order == 0 } else { order.cmp(&0) == expected }
        })
    })
}

fn divides() -> bool {
    let mut random = 1_u64;
    let mut next = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Of any length.
        random.rotate_left(29) >> (random >> 58)
    };
    (0..2_000).all(|_| {
        let (number, by) = (black_box(next()), black_box(next().max(1)));
        let (quotient, rest) = (number / by, number % by);
        rest < by && quotient.checked_mul(by).and_then(|product| product.checked_add(rest)) == Some(number)
    })
}
