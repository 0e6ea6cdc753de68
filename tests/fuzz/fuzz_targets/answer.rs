//! Whatever a device is answered, however it is cut into pieces: one outcome, and a message counts as accepted only if a
//! proven reader finds its id, its reference and its template in the answer.
#![no_main]

use libfuzzer_sys::{arbitrary, fuzz_target};
use notify_embedded::{Answer, Call, Message, Outcome, Query, Reference, Service, TemplateId};
use notify_jwt::{ApiKey, Clock, Signer};

const KEY: &str = "26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

#[derive(Debug, arbitrary::Arbitrary)]
struct Input<'i> {
    /// Where the answer is cut, in one of two runs.
    piece: u8,
    /// Whether the message was in doubt before, so that the answer is a list.
    is_lookup: bool,
    answer: &'i [u8],
}

fuzz_target!(|input: Input<'_>| {
    let signer = Signer::new(&ApiKey::parse(KEY).expect("a key"));
    let reference = Reference::new("mine").expect("a reference");
    let template = TemplateId::parse(TEMPLATE).expect("an id");
    let message = Message::sms(template, "+447900900123").unique_reference(&reference);
    let run = |piece: usize| {
        let mut clock = Clock::starting_at(1_795_430_454);
        let mut buffer = [0; 1024];
        let mut call = Call::new(Service::gov_uk(), message);
        call.request(&signer, &clock, 1, &mut buffer).expect("it fits");
        if input.is_lookup {
            call.timed_out(&clock, 2);
            call.request(&signer, &clock, 80, &mut buffer).expect("it fits");
        }
        for bytes in input.answer.chunks(piece) {
            if let Some(outcome) = call.received(bytes, &mut clock, 81) {
                return (outcome, clock);
            }
        }
        (call.closed(&mut clock, 81), clock)
    };
    let (outcome, clock) = run(usize::from(input.piece).max(1));
    assert_eq!((&outcome, &clock), (&run(usize::MAX).0, &run(1).1));
    if let Outcome::Accepted(id) = outcome {
        // Somewhere in it there is JSON that says so; chunks may lie in between.
        let text = String::from_utf8_lossy(input.answer).into_owned();
        let start = text.find('{').expect("JSON begins");
        if let Some(Ok(json)) =
            serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde_json::Value>().next()
        {
            let said = if input.is_lookup { json["notifications"].to_string() } else { json.to_string() };
            let compact = said.replace('-', "").to_ascii_lowercase();
            assert!(compact.contains(&id.to_string().replace('-', "")), "{id} in {said}");
        }
    }
    let mut query = Query::find(Service::gov_uk(), &reference);
    let mut clock = clock;
    query.request(&signer, &clock, 90, &mut [0; 1024]).expect("it fits");
    let answer = query.received(input.answer, &mut clock, 91);
    if let Answer::Found(found) = answer.unwrap_or_else(|| query.closed(&mut clock, 92)) {
        assert!(found.status().len() <= 24);
    }
});
