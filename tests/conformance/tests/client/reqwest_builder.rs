//! The program's own `reqwest::ClientBuilder`: its connection settings apply; settings that would send requests on
//! their own do not.

use std::io::Write as _;
use std::net::Ipv4Addr;

use flate2::Compression;
use flate2::write::GzEncoder;
use notify_testkit::http1::ScriptedServer;

use crate::server::whole;
use crate::{SENT, builder, message, request};

#[tokio::test]
async fn a_reqwest_builder_can_resolve_a_host() {
    let server = ScriptedServer::start(|_| whole(201, SENT).into_bytes()).unwrap();
    let port = server.address().port();
    let knows = move || {
        reqwest::Client::builder().no_proxy().resolve("notify.test", (Ipv4Addr::LOCALHOST, port).into())
    };
    let builder = builder(&format!("http://notify.test:{port}")).allow_plain_http().reqwest(knows);
    builder.build().unwrap().send(message()).await.unwrap();
    assert_eq!(server.requests()[0].headers.get("Host"), Some(format!("notify.test:{port}").as_str()));
}

#[tokio::test]
async fn it_retries_nothing() {
    let server = ScriptedServer::start(|_| whole(503, "").into_bytes()).unwrap();
    let repeats = || {
        let retries = reqwest::retry::for_host("127.0.0.1").max_retries_per_request(3).no_budget();
        reqwest::Client::builder().retry(retries.classify_fn(|attempt| {
            if attempt.status().is_some() { attempt.retryable() } else { attempt.success() }
        }))
    };
    let client = builder(&server.url()).reqwest(repeats).build().unwrap();
    let error = client.send(message()).await.unwrap_err();
    assert!(error.may_have_been_sent(), "{error:?}");
    assert_eq!(server.requests().len(), 1);
    client.send(request()).await.unwrap_err();
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn it_requests_no_compression_and_decompresses_nothing() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(SENT.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let server = ScriptedServer::start(move |_| {
        let head =
            format!("HTTP/1.1 201 C\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len());
        [head.as_bytes(), &packed].concat()
    })
    .unwrap();
    let client = builder(&server.url()).reqwest(|| reqwest::Client::builder().gzip(true)).build().unwrap();
    assert!(client.send(message()).await.unwrap_err().is_unreadable());
    assert_eq!(server.requests()[0].headers.get("Accept-Encoding"), None);
}

#[tokio::test]
async fn it_changes_no_header_of_the_request() {
    let mut headers = http::HeaderMap::new();
    for name in ["authorization", "user-agent", "content-type", "x-team"] {
        headers.insert(name, "theirs".parse().unwrap());
    }
    let server = ScriptedServer::start(|_| whole(201, SENT).into_bytes()).unwrap();
    let own = move || reqwest::Client::builder().user_agent("theirs").default_headers(headers.clone());
    let client = builder(&server.url()).user_agent("ours/1").reqwest(own).build().unwrap();
    client.send(message()).await.unwrap();
    let request = &server.requests()[0];
    let all = |name| request.headers.all(name).collect::<Vec<_>>();
    assert_eq!(all("User-Agent"), ["ours/1"]);
    assert_eq!(all("Content-Type"), ["application/json"]);
    assert!(matches!(all("Authorization")[..], [value] if value.starts_with("Bearer ey")));
    // It may add headers that we do not set.
    assert_eq!(all("X-Team"), ["theirs"]);
}
