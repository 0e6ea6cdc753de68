//! The doorbell over TLS, to a gateway whose public key it knows: TLS, the network and the message in the board's 64 KB of RAM.
//!
//! It reads a line of the host's file `input.txt`, with tabs between: the API key, the port of the gateway, the telephone
//! number, the time, and the gateway's public key as 130 hexadecimal digits. Like the other doorbell, it keeps a journal.
#![no_std]
#![no_main]

use cortex_m::peripheral::Peripherals;
use cortex_m_rt::entry;
use embedded_io::{ErrorKind, ErrorType};
use embedded_tls::TlsError;
use notify_device::flash::{Flash, SLOTS};
use notify_device::host::{self, File};
use notify_device::network::{Network, Read};
use notify_device::{stack, uptime};
use notify_device_tls::{Buffers, PinnedKey, connect, exchange};
use notify_embedded::{
    Call, Ending, Journal, Message, Outcome, Reference, Service, StillInDoubt, TemplateId,
};
use notify_jwt::{ApiKey, Clock, Signer};
use rand_core::{CryptoRng, RngCore};
use smoltcp::iface::{SocketSet, SocketStorage};
use smoltcp::socket::tcp::{Socket, SocketBuffer};

/// The template of the message.
const DOORBELL: TemplateId = TemplateId::from_static("c0ffee00-0000-4000-8000-000000000011");
/// Where QEMU has the host's loopback.
const HOST: [u8; 4] = [10, 0, 2, 2];
/// The name of the gateway. The key tells who it is, and not the name.
const NAME: &str = "localhost";
/// After how many requests this doorbell gives up.
const PATIENCE: usize = 12;

/// The exit statuses.
const SENT: usize = 0;
const NOT_SENT: usize = 1;
const WRONG_INPUT: usize = 2;
const NOT_THE_GATEWAY: usize = 3;
const UNKNOWN: usize = 7;

#[entry]
fn main() -> ! {
    stack::paint();
    if let Some(peripherals) = Peripherals::take() {
        uptime::start(peripherals.SYST);
    }
    let mut line = [0; 384];
    let length = File::read_only(c"input.txt").map_or(0, |file| file.read_at(0, &mut line));
    let status = ring(line.get(..length).unwrap_or_default()).unwrap_or(WRONG_INPUT);
    stack::print_use();
    host::exit(status)
}

/// Sends a message, and returns the exit status; `None` if the line is not what it should be.
fn ring(line: &[u8]) -> Option<usize> {
    let mut parts = line.split(|byte| matches!(byte, b'\t' | b'\n'));
    let key = ApiKey::parse_bytes(parts.next()?).ok()?;
    let port = u16::try_from(number(parts.next()?)).ok()?;
    let phone_number = core::str::from_utf8(parts.next()?).ok()?;
    let time = number(parts.next()?);
    let gateway = point(parts.next()?)?;

    let signer = Signer::new(&key);
    drop(key);
    let flash = Flash::open();
    let mut journal = Journal::read(&flash.slots());
    let mut clock = Clock::starting_at(journal.last_confirmed().unwrap_or_default().max(time));
    let reference = Reference::numbered("door-17", 42).ok()?;
    let values = [("name", "the house"), ("permit number", "42")];
    let message = Message::sms(DOORBELL, phone_number).personalisation(&values).unique_reference(&reference);
    if let Some(ending) = journal.ending(&reference) {
        host::print("this ring is finished already");
        return Some(match ending {
            Ending::Accepted(_) => SENT,
            Ending::Refused | Ending::NotTaken => NOT_SENT,
            Ending::GivenUp => UNKNOWN,
        });
    }
    // The sandbox stands in for GOV.UK Notify.
    let service = Service::gov_uk().at_host(NAME);
    // This board has one message. If it was under way when the board was reset, a lookup says what became of it.
    let resumed = journal.in_doubt().map(|in_doubt| Call::resume(service, in_doubt));
    if matches!(resumed, Some(None)) {
        let record = journal.give_up(&clock);
        flash.write(journal.slot(SLOTS), &record);
        return Some(UNKNOWN);
    }
    let mut is_resumed = resumed.is_some();
    host::print(if is_resumed { "a message is in doubt since the reset" } else { "somebody rings" });
    let mut call = resumed.flatten().unwrap_or_else(|| Call::new(service, message));

    // The window keeps what arrives as short as the driver's frames.
    let (mut received, mut to_send) = ([0; 512], [0; 512]);
    let socket = Socket::new(SocketBuffer::new(&mut received[..]), SocketBuffer::new(&mut to_send[..]));
    let mut storage = [SocketStorage::EMPTY];
    let mut random = Random(File::read_only(c"/dev/urandom")?);
    let seed = random.next_u32() as u16;
    let mut network = Network::start(socket, SocketSet::new(&mut storage[..]), seed);
    // A record may have 16 KB, whatever is in it.
    let (mut read, mut write) = ([0; 16_640], [0; 2_048]);

    for _ in 0..PATIENCE {
        let outcome = 'answer: {
            if !network.connect(HOST, port) {
                break 'answer call.not_connected(&clock, uptime::seconds());
            }
            let buffers = Buffers { read: &mut read, write: &mut write };
            match connect(Stream(&mut network), NAME, PinnedKey::new(&gateway)?, &mut random, buffers) {
                Ok(mut connection) => {
                    // The record goes to flash before the first byte leaves.
                    let keep = |call: &Call<'_>, clock: &Clock| {
                        let record = journal.sending(call, clock)?;
                        record.iter().for_each(|record| flash.write(journal.slot(SLOTS), record));
                        Ok::<(), StillInDoubt>(())
                    };
                    let uptime = uptime::seconds;
                    match exchange(&mut connection, &mut call, &signer, &mut clock, uptime, keep) {
                        Ok(outcome) => outcome,
                        Err(StillInDoubt { .. }) => return Some(UNKNOWN),
                    }
                }
                Err(
                    TlsError::InvalidCertificate
                    | TlsError::InvalidSignature
                    | TlsError::InvalidSignatureScheme,
                ) => {
                    host::print("this is not the gateway");
                    return Some(NOT_THE_GATEWAY);
                }
                // Nothing of the message was sent.
                Err(_) => call.not_connected(&clock, uptime::seconds()),
            }
        };
        network.close();
        let (status, wait) = match &outcome {
            Outcome::Unknown { look_up_after: Some(seconds), .. } => (None, *seconds),
            Outcome::TryAgain(seconds) => (None, *seconds),
            Outcome::Accepted(_) => (Some(SENT), 0),
            Outcome::Refused(_) => (Some(NOT_SENT), 0),
            Outcome::Unknown { look_up_after: None, .. } => (Some(UNKNOWN), 0),
        };
        let is_absent = is_resumed && matches!(outcome, Outcome::TryAgain(_));
        if status.is_some() || is_absent {
            let record = journal.finished(&outcome, &clock);
            flash.write(journal.slot(SLOTS), &record);
        }
        if status.is_some() {
            return status;
        }
        if is_absent {
            is_resumed = false;
            call = Call::new(service, message);
        }
        uptime::sleep(wait);
    }
    Some(UNKNOWN)
}

fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit & 15))
}

/// The bytes that these hexadecimal digits stand for.
fn point(digits: &[u8]) -> Option<[u8; 65]> {
    let mut point = [0; 65];
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    if pairs.len() != point.len() {
        return None;
    }
    for (byte, [high, low]) in point.iter_mut().zip(pairs) {
        let half = |digit: u8| char::from(digit).to_digit(16);
        *byte = (half(*high)? << 4 | half(*low)?) as u8;
    }
    Some(point)
}

/// The network's connection, as embedded-tls reads and writes it.
struct Stream<'s, 'n>(&'s mut Network<'n>);

impl ErrorType for Stream<'_, '_> {
    type Error = ErrorKind;
}

impl embedded_io::Read for Stream<'_, '_> {
    fn read(&mut self, piece: &mut [u8]) -> Result<usize, ErrorKind> {
        match self.0.read(piece) {
            Read::Bytes(length) => Ok(length),
            Read::Closed => Ok(0),
            Read::TimedOut => Err(ErrorKind::TimedOut),
        }
    }
}

impl embedded_io::Write for Stream<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        if self.0.write(bytes) { Ok(bytes.len()) } else { Err(ErrorKind::BrokenPipe) }
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

/// The host's random numbers. On a board of your own, these come from the chip's generator.
struct Random(File);

impl RngCore for Random {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_ne_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_ne_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        if self.0.read_at(0, bytes) != bytes.len() {
            host::print("there are no random numbers, and so no TLS");
            host::exit(WRONG_INPUT);
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Random {}
