//! The rules that every transport must keep.

use std::io;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode};

use super::server::{NOBODY, Received, Reply, Server};
use crate::{Limits, TransportError};

const TARGET: &str = "/v2/notifications/sms?reference=kim-7";
const TOKEN: &str = "Bearer eyJhbGciOiJIUzI1NiJ9.secret.secret";
const BODY: &[u8] = br#"{"phone_number":"+447900900123"}"#;
/// What no error may show: the token, the query, the body.
const SECRETS: [&str; 3] = ["eyJ", "kim-7", "447900900123"];
/// The size of a small body.
const SMALL: usize = 1_000;

type Answer = Result<Response<Bytes>, TransportError>;

/// One thing that a transport must do right.
struct Case {
    reply: Reply,
    /// How many requests to send, one after another, discarding the connections in between.
    requests: usize,
    timeout: Duration,
    check: fn(&[Answer], &[Received], Duration),
}

const USUAL: Case =
    Case { reply: Reply::Bytes(TAKEN), requests: 1, timeout: Duration::from_secs(5), check: |_, _, _| {} };
const TAKEN: &[u8] = b"HTTP/1.1 201 CREATED\r\nx-b3-traceid: 17\r\ncontent-length: 2\r\n\r\n{}";

const CASES: [Case; 9] = [
    Case {
        check: |_, received, _| {
            let [request] = received else { panic!("one request was sent as {}", received.len()) };
            let line = request.head.lines().next().unwrap_or_default();
            assert_eq!(line, format!("POST {TARGET} HTTP/1.1"), "the request line was changed");
            assert_eq!(request.header("authorization"), [TOKEN], "the Authorization header was changed");
            assert_eq!(request.header("user-agent"), ["test/1"], "the User-Agent header was changed");
            assert_eq!(request.header("content-type"), ["application/json"], "the Content-Type was changed");
            assert_eq!(request.body, BODY, "the body was changed");
            let compression = request.header("accept-encoding");
            assert!(compression.is_empty(), "compression was requested, which hides how large an answer is");
        },
        ..USUAL
    },
    Case {
        check: |answers, _, _| {
            let response = whole(&answers[0]);
            assert_eq!(response.status(), StatusCode::CREATED);
            assert_eq!(response.headers()["x-b3-traceid"], "17", "a header of the response was lost");
            assert_eq!(response.body().as_ref(), b"{}", "the body of the response was changed");
        },
        ..USUAL
    },
    Case {
        reply: Reply::Bytes(
            b"HTTP/1.1 302 FOUND\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n",
        ),
        check: |answers, received, _| {
            assert_eq!(received.len(), 1, "a redirect was followed, and the token went there");
            assert_eq!(whole(&answers[0]).status(), StatusCode::FOUND);
        },
        ..USUAL
    },
    Case {
        // An empty gzip member.
        reply: Reply::Bytes(
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 20\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0",
        ),
        check: |answers, _, _| {
            assert_eq!(whole(&answers[0]).body().len(), 20, "a compressed body was decompressed");
        },
        ..USUAL
    },
    Case {
        reply: Reply::Bytes(b"HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n"),
        check: |answers, received, _| {
            assert_eq!(received.len(), 1, "a request was sent again after a 503");
            assert_eq!(whole(&answers[0]).status(), StatusCode::SERVICE_UNAVAILABLE);
        },
        ..USUAL
    },
    Case {
        reply: Reply::Cut(b""),
        check: |answers, received, _| {
            lost(&answers[0], "the connection was closed after the request");
            assert_eq!(received.len(), 1, "a request was sent again after its answer was lost");
        },
        ..USUAL
    },
    Case {
        reply: Reply::Cut(b"HTTP/1.1 201 CREATED\r\ncontent-length: 50\r\n\r\n{\"id\":"),
        check: |answers, _, _| lost(&answers[0], "the answer was cut off in the middle"),
        ..USUAL
    },
    Case {
        reply: Reply::Large(SMALL + 1),
        check: |answers, _, _| lost(&answers[0], "the body was larger than max_answer_bytes"),
        ..USUAL
    },
    Case {
        requests: 2,
        check: |_, received, _| {
            let connections: Vec<usize> = received.iter().map(|request| request.connection).collect();
            assert_eq!(connections, [0, 1], "after discard_connections a connection was used again");
        },
        ..USUAL
    },
];

/// A server that never answers: the one case that takes a second.
#[cfg(feature = "blocking")]
const SILENT: Case = Case {
    reply: Reply::Silence,
    timeout: Duration::from_secs(1),
    check: |answers, _, took| {
        lost(&answers[0], "no answer came in time");
        assert!(took < Duration::from_secs(5), "it took {took:?}, although Limits::timeout was one second");
    },
    ..USUAL
};

impl Case {
    fn limits(&self) -> Limits {
        Limits { timeout: self.timeout, max_answer_bytes: SMALL, max_error_bytes: SMALL }
    }
}

/// Checks that your own transport keeps the rules of [`Transport`](crate::Transport).
///
/// It runs each case against a server on this machine that answers, redirects, compresses, cuts answers short or says
/// nothing. `make` makes a fresh transport for each case.
///
/// # Panics
///
/// If the transport breaks a rule; the message says which.
///
/// # Errors
///
/// If no port is free to listen on.
#[cfg(feature = "async")]
pub async fn check_transport<T: crate::Transport>(make: impl Fn() -> T) -> io::Result<()> {
    for case in &CASES {
        let (server, transport, began) = (Server::start(case.reply)?, make(), Instant::now());
        let mut answers = Vec::new();
        for number in 0..case.requests {
            if number > 0 {
                transport.discard_connections();
            }
            answers.push(transport.send(request(server.url()), case.limits()).await);
        }
        (case.check)(&answers, &server.received(), began.elapsed());
    }
    let answer = make().send(request(NOBODY), USUAL.limits()).await;
    not_sent(&answer);
    Ok(())
}

/// Checks that your own blocking transport keeps the rules of [`Transport`](crate::blocking::Transport).
///
/// Like [`check_transport`], and also checks that the transport enforces [`Limits::timeout`], which nothing else does
/// here.
///
/// # Panics
///
/// If the transport breaks a rule; the message says which.
///
/// # Errors
///
/// If no port is free to listen on.
#[cfg(feature = "blocking")]
pub fn check_blocking_transport<T: crate::blocking::Transport>(make: impl Fn() -> T) -> io::Result<()> {
    for case in CASES.iter().chain([&SILENT]) {
        let (server, transport, began) = (Server::start(case.reply)?, make(), Instant::now());
        let mut answers = Vec::new();
        for number in 0..case.requests {
            if number > 0 {
                transport.discard_connections();
            }
            answers.push(transport.send(request(server.url()), case.limits()));
        }
        (case.check)(&answers, &server.received(), began.elapsed());
    }
    let answer = make().send(request(NOBODY), USUAL.limits());
    not_sent(&answer);
    Ok(())
}

fn request(url: &str) -> Request<Bytes> {
    let mut token = HeaderValue::from_static(TOKEN);
    token.set_sensitive(true);
    let mut request = Request::new(Bytes::from_static(BODY));
    *request.method_mut() = Method::POST;
    *request.uri_mut() =
        format!("{url}{TARGET}").parse().expect("the URL of a server and a target are a URL");
    let headers = request.headers_mut();
    headers.insert("authorization", token);
    headers.insert("user-agent", HeaderValue::from_static("test/1"));
    headers.insert("accept", HeaderValue::from_static("*/*"));
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    request
}

fn whole(answer: &Answer) -> &Response<Bytes> {
    match answer {
        Ok(response) => response,
        Err(error) => panic!("a complete answer was expected: {error}: {}", shown(error)),
    }
}

fn lost(answer: &Answer, why: &str) {
    match answer {
        Err(error @ TransportError::Lost(_)) => shows_no_secret(error),
        Err(TransportError::NotSent(_)) => {
            panic!("{why}, but the transport reports NotSent: the message would be sent twice")
        }
        Ok(_) => panic!("{why}, but the transport returns an answer"),
    }
}

fn not_sent(answer: &Answer) {
    match answer {
        Err(error @ TransportError::NotSent(_)) => shows_no_secret(error),
        Err(TransportError::Lost(_)) => {
            panic!("nobody listens, but the transport reports Lost: the message would not be sent again")
        }
        Ok(_) => panic!("nobody listens, but the transport returns an answer"),
    }
}

fn shows_no_secret(error: &TransportError) {
    let shown = shown(error);
    for secret in SECRETS {
        assert!(!shown.contains(secret), "an error shows the token, the query or the body");
    }
}

fn shown(error: &TransportError) -> String {
    let mut causes: Vec<String> = vec![format!("{error:?}")];
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    causes.join(": ")
}

#[cfg(all(test, feature = "async"))]
mod tests {
    use super::*;
    use crate::reqwest_transport::{ReqwestTransport, Settings};
    use crate::{ResponseFuture, Transport};

    impl Transport for ReqwestTransport {
        fn send(&self, request: Request<Bytes>, limits: Limits) -> ResponseFuture<'_> {
            ResponseFuture::new(self.send(request, limits))
        }

        fn discard_connections(&self) {
            self.discard_connections();
        }
    }

    fn ours() -> ReqwestTransport {
        let base_url = "http://127.0.0.1".parse().expect("this is a URL");
        ReqwestTransport::new(Settings::default(), &base_url).expect("nothing is set that could be wrong")
    }

    #[tokio::test]
    async fn the_transport_of_this_crate_passes_the_check() {
        check_transport(ours).await.unwrap();
    }

    #[cfg(feature = "blocking")]
    #[test]
    fn the_blocking_transport_passes_the_check() {
        struct Ours(crate::blocking::Driver);

        impl crate::blocking::Transport for Ours {
            fn send(
                &self,
                request: Request<Bytes>,
                limits: Limits,
            ) -> Result<Response<Bytes>, TransportError> {
                self.0.send(request, limits)
            }

            fn discard_connections(&self) {
                self.0.discard_connections();
            }
        }

        check_blocking_transport(|| Ours(crate::blocking::Driver::start(ours()).unwrap())).unwrap();
    }

    /// What someone might write who has not read the rules: reqwest, which follows redirects by default.
    struct Naive(reqwest::Client);

    impl Transport for Naive {
        fn send(&self, request: Request<Bytes>, _: Limits) -> ResponseFuture<'_> {
            let client = self.0.clone();
            ResponseFuture::new(async move {
                let (head, body) = request.into_parts();
                let lost = |error| TransportError::Lost(notify_api::Cause::new(error));
                let request =
                    client.request(head.method, head.uri.to_string()).headers(head.headers).body(body);
                let response = request.send().await.map_err(lost)?;
                let mut whole = Response::new(Bytes::new());
                *whole.status_mut() = response.status();
                *whole.headers_mut() = response.headers().clone();
                *whole.body_mut() = response.bytes().await.map_err(lost)?;
                Ok(whole)
            })
        }
    }

    #[tokio::test]
    #[should_panic(expected = "a redirect was followed")]
    async fn a_transport_that_follows_redirects_fails_the_check() {
        crate::tls::make_ready().unwrap();
        let client = reqwest::Client::builder().no_gzip().no_brotli().no_zstd().no_deflate().build().unwrap();
        check_transport(|| Naive(client.clone())).await.unwrap();
    }
}
