//! Answers as they come: framed in any way, kept by a cache, about something else, or no answer at all.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

use notify_embedded::{
    Answer, Call, Message, NotificationId, Outcome, Query, Reference, RequestError, Service, TemplateId,
};
use notify_jwt::{ApiKey, Clock, Signer};

const TEMPLATE: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";
const ID: &str = "c3c56b78-5cd6-40db-a6e2-ff640bfd498d";
const NOW: u64 = 1_795_430_454;

fn signer() -> Signer {
    let key = "26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
    Signer::new(&ApiKey::parse(key).unwrap())
}

fn created() -> String {
    format!(r#"{{"id":"{ID}","reference":"mine","template":{{"id":"{TEMPLATE}","version":1}}}}"#)
}

/// What a message comes to that is answered with these bytes, after which the connection is closed.
fn outcome(answer: &str) -> Outcome {
    let reference = Reference::new("mine").unwrap();
    let message =
        Message::sms(TemplateId::parse(TEMPLATE).unwrap(), "+447900900123").unique_reference(&reference);
    let mut call = Call::new(Service::gov_uk(), message);
    let mut clock = Clock::starting_at(NOW);
    call.request(&signer(), &clock, 0, &mut [0; 1024]).unwrap();
    let received = call.received(answer.as_bytes(), &mut clock, 1);
    received.unwrap_or_else(|| call.closed(&mut clock, 1))
}

fn is_unknown(answer: &str) -> bool {
    matches!(outcome(answer), Outcome::Unknown { look_up_after: Some(1..), .. })
}

fn framed(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

#[test]
fn an_answer_may_be_framed_in_any_way_that_http_has() {
    let body = created();
    let length = body.len();
    let (one, two) = body.split_at(20);
    for answer in [
        format!("HTTP/1.1 201 CREATED\r\ncontent-length:{length}\r\n\r\n{body}and more"),
        format!("HTTP/1.1 201\nContent-Length: {length}\nContent-Length: {length}\n\n{body}"),
        format!("HTTP/1.0 201 Created\r\n\r\n{body}"),
        format!(
            "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"
        ),
        format!(
            "HTTP/1.1 201 X\r\nTransfer-Encoding: CHUNKED\r\n\r\n14 ;a=b\r\n{one}\r\n{:X}\r\n{two}\r\n00\r\nX: y\r\n\r\n",
            length - 20
        ),
        format!(
            "HTTP/1.1 100 Continue\r\nContent-Length: 7\r\n\r\nHTTP/1.1 103 X\r\n\r\n{}",
            framed(201, "", &body)
        ),
        framed(
            202,
            &format!("Set-Cookie: {}\r\nX: {}\r\n", "a".repeat(5_000), ":".repeat(300)),
            &format!("\u{feff} {body}\n"),
        ),
    ] {
        assert_eq!(outcome(&answer), Outcome::Accepted(NotificationId::parse(ID).unwrap()), "{answer}");
    }
}

#[test]
fn a_truncated_or_malformed_response_leaves_the_message_in_doubt() {
    let body = created();
    let length = body.len();
    let whole = framed(201, "", &body);
    for end in 0..whole.len() {
        assert!(is_unknown(&whole[..end]), "{end}");
    }
    for answer in [
        format!("HTTP/2 201 X\r\n\r\n{body}"),
        format!("ICY 201 X\r\n\r\n{body}"),
        format!("HTTP/1.1 2010 X\r\n\r\n{body}"),
        format!("HTTP/1.1 +201 X\r\n\r\n{body}"),
        format!("HTTP/1.1 201 X\r\nContent-Length: +{length}\r\n\r\n{body}"),
        format!("HTTP/1.1 201 X\r\nContent-Length: {length}\r\nContent-Length: 7\r\n\r\n{body}"),
        format!("HTTP/1.1 201 X\r\nContent-Length: 99999999999999999999\r\n\r\n{body}"),
        format!(
            "HTTP/1.1 201 X\r\nTransfer-Encoding: gzip, chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"
        ),
        format!("HTTP/1.1 201 X\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{body}\r\n0\r\n\r\n"),
        format!("HTTP/1.1 201 X\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}0\r\n\r\n"),
        format!("HTTP/1.1 201 X\r\nX: 1\r\n 2\r\n\r\n{body}"),
        format!("HTTP/1.1 201 X\r\nContent-Length : {length}\r\n\r\n{body}"),
        "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
        framed(201, "", &format!("{body}{body}")),
        framed(201, "", &body[1..]),
        framed(201, "", "<html>"),
    ] {
        assert!(is_unknown(&answer), "{answer}");
    }
}

#[test]
fn an_answer_that_a_cache_kept_was_given_to_somebody_else() {
    let refused =
        r#"{"errors":[{"error":"BadRequestError","message":"Template not found"}],"status_code":400}"#;
    for (status, body) in [(201, created()), (400, refused.to_owned())] {
        assert!(is_unknown(&framed(status, "Age: 7\r\n", &body)), "{status}");
        assert!(is_unknown(&framed(status, "age: 0\r\nAge: 1\r\n", &body)), "{status}");
        assert!(!is_unknown(&framed(status, "Age: 0\r\n", &body)), "{status}");
    }
}

#[test]
fn a_success_about_another_message_is_not_an_answer() {
    for (there, other) in
        [("mine", "theirs"), ("533a", "533b"), ("\"mine\"", "null"), (ID, "7"), ("\"id\"", "\"no\"")]
    {
        assert!(is_unknown(&framed(201, "", &created().replace(there, other))), "{other}");
    }
    let twice = created().replace('}', &format!(r#","id":"{ID}"}}"#));
    assert!(is_unknown(&framed(201, "", &twice)));
}

#[test]
fn only_the_service_s_own_words_refuse() {
    let error = |body: &str| outcome(&framed(400, "", body));
    for words in [
        r#"{"status_code":400,"errors":[{"error":"ValidationError","message":"x"}]}"#,
        r#"{"errors":[{"message":"x","error":"ValidationError"},{"error":"B"}]}"#,
        r#"{"result":"error","message":{"to":["x"]}}"#,
        r#"{"message":"x","result":"error"}"#,
    ] {
        let Outcome::Refused(refusal) = error(words) else { panic!("{words}") };
        assert_eq!(refusal.status(), 400);
        assert!(["ValidationError", ""].contains(&refusal.class()));
    }
    for words in [
        r#"{"errors":[{"message":"forbidden"}]}"#,
        r#"{"errors":[{"error":"A"},{}]}"#,
        r#"{"errors":[{"error":7}]}"#,
        r#"{"errors":["A"]}"#,
        r#"{"errors":[]}"#,
        r#"{"errors":[{"error":"A"}],"status_code":403}"#,
        r#"{"result":"error","message":"no","status_code":502}"#,
        r#"{"result":"failure","message":"no"}"#,
        r#"{"message":"Forbidden"}"#,
        "[]",
    ] {
        assert!(matches!(error(words), Outcome::Unknown { .. }), "{words}");
    }
}

#[test]
fn a_wait_that_is_asked_for_is_kept_within_reason() {
    let busy = r#"{"errors":[{"error":"RateLimitError","message":"x"}],"status_code":429}"#;
    let wait = |headers: &str| outcome(&framed(429, headers, busy));
    assert_eq!(wait(""), Outcome::TryAgain(1));
    assert_eq!(wait("Retry-After: 7\r\n"), Outcome::TryAgain(7));
    assert_eq!(wait("Retry-After: 99999999999999999999\r\n"), Outcome::TryAgain(300));
    let dates = "Date: Sun, 06 Nov 1994 08:49:30 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    assert_eq!(wait(dates), Outcome::TryAgain(7));
    assert_eq!(wait("Retry-After: soon\r\n"), Outcome::TryAgain(1));
}

#[test]
fn a_call_that_is_over_asks_for_nothing_more_and_a_small_buffer_costs_nothing() {
    let reference = Reference::new("mine").unwrap();
    let message =
        Message::sms(TemplateId::parse(TEMPLATE).unwrap(), "+447900900123").unique_reference(&reference);
    let mut call = Call::new(Service::gov_uk(), message);
    let mut clock = Clock::starting_at(NOW);
    let mut buffer = [b'#'; 1024];
    for size in 0..=520 {
        let error = call.request(&signer(), &clock, 0, &mut buffer[..size]).unwrap_err();
        assert_eq!(error, RequestError::BufferTooSmall, "{size}");
        assert_eq!(buffer, [b'#'; 1024], "{size}");
    }
    assert_eq!(call.under_way(), None);
    assert_eq!(call.received(b"HTTP/1.1", &mut clock, 0), None);
    let length = call.request(&signer(), &clock, 0, &mut buffer).unwrap().len();
    assert!(length < 700, "{length}");
    assert!(call.received(framed(201, "", &created()).as_bytes(), &mut clock, 0).is_some());
    assert_eq!(call.request(&signer(), &clock, 0, &mut buffer).unwrap_err(), RequestError::Over);
    // In a kilobyte and a little more, whatever the answer's length.
    assert!(size_of::<Call<'_>>() < 1_200, "{}", size_of::<Call<'_>>());
}

#[test]
fn a_program_that_does_not_report_what_became_of_a_request_does_not_send_it_again() {
    let reference = Reference::new("a b&c").unwrap();
    let message =
        Message::email(TemplateId::parse(TEMPLATE).unwrap(), "kim@example.com").unique_reference(&reference);
    let mut call = Call::new(Service::va_notify(), message);
    let clock = Clock::starting_at(NOW);
    let mut buffer = [0; 1024];
    let request = |call: &mut Call<'_>, buffer: &mut [u8]| {
        let request = call.request(&signer(), &clock, 0, buffer).unwrap();
        String::from_utf8(request.split(|byte| *byte == b'\r').next().unwrap().to_vec()).unwrap()
    };
    assert_eq!(request(&mut call, &mut buffer), "POST /vanotify/v2/notifications/email HTTP/1.1");
    let lookup = "GET /vanotify/v2/notifications?template_type=email&reference=a%20b%26c HTTP/1.1";
    assert_eq!(request(&mut call, &mut buffer), lookup);
    assert_eq!(request(&mut call, &mut buffer), lookup);
}

#[test]
fn a_query_says_how_far_a_message_has_come() {
    let id = NotificationId::parse(ID).unwrap();
    let ask = |answer: &str| {
        let mut query = Query::get(Service::gov_uk(), id);
        let mut clock = Clock::starting_at(NOW);
        query.request(&signer(), &clock, 0, &mut [0; 512]).unwrap();
        let received = query.received(answer.as_bytes(), &mut clock, 1);
        received.unwrap_or_else(|| query.closed(&mut clock, 1))
    };
    let message = format!(r#"{{"id":"{ID}","status":"delivered","template":{{"id":"{TEMPLATE}"}}}}"#);
    let Answer::Found(found) = ask(&framed(200, "", &message)) else { panic!("it is there") };
    assert_eq!((found.id(), found.status()), (id, "delivered"));
    let unknown = r#"{"errors":[{"error":"NoResultFound","message":"No result found"}],"status_code":404}"#;
    assert_eq!(ask(&framed(404, "", unknown)), Answer::NotFound);
    assert_eq!(ask(&framed(404, "", "<html>")), Answer::TryAgain(1));
    assert_eq!(ask(&framed(200, "", &message.replace("498d", "498e"))), Answer::TryAgain(1));
    assert_eq!(ask(&framed(200, "Age: 7\r\n", &message)), Answer::TryAgain(1));
    assert_eq!(ask(""), Answer::TryAgain(1));
}
