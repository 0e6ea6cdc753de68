//! What HTTP itself allows: long lines, large bodies, proxies, traces.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::fixture::{Fixture, json};

#[test]
fn lines_and_headers_have_the_recorded_limits() {
    let fixture = Fixture::new();
    for name in ["http/request-line-too-long", "http/request-line-just-ok", "http/header-too-large"] {
        fixture.replay(&fixture.exchange(name));
    }
}

#[test]
fn answers_are_not_compressed_and_an_extra_slash_does_not_matter() {
    let fixture = Fixture::new();
    let exchange = fixture.exchange("http/accept-gzip");
    let answer = fixture.ask(&exchange);
    fixture.expect(&exchange, &answer);
    assert_eq!(answer.headers.get("Content-Encoding"), None);

    let merged = fixture.ask(&fixture.exchange("http/double-slash-path-is-merged"));
    assert_eq!(merged.status, 200);
    assert_eq!(json(&merged)["links"]["current"], format!("{}/v2/notifications", fixture.base_url()));
}

#[test]
fn links_say_https_behind_a_proxy_that_does() {
    let fixture = Fixture::new();
    let answer = fixture.ask(&fixture.exchange("http/x-forwarded-proto-https"));
    let link = json(&answer)["links"]["current"].as_str().unwrap().to_owned();
    let authority = fixture.base_url().trim_start_matches("http://");
    assert_eq!(link, format!("https://{authority}/v2/notifications?reference=none"));
}

#[test]
fn a_trace_is_continued_or_started() {
    let fixture = Fixture::new();
    let exchange = fixture.exchange("http/trace-id-echo");
    let answer = fixture.ask(&exchange);
    fixture.expect(&exchange, &answer);
    assert_eq!(answer.headers.get("X-B3-TraceId"), exchange.response.unwrap().header("X-B3-TraceId"));
    let begun = fixture.call("main-live", "GET", "/v2/templates", "");
    let trace_id = begun.headers.get("X-B3-TraceId").unwrap();
    assert!(trace_id.len() == 32 && trace_id.bytes().all(|byte| byte.is_ascii_hexdigit()));
}

#[test]
fn a_query_on_a_send_is_ignored() {
    let fixture = Fixture::new();
    fixture.replay(&fixture.exchange("http/ssl-path-with-query-on-post"));
}

#[test]
fn bodies_may_be_large_but_not_endless() {
    let fixture = Fixture::new();
    let body = |size: usize| {
        format!(
            r#"{{"phone_number":"07700900001","template_id":"6aa4a05e-5088-4827-8751-1a888e32239a","personalisation":{{"x":"{}"}}}}"#,
            "y".repeat(size)
        )
    };
    let answer = fixture.call("main-test", "POST", "/v2/notifications/sms", &body(10_000_000));
    fixture.expect(&fixture.exchange("http/body-10MB"), &answer);
    let refused = fixture.call("main-test", "POST", "/v2/notifications/sms", &body(33 * 1024 * 1024));
    assert_eq!(refused.status, 413);
}

#[test]
fn a_client_that_expects_100_continue_gets_it() {
    let fixture = Fixture::new();
    let exchange = fixture.exchange("http/expect-100-continue");
    let mut socket = TcpStream::connect(fixture.base_url().trim_start_matches("http://")).unwrap();
    let request = fixture.request(&exchange).to_bytes();
    let body = request.len() - exchange.request.body().unwrap().unwrap().len();
    socket.write_all(&request[..body]).unwrap();
    let mut interim = [0; 25];
    socket.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    socket.write_all(&request[body..]).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
}

#[test]
fn every_answer_says_that_it_comes_from_a_sandbox_and_has_its_date() {
    let fixture = Fixture::new();
    for target in ["/v2/templates", "/nowhere"] {
        let answer = fixture.call("main-live", "GET", target, "");
        assert_eq!(answer.headers.get("X-Sandbox"), Some("1"));
        assert_eq!(answer.headers.get("Date"), Some("Mon, 23 Nov 2026 10:42:43 GMT"));
    }
}
