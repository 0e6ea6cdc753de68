//! A letter as a PDF: not yet, then whole, then in part.

use notify_testkit::http1::RawResponse;

use crate::fixture::Fixture;

/// A letter sent with a test key corresponds to the recorded one, a live one to the other.
fn with_letters() -> Fixture {
    let fixture = Fixture::new();
    fixture.replay(&fixture.exchange("ok/letter-live-key"));
    let body = r#"{"template_id": "79575801-c16d-4c4b-b52c-fa171fac67a8", "reference": "ref-letter-1",
        "personalisation": {"name": "Amala", "ref": "X1", "address_line_1": "Amala Bird",
        "address_line_2": "123 High Street", "address_line_3": "Richmond upon Thames", "address_line_4": "Middlesex",
        "address_line_5": "SW14 6BF"}}"#;
    fixture.stand_for(
        "ea6340b7-13f1-4ba6-808d-2fa12c1c550e",
        &fixture.call("main-test", "POST", "/v2/notifications/letter", body),
    );
    fixture
}

fn contains(answer: &RawResponse, text: &str) -> bool {
    answer.body.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_letters_pdf_is_available_once_it_is_made() {
    let fixture = with_letters();
    let not_ready = fixture.exchange("pdf/letter-live-created-no-pdf-yet");
    fixture.expect(&not_ready, &fixture.ask_now(&not_ready));
    let not_ready = fixture.exchange("bad/pdf-not-ready-templated");
    fixture.expect(&not_ready, &fixture.ask_now(&not_ready));

    for name in ["pdf/ok-test-key", "pdf/ok-read-with-live-key", "pdf/conditional-if-none-match"] {
        let exchange = fixture.exchange(name);
        let recorded = exchange.response.as_ref().unwrap();
        let answer = fixture.ask(&exchange);
        assert_eq!(answer.status, recorded.status, "{name}");
        for header in ["Content-Type", "Accept-Ranges"] {
            assert_eq!(answer.headers.get(header), recorded.header(header), "{name}");
        }
        assert!(answer.body.starts_with(b"%PDF-1.") && answer.body.trim_ascii_end().ends_with(b"%%EOF"));
        for shown in
            ["(Amala Bird) Tj", "(SW14 6BF) Tj", "(Letter for Amala) Tj", "(Your reference is X1.) Tj"]
        {
            assert!(contains(&answer, shown), "{shown}");
        }
    }
    fixture.replay(&fixture.exchange("ok/get-letter-after-delivery"));
}

#[test]
fn a_range_of_a_letters_pdf_can_be_requested() {
    let fixture = with_letters();
    let whole = fixture.ask(&fixture.exchange("pdf/ok-test-key"));
    let head = fixture.ask(&fixture.exchange("pdf/ok-head"));
    let length = whole.body.len().to_string();
    assert_eq!((head.status, head.headers.get("Content-Length")), (200, Some(length.as_str())));

    let exchange = fixture.exchange("pdf/range-request");
    let part = fixture.ask(&exchange);
    assert_eq!(part.status, exchange.response.unwrap().status);
    assert_eq!(part.headers.get("Content-Range"), Some(format!("bytes 0-9/{length}").as_str()));
    assert_eq!(part.body, whole.body[..10]);
}

#[test]
fn only_letters_have_a_pdf() {
    let fixture = Fixture::new();
    fixture.replay(&fixture.exchange("ok/sms-test-key"));
    fixture.replay(&fixture.exchange("bad/pdf-of-sms"));
}
