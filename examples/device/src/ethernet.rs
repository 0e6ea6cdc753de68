//! The Ethernet controller of the Stellaris family (LM3S6965 data sheet, chapter 15): one frame out, one frame in, by hand.

use core::ptr;

use smoltcp::phy::{self, ChecksumCapabilities, DeviceCapabilities, Medium};
use smoltcp::time::Instant;
use smoltcp::wire::EthernetAddress;

/// The longest frame. It is short, so that the other side sends short ones: a frame is a buffer.
const FRAME_MAX: usize = 600;
/// The header of a frame: two addresses and a type.
const HEADER: usize = 14;
/// What follows a frame: its checksum.
const CHECKSUM: usize = 4;

const CONTROLLER: usize = 0x4004_8000;
const RECEIVE_CONTROL: usize = 0x08;
const TRANSMIT_CONTROL: usize = 0x0c;
const DATA: usize = 0x10;
const ADDRESS_LOW: usize = 0x14;
const ADDRESS_HIGH: usize = 0x18;
const PACKETS: usize = 0x34;
const TRANSMIT_REQUEST: usize = 0x38;

/// The register that gives the controller and its transceiver a clock.
const CLOCK_GATES: usize = 0x400f_e108;

fn read(register: usize) -> u32 {
    // SAFETY: A register of the controller, which this driver alone uses.
    unsafe { ptr::with_exposed_provenance::<u32>(CONTROLLER + register).read_volatile() }
}

fn write(register: usize, value: u32) {
    // SAFETY: As above.
    unsafe { ptr::with_exposed_provenance_mut::<u32>(CONTROLLER + register).write_volatile(value) }
}

/// The controller, with room for the frame that is being read or written.
pub struct Ethernet {
    frame: [u8; FRAME_MAX],
}

impl Ethernet {
    /// The address of this board. Each has its own, from its maker.
    pub const ADDRESS: EthernetAddress = EthernetAddress([0x02, 0, 0, 0, 0, 0x11]);

    /// Switches the controller on.
    pub fn start() -> Self {
        let gates = ptr::with_exposed_provenance_mut::<u32>(CLOCK_GATES);
        // SAFETY: Nobody else changes the clocks.
        unsafe { gates.write_volatile(gates.read_volatile() | 1 << 28 | 1 << 30) };
        let [a, b, c, d, e, f] = Self::ADDRESS.0;
        write(ADDRESS_LOW, u32::from_le_bytes([a, b, c, d]));
        write(ADDRESS_HIGH, u32::from_le_bytes([e, f, 0, 0]));
        // Frames for this board alone, and no broken ones.
        write(RECEIVE_CONTROL, 1 | 8);
        // Short frames are filled up, and the checksum is added.
        write(TRANSMIT_CONTROL, 1 | 2 | 4 | 16);
        Self { frame: [0; FRAME_MAX] }
    }

    /// Reads the next frame, and returns its length; one that is too long is dropped.
    fn read_frame(&mut self) -> Option<usize> {
        if read(PACKETS) == 0 {
            return None;
        }
        // The first word has the length, of itself too, and the first two bytes of the frame.
        let mut word = read(DATA);
        let all = (word & 0xffff) as usize;
        // The controller gives out the next frame after the last word of this one, so all of them are read.
        for at in 2..all.next_multiple_of(4) {
            if at % 4 == 0 {
                word = read(DATA);
            }
            if let Some(byte) = self.frame.get_mut(at - 2) {
                *byte = (word >> (at % 4 * 8)) as u8;
            }
        }
        let length = all.saturating_sub(2 + CHECKSUM);
        (length <= FRAME_MAX).then_some(length)
    }

    fn write_frame(&self, length: usize) {
        // The first word has the length of the payload, and the first two bytes of the frame.
        let mut word = length.saturating_sub(HEADER) as u32;
        for at in 2..(2 + length).next_multiple_of(4) {
            let byte = self.frame.get(at - 2).copied().unwrap_or_default();
            word |= u32::from(byte) << (at % 4 * 8);
            if at % 4 == 3 {
                write(DATA, word);
                word = 0;
            }
        }
        write(TRANSMIT_REQUEST, 1);
    }

    /// Whether the last frame has left.
    fn is_ready() -> bool {
        read(TRANSMIT_REQUEST) & 1 == 0
    }
}

/// A frame that has arrived.
pub struct Received<'e>(&'e [u8]);

/// Room for a frame to send.
pub struct Transmit;

impl phy::RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, take: F) -> R {
        take(self.0)
    }
}

/// A frame to send. It is built here, since the one that it answers still needs the driver's own room.
impl phy::TxToken for Transmit {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        let mut ethernet = Ethernet { frame: [0; FRAME_MAX] };
        let result = fill(ethernet.frame.get_mut(..length).unwrap_or_default());
        ethernet.write_frame(length);
        result
    }
}

impl phy::Device for Ethernet {
    type RxToken<'e> = Received<'e>;
    type TxToken<'e> = Transmit;

    fn receive(&mut self, _: Instant) -> Option<(Received<'_>, Transmit)> {
        let length = self.read_frame()?;
        Some((Received(self.frame.get(..length)?), Transmit))
    }

    fn transmit(&mut self, _: Instant) -> Option<Transmit> {
        Self::is_ready().then_some(Transmit)
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = FRAME_MAX;
        capabilities.max_burst_size = Some(1);
        capabilities.checksum = ChecksumCapabilities::default();
        capabilities
    }
}
