//! A letter as a PDF: not yet, then whole, then in part.

use notify_tests::http1::RawResponse;

use crate::stage::Stage;

/// A test-key letter stands for the recorded one, a live one for the other.
fn stage_with_letters() -> Stage {
    let stage = Stage::new();
    stage.replay(&stage.exchange("ok/letter-live-key"));
    let body = r#"{"template_id": "79575801-c16d-4c4b-b52c-fa171fac67a8", "reference": "ref-letter-1",
        "personalisation": {"name": "Amala", "ref": "X1", "address_line_1": "Amala Bird",
        "address_line_2": "123 High Street", "address_line_3": "Richmond upon Thames", "address_line_4": "Middlesex",
        "address_line_5": "SW14 6BF"}}"#;
    stage.stand_for(
        "ea6340b7-13f1-4ba6-808d-2fa12c1c550e",
        &stage.call("main-test", "POST", "/v2/notifications/letter", body),
    );
    stage
}

fn contains(answer: &RawResponse, text: &str) -> bool {
    answer.body.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_letter_shows_itself_once_it_is_made() {
    let stage = stage_with_letters();
    let not_ready = stage.exchange("pdf/letter-live-created-no-pdf-yet");
    stage.expect(&not_ready, &stage.ask_now(&not_ready));
    let not_ready = stage.exchange("bad/pdf-not-ready-templated");
    stage.expect(&not_ready, &stage.ask_now(&not_ready));

    for name in ["pdf/ok-test-key", "pdf/ok-read-with-live-key", "pdf/conditional-if-none-match"] {
        let exchange = stage.exchange(name);
        let recorded = exchange.response.as_ref().unwrap();
        let answer = stage.ask(&exchange);
        assert_eq!(answer.status, recorded.status, "{name}");
        for header in ["Content-Type", "Accept-Ranges"] {
            assert_eq!(answer.headers.get(header), recorded.header(header), "{name}");
        }
        assert!(answer.body.starts_with(b"%PDF-1.4\n") && answer.body.ends_with(b"%%EOF\n"));
        for shown in
            ["(Amala Bird) Tj", "(SW14 6BF) Tj", "(Letter for Amala) Tj", "(Your reference is X1.) Tj"]
        {
            assert!(contains(&answer, shown), "{shown}");
        }
    }
    stage.replay(&stage.exchange("ok/get-letter-after-delivery"));
}

#[test]
fn a_part_of_a_letter_can_be_asked_for() {
    let stage = stage_with_letters();
    let whole = stage.ask(&stage.exchange("pdf/ok-test-key"));
    let head = stage.ask(&stage.exchange("pdf/ok-head"));
    let length = whole.body.len().to_string();
    assert_eq!((head.status, head.headers.get("Content-Length")), (200, Some(length.as_str())));

    let exchange = stage.exchange("pdf/range-request");
    let part = stage.ask(&exchange);
    assert_eq!(part.status, exchange.response.unwrap().status);
    assert_eq!(part.headers.get("Content-Range"), Some(format!("bytes 0-9/{length}").as_str()));
    assert_eq!(part.body, whole.body[..10]);
}

#[test]
fn only_letters_have_a_pdf() {
    let stage = Stage::new();
    stage.replay(&stage.exchange("ok/sms-test-key"));
    stage.replay(&stage.exchange("bad/pdf-of-sms"));
}
