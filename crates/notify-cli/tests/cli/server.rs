//! Servers that do not do what the service does.

use std::io::Read as _;
use std::net::TcpListener;
use std::thread;

use notify_tests::http1::ScriptedServer;

use crate::desk::{End, KEY, notify_at};

/// An answer, byte for byte.
pub(crate) fn answer(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into()
}

/// A refusal in the service's own envelope.
pub(crate) fn refusal(status: &str, error: &str, message: &str) -> Vec<u8> {
    let code = status.split(' ').next().unwrap_or_default();
    let body = serde_json::json!({ "errors": [{ "error": error, "message": message }], "status_code": code });
    answer(status, "application/json", &body.to_string())
}

/// A server that always answers so.
pub(crate) fn that_answers(bytes: Vec<u8>) -> ScriptedServer {
    ScriptedServer::start(move |_| bytes.clone()).expect("a server starts")
}

/// How the program ends in front of a server that always answers so.
pub(crate) fn end_at<'a>(bytes: Vec<u8>, args: impl IntoIterator<Item = &'a str>) -> End {
    End::of(&mut notify_at(&that_answers(bytes).url(), KEY, args))
}

/// The URL of a server that takes everything and answers nothing, for as long as the test runs.
pub(crate) fn that_is_silent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it has an address"));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || while stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {});
        }
    });
    url
}

/// A URL on which nothing listens.
pub(crate) fn that_is_not_there() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    format!("http://{}", listener.local_addr().expect("it has an address"))
}
