//! The requests that the service's own Python client made, byte for byte. The client itself is tested elsewhere.

use crate::fixture::{Fixture, json};
use crate::remade::remake;

#[test]
fn the_official_client_gets_the_recorded_answers() {
    let fixture = Fixture::new();
    for content in ["Hello back £0", "Hello back £1", "Hello back £2"] {
        fixture.receive_text("447700900111", content);
    }
    // The service may send one more message today; the others were sent before.
    fixture.replay(&fixture.exchange("limits/daily-sms-live-1"));
    let letter = fixture.exchange("ok/get-letter");
    remake(&fixture, "main-test", letter.response.as_ref().unwrap().json.as_ref().unwrap());
    // The times are whole seconds: what was sent comes first.
    let (sends, others): (Vec<_>, Vec<_>) = fixture
        .group("official-client/")
        .into_iter()
        .partition(|exchange| exchange.name.starts_with("official-client/send-"));
    for exchange in &sends {
        fixture.replay(exchange);
    }
    let not_ready = fixture.exchange("official-client/pdf-not-ready");
    fixture.expect(&not_ready, &fixture.ask_now(&not_ready));
    fixture.advance_steps(2);
    for exchange in others {
        let recorded = exchange.response.as_ref().unwrap();
        match exchange.name.as_str() {
            "official-client/pdf-not-ready" => {}
            // The recorded PDF was made by another program.
            "official-client/pdf" => {
                let answer = fixture.ask_now(&exchange);
                assert_eq!(answer.status, recorded.status);
                assert_eq!(answer.headers.get("Content-Type"), recorded.header("Content-Type"));
                assert!(answer.body.starts_with(b"%PDF-"));
            }
            // The oldest text has a different id here, on which the second page depends.
            "official-client/received-iterator-2" => {
                let first = json(&fixture.call("main-live", "GET", "/v2/received-text-messages", ""));
                let next = first["links"]["next"].as_str().unwrap().strip_prefix(fixture.base_url()).unwrap();
                fixture.expect(&exchange, &fixture.call("main-live", "GET", next, ""));
            }
            _ => fixture.expect(&exchange, &fixture.ask_now(&exchange)),
        }
    }
}
