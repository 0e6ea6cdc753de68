//! Servers that behave differently from the service.

use notify_testkit::http1::{ScriptedServer, Server, UNUSED_ADDRESS};
use notify_testkit::service::answer::error;

use crate::fixture::{End, KEY, notify_at};

/// An answer, byte for byte.
pub(crate) fn answer(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into()
}

/// A refusal in the service's own envelope.
pub(crate) fn refusal(status: &str, class: &str, message: &str) -> Vec<u8> {
    let code = status.split(' ').next().and_then(|code| code.parse().ok()).expect("it begins with a number");
    answer(status, "application/json", &error(code, class, message))
}

/// A server that always gives this answer.
pub(crate) fn that_answers(bytes: Vec<u8>) -> ScriptedServer {
    ScriptedServer::start(move |_| bytes.clone()).expect("a server starts")
}

/// How the program ends against a server that always gives this answer.
pub(crate) fn end_at<'a>(bytes: Vec<u8>, args: impl IntoIterator<Item = &'a str>) -> End {
    End::of(&mut notify_at(&that_answers(bytes).url(), KEY, args))
}

/// The URL of a server that takes everything and answers nothing, for as long as the test runs.
pub(crate) fn that_is_silent() -> String {
    format!("http://{}", Server::silent().expect("a server starts").detach())
}

/// A URL on which nothing listens.
pub(crate) fn that_is_not_there() -> String {
    format!("http://{UNUSED_ADDRESS}")
}
