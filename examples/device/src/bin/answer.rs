//! Sends a message to nobody and reads the answer from a file: a call and a journal without a network, in which the build
//! looks for code that panics.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use notify_device::flash::{Flash, SLOTS};
use notify_device::host::{self, File};
use notify_embedded::{Answer, Call, Journal, Message, Outcome, Query, Reference, Service, TemplateId};
use notify_jwt::{ApiKey, Clock, Signer};

const TEMPLATE: TemplateId = TemplateId::from_static("c0ffee00-0000-4000-8000-000000000011");

#[entry]
fn main() -> ! {
    host::exit(run().unwrap_or(2))
}

fn run() -> Option<usize> {
    let mut buffer = [0; 1024];
    let input = File::read_only(c"input.txt")?;
    let length = input.read_at(0, &mut buffer);
    let key = ApiKey::parse_bytes(buffer.get(..length)?).ok()?;
    let signer = Signer::new(&key);
    let flash = Flash::open();
    let mut journal = Journal::read(&flash.slots());
    let mut clock = Clock::starting_at(journal.last_confirmed().unwrap_or_default());
    let reference = Reference::numbered("door-17", 42).ok()?;
    let message =
        Message::sms(TEMPLATE, "+447900900123").personalisation(&[("a", "b")]).unique_reference(&reference);
    let service = Service::gov_uk();
    let mut call = match journal.in_doubt() {
        Some(in_doubt) => Call::resume(service, in_doubt)?,
        None => Call::new(service, message),
    };
    host::print_line(&[call.request(&signer, &clock, 1, &mut buffer).ok()?]);
    if let Ok(Some(record)) = journal.sending(&call, &clock) {
        flash.write(journal.slot(SLOTS), &record);
    }
    let answer = File::read_only(c"answer.http")?;
    let mut piece = [0; 64];
    let mut place = 0;
    let outcome = loop {
        let length = answer.read_at(place, &mut piece);
        place += length;
        if length == 0 {
            break call.closed(&mut clock, 2);
        }
        if let Some(outcome) = call.received(piece.get(..length)?, &mut clock, 2) {
            break outcome;
        }
    };
    let record = journal.finished(&outcome, &clock);
    flash.write(journal.slot(SLOTS), &record);
    let Outcome::Accepted(id) = outcome else { return Some(7) };

    let mut query = Query::get(service, id);
    host::print_line(&[query.request(&signer, &clock, 3, &mut buffer).ok()?]);
    let found = query.received(&piece, &mut clock, 3).unwrap_or_else(|| query.closed(&mut clock, 4));
    Some(if let Answer::Found(_) = found { 0 } else { 1 })
}
