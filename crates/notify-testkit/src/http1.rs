//! HTTP/1.1 by hand: what is sent is exactly the bytes that were asked for, what is read is judged strictly.
//!
//! In scope: one request and one response at a time, bodies by `Content-Length`, chunked, or up to the end of the
//! connection; answers to
//! `HEAD`. Out of scope: everything that a client library adds on its own, which is the reason for this one.

mod message;
mod request;
mod response;
mod scripted;
mod server;

pub use message::Headers;
pub use request::RawRequest;
pub use response::RawResponse;
pub use scripted::ScriptedServer;
pub use server::{Connection, Server, UNUSED_ADDRESS};

use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a silent peer is waited for before an exchange counts as failed.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Sends `request` on a connection of its own and reads the answer up to the end of the connection.
///
/// # Errors
///
/// When the connection fails, when the peer is silent for [`PATIENCE`], when the answer is not HTTP/1.1, and when
/// bytes follow it (a body after an answer to `HEAD`, say): the request must carry `Connection: close`.
pub fn exchange(peer: SocketAddr, request: &RawRequest) -> io::Result<RawResponse> {
    let mut stream = TcpStream::connect_timeout(&peer, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(&request.to_bytes())?;
    let mut reader = BufReader::new(stream);
    let response = RawResponse::read(&mut reader, request.method == "HEAD")?;
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest)?;
    if rest.is_empty() {
        Ok(response)
    } else {
        Err(message::malformed(format!("{} bytes follow the response", rest.len())))
    }
}
