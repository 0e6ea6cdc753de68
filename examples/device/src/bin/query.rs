//! Asks what became of the message that the doorbell sent: by its id, if the journal has it, and otherwise by its reference.
//!
//! It reads the doorbell's line of input and its flash. It exits with 0 if the service knows the message, with 1 if not, and
//! with 7 if there is no answer.
#![no_std]
#![no_main]

use cortex_m::peripheral::Peripherals;
use cortex_m_rt::entry;
use notify_device::flash::Flash;
use notify_device::host::{self, Decimal};
use notify_device::input::{self, Input};
use notify_device::network::{Network, Read};
use notify_device::{stack, uptime};
use notify_embedded::{Answer, Ending, Journal, Query, Reference, Service};
use notify_jwt::{ApiKey, Clock, Signer};
use smoltcp::iface::{SocketSet, SocketStorage};
use smoltcp::socket::tcp::{Socket, SocketBuffer};

/// When this firmware was built, in seconds since 1970, and how many seconds it may lie in a drawer.
const BUILD_TIME: u64 = 1_767_225_600;
const SHELF_LIFE: u64 = 10 * 365 * 86_400;

/// Where QEMU has the host's loopback.
const HOST: [u8; 4] = [10, 0, 2, 2];
/// After how many requests it gives up.
const PATIENCE: usize = 6;

#[entry]
fn main() -> ! {
    stack::paint();
    if let Some(peripherals) = Peripherals::take() {
        uptime::start(peripherals.SYST);
    }
    let mut line = [0; 256];
    let status = Input::read(&mut line).map_or(input::WRONG, |input| ask(&input));
    stack::print_use();
    host::exit(status)
}

fn ask(input: &Input<'_>) -> usize {
    let Ok(key) = ApiKey::parse_bytes(input.key) else { return input::WRONG };
    let signer = Signer::new(&key);
    drop(key);
    let journal = Journal::read(&Flash::open().slots());
    let known = journal.last_confirmed().unwrap_or(BUILD_TIME).max(input.time.into());
    let mut clock = Clock::starting_at(known).max_adjustment(SHELF_LIFE);
    let Ok(reference) = Reference::numbered("door-17", input.number) else { return input::WRONG };
    // The sandbox stands in for GOV.UK Notify.
    let service = Service::gov_uk().at_host("10.0.2.2");
    let mut query = match journal.ending(&reference) {
        Some(Ending::Accepted(id)) => Query::get(service, id),
        _ => Query::find(service, &reference),
    };

    let (mut received, mut to_send) = ([0; 512], [0; 512]);
    let socket = Socket::new(SocketBuffer::new(&mut received[..]), SocketBuffer::new(&mut to_send[..]));
    let mut storage = [SocketStorage::EMPTY];
    let seed = (journal.slot(4_096) as u16).wrapping_mul(4) + 3;
    let mut network = Network::start(socket, SocketSet::new(&mut storage[..]), seed);
    let mut buffer = [0; 640];

    for _ in 0..PATIENCE {
        let answer = 'answer: {
            if !network.connect(HOST, input.port) {
                break 'answer query.lost();
            }
            let Ok(request) = query.request(&signer, &clock, uptime::seconds(), &mut buffer) else {
                return input::WRONG;
            };
            if !network.write(request) {
                break 'answer query.lost();
            }
            let mut piece = [0; 64];
            loop {
                match network.read(&mut piece) {
                    Read::TimedOut => break query.lost(),
                    Read::Closed => break query.closed(&mut clock, uptime::seconds()),
                    Read::Bytes(length) => {
                        let piece = piece.get(..length).unwrap_or_default();
                        if let Some(answer) = query.received(piece, &mut clock, uptime::seconds()) {
                            break answer;
                        }
                    }
                }
            }
        };
        network.close();
        match answer {
            Answer::Found(message) => {
                host::print(message.status());
                return 0;
            }
            Answer::NotFound => {
                host::print("not found");
                return 1;
            }
            Answer::Refused(refusal) => {
                let status = Decimal::of(refusal.status().into());
                host::print_line(&[b"refused: ", status.digits(), b" ", refusal.class().as_bytes()]);
                return 1;
            }
            Answer::TryAgain(seconds) => {
                host::print_line(&[b"no answer: again in ", Decimal::of(seconds).digits(), b" s"]);
                uptime::sleep(seconds);
            }
        }
    }
    7
}
