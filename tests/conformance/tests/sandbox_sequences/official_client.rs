//! The requests that the service's own Python client made, byte for byte. The client itself is a judge of its own.

use crate::remade::remake;
use crate::stage::{Stage, json};

#[test]
fn the_official_client_gets_the_recorded_answers() {
    let stage = Stage::new();
    for content in ["Hello back £0", "Hello back £1", "Hello back £2"] {
        stage.receive_text("447700900111", content);
    }
    // One is what the limited service may send today, and it was sent before.
    stage.replay(&stage.exchange("limits/daily-sms-live-1"));
    let letter = stage.exchange("ok/get-letter");
    remake(&stage, "main-test", letter.response.as_ref().unwrap().json.as_ref().unwrap());
    // The times are whole seconds: what was sent comes first.
    let (sends, others): (Vec<_>, Vec<_>) = stage
        .group("official-client/")
        .into_iter()
        .partition(|exchange| exchange.name.starts_with("official-client/send-"));
    for exchange in &sends {
        stage.replay(exchange);
    }
    let not_ready = stage.exchange("official-client/pdf-not-ready");
    stage.expect(&not_ready, &stage.ask_now(&not_ready));
    stage.advance_steps(2);
    for exchange in others {
        let recorded = exchange.response.as_ref().unwrap();
        match exchange.name.as_str() {
            "official-client/pdf-not-ready" => {}
            // The recorded PDF is the work of another program.
            "official-client/pdf" => {
                let answer = stage.ask_now(&exchange);
                assert_eq!(answer.status, recorded.status);
                assert_eq!(answer.headers.get("Content-Type"), recorded.header("Content-Type"));
                assert!(answer.body.starts_with(b"%PDF-"));
            }
            // The oldest of the texts has another id here, on which the second page depends.
            "official-client/received-iterator-2" => {
                let first = json(&stage.call("main-live", "GET", "/v2/received-text-messages", ""));
                let next = first["links"]["next"].as_str().unwrap().strip_prefix(stage.base_url()).unwrap();
                stage.expect(&exchange, &stage.call("main-live", "GET", next, ""));
            }
            _ => stage.expect(&exchange, &stage.ask_now(&exchange)),
        }
    }
}
