//! Servers that do whatever a test wants with a connection, for as long as the test program lives.

use std::io;
use std::net::{SocketAddr, TcpStream};

pub(crate) use notify_testkit::http1::Connection;
use notify_testkit::http1::{RawResponse, Server};

/// Calls a function for each connection, after reading the first request on it. Returns the base URL.
pub(crate) fn answering(answer: impl Fn(Connection) -> io::Result<()> + Send + Sync + 'static) -> String {
    url(Server::answering(answer).unwrap().detach())
}

/// Calls a function for each connection, with nothing read before.
pub(crate) fn accepting(serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> SocketAddr {
    Server::start(serve).unwrap().detach()
}

pub(crate) fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// A complete answer with this body.
pub(crate) fn whole(status: u16, body: &str) -> String {
    text(&RawResponse::new(status, body))
}

/// The same as the last answer on its connection, marked as such so that no request is lost on it.
pub(crate) fn last(status: u16, body: &str) -> String {
    text(&RawResponse::new(status, body).header("Connection", "close"))
}

fn text(response: &RawResponse) -> String {
    String::from_utf8(response.to_bytes()).unwrap()
}
