//! Functions in an order that an event-driven network produces, times at their limits, and services that cannot be reached.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

use notify_embedded::{
    Answer, Call, Message, NotificationId, Outcome, Query, Reference, RequestError, SenderId, Service,
    TemplateId,
};
use notify_jwt::{ApiKey, Clock, Signer, TimeSample};

const TEMPLATE: TemplateId = TemplateId::from_static("740e5834-3a29-46b4-9a6f-16142fde533a");
const ID: &str = "c3c56b78-5cd6-40db-a6e2-ff640bfd498d";
const NOW: u64 = 1_795_430_454;

fn signer() -> Signer {
    let key = "26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
    Signer::new(&ApiKey::parse(key).unwrap())
}

fn id() -> NotificationId {
    NotificationId::parse(ID).unwrap()
}

fn message(reference: &Reference) -> Message<'_> {
    Message::sms(TEMPLATE, "+447900900123").unique_reference(reference)
}

fn framed(status: u16, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn created() -> String {
    framed(201, &format!(r#"{{"id":"{ID}","reference":"mine","template":{{"id":"{TEMPLATE}"}}}}"#))
}

fn listed(messages: &str) -> String {
    let current =
        "https://api.notifications.service.gov.uk/v2/notifications?template_type=sms&reference=mine";
    framed(200, &format!(r#"{{"notifications":[{messages}],"links":{{"current":"{current}"}}}}"#))
}

#[test]
fn the_end_of_a_connection_after_the_answer_does_not_change_what_the_answer_said() {
    let refused = r#"{"errors":[{"error":"BadRequestError","message":"x"}],"status_code":400}"#;
    for answer in [created(), framed(400, refused), framed(407, "<html>")] {
        let reference = Reference::new("mine").unwrap();
        let mut call = Call::new(Service::gov_uk(), message(&reference));
        let mut clock = Clock::starting_at(NOW);
        call.request(&signer(), &clock, 0, &mut [0; 1024]).unwrap();
        let outcome = call.received(answer.as_bytes(), &mut clock, 1).unwrap();
        assert!(matches!(outcome, Outcome::Accepted(_) | Outcome::Refused(_)), "{outcome:?}");
        assert_eq!(call.received(b"and more", &mut clock, 1), None);
        assert_eq!(call.closed(&mut clock, 1), outcome);
        assert_eq!(call.timed_out(&clock, 2), outcome);
        assert_eq!(call.not_connected(&clock, 2), outcome);
    }
}

#[test]
fn the_end_of_a_connection_after_a_lookup_does_not_change_what_the_lookup_found() {
    let reference = Reference::new("mine").unwrap();
    let mut call = Call::new(Service::gov_uk(), message(&reference));
    let mut clock = Clock::starting_at(NOW);
    call.request(&signer(), &clock, 0, &mut [0; 1024]).unwrap();
    call.closed(&mut clock, 1);
    call.request(&signer(), &clock, 2, &mut [0; 1024]).unwrap();
    let found = listed(&format!(
        r#"{{"id":"{ID}","reference":"mine","type":"sms","phone_number":"+447900900123","template":{{"id":"{TEMPLATE}"}}}}"#
    ));
    assert_eq!(call.received(found.as_bytes(), &mut clock, 3), Some(Outcome::Accepted(id())));
    assert_eq!(call.closed(&mut clock, 3), Outcome::Accepted(id()));
}

#[test]
fn the_end_of_a_connection_after_the_answer_to_a_query_gives_the_answer_once_more_and_only_once() {
    let mut query = Query::get(Service::gov_uk(), id());
    let mut clock = Clock::starting_at(NOW);
    query.request(&signer(), &clock, 0, &mut [0; 512]).unwrap();
    let body = format!(r#"{{"id":"{ID}","status":"sending"}}"#);
    let found = query.received(framed(200, &body).as_bytes(), &mut clock, 1).unwrap();
    assert!(matches!(found, Answer::Found(_)), "{found:?}");
    assert_eq!(query.closed(&mut clock, 1), found);
    // The answer is not new: whoever asks again has to make a request.
    assert_eq!(query.closed(&mut clock, 9), Answer::TryAgain(1));
    query.request(&signer(), &clock, 9, &mut [0; 512]).unwrap();
    assert_eq!(query.closed(&mut clock, 9), Answer::TryAgain(1));
    assert_eq!(query.lost(), Answer::TryAgain(1));
}

#[test]
fn an_uptime_that_stands_still_at_its_largest_value_proves_nothing_absent() {
    let reference = Reference::new("mine").unwrap();
    let mut call = Call::new(Service::gov_uk(), message(&reference));
    let mut clock = Clock::starting_at(NOW);
    call.request(&signer(), &clock, u64::MAX, &mut [0; 1024]).unwrap();
    call.closed(&mut clock, u64::MAX);
    for _ in 0..5 {
        call.request(&signer(), &clock, u64::MAX, &mut [0; 1024]).unwrap();
        let outcome = call.received(listed("").as_bytes(), &mut clock, u64::MAX).unwrap();
        assert!(matches!(outcome, Outcome::Unknown { look_up_after: Some(_), .. }), "{outcome:?}");
    }
}

#[test]
fn an_uptime_that_begins_anew_delays_neither_the_proof_nor_the_next_attempt() {
    const BEFORE: u64 = 4_294_967;
    let reference = Reference::new("mine").unwrap();
    let mut call = Call::new(Service::gov_uk(), message(&reference));
    let mut clock = Clock::starting_from(TimeSample { uptime: BEFORE, unix_seconds: NOW });
    call.request(&signer(), &clock, BEFORE, &mut [0; 1024]).unwrap();
    let busy = framed(503, "").replace("Content-Length", "Retry-After: 300\r\nContent-Length");
    let outcome = call.received(busy.as_bytes(), &mut clock, BEFORE).unwrap();
    assert!(matches!(outcome, Outcome::Unknown { look_up_after: Some(300), .. }), "{outcome:?}");
    // The first empty lookup that counts comes before a counter of milliseconds begins anew, and the others after that.
    let mut answers =
        [(BEFORE + 100, NOW + 100), (0, NOW + 120), (10, NOW + 140)].map(|(uptime, unix_seconds)| {
            clock.adjust(TimeSample { uptime, unix_seconds }).unwrap();
            call.request(&signer(), &clock, uptime, &mut [0; 1024]).unwrap();
            call.received(listed("").as_bytes(), &mut clock, uptime).unwrap()
        });
    let last = answers.last_mut().unwrap();
    assert!(matches!(last, Outcome::TryAgain(0..=300)), "{answers:?}");
}

#[test]
fn a_query_that_is_repeated_for_days_starts_anew_after_each_answer() {
    let mut query = Query::get(Service::gov_uk(), id());
    let mut clock = Clock::starting_at(NOW);
    let refused = framed(
        403,
        r#"{"errors":[{"error":"AuthError","message":"Error: Your system clock must be accurate to within 30 seconds"}],"status_code":403}"#,
    );
    let body = format!(r#"{{"id":"{ID}","status":"sending"}}"#);
    let found = framed(200, &body);
    let unknown = framed(
        404,
        r#"{"errors":[{"error":"NoResultFound","message":"No result found"}],"status_code":404}"#,
    );
    let mut ask = |answer: &str, uptime| {
        query.request(&signer(), &clock, uptime, &mut [0; 512]).unwrap();
        query.received(answer.as_bytes(), &mut clock, uptime).unwrap_or_else(|| query.lost())
    };
    let days =
        ["Tue, 01", "Wed, 02", "Thu, 03", "Fri, 04", "Sat, 05", "Sun, 06", "Mon, 07", "Tue, 08", "Wed, 09"];
    for (day, date) in (1..).zip(days) {
        let date = format!("HTTP/1.1 403 X\r\nDate: {date} Dec 2026 03:34:00 GMT");
        let uptime = day * 86_400;
        // The crystal is slow: once a day, the service refuses the token. Each time the clock is adjusted.
        assert_eq!(ask(&refused.replace("HTTP/1.1 403 X", &date), uptime), Answer::TryAgain(0), "{day}");
        // The answer to the first request after that is lost. The wait does not grow from day to day.
        assert_eq!(ask("", uptime + 1), Answer::TryAgain(2), "{day}");
        let answer = ask(if day % 2 == 0 { &found } else { &unknown }, uptime + 3);
        assert!(matches!(answer, Answer::Found(_) | Answer::NotFound), "{day}");
    }
    assert_eq!(clock.last_confirmed(), 1_796_787_243);
}

#[test]
fn a_question_is_not_answered_by_a_part_of_an_answer_wherever_it_is_cut() {
    let reference = Reference::new("mine").unwrap();
    let headers = format!("X: {}\r\n", "y".repeat(99)).repeat(100);
    let unknown = r#"{"errors":[{"error":"NoResultFound","message":"No result found"}],"status_code":404}"#;
    let message = format!(r#"{{"id":"{ID}","status":"delivered"}}"#);
    let (one, two) = message.split_at(9);
    let chunked = format!(
        "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\n{headers}Transfer-Encoding: chunked\r\n\r\n\
         9;a=\"b;c\"\r\n{one}\r\n{:x} ; d\r\n{two}\r\n0;e\r\nTrailer: f\r\n\r\n",
        two.len()
    );
    let page =
        listed("").replace("template_type=sms&", "").replace("Content-Length: 133", "Content-Length: 115");
    for (is_by_id, whole) in [(true, chunked), (true, framed(404, unknown)), (false, page)] {
        let ask = |answer: &[u8]| {
            let mut clock = Clock::starting_at(NOW);
            let service = Service::gov_uk();
            let mut query =
                if is_by_id { Query::get(service, id()) } else { Query::find(service, &reference) };
            query.request(&signer(), &clock, 0, &mut [0; 512]).unwrap();
            let received = query.received(answer, &mut clock, 1);
            received.unwrap_or_else(|| query.closed(&mut clock, 1))
        };
        for end in 0..whole.len() {
            assert_eq!(ask(&whole.as_bytes()[..end]), Answer::TryAgain(1), "{end} of {whole}");
        }
        assert!(matches!(ask(whole.as_bytes()), Answer::Found(_) | Answer::NotFound), "{whole}");
    }
}

#[test]
fn a_host_or_a_path_that_cannot_stand_in_a_request_is_refused_before_one_is_written() {
    let (uk, id) = (Service::gov_uk(), id());
    for service in [
        Service::at(""),
        Service::at("https://notify.example"),
        Service::at("notify.example/"),
        Service::at("notify.example\r\nX: y"),
        uk.at_host("10.0.0.1 :80"),
        uk.at_host("\u{e9}.example"),
        uk.with_path("notify"),
        uk.with_path("/notify/"),
        uk.with_path("/"),
        uk.with_path("/a b"),
        uk.with_path("/a?b"),
        uk.with_path("/a\r\nX: y"),
    ] {
        assert!(!service.is_well_formed(), "{service:?}");
        let reference = Reference::new("mine").unwrap();
        let clock = Clock::starting_at(NOW);
        let mut buffer = [0; 1024];
        let mut call = Call::new(service, message(&reference));
        let error = call.request(&signer(), &clock, 0, &mut buffer).unwrap_err();
        assert_eq!(error, RequestError::MalformedService, "{service:?}");
        assert_eq!(call.under_way(), None);
        let error = Query::get(service, id).request(&signer(), &clock, 0, &mut buffer).unwrap_err();
        assert_eq!(error, RequestError::MalformedService, "{service:?}");
        assert_eq!(buffer, [0; 1024]);
    }
    for service in [
        uk,
        Service::va_notify(),
        uk.at_host("10.0.0.1:8080"),
        uk.at_host("[fe80::1]:443"),
        uk.at_host("a_b.example").with_path("/notify/uk"),
    ] {
        assert!(service.is_well_formed(), "{service:?}");
    }
}

#[test]
fn the_longest_requests_fit_into_buffers_of_the_sizes_that_the_documentation_says() {
    let reference = Reference::new(&"é".repeat(32)).unwrap();
    let clock = Clock::starting_at(u64::MAX);
    let sender = SenderId::from_static("740e5834-3a29-46b4-9a6f-16142fde533a");
    let values = [("name", "thirty bytes of text, or less."); 7];
    let values = [&values[..], &[("n", "twenty-two bytes. Yes.")]].concat();
    for service in [Service::gov_uk(), Service::notify_gov_au(), Service::gc_notify(), Service::va_notify()] {
        let mut buffer = [0; 1024];
        let get = Query::get(service, id()).request(&signer(), &clock, 0, &mut buffer).unwrap().len();
        let find = Query::find(service, &reference).request(&signer(), &clock, 0, &mut buffer).unwrap().len();
        // The recipient, the names and the values have 300 bytes together.
        let message = Message::email(TEMPLATE, "somebody.with.a.name@department.example")
            .personalisation(&values)
            .unique_reference(&reference)
            .sender(sender);
        let mut call = Call::new(service, message);
        let send = call.request(&signer(), &clock, 0, &mut buffer).unwrap().len();
        call.timed_out(&clock, 0);
        let look_up = call.request(&signer(), &clock, 0, &mut buffer).unwrap().len();
        let sizes = [get, find, look_up, send];
        assert!(get <= 512 && find <= 640 && look_up <= 1024 && send <= 1024, "{service:?} {sizes:?}");
    }
}
