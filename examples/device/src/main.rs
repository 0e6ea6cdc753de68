//! A doorbell that sends a text message by itself when somebody rings.
//!
//! The board has an Ethernet port, no clock that runs without power, and two pages of flash. It sends one message, by the
//! rules of the toolkit: exactly once, or it says that it does not know. Where your board would connect over TLS, this one
//! speaks plainly to a sandbox on the host.
//!
//! What happens to it is in a line of the host's file `input.txt`: [`Input`].
#![no_std]
#![no_main]

use cortex_m::peripheral::{Peripherals, SCB};
use cortex_m_rt::entry;
use notify_device::flash::{Flash, SLOTS};
use notify_device::host::{self, Decimal};
use notify_device::input::{self, Input, text};
use notify_device::network::{Network, Read};
use notify_device::{stack, uptime};
use notify_embedded::{Call, Ending, Journal, Message, Outcome, Reference, Service, TemplateId};
use notify_jwt::{ApiKey, Clock, Signer};
use smoltcp::iface::{SocketSet, SocketStorage};
use smoltcp::socket::tcp::{Socket, SocketBuffer};

/// When this firmware was built, in seconds since 1970: the start of 2026. A build script can put the real time here.
const BUILD_TIME: u64 = 1_767_225_600;
/// How many seconds a board may lie in a drawer before it is switched on: ten years.
const SHELF_LIFE: u64 = 10 * 365 * 86_400;

/// The template of the message.
const DOORBELL: TemplateId = TemplateId::from_static("c0ffee00-0000-4000-8000-000000000011");
/// Where QEMU has the host's loopback.
const HOST: [u8; 4] = [10, 0, 2, 2];
/// After how many requests this doorbell gives up.
const PATIENCE: usize = 12;

#[entry]
fn main() -> ! {
    stack::paint();
    if let Some(peripherals) = Peripherals::take() {
        uptime::start(peripherals.SYST);
    }
    let mut line = [0; 256];
    let status = Input::read(&mut line).map_or(input::WRONG, |input| ring(&input));
    stack::print_use();
    host::exit(status)
}

/// Somebody rings: send a message. Returns the exit status: 0 if it was sent, 1 if not, 7 if nobody knows.
fn ring(input: &Input<'_>) -> usize {
    // Once, when the board starts: the key, from a page of flash that a debugger cannot read; what was under way; the time.
    let Ok(key) = ApiKey::parse_bytes(input.key) else { return 2 };
    let signer = Signer::new(&key);
    drop(key);
    let flash = Flash::open();
    let mut journal = Journal::read(&flash.slots());
    let known = journal.last_confirmed().unwrap_or(BUILD_TIME).max(input.time.into());
    let mut clock = Clock::starting_at(known).max_adjustment(SHELF_LIFE);

    let Ok(reference) = Reference::numbered("door-17", input.number) else { return 2 };
    let Some(permit) = text(Decimal::of(input.number).digits()) else { return 2 };
    let values = [("name", "the house"), ("permit number", permit.as_str())];
    let message =
        Message::sms(DOORBELL, &input.phone_number).personalisation(&values).unique_reference(&reference);
    // The sandbox stands in for GOV.UK Notify.
    let service = Service::gov_uk().at_host("10.0.2.2");

    if let Some(ending) = journal.ending(&reference) {
        host::print("this ring is finished already");
        return match ending {
            Ending::Accepted(_) => 0,
            Ending::Refused | Ending::NotTaken => 1,
            Ending::GivenUp => 7,
        };
    }
    // What was in doubt is reconciled first, whatever it was.
    let resumed = journal.in_doubt().map(|in_doubt| Call::resume(service, in_doubt));
    let is_this_ring = journal.in_doubt().is_some_and(|in_doubt| in_doubt.reference() == Some(&reference));
    if matches!(resumed, Some(None)) {
        host::print("a message will be in doubt for ever");
        let record = journal.give_up(&clock);
        flash.write(journal.slot(SLOTS), &record);
        if is_this_ring {
            return 7;
        }
    }
    let resumed = resumed.flatten();
    let mut is_resumed = resumed.is_some();
    let mut call = resumed.unwrap_or_else(|| Call::new(service, message));
    host::print(if is_resumed { "a message is in doubt since the reset" } else { "somebody rings" });

    let (mut received, mut to_send) = ([0; 512], [0; 512]);
    let socket = Socket::new(SocketBuffer::new(&mut received[..]), SocketBuffer::new(&mut to_send[..]));
    let mut storage = [SocketStorage::EMPTY];
    let sockets = SocketSet::new(&mut storage[..]);
    let seed = (journal.slot(4_096) as u16).wrapping_mul(4) + 1;
    let mut network = Network::start(socket, sockets, seed);
    let mut buffer = [0; 1024];
    let mut reset = input.reset;

    for _ in 0..PATIENCE {
        let outcome = 'answer: {
            if !network.connect(HOST, input.port) {
                break 'answer call.not_connected(&clock, uptime::seconds());
            }
            let Ok(request) = call.request(&signer, &clock, uptime::seconds(), &mut buffer) else { return 2 };
            // The record goes to flash before the first byte leaves.
            match journal.sending(&call, &clock) {
                Ok(Some(record)) => flash.write(journal.slot(SLOTS), &record),
                Ok(None) => {}
                Err(_) => return 7,
            }
            if reset == b"before" && !is_resumed {
                SCB::sys_reset();
            }
            if !network.write(request) {
                break 'answer call.closed(&mut clock, uptime::seconds());
            }
            let mut piece = [0; 64];
            loop {
                match network.read(&mut piece) {
                    Read::TimedOut => break call.timed_out(&clock, uptime::seconds()),
                    Read::Closed => break call.closed(&mut clock, uptime::seconds()),
                    Read::Bytes(length) => {
                        if reset == b"answered" && !is_resumed {
                            SCB::sys_reset();
                        }
                        let piece = piece.get(..length).unwrap_or_default();
                        if let Some(outcome) = call.received(piece, &mut clock, uptime::seconds()) {
                            break outcome;
                        }
                    }
                }
            }
        };
        network.close();
        report(&outcome);
        let (status, wait) = match &outcome {
            Outcome::Unknown { look_up_after: Some(seconds), .. } => (None, *seconds),
            Outcome::TryAgain(seconds) if !is_resumed => (None, *seconds),
            // It was not taken before the reset, and never will be.
            Outcome::TryAgain(seconds) => (Some(1), *seconds),
            Outcome::Accepted(_) => (Some(0), 0),
            Outcome::Refused(_) => (Some(1), 0),
            Outcome::Unknown { look_up_after: None, .. } => (Some(7), 0),
        };
        if let Some(status) = status {
            flash_ended(&flash, &mut journal, &outcome, &clock);
            let is_to_send = is_resumed && (!is_this_ring || matches!(outcome, Outcome::TryAgain(_)));
            if !is_to_send {
                return status;
            }
            (is_resumed, reset) = (false, b"");
            call = Call::new(service, message);
        }
        uptime::sleep(wait);
    }
    7
}

/// Keeps how a message ended.
fn flash_ended(flash: &Flash, journal: &mut Journal, outcome: &Outcome, clock: &Clock) {
    let record = journal.finished(outcome, clock);
    flash.write(journal.slot(SLOTS), &record);
}

/// Prints what became of a request.
fn report(outcome: &Outcome) {
    let (what, number, unit) = match outcome {
        Outcome::Accepted(_) => return host::print("accepted"),
        Outcome::Refused(refusal) => ("refused: ", refusal.status().into(), refusal.class()),
        Outcome::TryAgain(seconds) => ("not taken: again in ", *seconds, "s"),
        Outcome::Unknown { look_up_after: Some(seconds), .. } => ("unknown: a lookup in ", *seconds, "s"),
        Outcome::Unknown { look_up_after: None, .. } => return host::print("unknown, for ever"),
    };
    host::print_line(&[what.as_bytes(), Decimal::of(number).digits(), b" ", unit.as_bytes()]);
}
