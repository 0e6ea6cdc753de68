//! The board for the doorbell in C, `c/doorbell.c`, and for the question about its message, `c/query.c`: what `c/board.h` asks
//! for. It asks if the last field of the line of input is `ask`.
#![no_std]
#![no_main]

use core::ffi::{CStr, c_char, c_int};
use core::sync::atomic::{AtomicPtr, Ordering};
use core::{ptr, slice};

use cortex_m::peripheral::{Peripherals, SCB};
use cortex_m_rt::entry;
use notify_device::flash::{Flash, SLOTS};
use notify_device::host::{self, Decimal, File};
use notify_device::network::{Network, Read};
use notify_device::{stack, uptime};
use notify_embedded::Record;
use smoltcp::iface::{SocketSet, SocketStorage};
use smoltcp::socket::tcp::{Socket, SocketBuffer};

/// Where QEMU has the host's loopback.
const HOST: [u8; 4] = [10, 0, 2, 2];

/// The network, while the doorbell runs. It is in `main`, which never returns.
static NETWORK: AtomicPtr<Network<'static>> = AtomicPtr::new(ptr::null_mut());

unsafe extern "C" {
    fn doorbell(line: *mut c_char) -> c_int;
    fn ask(line: *mut c_char) -> c_int;
}

#[entry]
fn main() -> ! {
    stack::paint();
    if let Some(peripherals) = Peripherals::take() {
        uptime::start(peripherals.SYST);
    }
    let mut line = [0; 256];
    if let Some(file) = File::read_only(c"input.txt") {
        // The last byte stays NUL.
        let _ = line.split_last_mut().map(|(_, line)| file.read_at(0, line));
    }
    let status = ring(&mut line);
    stack::print_use();
    host::exit(status as usize)
}

#[inline(never)]
fn ring(line: &mut [u8; 256]) -> c_int {
    let (mut received, mut to_send) = ([0; 512], [0; 512]);
    let socket = Socket::new(SocketBuffer::new(&mut received[..]), SocketBuffer::new(&mut to_send[..]));
    let mut storage = [SocketStorage::EMPTY];
    let sockets = SocketSet::new(&mut storage[..]);
    let newest =
        Flash::open().slots().iter().filter_map(|slot| slot.get(4).copied()).fold(0, u8::wrapping_add);
    let mut network = Network::start(socket, sockets, u16::from(newest).wrapping_mul(4) + 1);
    NETWORK.store((&raw mut network).cast(), Ordering::Relaxed);
    let is_question = line.windows(4).any(|text| text == b"\task");
    let line = line.as_mut_ptr().cast();
    // SAFETY: the line ends in NUL, and the network stays until the function returns.
    unsafe { if is_question { ask(line) } else { doorbell(line) } }
}

/// The network.
fn network() -> &'static mut Network<'static> {
    // SAFETY: only the functions below use it, one after another, while `ring` waits.
    unsafe { &mut *NETWORK.load(Ordering::Relaxed) }
}

#[unsafe(no_mangle)]
extern "C" fn board_seconds() -> u64 {
    uptime::seconds()
}

#[unsafe(no_mangle)]
extern "C" fn board_sleep(seconds: u32) {
    uptime::sleep(seconds);
}

#[unsafe(no_mangle)]
unsafe extern "C" fn board_print(before: *const c_char, number: i64, after: *const c_char) {
    // SAFETY: both end in NUL.
    let (before, after) = unsafe { (CStr::from_ptr(before), CStr::from_ptr(after)) };
    match u32::try_from(number) {
        Ok(number) => {
            host::print_line(&[before.to_bytes(), Decimal::of(number).digits(), b" ", after.to_bytes()])
        }
        Err(_) => host::print_line(&[before.to_bytes(), after.to_bytes()]),
    }
}

#[unsafe(no_mangle)]
extern "C" fn board_reset() {
    SCB::sys_reset();
}

#[unsafe(no_mangle)]
unsafe extern "C" fn board_flash_read(slots: *mut u8) {
    // SAFETY: there is room for so many records.
    unsafe { slots.cast::<[Record; SLOTS]>().write(Flash::open().slots()) };
}

#[unsafe(no_mangle)]
unsafe extern "C" fn board_flash_write(slot: usize, record: *const u8) {
    // SAFETY: a record is there.
    Flash::open().write(slot, unsafe { &*record.cast::<Record>() });
}

#[unsafe(no_mangle)]
extern "C" fn board_connect(port: u16) -> c_int {
    network().connect(HOST, port).into()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn board_write(bytes: *const u8, length: usize) -> c_int {
    // SAFETY: so many bytes are there.
    network().write(unsafe { slice::from_raw_parts(bytes, length) }).into()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn board_read(piece: *mut u8, size: usize) -> c_int {
    // SAFETY: there is room for so many bytes.
    match network().read(unsafe { slice::from_raw_parts_mut(piece, size) }) {
        Read::Bytes(length) => length as c_int,
        Read::Closed => 0,
        Read::TimedOut => -1,
    }
}

#[unsafe(no_mangle)]
extern "C" fn board_close() {
    network().close();
}
